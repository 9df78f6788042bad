"""The customer's door: the way in, and the sections of «Личный кабинет»."""

from __future__ import annotations

from django.apps import AppConfig


class CabinetConfig(AppConfig):
    """The app `cabinet`."""

    name = "chekhov.cabinet"
    label = "cabinet"
    verbose_name = "Личный кабинет"

    def ready(self) -> None:
        """Put the customer's sections into the top bar."""
        from chekhov.cabinet.partners.access import partner_sections_register  # noqa: PLC0415
        from chekhov.cabinet.search.box import search_box_register  # noqa: PLC0415
        from chekhov.cabinet.sections import sections_register  # noqa: PLC0415  # models are ready only now

        sections_register()
        partner_sections_register()
        search_box_register()
