"""The projector: reads the journal in the order in which transactions began and derives the rest.

Only rows below the oldest running transaction are read, so none can slip in behind the cursor. What a step
derives and the cursor's move are one transaction: killed anywhere, a step is either done or not begun. One
projector works at a time (an advisory lock of the transaction).

Numbers of transactions mean nothing in another database cluster. If the data were restored elsewhere,
`step` refuses with ClusterChanged and `rebuild` renews the numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from chekhov.ffd.documents import Document
from chekhov.fiscal.derive import MODE_TAGS, Derived, JournalFact, derive, runs_merged, runs_of
from chekhov.fiscal.derive_standing import report_number, report_text
from chekhov.fiscal.errors import ClusterChanged, ProjectorBusy
from chekhov.fiscal.upserts import (
    DERIVED_TABLES,
    DRIVES_SQL,
    MINUTES_SQL,
    RUNS_DELETE_SQL,
    RUNS_INSERT_SQL,
    RUNS_NEAR_SQL,
    SHIFTS_SQL,
    TOTALS_SQL,
    VAT_SQL,
)
from chekhov.fiscal.upserts_sums import array_of, days_store, item_names_store
from chekhov.kkt.services import RegistrationFact, registrations_forget, registrations_record
from chekhov.kkt.standings import standings_forget, standings_record

NAME: Final = "journal"
LOCK_KEY: Final = 0x63686B70
"""Of the advisory lock; the letters «chkp»."""

STEP_ROWS_MAX: Final = 10_000
RESTAMP_ROWS: Final = 1_000
BIGINT_MAX: Final = 0x7FFF_FFFF_FFFF_FFFF

_COLUMNS = (
    "fn, fd, received_at, issued_at, code, ffd, operation, verdict, rnm, inn, shift, total_kopecks, container"
)
# The table's own xid: a bare one would mean the column cast above it, which no index is in the order of.
READ_SQL = f"""
SELECT xid::text::bigint, {_COLUMNS} FROM fiscal_document AS d
WHERE d.xid > %s::xid8 AND d.xid < pg_snapshot_xmin(pg_current_snapshot())
ORDER BY d.xid LIMIT %s
"""  # noqa: S608
READ_ONE_SQL = f"SELECT xid::text::bigint, {_COLUMNS} FROM fiscal_document WHERE xid = %s::xid8"  # noqa: S608
CURSOR_SQL = """
INSERT INTO fiscal_projector_cursor (name, xid, system_identifier, documents, moved_at)
VALUES (%s, %s::xid8, %s, %s, clock_timestamp())
ON CONFLICT (name) DO UPDATE SET xid = excluded.xid, system_identifier = excluded.system_identifier,
    documents = fiscal_projector_cursor.documents + excluded.documents, moved_at = excluded.moved_at
"""


def step(*, rows_max: int = STEP_ROWS_MAX, wait: bool = False) -> int:
    """Derive from the next range of the journal; returns how many documents it had, 0 when there are none.

    `wait`: for another projector to end its step, rather than raise.
    Raises: ProjectorBusy, ClusterChanged.
    """
    with transaction.atomic(), connection.cursor() as sql:
        _lock(sql, wait=wait)
        identifier = _system_identifier(sql)
        position = _position(sql, identifier)
        rows = _range(sql, position, rows_max)
        if not rows:
            return 0
        _store(sql, derive(_facts(rows)))
        sql.execute(CURSOR_SQL, [NAME, str(rows[-1][0]), identifier, len(rows)])
        return len(rows)


def rebuild(*, progress: Callable[[int], None] | None = None) -> int:
    """Empty everything derived and derive it anew; returns how many documents were read.

    Documents may arrive meanwhile, and a worker may help. If it is interrupted, the projector goes on where
    it stopped.
    """
    try:
        with connection.cursor() as sql:
            _position(sql, _system_identifier(sql))
    except ClusterChanged:
        restamp()
    with transaction.atomic(), connection.cursor() as sql:
        _lock(sql, wait=True)
        sql.execute(f"TRUNCATE {', '.join(DERIVED_TABLES)}, fiscal_projector_cursor")
        registrations_forget()
        standings_forget()
    documents = 0
    while count := step(wait=True):
        documents += count
        if progress is not None:
            progress(documents)
    return documents


def restamp() -> int:
    """Give every row of the journal a transaction number of this cluster; returns how many rows there are.

    In pieces, each its own transaction, so that the numbers stay spread. Harmless to repeat.
    """
    rows = 0
    fn, fd = "", -1
    while True:
        with transaction.atomic(), connection.cursor() as sql:
            _lock(sql, wait=True)
            sql.execute("SET LOCAL chekhov.restamp = 'on'")
            sql.execute(
                "WITH piece AS (SELECT fn, fd FROM fiscal_document WHERE (fn, fd) > (%s, %s)"
                " ORDER BY fn, fd LIMIT %s),"
                " renewed AS (UPDATE fiscal_document AS d SET xid = pg_current_xact_id() FROM piece AS p"
                " WHERE d.fn = p.fn AND d.fd = p.fd RETURNING d.fn, d.fd)"
                " SELECT fn, fd, count(*) OVER () FROM renewed ORDER BY fn DESC, fd DESC LIMIT 1",
                [fn, fd, RESTAMP_ROWS],
            )
            last = sql.fetchone()
        if last is None:
            return rows
        fn, fd = last[0], last[1]
        rows += last[2]


def _lock(sql: CursorWrapper, *, wait: bool) -> None:
    if wait:
        sql.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK_KEY])
        return
    sql.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK_KEY])
    if not sql.fetchone()[0]:
        raise ProjectorBusy


def _system_identifier(sql: CursorWrapper) -> int:
    """The cluster's own number."""
    sql.execute("SELECT system_identifier FROM pg_control_system()")
    identifier: int = sql.fetchone()[0]
    return identifier


def _position(sql: CursorWrapper, identifier: int) -> int:
    sql.execute(
        "SELECT xid::text::bigint, system_identifier FROM fiscal_projector_cursor WHERE name = %s", [NAME]
    )
    found = sql.fetchone()
    if found is None:
        # A number that this cluster has not given out yet: restored from elsewhere, and never projected here.
        sql.execute("SELECT max(xid) >= pg_snapshot_xmax(pg_current_snapshot()) FROM fiscal_document")
        if sql.fetchone()[0]:
            raise ClusterChanged(0, identifier)
        return 0
    xid, made_in = found
    if made_in != identifier:
        raise ClusterChanged(made_in, identifier)
    position: int = xid
    return position


def _range(sql: CursorWrapper, position: int, rows_max: int) -> list[tuple[Any, ...]]:
    """The next rows, whole transactions only: the cursor remembers a transaction, not a row of it."""
    sql.execute(READ_SQL, [str(position), rows_max + 1])
    rows: list[tuple[Any, ...]] = sql.fetchall()
    if len(rows) <= rows_max:
        return rows
    cut_off = rows[-1][0]
    whole = [row for row in rows if row[0] != cut_off]
    if whole:
        return whole
    sql.execute(READ_ONE_SQL, [str(cut_off)])  # one transaction of more rows than a step takes
    return list(sql.fetchall())


def _facts(rows: list[tuple[Any, ...]]) -> list[JournalFact]:
    return [JournalFact._make((*row[1:13], bytes(row[13]))) for row in rows]


def _store(sql: CursorWrapper, derived: Derived) -> None:
    """Add what was derived to what there is. Keys go in order, so that readers' locks never cross."""
    drives = sorted(derived.drives.items())
    if drives:
        sql.execute(
            DRIVES_SQL,
            _columns(
                (
                    fn, one.rnm, one.inn, one.ffd, one.described_fd, one.first_fd, one.last_fd, one.documents,
                    one.findings, one.unrecognised, one.first_received_at, one.last_received_at,
                    one.last_issued_at, one.last_shift, one.registered_fd, one.closed_fd,
                )
                for fn, one in drives
            ),
        )  # fmt: skip
        _runs_store(sql, {fn: runs_of(one.numbers) for fn, one in drives})
    if derived.shifts:
        sql.execute(
            SHIFTS_SQL,
            _columns(
                (
                    *key, *(one.owner or (None, None)), one.open_fd, one.close_fd, one.opened_at, one.closed_at, one.first_fd,
                    one.last_fd, one.first_issued_at, one.last_issued_at, one.documents, one.receipts,
                    one.corrections,
                )
                for key, one in sorted(derived.shifts.items())
            ),
        )  # fmt: skip
    if derived.totals:
        sql.execute(TOTALS_SQL, _columns((*key, *sums) for key, sums in sorted(derived.totals.items())))
    if derived.vat:
        sql.execute(VAT_SQL, _columns((*key, amount) for key, amount in sorted(derived.vat.items())))
    if derived.minutes:
        sql.execute(MINUTES_SQL, _columns((at, *counts) for at, counts in sorted(derived.minutes.items())))
    if derived.registrations:
        registrations_record(facts=[_registration(*one) for one in derived.registrations])
    if derived.days:
        days_store(sql, derived.days)
        item_names_store(sql, derived.item_names)
    standings_record(facts=derived.standings.values())


def _columns(rows: Any) -> list[str]:
    """Rows turned into one array a column, as `unnest` takes them."""
    return [array_of(column) for column in zip(*rows, strict=True)]


def _runs_store(sql: CursorWrapper, fresh: dict[str, list[tuple[int, int]]]) -> None:
    """Join new runs of document numbers with those that stand beside them."""
    fns = list(fresh)
    sql.execute(
        RUNS_NEAR_SQL,
        [fns, [runs[0][0] for runs in fresh.values()], [runs[-1][1] for runs in fresh.values()]],
    )
    near: dict[str, list[tuple[int, int]]] = {}
    for fn, first, last in sql.fetchall():
        near.setdefault(fn, []).append((first, last))
    gone: list[tuple[str, int]] = []
    put: list[tuple[str, int, int]] = []
    for fn, runs in fresh.items():
        standing = near.get(fn, [])
        merged = runs_merged([*standing, *runs])
        kept = {first for first, _ in merged}
        gone.extend((fn, first) for first, _ in standing if first not in kept)
        known = set(standing)
        put.extend((fn, first, last) for first, last in merged if (first, last) not in known)
    if gone:
        sql.execute(RUNS_DELETE_SQL, _columns(gone))
    if put:
        sql.execute(RUNS_INSERT_SQL, _columns(put))


def _registration(fn: str, fd: int, document: Document) -> RegistrationFact:
    """What a report of registration, re-registration or closing says."""

    def text(tag: int) -> str | None:
        return report_text(document, tag)

    def whole(tag: int, maximum: int) -> int | None:
        return report_number(document, tag, maximum)

    version = document.version
    return RegistrationFact(
        fn=fn,
        fd=fd,
        code=document.code,
        rnm=text(1037),
        inn=text(1018),
        user_name=text(1048),
        model=text(1188),
        serial=text(1013),
        address=text(1009),
        place=text(1187),
        modes=tuple(tag for tag in MODE_TAGS if document.get(tag)),
        tax_systems=whole(1062, 255),
        ffd=None if version is None else int(version),
        ofd_inn=text(1017),
        ofd_name=text(1046),
        registered_at=document.issued_at,
        reason=whole(1101, 255),
        reasons=whole(1205, BIGINT_MAX),
    )
