"""Periods by their names, and how two of them are compared in words. Pure."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Final, NamedTuple

from chekhov.face.figures import FIXED, count_text, plural
from chekhov.fiscal.dashboard import Period
from chekhov.values.money import round_half_up

PERIODS: Final = {
    "today": "Сегодня",
    "yesterday": "Вчера",
    "week": "7 дней",
    "month": "Этот месяц",
    "last_month": "Прошлый месяц",
}
FIRST_SHOWN: Final = "month"
TIMES_FROM_PERCENT: Final = 900
"""Greater growth is told as «в … раз»."""


class Change(NamedTuple):
    """How a figure stands to that of the period before: words, and an arrow where there is a way."""

    text: str
    icon: str = ""


def period_named(name: str, today: dt.date) -> Period:
    """The days of a period of `PERIODS`; those that go on end today."""
    match name:
        case "today":
            return Period(today, today)
        case "yesterday":
            day = today - dt.timedelta(days=1)
            return Period(day, day)
        case "week":
            return Period(today - dt.timedelta(days=6), today)
        case "last_month":
            last = today.replace(day=1) - dt.timedelta(days=1)
            return Period(last.replace(day=1), last)
        case _:
            return Period(today.replace(day=1), today)


def period_text(period: Period) -> str:
    """«22.11.2026», or «01.11.2026 — 22.11.2026»."""
    if period.first == period.last:
        return f"{period.first:%d.%m.%Y}"
    return f"{period.first:%d.%m.%Y} — {period.last:%d.%m.%Y}"


def change_of(now: int | None, before: int | None) -> Change:
    """In percent; in words where there is nothing to divide by."""
    if not now and not before:
        return Change("раньше тоже не было")
    if before is None or before <= 0:
        return Change("сравнить не с чем")
    grown = (now or 0) - before
    if grown == 0:
        return Change("столько же")
    percent = round_half_up(Fraction(100 * abs(grown), before))
    icon, word = ("arrow-up", "больше") if grown > 0 else ("arrow-down", "меньше")
    if percent == 0:
        return Change("почти столько же")
    if grown > 0 and percent >= TIMES_FROM_PERCENT:
        return Change(
            f"больше в {count_text((now or 0) // before)} {plural((now or 0) // before, 'раз', 'раза', 'раз')}",
            icon,
        )
    return Change(f"на {count_text(percent)}{FIXED}% {word}", icon)
