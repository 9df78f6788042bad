"""Counting: percentiles by rank, processes added up."""

from __future__ import annotations

from array import array
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chekhov.simulator.fleet_tally import Tally, percentile


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        ([], 0.5, None),
        ([7], 0.5, 7),
        ([7], 0.99, 7),
        ([1, 2], 0.5, 1),
        ([1, 2, 3], 0.5, 2),
        (list(range(1, 101)), 0.99, 99),
        (list(range(1, 101)), 0.5, 50),
        (list(range(1, 1001)), 0.95, 950),
        ([1, 2, 3], 1.0, 3),
    ],
)
def test_percentile_by_nearest_rank(values, share, expected):
    assert percentile(values, share) == expected


@given(st.lists(st.integers(0, 1000), min_size=1), st.sampled_from([0.5, 0.95, 0.99]))
def test_enough_values_are_not_above_and_fewer_would_not_do(values, share):
    ordered = sorted(values)
    found = percentile(ordered, share)
    assert sum(value <= found for value in ordered) >= share * len(ordered)
    assert sum(value < found for value in ordered) < share * len(ordered)


def test_processes_are_added_up():
    total = Tally()
    total.add(Tally(10, 1, 2.0, array("f", [0.5]), 100, 50, 3, 0, 9, Counter(answer_wrong=1)))
    total.add(
        Tally(20, 0, 2.5, array("f", [1.0, 0.25]), 200, 60, 4, 5, 19, Counter(answer_wrong=2, closed=1))
    )
    data = total.as_json()
    assert data == {
        "documents": 30,
        "documents_late": 1,
        "seconds": 2.5,
        "documents_per_second": 12.0,
        "ack_p50_ms": 500.0,
        "ack_p95_ms": 1000.0,
        "ack_p99_ms": 1000.0,
        "ack_max_ms": 1000.0,
        "bytes_sent": 300,
        "bytes_received": 110,
        "connections": 7,
        "made_on_the_fly": 5,
        "answers_verified": 28,
        "errors": {"answer_wrong": 3, "closed": 1},
    }


def test_of_nothing():
    assert Tally().documents_per_second == 0
    assert Tally().as_json()["ack_p99_ms"] is None
