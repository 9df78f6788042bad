"""How registers stand by their documents: partial facts in, rows of `Standing` out, whatever the order.

The projector hands over what a range of the journal tells of each (РНМ, ИНН). Of each kind of fact the latest wins:
by the register's clock, then the drive's number, then the document's, then what it says; so the same rows come out
however the documents arrive and are cut into ranges.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, TypeVar

from django.db import connection


class RegisteredTold(NamedTuple):
    """A report of registration (1) or of its change (11)."""

    registered_at: dt.datetime
    fn: str
    registered_fd: int
    registered_code: int
    user_name: str | None = None
    model: str | None = None
    serial: str | None = None
    address: str | None = None
    place: str | None = None
    ffd: int | None = None
    ofd_inn: str | None = None


class ClosedTold(NamedTuple):
    """A report of closing the drive (6)."""

    closed_at: dt.datetime
    closed_fn: str


class KeysTold(NamedTuple):
    """The last day of the drive's keys: the day of the document and as many more as tag 1213 says."""

    keys_told_at: dt.datetime
    keys_told_fn: str
    drive_until: dt.date


class ShiftTold(NamedTuple):
    """A report of opening (2) or closing (5) a shift. `shift_opened_at`: None when it is closed."""

    shift_told_at: dt.datetime
    shift_told_fn: str
    shift_told_fd: int
    shift_number: int | None
    shift_opened_at: dt.datetime | None
    drive_marks: tuple[int, ...]


class UnsentTold(NamedTuple):
    """What waits unsent in the drive (1097, 1098) by a report of closing a shift (5) or of state (21)."""

    unsent_told_at: dt.datetime
    unsent_told_fd: int
    unsent: int
    unsent_since_at: dt.datetime | None


Told = TypeVar("Told", RegisteredTold, ClosedTold, KeysTold, ShiftTold, UnsentTold)

ORDERS: Final[dict[type, tuple[str, ...]]] = {
    RegisteredTold: ("registered_at", "fn", "registered_fd"),
    ClosedTold: ("closed_at", "closed_fn"),
    KeysTold: ("keys_told_at", "keys_told_fn", "drive_until"),
    ShiftTold: ("shift_told_at", "shift_told_fn", "shift_told_fd"),
    UnsentTold: ("unsent_told_at", "unsent_told_fd", "unsent", "unsent_since_at"),
}
"""By what the later of two facts of a kind is known. The first columns name a document, or what differs in them."""


@dataclass(slots=True)
class StandingFact:
    """What some documents of one register tell. Moments of documents: the register's clock, naive."""

    rnm: str
    inn: str
    documents: int = 0
    last_issued_at: dt.datetime | None = None
    last_received_at: dt.datetime | None = None
    reregistered_at: dt.datetime | None = None
    registered: RegisteredTold | None = None
    closed: ClosedTold | None = None
    keys: KeysTold | None = None
    shift: ShiftTold | None = None
    unsent: UnsentTold | None = None

    def add(self, other: StandingFact) -> None:
        """Take in what other documents of the same register tell."""
        assert (self.rnm, self.inn) == (other.rnm, other.inn)
        self.documents += other.documents
        self.last_issued_at = greatest(self.last_issued_at, other.last_issued_at)
        self.last_received_at = greatest(self.last_received_at, other.last_received_at)
        self.reregistered_at = greatest(self.reregistered_at, other.reregistered_at)
        self.registered = later(self.registered, other.registered)
        self.closed = later(self.closed, other.closed)
        self.keys = later(self.keys, other.keys)
        self.shift = later(self.shift, other.shift)
        self.unsent = later(self.unsent, other.unsent)


def greatest(one: dt.datetime | None, other: dt.datetime | None) -> dt.datetime | None:
    """The greater of two moments, either of which may be missing."""
    if one is None or other is None:
        return one or other
    return max(one, other)


def later(one: Told | None, other: Told | None) -> Told | None:
    """The later of two facts of a kind, either of which may be missing."""
    if one is None or other is None:
        return one or other
    return other if _order(other) > _order(one) else one


def _order(told: Any) -> tuple[Any, ...]:
    places = (getattr(told, name) for name in ORDERS[type(told)])
    return tuple(dt.datetime.min if place is None else place for place in places)  # noqa: DTZ901 - a register's clock


def _group_set(kind: type[Any]) -> str:
    """`SET` of the columns of one kind of fact: the new ones if they are the later."""
    order = ORDERS[kind]

    def row(table: str) -> str:
        return ", ".join(
            f"coalesce({table}.{name}, '-infinity')" if name == "unsent_since_at" else f"{table}.{name}"
            for name in order
        )

    first = order[0]
    is_later = f"excluded.{first} IS NOT NULL AND (s.{first} IS NULL OR ({row('excluded')}) > ({row('s')}))"
    return ",\n    ".join(
        f"{name} = CASE WHEN {is_later} THEN excluded.{name} ELSE s.{name} END" for name in kind._fields
    )


_KINDS: Final = tuple(ORDERS)
_COLUMNS: Final = (
    "rnm",
    "inn",
    "documents",
    "last_issued_at",
    "last_received_at",
    "reregistered_at",
    *(name for kind in _KINDS for name in kind._fields),  # type: ignore[attr-defined]
)
_GROUPS_SQL: Final = ",\n    ".join(map(_group_set, _KINDS))
RECORD_SQL: Final = f"""
INSERT INTO kkt_standing AS s ({", ".join(_COLUMNS)})
SELECT {", ".join(_COLUMNS)} FROM json_populate_recordset(NULL::kkt_standing, %s::json)
ON CONFLICT (rnm, inn) DO UPDATE SET
    documents = s.documents + excluded.documents,
    last_issued_at = greatest(s.last_issued_at, excluded.last_issued_at),
    last_received_at = greatest(s.last_received_at, excluded.last_received_at),
    reregistered_at = greatest(s.reregistered_at, excluded.reregistered_at),
    {_GROUPS_SQL}
"""  # noqa: S608 - names of columns only


def standings_record(*, facts: Collection[StandingFact]) -> None:
    """Merge what the projector read into the rows there are. A register may be told of several times.

    Runs inside the caller's transaction, so that the projector's place moves together with it.
    """
    merged: dict[tuple[str, str], StandingFact] = {}
    for fact in facts:
        known = merged.get((fact.rnm, fact.inn))
        if known is None:
            merged[fact.rnm, fact.inn] = known = StandingFact(fact.rnm, fact.inn)
        known.add(fact)
    if not merged:
        return
    rows = [_row(merged[key]) for key in sorted(merged)]
    with connection.cursor() as sql:
        sql.execute(RECORD_SQL, [json.dumps(rows, default=_text)])


def standings_forget() -> None:
    """Empty the derived table before a rebuild; the journal holds all of it."""
    with connection.cursor() as sql:
        sql.execute("TRUNCATE kkt_standing")


def _row(fact: StandingFact) -> dict[str, Any]:
    """The columns that are told; those left out are NULL."""
    row: dict[str, Any] = {
        "rnm": fact.rnm,
        "inn": fact.inn,
        "documents": fact.documents,
        "last_issued_at": fact.last_issued_at,
        "last_received_at": fact.last_received_at,
        "reregistered_at": fact.reregistered_at,
        "drive_marks": (),
    }
    for told in (fact.registered, fact.closed, fact.keys, fact.shift, fact.unsent):
        if told is not None:
            row.update(told._asdict())
    return row


def _text(value: object) -> str:
    assert isinstance(value, (dt.date, dt.datetime))
    return value.isoformat()
