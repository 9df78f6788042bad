"""Periods, and what was taken in over them. Pure. What the sums mean: docs/adr/0017-revenue-and-day-sums.md.

Sums: kopecks.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Final

from chekhov.errors import RuleBroken
from chekhov.fiscal.payments import Payment
from chekhov.values.money import round_half_up

PERIOD_DAYS_MAX: Final = 366


class PeriodWrong(RuleBroken):
    """The period ends before it begins, or is longer than a year."""

    code: ClassVar[str] = "fiscal_period_wrong"


@dataclass(frozen=True, slots=True)
class Period:
    """Days, both included. Raises: PeriodWrong."""

    first: dt.date
    last: dt.date

    def __post_init__(self) -> None:
        if self.last.year >= dt.MAXYEAR:  # sums of months look a month ahead
            raise PeriodWrong("Такие дни ещё не скоро")
        if self.last < self.first:
            raise PeriodWrong("Период кончается раньше, чем начинается")
        if self.days > PERIOD_DAYS_MAX:
            raise PeriodWrong(f"Период — не больше {PERIOD_DAYS_MAX} дней")

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def before(self) -> Period:
        """As many days just before it."""
        try:
            last = self.first - dt.timedelta(days=1)
            return Period(last - dt.timedelta(days=self.days - 1), last)
        except OverflowError as error:
            raise PeriodWrong("Период слишком ранний") from error

    def __iter__(self) -> Iterator[dt.date]:
        """Its days, first to last."""
        return (self.first + dt.timedelta(days=number) for number in range(self.days))


@dataclass(frozen=True, slots=True)
class Takings:
    """What was settled. `sales` and `returns` are of sales, `purchases` of «расход» less their returns."""

    receipts: int = 0
    sales_kopecks: int = 0
    returns: int = 0
    returns_kopecks: int = 0
    purchases: int = 0
    purchases_kopecks: int = 0
    corrections: int = 0
    corrections_kopecks: int = 0

    @property
    def revenue_kopecks(self) -> int:
        """Sales less returns."""
        return self.sales_kopecks - self.returns_kopecks

    @property
    def average_kopecks(self) -> int | None:
        """The average receipt: sales by the number of their receipts; None while there were none."""
        return round_half_up(Decimal(self.sales_kopecks) / self.receipts) if self.receipts else None

    def __add__(self, other: Takings) -> Takings:
        return Takings(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))


NOTHING: Final = Takings()


@dataclass(frozen=True, slots=True)
class PaymentTakings:
    """Revenue paid in one way: paid in less paid back."""

    payment: Payment
    revenue_kopecks: int


@dataclass(frozen=True, slots=True)
class VatTakings:
    """VAT at one rate (code of tag 1199), sales less returns.

    For codes 5 (0 %) and 6 (without VAT) the sum is of the settlements themselves.
    """

    rate: int
    amount_kopecks: int


@dataclass(frozen=True, slots=True)
class Summary:
    """A period and as long a one before it."""

    now: Takings
    before: Takings
