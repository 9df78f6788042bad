"""Which document, and which group inside one, takes which tags in which version: the tables of the order.

Source: order of the tax service ЕД-7-20/662@ with the amendments of 2023, as transcribed publicly; rows under
`…_LATER` come from the orders of 2024 and 2025. FFD 1.0 has no tables here.
"""

from __future__ import annotations

from functools import cache

from chekhov.ffd.forms import (
    correction,
    counters,
    drive_close,
    item,
    marking,
    operator_ack,
    receipt,
    receipt_groups,
    registration,
    shift_close,
    shift_open,
    state_report,
)
from chekhov.ffd.forms.form import COLUMNS, Form, Requirement, Row, Tables, requirements
from chekhov.ffd.versions import DocumentCode, FfdVersion

__all__ = ["Form", "Requirement", "form", "group_form"]

_Part = tuple[tuple[Row, ...], Tables]
_NO_TABLES: Tables = {}

_REGISTRATION: _Part = (registration.REGISTRATION, registration.REGISTRATION_TABLES)
_RECEIPT: tuple[_Part, ...] = ((receipt.RECEIPT, receipt.RECEIPT_TABLES), (receipt.RECEIPT_LATER, _NO_TABLES))
_CORRECTION: tuple[_Part, ...] = (
    (correction.CORRECTION, correction.CORRECTION_TABLES),
    (correction.CORRECTION_LATER, _NO_TABLES),
)
_OPERATION: tuple[_Part, ...] = ((counters.OPERATION, counters.OPERATION_TABLES),)
_CORRECTIONS: tuple[_Part, ...] = ((counters.CORRECTIONS, counters.CORRECTIONS_TABLES),)
_CORRECTION_SIDE: tuple[_Part, ...] = ((counters.CORRECTION_SIDE, counters.CORRECTION_SIDE_TABLES),)
_TOTALS: tuple[_Part, ...] = ((counters.TOTALS, counters.TOTALS_TABLES),)
_INDUSTRY: tuple[_Part, ...] = ((item.INDUSTRY, item.INDUSTRY_TABLES),)

_DOCUMENTS: dict[int, tuple[_Part, ...]] = {
    DocumentCode.REGISTRATION: (_REGISTRATION,),
    DocumentCode.REREGISTRATION: (
        _REGISTRATION,
        (registration.REREGISTRATION, registration.REREGISTRATION_TABLES),
    ),
    DocumentCode.SHIFT_OPEN: ((shift_open.SHIFT_OPEN, shift_open.SHIFT_OPEN_TABLES),),
    DocumentCode.STATE_REPORT: ((state_report.STATE_REPORT, state_report.STATE_REPORT_TABLES),),
    DocumentCode.RECEIPT: _RECEIPT,
    DocumentCode.BSO: _RECEIPT,
    DocumentCode.RECEIPT_CORRECTION: _CORRECTION,
    DocumentCode.BSO_CORRECTION: _CORRECTION,
    DocumentCode.SHIFT_CLOSE: ((shift_close.SHIFT_CLOSE, shift_close.SHIFT_CLOSE_TABLES),),
    DocumentCode.DRIVE_CLOSE: ((drive_close.DRIVE_CLOSE, drive_close.DRIVE_CLOSE_TABLES),),
    DocumentCode.OPERATOR_ACK: ((operator_ack.OPERATOR_ACK, operator_ack.OPERATOR_ACK_TABLES),),
    DocumentCode.MARK_REQUEST: ((marking.REQUEST, marking.REQUEST_TABLES),),
    DocumentCode.MARK_NOTICE: (
        (marking.NOTICE, marking.NOTICE_TABLES),
        (marking.NOTICE_LATER, _NO_TABLES),
    ),
    DocumentCode.MARK_ANSWER: ((marking.ANSWER, marking.ANSWER_TABLES),),
    DocumentCode.MARK_TICKET: ((marking.TICKET, marking.TICKET_TABLES),),
}

_GROUPS: dict[int, tuple[_Part, ...]] = {
    1059: ((item.ITEM, item.ITEM_TABLES),),
    1068: ((operator_ack.MESSAGE, operator_ack.MESSAGE_TABLES),),
    1084: ((receipt_groups.USER_PROPERTY, receipt_groups.USER_PROPERTY_TABLES),),
    1115: ((receipt_groups.VAT_SUMS_LATER, _NO_TABLES),),
    1119: ((receipt_groups.VAT_SUM_LATER, _NO_TABLES),),
    1163: ((item.GOODS_CODE, item.GOODS_CODE_TABLES),),
    1174: ((correction.GROUND, correction.GROUND_TABLES),),
    1223: ((item.AGENT, item.AGENT_TABLES),),
    1224: ((item.SUPPLIER, item.SUPPLIER_TABLES),),
    1234: ((receipt_groups.CASHLESS_LATER, _NO_TABLES),),
    1235: ((receipt_groups.CASHLESS_ONE_LATER, _NO_TABLES),),
    1256: ((receipt_groups.BUYER, receipt_groups.BUYER_TABLES),),
    1270: ((receipt_groups.OPERATIONAL, receipt_groups.OPERATIONAL_TABLES),),
    1291: ((item.FRACTION, item.FRACTION_TABLES),),
    2007: ((marking.GOODS, marking.GOODS_TABLES), (marking.GOODS_LATER, _NO_TABLES)),
    **dict.fromkeys((1260, 1261), _INDUSTRY),
    **dict.fromkeys((1157, 1194), _TOTALS),
    **dict.fromkeys((1133, 1158), _CORRECTIONS),
    **dict.fromkeys((1129, 1130, 1131, 1132), _OPERATION),
    **dict.fromkeys((1145, 1146, 1232, 1233), _CORRECTION_SIDE),
}


@cache
def form(code: int, version: FfdVersion) -> Form | None:
    """Requisites of a document, None if the version has no such document or we have no table of it."""
    rows = _rows(_DOCUMENTS.get(code, ()), version)
    return Form(version, rows, code=code) if rows else None


@cache
def group_form(parent_tag: int, version: FfdVersion) -> Form | None:
    """Requisites of a group, None if the version has no such group or we have no table of it."""
    rows = _rows(_GROUPS.get(parent_tag, ()), version)
    return Form(version, rows, parent=parent_tag) if rows else None


def _rows(parts: tuple[_Part, ...], version: FfdVersion) -> tuple[Requirement, ...]:
    if version not in COLUMNS:
        return ()
    return tuple(row for rows, tables in parts for row in requirements(version, rows, tables))
