"""What `chekhov demo` fills an installation with: two companies, nine registers, months of trade.

Everything follows from the plan's last day, its months and its seed: the same plan gives the same documents,
byte for byte, so that an interrupted filling is simply gone through again. Names are invented; numbers
have right check digits and belong to nobody we know of.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto
from random import Random
from typing import Final, NamedTuple

from chekhov.ffd.versions import FfdVersion
from chekhov.fn.commands import CloseShift, Command, Correction, OpenShift, Receipt, Register, StateReport
from chekhov.fn.registration import Condition, Registration
from chekhov.ofdwire.sealing import OWN_PREFIX
from chekhov.simulator.shop import Shop, correction, day_moments, receipt
from chekhov.values import RegistrationNumber

MONTHS_MAX: Final = 12
DAYS_OF_MONTH: Final = 30
SEED: Final = 1860
FOREIGN_PREFIX: Final = "999907"
"""Test drives of others begin so in published captures; we hold no keys for them."""
CORRECTION_SHARE: Final = 0.04
"""Of days with a correction."""
STATE_REPORT_SHARE: Final = 0.06


@dataclass(frozen=True, slots=True)
class DemoCompany:
    """`name` for the cabinet; `legal_name` in the alphabet of fiscal documents. `tax_systems`: of 1062."""

    name: str
    legal_name: str
    inn: str
    kpp: str
    ogrn: str
    tax_systems: int
    email: str


COMPANIES: Final = (
    DemoCompany(
        "ООО «Вишнёвый сад»",
        'ООО "Вишневый сад"',
        "7799000005",
        "779901001",
        "1257700000018",
        1,
        "sad@example.ru",
    ),
    DemoCompany(
        "ООО «Чайка»", 'ООО "Чайка"', "7799000012", "779901001", "1257700000051", 2, "chaika@example.ru"
    ),
)
STRANGER: Final = DemoCompany(
    "ООО «Каштанка»", 'ООО "Каштанка"', "7799000020", "779901001", "1246100000024", 2, "kashtanka@example.org"
)
"""Sends documents, but stands in no cabinet."""


class Oddity(Enum):
    """What a page must be able to show, besides good days."""

    GAP = auto()
    """A document that the operator never gets: it was confirmed elsewhere."""
    FAULTY = auto()
    """A receipt whose total is not that of its lines."""
    CONFLICT = auto()
    """The same number sent again with other contents."""


class OddMoment(NamedTuple):
    """When: so many days before the last one, at which document of that day."""

    oddity: Oddity
    days_before_end: int
    document_of_day: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoRegister:
    """One register. `age_days`: how long before the first day of trade it was registered."""

    number: int
    name: str
    company: DemoCompany
    kind: str
    address: str
    place: str
    receipts_a_day: int
    ffd: FfdVersion = FfdVersion.V1_2
    model: str = "36"
    age_days: int = 0
    listed: bool = True
    foreign: bool = False
    odd: tuple[OddMoment, ...] = ()

    @property
    def shop(self) -> Shop:
        """Two cashiers of its own."""
        everyone = Shop(self.kind).cashiers
        first = (2 * self.number) % len(everyone)
        return Shop(self.kind, everyone[first : first + 2])


GARDEN, SEAGULL = COMPANIES
STREET: Final = "347900, Ростовская обл., г. Таганрог, ул. Садовая"
QUAY: Final = "347904, Ростовская обл., г. Таганрог, Приморская наб."

REGISTERS: Final = (
    DemoRegister(number=1, name="Садовая, касса 1", company=GARDEN, kind="grocery", receipts_a_day=22,
                 address=f"{STREET}, д. 1", place='Магазин "Вишневый сад", касса 1',
                 odd=(OddMoment(Oddity.CONFLICT, 0, 9),)),
    DemoRegister(number=2, name="Садовая, касса 2", company=GARDEN, kind="grocery", receipts_a_day=18,
                 address=f"{STREET}, д. 1", place='Магазин "Вишневый сад", касса 2',
                 odd=(OddMoment(Oddity.GAP, 12, 5),)),
    DemoRegister(number=3, name="Садовая, касса 3 (старая)", company=GARDEN, kind="grocery", receipts_a_day=12,
                 address=f"{STREET}, д. 1", place='Магазин "Вишневый сад", касса 3', ffd=FfdVersion.V1_05),
    DemoRegister(number=4, name="Книги на Садовой", company=GARDEN, kind="books", receipts_a_day=11,
                 address=f"{STREET}, д. 3", place="Книжная лавка", odd=(OddMoment(Oddity.FAULTY, 2, 4),)),
    DemoRegister(number=5, name="Садовая, касса 4 (ФН кончается)", company=GARDEN, kind="grocery",
                 receipts_a_day=10, address=f"{STREET}, д. 1", place='Магазин "Вишневый сад", касса 4',
                 model="15", age_days=470),
    DemoRegister(number=6, name="Кофейня на набережной", company=SEAGULL, kind="cafe", receipts_a_day=20,
                 address=f"{QUAY}, д. 7", place='Кофейня "Чайка"'),
    DemoRegister(number=7, name="Кофейня в саду", company=SEAGULL, kind="cafe", receipts_a_day=14,
                 address=f"{STREET}, д. 12", place='Кофейня "Чайка в саду"', model="15"),
    DemoRegister(number=8, name="Кофейня у вокзала (чужой тестовый ФН)", company=SEAGULL, kind="cafe",
                 receipts_a_day=12, address="347902, Ростовская обл., г. Таганрог, Вокзальная пл., д. 2",
                 place='Кофейня "Чайка у вокзала"', foreign=True),
    DemoRegister(number=9, name="", company=STRANGER, kind="books", receipts_a_day=6,
                 address="344002, г. Ростов-на-Дону, пер. Цирковой, д. 4", place='Лавка "Каштанка"', listed=False),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DemoPlan:
    """`last_day`: of trade. `months` of thirty days each."""

    last_day: dt.date
    months: int
    operator_inn: str
    operator_name: str
    seed: int = SEED

    def __post_init__(self) -> None:
        if not 1 <= self.months <= MONTHS_MAX:
            raise ValueError(f"1 to {MONTHS_MAX} months")

    @property
    def days(self) -> int:
        """How many days of trade."""
        return self.months * DAYS_OF_MONTH

    def day(self, index: int) -> dt.date:
        """The day of trade with this index, from 0 to `days` - 1."""
        return self.last_day - dt.timedelta(days=self.days - 1 - index)

    def sequence(self, register: DemoRegister) -> int:
        """Ten digits: last day, months, number of the register; in them the plan can be read again."""
        return int(f"{self.last_day:%y%m%d}{self.months:02d}{register.number:02d}")

    def fn_serial(self, register: DemoRegister) -> str:
        """Number of the register's drive."""
        return (FOREIGN_PREFIX if register.foreign else OWN_PREFIX) + f"{self.sequence(register):010d}"

    def kkt_serial(self, register: DemoRegister) -> str:
        """Serial number of the register: the same in every installation."""
        return f"00105{register.number:09d}"

    def rnm(self, register: DemoRegister) -> str:
        """Registration number with right check digits."""
        serial = self.kkt_serial(register)
        return str(RegistrationNumber.compose(self.sequence(register), register.company.inn, serial))

    def registration(self, register: DemoRegister) -> Registration:
        """What the register is registered with."""
        company = register.company
        return Registration(
            rnm=self.rnm(register),
            user_inn=company.inn,
            user_name=company.legal_name,
            kkt_serial=self.kkt_serial(register),
            address=register.address,
            place=register.place,
            tax_systems=company.tax_systems,
            operator_inn=self.operator_inn,
            operator_name=self.operator_name,
            cashier=register.shop.cashiers[0],
            sender_email=company.email,
            conditions=int(Condition.CATERING) if register.kind == "cafe" else 0,
        )

    def receipts_on(self, register: DemoRegister, index: int) -> int:
        """How many receipts on a day; weekends are busier."""
        rng = self._random(register, index, "count")
        weekend = 1.3 if self.day(index).weekday() >= 5 else 1.0
        return max(1, round(register.receipts_a_day * weekend * rng.uniform(0.7, 1.3)))

    def odd_on(self, register: DemoRegister, index: int) -> dict[int, Oddity]:
        """What is odd about a day: number of the document in the day, from 1, and what."""
        before_end = self.days - 1 - index
        return {odd.document_of_day: odd.oddity for odd in register.odd if odd.days_before_end == before_end}

    def commands(self, register: DemoRegister, index: int) -> Iterator[tuple[dt.datetime, Command]]:
        """What the drive is told on a day, in order."""
        day, shop = self.day(index), register.shop
        rng = self._random(register, index, "trade")
        opens_at = dt.datetime.combine(day, shop.opens_at)
        cashier = rng.choice(shop.cashiers)
        if index == 0:
            registered_at = opens_at - dt.timedelta(days=self.age_days(register), hours=1)
            yield registered_at, Register(self.registration(register))
        yield opens_at, OpenShift(cashier)
        moments = day_moments(shop, day, self.receipts_on(register, index), rng)
        for moment in moments:
            order = receipt(shop, moment, rng, cashier=cashier)
            yield moment, Receipt(replace(order, tax_system=register.company.tax_systems))
        after = moments[-1]
        if index > 6 and rng.random() < CORRECTION_SHARE:
            after += dt.timedelta(minutes=2)
            fixed = correction(shop, after, rng, cashier=cashier)
            paid = replace(fixed.receipt, tax_system=register.company.tax_systems)
            yield after, Correction(replace(fixed, receipt=paid))
        if rng.random() < STATE_REPORT_SHARE:
            after += dt.timedelta(minutes=2)
            yield after, StateReport()
        closes_at = dt.datetime.combine(day, shop.closes_at)
        yield max(closes_at, after + dt.timedelta(minutes=1)), CloseShift(cashier)

    def age_days(self, register: DemoRegister) -> int:
        """Days between registration and the first day of trade: an old drive is near its end on the last."""
        return max(0, register.age_days - self.days - DAYS_LEFT_OF_OLD) if register.age_days else 0

    def _random(self, register: DemoRegister, index: int, what: str) -> Random:
        return Random(f"{self.seed}:{register.number}:{index}:{what}")  # noqa: S311


DAYS_LEFT_OF_OLD: Final = 9
"""What the old drive has left on the last day."""


def plan_of_rnm(rnm: str, *, operator_inn: str, operator_name: str) -> DemoPlan | None:
    """The plan that gave a register this number; None when it is not of a demo."""
    sequence = RegistrationNumber.parse(rnm)[:10]
    try:
        last_day = dt.datetime.strptime(sequence[:6], "%y%m%d").date()  # noqa: DTZ007 — a date has no zone
        plan = DemoPlan(last_day, int(sequence[6:8]), operator_inn, operator_name)
    except ValueError:
        return None
    return plan if any(plan.rnm(register) == rnm for register in REGISTERS) else None
