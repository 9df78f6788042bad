"""Every rule of the catalogue is set off by a document, and none by a right one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from chekhov.ffd.checks import NOTHING_KNOWN, RULES, Finding, Known, check, shifts_check
from chekhov.ffd.checks.shifts import DocumentFact
from chekhov.ffd.documents import Document
from ffd.checks import samples as s

NOON = s.local(2024, 9, 17, 12, 0)


def spoilt(fields: s.Fields, code: int = 3, known: Known = NOTHING_KNOWN) -> list[Finding]:
    return check(s.document(code, fields), known)


def raw(extra: bytes, *without: int, fields: s.Fields | None = None) -> list[Finding]:
    """A receipt with a ready-made element in place of the tags `without`."""
    return check(s.document(3, s.drop(s.receipt() if fields is None else fields, *without), extra))


def with_item(version: int = 4, total: int | None = None, **changes: object) -> s.Fields:
    """A receipt of one item, changed by tag: `t1023=…`; None leaves a tag out."""
    item = s.item(version)
    for key, value in changes.items():
        tag = int(key[1:])
        item = s.drop(item, tag) if value is None else s.put(item, tag, value)
    line = dict(item).get(1043, 0) if total is None else total
    fields = s.drop(s.receipt(version), 1059, 1103)
    for tag in (1020, 1081):
        fields = s.put(fields, tag, line)
    return [*fields, (1103, s.vat_inside(line, 10)), (1059, item)]


def correction(**changes: object) -> s.Fields:
    fields = s.receipt(code=31)
    for key, value in changes.items():
        fields = s.put(fields, int(key[1:]), value)
    return fields


def vat(code: int, issued_at: datetime, percent: int, *sums: tuple[int, object]) -> s.Fields:
    fields = s.drop(s.receipt(issued_at=issued_at), 1059, 1103)
    line = s.item(4, code=code, percent=percent)
    return [*fields, (1059, line), (1059, line), *sums]


MARKED: s.Fields = [(1305, "0104670540176099215'W9Um")]

OPEN = DocumentFact(2, 2, NOON, 1)


def receipt_fact(number: int, minutes: int, count: int, shift: int = 1, total: int = 100) -> DocumentFact:
    return DocumentFact(number, 3, NOON + timedelta(minutes=minutes), shift, count, 1, total)


def close_fact(number: int, receipts: int, documents: int, *totals: tuple[int, int]) -> DocumentFact:
    return DocumentFact(
        number,
        5,
        NOON + timedelta(hours=8),
        1,
        receipts_stated=receipts,
        documents_stated=documents,
        totals_stated=totals,
    )


R = s.receipt
FUTURE = Known(received_at=datetime(2024, 9, 15, 12, tzinfo=UTC))

TRIGGERS: dict[str, Callable[[], list[Finding]]] = {
    "document_unknown": lambda: check(s.document(99, s.head(4, NOON)[:-1])),
    "version_legacy": lambda: spoilt(s.drop(R(), 1209)),
    "version_unknown": lambda: spoilt(s.put(R(), 1209, 9)),
    "identity_missing": lambda: spoilt(s.drop(R(), 1077)),
    "total_missing": lambda: spoilt(s.drop(R(), 1020)),
    "required_missing": lambda: spoilt(s.drop(R(), 1187)),
    "tag_unknown": lambda: raw(s.tlv(9999, b"?")),
    "tag_not_in_form": lambda: spoilt([*R(), (1206, 0)]),
    "tag_repeated": lambda: spoilt([*R(), (1021, "Петрова")]),
    "document_too_long": lambda: check(s.document(7, s.operator_ack(), *[s.tlv(1206, b"\0")] * 120)),
    "value_malformed": lambda: raw(s.tlv(1059, s.tlv(1023, b"\xff\x01"))),
    "value_length": lambda: raw(s.tlv(1054, b"\1\0"), 1054),
    "operation_unknown": lambda: spoilt(s.put(R(), 1054, 5)),
    "taxation_not_single": lambda: spoilt(s.put(R(), 1055, 3)),
    "payment_method_unknown": lambda: spoilt(with_item(t1214=9)),
    "correction_type_unknown": lambda: spoilt(correction(t1173=2), 31),
    "vat_code_unknown": lambda: spoilt(with_item(t1199=77)),
    "flag_not_boolean": lambda: spoilt([*R(), (1108, 2)]),
    "value_unlisted": lambda: spoilt(with_item(t1212=99)),
    "bits_unlisted": lambda: spoilt(s.put(R(), 1055, 64)),
    "taxation_unregistered": lambda: spoilt(R(), known=Known(taxation=2 | 4)),
    "fn_serial_mask": lambda: spoilt(s.put(R(), 1041, "99990789000119XX")),
    "rnm_mask": lambda: spoilt(s.put(R(), 1037, "12345")),
    "inn_mask": lambda: spoilt(s.put(R(), 1018, "78257")),
    "party_inn_mask": lambda: spoilt(with_item(t1222=64, t1226="12")),
    "inn_check_digits": lambda: spoilt(s.put(R(), 1018, "7825706087")),
    "rnm_check_digits": lambda: spoilt(s.put(s.registration(), 1013, "00105726645592"), 1),
    "phone_mask": lambda: spoilt([*R(), (1008, "Василий")]),
    "email_mask": lambda: spoilt([*R(), (1117, "Василий")]),
    "country_mask": lambda: spoilt(with_item(t1230="RU")),
    "day_mask": lambda: spoilt([*R(), (1256, [(1227, "Василий"), (1243, "1980-01-01")])]),
    "issued_in_future": lambda: spoilt(R(), known=FUTURE),
    "issued_before_law": lambda: spoilt(s.put(R(), 1012, s.local(2016, 1, 1))),
    "line_sum": lambda: spoilt(with_item(t1043=24000)),
    "line_sum_rounding": lambda: spoilt(with_item(t1043=24737)),
    "quantity_zero": lambda: spoilt(with_item(t1023=Decimal(0))),
    "total_sum": lambda: spoilt(with_item(total=24738 - 100)),
    "total_sum_rounding": lambda: spoilt(with_item(total=24700)),
    "payments_sum": lambda: spoilt(s.put(R(), 1031, 1)),
    "vat_line": lambda: spoilt(with_item(t1200=2251)),
    "vat_unit": lambda: spoilt(with_item(t1198=1)),
    "vat_total": lambda: spoilt(s.put(R(), 1103, s.vat_inside(24738 * 2, 10) + 4)),
    "vat_total_missing": lambda: spoilt(s.drop(R(), 1103)),
    "vat_total_extra": lambda: spoilt([*R(), (1102, 1)]),
    "vat_not_in_force": lambda: spoilt(vat(11, NOON, 22, (1115, [(1119, [(1199, 11), (1120, 8922)])]))),
    "vat_group": lambda: spoilt([*R(), (1115, [(1119, [(1199, 2), (1120, 1)])])]),
    "correction_order_number": lambda: spoilt(correction(t1173=1, t1174=[(1178, s.local(2024, 9, 1))]), 31),
    "correction_date_missing": lambda: spoilt(correction(t1174=[(1179, "1")]), 31),
    "correction_date_late": lambda: spoilt(correction(t1174=[(1178, s.local(2024, 9, 18)), (1179, "1")]), 31),
    "agent_supplier_missing": lambda: spoilt(with_item(t1222=64)),
    "agent_data_missing": lambda: spoilt(with_item(t1222=4, t1226=s.INN, t1223=[(1073, "+79990000000")])),
    "agent_sign_missing": lambda: spoilt(with_item(t1226=s.INN)),
    "product_kind_version": lambda: spoilt(with_item(3, t1212=33)),
    "product_code_missing": lambda: spoilt(with_item(t1212=33)),
    "product_code_single": lambda: spoilt(with_item(t1163=[*MARKED, (1301, "46210654")])),
    "product_measure_missing": lambda: spoilt(with_item(t1163=MARKED, t2108=None)),
    "fraction_wrong": lambda: spoilt(with_item(t1291=[(1292, "2/1"), (1293, 2), (1294, 1)])),
    "fraction_text": lambda: spoilt(with_item(t1291=[(1292, "1/3"), (1293, 1), (1294, 2)])),
    "marking_mode": lambda: spoilt(with_item(t1163=MARKED, t2102=1)),
    "marking_result": lambda: spoilt([*with_item(t1163=MARKED, t2106=5), (2107, 0)]),
    "internet_buyer_missing": lambda: spoilt([*R(), (1125, 1)]),
    "machine_number_missing": lambda: spoilt(s.put(s.registration(), 1001, 1), 1),
    "operator_missing": lambda: spoilt(s.drop(s.registration(), 1046), 1),
    "versions_order": lambda: spoilt(s.put(s.registration(), 1190, 2), 1),
    "reason_missing": lambda: spoilt(s.put(s.registration(code=11), 1205, 0), 11),
    "documents_fewer": lambda: spoilt(s.put(s.shift_close(), 1111, 2), 5),
    "documents_count": lambda: spoilt(s.put(s.shift_close(), 1111, 4), 5),
    "unsent_date_missing": lambda: spoilt([*s.shift_close(), (1097, 3)], 5),
    "counter_receipts": lambda: spoilt(s.put(s.shift_close(), 1194, s.put(s.counters(), 1134, 9)), 5),
    "counter_corrections": lambda: spoilt([*s.state_report(), (1158, [(1144, 5), (1145, [(1135, 1)])])], 21),
    "counter_total": lambda: spoilt(
        s.put(s.drive_close(), 1157, [(1134, 1), (1129, [(1135, 1), (1201, 5)])]), 6
    ),
    "counter_drive": lambda: spoilt(s.put(s.shift_close(), 1157, s.counters(receipts=1)), 5),
    "fd_gap": lambda: shifts_check([OPEN, receipt_fact(5, 1, 1)]),
    "time_back": lambda: shifts_check([OPEN, receipt_fact(3, -5, 1)]),
    "shift_not_open": lambda: shifts_check([DocumentFact(1, 1, NOON), receipt_fact(2, 1, 1)]),
    "shift_not_closed": lambda: shifts_check([OPEN, DocumentFact(3, 2, NOON, 2)]),
    "shift_number": lambda: shifts_check([OPEN, receipt_fact(3, 1, 1, shift=7)]),
    "shift_too_long": lambda: shifts_check([OPEN, receipt_fact(3, 60 * 24 + 1, 1)]),
    "shift_receipt_number": lambda: shifts_check([OPEN, receipt_fact(3, 1, 2)]),
    "shift_receipt_count": lambda: shifts_check([OPEN, receipt_fact(3, 1, 1), close_fact(4, 2, 3)]),
    "shift_document_count": lambda: shifts_check([OPEN, receipt_fact(3, 1, 1), close_fact(4, 1, 9)]),
    "shift_totals": lambda: shifts_check([OPEN, receipt_fact(3, 1, 1), close_fact(4, 1, 3, (1, 777))]),
    "drive_closed": lambda: shifts_check([DocumentFact(9, 6, NOON, 1), DocumentFact(10, 21, NOON)]),
}


def test_the_catalogue_and_the_triggers_are_about_the_same_rules():
    assert set(TRIGGERS) == set(RULES)


@pytest.mark.parametrize("code", sorted(RULES))
def test_a_document_sets_the_rule_off(code: str):
    rule = RULES[code]
    findings = [finding for finding in TRIGGERS[code]() if finding.code == code]
    assert findings
    for finding in findings:
        assert finding.severity == rule.severity
        assert finding.source == rule.source
        assert finding.text_ru.startswith(rule.text_ru)
        assert finding.path


@pytest.mark.parametrize("code", sorted(RULES))
def test_a_rule_has_words_and_a_source(code: str):
    rule = RULES[code]
    assert rule.code == code
    assert rule.text_ru
    assert rule.source


RIGHT = s.right_documents()


@pytest.mark.parametrize("name", sorted(RIGHT))
def test_a_right_document_has_no_findings(name: str):
    known = Known(datetime(2024, 9, 20, tzinfo=UTC), taxation=1, kkt_serial=s.SERIAL)
    assert check(RIGHT[name], known) == []


PUBLISHED = s.published()


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_a_published_capture_has_no_errors(name: str):
    document: Document = PUBLISHED[name]
    assert [finding for finding in check(document) if finding.severity == "error"] == []


EXPORTED = s.exported()


@pytest.mark.parametrize("name", sorted(EXPORTED))
def test_a_real_receipt_is_not_blamed(name: str):
    known = Known(kkt_serial=s.SERIAL)
    assert [finding for finding in check(EXPORTED[name], known) if finding.severity != "notice"] == []
