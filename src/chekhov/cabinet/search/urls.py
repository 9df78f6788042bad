"""Addresses of «Поиск»."""

from __future__ import annotations

from django.urls import path

from chekhov.cabinet.search import pages

urlpatterns = [path("cabinet/search/", pages.search, name="search")]
