"""Facts of a register's standing: whatever the order and the cutting, the same row."""

from __future__ import annotations

import datetime as dt
import random
from itertools import permutations

import pytest

from chekhov.kkt.models import Standing
from chekhov.kkt.standings import (
    ClosedTold,
    KeysTold,
    RegisteredTold,
    ShiftTold,
    StandingFact,
    UnsentTold,
    later,
    standings_forget,
    standings_record,
)

pytestmark = pytest.mark.django_db
RNM, INN = "0000000001005209", "7702203276"
NOON = dt.datetime(2026, 11, 20, 12)  # noqa: DTZ001 - a register's clock
RECEIVED = dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC)
FNS = ("9999540000000001", "9999540000000002")


def hours(number: int) -> dt.datetime:
    return NOON + dt.timedelta(hours=number)


def fact(**told) -> StandingFact:
    return StandingFact(**{"rnm": RNM, "inn": INN, "documents": 1} | told)


def some_fact(dice: random.Random) -> StandingFact:
    """A fact of few possible moments and numbers, so that ties are many."""
    at, fn, fd = hours(dice.randrange(3)), dice.choice(FNS), dice.randrange(1, 3)
    # What one document says is always the same, so what follows is made of its key.
    told: dict[str, object] = {"last_issued_at": at, "last_received_at": RECEIVED + (at - NOON)}
    kind = dice.randrange(6)
    if kind == 0:
        told["registered"] = RegisteredTold(at, fn, fd, 1, user_name=f"ООО «{fn[-1]}{fd}{at.hour}»", ffd=4)
    elif kind == 1:
        told["closed"] = ClosedTold(at, fn)
    elif kind == 2:
        told["keys"] = KeysTold(at, fn, at.date() + dt.timedelta(days=dice.randrange(3)))
    elif kind == 3:
        opened_at = at if fd == 1 else None
        told["shift"] = ShiftTold(at, fn, fd, fd, opened_at, (1050, 1052) if fd == 1 else ())
    elif kind == 4:
        told["unsent"] = UnsentTold(at, fd, dice.randrange(2), dice.choice([None, NOON]))
    else:
        told["reregistered_at"] = at
    return fact(
        **{**told, "rnm": dice.choice([RNM, "0000000001057222"]), "inn": dice.choice([INN, "7704358518"])}
    )


def rows() -> list[tuple[object, ...]]:
    return sorted(map(tuple, Standing.objects.values_list()), key=repr)


@pytest.mark.parametrize("seed", range(12))
def test_any_order_and_any_cutting_give_the_same_rows(seed):
    dice = random.Random(seed)
    facts = [some_fact(dice) for _ in range(40)]
    standings_record(facts=facts)
    expected = rows()
    assert expected
    for _ in range(3):
        standings_forget()
        assert rows() == []
        rest = dice.sample(facts, len(facts))
        while rest:
            size = dice.randrange(1, 9)
            standings_record(facts=rest[:size])
            rest = rest[size:]
        assert rows() == expected


def test_the_latest_of_each_kind_speaks_alone():
    early = RegisteredTold(hours(0), FNS[1], 1, 1, user_name="старое", address="Москва", ffd=2)
    late = RegisteredTold(hours(5), FNS[0], 7, 11, user_name="новое")
    standings_record(facts=[fact(registered=late, reregistered_at=hours(5), last_issued_at=hours(5))])
    standings_record(
        facts=[
            fact(registered=early, last_issued_at=hours(0), last_received_at=RECEIVED),
            fact(keys=KeysTold(hours(0), FNS[1], dt.date(2028, 1, 1))),
            fact(shift=ShiftTold(hours(1), FNS[0], 8, 3, hours(1), (1051,))),
            fact(unsent=UnsentTold(hours(2), 9, 4, hours(1))),
        ]
    )
    row = Standing.objects.get()
    assert (row.fn, row.registered_fd, row.registered_code, row.user_name, row.registered_at) == (
        FNS[0],
        7,
        11,
        "новое",
        hours(5),
    )
    assert (row.address, row.ffd) == (None, None)  # nothing of the older report is left over
    assert (row.reregistered_at, row.drive_until) == (hours(5), dt.date(2028, 1, 1))
    assert (row.shift_number, row.shift_opened_at, row.drive_marks) == (3, hours(1), [1051])
    assert (row.unsent, row.unsent_since_at) == (4, hours(1))
    assert (row.documents, row.last_issued_at, row.last_received_at) == (5, hours(5), RECEIVED)
    assert row.closed_at is None


def test_a_closed_shift_takes_the_opening_and_the_marks_away():
    standings_record(facts=[fact(shift=ShiftTold(hours(1), FNS[0], 2, 3, hours(1), (1050,)))])
    standings_record(facts=[fact(shift=ShiftTold(hours(9), FNS[0], 9, 3, None, ()))])
    row = Standing.objects.get()
    assert (row.shift_number, row.shift_opened_at, row.drive_marks) == (3, None, [])


def test_registers_are_told_apart_by_both_numbers():
    standings_record(facts=[fact(), fact(inn="7704358518"), fact(rnm="0000000001057222"), fact()])
    assert dict(Standing.objects.values_list("pk", "documents")) == {
        (RNM, INN): 2,
        (RNM, "7704358518"): 1,
        ("0000000001057222", INN): 1,
    }


def test_texts_of_a_report_come_as_they_are():
    name = "ООО \"Сад\" \\ {1,2} 'x' №"
    standings_record(facts=[fact(registered=RegisteredTold(hours(0), FNS[0], 1, 1, user_name=name))])
    assert Standing.objects.get().user_name == name


def test_nothing_to_tell_writes_nothing():
    standings_record(facts=[])
    assert not Standing.objects.exists()


def test_later_does_not_depend_on_the_order_of_three():
    told = [UnsentTold(NOON, 1, 0, None), UnsentTold(NOON, 1, 0, NOON), UnsentTold(NOON, 1, 1, None)]
    for one, two, three in permutations(told):
        assert later(later(one, two), three) == told[2]
