from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chekhov.values import BadQuantity, quantity_parse, quantity_text


@pytest.mark.parametrize(
    ("text", "expected"), [("1,5", "1.5"), (" 1 200.250 ", "1200.250"), ("0", "0"), (",5", "0.5")]
)
def test_read_as_people_write(text, expected):
    assert quantity_parse(text) == Decimal(expected)


@pytest.mark.parametrize(
    "text", ["", "-1", "1e5", "1,2,3", "1.2.3", "NaN", "٣", "1" * 33, "0,1234567", ".", "1/2"]
)
def test_refused(text):
    with pytest.raises(BadQuantity):
        quantity_parse(text)


@pytest.mark.parametrize(
    ("value", "text"), [("5.2700", "5,27"), ("1E+3", "1000"), ("0.000", "0"), ("10", "10"), ("0.5", "0,5")]
)
def test_written_without_idle_zeros(value, text):
    assert quantity_text(Decimal(value)) == text


@given(st.decimals(min_value=0, max_value=10**9, places=4))
def test_written_and_read_back(value):
    assert quantity_parse(quantity_text(value)) == value


@given(st.text(max_size=40))
def test_any_text_is_a_quantity_or_malformed(text):
    try:
        value = quantity_parse(text)
    except BadQuantity:
        return
    assert value >= 0
