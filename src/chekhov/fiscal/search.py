"""Lists of documents of registers a person sees, newest first by the register's clock, narrowed as he wishes.

Every call does a bounded work: what it has not looked through, the next one does. A page may therefore hold fewer
rows than asked, even none, and still have a `next_cursor`; `is_cut` says so, and `looked_until` how far it looked.

Columns of the journal are compared by the database. Cashier, payment and names of goods stand inside a document: the
days that hold them are found in the derived sums, and the receipts of those days are read (`search_inside`).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from django.db import connection

from chekhov.ffd.versions import DocumentCode
from chekhov.fiscal.derive_sums import SALE
from chekhov.fiscal.errors import CursorMalformed
from chekhov.fiscal.models import FiscalDocument
from chekhov.fiscal.payments import Payment
from chekhov.fiscal.scope import Scope
from chekhov.fiscal.words import name_clean

ROWS_MAX: Final = 200
LOOKED_ROWS_MAX: Final = 16_000
"""Rows of the journal the last round may look through; each round before it a quarter of the next one's."""
ROUNDS_MAX: Final = 4
SHORT_DAYS: Final = 3
DEPTH_MIN: Final = 4
"""Of each register, however many there are."""

FOUND_MAX: Final = 1_000
"""Rows with one fiscal sign or one number, over all registers; more are not looked at."""
KEY_DIGITS_MAX: Final = 20
TEXT_CHARACTERS_MAX: Final = 128

_EPOCH: Final = dt.datetime(1970, 1, 1)  # noqa: DTZ001 - a register's clock has no zone
NAMES: Final = (
    "fn", "fd", "xid", "received_at", "issued_at", "fpd", "total_kopecks", "shift", "p_version", "flags", "code",
    "ffd", "operation", "verdict", "sign_state", "rnm", "inn", "peer",
)  # fmt: skip
COLUMNS: Final = ", ".join(NAMES)
TAKEN: Final = COLUMNS.replace("xid", "xid::text::bigint AS xid").replace("peer", "host(peer) AS peer")
LOOKED: Final = "fn, fd, issued_at, code, operation, total_kopecks, shift"
"""What `column_conditions` and the order need of a row that is looked at."""

RARE: Final = "(code <> 3 OR operation <> 1)"
"""In these words the index `fiscal_document_rare` is recognised."""

ORDER: Final = "issued_at DESC, fn, fd"
"""PostgreSQL puts NULL first in descending order: documents without a moment stand first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptsWanted:
    """What a list is narrowed to; what is not given narrows nothing.

    `since`, `until`: days of the register's clock, both included. Sums in kopecks, both included. `fpd`: the fiscal
    sign as printed, `fd`: the document's number. `cashier`, `item`: words, each by its beginning; with them or with
    `payment` only receipts and corrections are found.
    """

    codes: frozenset[int] = frozenset()
    since: dt.date | None = None
    until: dt.date | None = None
    sum_from: int | None = None
    sum_to: int | None = None
    operation: int | None = None
    shift: int | None = None
    fpd: int | None = None
    fd: int | None = None
    cashier: str = ""
    payment: Payment | None = None
    item: str = ""

    @property
    def looks_inside(self) -> bool:
        """Whether documents must be read to know."""
        return bool(self.payment or name_clean(self.cashier) or name_clean(self.item))

    @property
    def is_rare(self) -> bool:
        """Whether no sale by receipt is wanted, which almost all documents are: an index knows the others."""
        return (self.operation is not None and self.operation != SALE) or bool(
            self.codes and DocumentCode.RECEIPT not in self.codes
        )

    @property
    def by_column(self) -> bool:
        """Whether it is narrowed by a column that no index of a register's documents knows."""
        return bool(self.codes) or any(
            value is not None for value in (self.sum_from, self.sum_to, self.operation, self.shift)
        )


@dataclass(frozen=True, slots=True)
class ReceiptsPage:
    """Documents without their bytes, newest first, and the key to ask for older ones (None: no more).

    `is_cut`: the work allowed was done before the page was full. `looked_until`: then, the moment down to which
    everything was looked through.
    """

    documents: list[FiscalDocument]
    next_cursor: str | None
    is_cut: bool = False
    looked_until: dt.datetime | None = None


class Place(NamedTuple):
    """A place in the order of a list: just after this document."""

    issued_at: dt.datetime | None
    fn: str
    fd: int

    @property
    def text(self) -> str:
        """As it stands in an address."""
        return f"{'n' if self.issued_at is None else _microseconds(self.issued_at)}-{self.fn}-{self.fd}"


def receipts_page(
    scope: Scope, wanted: ReceiptsWanted | None = None, before: str | None = None, limit: int = 50
) -> ReceiptsPage:
    """Documents of these registers. `before`: the `next_cursor` of a page. Raises: CursorMalformed."""
    from chekhov.fiscal.search_inside import page_inside  # noqa: PLC0415 - it is built upon this module

    wanted = wanted or ReceiptsWanted()
    limit = max(1, min(limit, ROWS_MAX))
    place = None if before is None else place_read(before)
    if scope.is_empty or _cannot_be(wanted):
        return ReceiptsPage([], None)
    if wanted.looks_inside:
        return page_inside(scope, wanted, place, limit)
    if wanted.fpd is not None or wanted.fd is not None:
        return page_of(numbered(scope, wanted, place, limit + 1), limit)
    return _page_by_column(scope, wanted, place, limit)


def place_read(text: str) -> Place:
    """The place a cursor tells. Raises: CursorMalformed."""
    parts = text.split("-")
    digits = [part for part in parts if part.isascii() and part.isdigit() and len(part) <= KEY_DIGITS_MAX]
    if len(parts) != 3 or len(digits) != (2 if parts[0] == "n" else 3) or int(parts[2]) > 0x7FFF_FFFF_FFFF:
        raise CursorMalformed(text)
    if parts[0] == "n":
        return Place(None, parts[1], int(parts[2]))
    try:
        return Place(_EPOCH + dt.timedelta(microseconds=int(parts[0])), parts[1], int(parts[2]))
    except OverflowError as error:
        raise CursorMalformed(text) from error


def place_of(document: FiscalDocument) -> Place:
    """The place of a document in the order of a list."""
    return Place(document.issued_at, document.fn, document.fd)


def page_of(found: list[FiscalDocument], limit: int) -> ReceiptsPage:
    """A page of what was found, one more than the page if there is more."""
    more = len(found) > limit
    return ReceiptsPage(found[:limit], place_of(found[limit - 1]).text if more else None)


# ── conditions ───────────────────────────────────────────────────────────────────────────────────────


class Conditions(NamedTuple):
    """Conditions of a WHERE, joined by AND, and their parameters."""

    sql: str
    params: list[Any]


def period_conditions(wanted: ReceiptsWanted, place: Place | None) -> Conditions:
    """What the index of a register's documents knows: moments, and the place to go on from."""
    parts: list[str] = []
    params: list[Any] = []
    if wanted.since is not None:
        parts.append("issued_at >= %s::timestamp")
        params.append(wanted.since)
    if wanted.until is not None:
        parts.append("issued_at < %s::timestamp + interval '1 day'")
        params.append(wanted.until)
    if place is not None:
        after = "(fn, fd) > (%s, %s)"
        if place.issued_at is None:
            parts.append(f"(issued_at IS NOT NULL OR {after})")
        else:
            parts.append(f"issued_at <= %s AND (issued_at < %s OR {after})")
            params += [place.issued_at, place.issued_at]
        params += [place.fn, place.fd]
    return Conditions(" AND ".join(parts) or "true", params)


def column_conditions(wanted: ReceiptsWanted) -> Conditions:
    """What other columns must hold."""
    parts: list[str] = []
    params: list[Any] = []
    for condition, value in (
        ("code = ANY(%s)", sorted(wanted.codes) or None),
        ("total_kopecks >= %s", wanted.sum_from),
        ("total_kopecks <= %s", wanted.sum_to),
        ("operation = %s", wanted.operation),
        ("shift = %s", wanted.shift),
        ("fpd = %s", wanted.fpd),
        ("fd = %s", wanted.fd),
    ):
        if value is not None:
            parts.append(condition)
            params.append(value)
    return Conditions(" AND ".join(parts) or "true", params)


def _cannot_be(wanted: ReceiptsWanted) -> bool:
    """Whether it asks for what no document has, such as numbers that do not fit."""
    if wanted.since is not None and wanted.until is not None and wanted.since > wanted.until:
        return True
    numbers = (wanted.fpd, wanted.fd, wanted.sum_from, wanted.sum_to, wanted.operation, wanted.shift)
    return any(value is not None and not 0 <= value < 1 << 62 for value in numbers)


# ── by columns ───────────────────────────────────────────────────────────────────────────────────────


def _page_by_column(scope: Scope, wanted: ReceiptsWanted, place: Place | None, limit: int) -> ReceiptsPage:
    found: list[FiscalDocument] = []
    for number in range(ROUNDS_MAX):
        depth = _depth(scope, wanted, limit, number)
        rows, cut = _round(scope, wanted, place, limit + 1 - len(found), depth)
        found += rows
        if len(found) > limit or cut is None:
            return page_of(found, limit)
        place = cut
    return ReceiptsPage(
        found[:limit], place and place.text, is_cut=True, looked_until=place and place.issued_at
    )


def _depth(scope: Scope, wanted: ReceiptsWanted, limit: int, number: int) -> int:
    """How many documents of each register a round looks at."""
    allowed = LOOKED_ROWS_MAX
    if wanted.by_column and not _is_short(wanted):
        allowed >>= 2 * (ROUNDS_MAX - 1 - number)
    share = max(allowed // max(1, scope.size), DEPTH_MIN)
    return share if wanted.by_column else min(limit + 1, share)


def _is_short(wanted: ReceiptsWanted) -> bool:
    """Whether the period is of some days only, so that there is little to look at anyhow."""
    return (
        wanted.since is not None
        and wanted.until is not None
        and wanted.until - wanted.since < dt.timedelta(days=SHORT_DAYS)
    )


def _round(
    scope: Scope, wanted: ReceiptsWanted, place: Place | None, limit: int, depth: int
) -> tuple[list[FiscalDocument], Place | None]:
    """Look at `depth` documents of each register; give what fits, and where to go on if there are more.

    Registers are looked into to different moments. Below the latest of those the list would have holes, so it is
    cut there.
    """
    period, columns = period_conditions(wanted, place), column_conditions(wanted)
    kind = RARE if wanted.is_rare else "true"
    query = f"""
    , looked AS MATERIALIZED (
        SELECT d.* FROM scope CROSS JOIN LATERAL (
            SELECT {LOOKED}, row_number() OVER (ORDER BY {ORDER}) AS place FROM fiscal_document AS f
            WHERE f.rnm = scope.rnm AND f.inn = scope.inn AND {kind} AND {period.sql} ORDER BY {ORDER} LIMIT %s
        ) AS d
    ),
    cut AS (SELECT issued_at, fn, fd FROM looked WHERE place = %s ORDER BY {ORDER} LIMIT 1),
    found AS MATERIALIZED (
        SELECT fn, fd FROM looked WHERE {columns.sql} AND NOT EXISTS (
            SELECT FROM cut WHERE coalesce(looked.issued_at, 'infinity') < coalesce(cut.issued_at, 'infinity')
            OR (looked.issued_at IS NOT DISTINCT FROM cut.issued_at AND (looked.fn, looked.fd) > (cut.fn, cut.fd))
        ) ORDER BY {ORDER} LIMIT %s
    ),
    row AS (SELECT {TAKEN} FROM found JOIN fiscal_document USING (fn, fd))
    SELECT cut.issued_at, cut.fn, cut.fd, row.* FROM (SELECT) AS one LEFT JOIN cut ON true LEFT JOIN row ON true
    ORDER BY row.issued_at DESC, row.fn, row.fd
    """  # noqa: S608 - made of constants; what people give are parameters
    rows = scope.rows(query, [*period.params, depth, depth, *columns.params, limit])
    cut = None if rows[0][1] is None else Place(*rows[0][:3])
    return [document_made(row[3:]) for row in rows if row[3] is not None], cut


def document_made(row: tuple[Any, ...]) -> FiscalDocument:
    """A row of the journal of the columns NAMES; its bytes are read when somebody asks for them."""
    return FiscalDocument.from_db(connection.alias, NAMES, row)


# ── by number ────────────────────────────────────────────────────────────────────────────────────────


def numbered(scope: Scope, wanted: ReceiptsWanted, place: Place | None, limit: int) -> list[FiscalDocument]:
    """Documents with a fiscal sign, or with a number in the drives of the registers."""
    if wanted.fpd is not None:
        found = f"SELECT {COLUMNS} FROM fiscal_document WHERE fpd = %s LIMIT %s"  # noqa: S608 - constants
        of_found: list[Any] = [wanted.fpd, FOUND_MAX]
    else:
        found = f"""
        SELECT {COLUMNS} FROM fiscal_document WHERE fd = %s AND fn IN (
            SELECT r.fn FROM kkt_registration AS r JOIN scope ON scope.rnm = r.rnm
            UNION SELECT s.fn FROM fiscal_drive_state AS s JOIN scope ON scope.rnm = s.rnm
        )
        """  # noqa: S608 - constants
        of_found = [wanted.fd]
    period, columns = period_conditions(wanted, place), column_conditions(wanted)
    query = f"""
    , found AS MATERIALIZED ({found})
    SELECT {TAKEN} FROM found JOIN scope USING (rnm, inn) WHERE {period.sql} AND {columns.sql}
    ORDER BY {ORDER} LIMIT %s
    """  # noqa: S608 - made of constants
    rows = scope.rows(query, [*of_found, *period.params, *columns.params, limit])
    return [document_made(row) for row in rows]


def _microseconds(moment: dt.datetime) -> int:
    since = moment - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
