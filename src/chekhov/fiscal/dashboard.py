"""What registers took in over a period, from the sums the projector keeps; never from documents.

Revenue («выручка») is sales less returns of sales. Purchases («расход») and corrections stand apart and are in no
revenue (docs/adr/0017-revenue-and-day-sums.md). Days are of each register's own clock. Sums: kopecks.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from chekhov.fiscal.derive_sums import SALE, SALE_RETURN
from chekhov.fiscal.goods import GoodTakings, top_goods
from chekhov.fiscal.payments import Payment
from chekhov.fiscal.scope import Scope
from chekhov.fiscal.takings import NOTHING, PaymentTakings, Period, PeriodWrong, Summary, Takings, VatTakings

__all__ = [
    "NOTHING",
    "Dashboard",
    "GoodTakings",
    "PaymentTakings",
    "Period",
    "PeriodWrong",
    "Summary",
    "Takings",
    "VatTakings",
    "by_cashier",
    "by_day",
    "by_group",
    "by_hour",
    "by_hour_of_day",
    "by_month",
    "by_organisation",
    "by_payment",
    "by_register",
    "by_vat",
    "cashiers_of",
    "dashboard",
    "summary",
    "summary_of",
    "top_goods",
]

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Dashboard:
    """Everything the first page shows of a period.

    `days` has every day of the period; `hours` are of the day's 24; `registers` by РНМ and ИНН, greatest revenue
    first, as are `cashiers` and `goods`.
    """

    period: Period
    summary: Summary
    days: list[tuple[dt.date, Takings]]
    hours: list[tuple[int, Takings]]
    registers: list[tuple[tuple[str, str], Takings]]
    cashiers: list[tuple[str, Takings]]
    payments: list[PaymentTakings]
    vat: list[VatTakings]
    goods: list[GoodTakings]


def dashboard(scope: Scope, period: Period) -> Dashboard:
    """All of it, in six statements."""
    now, days, registers, payments = _totals(scope, period)
    return Dashboard(
        period=period,
        summary=Summary(now, summary_of(scope, period.before)),
        days=[(day, days.get(day, NOTHING)) for day in period],
        hours=by_hour_of_day(scope, period),
        registers=_greatest_first(registers),
        cashiers=by_cashier(scope, period),
        payments=payments,
        vat=by_vat(scope, period),
        goods=top_goods(scope, period),
    )


def summary(scope: Scope, period: Period) -> Summary:
    """The period and the one before it."""
    return Summary(summary_of(scope, period), summary_of(scope, period.before))


def summary_of(scope: Scope, period: Period) -> Takings:
    """One period."""
    query = f"SELECT {SUMS} FROM scope JOIN fiscal_day_total AS t USING (rnm, inn) WHERE {DAYS}"  # noqa: S608
    return Takings(*map(int, _asked(scope, query, period)[0]))


def by_day(scope: Scope, period: Period) -> list[tuple[dt.date, Takings]]:
    """Every day of the period."""
    found = _keyed(scope, period, "day")
    return [(day, found.get((day,), NOTHING)) for day in period]


def by_month(scope: Scope, period: Period) -> list[tuple[dt.date, Takings]]:
    """Every month the period touches, by its first day; only the period's days are in it."""
    months: dict[dt.date, Takings] = {}
    for day, takings in by_day(scope, period):
        month = day.replace(day=1)
        months[month] = months.get(month, NOTHING) + takings
    return list(months.items())


def by_hour(scope: Scope, day: dt.date) -> list[tuple[dt.datetime, Takings]]:
    """The 24 hours of a day, without corrections."""
    return [
        (dt.datetime.combine(day, dt.time(hour)), takings)
        for hour, takings in by_hour_of_day(scope, Period(day, day))
    ]


def by_hour_of_day(scope: Scope, period: Period) -> list[tuple[int, Takings]]:
    """The 24 hours of the day, all days of the period together, without corrections."""
    hours = _added_up(
        "fiscal_hour_total",
        "hour_at::time, operation",
        "t.hour_at >= %s AND t.hour_at < %s::timestamp + interval '1 day'",
    )
    query = f"SELECT extract(hour FROM hour_at)::int, {SUMS_OF_HOURS} FROM {hours} GROUP BY 1"  # noqa: S608
    found = {row[0]: Takings(*map(int, row[1:])) for row in _asked(scope, query, period)}
    return [(hour, found.get(hour, NOTHING)) for hour in range(24)]


def by_register(scope: Scope, period: Period) -> list[tuple[tuple[str, str], Takings]]:
    """Registers that had settlements, by РНМ and ИНН, greatest revenue first."""
    return _greatest_first(_keyed(scope, period, "rnm, inn"))


def by_organisation(scope: Scope, period: Period) -> list[tuple[str, Takings]]:
    """Companies by ИНН, greatest revenue first."""
    return _greatest_first({key[0]: takings for key, takings in _keyed(scope, period, "inn").items()})


def by_group(
    registers: Iterable[tuple[tuple[str, str], Takings]], groups: Mapping[str, Key]
) -> list[tuple[Key | None, Takings]]:
    """What `by_register` gave, put together by groups. `groups`: of a РНМ its group; None for those without."""
    found: dict[Key | None, Takings] = {}
    for (rnm, _), takings in registers:
        group = groups.get(rnm)
        found[group] = found.get(group, NOTHING) + takings
    return _greatest_first(found)


def by_cashier(scope: Scope, period: Period) -> list[tuple[str, Takings]]:
    """Cashiers by name, greatest revenue first. The empty name: without a cashier."""
    days = _added_up("fiscal_day_cashier", "cashier, operation, correction", DAYS)
    query = f"SELECT cashier, {SUMS} FROM {days} GROUP BY 1"  # noqa: S608
    return _greatest_first({row[0]: Takings(*map(int, row[1:])) for row in _asked(scope, query, period)})


def by_payment(scope: Scope, period: Period) -> list[PaymentTakings]:
    """All five kinds, in the order of their tags."""
    query = f"SELECT {PAYMENTS} FROM scope JOIN fiscal_day_total AS t USING (rnm, inn) WHERE {DAYS}"  # noqa: S608
    return _payments(_asked(scope, query, period)[0])


def by_vat(scope: Scope, period: Period) -> list[VatTakings]:
    """Rates that occurred, by code."""
    condition = f"{DAYS} AND NOT correction AND operation IN ({SALE}, {SALE_RETURN})"
    days = _added_up("fiscal_day_vat", "rate, operation", condition, ("amount_kopecks",))
    query = f"""
    SELECT rate, sum(CASE WHEN operation = {SALE} THEN amount_kopecks ELSE -amount_kopecks END)
    FROM {days} GROUP BY rate ORDER BY rate
    """  # noqa: S608
    return [VatTakings(rate, int(amount)) for rate, amount in _asked(scope, query, period)]


def cashiers_of(scope: Scope, period: Period) -> list[str]:
    """Names of cashiers that occur, for a filter's choice."""
    query = f"""
    SELECT DISTINCT cashier FROM scope JOIN fiscal_day_cashier AS t USING (rnm, inn)
    WHERE {DAYS} AND cashier <> '' ORDER BY 1
    """  # noqa: S608
    return [row[0] for row in _asked(scope, query, period)]


# ── statements ───────────────────────────────────────────────────────────────────────────────────────

DAYS: Final = "t.day BETWEEN %s AND %s"


def _sum(column: str, condition: str) -> str:
    return f"coalesce(sum({column}) FILTER (WHERE {condition}), 0)"


def _net(column: str, plus: int, minus: int) -> str:
    """What came in by one operation less what its return gave back."""
    return (
        f"coalesce(sum(CASE operation WHEN {plus} THEN {column} WHEN {minus} THEN -{column} END)"
        " FILTER (WHERE NOT correction), 0)"
    )


_PURCHASE, _PURCHASE_RETURN = 3, 4
SUMS: Final = ", ".join(
    (
        _sum("receipts", f"NOT correction AND operation = {SALE}"),
        _sum("total_kopecks", f"NOT correction AND operation = {SALE}"),
        _sum("receipts", f"NOT correction AND operation = {SALE_RETURN}"),
        _sum("total_kopecks", f"NOT correction AND operation = {SALE_RETURN}"),
        _sum("receipts", f"NOT correction AND operation = {_PURCHASE}"),
        _net("total_kopecks", _PURCHASE, _PURCHASE_RETURN),
        _sum("receipts", "correction"),
        _sum("total_kopecks", "correction"),
    )
)
"""The fields of Takings, in their order."""

SUMS_OF_HOURS: Final = ", ".join(
    (
        _sum("receipts", f"operation = {SALE}"),
        _sum("total_kopecks", f"operation = {SALE}"),
        _sum("receipts", f"operation = {SALE_RETURN}"),
        _sum("total_kopecks", f"operation = {SALE_RETURN}"),
        _sum("receipts", f"operation = {_PURCHASE}"),
        (
            f"coalesce(sum(CASE operation WHEN {_PURCHASE} THEN total_kopecks"
            f" WHEN {_PURCHASE_RETURN} THEN -total_kopecks END), 0)"
        ),
    )
)
TAKEN: Final = ("receipts", "total_kopecks")
PAYMENTS: Final = ", ".join(_net(payment.column, SALE, SALE_RETURN) for payment in Payment)


def _added_up(table: str, keys: str, condition: str, summed: Sequence[str] = TAKEN) -> str:
    """Sums of a table by these columns, each register's by themselves, as a relation over the scope.

    A register's rows are found by their key, whoever else has rows in the table; and many become few before sales
    are told from returns.
    """
    sums = ", ".join(f"sum({column}) AS {column}" for column in summed)
    return f"""
    scope CROSS JOIN LATERAL (
        SELECT {keys}, {sums} FROM {table} AS t
        WHERE t.rnm = scope.rnm AND t.inn = scope.inn AND {condition} GROUP BY {keys}
    ) AS one
    """  # noqa: S608


def _asked(scope: Scope, query: str, period: Period) -> list[tuple[Any, ...]]:
    """Rows of a query over the scope and the period's first and last day."""
    return scope.rows(query, [period.first, period.last])


def _keyed(scope: Scope, period: Period, key: str) -> dict[tuple[Any, ...], Takings]:
    """Takings by columns of the key."""
    query = f"""
    SELECT {key}, {SUMS} FROM scope JOIN fiscal_day_total AS t USING (rnm, inn) WHERE {DAYS} GROUP BY {key}
    """  # noqa: S608
    width = len(key.split(","))
    return {row[:width]: Takings(*map(int, row[width:])) for row in _asked(scope, query, period)}


def _totals(
    scope: Scope, period: Period
) -> tuple[Takings, dict[dt.date, Takings], dict[tuple[str, str], Takings], list[PaymentTakings]]:
    """The whole, by day, by register and by payment, in one pass over the days' sums."""
    query = f"""
    SELECT grouping(t.day), grouping(rnm), t.day, rnm, inn, {SUMS}, {PAYMENTS}
    FROM scope JOIN fiscal_day_total AS t USING (rnm, inn) WHERE {DAYS}
    GROUP BY GROUPING SETS ((), (t.day), (rnm, inn))
    """  # noqa: S608
    whole, payments = NOTHING, _payments([0] * len(Payment))
    days: dict[dt.date, Takings] = {}
    registers: dict[tuple[str, str], Takings] = {}
    for day_is_all, rnm_is_all, day, rnm, inn, *sums in _asked(scope, query, period):
        takings = Takings(*map(int, sums[:8]))
        if not day_is_all:
            days[day] = takings
        elif not rnm_is_all:
            registers[rnm, inn] = takings
        else:
            whole, payments = takings, _payments(sums[8:])
    return whole, days, registers, payments


def _payments(sums: Iterable[Any]) -> list[PaymentTakings]:
    return [PaymentTakings(payment, int(value)) for payment, value in zip(Payment, sums, strict=True)]


def _greatest_first(found: Mapping[Any, Takings]) -> list[tuple[Any, Takings]]:
    return sorted(found.items(), key=lambda one: (-one[1].revenue_kopecks, str(one[0])))
