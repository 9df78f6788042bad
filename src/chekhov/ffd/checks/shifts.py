"""Rules over several documents of one drive: order, shifts, gaps. Pure functions over plain facts.

They look at what an operator has received, so a document that is still on its way makes findings of its own: a gap,
a count that does not agree. Whoever shows them says so; whoever runs them again gets others.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from chekhov.ffd.checks.case import values_of
from chekhov.ffd.checks.catalogue import RULES
from chekhov.ffd.checks.finding import Finding
from chekhov.ffd.documents import Document
from chekhov.ffd.versions import RECEIPTS, SETTLEMENTS
from chekhov.tlv import Nodes

SHIFT_MAX: Final = timedelta(hours=24)
"""54-ФЗ, ст. 4.3 п. 2: no receipt later than that after the opening report."""

_OPEN: Final = 2
_CLOSE: Final = 5
_DRIVE_CLOSE: Final = 6
_COUNTER_GROUPS: Final = {1129: 1, 1130: 2, 1131: 3, 1132: 4}  # counters of 1194 -> признак расчёта


class DocumentFact(NamedTuple):
    """What the rules know of one document. `issued_at`: local, naive. Sums in kopecks.

    `receipts_stated`, `documents_stated`, `totals_stated`: 1118, 1111 and 1201 by operation of a close report.
    """

    fd_number: int
    code: int
    issued_at: datetime | None = None
    shift_number: int | None = None
    receipt_number: int | None = None
    operation: int | None = None
    total_kopecks: int = 0
    receipts_stated: int | None = None
    documents_stated: int | None = None
    totals_stated: tuple[tuple[int, int], ...] = ()


class Gap(NamedTuple):
    """Documents numbered `first..last`, both included, that are not there."""

    first: int
    last: int

    @property
    def missing(self) -> int:
        """How many are missing."""
        return self.last - self.first + 1


def fact_of(document: Document) -> DocumentFact:
    """The facts of a decoded document; what it does not carry is None."""
    first = document.first

    def number(tag: int) -> int | None:
        value = first.get(tag)
        return value if isinstance(value, int) else None

    totals: list[tuple[int, int]] = []
    group = first.get(1194)
    if isinstance(group, Nodes):
        for tag, operation in _COUNTER_GROUPS.items():
            inner = values_of(group).get(tag)
            total = values_of(inner).get(1201) if isinstance(inner, Nodes) else None
            if isinstance(total, int):
                totals.append((operation, total))
    return DocumentFact(
        fd_number=number(1040) or 0,
        code=document.code,
        issued_at=document.issued_at,
        shift_number=number(1038),
        receipt_number=number(1042),
        operation=number(1054),
        total_kopecks=number(1020) or 0,
        receipts_stated=number(1118),
        documents_stated=number(1111),
        totals_stated=tuple(totals),
    )


def gaps(fd_numbers: Iterable[int], *, first: int = 1) -> list[Gap]:
    """Holes in a drive's numbering from `first` to the greatest number there is; the order does not matter."""
    found: list[Gap] = []
    expected = first
    for number in sorted(set(fd_numbers)):
        if number > expected:
            found.append(Gap(expected, number - 1))
        expected = max(expected, number + 1)
    return found


@dataclass(slots=True)
class _Walk:
    """Where one pass over a drive's documents stands.

    `open_shift`: number of the open shift, None when closed or not known. `started`: whether a shift is open is
    known. `whole`: the shift was seen from its opening report on and nothing of it is missing, so that its
    counts may be compared.
    """

    found: list[Finding] = field(default_factory=list)
    previous: DocumentFact | None = None
    last_shift: int | None = None
    open_shift: int | None = None
    opened_at: datetime | None = None
    started: bool = False
    whole: bool = False
    closed: bool = False
    receipts: int = 0
    corrections: int = 0
    documents: int = 0
    last_receipt: int | None = None
    totals: dict[int, int] = field(default_factory=dict)

    def add(self, fact: DocumentFact, code: str, tag: int | None, detail: str) -> None:
        rule = RULES[code]
        path = f"document[{fact.fd_number}]"
        self.found.append(Finding(path, tag, code, rule.severity, f"{rule.text_ru}: {detail}", rule.source))

    def step(self, fact: DocumentFact) -> None:
        self.started = self.started or fact.fd_number == 1
        self._order(fact)
        if self.closed:
            self.add(fact, "drive_closed", 1040, f"документ {fact.fd_number}")
        if fact.code == _OPEN:
            self._opening(fact)
        elif fact.code in RECEIPTS:
            self._receipt(fact)
        elif fact.code == _CLOSE:
            self._closing(fact)
        else:
            self.documents += 1
            self.closed = self.closed or fact.code == _DRIVE_CLOSE
        self.previous = fact

    def _order(self, fact: DocumentFact) -> None:
        previous = self.previous
        if previous is None:
            return
        if fact.fd_number > previous.fd_number + 1:
            # what is missing may have closed the shift or opened another one
            self.started = self.whole = False
            self.open_shift = self.last_shift = None
            missing = Gap(previous.fd_number + 1, fact.fd_number - 1)
            self.add(fact, "fd_gap", 1040, f"нет документов {missing.first}…{missing.last}")
        if previous.issued_at and fact.issued_at and fact.issued_at < previous.issued_at:
            self.add(
                fact,
                "time_back",
                1012,
                f"{fact.issued_at:%d.%m.%Y %H:%M} после {previous.issued_at:%d.%m.%Y %H:%M}",
            )

    def _opening(self, fact: DocumentFact) -> None:
        if self.open_shift is not None:
            self.add(fact, "shift_not_closed", 1038, f"смена {self.open_shift}")
        if (
            self.last_shift is not None
            and fact.shift_number is not None
            and fact.shift_number != self.last_shift + 1
        ):
            self.add(
                fact, "shift_number", 1038, f"ожидалось {self.last_shift + 1}, получено {fact.shift_number}"
            )
        self.open_shift = self.last_shift = fact.shift_number or 0
        self.opened_at = fact.issued_at
        self.started = self.whole = True
        self.receipts = self.corrections = 0
        self.documents = 1
        self.last_receipt = 0
        self.totals = {}

    def _receipt(self, fact: DocumentFact) -> None:
        self.documents += 1
        if fact.code in SETTLEMENTS:
            self.receipts += 1
            operation = fact.operation or 0
            self.totals[operation] = self.totals.get(operation, 0) + fact.total_kopecks
        else:
            self.corrections += 1
        if self.open_shift is None:
            if self.started:
                self.add(fact, "shift_not_open", 1038, f"документ {fact.fd_number}")
            return
        if fact.shift_number is not None and fact.shift_number != self.open_shift:
            self.add(fact, "shift_number", 1038, f"ожидалось {self.open_shift}, получено {fact.shift_number}")
        if self.opened_at and fact.issued_at and fact.issued_at - self.opened_at > SHIFT_MAX:
            self.add(fact, "shift_too_long", 1012, f"смена открыта {self.opened_at:%d.%m.%Y %H:%M}")
        if self.whole and fact.receipt_number is not None:
            expected = (self.last_receipt or 0) + 1
            if fact.receipt_number != expected:
                self.add(
                    fact,
                    "shift_receipt_number",
                    1042,
                    f"ожидалось {expected}, получено {fact.receipt_number}",
                )
        self.last_receipt = fact.receipt_number or self.last_receipt

    def _closing(self, fact: DocumentFact) -> None:
        self.documents += 1
        if self.open_shift is None:
            if self.started:
                self.add(fact, "shift_not_open", 1038, "отчёт о закрытии")
        elif fact.shift_number is not None and fact.shift_number != self.open_shift:
            self.add(fact, "shift_number", 1038, f"ожидалось {self.open_shift}, получено {fact.shift_number}")
        if self.whole and self.open_shift is not None:
            self._counts(fact)
        self.started = True
        self.last_shift = fact.shift_number if fact.shift_number is not None else self.last_shift
        self.open_shift = None
        self.whole = False

    def _counts(self, fact: DocumentFact) -> None:
        """1118 is counted by some drives with corrections and by some without; either is taken."""
        stated = fact.receipts_stated
        if stated is not None and stated not in {self.receipts, self.receipts + self.corrections}:
            self.add(
                fact,
                "shift_receipt_count",
                1118,
                f"получено {self.receipts + self.corrections}, в отчёте {stated}",
            )
        stated = fact.documents_stated
        if stated is not None and stated != self.documents:
            self.add(fact, "shift_document_count", 1111, f"получено {self.documents}, в отчёте {stated}")
        for operation, total in fact.totals_stated:
            received = self.totals.get(operation, 0)
            if received != total:
                self.add(
                    fact,
                    "shift_totals",
                    1201,
                    f"признак расчёта {operation}: получено {received}, в отчёте {total}",
                )


def shifts_check(facts: Iterable[DocumentFact]) -> list[Finding]:
    """Walk the documents of one drive in the order of their numbers and tell what does not fit.

    The first documents may be those of the middle of a drive's life: nothing is asked of a shift whose
    opening report is not among them. A number that comes twice is taken once.
    """
    walk = _Walk()
    seen: dict[int, DocumentFact] = {}
    for fact in facts:
        seen.setdefault(fact.fd_number, fact)
    for number in sorted(seen):
        walk.step(seen[number])
    return walk.found
