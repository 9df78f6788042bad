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
from chekhov.ffd.tags import TAG_SPEC
from chekhov.fiscal.verdicts import Verdict
from chekhov.ofdwire.limits import CONTAINER_HEADER_BYTES
from chekhov.tlv import MalformedTlv, Node, Spec, decode

SETTLEMENTS: Final = frozenset({3, 4})
CORRECTIONS: Final = frozenset({31, 41})
REGISTRATIONS: Final = frozenset({1, 11, 6})
REGISTRATION, DRIVE_CLOSE, SHIFT_OPEN, SHIFT_CLOSE = 1, 6, 2, 5

PAYMENT_TAGS: Final = (1031, 1081, 1215, 1216, 1217)
"""Cash, electronic, prepaid, credit, provision."""

VAT_TAGS: Final = {1102: 1, 1103: 2, 1106: 3, 1107: 4, 1104: 5, 1105: 6}
"""Tags of totals by rate, to the rate's code in 1199."""

VAT_GROUP, VAT_LINE, VAT_RATE, VAT_AMOUNT = 1115, 1119, 1199, 1120

MODE_TAGS: Final = (1001, 1002, 1056, 1108, 1109, 1110, 1126, 1193, 1207, 1221, 1290)

# Sums stand at the top level: items are stepped over unread.
_TOTALS_SPEC: Final = Spec(
    {tag: TAG_SPEC.fields[tag] for tag in (1020, *PAYMENT_TAGS, *VAT_TAGS, VAT_GROUP)},
    {VAT_GROUP: TAG_SPEC.child(VAT_GROUP)},
)
SUM_MAX: Final = 0xFFFF_FFFF_FFFF
"""Six bytes, as the tables declare; more is not a sum and is not added."""


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
    rnm: str | None = None
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
    registrations: list[tuple[str, int, Document]] = field(default_factory=list)


def derive(facts: Iterable[JournalFact]) -> Derived:
    """What follows from these rows, each of which is given once."""
    derived = Derived()
    for fact in facts:
        _drive(derived, fact)
        _minute(derived, fact)
        if fact.verdict == Verdict.UNRECOGNISED:
            continue
        if fact.shift is not None:
            _shift(derived, fact)
        if fact.code in REGISTRATIONS:
            try:
                document = document_decode(fact.container[CONTAINER_HEADER_BYTES:])
            except MalformedDocument:
                continue
            derived.registrations.append((fact.fn, fact.fd, document))
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
    drive.findings += fact.verdict == Verdict.FINDINGS
    drive.unrecognised += fact.verdict == Verdict.UNRECOGNISED
    drive.last_issued_at = _later(drive.last_issued_at, fact.issued_at)
    if fact.shift is not None and (drive.last_shift is None or fact.shift > drive.last_shift):
        drive.last_shift = fact.shift
    if fact.rnm is not None and (drive.described_fd is None or fd > drive.described_fd):
        drive.described_fd, drive.rnm, drive.inn, drive.ffd = fd, fact.rnm, fact.inn, fact.ffd
    if fact.code == REGISTRATION and fact.verdict != Verdict.UNRECOGNISED:
        drive.registered_fd = fd if drive.registered_fd is None else min(drive.registered_fd, fd)
    if fact.code == DRIVE_CLOSE and fact.verdict != Verdict.UNRECOGNISED:
        drive.closed_fd = fd if drive.closed_fd is None else min(drive.closed_fd, fd)


def _minute(derived: Derived, fact: JournalFact) -> None:
    minute_at = fact.received_at.replace(second=0, microsecond=0)
    counts = derived.minutes.get(minute_at)
    if counts is None:
        counts = derived.minutes[minute_at] = [0, 0, 0]
    counts[0] += 1
    counts[1] += fact.verdict == Verdict.FINDINGS
    counts[2] += fact.verdict == Verdict.UNRECOGNISED


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
        shift.last_issued_at = _later(shift.last_issued_at, fact.issued_at)
        if shift.first_issued_at is None or fact.issued_at < shift.first_issued_at:
            shift.first_issued_at = fact.issued_at
    if fact.rnm is not None and (shift.rnm is None or fact.rnm < shift.rnm):
        shift.rnm = fact.rnm  # one shift is of one register; were it not, the least number is as good as any
    if code == SHIFT_OPEN and (shift.open_fd is None or fd < shift.open_fd):
        shift.open_fd, shift.opened_at = fd, fact.issued_at
    elif code == SHIFT_CLOSE and (shift.close_fd is None or fd < shift.close_fd):
        shift.close_fd, shift.closed_at = fd, fact.issued_at
    elif code in SETTLEMENTS:
        shift.receipts += 1
        _totals(derived, fact, correction=False)
    elif code in CORRECTIONS:
        shift.corrections += 1
        _totals(derived, fact, correction=True)


def _totals(derived: Derived, fact: JournalFact, *, correction: bool) -> None:
    if fact.operation is None or fact.shift is None:
        return
    container = fact.container
    start = CONTAINER_HEADER_BYTES + 4
    end = start + (container[start - 2] | container[start - 1] << 8)
    try:
        nodes, _ = decode(container, _TOTALS_SPEC, start=start, end=min(end, len(container)))
    except MalformedTlv:
        return
    sums: dict[int, int] = {}
    groups: list[Node] = []
    for node in nodes:
        value = node[3]
        if isinstance(value, int):
            if value <= SUM_MAX:
                sums.setdefault(node[0], value)
        elif node[0] == VAT_GROUP:
            groups.append(node)
    key = (fact.fn, fact.shift, fact.operation, correction)
    totals = derived.totals.get(key)
    if totals is None:
        totals = derived.totals[key] = [0] * (2 + len(PAYMENT_TAGS))
    totals[0] += 1
    totals[1] += sums.get(1020, 0)
    for place, tag in enumerate(PAYMENT_TAGS, 2):
        totals[place] += sums.get(tag, 0)
    vat = derived.vat
    for tag, rate in VAT_TAGS.items():
        if sums.get(tag):
            vat[*key, rate] = vat.get((*key, rate), 0) + sums[tag]
    for group in groups:
        for rate, amount in _vat_lines(group):
            vat[*key, rate] = vat.get((*key, rate), 0) + amount


def _vat_lines(group: Node) -> Iterable[tuple[int, int]]:
    """Rate and amount of each line of «суммы НДС чека»."""
    lines = group[3] if isinstance(group[3], tuple) else ()
    for line in lines:
        if line[0] != VAT_LINE or not isinstance(line[3], tuple):
            continue
        members = {member[0]: member[3] for member in line[3]}
        rate, amount = members.get(VAT_RATE), members.get(VAT_AMOUNT)
        if isinstance(rate, int) and isinstance(amount, int) and rate <= 255 and amount <= SUM_MAX:
            yield rate, amount


def _later(one: dt.datetime | None, other: dt.datetime | None) -> dt.datetime | None:
    if one is None or other is None:
        return one or other
    return max(one, other)
