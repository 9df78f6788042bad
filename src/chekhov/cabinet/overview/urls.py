"""Addresses of «Обзор»."""

from __future__ import annotations

from django.urls import path

from chekhov.cabinet.overview import pages

urlpatterns = [
    path("cabinet/overview/", pages.overview, name="overview"),
    path("cabinet/overview/overview.xlsx", pages.workbook, name="overview_xlsx"),
    path("cabinet/overview/<slug:part>.csv", pages.table, name="overview_csv"),
]
