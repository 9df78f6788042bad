"""Who works in the demo shop's cabinet, how its registers are grouped, and the partner who is let in.

Data only. E-mails end in `.test`, which nobody can have; names are of plays; the partner's numbers have right check
digits and belong to nobody we know of.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from chekhov.simulator.demo_plan import SEAGULL, DemoCompany


class DemoGroup(NamedTuple):
    """A group of registers: its name, the name of the group it stands in, numbers of its registers, its icon."""

    name: str
    parent: str
    registers: tuple[int, ...]
    icon: str


class DemoEmployee(NamedTuple):
    """Somebody of the cabinet. `role` and `sections` as in `orgs.sections`; no `groups`: he sees all."""

    email: str
    full_name: str
    position: str
    role: str
    sections: tuple[str, ...]
    groups: tuple[str, ...]
    sees: str


class DemoPartner(NamedTuple):
    """A partner with one person, let into one company."""

    name: str
    inn: str
    kpp: str
    ogrn: str
    address: str
    email: str
    full_name: str
    company: DemoCompany
    sees: str


GROUPS: Final = (
    DemoGroup("Вишнёвый сад", "", (), "building-store"),
    DemoGroup("Садовая, 1", "Вишнёвый сад", (1, 2, 3, 5), "shopping-cart"),
    DemoGroup("Книги", "Вишнёвый сад", (4,), "book"),
    DemoGroup("Кофейни", "", (6, 7, 8), "coffee"),
)
OWNER: Final = DemoEmployee(
    "owner@demo.chekhov.test",
    "Раневская Любовь Андреевна",
    "Генеральный директор",
    "owner",
    (),
    (),
    "owner",
)
EMPLOYEES: Final = (
    DemoEmployee(
        "deputy@demo.chekhov.test",
        "Гаев Леонид Андреевич",
        "Управляющий",
        "administrator",
        (),
        (),
        "administrator of the cabinet: all registers",
    ),
    DemoEmployee(
        "cafe@demo.chekhov.test",
        "Заречная Нина Михайловна",
        "Старшая смены",
        "user",
        ("kkt", "reports"),
        ("Кофейни",),
        "employee: registers of the group «Кофейни» only",
    ),
    DemoEmployee(
        "clerk@demo.chekhov.test",
        "Епиходов Семён Пантелеевич",
        "Бухгалтер",
        "user",
        ("documents", "balance"),
        (),
        "employee: contracts and balance, no registers",
    ),
)
PARTNER: Final = DemoPartner(
    "ООО «Лопахин и дачи»",
    "7799000037",
    "779901001",
    "1257700000040",
    "101000, г. Москва, Дачный пр., д. 22",
    "partner@demo.chekhov.test",
    "Лопахин Ермолай Алексеевич",
    SEAGULL,
    "partner: registers of ООО «Чайка»",
)
