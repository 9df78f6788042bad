"""Rights as data: sections of the cabinet × roles, and the flip of a role when its sections are changed by hand.

Pure: the form in the browser and the service that saves follow the same functions.
Source: the manual's «Сотрудники»; decisions X-33 and X-34.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _

from chekhov.accounts.models import StaffRole


class Section(models.TextChoices):
    """A section of the customer's cabinet. «Личные данные» and «Помощь» are everybody's and not here."""

    KKT = "kkt", _("ККТ")
    DOCUMENTS = "documents", _("Документы")
    REPORTS = "reports", _("Отчёты")
    PRICES = "prices", _("Прайс-лист")
    MANAGEMENT = "management", _("Управление")
    BALANCE = "balance", _("Баланс")
    CLOUD = "cloud", _("Облачные кассы")
    EMPLOYEES = "employees", _("Сотрудники")


class Role(models.TextChoices):
    """What an employee is in the cabinet."""

    OWNER = "owner", _("Владелец кабинета")
    ADMINISTRATOR = "administrator", _("Администратор")
    USER = "user", _("Пользователь")


ALL_SECTIONS: Final = frozenset(Section)
ROLE_SECTIONS: Final[dict[Role, frozenset[Section]]] = {
    Role.OWNER: ALL_SECTIONS,
    Role.ADMINISTRATOR: frozenset(
        {Section.KKT, Section.REPORTS, Section.MANAGEMENT, Section.BALANCE, Section.EMPLOYEES}
    ),
}
"""Roles whose sections are given; those of «Пользователь» are set by hand, one by one."""

PARTNER_SECTIONS: Final = frozenset({Section.KKT})
"""What «Партнерский доступ» opens in a customer's cabinet: to see his registers and to connect them."""


class StaffDeed(models.TextChoices):
    """What a member of the operator's staff may do with customers, by role."""

    CUSTOMERS_SEE = "customers_see", _("Видеть клиентов")
    APPLICATIONS_DECIDE = "applications_decide", _("Рассматривать заявки")
    MANAGER_ASSIGN = "manager_assign", _("Назначать ответственного менеджера")
    ON_BEHALF = "on_behalf", _("Действовать от имени клиента")
    PARTNERS_KEEP = "partners_keep", _("Вести партнёров")
    OFFER_PUBLISH = "offer_publish", _("Публиковать оферту")
    CONSENT_PUBLISH = "consent_publish", _("Публиковать согласие")
    OPERATOR_CHANGE = "operator_change", _("Менять данные оператора")


STAFF_DEEDS: Final[dict[str, frozenset[StaffDeed]]] = {
    StaffRole.MANAGER: frozenset(
        {
            StaffDeed.CUSTOMERS_SEE,
            StaffDeed.APPLICATIONS_DECIDE,
            StaffDeed.MANAGER_ASSIGN,
            StaffDeed.ON_BEHALF,
            StaffDeed.PARTNERS_KEEP,
        }
    ),
    StaffRole.ACCOUNTANT: frozenset({StaffDeed.CUSTOMERS_SEE}),
    StaffRole.ENGINEER: frozenset({StaffDeed.CUSTOMERS_SEE, StaffDeed.ON_BEHALF}),
    StaffRole.ADMINISTRATOR: frozenset(StaffDeed),
}


class Rights(NamedTuple):
    """A role with the sections it opens."""

    role: Role
    sections: frozenset[Section]


def role_chosen(role: Role, sections: Iterable[Section]) -> Rights:
    """The form after a role is chosen: its own sections; «Пользователь» begins with those that were ticked."""
    return Rights(role, ROLE_SECTIONS.get(role, frozenset(sections)))


def section_ticked(rights: Rights, section: Section, *, on: bool) -> Rights:
    """The form after a section is ticked or unticked: the first change makes the role «Пользователь».

    It stays so if the tick is put back: a role is returned only by choosing it.
    """
    sections = rights.sections | {section} if on else rights.sections - {section}
    if sections == rights.sections:
        return rights
    return Rights(Role.USER, sections)


def rights_settled(role: Role, sections: Iterable[Section]) -> Rights:
    """What is saved for what a form sent: a role with other sections than its own is «Пользователь»."""
    wanted = frozenset(sections)
    if ROLE_SECTIONS.get(role, wanted) != wanted:
        return Rights(Role.USER, wanted)
    return Rights(role, wanted)


def sections_of(role: Role, sections: Iterable[str]) -> frozenset[Section]:
    """The sections open to a stored row: by the matrix, or by hand. Unknown words of old rows open nothing."""
    known = set(Section.values)
    return ROLE_SECTIONS.get(role, frozenset(Section(code) for code in sections if code in known))


def staff_may(staff_role: str, deed: StaffDeed) -> bool:
    """Whether a member of staff of this role may do this."""
    return deed in STAFF_DEEDS.get(staff_role, frozenset())
