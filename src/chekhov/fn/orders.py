"""What a register asks a drive to fiscalise: receipts, БСО and corrections, with all sums in kopecks."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from chekhov.errors import Malformed
from chekhov.ffd.checks.vat import vat_table
from chekhov.fn.errors import ParameterWrong
from chekhov.fn.totals import Totals
from chekhov.values import Inn, line_sum, vat_inside

ITEMS_MAX = 1_000
"""Ours: far more than fit into the 32 768 bytes of a receipt."""

AMOUNT_MAX_KOPECKS = (1 << 48) - 1
"""Money is a VLN of up to six bytes."""

ROUNDING_MAX_KOPECKS = 99
"""A total may be rounded down to whole roubles."""

VAT_CODES_UNTAXED = frozenset({5, 6})
"""Rates of 0 % and without VAT: a turnover, not a tax."""

OWN_ITEM_TAGS = frozenset({1023, 1030, 1043, 1079, 1163, 1162, 1199, 1200, 1212, 1214, 2102, 2106, 2108})
OWN_TAGS = frozenset(
    {1008, 1009, 1012, 1018, 1020, 1021, 1031, 1036, 1037, 1038, 1040, 1041, 1042, 1048, 1054, 1055, 1059}
    | {1077, 1081, 1173, 1174, 1187, 1203, 1209, 1215, 1216, 1217, 2107}
    | {1102, 1103, 1104, 1105, 1106, 1107, 1115}
)
"""Requisites that have a field of their own here and may not come as `extra`."""

Extra = tuple[tuple[int, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line («предмет расчета», tag 1059).

    `vat`: code of 1199. `sum_kopecks`: None, or what price × quantity gave with a discount spread over the
    pieces. `payment_method`: 1214. `subject`: 1212. `measure`: 2108 of FFD 1.2; `unit`: 1197 of FFD 1.05.
    `product_code`: for FFD 1.2 the tag 1300..1325 and its text, for 1.05 (1162, bytes). `mark_result`: 2106.
    `extra`: further requisites as pairs of tag and value, groups as nested pairs.
    """

    name: str
    price_kopecks: int
    vat: int
    quantity: Decimal = Decimal(1)
    sum_kopecks: int | None = None
    payment_method: int = 4
    subject: int = 1
    measure: int = 0
    unit: str = ""
    product_code: tuple[int, str | bytes] | None = None
    mark_result: int | None = None
    extra: Extra = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptOrder:
    """One receipt («кассовый чек») or, with `bso`, a «БСО».

    `operation`: 1054. `tax_system`: the one bit of 1055; None when the register has just one. `cashier`,
    `cashier_inn`: those of the registration when empty. `buyer_contact`: 1008. `total_kopecks`: None, or
    the total rounded down to roubles. `internet`: 1125.
    """

    operation: int
    items: tuple[Item, ...]
    cash_kopecks: int = 0
    cashless_kopecks: int = 0
    prepaid_kopecks: int = 0
    credit_kopecks: int = 0
    provision_kopecks: int = 0
    total_kopecks: int | None = None
    tax_system: int | None = None
    cashier: str = ""
    cashier_inn: str = ""
    buyer_contact: str = ""
    buyer_name: str = ""
    buyer_inn: str = ""
    bso: bool = False
    internet: bool = False
    extra: Extra = ()

    @property
    def means(self) -> tuple[int, int, int, int, int]:
        """Sums by means of payment: 1031, 1081, 1215, 1216, 1217."""
        return (
            self.cash_kopecks,
            self.cashless_kopecks,
            self.prepaid_kopecks,
            self.credit_kopecks,
            self.provision_kopecks,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionOrder:
    """A correction («чек коррекции») of a settlement of `settled_on`.

    `by_order`: 1173, by an order of the tax body, whose number is then `order_number` (1179).
    `whole_vat`: for FFD 1.05 only, where a correction may have no items: the rate's code of its total.
    """

    receipt: ReceiptOrder
    settled_on: dt.date
    by_order: bool = False
    order_number: str = ""
    whole_vat: int | None = None


class ReceiptSums(NamedTuple):
    """What an order comes to. `lines`: sum and VAT of each item. `by_rate`: VAT (codes 5, 6: turnover)."""

    total_kopecks: int
    lines: tuple[tuple[int, int], ...]
    by_rate: dict[int, int]

    def totals(self, order: ReceiptOrder) -> Totals:
        """The order's contribution to the counters."""
        rate = self.by_rate.get
        return Totals(1, self.total_kopecks, *order.means, *(rate(code, 0) for code in range(1, 7)))


def receipt_sums(order: ReceiptOrder, on: dt.datetime, whole_vat: int | None = None) -> ReceiptSums:
    """Add up an order for a moment, whose VAT rates hold.

    Raises: ParameterWrong naming the item, when anything does not add up.
    """
    percents, _ = vat_table(on)
    lines: list[tuple[int, int]] = []
    by_rate: dict[int, int] = {}
    lines_kopecks = 0
    if len(order.items) > ITEMS_MAX:
        raise ParameterWrong(f"в чеке не больше {ITEMS_MAX} предметов расчёта")
    for index, item in enumerate(order.items):
        amount = _line(item, index)
        if item.vat not in percents:
            raise ParameterWrong(f"items[{index}]: неизвестная ставка НДС {item.vat}")
        percent = percents[item.vat]
        vat = vat_inside(amount, percent) if percent else 0
        lines.append((amount, vat))
        lines_kopecks += amount
        by_rate[item.vat] = by_rate.get(item.vat, 0) + (vat if percent else amount)
    total = order.total_kopecks
    if not order.items:
        if total is None or whole_vat not in percents:
            raise ParameterWrong("без предметов расчёта нужны сумма и ставка НДС")
        percent = percents[whole_vat]
        by_rate[whole_vat] = vat_inside(total, percent) if percent else total
    elif total is None:
        total = lines_kopecks
    elif not 0 <= lines_kopecks - total <= ROUNDING_MAX_KOPECKS:
        raise ParameterWrong(f"сумма чека {total}, сумма предметов {lines_kopecks} копеек")
    if not 0 <= total <= AMOUNT_MAX_KOPECKS or min(order.means) < 0:
        raise ParameterWrong("сумма вне допустимого")
    if sum(order.means) != total:
        raise ParameterWrong(f"оплаты {sum(order.means)}, сумма чека {total} копеек")
    return ReceiptSums(total, tuple(lines), by_rate)


def _line(item: Item, index: int) -> int:
    """Sum of a line in kopecks. A given one may differ by what rounding the price per piece explains."""
    if not item.name.strip():
        raise ParameterWrong(f"items[{index}]: нет наименования")
    if not item.quantity.is_finite() or item.quantity <= 0:
        raise ParameterWrong(f"items[{index}]: количество больше нуля")
    if not 0 <= item.price_kopecks <= AMOUNT_MAX_KOPECKS:
        raise ParameterWrong(f"items[{index}]: цена вне допустимого")
    if any(tag in OWN_ITEM_TAGS for tag, _ in item.extra):
        raise ParameterWrong(f"items[{index}]: у реквизита из extra есть своё поле")
    if item.sum_kopecks is None:
        amount = line_sum(item.price_kopecks, item.quantity)
    else:
        amount = item.sum_kopecks
        quantity = Fraction(item.quantity)
        if abs(amount - item.price_kopecks * quantity) > 1 + quantity / 2:
            raise ParameterWrong(f"items[{index}]: сумма {amount} — не цена на количество")
    if not 0 <= amount <= AMOUNT_MAX_KOPECKS:
        raise ParameterWrong(f"items[{index}]: сумма вне допустимого")
    return amount


def order_check(order: ReceiptOrder, tax_systems: int) -> int:
    """Verify what is not a sum; give the tax system to write. `tax_systems`: bits of the registration.

    Raises: ParameterWrong.
    """
    if order.operation not in {1, 2, 3, 4}:
        raise ParameterWrong("признак расчёта: 1…4")
    if any(tag in OWN_TAGS for tag, _ in order.extra):
        raise ParameterWrong("у реквизита из extra есть своё поле")
    if order.internet and not order.buyer_contact:
        raise ParameterWrong("расчёту в «Интернет» нужен телефон или адрес покупателя")
    for inn in (order.cashier_inn, order.buyer_inn):
        if inn:
            try:
                Inn.parse(inn)
            except Malformed as error:
                raise ParameterWrong(error.message) from error
    system = order.tax_system
    if system is None:
        system = tax_systems
    if system.bit_count() != 1 or not system & tax_systems:
        raise ParameterWrong(f"применяемая СНО {system}, зарегистрированы {tax_systems}")
    return system


def correction_check(order: CorrectionOrder, now: dt.datetime, *, items_needed: bool) -> None:
    """Raises: ParameterWrong when the ground of the correction is not in order."""
    if order.by_order and not order.order_number.strip():
        raise ParameterWrong("коррекции по предписанию нужен его номер")
    if order.settled_on > now.date():
        raise ParameterWrong("дата корректируемого расчёта ещё не наступила")
    if items_needed and not order.receipt.items:
        raise ParameterWrong("чеку коррекции ФФД 1.2 нужны предметы расчёта")
