"""Addresses of the customer's door. Each package of pages has its own list."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("chekhov.cabinet.entry.urls")),
    path("", include("chekhov.cabinet.profile.urls")),
    path("", include("chekhov.cabinet.management.urls")),
    path("", include("chekhov.cabinet.documents.urls")),
    path("", include("chekhov.cabinet.partners.urls")),
]
