from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chekhov.fn.totals import NOTHING, Totals, Turnover, correction_fields

amounts = st.integers(0, 10**12)
totals = st.builds(Totals, *[amounts] * 13)


@given(totals, totals)
def test_plus_and_minus_undo_each_other(one, other):
    assert one.plus(other).minus(other) == one
    assert one.plus(NOTHING) == one
    assert one.plus(other) == other.plus(one)


def test_counters_do_not_go_below_zero():
    with pytest.raises(ValueError, match="below zero"):
        Totals(1, 100).minus(Totals(1, 101))


def test_group_shows_count_and_total_always_and_the_rest_when_there_is_any():
    assert NOTHING.fields(with_vat=True) == [(1135, 0), (1201, 0)]
    full = Totals(2, 100, 10, 20, 30, 15, 25, 1, 2, 3, 4, 5, 6)
    assert full.fields(with_vat=True) == [
        *((1135, 2), (1201, 100)),
        *((1136, 10), (1138, 20), (1218, 30), (1219, 15), (1220, 25)),
        *((1139, 1), (1140, 2), (1141, 3), (1142, 4), (1143, 5), (1183, 6)),
    ]
    assert full.fields(with_vat=False) == full.fields(with_vat=True)[:7]


def test_kinds_are_kept_apart_and_counted_together():
    turnover = Turnover()
    for operation in (1, 2, 3, 4, 4):
        turnover = turnover.plus(operation, Totals(1, operation), correction=False)
    turnover = turnover.plus(2, Totals(1, 50), correction=True)
    assert turnover.documents == 6
    fields = dict(turnover.fields())
    assert fields[1134] == 6
    assert [dict(fields[tag])[1201] for tag in (1129, 1130, 1131, 1132)] == [1, 2, 3, 8]
    assert fields[1133] == [(1144, 1), (1232, [(1135, 1), (1201, 50)])]


def test_groups_of_corrections_follow_their_kinds():
    four = tuple(Totals(1, amount) for amount in (1, 2, 3, 4))
    assert [(tag, dict(pairs)[1201]) for tag, pairs in correction_fields(four)[1:]] == [
        (1145, 1),
        (1232, 2),
        (1146, 3),
        (1233, 4),
    ]
