"""What registers took in, compared with a plain list of what was sold."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chekhov.fiscal import projector
from chekhov.fiscal.dashboard import (
    NOTHING,
    Period,
    PeriodWrong,
    Summary,
    Takings,
    by_cashier,
    by_day,
    by_group,
    by_hour,
    by_month,
    by_organisation,
    by_payment,
    by_register,
    by_vat,
    cashiers_of,
    dashboard,
    summary,
    top_goods,
)
from chekhov.fiscal.goods import parts_of, quantity_plain
from chekhov.fiscal.payments import Payment
from chekhov.fiscal.scope import Scope
from fiscal.selling import Register, entries_make, entries_write

MINE = [
    Register("9999540000000021", "0000000001005209", "7702203276"),
    Register("9999540000000022", "0000000001057222", "7704358518"),
]
FOREIGN = Register("9999540000000023", "0000000001057222", "7702203276")
SCOPE = Scope.of(*(register.pair for register in MINE))
PERIOD = Period(dt.date(2026, 11, 19), dt.date(2026, 11, 20))
SOLD, RETURNED, BOUGHT, BOUGHT_RETURNED = 1, 2, 3, 4


@pytest.fixture
def entries(test_database_url):
    made = entries_make([*MINE, FOREIGN], 90, seed=3)
    entries_write(test_database_url, made)
    while projector.step():
        pass
    return [one for one in made if one.register != FOREIGN and one.operation is not None]


def takings(entries, *, corrections=True):
    def of(operation):
        return [one.total for one in entries if one.operation == operation and one.code != 31]

    fixed = [one.total for one in entries if one.code == 31 and corrections]
    return Takings(
        len(of(SOLD)), sum(of(SOLD)), len(of(RETURNED)), sum(of(RETURNED)), len(of(BOUGHT)),
        sum(of(BOUGHT)) - sum(of(BOUGHT_RETURNED)), len(fixed), sum(fixed),
    )  # fmt: skip


def grouped(entries, key):
    keys = {key(one) for one in entries}
    return {one: takings([entry for entry in entries if key(entry) == one]) for one in keys}


def net(entries, value):
    """Sold less returned, corrections apart."""
    sign = {SOLD: 1, RETURNED: -1}
    return sum(sign.get(one.operation, 0) * value(one) for one in entries if one.code != 31)


def test_everything_agrees_with_the_documents(entries):
    within = [one for one in entries if PERIOD.first <= one.at.date() <= PERIOD.last]
    earlier = [one for one in entries if PERIOD.before.first <= one.at.date() <= PERIOD.before.last]
    assert len(within) > 40
    assert earlier
    board = dashboard(SCOPE, PERIOD)
    assert board.summary == summary(SCOPE, PERIOD) == Summary(takings(within), takings(earlier))
    assert board.days == by_day(SCOPE, PERIOD)
    assert dict(board.days) == dict.fromkeys(PERIOD, NOTHING) | grouped(within, lambda one: one.at.date())
    assert dict(board.hours) == {
        hour: takings([one for one in within if one.at.hour == hour], corrections=False) for hour in range(24)
    }
    assert board.registers == by_register(SCOPE, PERIOD)
    assert dict(board.registers) == grouped(within, lambda one: one.register.pair)
    revenues = [one.revenue_kopecks for _, one in board.registers]
    assert revenues == sorted(revenues, reverse=True)
    assert dict(by_organisation(SCOPE, PERIOD)) == grouped(within, lambda one: one.register.inn)
    assert board.cashiers == by_cashier(SCOPE, PERIOD)
    assert dict(board.cashiers) == grouped(within, lambda one: one.cashier)
    assert cashiers_of(SCOPE, PERIOD) == sorted({one.cashier for one in within if one.cashier})
    assert board.payments == by_payment(SCOPE, PERIOD)
    assert {one.payment: one.revenue_kopecks for one in board.payments} == {
        Payment.CASH: net(within, lambda one: one.cash),
        Payment.ELECTRONIC: net(within, lambda one: one.total - one.cash),
        Payment.PREPAID: 0,
        Payment.CREDIT: 0,
        Payment.PROVISION: 0,
    }
    assert board.vat == by_vat(SCOPE, PERIOD)
    (vat,) = board.vat
    assert (vat.rate, vat.amount_kopecks) == (2, net(within, lambda one: (one.total * 20 + 110) // 220))
    goods = {
        name: net([one for one in within if one.item == name], lambda one: one.total)
        for name in {one.item for one in within}
    }
    assert {one.name: one.revenue_kopecks for one in board.goods} == {
        name: total for name, total in goods.items() if total > 0
    }
    for good in board.goods:
        of_name = [one for one in within if one.item == good.name]
        assert (good.quantity, good.lines) == (Decimal(net(of_name, lambda _: 1)), len(of_name))
    assert top_goods(SCOPE, PERIOD, 1) == board.goods[:1]
    (month,) = by_month(SCOPE, PERIOD)
    assert month == (dt.date(2026, 11, 1), takings(within))
    hours = by_hour(SCOPE, PERIOD.first)
    assert [at for at, _ in hours] == [dt.datetime.combine(PERIOD.first, dt.time(hour)) for hour in range(24)]
    assert sum((one.revenue_kopecks for _, one in hours)) == dict(board.days)[PERIOD.first].revenue_kopecks


def test_groups_are_put_together_by_the_callers_mapping(entries):
    rows = by_register(SCOPE, PERIOD)
    both = by_group(rows, {register.rnm: 7 for register in MINE})
    assert both == [(7, rows[0][1] + rows[1][1])]
    assert dict(by_group(rows, {MINE[0].rnm: 7})) == {
        7: dict(rows)[MINE[0].pair],
        None: dict(rows)[MINE[1].pair],
    }


def test_nothing_of_nobody(entries):
    board = dashboard(Scope.of(), PERIOD)
    assert board.summary == Summary(NOTHING, NOTHING)
    assert [takings for _, takings in board.days] == [NOTHING] * 2
    assert len(board.hours) == 24
    assert (board.registers, board.cashiers, board.vat, board.goods) == ([], [], [], [])
    assert {one.revenue_kopecks for one in board.payments} == {0}
    assert board.summary.now.average_kopecks is None
    assert dashboard(Scope.of((MINE[0].rnm, MINE[1].inn)), PERIOD).summary == board.summary


def test_periods():
    month = Period(dt.date(2026, 10, 1), dt.date(2026, 10, 31))
    assert (month.days, month.before) == (31, Period(dt.date(2026, 8, 31), dt.date(2026, 9, 30)))
    assert Period(dt.date(2024, 1, 1), dt.date(2024, 12, 31)).days == 366
    assert list(Period(dt.date(2026, 1, 31), dt.date(2026, 2, 1))) == [
        dt.date(2026, 1, 31),
        dt.date(2026, 2, 1),
    ]
    for first, last in (
        (dt.date(2026, 1, 2), dt.date(2026, 1, 1)),
        (dt.date(2025, 1, 1), dt.date(2026, 1, 2)),
    ):
        with pytest.raises(PeriodWrong):
            Period(first, last)
    with pytest.raises(PeriodWrong):
        _ = Period(dt.date.min, dt.date.min).before


def test_averages_are_rounded_half_up():
    assert Takings(receipts=2, sales_kopecks=5).average_kopecks == 3


def test_quantities_are_shown_without_the_columns_zeros():
    assert [str(quantity_plain(Decimal(one))) for one in ("3.000", "100", "0.750", "-1.50")] == [
        "3",
        "100",
        "0.75",
        "-1.5",
    ]


DAYS = st.dates(dt.date(2025, 11, 1), dt.date(2027, 2, 1))


@given(DAYS, st.integers(0, 365), DAYS)
def test_a_period_is_the_same_days_as_months_and_ranges(first, more, newest):
    period = Period(first, first + dt.timedelta(days=more))
    parts, inside = parts_of(period, newest), set(period)
    for offset in range(-40, more + 40):
        day = first + dt.timedelta(days=offset)
        if day > newest:
            continue
        counted = (day.replace(day=1) in parts.months) + sum(
            sign for one, other, sign in parts.ranges if one <= day <= other
        )
        assert counted == (day in inside), day
    days_read = sum((min(other, newest) - one).days + 1 for one, other, _ in parts.ranges if one <= newest)
    assert days_read <= 31


def test_goods_of_any_period_are_those_of_its_days(entries):
    days = sorted({one.at.date() for one in entries})
    for first in days:
        for last in days:
            if first > last:
                continue
            within = [one for one in entries if first <= one.at.date() <= last]
            expected = {
                name: total
                for name in {one.item for one in within}
                if (total := net([one for one in within if one.item == name], lambda one: one.total)) > 0
            }
            assert {
                one.name: one.revenue_kopecks for one in top_goods(SCOPE, Period(first, last))
            } == expected
