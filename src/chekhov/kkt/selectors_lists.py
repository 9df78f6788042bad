"""Lists of registers: narrowed, ordered, paged by key, each line with its stage.

A list is asked of a query set that `access.kkts_for_user` has made, so nobody sees more than he may. The query set
becomes a subquery of one statement. What documents told stands in the register's own row, so that 50,000 registers of
one account are not felt; only their last moments are joined where they are asked for.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from chekhov.kkt.access import SUBTREE
from chekhov.kkt.models import Kkt, Standing
from chekhov.kkt.selectors_search import search_where
from chekhov.kkt.stages import STAGES, Stage, Tone, stage_next, stage_word
from chekhov.kkt.stages_sql import STANDING_JOIN, stage_case, stage_parameters, stage_where
from chekhov.kkt.tariffs import tariff_name

LIMIT_MAX: Final = 500

# The register as conditions and orders see it: `k`.
COLUMNS: Final = (
    "id", "organisation_id", "group_id", "name", "rnm", "serial", "drive_serial", "model", "application_kind",
    "tariff", "tariff_next", "renewal", "served_until", "stopped_at", "created_at", "search", "inn", "told_fn",
    "told_elsewhere", "told_closed", "told_registered_at", "told_reregistered_at", "told_model", "told_address",
    "told_drive_until",
)  # fmt: skip

ORDERS: Final[dict[str, tuple[str, str]]] = {
    "name": ("k.name", "text"),
    "address": ("left(k.told_address, 200)", "text"),
    "drive_until": ("k.told_drive_until", "date"),
    "last_heard": ("s.last_received_at", "timestamptz"),
}
"""Word of an order → expression and its type. A minus before the word turns it round; the unknown comes last."""
ORDERS_TOLD: Final = frozenset(ORDERS) - {"name"}


@dataclass(frozen=True, slots=True, kw_only=True)
class KktsWanted:
    """What a list is narrowed to; None and "" narrow nothing.

    group_id: with all groups below. no_group: those in none. tariff: its code. model: as entered, or else the version
    of the register that reports tell (tag 1188). drive_ends_before: that day not included. silent_since: nothing was
    received from then on, or ever; registers that have never been heard count from their entering.
    """

    organisation_id: int | None = None
    group_id: int | None = None
    no_group: bool = False
    stage: Stage | None = None
    tariff: str | None = None
    model: str | None = None
    drive_ends_before: dt.date | None = None
    silent_since: dt.datetime | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class KktLine:
    """A line of the list. `standing`: what documents told, None while none has come under the own ИНН."""

    kkt: Kkt
    standing: Standing | None
    stage: Stage
    remarks: tuple[str, ...] = field(default=())

    @property
    def stage_word(self) -> str:
        """The stage in words."""
        return stage_word(self.stage, self.kkt.application_kind)

    @property
    def stage_next(self) -> str:
        """What to do next."""
        return stage_next(self.stage, self.kkt.application_kind)

    @property
    def tone(self) -> Tone:
        """Fine, or how bad."""
        return STAGES[self.stage].tone

    @property
    def tariff_name(self) -> str:
        """The tariff in words; served without end has none."""
        return tariff_name(self.kkt.tariff)

    @property
    def address(self) -> str:
        """Where it stands, as reported; "" while unknown."""
        return (self.standing and self.standing.address) or ""

    @property
    def model(self) -> str:
        """As entered, or else the version that the register reports."""
        return self.kkt.model or (self.standing and self.standing.model) or ""

    @property
    def serial(self) -> str:
        """As reported, or else as entered."""
        return (self.standing and self.standing.serial) or self.kkt.serial

    @property
    def drive_serial(self) -> str:
        """The drive of the last report, or else as entered."""
        return (self.standing and self.standing.fn) or self.kkt.drive_serial

    @property
    def drive_until(self) -> dt.date | None:
        """The day the drive's keys end; None while unknown."""
        return None if self.standing is None else self.standing.drive_until

    @property
    def last_heard_at(self) -> dt.datetime | None:
        """When the last document came."""
        return None if self.standing is None else self.standing.last_received_at


@dataclass(frozen=True, slots=True)
class KktPage:
    """A page of the list. `next_cursor`: what to give as `before` for the next one; None: there is none."""

    rows: list[KktLine]
    next_cursor: str | None


class KktsCounts(NamedTuple):
    """Block «Мои кассы»."""

    registered: int
    total: int


def kkts_page(
    rows: QuerySet[Kkt],
    wanted: KktsWanted,
    now: dt.datetime,
    *,
    order: str = "name",
    before: str | None = None,
    limit: int = 50,
) -> KktPage:
    """A page of the registers of `rows`, ordered by a word of `ORDERS`.

    `before`: the cursor of the page before; one that is not ours, or of another order, gives the first page.
    """
    limit = max(1, min(limit, LIMIT_MAX))
    after = _cursor_read(before, order)
    # What is known comes first, what is unknown last: asked apart, the first part walks along an index.
    found = (
        _found(rows, wanted, now, order=order, after=after, limit=limit + 1, known=True)
        if _is_known(after)
        else []
    )
    if len(found) <= limit and order.lstrip("-") in ORDERS_TOLD:
        after = None if _is_known(after) else after
        found += _found(
            rows, wanted, now, order=order, after=after, limit=limit + 1 - len(found), known=False
        )
    cursor = _cursor_write(order, found[limit - 1]) if len(found) > limit else None
    return KktPage(kkt_lines([number for number, _ in found[:limit]], now), cursor)


def kkt_lines(kkt_ids: Sequence[int], now: dt.datetime) -> list[KktLine]:
    """Lines of these registers, in this order. Whether they may be seen is the caller's to know."""
    if not kkt_ids:
        return []
    statement = Statement(Kkt.objects.filter(pk__in=kkt_ids), now)
    stages = dict(statement.run(f"k.id, {stage_case()}"))
    kkts = Kkt.objects.select_related("organisation", "group").in_bulk(list(kkt_ids))
    rnms = {kkt.rnm for kkt in kkts.values() if kkt.rnm}
    inns = {kkt.organisation.inn for kkt in kkts.values()}
    standings = {(row.rnm, row.inn): row for row in Standing.objects.filter(rnm__in=rnms, inn__in=inns)}
    lines = []
    for number in kkt_ids:
        kkt = kkts.get(number)
        if kkt is not None and number in stages:
            standing = standings.get((kkt.rnm or "", kkt.organisation.inn))
            lines.append(KktLine(kkt, standing, Stage(stages[number]), remarks_of(kkt, standing)))
    return lines


def kkt_line(kkt: Kkt, now: dt.datetime) -> KktLine:
    """The line of one register."""
    return kkt_lines([kkt.pk], now)[0]


def kkts_counts(rows: QuerySet[Kkt], now: dt.datetime) -> KktsCounts:
    """How many of the registers are in the stage «ККТ зарегистрирована», and how many there are."""
    registered = stage_where(Stage.REGISTERED)
    found = Statement(rows, now).run(f"count(*) FILTER (WHERE {registered}), count(*)")
    return KktsCounts(*found[0])


def models_of(rows: QuerySet[Kkt], now: dt.datetime) -> list[str]:
    """The models there are to choose from."""
    found = Statement(rows, now).run(f"DISTINCT {MODEL}", "ORDER BY 1")
    return [model for (model,) in found if model]


def remarks_of(kkt: Kkt, standing: Standing | None) -> tuple[str, ...]:
    """What was entered and is otherwise by the last report."""
    if standing is None or standing.fn is None:
        return ()
    remarks = []
    if kkt.serial and standing.serial and kkt.serial.lstrip("0") != standing.serial.lstrip("0"):
        remarks.append(f"Заводской номер: указан {kkt.serial}, в отчете {standing.serial}")
    if kkt.drive_serial and kkt.drive_serial != standing.fn:
        remarks.append(f"Номер ФН: указан {kkt.drive_serial}, в отчете {standing.fn}")
    return tuple(remarks)


# Documents tell no model, only the register's version (tag 1188), which some makers fill with the model's name.
MODEL: Final = "coalesce(nullif(k.model, ''), k.told_model)"


NOTHING_SQL: Final = f"SELECT {', '.join(COLUMNS)} FROM kkt_kkt WHERE false"  # noqa: S608


class Statement:
    """A SELECT from the registers of a query set, `k`."""

    def __init__(self, rows: QuerySet[Kkt], now: dt.datetime) -> None:
        """Of all registers of `rows`; its order and slices do not count."""
        named = rows.order_by().values_list(*COLUMNS)
        sql: str
        parameters: Sequence[Any]
        try:
            sql, parameters = named.query.sql_with_params()
        except EmptyResultSet:  # Django knows that nobody's registers are none, and makes no statement of it
            sql, parameters = NOTHING_SQL, ()
        self.parameters: dict[str, Any] = stage_parameters(now)
        self._source = self._named(sql, parameters)
        self._where: list[str] = []
        self._joins: list[str] = []

    def run(self, what: str, ending: str = "") -> list[tuple[Any, ...]]:
        """Ask it."""
        where = " AND ".join(self._where) or "true"
        # All parts are constants of this room; what people typed goes as parameters.
        sql = f"SELECT {what} FROM ({self._source}) AS k({', '.join(COLUMNS)}) {' '.join(self._joins)} WHERE {where} {ending}"  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(sql, self.parameters)
            found: list[tuple[Any, ...]] = cursor.fetchall()
            return found

    def join(self, table: str) -> None:
        """Take one more table in, beside `k`; the same once only."""
        if table not in self._joins:
            self._joins.append(table)

    def narrow(self, wanted: KktsWanted) -> None:
        """Keep what is wanted."""
        if wanted.organisation_id is not None:
            self.keep("k.organisation_id = %(organisation_id)s", organisation_id=wanted.organisation_id)
        if wanted.no_group:
            self.keep("k.group_id IS NULL")
        elif wanted.group_id is not None:
            self.keep(f"k.group_id IN ({SUBTREE.format(ids='%(group_ids)s')})", group_ids=[wanted.group_id])
        if wanted.tariff:
            self.keep("k.tariff = %(tariff)s", tariff=wanted.tariff)
        if wanted.model:
            self.keep(f"{MODEL} = %(model)s", model=wanted.model)
        if wanted.drive_ends_before is not None:
            self.keep("k.told_drive_until < %(drive_before)s::date", drive_before=wanted.drive_ends_before)
        if wanted.silent_since is not None:
            self.join(STANDING_JOIN)
            self.keep(
                "coalesce(s.last_received_at, k.created_at) < %(silent_since)s",
                silent_since=wanted.silent_since,
            )
        if wanted.text.strip():
            condition, parameters = search_where(wanted.text)
            self.keep(condition, **parameters)
        if wanted.stage is not None:
            self.keep(stage_where(wanted.stage))

    def go_on(self, expression: str, kind: str, after: tuple[str | None, int], *, descending: bool) -> None:
        """Keep what comes after the last line of the page before."""
        value, number = after
        sign = "<" if descending else ">"
        self.parameters |= {"after": value, "after_id": number}
        if value is None:
            self.keep(f"k.id {sign} %(after_id)s")
            return
        self.keep(f"({expression}, k.id) {sign} (%(after)s::{kind}, %(after_id)s)")
        self.keep(f"{expression} {sign}= %(after)s::{kind}")  # says no more, but an index can use it

    def keep(self, condition: str, **parameters: Any) -> None:
        """One more condition over `k` and what is joined."""
        self._where.append(f"({condition})")
        self.parameters.update(parameters)

    def _named(self, sql: str, parameters: Sequence[Any]) -> str:
        """The same statement with its parameters called by names."""
        rest = iter(enumerate(parameters))

        def name(match: re.Match[str]) -> str:
            if match.group() == "%%":
                return "%%"
            place, value = next(rest)
            self.parameters[f"row_{place}"] = value
            return f"%(row_{place})s"

        return re.sub(r"%%|%s", name, sql)


def _is_known(after: tuple[str | None, int] | None) -> bool:
    return after is None or after[0] is not None


def _found(
    rows: QuerySet[Kkt],
    wanted: KktsWanted,
    now: dt.datetime,
    *,
    order: str,
    after: tuple[str | None, int] | None,
    limit: int,
    known: bool,
) -> list[tuple[Any, ...]]:
    """Numbers of registers, with what they are ordered by, out of those where that is known, or is not."""
    descending = order.startswith("-")
    expression, kind = ORDERS.get(order.lstrip("-"), ORDERS["name"])
    statement = Statement(rows, now)
    statement.narrow(wanted)
    if order.lstrip("-") == "last_heard":
        statement.join(STANDING_JOIN)
    statement.keep(f"{expression} IS {'NOT ' if known else ''}NULL")
    if after is not None:
        statement.go_on(expression, kind, after, descending=descending)
    direction = "DESC" if descending else "ASC"
    by = f"{expression} {direction}, k.id {direction}" if known else f"k.id {direction}"
    return statement.run(f"k.id, {expression}::text", f"ORDER BY {by} LIMIT {limit}")


def _cursor_write(order: str, row: tuple[Any, ...]) -> str:
    number, value = row
    text = json.dumps([order, value, number], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _cursor_read(text: str | None, order: str) -> tuple[str | None, int] | None:
    """Value and number of the last line; None for what is not ours: cursors stand in addresses of pages."""
    if not text:
        return None
    try:
        asked, value, number = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, TypeError, RecursionError, binascii.Error):
        return None
    kind = ORDERS.get(order.lstrip("-"), ORDERS["name"])[1]
    if asked != order or not _is_of(kind, value) or type(number) is not int or not 0 < number < 2**63:
        return None
    return value, number


def _is_of(kind: str, value: object) -> bool:
    if value is None:
        return True
    if not isinstance(value, str) or "\0" in value:
        return False
    try:
        if kind == "date":
            dt.date.fromisoformat(value)
        elif kind == "timestamptz":
            dt.datetime.fromisoformat(value)
    except ValueError:
        return False
    return True
