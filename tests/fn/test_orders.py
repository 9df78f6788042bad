from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chekhov.fn.errors import ParameterWrong
from chekhov.fn.orders import ITEMS_MAX, CorrectionOrder, correction_check, order_check, receipt_sums
from fn.world import START, item, order
from ofdwire.world import VECTORS


def paid(*items, **change):
    """An order whose payment is not yet known to be right."""
    return order(*items, cash_kopecks=0, **change)


def test_lines_of_published_receipts():
    published = json.loads((VECTORS / "totals-and-vat.json").read_text())
    for line in published["line_sums"]:
        one = item(price_kopecks=line["price"], quantity=Decimal(line["quantity"]))
        sums = receipt_sums(order(one, cash_kopecks=line["sum"]), START)
        assert sums.total_kopecks == line["sum"]
    for vat in published["vat"]:
        sums = receipt_sums(order(item(price_kopecks=vat["base"], vat=vat["code"])), START)
        assert sums.by_rate == {vat["code"]: vat["vat"]}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (1, 2000),
        (2, 1091),
        (3, 2000),
        (4, 1091),
        (5, 12000),
        (6, 12000),
        (7, 571),
        (8, 785),
        (9, 571),
        (10, 785),
        (11, 2164),
        (12, 2164),
    ],
)
def test_vat_by_code(code, expected):
    sums = receipt_sums(order(item(price_kopecks=12_000, vat=code)), START)
    assert sums.by_rate == {code: expected}
    assert sums.lines == ((12_000, 0 if code in {5, 6} else expected),)


def test_vat_was_18_percent_before_2019():
    sums = receipt_sums(order(item(price_kopecks=11_800, vat=1)), dt.datetime.fromisoformat("2018-05-05"))
    assert sums.by_rate == {1: 1800}


def test_rates_are_added_up_apart():
    sums = receipt_sums(order(item(vat=2), item(vat=2), item(vat=6)), START)
    assert sums.by_rate == {2: 2 * 1122, 6: 12_345}
    assert sums.totals(order(item(vat=2), item(vat=2), item(vat=6))) == (
        *(1, 3 * 12_345),
        *(3 * 12_345, 0, 0, 0, 0),
        *(0, 2244, 0, 0, 0, 12_345),
    )


def test_total_may_be_rounded_down_to_roubles_and_no_further():
    one = item(price_kopecks=10_099)
    assert receipt_sums(order(one, total_kopecks=10_000, cash_kopecks=10_000), START).total_kopecks == 10_000
    for total in (9_999, 10_100):
        with pytest.raises(ParameterWrong):
            receipt_sums(order(one, total_kopecks=total, cash_kopecks=total), START)


def test_means_of_payment_make_the_total():
    one = item(price_kopecks=100)
    split = {
        "cash_kopecks": 10,
        "cashless_kopecks": 20,
        "prepaid_kopecks": 30,
        "credit_kopecks": 15,
        "provision_kopecks": 25,
    }
    assert receipt_sums(order(one, **split), START).total_kopecks == 100
    for name, amount in split.items():
        with pytest.raises(ParameterWrong):
            receipt_sums(order(one, **{**split, name: amount + 1}), START)
    with pytest.raises(ParameterWrong):
        receipt_sums(order(one, cash_kopecks=-1, cashless_kopecks=101), START)


def test_sum_of_a_line_may_differ_by_rounding_of_the_price():
    three = {"price_kopecks": 3_333, "quantity": Decimal(3)}
    for amount in (9_997, 9_999, 10_001):
        assert receipt_sums(order(item(**three, sum_kopecks=amount)), START).total_kopecks == amount
    for amount in (9_996, 10_002, -1):
        with pytest.raises(ParameterWrong):
            receipt_sums(order(item(**three, sum_kopecks=amount)), START)


@pytest.mark.parametrize(
    "change",
    [
        {"name": " "},
        {"quantity": Decimal(0)},
        {"quantity": Decimal(-1)},
        {"quantity": Decimal("NaN")},
        {"quantity": Decimal("Infinity")},
        {"price_kopecks": -1},
        {"price_kopecks": 1 << 48},
        {"price_kopecks": 1 << 40, "quantity": Decimal(1 << 20)},
        {"vat": 0},
        {"vat": 13},
        {"extra": ((1079, 5),)},
    ],
    ids=str,
)
def test_lines_that_do_not_add_up(change):
    with pytest.raises(ParameterWrong, match=r"items\[1\]"):
        receipt_sums(paid(item(), item(**change)), START)


def test_too_many_lines():
    with pytest.raises(ParameterWrong):
        receipt_sums(order(*[item()] * (ITEMS_MAX + 1)), START)


@pytest.mark.parametrize(
    "change",
    [
        {"operation": 0},
        {"operation": 5},
        {"tax_system": 2},
        {"tax_system": 5},
        {"tax_system": 0},
        {"tax_system": None},
        {"internet": True},
        {"cashier_inn": "123"},
        {"buyer_inn": "7702203277"},
        {"extra": ((1020, 1),)},
    ],
    ids=str,
)
def test_orders_that_are_not_in_order(change):
    with pytest.raises(ParameterWrong):
        order_check(order(**change), 1 | 4)


def test_tax_system_is_understood_when_there_is_one():
    assert order_check(order(tax_system=None), 4) == 4
    assert order_check(order(tax_system=4), 1 | 4) == 4


def test_ground_of_a_correction():
    good = CorrectionOrder(receipt=order(), settled_on=START.date(), by_order=True, order_number="17")
    correction_check(good, START, items_needed=True)
    for bad in (
        CorrectionOrder(receipt=order(), settled_on=START.date(), by_order=True, order_number=" "),
        CorrectionOrder(receipt=order(), settled_on=START.date() + dt.timedelta(days=1)),
    ):
        with pytest.raises(ParameterWrong):
            correction_check(bad, START, items_needed=True)


@given(
    lines=st.lists(
        st.tuples(
            st.integers(0, 10**9),
            st.decimals("0.001", "9999", places=3),
            st.integers(1, 12),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_sums_are_whole_and_within_a_kopeck_of_exact(lines):
    items = tuple(item(price_kopecks=price, quantity=quantity, vat=vat) for price, quantity, vat in lines)
    exact = [Decimal(price) * quantity for price, quantity, _ in lines]
    total = sum(int((amount + Decimal("0.5")) // 1) for amount in exact)
    sums = receipt_sums(order(*items, cash_kopecks=total), START)
    assert sums.total_kopecks == total == sum(amount for amount, _ in sums.lines)
    assert all(
        abs(amount - real) <= Decimal("0.5") for (amount, _), real in zip(sums.lines, exact, strict=True)
    )
    assert all(0 <= vat <= amount for amount, vat in sums.lines)
