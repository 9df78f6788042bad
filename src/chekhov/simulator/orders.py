"""The JSON of a receipt for `chekhov kkt sell` and `correct`, and the order it stands for.

    {
      "operation": "sale",               # sale, sale_return, purchase, purchase_return; default sale
      "items": [
        {"name": "Чай чёрный, 100 г",    # required
         "price": 189.90,                # roubles with at most two decimals; required
         "vat": "22%",                   # 20%, 10%, 20/120, 10/110, 0%, none, 5%, 7%, 5/105, 7/107,
                                         # 22%, 22/122; required
         "quantity": 2,                  # default 1
         "measure": "pcs",               # pcs, g, kg, t, cm, dm, m, cm2, dm2, m2, ml, l, m3, kwh, gcal, day,
                                         # hour, min, s, kb, mb, gb, tb, other; or the code of tag 2108
         "subject": 1,                   # code of tag 1212; default 1, goods
         "method": 4}                    # code of tag 1214; default 4, paid in full
      ],
      "payments": {"card": 379.00},      # cash, card, prepaid, credit, provision; default: all in cash
      "total": 379.00,                   # only when rounded down to roubles
      "tax_system": "osn",               # osn, usn_income, usn_income_expense, esn, patent; default: the only one
      "cashier": {"name": "Лопахин Е. А.", "inn": "779900000109"},
      "buyer": {"contact": "anna@example.ru", "name": "Гурова А. С.", "inn": "779900000109"},
      "internet": false,
      "bso": false,
      "correction": {"date": "2026-11-18", "order_number": "15-07/1"}    # for `correct` only
    }

Money may be a number or text and is read exactly, never as a binary fraction. Unknown keys are refused.
The file itself is plain JSON, without the remarks.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from chekhov.fn.orders import CorrectionOrder, Item, ReceiptOrder
from chekhov.simulator.errors import OrderMalformed
from chekhov.values import line_sum

ORDER_BYTES_MAX: Final = 1024 * 1024
"""Ours: thirty times the longest receipt."""

OPERATIONS: Final = {"sale": 1, "sale_return": 2, "purchase": 3, "purchase_return": 4}
TAX_SYSTEMS: Final = {"osn": 1, "usn_income": 2, "usn_income_expense": 4, "esn": 16, "patent": 32}
VAT: Final = {
    "20%": 1, "10%": 2, "20/120": 3, "10/110": 4, "0%": 5, "none": 6,
    "5%": 7, "7%": 8, "5/105": 9, "7/107": 10, "22%": 11, "22/122": 12,
}  # fmt: skip
MEASURES: Final = {
    "pcs": 0, "g": 10, "kg": 11, "t": 12, "cm": 20, "dm": 21, "m": 22, "cm2": 30, "dm2": 31, "m2": 32,
    "ml": 40, "l": 41, "m3": 42, "kwh": 50, "gcal": 51, "day": 70, "hour": 71, "min": 72, "s": 73,
    "kb": 80, "mb": 81, "gb": 82, "tb": 83, "other": 255,
}  # fmt: skip
UNITS_1_05: Final = {0: "шт.", 10: "г", 11: "кг", 12: "т", 22: "м", 32: "кв. м", 40: "мл", 41: "л", 71: "ч"}
"""Tag 1197 is words, in FFD 1.05; measures without an entry are not written there."""
PAYMENTS: Final = ("cash", "card", "prepaid", "credit", "provision")


def order_read(text: str | bytes) -> ReceiptOrder:
    """The receipt that this JSON orders. Raises: OrderMalformed with the path."""
    fields = _parsed(text)
    if "correction" in fields:
        raise OrderMalformed("correction: this is for `chekhov kkt correct`")
    return _receipt(fields)


def correction_read(text: str | bytes) -> CorrectionOrder:
    """The correction that this JSON orders. Raises: OrderMalformed with the path."""
    fields = _parsed(text)
    ground = _object(fields.pop("correction", None), "correction", {"date", "order_number"})
    number = _text(ground.get("order_number", ""), "correction.order_number")
    try:
        settled_on = dt.date.fromisoformat(_text(ground.get("date", ""), "correction.date"))
    except ValueError as error:
        raise OrderMalformed("correction.date: expected a date like 2026-11-18") from error
    return CorrectionOrder(
        receipt=_receipt(fields), settled_on=settled_on, by_order=bool(number), order_number=number
    )


def _parsed(text: str | bytes) -> dict[str, Any]:
    if len(text) > ORDER_BYTES_MAX:
        raise OrderMalformed(f"the order is longer than {ORDER_BYTES_MAX} bytes")
    try:
        value = json.loads(text, parse_float=Decimal, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise OrderMalformed(f"not JSON: {error}") from error
    return _object(
        value,
        "order",
        {
            "operation",
            "items",
            "payments",
            "tax_system",
            "cashier",
            "buyer",
            "internet",
            "bso",
            "total",
            "correction",
        },
    )


def _receipt(fields: Mapping[str, Any]) -> ReceiptOrder:
    raw_items = fields.get("items")
    if not isinstance(raw_items, list) or not raw_items:
        raise OrderMalformed("items: expected a list with at least one item")
    items = tuple(_item(each, f"items[{index}]") for index, each in enumerate(raw_items))
    payments = _object(fields.get("payments", {}), "payments", set(PAYMENTS))
    paid = {name: _kopecks(payments[name], f"payments.{name}") for name in PAYMENTS if name in payments}
    total = _kopecks(fields["total"], "total") if "total" in fields else None
    if not paid:
        paid["cash"] = total if total is not None else sum(_line_kopecks(item) for item in items)
    cashier = fields.get("cashier", {})
    if isinstance(cashier, str):
        cashier = {"name": cashier}
    cashier = _object(cashier, "cashier", {"name", "inn"})
    buyer = _object(fields.get("buyer", {}), "buyer", {"contact", "name", "inn"})
    return ReceiptOrder(
        operation=_choice(fields.get("operation", "sale"), "operation", OPERATIONS),
        items=items,
        cash_kopecks=paid.get("cash", 0),
        cashless_kopecks=paid.get("card", 0),
        prepaid_kopecks=paid.get("prepaid", 0),
        credit_kopecks=paid.get("credit", 0),
        provision_kopecks=paid.get("provision", 0),
        total_kopecks=total,
        tax_system=_choice(fields["tax_system"], "tax_system", TAX_SYSTEMS)
        if "tax_system" in fields
        else None,
        cashier=_text(cashier.get("name", ""), "cashier.name"),
        cashier_inn=_text(cashier.get("inn", ""), "cashier.inn"),
        buyer_contact=_text(buyer.get("contact", ""), "buyer.contact"),
        buyer_name=_text(buyer.get("name", ""), "buyer.name"),
        buyer_inn=_text(buyer.get("inn", ""), "buyer.inn"),
        internet=_flag(fields.get("internet", False), "internet"),
        bso=_flag(fields.get("bso", False), "bso"),
    )


def _item(value: Any, path: str) -> Item:
    fields = _object(value, path, {"name", "price", "quantity", "vat", "measure", "subject", "method"})
    for name in ("name", "price", "vat"):
        if name not in fields:
            raise OrderMalformed(f"{path}.{name}: missing")
    measure = _choice(fields.get("measure", 0), f"{path}.measure", MEASURES)
    return Item(
        name=_text(fields["name"], f"{path}.name"),
        price_kopecks=_kopecks(fields["price"], f"{path}.price"),
        vat=_choice(fields["vat"], f"{path}.vat", VAT),
        quantity=_number(fields.get("quantity", 1), f"{path}.quantity"),
        measure=measure,
        unit=UNITS_1_05.get(measure, ""),
        subject=_whole(fields.get("subject", 1), f"{path}.subject"),
        payment_method=_whole(fields.get("method", 4), f"{path}.method"),
    )


def _line_kopecks(item: Item) -> int:
    """Sum of a line, as the drive will compute it."""
    return line_sum(item.price_kopecks, item.quantity)


def _object(value: Any, path: str, keys: set[str]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise OrderMalformed(f"{path}: expected an object")
    strange = sorted(value.keys() - keys)
    if strange:
        raise OrderMalformed(f"{path}: unknown key {strange[0]!r}; known are {', '.join(sorted(keys))}")
    return dict(value)


def _text(value: Any, path: str) -> str:
    if not isinstance(value, str):
        raise OrderMalformed(f"{path}: expected text, got {_kind(value)}")
    return value.strip()


def _flag(value: Any, path: str) -> bool:
    if not isinstance(value, bool):
        raise OrderMalformed(f"{path}: expected true or false, got {_kind(value)}")
    return value


def _number(value: Any, path: str) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        raise OrderMalformed(f"{path}: expected a number, got {_kind(value)}")
    try:
        number = Decimal(value)
    except InvalidOperation as error:
        raise OrderMalformed(f"{path}: expected a number, got {value!r}") from error
    if not number.is_finite():
        raise OrderMalformed(f"{path}: expected a number, got {value!r}")
    return number


def _kopecks(value: Any, path: str) -> int:
    roubles = _number(value, path)
    kopecks = roubles * 100
    if kopecks != kopecks.to_integral_value() or roubles < 0 or roubles > 10**12:
        raise OrderMalformed(f"{path}: expected roubles with at most two decimals, got {value}")
    return int(kopecks)


def _whole(value: Any, path: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise OrderMalformed(f"{path}: expected a whole number, got {_kind(value)}")
    return value


def _choice(value: Any, path: str, words: Mapping[str, int]) -> int:
    """A word of the list, or its code."""
    if isinstance(value, str) and value in words:
        return words[value]
    if isinstance(value, int) and not isinstance(value, bool) and value in words.values():
        return value
    raise OrderMalformed(f"{path}: expected one of {', '.join(words)}, got {value!r}")


def _kind(value: Any) -> str:
    names: tuple[tuple[type | tuple[type, ...], str], ...] = (
        (bool, "true or false"), (dict, "an object"), (list, "a list"), (str, "text"), ((int, Decimal), "a number"),
    )  # fmt: skip
    return next((name for kind, name in names if isinstance(value, kind)), "null")


def _no_constant(name: str) -> Callable[[], None]:
    raise ValueError(f"{name} is not a number")
