"""Where the report of closing a shift and the documents received of it do not agree.

Every report counts its documents (1111) and receipts (1118); from FFD 1.1 on it carries the drive's sums of the shift
(1194). Mostly a difference means that documents are still on their way.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from chekhov.face.shifts import operation_word
from chekhov.ffd.checks.vat import vat_label
from chekhov.ffd.documents import Document, document_decode
from chekhov.ffd.errors import MalformedDocument
from chekhov.fiscal.models import DocumentRun, FiscalDocument
from chekhov.fiscal.payments import Payment
from chekhov.fiscal.selectors import ShiftCard
from chekhov.ofdwire.limits import CONTAINER_HEADER_BYTES
from chekhov.tlv import Nodes
from chekhov.values.money import roubles

DOCUMENTS, RECEIPTS, SHIFT_COUNTERS, CORRECTION_COUNTERS = 1111, 1118, 1194, 1133
COUNT, TOTAL = 1135, 1201
GROUPS: Final = {1129: 1, 1130: 2, 1131: 3, 1132: 4}
CORRECTION_GROUPS: Final = {1145: 1, 1232: 2, 1146: 3, 1233: 4}
PAYMENT_COUNTERS: Final = {
    1136: Payment.CASH,
    1138: Payment.ELECTRONIC,
    1218: Payment.PREPAID,
    1219: Payment.CREDIT,
    1220: Payment.PROVISION,
}
VAT_COUNTERS: Final = {1139: 1, 1140: 2, 1141: 3, 1142: 4, 1143: 5, 1183: 6}
"""Rates of 2025 and later have no counter: with one of them in the shift VAT is not compared."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure of the report that the documents do not confirm. `is_money`: in kopecks, else a count."""

    word: str
    report_value: int
    sum_value: int
    is_money: bool

    @property
    def report(self) -> str:
        """What the report says, as it is shown."""
        return _shown(self.report_value, is_money=self.is_money)

    @property
    def sum(self) -> str:
        """What the documents give, as it is shown."""
        return _shown(self.sum_value, is_money=self.is_money)


def shift_differences(card: ShiftCard) -> list[Difference]:
    """Of a shift; nothing while its closing report has not come."""
    fn, close_fd = card.shift.fn, card.shift.close_fd
    if close_fd is None:
        return []
    container = FiscalDocument.objects.filter(fn=fn, fd=close_fd).values_list("container", flat=True).first()
    if container is None:
        return []
    try:
        report = document_decode(bytes(container)[CONTAINER_HEADER_BYTES:])
    except MalformedDocument:
        return []
    documents = report.get(DOCUMENTS)
    received = _received(fn, close_fd, documents) if isinstance(documents, int) else 0
    return list(differences_of(report, card, received))


def differences_of(report: Document, card: ShiftCard, received: int) -> Iterator[Difference]:
    """Pure. `received`: how many of the last 1111 documents up to the report have come."""
    documents, receipts = report.get(DOCUMENTS), report.get(RECEIPTS)
    if isinstance(documents, int) and documents != received:
        yield Difference("Документов за смену", documents, received, is_money=False)
    of_shift = card.shift.receipts, card.shift.receipts + card.shift.corrections
    # Whether corrections are counted is read in both ways.
    if isinstance(receipts, int) and receipts not in of_shift:
        yield Difference("Чеков за смену", receipts, of_shift[1], is_money=False)
    counters = report.get(SHIFT_COUNTERS)
    if isinstance(counters, Nodes):
        members = counters.first()
        yield from _groups(members, GROUPS, card, correction=False)
        corrections = members.get(CORRECTION_COUNTERS)
        if isinstance(corrections, Nodes):
            yield from _groups(corrections.first(), CORRECTION_GROUPS, card, correction=True)


def _groups(
    members: Mapping[int, Any], groups: Mapping[int, int], card: ShiftCard, *, correction: bool
) -> Iterator[Difference]:
    """A counter that is left out is zero."""
    totals = {total.operation: total for total in card.totals if total.correction == correction}
    new_rates = any(vat.rate not in VAT_COUNTERS.values() for vat in card.vat)
    closed_at = card.shift.closed_at or card.shift.last_issued_at
    on = dt.date.min if closed_at is None else closed_at.date()
    for tag, operation in groups.items():
        group = members.get(tag)
        told = group.first() if isinstance(group, Nodes) else {}
        total = totals.get(operation)
        word = operation_word(operation, correction=correction)
        pairs = [
            (COUNT, "чеков", total.receipts if total else 0, False),
            (TOTAL, "всего", total.total_kopecks if total else 0, True),
        ]
        for counter, payment in PAYMENT_COUNTERS.items():
            value = getattr(total, payment.column) if total else 0
            pairs.append((counter, payment.label.lower(), value, True))
        if not correction and not new_rates:
            rates = {
                vat.rate: vat.amount_kopecks
                for vat in card.vat
                if vat.operation == operation and not vat.correction
            }
            pairs += [
                (counter, vat_label(rate, on), rates.get(rate, 0), True)
                for counter, rate in VAT_COUNTERS.items()
            ]
        for counter, name, value, is_money in pairs:
            in_report = told.get(counter, 0)
            if isinstance(in_report, int) and in_report != value:
                yield Difference(f"{word}: {name}", in_report, value, is_money)


def _received(fn: str, close_fd: int, documents: int) -> int:
    """How many of so many documents before the report, itself included, have come."""
    first_fd = close_fd - documents + 1
    runs = DocumentRun.objects.filter(fn=fn, first_fd__lte=close_fd, last_fd__gte=first_fd)
    return sum(
        min(last, close_fd) - max(first, first_fd) + 1
        for first, last in runs.values_list("first_fd", "last_fd")
    )


def _shown(value: int, *, is_money: bool) -> str:
    return roubles(value) if is_money else str(value)
