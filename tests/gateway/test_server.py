from __future__ import annotations

import asyncio
import dataclasses
import json
import threading
import time

import psycopg
import pytest

from chekhov.ffd.documents import document_decode
from chekhov.gateway.errors import PortTaken
from chekhov.gateway.server import Gateway
from chekhov.ofdwire.container import Container
from fiscal.messages import FN, FOREIGN_FN, crc_broken, parts, receipt
from gateway.talk import ask, is_closed, read_answer
from waiting import until


def test_document_is_committed_before_it_is_answered(gateway, stored):
    with gateway().connect() as sock:
        answer = ask(sock, receipt(fd=1))
        assert stored() == [(FN, 1, receipt(fd=1)[30:], answer)]
    confirmation = document_decode(Container.parse(answer[30:]).payload)
    assert (confirmation.code, confirmation.fn_serial, confirmation.fd_number) == (7, FN, 1)


def test_several_documents_on_one_connection(gateway, stored):
    with gateway().connect() as sock:
        answers = [ask(sock, receipt(fd=fd)) for fd in range(1, 21)]
    assert [row[3] for row in stored()] == answers


def test_documents_sent_without_waiting_are_answered_in_order(gateway, stored):
    whole = b"".join(receipt(fd=fd) for fd in range(1, 31))
    with gateway().connect() as sock:
        sock.sendall(whole)
        answers = [read_answer(sock) for _ in range(30)]
    assert [row[3] for row in stored()] == answers
    assert [answer[47:50] for answer in answers] == [fd.to_bytes(3, "big") for fd in range(1, 31)]


def test_document_in_single_bytes(gateway, stored):
    with gateway().connect() as sock:
        for byte in receipt(fd=1):
            sock.sendall(bytes((byte,)))
        assert read_answer(sock) == stored()[0][3]


def test_register_that_closes_its_half_still_gets_the_answer(gateway, stored):
    with gateway().connect() as sock:
        sock.sendall(receipt(fd=1))
        sock.shutdown(1)
        assert read_answer(sock) == stored()[0][3]
        assert is_closed(sock)


def test_document_whose_flags_ask_for_no_answer_is_stored_silently(gateway, stored):
    with gateway().connect() as sock:
        sock.sendall(receipt(fd=1, flags=0x04))
        answer = ask(sock, receipt(fd=2))
    assert [row[1] for row in stored()] == [1, 2]
    assert answer[47:50] == (2).to_bytes(3, "big")


def test_repeat_gets_the_stored_answer_also_after_a_restart(gateway):
    first = gateway()
    with first.connect() as sock:
        answer = ask(sock, receipt(fd=1))
        time.sleep(1.1)  # the operator's clock has moved: a new answer would differ
        assert ask(sock, receipt(fd=1)) == answer
    first.stop()
    with gateway().connect() as sock:
        assert ask(sock, receipt(fd=1)) == answer


def test_same_key_with_other_bytes_is_closed_quarantined_and_alarming(gateway, stored, quarantine):
    running = gateway()
    with running.connect() as sock:
        answer = ask(sock, receipt(fd=1))
        assert ask(sock, receipt(fd=1, total=5)) == b""
    assert quarantine(1) == [("key_conflict", True, FN, 1, receipt(fd=1, total=5))]
    assert [row[3] for row in stored()] == [answer]


def test_wrong_container_crc_is_closed_and_kept(gateway, stored, quarantine):
    with gateway().connect() as sock:
        assert ask(sock, crc_broken(receipt(fd=1))) == b""
    assert quarantine(1) == [("container_crc", False, FN, None, crc_broken(receipt(fd=1)))]
    assert stored() == []


def test_wrong_session_crc_is_closed_and_kept(gateway, quarantine):
    header, container = parts(receipt(fd=1))
    for flags in (0x15, 0x16):
        whole = header._replace(flags=flags, crc=1).pack() + container
        with gateway().connect() as sock:
            assert ask(sock, whole) == b""
    assert [row[0] for row in quarantine(2)] == ["session_crc", "session_crc"]
    good = header._replace(flags=0x16).with_crc(container).pack() + container
    with gateway().connect() as sock:
        assert ask(sock, good) != b""


def test_real_drive_is_refused(gateway, stored, quarantine):
    with gateway().connect() as sock:
        assert ask(sock, receipt("9289000100000001")) == b""
    assert quarantine(1)[0][:4] == ("real_drive", False, "9289000100000001", 1)
    assert stored() == []


def test_foreign_test_drive_is_accepted_and_marked_unverified(gateway, query):
    with gateway().connect() as sock:
        assert ask(sock, receipt(FOREIGN_FN, 132)) != b""
    assert query("SELECT fn, sign_state, host(peer) FROM fiscal_document") == [(FOREIGN_FN, 2, "127.0.0.1")]


def test_connection_test_is_answered_without_a_container(gateway, vectors, stored):
    sample = json.loads((vectors / "session-test-messages.json").read_text())
    asked = bytes.fromhex("2a08410a81a20001") + b"9" * 16 + bytes.fromhex("000010000000")
    assert asked.hex() in json.dumps(sample).replace(" ", "")
    with gateway().connect() as sock:
        sock.sendall(asked)
        assert sock.recv(100) == asked[:26] + b"\0" + asked[27:]
        assert ask(sock, receipt(fd=1)) != b""


def test_marking_channel_is_closed(gateway, quarantine):
    with gateway().connect() as sock:
        sock.sendall(bytes.fromhex("dd80caa182a20001") + b"9" * 16 + bytes.fromhex("000014000000"))
        assert is_closed(sock)
    assert quarantine(0) == []


def test_published_capture_is_accepted(gateway, vectors, stored):
    whole = (vectors / "session-doc11-ffd105.bin").read_bytes()
    with gateway().connect() as sock:
        answer = ask(sock, whole)
    assert stored() == [("9999078900005488", 1, whole[30:], answer)]


def test_drain_answers_what_is_examined_and_takes_nothing_new(gateway, stored):
    running = gateway()
    with running.connect() as sock, running.connect() as idle:
        with psycopg.connect(running.settings.conninfo) as holder:
            holder.execute("LOCK fiscal_document IN SHARE MODE")  # commits must wait
            sock.sendall(receipt(fd=1))
            until(lambda: running.gateway.batcher.documents == 1)
            stopper = threading.Thread(target=running.stop)
            stopper.start()
            assert is_closed(idle)
            holder.commit()
        assert read_answer(sock) == stored()[0][3]
        assert is_closed(sock)
        stopper.join(40)
    assert not running.thread.is_alive()


def test_heartbeat_tells_that_it_lives_and_goes_with_it(gateway, query):
    running = gateway()
    asked = "SELECT kind, details ->> 'connections' FROM db_heartbeat WHERE kind = 'gateway'"
    until(lambda: query(asked))
    assert query(asked) == [("gateway", "0")]
    running.stop()
    assert query("SELECT * FROM db_heartbeat WHERE kind = 'gateway'") == []


def test_taken_port_is_told_and_shared_port_is_shared(gateway, stored):
    first = gateway(reuse_port=True)
    with pytest.raises(PortTaken, match=str(first.port)):
        asyncio.run(Gateway(dataclasses.replace(first.settings, port=first.port, reuse_port=False)).start())
    second = gateway(reuse_port=True, port=first.port)
    for fd in range(1, 31):
        with second.connect() as sock:
            assert ask(sock, receipt(fd=fd)) != b""
    assert len(stored()) == 30
    assert first.gateway.accepted + second.gateway.accepted == 30
    assert first.gateway.accepted
    assert second.gateway.accepted
