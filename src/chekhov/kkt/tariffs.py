"""Tariffs as data, and the term of the free one.

Prices are those the operator began with; selling, with prices of a day and the balance, is the money room's.
Source: the operator's price list in the manual, «Тестовый» by decision X-21.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from django.utils import timezone

TRIAL: Final = "test"
TRIAL_DAYS: Final = 5


@dataclass(frozen=True, slots=True)
class Tariff:
    """A tariff. `price_kopecks` for a year, 0 if it is not sold; `certificate`: with «КЭП»."""

    code: str
    name: str
    price_kopecks: int = 0
    certificate: bool = False

    @property
    def is_sold(self) -> bool:
        """Whether it can be chosen to follow the free one."""
        return self.price_kopecks > 0


TARIFFS: Final[Mapping[str, Tariff]] = MappingProxyType(
    {
        tariff.code: tariff
        for tariff in (
            Tariff(TRIAL, "Тестовый"),
            Tariff("standard", "Стандарт", 250_000),
            Tariff("standard_plus", "Стандарт+", 360_000, certificate=True),
            Tariff("micro", "Микробизнес", 135_000),
        )
    }
)


def tariff_name(code: str) -> str:
    """The name of a tariff; an old code that is no more stands for itself, none is a dash."""
    return TARIFFS[code].name if code in TARIFFS else code or "—"


def trial_until(now: dt.datetime) -> dt.datetime:
    """The end of «Тестовый» that begins now: 24:00 of the fifth day in the operator's zone, that moment not included.

    The day of connecting is not counted, as terms in days are counted by law (ст. 191 ГК РФ).
    """
    last = timezone.localdate(now, timezone.get_default_timezone()) + dt.timedelta(days=TRIAL_DAYS)
    return day_end(last)


def day_end(day: dt.date) -> dt.datetime:
    """24:00 of a day of the operator."""
    return timezone.make_aware(
        dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min), timezone.get_default_timezone()
    )
