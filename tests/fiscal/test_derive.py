from __future__ import annotations

import datetime as dt
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from chekhov.fiscal.derive import JournalFact, derive, runs_merged, runs_of
from chekhov.fiscal.verdicts import Verdict
from fiscal.messages import FN, MOMENT, RNM, message, parts, receipt, receipt_fields

AT = dt.datetime(2026, 11, 20, 9, 30, tzinfo=dt.UTC)


def fact(whole, fd, code=3, *, fn=FN, shift=1, operation=None, verdict=0, minutes=0, rnm=RNM):
    at = AT + dt.timedelta(minutes=minutes)
    issued_at = MOMENT + dt.timedelta(minutes=fd)
    return JournalFact(
        fn, fd, at, issued_at, code, 4, operation, verdict, rnm, "7702203276", shift, None, parts(whole)[1]
    )


def test_sums_of_a_shift_by_operation_and_kind():
    derived = derive(
        [
            fact(receipt(fd=1, total=10_000, cash=4_000), 1, operation=1),
            fact(receipt(fd=2, total=500), 2, operation=1),
            fact(receipt(fd=3, total=700, operation=2), 3, operation=2),
            fact(receipt(fd=4, code=31, total=900), 4, 31, operation=1),
        ]
    )
    assert derived.totals == {
        (FN, 1, 1, False): [2, 10_500, 4_000, 6_500, 0, 0, 0],
        (FN, 1, 2, False): [1, 700, 0, 700, 0, 0, 0],
        (FN, 1, 1, True): [1, 900, 0, 900, 0, 0, 0],
    }
    assert derived.vat == {(FN, 1, 1, False, 2): 909 + 45, (FN, 1, 2, False, 2): 64, (FN, 1, 1, True, 2): 82}
    shift = derived.shifts[FN, 1]
    assert (shift.documents, shift.receipts, shift.corrections) == (4, 3, 1)


def test_vat_of_the_new_group_is_added_by_its_rate():
    fields = [field for field in receipt_fields(total=12_200) if field[0] != 1103]
    fields.append((1115, [(1119, [(1199, 11), (1120, 2_200)]), (1119, [(1199, 7), (1120, 50)])]))
    derived = derive([fact(message(3, fields=fields, shift=1), 1, operation=1)])
    assert derived.vat == {(FN, 1, 1, False, 11): 2_200, (FN, 1, 1, False, 7): 50}


def test_opening_and_closing_stand_in_the_shift():
    derived = derive([fact(message(5, fd=9), 9, 5), fact(message(2, fd=4), 4, 2)])
    shift = derived.shifts[FN, 1]
    assert (shift.open_fd, shift.close_fd, shift.first_fd, shift.last_fd) == (4, 9, 4, 9)
    assert (shift.opened_at, shift.closed_at) == (
        MOMENT + dt.timedelta(minutes=4),
        MOMENT + dt.timedelta(minutes=9),
    )


def test_unrecognised_document_counts_and_says_nothing_else():
    derived = derive([fact(receipt(fd=7), 7, operation=1, verdict=Verdict.UNRECOGNISED)])
    assert derived.shifts == {}
    drive = derived.drives[FN]
    assert (drive.documents, drive.unrecognised, drive.numbers) == (1, 1, [7])


@given(st.lists(st.integers(1, 40)))
def test_runs_hold_exactly_the_numbers(numbers):
    runs = runs_of(numbers)
    assert {one for first, last in runs for one in range(first, last + 1)} == set(numbers)
    assert all(after[0] > before[1] + 1 for before, after in pairwise(runs))


@given(st.lists(st.integers(1, 40)), st.lists(st.integers(1, 40)))
def test_merged_runs_are_the_runs_of_both(one, other):
    assert runs_merged([*runs_of(one), *runs_of(other)]) == runs_of([*one, *other])
