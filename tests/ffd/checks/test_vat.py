from __future__ import annotations

from datetime import date, datetime
from itertools import pairwise

import pytest

from chekhov.ffd.checks.vat import (
    VAT_CODES,
    VAT_RATES,
    in_force,
    vat_label,
    vat_rate,
    vat_table,
)
from chekhov.ffd.tags import ENUMS
from ffd.checks import samples as s


@pytest.mark.parametrize(
    ("code", "day", "label"),
    [
        (1, date(2018, 12, 31), "НДС 18%"),
        (1, date(2019, 1, 1), "НДС 20%"),
        (1, date(2027, 5, 5), "НДС 20%"),
        (3, date(2018, 1, 1), "НДС 18/118"),
        (3, date(2025, 12, 31), "НДС 20/120"),
        (2, date(2016, 1, 1), "НДС 10%"),
        (6, date(2026, 1, 1), "без НДС"),
        (7, date(2025, 1, 1), "НДС 5%"),
        (11, date(2026, 1, 1), "НДС 22%"),
        (12, date(2026, 10, 8), "НДС 22/122"),
        (77, date(2026, 10, 8), "ставка НДС 77"),
    ],
)
def test_label_follows_the_law_of_the_day(code: int, day: date, label: str):
    assert vat_label(code, day) == label


@pytest.mark.parametrize(
    ("code", "day", "expected"),
    [
        (1, date(2025, 12, 31), True),
        (1, date(2026, 1, 1), False),
        (3, date(2026, 1, 1), False),
        (11, date(2025, 12, 31), False),
        (11, date(2026, 1, 1), True),
        (7, date(2024, 12, 31), False),
        (7, date(2025, 1, 1), True),
        (2, date(2026, 1, 1), True),
        (13, date(2026, 1, 1), False),
    ],
)
def test_in_force(code: int, day: date, expected: bool):
    assert in_force(code, day) is expected


def test_rates_of_a_code_do_not_overlap():
    for code in VAT_CODES:
        periods = sorted((rate.valid_from, rate.valid_until) for rate in VAT_RATES if rate.code == code)
        for (_, until), (start, _) in pairwise(periods):
            assert until == start


def test_every_code_of_the_enumeration_has_a_rate():
    assert set(ENUMS["1199"].names_ru) == VAT_CODES


@pytest.mark.parametrize(
    "moment",
    [
        s.local(2018, 12, 31, 23, 59, 59),
        s.local(2019, 1, 1),
        s.local(2024, 12, 31, 23, 59, 59),
        s.local(2025, 1, 1),
        s.local(2025, 12, 31, 23, 59, 59),
        s.local(2026, 1, 1),
    ],
)
def test_table_agrees_with_the_rates(moment: datetime):
    table = vat_table(moment)
    for code in VAT_CODES:
        rate = vat_rate(code, moment.date())
        assert rate is not None
        assert table.percents[code] == (rate.percent or 0)
        assert (code in table.in_force) is in_force(code, moment.date())


def test_turnover_codes_have_no_tax():
    assert {rate.code for rate in VAT_RATES if rate.is_turnover} == {5, 6}
