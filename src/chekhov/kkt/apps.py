"""Registers («ККТ»): the noun both sides of the house share."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class KktConfig(AppConfig):
    """The app `kkt`."""

    name = "chekhov.kkt"
    label = "kkt"
    verbose_name = "Кассы"

    def ready(self) -> None:
        """Give the journal the words of deeds on registers, and contracts what their end means for registers."""
        import_module("chekhov.kkt.actions")
        hooks = import_module("chekhov.contracts.hooks")
        ending = import_module("chekhov.kkt.services.ending")
        access = import_module("chekhov.kkt.access")
        hooks.termination_hook_add("kkt", ending.kkts_stop_with_contract)
        hooks.stop_service_hook_add("kkt", ending.kkt_stop_by_application)
        hooks.registers_seen_set(access.kkts_seen)
