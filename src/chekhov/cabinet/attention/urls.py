"""Addresses of «Что остановится»."""

from __future__ import annotations

from django.urls import path

from chekhov.cabinet.attention import pages

urlpatterns = [
    path("cabinet/attention/", pages.attention, name="attention"),
    path("cabinet/attention/letter/", pages.digest, name="digest"),
]
