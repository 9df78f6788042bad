"""The JSON of receipts: exact money, errors with paths, nothing guessed."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chekhov.fn.orders import Item, ReceiptOrder, receipt_sums
from chekhov.simulator import orders
from chekhov.simulator.errors import OrderMalformed
from chekhov.simulator.orders import correction_read, order_read

ITEM = {"name": "Чай", "price": 189.90, "vat": "22%"}


def order(**fields):
    return json.dumps({"items": [ITEM]} | fields)


def test_the_smallest_order():
    assert order_read(order()) == ReceiptOrder(
        operation=1,
        items=(Item(name="Чай", price_kopecks=18990, vat=11, unit="шт."),),
        cash_kopecks=18990,
    )


def test_everything_at_once():
    item = {"name": " Сыр ", "price": "899.00", "quantity": "0.250", "vat": "10%", "measure": "kg"}
    read = order_read(
        json.dumps(
            {
                "operation": "sale_return",
                "items": [item | {"subject": 4, "method": 1}],
                "payments": {"cash": 100, "card": "74.00", "prepaid": 20, "credit": 30, "provision": 0.75},
                "tax_system": "patent",
                "cashier": {"name": "Лопахин", "inn": "779900000109"},
                "buyer": {"contact": "a@example.ru", "name": "Иванов", "inn": "7799000005"},
                "internet": True,
                "bso": True,
                "total": 224,
            }
        )
    )
    assert read == ReceiptOrder(
        operation=2,
        items=(
            Item(
                name="Сыр",
                price_kopecks=89900,
                vat=2,
                quantity=Decimal("0.250"),
                measure=11,
                unit="кг",
                subject=4,
                payment_method=1,
            ),
        ),
        cash_kopecks=10000,
        cashless_kopecks=7400,
        prepaid_kopecks=2000,
        credit_kopecks=3000,
        provision_kopecks=75,
        total_kopecks=22400,
        tax_system=32,
        cashier="Лопахин",
        cashier_inn="779900000109",
        buyer_contact="a@example.ru",
        buyer_name="Иванов",
        buyer_inn="7799000005",
        internet=True,
        bso=True,
    )


def test_without_payments_all_is_paid_in_cash_as_rounded():
    assert order_read(order(total=189)).cash_kopecks == 18900
    line = {"name": "Сыр", "price": 899, "quantity": 0.333, "vat": "none"}
    assert order_read(json.dumps({"items": [line, ITEM]})).cash_kopecks == 29937 + 18990


@given(st.integers(0, 10**12))
def test_roubles_become_kopecks_exactly(kopecks):
    text = f"{kopecks // 100}.{kopecks % 100:02}"
    as_number = order_read(f'{{"items": [{{"name": "x", "price": {text}, "vat": "0%"}}]}}')
    as_text = order_read(f'{{"items": [{{"name": "x", "price": "{text}", "vat": "0%"}}]}}')
    assert as_number == as_text
    assert as_number.items[0].price_kopecks == kopecks


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "order: expected an object"),
        ("{}", "items: expected a list"),
        ('{"items": []}', "items: expected a list"),
        (order(itens=[]), "order: unknown key 'itens'"),
        (order(correction={"date": "2026-01-01"}), "correction: this is for"),
        (order(operation="gift"), "operation: expected one of sale"),
        (order(operation=True), "operation: expected one of"),
        (order(payments={"cash": 1.001}), "payments.cash: expected roubles with at most two decimals"),
        (order(payments={"cash": -1}), "payments.cash: expected roubles"),
        (order(payments={"shells": 1}), "payments: unknown key 'shells'"),
        (order(payments=5), "payments: expected an object"),
        (order(internet="yes"), "internet: expected true or false, got text"),
        (order(cashier={"name": 5}), "cashier.name: expected text, got a number"),
        (order(buyer={"contact": None}), "buyer.contact: expected text, got null"),
        (order(items=[ITEM, {"name": "x", "price": 1}]), r"items\[1\].vat: missing"),
        (order(items=[ITEM, 7]), r"items\[1\]: expected an object"),
        (order(items=[ITEM | {"vat": "18%"}]), r"items\[0\].vat: expected one of 20%"),
        (order(items=[ITEM | {"vat": 99}]), r"items\[0\].vat: expected one of"),
        (order(items=[ITEM | {"quantity": "many"}]), r"items\[0\].quantity: expected a number"),
        (order(items=[ITEM | {"quantity": True}]), r"items\[0\].quantity: expected a number, got true"),
        (order(items=[ITEM | {"quantity": "NaN"}]), r"items\[0\].quantity: expected a number"),
        ('{"items": [{"name": "x", "price": NaN, "vat": "0%"}]}', "not JSON: NaN"),
        (order(items=[ITEM | {"price": "1e99"}]), r"items\[0\].price: expected roubles"),
        (
            order(items=[ITEM | {"subject": "goods"}]),
            r"items\[0\].subject: expected a whole number, got text",
        ),
        (order(items=[ITEM | {"measure": "stone"}]), r"items\[0\].measure: expected one of pcs"),
        ("x" * (orders.ORDER_BYTES_MAX + 1), "longer than"),
    ],
)
def test_what_is_wrong_is_told_with_its_path(text, message):
    with pytest.raises(OrderMalformed, match=message):
        order_read(text)


def test_a_correction():
    read = correction_read(order(correction={"date": "2026-11-18"}))
    assert (read.settled_on, read.by_order, read.order_number) == (dt.date(2026, 11, 18), False, "")
    read = correction_read(order(correction={"date": "2026-11-18", "order_number": "15-07/1"}))
    assert (read.by_order, read.order_number) == (True, "15-07/1")
    assert read.receipt == order_read(order())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (order(), "correction: expected an object"),
        (order(correction={}), "correction.date: expected a date"),
        (order(correction={"date": "18.11.2026"}), "correction.date: expected a date"),
        (order(correction={"date": "2026-11-18", "why": ""}), "correction: unknown key 'why'"),
    ],
)
def test_a_correction_needs_its_ground(text, message):
    with pytest.raises(OrderMalformed, match=message):
        correction_read(text)


def test_the_documented_example_is_taken():
    """The example in the module's words, its remarks removed, is an order that a drive would take."""
    body = (orders.__doc__ or "").split("\n\n")[1]
    value = json.loads("\n".join(line.partition("  #")[0] for line in body.splitlines()))
    correction = value.pop("correction")
    read = order_read(json.dumps(value))
    assert receipt_sums(read, dt.datetime(2026, 11, 20)).total_kopecks == 37900  # noqa: DTZ001
    assert correction_read(json.dumps(value | {"correction": correction})).by_order
