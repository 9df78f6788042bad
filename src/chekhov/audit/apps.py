"""Who did what to which object."""

from __future__ import annotations

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The app `audit`."""

    name = "chekhov.audit"
    label = "audit"
    verbose_name = "Журнал действий"
