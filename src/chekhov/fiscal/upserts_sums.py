"""Statements of the projector for days and hours of registers, and how their rows are handed over.

Each adds what a range of the journal gives to what there is. A step has some ten thousand rows of goods; so columns
go over as array literals that are joined here, many times cheaper than the driver's adaptation of lists.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.db.backends.utils import CursorWrapper

from chekhov.fiscal.derive_sums import DayFacts, DayKey
from chekhov.fiscal.words import words_of

SUM_GROWS_BELOW: Final = 4_000_000_000_000_000_000
"""Kopecks. A sum beyond it is of no honest register; it grows no more, lest it leave its column."""

DAY_TABLES: Final = (
    "fiscal_day_total",
    "fiscal_hour_total",
    "fiscal_day_vat",
    "fiscal_day_cashier",
    "fiscal_day_item",
    "fiscal_month_item",
    "fiscal_item_name",
)

Rows = list[tuple[object, ...]]

PAYMENTS: Final = tuple(f"{word}_kopecks" for word in ("cash", "ecash", "prepaid", "credit", "provision"))


def sum_grown(column: str) -> str:
    """`SET` of a sum of the table aliased t: more by what comes."""
    return (
        f"{column} = t.{column} + CASE WHEN abs(t.{column}) < {SUM_GROWS_BELOW}"
        f" THEN excluded.{column} ELSE 0 END"
    )


def _adding(table: str, keys: dict[str, str], sums: Sequence[str], counts: Sequence[str] = ()) -> str:
    """An upsert that adds; `keys`: columns of the key with their types. One array literal a column."""
    columns = [*keys, *counts, *sums]
    arrays = [f"%s::{kind}[]" for kind in (*keys.values(), *("bigint" for _ in (*counts, *sums)))]
    grown = [*(f"{one} = t.{one} + excluded.{one}" for one in counts), *map(sum_grown, sums)]
    return (
        f"INSERT INTO {table} AS t ({', '.join(columns)}) SELECT * FROM unnest({', '.join(arrays)})"  # noqa: S608
        f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {', '.join(grown)}"
    )


_DAY: Final = {"rnm": "text", "inn": "text", "day": "date"}
_KIND: Final = {"operation": "smallint", "correction": "bool"}

DAY_TOTALS_SQL: Final = _adding(
    "fiscal_day_total", {**_DAY, **_KIND}, ["total_kopecks", *PAYMENTS], ["receipts"]
)
HOUR_TOTALS_SQL: Final = _adding(
    "fiscal_hour_total",
    {"rnm": "text", "inn": "text", "hour_at": "timestamp", "operation": "smallint"},
    ["total_kopecks"],
    ["receipts"],
)
DAY_VAT_SQL: Final = _adding("fiscal_day_vat", {**_DAY, **_KIND, "rate": "smallint"}, ["amount_kopecks"])
DAY_CASHIERS_SQL: Final = _adding(
    "fiscal_day_cashier", {**_DAY, "cashier": "text", **_KIND}, ["total_kopecks"], ["receipts"]
)


def _items_adding(table: str, period: str) -> str:
    """The upsert of goods of a period."""
    return f"""
    INSERT INTO {table} AS t (rnm, inn, {period}, item_id, quantity, total_kopecks, lines)
    SELECT * FROM
        unnest(%s::text[], %s::text[], %s::date[], %s::bigint[], %s::numeric[], %s::bigint[], %s::bigint[])
    ON CONFLICT (rnm, inn, {period}, item_id) DO UPDATE SET
        quantity = t.quantity + excluded.quantity, {sum_grown("total_kopecks")}, lines = t.lines + excluded.lines
    """  # noqa: S608 - names of columns only


DAY_ITEMS_SQL: Final = _items_adding("fiscal_day_item", "day")
MONTH_ITEMS_SQL: Final = _items_adding("fiscal_month_item", "month")
ITEM_NAMES_SQL: Final = """
INSERT INTO fiscal_item_name (id, name, words)
SELECT fresh.id, fresh.name, array_to_tsvector(string_to_array(fresh.words, ' '))
FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS fresh (id, name, words)
ON CONFLICT (id) DO NOTHING
"""
NAMES_MISSING_SQL: Final = """
SELECT fresh.id FROM unnest(%s::bigint[]) AS fresh (id)
WHERE NOT EXISTS (SELECT FROM fiscal_item_name AS known WHERE known.id = fresh.id)
"""


def array_literal(values: Iterable[object]) -> str:
    """Numbers, moments and what `quoted` gave as PostgreSQL writes an array."""
    return "{" + ",".join(map(str, values)) + "}"


def array_of(values: Iterable[object]) -> str:
    """Anything a column holds as PostgreSQL writes an array."""
    return array_literal(
        "NULL" if value is None else value if isinstance(value, int) else quoted(str(value))
        for value in values
    )


def quoted(text: str) -> str:
    """A text as an element of an array literal."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def days_store(sql: CursorWrapper, days: dict[DayKey, DayFacts]) -> None:
    """Add the sums of days. Keys go in order, which is also the order of the tables' pages."""
    totals: Rows = []
    hours: Rows = []
    vat: Rows = []
    cashiers: Rows = []
    items: Rows = []
    for (rnm, inn, day), facts in sorted(days.items()):
        head = (quoted(rnm), quoted(inn), day)
        for kind, sums in sorted(facts.totals.items()):
            receipts, *kopecks = sums
            totals.append((*head, *kind, receipts, *kopecks))
        for (hour, operation), (receipts, kopecks_of_hour) in sorted(facts.hours.items()):
            hour_at = dt.datetime.combine(day, dt.time(hour))
            hours.append((head[0], head[1], quoted(str(hour_at)), operation, receipts, kopecks_of_hour))
        for (operation, correction, rate), amount in sorted(facts.vat.items()):
            vat.append((*head, operation, correction, rate, amount))
        for (cashier, operation, correction), sums in sorted(facts.cashiers.items()):
            cashiers.append((*head, quoted(cashier), operation, correction, *sums))
        for item_id, sums in sorted(facts.items.items()):
            items.append((*head, item_id, *sums))
    for statement, rows in (
        (DAY_TOTALS_SQL, totals),
        (HOUR_TOTALS_SQL, hours),
        (DAY_VAT_SQL, vat),
        (DAY_CASHIERS_SQL, cashiers),
        (DAY_ITEMS_SQL, items),
        (MONTH_ITEMS_SQL, _months(days)),
    ):
        if rows:
            sql.execute(statement, [array_literal(column) for column in zip(*rows, strict=True)])


def _months(days: dict[DayKey, DayFacts]) -> Rows:
    """Rows of goods put together by month."""
    months: dict[tuple[str, str, dt.date], dict[int, list[Any]]] = {}
    for (rnm, inn, day), facts in days.items():
        month = months.setdefault((rnm, inn, day.replace(day=1)), {})
        for item_id, sums in facts.items.items():
            known = month.get(item_id)
            month[item_id] = (
                sums if known is None else [one + more for one, more in zip(known, sums, strict=True)]
            )
    return [
        (quoted(rnm), quoted(inn), first, item_id, *sums)
        for (rnm, inn, first), items in sorted(months.items())
        for item_id, sums in sorted(items.items())
    ]


def item_names_store(sql: CursorWrapper, names: dict[int, str]) -> None:
    """Keep the names that are new."""
    if not names:
        return
    sql.execute(NAMES_MISSING_SQL, [array_literal(names)])
    fresh = sorted(row[0] for row in sql.fetchall())
    if fresh:
        kept = [names[one] for one in fresh]
        sql.execute(ITEM_NAMES_SQL, [fresh, kept, [" ".join(words_of(name)) for name in kept]])
