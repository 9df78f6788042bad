"""Organisations: whose registers and contracts these are."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class OrgsConfig(AppConfig):
    """The app `orgs`."""

    name = "chekhov.orgs"
    label = "orgs"
    verbose_name = "Организации"

    def ready(self) -> None:
        """Give the journal the words of deeds on companies, employees and partners."""
        import_module("chekhov.orgs.actions")
