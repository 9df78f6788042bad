"""The operator's staff: what came in, what was set aside, which registers nobody has claimed."""

from __future__ import annotations

from django.apps import AppConfig


class BackofficeConfig(AppConfig):
    """The app `backoffice`."""

    name = "chekhov.backoffice"
    label = "backoffice"
    verbose_name = "Сотрудникам"

    def ready(self) -> None:
        """Put the section «Приём» into the top bar."""
        from chekhov.backoffice.access import is_staff  # noqa: PLC0415  # models are ready only now
        from chekhov.face.navigation import Section, section_add  # noqa: PLC0415

        section_add(Section("intake", "Приём", "intake", "plug-connected", is_staff, order=10))
