import threading

import psycopg
import pytest
from django.db import connection, transaction

from chekhov.db.errors import LockTaken, OutsideTransaction
from chekhov.db.locks import lock_number, session_lock, transaction_lock


@pytest.fixture
def other(test_database_url):
    """A connection of somebody else."""
    with psycopg.connect(test_database_url, autocommit=True) as connection:
        yield connection


def held(other, name):
    """Whether somebody other than `other` holds the lock."""
    got = other.execute("SELECT pg_try_advisory_lock(%s)", [lock_number(name)]).fetchone()[0]
    if got:
        other.execute("SELECT pg_advisory_unlock(%s)", [lock_number(name)])
    return not got


def test_number_is_the_same_everywhere():
    assert lock_number("projector") == -2001352026228698923
    assert lock_number("projector") != lock_number("Projector")
    assert -(2**63) <= lock_number("чек") < 2**63


def test_transaction_lock_lasts_until_the_end(other):
    with transaction.atomic():
        transaction_lock("a", "b")
        assert held(other, "a")
        assert held(other, "b")
    assert not held(other, "a")
    assert not held(other, "b")


@pytest.mark.parametrize("wait_seconds", [0, 0.05])
def test_taken_lock_is_told_and_the_transaction_lives(other, wait_seconds):
    other.execute("SELECT pg_advisory_lock(%s)", [lock_number("b")])
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '7s'")
        with pytest.raises(LockTaken):
            transaction_lock("a", "b", wait_seconds=wait_seconds)
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("7s",)


def test_wait_does_not_change_later_waits(other):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '7s'")
        transaction_lock("a", wait_seconds=0.05)
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("7s",)


def test_waiting_gets_the_lock_when_it_is_free(other):
    other.execute("SELECT pg_advisory_lock(%s)", [lock_number("a")])
    timer = threading.Timer(0.2, lambda: other.execute("SELECT pg_advisory_unlock(%s)", [lock_number("a")]))
    timer.start()
    with transaction.atomic():
        transaction_lock("a")
    timer.join()


@pytest.mark.django_db(transaction=True)
def test_no_transaction_no_lock():
    with pytest.raises(OutsideTransaction):
        transaction_lock("a")


def test_session_lock_lasts_over_transactions(other):
    with session_lock("a"):
        with transaction.atomic():
            pass
        assert held(other, "a")
    assert not held(other, "a")


def test_session_lock_is_not_waited_for(other):
    other.execute("SELECT pg_advisory_lock(%s)", [lock_number("a")])
    with pytest.raises(LockTaken), session_lock("a"):
        raise AssertionError("two hold the lock")


def test_session_lock_is_freed_by_an_error(other):
    with pytest.raises(ZeroDivisionError), session_lock("a"):
        raise ZeroDivisionError
    assert not held(other, "a")
