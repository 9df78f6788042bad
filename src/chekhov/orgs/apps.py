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
        """Give the journal the words of deeds, and keep a cabinet's last owner from losing his log-in."""
        import_module("chekhov.orgs.actions")
        hooks = import_module("chekhov.accounts.hooks")
        employees = import_module("chekhov.orgs.services.employees")
        hooks.removal_check_add("orgs", employees.last_owner_check)
