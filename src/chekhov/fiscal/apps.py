"""The app `fiscal`."""

from __future__ import annotations

from django.apps import AppConfig


class FiscalConfig(AppConfig):
    """The operator's side: journal of fiscal documents, quarantine, and what is derived from them."""

    name = "chekhov.fiscal"
    label = "fiscal"
    verbose_name = "Приём фискальных документов"
    default_auto_field = "django.db.models.BigAutoField"
