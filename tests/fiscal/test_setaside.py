from __future__ import annotations

import datetime as dt

from chekhov.fiscal.setaside import ADDRESSES_COUNTED_MAX, Caps, Dropped, SetAside
from chekhov.fiscal.verdicts import Reason

AT = dt.datetime(2026, 11, 20, 12, 59, 59, tzinfo=dt.UTC)


def message(reason=Reason.UNREADABLE, peer="10.0.0.1", at=AT, **more):
    return SetAside(
        **{
            "received_at": at,
            "reason": reason,
            "detail": "",
            "fn": None,
            "fd": None,
            "peer": peer,
            "raw": b"x",
            **more,
        }
    )


def test_one_address_cannot_fill_the_quarantine_for_others():
    caps = Caps(per_address=2, total=3)
    assert [caps.admits(message()) for _ in range(3)] == [True, True, False]
    assert caps.admits(message(peer="10.0.0.2"))
    assert not caps.admits(message(peer="10.0.0.3"))
    assert caps.dropped_take() == [Dropped(AT.replace(minute=0, second=0), Reason.UNREADABLE, 2)]
    assert caps.dropped_take() == []


def test_noise_does_not_crowd_out_alarms():
    caps = Caps(per_address=1, total=1)
    assert caps.admits(message())
    assert not caps.admits(message())
    assert caps.admits(message(Reason.KEY_CONFLICT))
    assert not caps.admits(message(Reason.KEY_CONFLICT))


def test_next_hour_begins_anew_and_an_older_moment_does_not():
    caps = Caps(per_address=1, total=1)
    assert caps.admits(message())
    assert not caps.admits(message(at=AT - dt.timedelta(hours=3)))
    assert caps.admits(message(at=AT + dt.timedelta(seconds=1)))


def test_addresses_told_apart_are_bounded():
    caps = Caps(per_address=1, total=10**9)
    for number in range(ADDRESSES_COUNTED_MAX):
        caps.admits(message(peer=str(number)))
    assert caps.admits(message(peer="another"))
    assert caps.admits(message(peer="another"))


def test_returned_counts_are_taken_again():
    caps = Caps(per_address=0, total=0)
    caps.admits(message())
    taken = caps.dropped_take()
    caps.dropped_return(taken)
    assert caps.dropped_take() == taken


def test_texts_are_made_fit_for_the_database():
    parameters = message(detail="a\0b" + "x" * 1000, fn="99\x0099").parameters()
    assert "\0" not in parameters[2]
    assert len(parameters[2]) == 300
    assert parameters[4] is None
