"""Contents of receipts, БСО and corrections (docs/formats/documents.md sections 4, 5, 11 and 12)."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from chekhov.ffd.checks.receipts import mark_failed
from chekhov.ffd.checks.vat import VAT_TOTAL_TAGS
from chekhov.ffd.versions import DocumentCode, FfdVersion
from chekhov.fn.errors import ParameterWrong
from chekhov.fn.issue import Pairs, registered
from chekhov.fn.orders import (
    VAT_CODES_UNTAXED,
    CorrectionOrder,
    Item,
    ReceiptOrder,
    ReceiptSums,
)
from chekhov.fn.registration import Condition, Registration
from chekhov.fn.reports import cashier_of
from chekhov.fn.state import FnState, Shift

INTERNET_TAG_FROM: Final = dt.date(2025, 9, 1)
"""Order ЕД-7-20/236@: tag 1125 is in force from this day."""

NO_NUMBER: Final = "б/н"
PAYMENT_TAGS: Final = (1031, 1081, 1215, 1216, 1217)
PRODUCT_CODE_105: Final = 1162
PRODUCT_CODES_12: Final = frozenset({*range(1300, 1310), *range(1320, 1326)})


def receipt_code(order: ReceiptOrder, *, correction: bool) -> DocumentCode:
    """3, 4, 31 or 41."""
    if order.bso:
        return DocumentCode.BSO_CORRECTION if correction else DocumentCode.BSO
    return DocumentCode.RECEIPT_CORRECTION if correction else DocumentCode.RECEIPT


def receipt_fields(
    state: FnState,
    shift: Shift,
    order: ReceiptOrder,
    sums: ReceiptSums,
    now: dt.datetime,
    *,
    tax_system: int,
    correction: CorrectionOrder | None = None,
) -> Pairs:
    """All after the six common requisites. `shift`: as it was before this receipt."""
    owner = registered(state)
    with_bits = state.ffd >= FfdVersion.V1_2
    cashier, cashier_inn = cashier_of(owner, order.cashier, order.cashier_inn)
    fields: Pairs = [
        (1038, shift.number),
        (1042, shift.receipts + 1),
        (1054, order.operation),
        (1020, sums.total_kopecks),
        (1209, int(state.ffd)),
        (1055, tax_system),
    ]
    if correction is not None:
        fields += _ground(correction, with_bits=with_bits)
    fields += [
        (1048, owner.user_name),
        *_if(1021, cashier),
        *_if(1203, cashier_inn),
        *_if(1036, owner.machine_number if owner.automatic else ""),
        (1009, owner.address),
        (1187, owner.place),
        *_buyer(order, with_bits=with_bits),
        *_if(1117, owner.sender_email if order.buyer_contact else ""),
        *_if(1060, owner.fns_site),
    ]
    fields += [
        (1059, item_fields(item, amount, vat, with_bits=with_bits))
        for item, (amount, vat) in zip(order.items, sums.lines, strict=True)
    ]
    fields += zip(PAYMENT_TAGS, order.means, strict=True)
    fields += vat_fields(sums.by_rate)
    fields += _internet(order, owner, now)
    marks = [item.mark_result for item in order.items if item.mark_result is not None]
    if marks and with_bits:
        fields.append((2107, int(any(map(mark_failed, marks)))))
    fields += order.extra
    return fields


def item_fields(item: Item, amount_kopecks: int, vat_kopecks: int, *, with_bits: bool) -> Pairs:
    """Contents of 1059. `with_bits`: FFD 1.2."""
    fields: Pairs = [
        (1214, item.payment_method),
        (1212, item.subject),
        (1030, item.name),
    ]
    if item.product_code is not None:
        fields.append(_product_code(item.product_code, with_bits=with_bits))
    fields += [(1079, item.price_kopecks), (1023, item.quantity)]
    if with_bits:
        fields.append((2108, item.measure))
        if item.mark_result is not None:
            fields += [(2102, 0), (2106, item.mark_result)]
    elif item.unit:
        fields.append((1197, item.unit))
    fields.append((1199, item.vat))
    if item.vat not in VAT_CODES_UNTAXED:
        fields.append((1200, vat_kopecks))
    fields.append((1043, amount_kopecks))
    fields += item.extra
    return fields


def vat_fields(by_rate: dict[int, int]) -> Pairs:
    """Totals by rate: 1102..1107, and 1115 for the rates of 2025 and 2026.

    When all VAT stands in 1115, a zero 1104 goes with it (docs/formats/documents.md section 12).
    """
    fields: Pairs = [
        (VAT_TOTAL_TAGS[code], by_rate[code]) for code in sorted(by_rate) if VAT_TOTAL_TAGS[code]
    ]
    new = [code for code in sorted(by_rate) if not VAT_TOTAL_TAGS[code]]
    if new:
        if not fields:
            fields.append((1104, 0))
        fields.append((1115, [(1119, [(1199, code), (1120, by_rate[code])]) for code in new]))
    return fields


def _ground(correction: CorrectionOrder, *, with_bits: bool) -> Pairs:
    """1173 and 1174 {1178, 1179}; the number of an order is always there in FFD 1.05, if only as «б/н»."""
    number = correction.order_number or ("" if with_bits else NO_NUMBER)
    settled_at = dt.datetime.combine(correction.settled_on, dt.time())
    ground: Pairs = [(1178, settled_at), *_if(1179, number)]
    return [(1173, int(correction.by_order)), (1174, ground)]


def _buyer(order: ReceiptOrder, *, with_bits: bool) -> Pairs:
    buyer: Pairs = [*_if(1227, order.buyer_name), *_if(1228, order.buyer_inn)]
    contact = _if(1008, order.buyer_contact)
    if with_bits and buyer:
        return [*contact, (1256, buyer)]
    return contact + buyer


def _internet(order: ReceiptOrder, owner: Registration, now: dt.datetime) -> Pairs:
    fields: Pairs = []
    if owner.has(Condition.INTERNET_ONLY):
        fields.append((1108, 1))
    if order.internet and now.date() >= INTERNET_TAG_FROM:
        fields.append((1125, 1))
    return fields


def _product_code(product_code: tuple[int, str | bytes], *, with_bits: bool) -> tuple[int, Any]:
    tag, value = product_code
    if with_bits and tag in PRODUCT_CODES_12:
        return 1163, [(tag, value)]
    if not with_bits and tag == PRODUCT_CODE_105 and isinstance(value, bytes):
        return tag, value
    raise ParameterWrong(f"код товара {tag} не для этой версии ФФД", tag=tag)


def _if(tag: int, text: str) -> Pairs:
    return [(tag, text)] if text else []
