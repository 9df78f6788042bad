"""Rules of receipts, БСО and corrections that are not arithmetic: corrections, agents, marking, Internet."""

from __future__ import annotations

from typing import Any, Final

from chekhov.ffd.checks.case import Case, Values, values_of
from chekhov.tlv import Nodes

_BANK_AGENTS: Final = 1 | 2
_PAYMENT_AGENTS: Final = 4 | 8
_BANK_AGENT_DATA: Final = frozenset({1005, 1016, 1026, 1044, 1075})
_PAYMENT_AGENT_DATA: Final = frozenset({1073, 1074})
_SUPPLIER: Final = frozenset({1171, 1224, 1226})

_MARKED_WITH_CODE: Final = frozenset({31, 33})
_PRODUCT_CODES: Final = frozenset([*range(1300, 1310), *range(1320, 1326)])
_MARK_VALUE_CHECKED: Final = 1
_MARK_VALUE_GOOD: Final = 2
_MARK_STATUS_CHECKED: Final = 4
_MARK_STATUS_GOOD: Final = 8

_FFD_1_2: Final = 4

MARKED_KINDS: Final = frozenset({30, 31, 32, 33})
"""1212 of marked goods, in FFD 1.2 only; an item with one of them goes to `item_kind`."""

TAXATION_UNSURE: Final = frozenset({64, 128})
"""1055: single bits that one source names and another does not."""

AGENT_TAGS: Final = frozenset({1222, 1223, 1224, 1226})
"""An item with any of these goes to `item_agent`."""

MARKING_TAGS: Final = frozenset({1162, 1163, 1291, 2102, 2106})
"""An item with any of these goes to `item_marking`."""


def correction_base(case: Case) -> None:
    """1173 and 1174: an order of the tax body has a number; what is corrected is not later than the correction.

    Source: ФФД, 1173, 1174, 1178, 1179.
    """
    base = case.first.get(1174)
    values = values_of(base) if isinstance(base, Nodes) else {}
    if case.first.get(1173) == 1 and not str(values.get(1179, "")).strip():
        case.add("correction_order_number", 1179, within="correctionBase")
    corrected_at = values.get(1178)
    issued_at = case.document.issued_at
    if corrected_at is None or isinstance(corrected_at, bytes):
        if isinstance(base, Nodes):
            case.add("correction_date_missing", 1178, within="correctionBase")
    elif issued_at is not None and corrected_at.date() > issued_at.date():
        case.add("correction_date_late", 1178, f"получено {corrected_at:%d.%m.%Y}", within="correctionBase")


def document_agent(case: Case) -> None:
    """1057 of the whole receipt (FFD 1.05, 1.1): the same data as for an item, on the top level."""
    mask = case.first.get(1057)
    if isinstance(mask, int) and mask:
        _agent_data(case, mask, frozenset(case.first), "")


def item_agent(case: Case, index: int, item: Values) -> None:
    """1222 with the supplier's and the agent's data; each of these asks for the others."""
    within = f"items[{index}]"
    mask = item.get(1222)
    if not isinstance(mask, int) or not mask:
        if not case.number(1057):
            case.add("agent_sign_missing", 1222, within=within)
        return
    if not (_SUPPLIER & item.keys()):
        case.add("agent_supplier_missing", 1224, within=within)
    data = item.get(1223)
    inner = frozenset(data.first()) if isinstance(data, Nodes) else frozenset()
    _agent_data(case, mask, inner | frozenset(case.first), within)


def _agent_data(case: Case, mask: int, present: frozenset[int], within: str) -> None:
    for agents, needed in ((_BANK_AGENTS, _BANK_AGENT_DATA), (_PAYMENT_AGENTS, _PAYMENT_AGENT_DATA)):
        missing = needed - present
        if mask & agents and missing:
            numbers = ", ".join(str(tag) for tag in sorted(missing))
            case.add("agent_data_missing", 1223, f"нет {numbers}", within=within)


def item_kind(case: Case, index: int, item: Values) -> None:
    """1212 of 30…33: in FFD 1.2 only, and with a code of goods where the kind says «с кодом маркировки»."""
    kind = item.get(1212)
    within = f"items[{index}]"
    if case.document.version != _FFD_1_2:
        case.add("product_kind_version", 1212, f"получено {kind}", within=within)
    elif kind in _MARKED_WITH_CODE and 1163 not in item:
        case.add("product_code_missing", 1163, within=within)


def item_marking(case: Case, index: int, item: Values) -> None:
    """1163, 1291, 2102, 2106, 2108 of one item. Source: ФФД 1.2, таблица 96 с примечаниями."""
    within = f"items[{index}]"
    code = item.get(1163)
    if isinstance(code, Nodes):
        inner = [node[0] for node in code if node[0] in _PRODUCT_CODES]
        if len(inner) != 1:
            case.add("product_code_single", 1163, f"получено {len(inner)}", within=within)
        if 2108 not in item:
            case.add("product_measure_missing", 2108, within=within)
    if item.get(2102):
        case.add("marking_mode", 2102, f"получено {item[2102]}", within=within)
    if 1291 in item:
        _fraction(case, item[1291], within)


def _fraction(case: Case, group: Any, within: str) -> None:
    values = values_of(group) if isinstance(group, Nodes) else {}
    numerator, denominator = values.get(1293), values.get(1294)
    within = f"{within}.labeledProdFractionalQuantity"
    if not (isinstance(numerator, int) and isinstance(denominator, int) and 0 < numerator < denominator):
        case.add("fraction_wrong", None, f"получено {numerator}/{denominator}", within=within)
    elif 1292 in values and str(values[1292]).replace(" ", "") != f"{numerator}/{denominator}":
        case.add("fraction_text", 1292, f"ожидалось {numerator}/{denominator}", within=within)


def mark_failed(result: int) -> bool:
    """Whether a result 2106 says that something was checked and found wrong.

    A check that was not made is not a failure: the register may work offline.
    """
    value_bad = bool(result & _MARK_VALUE_CHECKED) and not result & _MARK_VALUE_GOOD
    status_bad = bool(result & _MARK_STATUS_CHECKED) and not result & _MARK_STATUS_GOOD
    return value_bad or status_bad


def marking_results(case: Case) -> None:
    """2107 of the receipt says «есть отрицательные» exactly when the result of an item (2106) is negative."""
    stated = case.first.get(2107)
    values = [values_of(node[3]).get(2106) for node in case.items if isinstance(node[3], Nodes)]
    results = [value for value in values if isinstance(value, int)]
    if stated not in (0, 1) or not results:
        return
    failed = any(mark_failed(result) for result in results)
    if stated == 0 and failed:
        case.add("marking_result", 2107, "ожидалось 1, получено 0")


def internet(case: Case) -> None:
    """1125 = 1 asks for the buyer's address or phone. Source: приказ ФНС ЕД-7-20/236@."""
    if case.first.get(1125) == 1 and 1008 not in case.first:
        case.add("internet_buyer_missing", 1008)


def taxation_registered(case: Case) -> None:
    """1055 is one of the systems the register was registered with (1062), where these are known."""
    registered = case.known.taxation
    applied = case.first.get(1055)
    if registered is not None and isinstance(applied, int) and applied & ~registered:
        case.add("taxation_unregistered", 1055, f"получено {applied}, зарегистрировано {registered}")
