"""Floor of tools over PostgreSQL, and the heartbeats of the processes."""

from __future__ import annotations

from django.apps import AppConfig


class DbConfig(AppConfig):
    """The app `db`."""

    name = "chekhov.db"
    label = "db"
    verbose_name = "База данных"
