"""The operator's staff: what came in, what was set aside, which registers nobody has claimed."""

from __future__ import annotations

from django.apps import AppConfig


class BackofficeConfig(AppConfig):
    """The app `backoffice`."""

    name = "chekhov.backoffice"
    label = "backoffice"
    verbose_name = "Сотрудникам"

    def ready(self) -> None:
        """Put the staff's sections into the top bar."""
        from chekhov.backoffice.access import is_staff, person_may  # noqa: PLC0415  # models are ready only now
        from chekhov.face.navigation import Section, section_add  # noqa: PLC0415
        from chekhov.orgs.sections import StaffDeed  # noqa: PLC0415

        sees = person_may(StaffDeed.CUSTOMERS_SEE)
        changes = person_may(StaffDeed.OPERATOR_CHANGE)
        section_add(Section("intake", "Приём", "intake", "plug-connected", is_staff, order=10))
        section_add(Section("applications", "Заявки", "applications", "file-text", sees, order=20))
        section_add(Section("customers", "Клиенты", "customers", "users", sees, order=30))
        section_add(
            Section("staff_partners", "Партнёры", "staff_partners", "heart-handshake", sees, order=40)
        )
        section_add(Section("letters", "Письма", "letters_unsent", "mail", sees, order=50))
        section_add(Section("staff_journal", "Журнал", "staff_journal", "history", sees, order=60))
        section_add(Section("operator", "Оператор", "operator", "settings", changes, order=70))
