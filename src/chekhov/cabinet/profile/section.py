"""What all pages of «Личные данные» share: tabs by rights, the way back."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from chekhov.accounts.models import User
from chekhov.face.navigation import Crumb, Tab
from chekhov.orgs.access import Person, member_or_none
from chekhov.orgs.sections import Role, Section

ROOT = "Личный кабинет"


def section_context(person: Person, tab: str, *crumbs: Crumb) -> dict[str, Any]:
    """Tabs and crumbs; a member of staff has his sessions only."""
    place = member_or_none(user=person)
    tabs = []
    if place is not None:
        tabs.append(Tab("person", "Личные данные", reverse("profile")))
        if Section.EMPLOYEES in place.open_sections:
            tabs.append(Tab("employees", "Сотрудники", reverse("employees")))
        if place.role == Role.OWNER:
            tabs.append(Tab("journal", "Журнал", reverse("journal")))
    tabs.append(Tab("sessions", "Сеансы и пароль", reverse("sessions")))
    staff = isinstance(person, User) and place is None
    return {
        "section": "profile",
        "tab": tab,
        "tabs": [] if staff else tabs,
        "crumbs": [*([] if staff else [Crumb(ROOT, reverse("profile"))]), *crumbs],
    }
