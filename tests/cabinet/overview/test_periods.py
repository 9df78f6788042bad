"""Named periods and comparisons in words."""

from __future__ import annotations

import datetime as dt

import pytest

from chekhov.cabinet.overview.periods import PERIODS, change_of, period_named, period_text
from chekhov.fiscal.dashboard import Period

TODAY = dt.date(2026, 3, 1)


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("today", (2026, 3, 1), (2026, 3, 1)),
        ("yesterday", (2026, 2, 28), (2026, 2, 28)),
        ("week", (2026, 2, 23), (2026, 3, 1)),
        ("month", (2026, 3, 1), (2026, 3, 1)),
        ("last_month", (2026, 2, 1), (2026, 2, 28)),
    ],
)
def test_named_periods(name: str, first: tuple[int, int, int], last: tuple[int, int, int]) -> None:
    assert name in PERIODS
    assert period_named(name, TODAY) == Period(dt.date(*first), dt.date(*last))


def test_a_january_looks_back_over_the_year() -> None:
    assert period_named("last_month", dt.date(2026, 1, 9)).first == dt.date(2025, 12, 1)


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        (150, 100, "на 50\N{NO-BREAK SPACE}% больше"),
        (50, 100, "на 50\N{NO-BREAK SPACE}% меньше"),
        (0, 100, "на 100\N{NO-BREAK SPACE}% меньше"),
        (-50, 100, "на 150\N{NO-BREAK SPACE}% меньше"),
        (100, 100, "столько же"),
        (100_001, 100_000, "почти столько же"),
        (2_200, 100, "больше в 22 раза"),
        (100, 0, "сравнить не с чем"),
        (100, -5, "сравнить не с чем"),
        (None, 100, "на 100\N{NO-BREAK SPACE}% меньше"),
        (100, None, "сравнить не с чем"),
        (None, None, "раньше тоже не было"),
        (0, 0, "раньше тоже не было"),
    ],
)
def test_changes_in_words(now: int | None, before: int | None, said: str) -> None:
    assert change_of(now, before).text == said


def test_a_period_in_words() -> None:
    assert period_text(Period(TODAY, TODAY)) == "01.03.2026"
    assert period_text(Period(dt.date(2026, 2, 1), TODAY)) == "01.02.2026 — 01.03.2026"
