"""Addresses of the customer's door. Each package of pages has its own list."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("chekhov.cabinet.entry.urls")),
    path("", include("chekhov.cabinet.profile.urls")),
    path("", include("chekhov.cabinet.management.urls")),
    path("", include("chekhov.cabinet.kkts.urls")),
    path("", include("chekhov.cabinet.receipts.urls")),
    path("", include("chekhov.cabinet.documents.urls")),
    path("", include("chekhov.cabinet.partners.urls")),
    path("", include("chekhov.cabinet.reports.urls")),
    path("", include("chekhov.cabinet.shop.urls")),
    path("", include("chekhov.cabinet.balance.urls")),
    path("", include("chekhov.cabinet.groups.urls")),
    path("", include("chekhov.cabinet.search.urls")),
    path("", include("chekhov.cabinet.attention.urls")),
    path("", include("chekhov.cabinet.overview.urls")),
]
