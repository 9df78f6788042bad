"""Registers («ККТ»): the noun both sides of the house share."""

from __future__ import annotations

from django.apps import AppConfig


class KktConfig(AppConfig):
    """The app `kkt`."""

    name = "chekhov.kkt"
    label = "kkt"
    verbose_name = "Кассы"
