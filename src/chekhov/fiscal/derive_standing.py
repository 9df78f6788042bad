"""What a report tells of how its register stands. Pure: a row of the journal and its document in, a fact out."""

from __future__ import annotations

import datetime as dt
from typing import Final

from chekhov.ffd.documents import Document
from chekhov.kkt.standings import (
    ClosedTold,
    KeysTold,
    RegisteredTold,
    ShiftTold,
    StandingFact,
    UnsentTold,
    greatest,
    later,
)

REGISTERED_CODES: Final = frozenset({1, 11})
CHANGED_CODE, CLOSED_CODE, OPENED_SHIFT_CODE, CLOSED_SHIFT_CODE, STATE_CODE = 11, 6, 2, 5, 21
UNSENT_CODES: Final = frozenset({CLOSED_SHIFT_CODE, STATE_CODE})
SHIFT_CODES: Final = frozenset({OPENED_SHIFT_CODE, CLOSED_SHIFT_CODE})
REPORT_CODES: Final = frozenset({1, 11, 6, 2, 5, 21})
"""Documents that tell more of a register than that it is alive."""

MARK_TAGS: Final = (1050, 1051, 1052, 1053)
KEYS_DAYS, UNSENT_COUNT, UNSENT_SINCE, SHIFT_NUMBER = 1213, 1097, 1098, 1038
INT4_MAX: Final = 0x7FFF_FFFF
DAYS_MAX: Final = 0xFFFF


def report_text(document: Document, tag: int) -> str | None:
    """A text of a report as the database takes it: without the spaces that fill it and without NUL."""
    value = document.get(tag)
    return (value.strip().replace("\0", "") or None) if isinstance(value, str) else None


def report_number(document: Document, tag: int, maximum: int) -> int | None:
    """A number of a report, None if it is none or does not fit."""
    value = document.get(tag)
    return value if isinstance(value, int) and value <= maximum else None


def report_told(standing: StandingFact, fn: str, fd: int, document: Document) -> None:
    """Take in what a report tells. Without a moment it tells nothing: there is no later and earlier then."""
    at, code = document.issued_at, document.code
    if at is None:
        return
    if code in REGISTERED_CODES:
        standing.registered = later(standing.registered, _registered(document, at, fn, fd))
        if code == CHANGED_CODE:
            standing.reregistered_at = greatest(standing.reregistered_at, at)
    elif code == CLOSED_CODE:
        standing.closed = later(standing.closed, ClosedTold(at, fn))
    elif code in SHIFT_CODES:
        number = report_number(document, SHIFT_NUMBER, INT4_MAX)
        opened_at = at if code == OPENED_SHIFT_CODE else None
        marks = tuple(tag for tag in MARK_TAGS if document.get(tag) == 1)
        standing.shift = later(standing.shift, ShiftTold(at, fn, fd, number, opened_at, marks))
    if code in UNSENT_CODES:
        standing.unsent = later(standing.unsent, _unsent(document, at, fd))
    days = report_number(document, KEYS_DAYS, DAYS_MAX)
    if days is not None:
        keys = KeysTold(at, fn, at.date() + dt.timedelta(days=days))
        standing.keys = later(standing.keys, keys)


def _registered(document: Document, at: dt.datetime, fn: str, fd: int) -> RegisteredTold:
    version = document.version
    return RegisteredTold(
        registered_at=at,
        fn=fn,
        registered_fd=fd,
        registered_code=document.code,
        user_name=report_text(document, 1048),
        model=report_text(document, 1188),
        serial=report_text(document, 1013),
        address=report_text(document, 1009),
        place=report_text(document, 1187),
        ffd=None if version is None else int(version),
        ofd_inn=report_text(document, 1017),
    )


def _unsent(document: Document, at: dt.datetime, fd: int) -> UnsentTold:
    since = document.get(UNSENT_SINCE)
    return UnsentTold(
        at,
        fd,
        report_number(document, UNSENT_COUNT, INT4_MAX) or 0,
        since if isinstance(since, dt.datetime) else None,
    )
