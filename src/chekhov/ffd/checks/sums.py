"""Arithmetic of a receipt: what `lines` found odd, the totals, the payments, VAT. Kopecks are integers.

Nothing is rounded before it is compared: an equation with rounding is an inequality between exact numbers, e.g.
«1043 is 1079 × 1023 rounded half up» is −½ < 1043 − 1079 × 1023 ≤ ½.
Sources: ФФД, 1020, 1043, 1102…1107, 1115, 1198, 1200; the formulas are those confirmed on published receipts.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from chekhov.ffd.checks.case import Case, Values, number_text, values_of
from chekhov.ffd.checks.vat import (
    VAT_CODES,
    VAT_TOTAL_TAGS,
    vat_label,
    vat_table,
)
from chekhov.ffd.versions import CORRECTIONS
from chekhov.tlv import Nodes

_HALF: Final = Decimal("0.5")
_ROUBLE_KOPECKS: Final = 100
_OPERATIONS_BACK: Final = frozenset({2, 4})  # returns: of what was sold when another rate was in force
_CREDIT_PAID: Final = 7  # 1214: the goods were sold earlier
_TWENTY_PERCENT: Final = frozenset({1, 3})
_VAT_SUM_TAGS: Final = frozenset({1199, 1120})
_GROUPED_CODES: Final = frozenset(code for code, tag in VAT_TOTAL_TAGS.items() if not tag)
_VAT_TAGS: Final = tuple((tag, code) for code, tag in VAT_TOTAL_TAGS.items() if tag)


def payments_check(case: Case) -> None:
    """The five ways of paying make up the total."""
    get = case.first.get
    total = get(1020)
    if total is None:
        return
    paid = get(1031, 0) + get(1081, 0) + get(1215, 0) + get(1216, 0) + get(1217, 0)
    if paid != total:
        case.add("payments_sum", 1020, f"ожидалось {total}, получено {paid}")


def totals_check(
    case: Case, percents: dict[int, int], bases: dict[int, int], counts: dict[int, int], lines_kopecks: int
) -> None:
    """The lines make up the total, and their taxes the totals by rate.

    `percents`, `bases`, `counts`: by code of the rate, the rate, sum of the lines and how many there are. Whether
    a total is the tax of the sum or the sum of the taxes is not settled: a kopeck for each line is allowed.
    """
    first = case.first
    total = first.get(1020)
    if total is None:
        return
    if lines_kopecks != total:
        _total_judge(case, lines_kopecks, total)
    totals = case.vat_sums
    if totals is None:
        totals = group_totals(first[1115]) if 1115 in first else {}
    for tag, code in _VAT_TAGS:
        if tag in first:
            totals[code] = first[tag]
    rounded_off = lines_kopecks - total if lines_kopecks > total else 0
    for code, stated in totals.items():
        if code not in percents:
            continue
        base = bases.get(code, 0)
        percent = percents[code]
        divisor = 100 + percent
        exact = base * percent if percent else base * divisor
        tolerance = ((counts[code] + 1 if percent else 0) + rounded_off) * divisor if base else 0
        if not -tolerance <= stated * divisor - exact <= tolerance:
            _vat_total_judge(case, code, stated, (exact * 2 + divisor) // (divisor * 2))
    for code, base in bases.items():
        if base and code not in totals:
            case.add("vat_total_missing", VAT_TOTAL_TAGS[code] or 1115, _label(case, code))


def usual_vat_sums(group: Any) -> dict[int, int] | None:
    """Code of a rate -> its sum, of a 1115 that is as it should be; None for any other.

    As it should be: nothing but 1119, each of a rate and a sum, each rate once, and only the rates that have no
    tag of their own.
    """
    sums: dict[int, int] = {}
    if not isinstance(group, Nodes):
        return None
    for tag, _, _, inner in group.plain():
        if tag != 1119 or not isinstance(inner, Nodes) or len(inner) != len(_VAT_SUM_TAGS):
            return None
        values = {number: value for number, _, _, value in inner.plain()}
        code, vat = values.get(1199), values.get(1120)
        if type(code) is not int or type(vat) is not int or code in sums or code not in _GROUPED_CODES:
            return None
        sums[code] = vat
    return sums


def group_totals(group: Any) -> dict[int, int]:
    """Code of a rate -> its sum, of 1115; an older meaning of the tag (text) gives nothing."""
    totals: dict[int, int] = {}
    if not isinstance(group, Nodes):
        return totals
    for member in group.plain():
        if member[0] != 1119 or not isinstance(member[3], Nodes):
            continue
        values = values_of(member[3])
        code, vat = values.get(1199), values.get(1120)
        if isinstance(code, int) and isinstance(vat, int):
            totals[code] = totals.get(code, 0) + vat
    return totals


def vat_group(case: Case) -> None:
    """1115: each rate once, and only the rates that have no tag of their own."""
    group = case.first.get(1115)
    if not isinstance(group, Nodes) or case.vat_sums is not None:
        return
    seen: set[int] = set()
    for index, member in enumerate(node for node in group.plain() if node[0] == 1119):
        values = values_of(member[3]) if isinstance(member[3], Nodes) else {}
        code = values.get(1199)
        within = f"amountsReceiptNds.amountsNds[{index}]"
        if not isinstance(code, int) or 1120 not in values:
            case.add("vat_group", 1199, "нет ставки или суммы", within=within)
        elif code in seen:
            case.add("vat_group", 1199, f"{_label(case, code)} повторяется", within=within)
        elif VAT_TOTAL_TAGS.get(code):
            detail = f"{_label(case, code)} указывают в {VAT_TOTAL_TAGS[code]}"
            case.add("vat_group", 1199, detail, within=within)
        if isinstance(code, int):
            seen.add(code)


def line_judge(case: Case, index: int, item: Values) -> None:
    """Wrong by more than a rounded price can explain is an error, by less a notice.

    A price «с учетом скидок и наценок» is itself rounded to a kopeck when a discount on the whole line is
    spread over its pieces, which moves the product by half a kopeck for each piece.
    """
    line, price, quantity = item[1043], item[1079], Decimal(item[1023])
    within = f"items[{index}]"
    if not quantity:
        case.add("quantity_zero", 1023, within=within)
        return
    if 1291 in item:
        return  # part of a marked package: how price and quantity are meant there is not settled
    product = price * quantity
    detail = f"ожидалось {number_text(product)}, получено {line}"
    code = "line_sum_rounding" if abs(line - product) <= 1 + quantity * _HALF else "line_sum"
    case.add(code, 1043, detail, within=within)


def vat_line_judge(case: Case, index: int, item: Values, percent: int) -> None:
    """1200 is farther than a kopeck from what the rate gives."""
    divisor = 100 + percent
    expected = (item[1043] * percent * 2 + divisor) // (divisor * 2)
    detail = f"{_label(case, item[1199])}: ожидалось {expected}, получено {item[1200]}"
    case.add("vat_line", 1200, detail, within=f"items[{index}]")


def vat_unit_judge(case: Case, index: int, item: Values) -> None:
    """1198 is the tax inside the price 1079, to a kopeck."""
    price, stated, code = item.get(1079), item[1198], item.get(1199)
    percent = vat_table(case.first.get(1012)).percents.get(code) if isinstance(code, int) else None
    if price is None or not stated or percent is None:
        return
    divisor = 100 + percent
    if abs(stated * divisor - price * percent) * 2 > divisor * 3:
        expected = (price * percent * 2 + divisor) // (divisor * 2)
        case.add("vat_unit", 1198, f"ожидалось {expected}, получено {stated}", within=f"items[{index}]")


def rate_date_judge(case: Case, index: int, item: Values) -> None:
    """A rate out of force is right where the receipt is about an earlier sale."""
    issued_at = case.document.issued_at
    if issued_at is None:
        return
    code = item[1199]
    earlier = (
        case.document.code in CORRECTIONS
        or case.first.get(1054) in _OPERATIONS_BACK
        or item.get(1214) == _CREDIT_PAID
    )
    if earlier and code in _TWENTY_PERCENT:
        return
    detail = f"{_label(case, code)} на {issued_at:%d.%m.%Y}"
    case.add("vat_not_in_force", 1199, detail, within=f"items[{index}]")


def _label(case: Case, code: int) -> str:
    issued_at = case.document.issued_at
    return vat_label(code, issued_at.date()) if issued_at and code in VAT_CODES else f"ставка НДС {code}"


def _total_judge(case: Case, lines_kopecks: int, total: int) -> None:
    detail = f"ожидалось {lines_kopecks}, получено {total}"
    rounding = 0 < lines_kopecks - total < _ROUBLE_KOPECKS
    case.add("total_sum_rounding" if rounding else "total_sum", 1020, detail)


def _vat_total_judge(case: Case, code: int, stated: int, expected: int) -> None:
    tag = VAT_TOTAL_TAGS.get(code) or 1115
    if expected:
        case.add("vat_total", tag, f"{_label(case, code)}: ожидалось {expected}, получено {stated}")
    else:
        case.add("vat_total_extra", tag, f"{_label(case, code)}: {stated}")
