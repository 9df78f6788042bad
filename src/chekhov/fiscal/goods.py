"""Goods that registers sold over a period, from the sums of months and days the projector keeps."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NamedTuple

from chekhov.fiscal.scope import Scope
from chekhov.fiscal.takings import Period

GOODS_SHOWN: Final = 20
DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class GoodTakings:
    """A name of goods, sold less returned. `lines`: of receipts of every kind."""

    name: str
    quantity: Decimal
    revenue_kopecks: int
    lines: int


def top_goods(scope: Scope, period: Period, limit: int = GOODS_SHOWN) -> list[GoodTakings]:
    """Names with the greatest revenue: whole months from their sums, the rest from days."""
    parts = parts_of(period, _newest_day(scope))
    # Days of a register are added up by themselves first: all rows of all registers would be sorted on disk. Its
    # months are few and are not; OFFSET 0 has each register's rows fetched by their key all the same. A range lies in
    # one month, whose sum fits into a bigint, and so does its own.
    query = """
    , ranges AS MATERIALIZED (SELECT * FROM unnest(%s::date[], %s::date[], %s::int[]) AS r (first, last, sign)),
    told AS (
        SELECT one.* FROM scope CROSS JOIN LATERAL (
            SELECT m.item_id, m.total_kopecks AS total, m.quantity, m.lines FROM fiscal_month_item AS m
            WHERE m.rnm = scope.rnm AND m.inn = scope.inn AND m.month = ANY(%s) OFFSET 0
        ) AS one
        UNION ALL SELECT one.* FROM scope CROSS JOIN ranges AS r CROSS JOIN LATERAL (
            SELECT d.item_id, r.sign * sum(d.total_kopecks)::bigint, r.sign * sum(d.quantity), r.sign * sum(d.lines)::bigint
            FROM fiscal_day_item AS d WHERE d.rnm = scope.rnm AND d.inn = scope.inn AND d.day BETWEEN r.first AND r.last
            GROUP BY d.item_id
        ) AS one
    ),
    sold AS (
        SELECT item_id, sum(total) AS revenue, sum(quantity) AS quantity, sum(lines) AS lines
        FROM told GROUP BY item_id HAVING sum(total) > 0 ORDER BY revenue DESC, item_id LIMIT %s
    )
    SELECT n.name, sold.quantity, sold.revenue, sold.lines FROM sold JOIN fiscal_item_name AS n ON n.id = sold.item_id
    ORDER BY sold.revenue DESC, n.id
    """
    ranges = [list(column) for column in zip(*parts.ranges, strict=True)] or [[], [], []]
    return [
        GoodTakings(name, quantity_plain(quantity), int(revenue), int(lines))
        for name, quantity, revenue, lines in scope.rows(query, [*ranges, parts.months, limit])
    ]


class Parts(NamedTuple):
    """A period as months and ranges of days: what the months have too much is taken off (sign -1)."""

    months: list[dt.date]
    ranges: list[tuple[dt.date, dt.date, int]]


def parts_of(period: Period, newest: dt.date) -> Parts:
    """The cheapest way to add up a period. `newest`: no later day has anything, so a month may end there."""
    parts = Parts([], [])
    first = period.first.replace(day=1)
    while first <= period.last:
        last = (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
        inside = max(first, period.first), min(last, period.last)
        outside = [
            (one, other)
            for one, other in ((first, inside[0] - DAY), (inside[1] + DAY, min(last, newest)))
            if one <= other
        ]
        days_outside = sum((other - one).days + 1 for one, other in outside)
        if days_outside < (min(inside[1], newest) - inside[0]).days + 1:
            parts.months.append(first)
            parts.ranges.extend((one, other, -1) for one, other in outside)
        else:
            parts.ranges.append((*inside, 1))
        first = last + DAY
    return parts


def _newest_day(scope: Scope) -> dt.date:
    """The day of the newest document, by its register's clock."""
    rows = scope.rows("SELECT max(s.last_issued_at) FROM scope JOIN kkt_standing AS s USING (rnm, inn)", [])
    newest: dt.datetime | None = rows[0][0]
    return dt.date.min if newest is None else newest.date()


def quantity_plain(quantity: Decimal) -> Decimal:
    """A quantity without the zeros that the column adds."""
    whole = quantity.to_integral_value()
    return whole if whole == quantity else quantity.normalize()
