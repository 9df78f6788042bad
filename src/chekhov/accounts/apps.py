"""People: who may log in, and what staff may do."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The app `accounts`."""

    name = "chekhov.accounts"
    label = "accounts"
    verbose_name = "Учётные записи"
