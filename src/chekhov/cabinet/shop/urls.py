"""Addresses of «Прайс-лист»."""

from __future__ import annotations

from django.urls import path

from chekhov.cabinet.shop import prices

urlpatterns = [
    path("cabinet/prices/", prices.prices, name="prices"),
]
