import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chekhov.values import line_sum, roubles, roubles_point, round_half_up, vat_inside

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "totals-and-vat.json").read_text("utf-8"))
PERCENT = {1: 20, 2: 10, 3: 20, 4: 10, 7: 5, 8: 7, 9: 5, 10: 7, 11: 22, 12: 22}


@pytest.mark.parametrize("line", VECTORS["line_sums"], ids=str)
def test_line_sums_of_real_receipts(line):
    assert line_sum(line["price"], Decimal(line["quantity"])) == line["sum"]


@pytest.mark.parametrize("vat", VECTORS["vat"], ids=str)
def test_vat_of_real_receipts(vat):
    assert vat_inside(vat["base"], PERCENT[vat["code"]]) == vat["vat"]


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("0.5", 1),
        ("1.5", 2),
        ("2.5", 3),
        ("-0.5", -1),
        ("-2.5", -3),
        ("0.499999999999999999999999999999", 0),
        ("-0.49", 0),
        ("7", 7),
    ],
)
def test_a_half_goes_away_from_zero(amount, expected):
    assert round_half_up(Decimal(amount)) == expected
    assert round_half_up(Fraction(amount)) == expected


@given(st.fractions(min_value=-(10**12), max_value=10**12))
def test_rounding_is_never_further_than_a_half(amount):
    rounded = round_half_up(amount)
    assert abs(rounded - amount) <= Fraction(1, 2)
    assert round_half_up(-amount) == -rounded


@given(st.integers(0, 10**12), st.sampled_from([5, 7, 10, 18, 20, 22]))
def test_vat_and_the_rest_make_the_whole(amount, rate):
    vat = vat_inside(amount, rate)
    assert 0 <= vat <= amount
    assert abs((amount - vat) * rate - vat * 100) <= 100 + rate


@pytest.mark.parametrize(
    ("kopecks", "human", "machine"),
    [
        (0, "0,00", "0.00"),
        (5, "0,05", "0.05"),
        (123_456, "1 234,56", "1234.56"),
        (-100, "-1,00", "-1.00"),
        (128_521_00, "128 521,00", "128521.00"),
        (-5, "-0,05", "-0.05"),
    ],
)
def test_roubles(kopecks, human, machine):
    assert roubles(kopecks) == human
    assert roubles_point(kopecks) == machine
