"""The face: the frame of every page, the components pages are composed of, log-in and error pages."""

from __future__ import annotations

from django.apps import AppConfig


class FaceConfig(AppConfig):
    """The app `face`."""

    name = "chekhov.face"
    label = "face"
    verbose_name = "Лицо"
