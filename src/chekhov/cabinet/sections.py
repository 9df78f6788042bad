"""The customer's sections in the top bar, by his rights; and where his work begins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

from chekhov.accounts.models import User
from chekhov.contracts.selectors import account_has_contract
from chekhov.face.navigation import Section as BarSection
from chekhov.face.navigation import deed_add, home_for, own_page_add, section_add
from chekhov.orgs.access import Person, member_or_none
from chekhov.orgs.models import Membership
from chekhov.orgs.sections import Role, Section

if TYPE_CHECKING:
    from chekhov.face.navigation import Person as BarPerson

KEPT = "_cabinet_shown"


@dataclass(frozen=True, slots=True)
class Shown:
    """What the frame shows a person: whether he has a cabinet, and which sections."""

    customer: bool
    sections: frozenset[Section] = frozenset()


def shown_to(person: BarPerson) -> Shown:
    """Asked once a request, for each request has its own person; of staff and strangers nothing is asked."""
    if not isinstance(person, User) or person.is_staff:
        return Shown(customer=False)
    kept: Shown | None = person.__dict__.get(KEPT)
    if kept is None:
        place = member_or_none(user=person)
        if place is None:
            kept = Shown(customer=False)
        else:
            # Until the contract is joined every section would lead back to joining it.
            kept = Shown(True, frozenset() if must_join(place) else place.open_sections)
        person.__dict__[KEPT] = kept
    return kept


def shows(section: Section) -> Callable[[BarPerson], bool]:
    """Whether a person sees the section, as the top bar asks."""
    return lambda person: section in shown_to(person).sections


def is_customer(person: BarPerson) -> bool:
    """Whether the person has a place in a customer's cabinet."""
    return shown_to(person).customer


def is_logged_in(person: BarPerson) -> bool:
    """Whether there is anybody."""
    return person.is_authenticated


def must_join(place: Membership) -> bool:
    """Whether this is an owner whose cabinet has no contract yet."""
    return place.role == Role.OWNER and not account_has_contract(account_id=place.account_id)


def landing_url(person: Person) -> str:
    """Where a person's work begins: joining, «Управление», his first section, or his own data."""
    place = member_or_none(user=person)
    if place is None:
        return home_for(person)
    if must_join(place):
        return reverse("joining")
    return first_section_url(place)


def first_section_url(place: Membership) -> str:
    """«Управление», or the first of the sections that are open, or «Личные данные»."""
    sections = place.open_sections
    if Section.MANAGEMENT in sections:
        return reverse("management")
    return next((reverse(name) for section, name in BEGINNINGS if section in sections), reverse("profile"))


BEGINNINGS = (
    (Section.KKT, "cabinet_kkts"),
    (Section.DOCUMENTS, "contracts"),
    (Section.REPORTS, "reports"),
    (Section.PRICES, "prices"),
    (Section.BALANCE, "balance"),
    (Section.EMPLOYEES, "employees"),
)


def sections_register() -> None:
    """Put what this package has into the top bar; called when the app is ready."""
    section_add(BarSection("kkt", "ККТ", "cabinet_kkts", "receipt", shows(Section.KKT), order=20))
    section_add(
        BarSection("documents", "Документы", "contracts", "file-text", shows(Section.DOCUMENTS), order=30)
    )
    section_add(BarSection("reports", "Отчёты", "reports", "chart-bar", shows(Section.REPORTS), order=40))
    section_add(BarSection("prices", "Прайс-лист", "prices", "tag", shows(Section.PRICES), order=50))
    section_add(
        BarSection("management", "Управление", "management", "settings", shows(Section.MANAGEMENT), order=60)
    )
    section_add(BarSection("balance", "Баланс", "balance", "wallet", shows(Section.BALANCE), order=70))
    section_add(BarSection("help", "Помощь", "help", "help-circle", is_customer, order=90))
    deed_add(BarSection("kkt_add", "Добавить кассу", "kkt_add", "plus", shows(Section.MANAGEMENT), order=10))
    own_page_add(BarSection("profile", "Личные данные", "profile", "user", is_customer, order=10))
    own_page_add(BarSection("sessions", "Сеансы и пароль", "sessions", "shield-lock", is_logged_in, order=20))
