"""What follows from a range of journal rows: sums and states by drive, shift and minute. Pure: rows in, facts out.

Every fact is additive, a minimum, a maximum, or belongs to the document with the highest number; so documents
may come in any order and be cut into ranges anywhere, and the result is the same.
Sums: kopecks. Moments of documents: the register's local clock, naive.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from chekhov.ffd.documents import Document, document_decode
from chekhov.ffd.errors import MalformedDocument
from chekhov.ffd.versions import CORRECTIONS, SETTLEMENTS
from chekhov.fiscal.derive_standing import REPORT_CODES, report_told
from chekhov.fiscal.derive_sums import (
    DayFacts,
    DayKey,
    added,
    day_add,
    settlement_read,
    sums_row,
)
from chekhov.fiscal.verdicts import Verdict
from chekhov.kkt.standings import StandingFact, greatest
from chekhov.ofdwire.limits import CONTAINER_HEADER_BYTES

REGISTRATIONS: Final = frozenset({1, 11, 6})
REGISTRATION, DRIVE_CLOSE, SHIFT_OPEN, SHIFT_CLOSE = 1, 6, 2, 5
UNRECOGNISED: Final = int(Verdict.UNRECOGNISED)
FINDINGS: Final = int(Verdict.FINDINGS)

MODE_TAGS: Final = (1001, 1002, 1056, 1108, 1109, 1110, 1126, 1193, 1207, 1221, 1290)


class JournalFact(NamedTuple):
    """The columns of the journal that the projector reads."""

    fn: str
    fd: int
    received_at: dt.datetime
    issued_at: dt.datetime | None
    code: int
    ffd: int | None
    operation: int | None
    verdict: int
    rnm: str | None
    inn: str | None
    shift: int | None
    total_kopecks: int | None
    container: bytes


@dataclass(slots=True)
class DriveFacts:
    """Of one drive."""

    first_fd: int
    last_fd: int
    first_received_at: dt.datetime
    last_received_at: dt.datetime
    documents: int = 0
    findings: int = 0
    unrecognised: int = 0
    last_issued_at: dt.datetime | None = None
    last_shift: int | None = None
    described_fd: int | None = None
    rnm: str | None = None
    inn: str | None = None
    ffd: int | None = None
    registered_fd: int | None = None
    closed_fd: int | None = None
    numbers: list[int] = field(default_factory=list)


@dataclass(slots=True)
class ShiftFacts:
    """Of one shift of one drive."""

    first_fd: int
    last_fd: int
    owner: tuple[str, str] | None = None
    """РНМ and ИНН; one shift is of one register: were it not, the least pair is as good as any."""
    open_fd: int | None = None
    opened_at: dt.datetime | None = None
    close_fd: int | None = None
    closed_at: dt.datetime | None = None
    first_issued_at: dt.datetime | None = None
    last_issued_at: dt.datetime | None = None
    documents: int = 0
    receipts: int = 0
    corrections: int = 0


ShiftKey = tuple[str, int]
TotalKey = tuple[str, int, int, bool]
VatKey = tuple[str, int, int, bool, int]


@dataclass(slots=True)
class Derived:
    """All that follows from a range."""

    drives: dict[str, DriveFacts] = field(default_factory=dict)
    shifts: dict[ShiftKey, ShiftFacts] = field(default_factory=dict)
    totals: dict[TotalKey, list[int]] = field(default_factory=dict)
    """Receipts, total, then the sums of PAYMENT_TAGS."""
    vat: dict[VatKey, int] = field(default_factory=dict)
    minutes: dict[dt.datetime, list[int]] = field(default_factory=dict)
    """Documents, those with findings, those not recognised."""
    days: dict[DayKey, DayFacts] = field(default_factory=dict)
    item_names: dict[int, str] = field(default_factory=dict)
    standings: dict[tuple[str, str], StandingFact] = field(default_factory=dict)
    registrations: list[tuple[str, int, Document]] = field(default_factory=list)


def derive(facts: Iterable[JournalFact]) -> Derived:
    """What follows from these rows, each of which is given once."""
    derived = Derived()
    for fact in facts:
        _drive(derived, fact)
        _minute(derived, fact)
        if fact.verdict == UNRECOGNISED:
            continue
        if fact.shift is not None:
            _shift(derived, fact)
        standing = _standing(derived, fact)
        code = fact.code
        if code in SETTLEMENTS or code in CORRECTIONS:
            _settlement(derived, fact, correction=code in CORRECTIONS)
        elif code in REPORT_CODES:
            _report(derived, fact, standing)
    return derived


def runs_of(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Numbers as unbroken runs (first, last), in order."""
    runs: list[tuple[int, int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


def runs_merged(runs: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Runs that touch or overlap joined, in order."""
    merged: list[tuple[int, int]] = []
    for first, last in sorted(runs):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return merged


def _drive(derived: Derived, fact: JournalFact) -> None:
    fn, fd = fact.fn, fact.fd
    drive = derived.drives.get(fn)
    if drive is None:
        drive = derived.drives[fn] = DriveFacts(fd, fd, fact.received_at, fact.received_at)
    drive.documents += 1
    drive.numbers.append(fd)
    drive.first_fd, drive.last_fd = min(drive.first_fd, fd), max(drive.last_fd, fd)
    drive.first_received_at = min(drive.first_received_at, fact.received_at)
    drive.last_received_at = max(drive.last_received_at, fact.received_at)
    drive.findings += fact.verdict == FINDINGS
    drive.unrecognised += fact.verdict == UNRECOGNISED
    drive.last_issued_at = greatest(drive.last_issued_at, fact.issued_at)
    if fact.shift is not None and (drive.last_shift is None or fact.shift > drive.last_shift):
        drive.last_shift = fact.shift
    if fact.rnm is not None and (drive.described_fd is None or fd > drive.described_fd):
        drive.described_fd, drive.rnm, drive.inn, drive.ffd = fd, fact.rnm, fact.inn, fact.ffd
    if fact.code == REGISTRATION and fact.verdict != UNRECOGNISED:
        drive.registered_fd = fd if drive.registered_fd is None else min(drive.registered_fd, fd)
    if fact.code == DRIVE_CLOSE and fact.verdict != UNRECOGNISED:
        drive.closed_fd = fd if drive.closed_fd is None else min(drive.closed_fd, fd)


def _minute(derived: Derived, fact: JournalFact) -> None:
    minute_at = fact.received_at.replace(second=0, microsecond=0)
    counts = derived.minutes.get(minute_at)
    if counts is None:
        counts = derived.minutes[minute_at] = [0, 0, 0]
    counts[0] += 1
    counts[1] += fact.verdict == FINDINGS
    counts[2] += fact.verdict == UNRECOGNISED


def _shift(derived: Derived, fact: JournalFact) -> None:
    assert fact.shift is not None
    fd, code = fact.fd, fact.code
    key = (fact.fn, fact.shift)
    shift = derived.shifts.get(key)
    if shift is None:
        shift = derived.shifts[key] = ShiftFacts(fd, fd)
    shift.documents += 1
    shift.first_fd, shift.last_fd = min(shift.first_fd, fd), max(shift.last_fd, fd)
    if fact.issued_at is not None:
        shift.last_issued_at = greatest(shift.last_issued_at, fact.issued_at)
        if shift.first_issued_at is None or fact.issued_at < shift.first_issued_at:
            shift.first_issued_at = fact.issued_at
    if fact.rnm is not None:
        owner = (fact.rnm, fact.inn or "")
        if shift.owner is None or owner < shift.owner:
            shift.owner = owner
    if code == SHIFT_OPEN and (shift.open_fd is None or fd < shift.open_fd):
        shift.open_fd, shift.opened_at = fd, fact.issued_at
    elif code == SHIFT_CLOSE and (shift.close_fd is None or fd < shift.close_fd):
        shift.close_fd, shift.closed_at = fd, fact.issued_at
    elif code in SETTLEMENTS:
        shift.receipts += 1
    elif code in CORRECTIONS:
        shift.corrections += 1


def _standing(derived: Derived, fact: JournalFact) -> StandingFact | None:
    """That the register is alive; None for a document that does not say whose it is."""
    rnm, inn = fact.rnm, fact.inn
    if not rnm or not inn:
        return None
    standing = derived.standings.get((rnm, inn))
    if standing is None:
        standing = derived.standings[rnm, inn] = StandingFact(rnm, inn)
    standing.documents += 1
    standing.last_issued_at = greatest(standing.last_issued_at, fact.issued_at)
    standing.last_received_at = greatest(standing.last_received_at, fact.received_at)
    return standing


def _settlement(derived: Derived, fact: JournalFact, *, correction: bool) -> None:
    """The sums of a receipt: of its shift, and of its register's day."""
    operation = fact.operation
    if operation is None:
        return
    receipt = settlement_read(fact.container)
    if receipt is None:
        return
    row = sums_row(receipt)
    if fact.shift is not None:
        key = (fact.fn, fact.shift, operation, correction)
        added(derived.totals, key, row)
        vat = derived.vat
        for rate, amount in receipt.vat:
            vat[*key, rate] = vat.get((*key, rate), 0) + amount
    rnm, inn, issued_at = fact.rnm, fact.inn, fact.issued_at
    if not rnm or not inn or issued_at is None:
        return
    day_key = (rnm, inn, issued_at.date())
    day = derived.days.get(day_key)
    if day is None:
        day = derived.days[day_key] = DayFacts()
    day_add(
        day, derived.item_names, receipt, row, hour=issued_at.hour, operation=operation, correction=correction
    )


def _report(derived: Derived, fact: JournalFact, standing: StandingFact | None) -> None:
    try:
        document = document_decode(fact.container[CONTAINER_HEADER_BYTES:])
    except MalformedDocument:
        return
    if fact.code in REGISTRATIONS:
        derived.registrations.append((fact.fn, fact.fd, document))
    if standing is not None:
        report_told(standing, fact.fn, fact.fd, document)
