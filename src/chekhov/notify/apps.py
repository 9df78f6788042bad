"""Letters: a row with the deed, a job that sends."""

from __future__ import annotations

from django.apps import AppConfig


class NotifyConfig(AppConfig):
    """The app `notify`."""

    name = "chekhov.notify"
    label = "notify"
    verbose_name = "Письма"
