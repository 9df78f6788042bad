from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chekhov.ofdwire.errors import Reason, RemoteProtocolError
from chekhov.ofdwire.inbox import Inbox


@given(st.lists(st.tuples(st.binary(max_size=20), st.integers(0, 30)), max_size=30))
def test_bytes_come_out_in_order_whatever_the_cutting(steps):
    inbox = Inbox()
    put = b""
    taken = b""
    for data, size in steps:
        inbox.put(data)
        put += data
        assert inbox.unread == len(put) - len(taken)
        assert inbox.peek(size) == put[len(taken) : len(taken) + size]
        if size <= inbox.unread:
            taken += inbox.take(size)
    assert taken + inbox.take(inbox.unread) == put


def test_one_piece_is_not_copied():
    inbox = Inbox()
    data = b"whole message"
    inbox.put(data)
    assert inbox.take(len(data)) is data


def test_more_than_the_bound_is_refused_and_not_kept():
    inbox = Inbox(bytes_max=10)
    inbox.put(b"12345678")
    with pytest.raises(RemoteProtocolError) as caught:
        inbox.put(b"901")
    assert caught.value.reason is Reason.FLOOD
    assert inbox.unread == 8
    inbox.put(b"90")


def test_taking_too_much_is_our_mistake():
    inbox = Inbox()
    inbox.put(b"1")
    with pytest.raises(AssertionError):
        inbox.take(2)


def test_other_kinds_of_bytes_are_taken():
    inbox = Inbox()
    source = bytearray(b"abc")
    inbox.put(memoryview(source))
    source[:] = b"xyz"
    inbox.put(bytearray(b"d"))
    assert inbox.take(4) == b"abcd"
