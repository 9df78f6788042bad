"""Questions about what was received. Reads only; frozen answers or models without their bytes.

Lists are paged by key («keyset»): a page gives `next_cursor`, the next call takes it as `before`.
Moments: aware UTC. `now` is an argument.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet

from chekhov.fiscal.errors import DocumentNotFound, QuarantinedNotFound, ShiftNotFound
from chekhov.fiscal.models import (
    DocumentRun,
    DriveState,
    FiscalDocument,
    IntakeMinute,
    ProjectorCursor,
    Quarantined,
    QuarantineOverflow,
    Shift,
    ShiftTotal,
    ShiftVat,
)

PAGE_ROWS_MAX = 200
LAG_ROWS_COUNTED_MAX = 10_000
GAPS_SHOWN_MAX = 500


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """Documents, newest first, and the key to ask for older ones (None: no more)."""

    documents: list[FiscalDocument]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class IntakeRate:
    """Documents in about the last sixty seconds, and by whole minutes, oldest first, without holes."""

    last_minute: int
    minutes: list[tuple[dt.datetime, int]]


@dataclass(frozen=True, slots=True)
class ProjectorLag:
    """How far what is derived lags behind the journal.

    `rows` is exact up to LAG_ROWS_COUNTED_MAX, then `rows_are_more` is true.
    """

    rows: int
    rows_are_more: bool
    seconds: float
    projected_xid: int


@dataclass(frozen=True, slots=True)
class Gap:
    """Document numbers of a drive that have not come, both ends included."""

    first_fd: int
    last_fd: int

    @property
    def documents(self) -> int:
        """How many are missing."""
        return self.last_fd - self.first_fd + 1


@dataclass(frozen=True, slots=True)
class ShiftCard:
    """A shift with its sums: totals by operation, VAT by operation and rate."""

    shift: Shift
    totals: list[ShiftTotal]
    vat: list[ShiftVat]


@dataclass(frozen=True, slots=True)
class QuarantinePage:
    """Quarantined messages, newest first, and the key to ask for older ones."""

    rows: list[Quarantined]
    next_cursor: int | None


# ── documents ────────────────────────────────────────────────────────────────────────────────────────


def document_get(*, fn: str, fd: int) -> FiscalDocument:
    """The journal's row with its bytes.

    Raises: DocumentNotFound.
    """
    row = FiscalDocument.objects.filter(fn=fn, fd=fd).first()
    if row is None:
        raise DocumentNotFound(fn, fd)
    return row


def documents_of_drive(*, fn: str, first_fd: int, last_fd: int) -> QuerySet[FiscalDocument]:
    """Documents of a drive with numbers in the range, in order, without their bytes."""
    return (
        FiscalDocument.objects.filter(fn=fn, fd__gte=first_fd, fd__lte=last_fd)
        .defer("container", "answer")
        .order_by("fd")
    )


def is_projected(document: FiscalDocument) -> bool:
    """Whether the projector has already derived what follows from this document."""
    cursor = ProjectorCursor.objects.first()
    return cursor is not None and document.xid <= cursor.xid


# ── how the intake does ──────────────────────────────────────────────────────────────────────────────


def intake_rate(*, now: dt.datetime, minutes: int = 60) -> IntakeRate:
    """How many documents came lately, as far as they are projected.

    The last sixty seconds are the running minute and the fitting share of the one before: exact enough
    for an eye, and it costs two rows whatever the rate.
    """
    running = now.replace(second=0, microsecond=0)
    oldest = running - dt.timedelta(minutes=minutes - 1)
    counts = dict(
        IntakeMinute.objects.filter(minute_at__gte=oldest, minute_at__lte=running).values_list(
            "minute_at", "documents"
        )
    )
    series = [
        (at, counts.get(at, 0)) for at in (oldest + dt.timedelta(minutes=number) for number in range(minutes))
    ]
    share = 1 - (now - running).total_seconds() / 60
    before = counts.get(running - dt.timedelta(minutes=1), 0)
    return IntakeRate(counts.get(running, 0) + round(before * share), series)


def projector_lag(*, now: dt.datetime) -> ProjectorLag:
    """How far the projector is behind."""
    cursor = ProjectorCursor.objects.first()
    projected_xid = 0 if cursor is None else cursor.xid
    with connection.cursor() as sql:
        sql.execute(
            "SELECT count(*), min(received_at) FROM ("
            " SELECT received_at FROM fiscal_document WHERE xid > %s::xid8 ORDER BY xid LIMIT %s) AS waiting",
            [str(projected_xid), LAG_ROWS_COUNTED_MAX + 1],
        )
        rows, oldest = sql.fetchone()
    seconds = 0.0 if oldest is None else max(0.0, (now - oldest).total_seconds())
    return ProjectorLag(min(rows, LAG_ROWS_COUNTED_MAX), rows > LAG_ROWS_COUNTED_MAX, seconds, projected_xid)


# ── drives, registers, shifts ────────────────────────────────────────────────────────────────────────


def drive_state(*, fn: str) -> DriveState | None:
    """What is known of a drive, None if nothing came from it (or nothing is projected yet)."""
    return DriveState.objects.filter(fn=fn).first()


def drive_gaps(*, fn: str) -> list[Gap]:
    """Document numbers that are missing among those received from a drive, lowest first, at most 500 gaps.

    A drive numbers its documents from 1, so what lies before the first received is missing too.
    """
    gaps: list[Gap] = []
    expected = 1
    runs = DocumentRun.objects.filter(fn=fn).order_by("first_fd").values_list("first_fd", "last_fd")
    for first_fd, last_fd in runs[: GAPS_SHOWN_MAX + 1]:
        if first_fd > expected:
            gaps.append(Gap(expected, first_fd - 1))
        expected = last_fd + 1
    return gaps[:GAPS_SHOWN_MAX]


def shifts_of_drive(*, fn: str) -> QuerySet[Shift]:
    """Shifts of a drive, last first."""
    return Shift.objects.filter(fn=fn).order_by("-number")


def shift_card(*, fn: str, number: int) -> ShiftCard:
    """A shift with its sums.

    Raises: ShiftNotFound.
    """
    shift = Shift.objects.filter(fn=fn, number=number).first()
    if shift is None:
        raise ShiftNotFound(fn, number)
    key = {"fn": fn, "number": number}
    return ShiftCard(
        shift,
        list(ShiftTotal.objects.filter(**key).order_by("correction", "operation")),
        list(ShiftVat.objects.filter(**key).order_by("correction", "operation", "rate")),
    )


# ── quarantine ───────────────────────────────────────────────────────────────────────────────────────


def quarantine_latest(
    *, resolved: bool | None = False, reason: str | None = None, before: int | None = None, limit: int = 50
) -> QuarantinePage:
    """What was set aside, last first, without its bytes. `resolved` None: both."""
    limit = max(1, min(limit, PAGE_ROWS_MAX))
    rows = Quarantined.objects.defer("raw").select_related("resolved_by")
    if resolved is not None:
        rows = rows.filter(resolved_at__isnull=not resolved)
    if reason is not None:
        rows = rows.filter(reason=reason)
    if before is not None:
        rows = rows.filter(id__lt=before)
    found = list(rows.order_by("-id")[: limit + 1])
    more = len(found) > limit
    found = found[:limit]
    return QuarantinePage(found, found[-1].pk if more else None)


def quarantine_counts() -> dict[str, int]:
    """How many unresolved messages lie in the quarantine, by reason."""
    with connection.cursor() as sql:
        sql.execute(
            "SELECT reason, count(*) FROM fiscal_quarantined WHERE resolved_at IS NULL GROUP BY reason"
        )
        return dict(sql.fetchall())


def quarantine_get(*, quarantined_id: int) -> Quarantined:
    """One quarantined message with its bytes.

    Raises: QuarantinedNotFound.
    """
    row = Quarantined.objects.select_related("resolved_by").filter(id=quarantined_id).first()
    if row is None:
        raise QuarantinedNotFound(quarantined_id)
    return row


def quarantine_overflow(*, since: dt.datetime) -> QuerySet[QuarantineOverflow]:
    """Messages that were counted but not kept since a moment, because a cap was reached."""
    return QuarantineOverflow.objects.filter(hour_at__gte=since).order_by("-hour_at", "reason")
