"""Addresses of «Отчёты»."""

from __future__ import annotations

from django.urls import path

from chekhov.cabinet.reports import overview

urlpatterns = [
    path("cabinet/reports/", overview.overview, name="reports"),
]
