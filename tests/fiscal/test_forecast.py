from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chekhov.fiscal import projector
from chekhov.fiscal.forecast import DRIVE_DOCUMENTS, Limit, drive_life, drive_lives, forecast
from chekhov.fiscal.scope import Scope
from fiscal.journalling import journal_write
from fiscal.messages import FN, INN, MOMENT, RNM, message, receipt

TODAY = dt.date(2026, 11, 22)


def life(**change):
    values = {
        "fn": FN, "documents_used": 100_000, "documents_lately": 3_000, "days_counted": 30, "today": TODAY,
        "started_on": TODAY - dt.timedelta(days=100), "until": TODAY + dt.timedelta(days=300),
    }  # fmt: skip
    return forecast(**values | change)


def test_both_ends_and_the_smaller_first():
    found = life()
    assert (found.documents_left, found.documents_left_percent, found.documents_a_day) == (130_000, 56, 100)
    assert (found.days_left, found.days_left_percent, found.left_percent) == (300, 75, 56)
    assert found.full_on == TODAY + dt.timedelta(days=1_300)
    assert (found.ends_on, found.ends_by) == (found.until, Limit.DAYS)
    fast = life(documents_lately=60_000)
    assert (fast.ends_on, fast.ends_by) == (TODAY + dt.timedelta(days=65), Limit.DOCUMENTS)
    assert fast.ends_by.word == "по памяти ФН"


def test_what_is_not_known_is_not_foretold():
    assert life(documents_lately=0).full_on is None
    assert life(documents_lately=1, documents_used=0).full_on is None  # in thousands of years
    unknown = life(until=None, documents_lately=0)
    assert (unknown.ends_on, unknown.ends_by, unknown.days_left, unknown.left_percent) == (
        None,
        None,
        None,
        56,
    )
    assert life(started_on=None).days_left_percent is None


def test_past_its_ends():
    over = life(documents_used=DRIVE_DOCUMENTS + 5, until=TODAY - dt.timedelta(days=3))
    assert (over.documents_left, over.days_left, over.left_percent, over.full_on) == (0, 0, 0, TODAY)


@given(
    st.integers(0, 300_000),
    st.integers(0, 10**6),
    st.integers(0, 40),
    st.integers(-800, 1500),
    st.integers(0, 1500),
)
def test_percents_are_percents(used, lately, counted, until, started):
    found = life(
        documents_used=used, documents_lately=lately, days_counted=counted,
        until=TODAY + dt.timedelta(days=until), started_on=TODAY - dt.timedelta(days=started),
    )  # fmt: skip
    assert 0 <= found.left_percent <= 100
    assert found.full_on is None or found.full_on >= TODAY


def test_from_documents(test_database_url):
    other = "9999540000000002"
    days = [MOMENT + dt.timedelta(days=number) for number in range(2)]
    journal_write(
        test_database_url,
        [
            message(1, FN, 1, [(1213, 410)], at=MOMENT),
            *(receipt(FN, 2 + number, at=at) for number, at in enumerate([days[0], days[0], days[1]])),
            message(1, other, 1, rnm="0000000001057222", at=MOMENT),
            message(6, other, 2, rnm="0000000001057222", at=MOMENT),
        ],
    )
    projector.step()
    found = drive_life(rnm=RNM, inn=INN, today=days[1].date())
    assert (found.fn, found.documents_used) == (FN, 4)
    assert found.documents_a_day == Fraction(3 + 2 * 2, 2)
    assert (found.until, found.days_left) == (MOMENT.date() + dt.timedelta(days=410), 409)
    assert found.days_left_percent == 99
    closed = Scope.of((RNM, INN), ("0000000001057222", INN))
    assert set(drive_lives(closed, today=TODAY)) == {(RNM, INN)}
    assert drive_life(rnm=RNM, inn="7704358518", today=TODAY) is None
    assert drive_life(rnm=None, inn=INN, today=TODAY) is None


@pytest.mark.django_db
def test_no_documents_no_life():
    assert drive_life(rnm=RNM, inn=INN, today=TODAY) is None
