"""Search by what stands inside receipts: cashier, kind of payment, names of goods.

The derived sums tell which days of which registers hold what is asked; only receipts of those days are read, newest
first, a bounded number at a call.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from chekhov.ffd.versions import RECEIPTS
from chekhov.fiscal.derive_sums import settlement_read
from chekhov.fiscal.models import FiscalDocument
from chekhov.fiscal.scope import Scope
from chekhov.fiscal.search import (
    COLUMNS,
    ORDER,
    TAKEN,
    Place,
    ReceiptsPage,
    ReceiptsWanted,
    column_conditions,
    document_made,
    numbered,
    page_of,
    period_conditions,
    place_of,
)
from chekhov.fiscal.words import words_asked, words_fit, words_query

READ_MAX: Final = 4_000
"""Receipts read at a call: some 30 µs each and their way from the database."""
PIECE_ROWS: Final = 400
WINDOW_REGISTER_DAYS: Final = 400
"""Days of registers asked about at once: a day of a shop has some hundreds of names."""
WINDOWS_MAX: Final = 12
QUESTIONS_MAX: Final = 120
"""Statements at a call, so that many days of a receipt each do not take long either."""

FN_LAST: Final = "9" * 18
"""After every number of a drive."""
RegisterDays = dict[dt.date, list[tuple[str, str]]]


@dataclass(slots=True)
class _Work:
    """What is left of the work allowed at a call."""

    receipts: int = READ_MAX
    windows: int = WINDOWS_MAX
    questions: int = QUESTIONS_MAX

    @property
    def is_over(self) -> bool:
        return self.receipts <= 0 or self.windows <= 0 or self.questions <= 0


def page_inside(scope: Scope, wanted: ReceiptsWanted, place: Place | None, limit: int) -> ReceiptsPage:
    """A page of receipts and corrections that hold what is asked."""
    wanted = replace(wanted, codes=(wanted.codes & RECEIPTS) if wanted.codes else RECEIPTS)
    if not wanted.codes:
        return ReceiptsPage([], None)
    if wanted.fpd is not None or wanted.fd is not None:
        return page_of([row for row in numbered(scope, wanted, place, 200) if fits(wanted, row)], limit)
    if place is not None and place.issued_at is None:
        place = None  # documents without a moment are in no day
    return _by_days(scope, wanted, place, limit)


def fits(wanted: ReceiptsWanted, document: FiscalDocument) -> bool:
    """Whether a receipt holds what is asked; reads it."""
    receipt = settlement_read(bytes(document.container))
    if receipt is None:
        return False
    if wanted.payment is not None and not receipt.sums.get(int(wanted.payment)):
        return False
    cashier, item = words_asked(wanted.cashier), words_asked(wanted.item)
    if cashier and not words_fit(cashier, receipt.cashier):
        return False
    return not item or any(words_fit(item, line.name) for line in receipt.items)


def _by_days(scope: Scope, wanted: ReceiptsWanted, place: Place | None, limit: int) -> ReceiptsPage:
    found: list[FiscalDocument] = []
    work = _Work()
    upper = wanted.until or dt.date.max
    if place is not None and place.issued_at is not None:
        upper = min(upper, place.issued_at.date())
    while not work.is_over:
        top = _day_newest(scope, upper)
        if top is None or (wanted.since is not None and top < wanted.since):
            return page_of(found, limit)
        days_long = max(1, WINDOW_REGISTER_DAYS // max(1, scope.size))
        low = max(
            top - dt.timedelta(days=min(days_long, top.toordinal() - 1) - 1), wanted.since or dt.date.min
        )
        work.windows -= 1
        days = _days_holding(scope, wanted, low, top)
        for day in sorted(days, reverse=True):
            place = _day_read(wanted, day, days[day], place, found, limit=limit, work=work)
            if len(found) > limit:
                return page_of(found, limit)
            if place is not None:
                return ReceiptsPage(found, place.text, is_cut=True, looked_until=place.issued_at)
        place = Place(dt.datetime.combine(low, dt.time()), FN_LAST, 0)
        if low == dt.date.min:
            return page_of(found, limit)
        upper = low - dt.timedelta(days=1)
    assert place is not None
    return ReceiptsPage(found, place.text, is_cut=True, looked_until=place.issued_at)


def _day_read(
    wanted: ReceiptsWanted,
    day: dt.date,
    registers: list[tuple[str, str]],
    place: Place | None,
    found: list[FiscalDocument],
    *,
    limit: int,
    work: _Work,
) -> Place | None:
    """Add what fits of a day's receipts to `found`; where to go on if the work was over before the day was.

    `place`: where the page begins, which may lie within this day.
    """
    if place is None or place.issued_at is None or place.issued_at.date() != day:
        place = Place(dt.datetime.combine(day, dt.time.max), "0", 0)
    while not work.is_over:
        rows = _piece(wanted, day, registers, place)
        work.questions -= 1
        work.receipts -= len(rows)
        for row in rows:
            if fits(wanted, row):
                found.append(row)
                if len(found) > limit:
                    return None
        if len(rows) < PIECE_ROWS:
            return None
        place = place_of(rows[-1])
    return place


def _piece(
    wanted: ReceiptsWanted, day: dt.date, registers: list[tuple[str, str]], place: Place
) -> list[FiscalDocument]:
    """The next receipts of a day of these registers, with their bytes."""
    period = period_conditions(replace(wanted, since=day, until=day), place)
    columns = column_conditions(wanted)
    query = f"""
    SELECT {TAKEN}, container FROM (
        SELECT d.* FROM scope CROSS JOIN LATERAL (
            SELECT {COLUMNS}, container FROM fiscal_document AS f
            WHERE f.rnm = scope.rnm AND f.inn = scope.inn AND {period.sql} AND {columns.sql}
            ORDER BY {ORDER} LIMIT %s
        ) AS d
    ) AS found ORDER BY {ORDER} LIMIT %s
    """  # noqa: S608 - made of constants; what people give are parameters
    rows = Scope.of(*registers).rows(query, [*period.params, *columns.params, PIECE_ROWS, PIECE_ROWS])
    documents = []
    for row in rows:
        document = document_made(row[:-1])
        document.container = row[-1]
        documents.append(document)
    return documents


# ── which days ───────────────────────────────────────────────────────────────────────────────────────


def _day_newest(scope: Scope, upper: dt.date) -> dt.date | None:
    """The newest day with receipts, not later than `upper`."""
    rows = scope.rows(
        "SELECT max(t.day) FROM scope CROSS JOIN LATERAL (SELECT day FROM fiscal_day_total AS d"
        " WHERE d.rnm = scope.rnm AND d.inn = scope.inn AND day <= %s ORDER BY day DESC LIMIT 1) AS t",
        [upper],
    )
    newest: dt.date | None = rows[0][0]
    return newest


def _days_holding(scope: Scope, wanted: ReceiptsWanted, low: dt.date, top: dt.date) -> RegisterDays:
    """Days of registers in [low, top] that hold everything asked, each maybe in another receipt."""
    held: set[tuple[dt.date, str, str]] | None = None
    for days in _questions(scope, wanted, low, top):
        held = days if held is None else held & days
        if not held:
            return {}
    by_day: RegisterDays = {}
    for day, rnm, inn in held or ():
        by_day.setdefault(day, []).append((rnm, inn))
    return by_day


def _questions(
    scope: Scope, wanted: ReceiptsWanted, low: dt.date, top: dt.date
) -> Iterable[set[tuple[dt.date, str, str]]]:
    if item := words_asked(wanted.item):
        yield set(scope.rows(ITEM_DAYS_SQL, [words_query(item), low, top]))
    if cashier := words_asked(wanted.cashier):
        rows = scope.rows(CASHIER_DAYS_SQL, [low, top])
        yield {(day, rnm, inn) for day, rnm, inn, name in rows if words_fit(cashier, name)}
    if wanted.payment is not None:
        yield set(scope.rows(PAYMENT_DAYS_SQL.format(wanted.payment.column), [low, top]))


ITEM_DAYS_SQL: Final = """
, named AS MATERIALIZED (SELECT id FROM fiscal_item_name WHERE words @@ %s::tsquery)
SELECT DISTINCT i.day, i.rnm, i.inn FROM scope JOIN fiscal_day_item AS i USING (rnm, inn)
    JOIN named ON named.id = i.item_id
WHERE i.day BETWEEN %s AND %s
"""
CASHIER_DAYS_SQL: Final = """
SELECT DISTINCT c.day, c.rnm, c.inn, c.cashier FROM scope JOIN fiscal_day_cashier AS c USING (rnm, inn)
WHERE c.day BETWEEN %s AND %s
"""
PAYMENT_DAYS_SQL: Final = """
SELECT DISTINCT t.day, t.rnm, t.inn FROM scope JOIN fiscal_day_total AS t USING (rnm, inn)
WHERE t.day BETWEEN %s AND %s AND t.{} > 0
"""
