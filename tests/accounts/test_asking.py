"""What is open to everybody is asked so often and no oftener from one place of the net."""

import datetime as dt

import pytest

from accounts.conftest import NOW
from cabinets import together
from chekhov.accounts.errors import AskedTooOften
from chekhov.accounts.models import AskCount, AskKind
from chekhov.accounts.services import accounts_tidy, ask_count
from chekhov.accounts.services.asking import ASKED_MAX, WINDOW
from chekhov.accounts.services.limits import network_of

MOST = ASKED_MAX[AskKind.RECEIPT]


def ask(address: str | None = "203.0.113.7", now: dt.datetime = NOW) -> None:
    ask_count(kind=AskKind.RECEIPT, address=address, now=now)


def ask_to_the_end(address: str | None = "203.0.113.7") -> None:
    for _ in range(MOST):
        ask(address)
    with pytest.raises(AskedTooOften):
        ask(address)


@pytest.mark.django_db
def test_each_place_has_its_own_measure() -> None:
    ask_to_the_end()
    ask("203.0.113.8")


@pytest.mark.django_db
def test_one_subscriber_is_one_place_whatever_address_he_takes() -> None:
    ask_to_the_end("2001:db8:0:7::1")
    with pytest.raises(AskedTooOften):
        ask("2001:db8:0:7:ffff::2")
    ask("2001:db8:0:8::1")


@pytest.mark.django_db
def test_those_who_come_from_nowhere_are_counted_together() -> None:
    ask_to_the_end(None)
    with pytest.raises(AskedTooOften):
        ask("not an address")


@pytest.mark.django_db
def test_the_measure_begins_anew_after_the_window_and_not_before() -> None:
    ask_to_the_end()
    with pytest.raises(AskedTooOften):
        ask(now=NOW + WINDOW - dt.timedelta(seconds=1))
    ask(now=NOW + WINDOW)
    assert AskCount.objects.get().asked == 1


@pytest.mark.django_db
def test_old_counters_are_forgotten() -> None:
    ask()
    accounts_tidy(now=NOW + dt.timedelta(hours=1))
    assert AskCount.objects.count() == 1
    accounts_tidy(now=NOW + dt.timedelta(days=2))
    assert AskCount.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_at_once_none_gets_through_uncounted() -> None:
    for _ in range(MOST - 2):
        ask()
    answers = together(*[ask] * 6)
    assert sum(isinstance(answer, AskedTooOften) for answer in answers) == 4


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8::1", "2001:db8::/64"),
        (None, None),
        ("", None),
        ("x" * 500, None),
    ],
)
def test_what_counts_as_one_place(address: str | None, place: str | None) -> None:
    assert network_of(address) == place
