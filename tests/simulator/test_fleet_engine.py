"""The loop of the load generator against operators that behave and that do not."""

from __future__ import annotations

import datetime as dt
import socket
import threading
from contextlib import contextmanager

import pytest

from chekhov.ffd.versions import FfdVersion
from chekhov.simulator import fleet_engine
from chekhov.simulator.fleet_engine import Engine, Lane, answers
from chekhov.simulator.fleet_registers import answer_verified, registers_make
from simulator.tiny_operator import tiny_operator

NOW = dt.datetime(2026, 11, 20, 10, 0)  # noqa: DTZ001


def fleet(size, receipts=None, ffd=FfdVersion.V1_2):
    """Lanes of registers; with `receipts`, each has only so many messages."""
    registers = registers_make(ffd, range(size), seed=1, started_at=NOW)
    lanes = []
    for register in registers:
        if receipts is None:
            register.opening_over()
            lanes.append(Lane(register.next_message))
        else:
            messages = [register.next_message() for _ in range(2)]
            register.opening_over()
            messages += [register.next_message() for _ in range(receipts - 2)]
            lanes.append(Lane(iter([*messages, None, None, None]).__next__))
    return lanes


@pytest.fixture(autouse=True)
def _quick_retries(monkeypatch):
    monkeypatch.setattr(fleet_engine, "RETRY_PAUSE_SECONDS", 0.01)


@pytest.mark.parametrize("one_each", [False, True])
@pytest.mark.parametrize("ffd", [FfdVersion.V1_2, FfdVersion.V1_05])
def test_all_messages_in_order_and_each_once(one_each, ffd):
    with tiny_operator(close_after_each=one_each) as operator:
        engine = Engine(
            fleet(20, 6, ffd),
            host=operator.host,
            port=operator.port,
            one_connection_per_document=one_each,
            keep_answers_max=1000,
        )
        tally = engine.run(seconds=20)
        engine.close()
        serials = {fn for fn, _ in operator.received}
        assert len(serials) == 20
        assert all(operator.numbers_of(fn) == [1, 2, 3, 4, 5, 6] for fn in serials)
    assert (tally.documents, dict(tally.errors), len(tally.latencies)) == (120, {}, 120)
    assert tally.connections == (120 if one_each else 20)
    assert tally.bytes_sent == sum(len(each[0]) + 30 for each in operator.stored.values())
    assert tally.bytes_received == sum(len(each[1]) for each in operator.stored.values())
    assert [answer_verified(*pair) for pair in engine.kept] == [None] * 120
    assert tally.seconds < 20


def test_the_window_ends_and_the_last_answers_are_waited_for():
    with tiny_operator() as operator:
        engine = Engine(fleet(5), host=operator.host, port=operator.port)
        tally = engine.run(seconds=0.3)
        assert 0.29 < tally.seconds <= 0.31
        assert tally.documents > 5
        assert 1 <= tally.documents_late <= 5
        assert engine.unanswered == 0
        again = engine.run(seconds=0.2)
        assert again.connections == 0
        assert again.documents > 5
        engine.close()
        for fn in {fn for fn, _ in operator.received}:
            numbers = operator.numbers_of(fn)
            assert numbers == list(range(3, 3 + len(numbers)))


def test_a_lost_answer_is_a_repeat_of_the_same_message():
    with tiny_operator() as operator:
        operator.closes_without_answer = 7
        engine = Engine(fleet(4, 5), host=operator.host, port=operator.port)
        tally = engine.run(seconds=20)
        engine.close()
        assert tally.documents == 20
        assert tally.errors == {"closed_by_operator": 7}
        assert len(operator.stored) == 20
        assert operator.conflicts == []


def test_forged_signs_are_found_after_the_clock():
    with tiny_operator() as operator:
        operator.spoils_answers = 3
        engine = Engine(fleet(2, 5), host=operator.host, port=operator.port, keep_answers_max=100)
        engine.run(seconds=20)
        engine.close()
        assert [answer_verified(*pair) for pair in engine.kept].count("answer_unreadable") == 3


def test_a_finding_of_the_operator_is_told():
    with tiny_operator() as operator:
        operator.message_bits = 2
        engine = Engine(fleet(1, 3), host=operator.host, port=operator.port, keep_answers_max=100)
        engine.run(seconds=20)
        engine.close()
        assert [answer_verified(*pair) for pair in engine.kept] == ["document_found_faulty"] * 3


def test_nobody_listens_and_it_is_given_up_early():
    with tiny_operator() as gone:
        pass
    engine = Engine(fleet(3, 3), host=gone.host, port=gone.port)
    tally = engine.run(seconds=60, failures_first_max=9)
    engine.close()
    assert tally.seconds < 30
    assert tally.documents == 0
    assert tally.errors.keys() == {"connect_refused"}
    assert engine.unanswered == 3


@contextmanager
def misbehaving(answer):
    """A server that reads once and answers with these bytes, in pieces, then waits to be left."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.05)
    stop = threading.Event()

    def serve():
        while not stop.is_set():
            try:
                connection, _ = listener.accept()
            except TimeoutError:
                continue
            with connection:
                connection.settimeout(1)
                try:
                    connection.recv(65536)
                    for piece in answer:
                        connection.sendall(piece)
                    connection.recv(1)
                except OSError:
                    pass

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()
    finally:
        stop.set()
        thread.join(5)
        listener.close()


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ([b"HTTP/1.1 400 Bad Request\r\n\r\n" + b" " * 60_000], "answer_wrong"),
        ([b"\x00" * 30], "answer_wrong"),
        ([b"\xff" * 30 + b"x" * 40_000], "answer_too_long"),
        ([], "answer_timeout"),
        ([b"\x2a\x08"], "answer_timeout"),
    ],
)
def test_bytes_that_are_no_answer(answer, kind):
    with misbehaving(answer) as (host, port):
        engine = Engine(fleet(1, 3), host=host, port=port, answer_wait_seconds=0.3)
        tally = engine.run(seconds=0.6)
        engine.close()
    assert tally.documents == 0
    assert tally.errors[kind] >= 1
    assert tally.errors.keys() <= {kind, "connection_reset", "closed_by_operator"}


def test_an_answer_in_pieces_is_put_together():
    with tiny_operator() as operator:
        lanes = fleet(1, 3)
        first = lanes[0].source()
        engine = Engine(
            [Lane(iter([first, None]).__next__)], host=operator.host, port=operator.port, keep_answers_max=1
        )
        engine.run(seconds=5)
        engine.close()
        answer = engine.kept[0][1]
    pieces = [answer[:1], answer[1:29], answer[29:31], answer[31:]]
    with misbehaving(pieces) as (host, port):
        engine = Engine([Lane(iter([first, None]).__next__)], host=host, port=port)
        assert engine.run(seconds=5).documents == 1
        engine.close()


def test_an_answer_belongs_to_its_message_only():
    with tiny_operator() as operator:
        engine = Engine(fleet(2, 2), host=operator.host, port=operator.port, keep_answers_max=4)
        engine.run(seconds=20)
        engine.close()
    for message, answer in engine.kept:
        for other, _ in engine.kept:
            assert answers(other, answer) is (other == message)
        assert not answers(message, answer[:-1])
        assert not answers(message, answer + b"\0")
