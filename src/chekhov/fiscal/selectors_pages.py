"""Questions that only lists on pages ask: documents and drives by key, names beside numbers, counts beside tabs.

Reads only. Every list is paged by key over an index that exists, so its cost does not grow with the journal:
of one drive by document number, of one register by its clock, of all by the order of arrival.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

from django.db.models import Exists, OuterRef, Q, QuerySet

from chekhov.fiscal.errors import CursorMalformed
from chekhov.fiscal.models import DriveState, FiscalDocument, Shift
from chekhov.fiscal.selectors import DocumentPage
from chekhov.fiscal.verdicts import Verdict
from chekhov.kkt.models import Kkt, Registration
from chekhov.kkt.selectors import DRIVE_CLOSE_CODE

ROWS_MAX = 200
COUNTED_MAX = 1000
KEY_DIGITS_MAX = 18

Documents: TypeAlias = "QuerySet[FiscalDocument]"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentsWanted:
    """What a list of documents is narrowed to; None narrows nothing. At most one of `fn` and `rnm` is looked at."""

    fn: str | None = None
    rnm: str | None = None
    code: int | None = None
    verdict: int | None = None


@dataclass(frozen=True, slots=True)
class DrivePage:
    """Drives, last heard first, each with its last registration if one has come; the key of older ones."""

    drives: list[DriveState]
    registrations: dict[str, Registration]
    next_cursor: str | None


def documents_page(
    *, wanted: DocumentsWanted | None = None, before: str | None = None, limit: int = 50
) -> DocumentPage:
    """Documents without their bytes, newest first.

    Within a drive by number, within a register by its clock (documents without a moment stand first), else by
    arrival.

    Raises: CursorMalformed, also for the key of another list.
    """
    wanted = wanted or DocumentsWanted()
    limit = max(1, min(limit, ROWS_MAX))
    rows = FiscalDocument.objects.defer("container", "answer")
    if wanted.code is not None:
        rows = rows.filter(code=wanted.code)
    if wanted.verdict is not None:
        rows = rows.filter(verdict=wanted.verdict)
        if wanted.verdict > Verdict.CLEAN:
            rows = rows.filter(verdict__gt=0)  # lets the partial index serve
    order = _ORDERS["fn" if wanted.fn else "rnm" if wanted.rnm else "all"]
    found = list(order(rows, wanted, before)[: limit + 1])
    more = len(found) > limit
    found = found[:limit]
    return DocumentPage(found, _key_of(found[-1], wanted) if more else None)


def _of_drive(rows: Documents, wanted: DocumentsWanted, before: str | None) -> Documents:
    rows = rows.filter(fn=wanted.fn)
    if before is not None:
        (fd,) = _key_read(before, "d", 1)
        rows = rows.filter(fd__lt=int(fd))
    return rows.order_by("-fd")


def _of_register(rows: Documents, wanted: DocumentsWanted, before: str | None) -> Documents:
    rows = rows.filter(rnm=wanted.rnm)
    if before is not None:
        moment, fn, fd = _key_read(before, "r", 3)
        after = Q(fn__gt=fn) | Q(fn=fn, fd__gt=int(fd))
        if moment == "n":
            rows = rows.filter(Q(issued_at__isnull=False) | (Q(issued_at__isnull=True) & after))
        else:
            issued_at = _moment_read(before, moment).replace(tzinfo=None)
            rows = rows.filter(issued_at__lte=issued_at).filter(Q(issued_at__lt=issued_at) | after)
    return rows.order_by("-issued_at", "fn", "fd")  # PostgreSQL puts NULL first in descending order


def _of_all(rows: Documents, wanted: DocumentsWanted, before: str | None) -> Documents:  # noqa: ARG001
    if before is not None:
        xid, fn, fd = _key_read(before, "a", 3)
        after = Q(fn__gt=fn) | Q(fn=fn, fd__gt=int(fd))
        # The plain bound lets the index begin at the right place; the rest sorts out the same transaction.
        rows = rows.filter(xid__lte=int(xid)).filter(Q(xid__lt=int(xid)) | after)
    return rows.order_by("-xid", "fn", "fd")


_ORDERS: dict[str, Callable[[Documents, DocumentsWanted, str | None], Documents]] = {
    "fn": _of_drive,
    "rnm": _of_register,
    "all": _of_all,
}


def _key_of(last: FiscalDocument, wanted: DocumentsWanted) -> str:
    if wanted.fn:
        return f"d-{last.fd}"
    if wanted.rnm:
        moment = "n" if last.issued_at is None else _microseconds(last.issued_at.replace(tzinfo=dt.UTC))
        return f"r-{moment}-{last.fn}-{last.fd}"
    return f"a-{last.xid}-{last.fn}-{last.fd}"


def _key_read(text: str, kind: str, parts: int) -> list[str]:
    found = text.split("-")
    digits = [part for part in found[1:] if part.isascii() and part.isdigit() and len(part) <= KEY_DIGITS_MAX]
    if found[0] != kind or len(found) != parts + 1:
        raise CursorMalformed(text)
    if len(digits) != parts and not (kind == "r" and found[1] == "n" and len(digits) == parts - 1):
        raise CursorMalformed(text)
    return found[1:]


def kkts_by_rnm(*, rnms: Iterable[str | None]) -> dict[str, Kkt]:
    """The registers that stand in some cabinet, by registration number (РНМ)."""
    wanted = {rnm for rnm in rnms if rnm}
    rows = Kkt.objects.select_related("organisation").filter(rnm__in=wanted) if wanted else ()
    return {row.rnm: row for row in rows if row.rnm}


def registrations_by_drive(*, fns: Iterable[str]) -> dict[str, Registration]:
    """How each drive's register stands by its last report; drives without a report are left out."""
    wanted = set(fns)
    if not wanted:
        return {}
    rows = (
        Registration.objects.filter(fn__in=wanted)
        .exclude(code=DRIVE_CLOSE_CODE)
        .order_by("fn", "-fd")
        .distinct("fn")
    )
    return {row.fn: row for row in rows}


def drives_page(
    *, unidentified: bool = False, number: str | None = None, before: str | None = None, limit: int = 50
) -> DrivePage:
    """Drives, last heard first. `unidentified`: only those whose register stands in no cabinet.

    `number`: the beginning of a drive's number, or a whole registration number (РНМ) or ИНН.

    Raises: CursorMalformed.
    """
    limit = max(1, min(limit, ROWS_MAX))
    rows = DriveState.objects.all()
    if unidentified:
        rows = rows.filter(~Exists(Kkt.objects.filter(rnm=OuterRef("rnm"))))
    if number:
        rows = rows.filter(Q(fn__startswith=number) | Q(rnm=number) | Q(inn=number))
    if before is not None:
        heard_at, after_fn = _cursor_parse(before)
        rows = rows.filter(Q(last_received_at__lt=heard_at) | Q(last_received_at=heard_at, fn__gt=after_fn))
    found = list(rows.order_by("-last_received_at", "fn")[: limit + 1])
    more = len(found) > limit
    found = found[:limit]
    cursor = None
    if more:
        last = found[-1]
        cursor = f"{_microseconds(last.last_received_at)}-{last.fn}"
    return DrivePage(found, registrations_by_drive(fns=[row.fn for row in found]), cursor)


def unidentified_count() -> int:
    """How many drives wait for their register to be added; counting stops at COUNTED_MAX."""
    rows = DriveState.objects.filter(~Exists(Kkt.objects.filter(rnm=OuterRef("rnm"))))
    return len(rows.values_list("fn", flat=True)[:COUNTED_MAX])


def shift_of_document(*, fn: str, number: int | None) -> Shift | None:
    """The shift a document belongs to, None before it is projected or outside any shift."""
    return None if number is None else Shift.objects.filter(fn=fn, number=number).first()


def _cursor_parse(text: str) -> tuple[dt.datetime, str]:
    moment, _, fn = text.partition("-")
    if not (moment.isascii() and moment.isdigit() and fn.isascii() and fn.isdigit()):
        raise CursorMalformed(text)
    return _moment_read(text, moment), fn


def _moment_read(text: str, microseconds: str) -> dt.datetime:
    try:
        return dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=int(microseconds))
    except (OverflowError, ValueError) as error:
        raise CursorMalformed(text) from error


def _microseconds(moment: dt.datetime) -> int:
    since = moment - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
