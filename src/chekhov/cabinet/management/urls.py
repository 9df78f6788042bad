"""The address of «Помощь»."""

from __future__ import annotations

from django.urls import path

from chekhov.cabinet.management import help as help_pages

urlpatterns = [
    path("help/", help_pages.help_page, name="help"),
]
