"""The link against a far party that behaves well, badly, or not at all."""

import socket
import struct
import threading
import time

import pytest
from django.db import transaction

from chekhov.db.errors import InsideTransaction
from chekhov.links.errors import LinkBroken, LinkRefused, LinkTimeout
from chekhov.links.ofd import OfdLink, deliver
from chekhov.ofdwire.errors import LocalProtocolError, RemoteProtocolError
from chekhov.ofdwire.header import SessionHeader
from waiting import until


@pytest.fixture(scope="module")
def message(vectors):
    return (vectors / "session-doc11-ffd105.bin").read_bytes()


@pytest.fixture(scope="module")
def answer(message, vectors):
    """A header of the same drive over some container: the link leaves judging to the drive."""
    container = b"\x05" * 40
    header = SessionHeader.parse(message[:30])
    return header._replace(body_size=len(container), flags=0x0014, crc=0).pack() + container


def answer_of(*data):
    """A far party that takes one message and sends these pieces."""

    def serve(connection):
        connection.recv(65536)
        for piece in data:
            connection.sendall(piece)
            time.sleep(0.01)

    return serve


@pytest.fixture
def far_party():
    """Start a listener that serves each connection with one given function after another."""
    listeners = []
    threads = []

    def start(*servers):
        listener = socket.create_server(("127.0.0.1", 0))
        listener.settimeout(10)
        listeners.append(listener)

        def run():
            for serve in servers:
                try:
                    connection, _address = listener.accept()
                except OSError:
                    return
                with connection:
                    connection.settimeout(10)
                    serve(connection)

        thread = threading.Thread(target=run)
        thread.start()
        threads.append(thread)
        return listener.getsockname()

    yield start
    for listener in listeners:
        listener.close()
    for thread in threads:
        thread.join(15)
        assert not thread.is_alive()


def test_answers_container_is_given_back(far_party, message, answer):
    host, port = far_party(answer_of(answer))
    assert deliver(host, port, message) == answer[30:]


def test_answer_byte_by_byte(far_party, message, answer):
    host, port = far_party(answer_of(*(answer[i : i + 1] for i in range(len(answer)))))
    assert deliver(host, port, message) == answer[30:]


def test_several_documents_on_one_connection(far_party, message, answer):
    def serve(connection):
        for _ in range(3):
            assert connection.recv(65536) == message
            connection.sendall(answer)
        assert connection.recv(1) == b""

    with OfdLink(*far_party(serve)) as link:
        for _ in range(3):
            assert link.deliver(message) == answer[30:]
        assert link.connected
    assert not link.connected


def test_connection_that_ended_between_documents_is_opened_anew(far_party, message, answer):
    with OfdLink(*far_party(answer_of(answer), answer_of(answer))) as link:
        assert link.deliver(message) == answer[30:]
        until(lambda: link._ended(link._socket))
        assert link.deliver(message) == answer[30:]


def test_nobody_listens(message):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(LinkRefused, match=str(port)):
        deliver("127.0.0.1", port, message)


@pytest.mark.parametrize("host", ["no-such-host.invalid", "a..b", "x" * 70])
def test_no_such_host(host, message):
    with pytest.raises(LinkRefused):
        deliver(host, 7777, message)


@pytest.mark.parametrize("sent", [b"", b"half"])
def test_ended_without_an_answer(far_party, message, answer, sent):
    host, port = far_party(answer_of(answer[: len(sent)]))
    error = LinkBroken if not sent else RemoteProtocolError
    with OfdLink(host, port) as link:
        with pytest.raises(error):
            link.deliver(message)
        assert not link.connected


def test_reset_connection(far_party, message):
    def serve(connection):
        connection.recv(10)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    with pytest.raises(LinkBroken):
        deliver(*far_party(serve), message)


def test_silence_is_not_waited_for_longer_than_told(far_party, message):
    began = time.monotonic()
    with pytest.raises(LinkTimeout):
        deliver(*far_party(lambda c: c.recv(65536) and c.recv(1)), message, answer_timeout_seconds=0.3)
    assert 0.25 < time.monotonic() - began < 8


def test_dripping_answer_does_not_prolong_the_wait(far_party, message, answer):
    def serve(connection):
        connection.recv(65536)
        for byte in answer:
            try:
                connection.sendall(bytes([byte]))
            except OSError:
                return
            time.sleep(0.05)

    began = time.monotonic()
    with pytest.raises(LinkTimeout):
        deliver(*far_party(serve), message, answer_timeout_seconds=0.4)
    assert time.monotonic() - began < 8


def test_garbage_is_a_breach_and_ends_the_connection(far_party, message):
    with OfdLink(*far_party(answer_of(b"HTTP/1.1 400 Bad Request\r\n\r\n" * 4))) as link:
        with pytest.raises(RemoteProtocolError):
            link.deliver(message)
        assert not link.connected


def test_after_a_failure_the_next_document_goes(far_party, message, answer):
    with OfdLink(*far_party(answer_of(b""), answer_of(answer))) as link:
        with pytest.raises(LinkBroken):
            link.deliver(message)
        assert link.deliver(message) == answer[30:]


@pytest.mark.parametrize("wrong", [b"", b"\x00" * 30, "message[:-1]", "message + tail"])
def test_what_is_no_message_is_not_sent(far_party, message, answer, wrong):
    cases = {"message[:-1]": message[:-1], "message + tail": message + b"\x00"}
    with OfdLink(*far_party(answer_of(answer))) as link:
        with pytest.raises(LocalProtocolError):
            link.deliver(cases.get(wrong, wrong))
        assert link.deliver(message) == answer[30:]  # the far party saw nothing of it


def test_connection_test(far_party):
    def serve(connection):
        header = SessionHeader.parse(connection.recv(65536))
        connection.sendall(header._replace(flags=header.flags & 0xFF00, crc=0).pack())

    with OfdLink(*far_party(serve)) as link:
        link.test()


@pytest.mark.parametrize("timeouts", [{"connect_timeout_seconds": 0}, {"answer_timeout_seconds": -1}])
def test_a_timeout_is_positive(timeouts):
    with pytest.raises(ValueError, match="positive"):
        OfdLink("127.0.0.1", 1, **timeouts)


@pytest.mark.django_db
def test_never_inside_a_transaction(message):
    with transaction.atomic(), pytest.raises(InsideTransaction):
        deliver("127.0.0.1", 9, message)
