"""The app `fiscal`."""

from __future__ import annotations

from django.apps import AppConfig


class FiscalConfig(AppConfig):
    """The operator's side: journal of fiscal documents, quarantine, and what is derived from them."""

    name = "chekhov.fiscal"
    label = "fiscal"
    verbose_name = "Приём фискальных документов"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let letters with documents, and the daily one, be made wherever letters are sent."""
        from chekhov.fiscal import digest, receipt_letters  # noqa: F401, PLC0415  # models are ready only now
