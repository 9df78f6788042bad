"""Contracts with customers: the offer, joining it, applications upon it."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class ContractsConfig(AppConfig):
    """The app `contracts`."""

    name = "chekhov.contracts"
    label = "contracts"
    verbose_name = "Договоры"

    def ready(self) -> None:
        """Give the journal the words of deeds on contracts."""
        import_module("chekhov.contracts.actions")
