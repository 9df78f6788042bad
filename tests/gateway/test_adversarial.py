"""Peers that mean no good or do not know better: each with its stated outcome, and the others served meanwhile."""

from __future__ import annotations

import contextlib
import random
import resource
import socket
import struct
import subprocess
import threading
import time
from pathlib import Path

import psycopg
import pytest

from fiscal.messages import FN, crc_broken, parts, receipt
from gateway.talk import ask, is_closed, read_answer
from waiting import until

# What has a limit of a second ends long before this, and this long before any other limit.
SECONDS_MAX = 20


def rss_bytes():
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def test_slow_sender_is_cut_off_however_steadily_it_drips(gateway):
    running = gateway(message_seconds=1)
    began = time.monotonic()
    with running.connect() as sock:
        with contextlib.suppress(ConnectionResetError, BrokenPipeError):
            for byte in receipt(fd=1):
                sock.sendall(bytes((byte,)))
                time.sleep(0.05)
            pytest.fail("the whole message was taken")
        assert 1 <= time.monotonic() - began < SECONDS_MAX
    with running.connect() as honest:
        assert ask(honest, receipt(fd=2)) != b""


def test_silent_connection_is_cut_off_before_its_first_byte(gateway):
    with gateway(message_seconds=1).connect() as sock:
        began = time.monotonic()
        assert is_closed(sock)
        assert time.monotonic() - began < SECONDS_MAX


def test_idle_connection_is_cut_off_after_its_time(gateway):
    with gateway(message_seconds=60, idle_seconds=1).connect() as sock:
        began = time.monotonic()
        assert ask(sock, receipt(fd=1)) != b""
        assert is_closed(sock)
        assert 1 <= time.monotonic() - began < SECONDS_MAX


def test_garbage_is_closed_and_not_kept(gateway, quarantine):
    running = gateway()
    rng = random.Random(7)
    for size in (1, 4, 29, 30, 31, 5000):
        with running.connect() as sock:
            sock.sendall(b"\x16" + rng.randbytes(size))
            assert is_closed(sock)
    with running.connect() as sock:
        assert ask(sock, receipt(fd=1)) != b""
    assert quarantine(0) == []


def test_oversize_length_is_closed_at_the_header_and_kept_as_such(gateway, quarantine):
    header, _ = parts(receipt(fd=1))
    whole = header._replace(body_size=0xFFFF).pack()
    with gateway().connect() as sock:
        sock.sendall(whole)
        assert is_closed(sock)
    assert quarantine(1)[0][:3] == ("oversize", False, FN)


def test_truncated_streams_leave_nothing_behind(gateway, stored, quarantine):
    running = gateway()
    whole = receipt(fd=1)
    for size in (1, 29, 30, 31, 62, len(whole) - 1):
        with running.connect() as sock:
            sock.sendall(whole[:size])
            sock.shutdown(socket.SHUT_WR)
            assert is_closed(sock)
    assert stored() == []
    assert quarantine(0) == []


def test_flood_without_reading_answers_is_bounded(gateway):
    running = gateway(sending_seconds=30, message_seconds=60)
    whole = b"".join(receipt(fd=fd) for fd in range(1, 200)) * 20
    with running.connect() as sock, running.connect() as honest:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.settimeout(0.5)
        with contextlib.suppress(OSError):
            sock.sendall(whole)
        assert ask(honest, receipt(fd=900)) != b""
        unread = [one.session.unread_bytes for one in running.gateway._connections.values()]
        assert len(unread) == 2
        assert 0 < max(unread) < 300_000


def test_connections_of_one_address_are_limited_and_others_wait_in_total(gateway):
    running = gateway(connections_per_address_max=3, message_seconds=60)
    held = [socket.create_connection(("127.0.0.1", running.port)) for _ in range(3)]
    for sock in held:
        assert ask(sock, receipt(fd=1)) != b""
    with running.connect() as sock:
        assert is_closed(sock)
    held.pop().close()
    until(lambda: len(running.gateway._connections) == 2)
    with running.connect() as sock:
        assert ask(sock, receipt(fd=1)) != b""
    for sock in held:
        sock.close()


def test_total_limit_stops_accepting_until_somebody_leaves(gateway):
    running = gateway(connections_max=2, message_seconds=60)
    held = [socket.create_connection(("127.0.0.1", running.port)) for _ in range(2)]
    for sock in held:
        assert ask(sock, receipt(fd=1)) != b""
    with running.connect() as waiting:
        waiting.sendall(receipt(fd=2))
        waiting.settimeout(0.5)
        with pytest.raises(TimeoutError):
            waiting.recv(1)
        held.pop().close()
        waiting.settimeout(30)
        assert read_answer(waiting) != b""
    held.pop().close()


def test_vanished_connection_does_not_hurt_its_batch(gateway, stored):
    running = gateway(flushers=1)
    with contextlib.ExitStack() as stack:
        socks = [stack.enter_context(running.connect()) for _ in range(6)]
        with psycopg.connect(running.settings.conninfo) as holder:
            holder.execute("LOCK fiscal_document IN SHARE MODE")
            for number, sock in enumerate(socks, 1):
                sock.sendall(receipt(fd=number))
            time.sleep(0.3)
            for sock in socks[::2]:  # reset, not closed politely
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                sock.close()
            holder.commit()
        for number, sock in list(enumerate(socks, 1))[1::2]:
            assert read_answer(sock)[47:50] == number.to_bytes(3, "big")
    assert {2, 4, 6} <= {row[1] for row in stored()}


def test_database_away_means_silence_and_answers_when_it_is_back(gateway, query, stored):
    running = gateway(answer_seconds=30)
    with running.connect() as sock:
        assert ask(sock, receipt(fd=1)) != b""
        query("ALTER TABLE fiscal_document RENAME TO fiscal_document_away")
        try:
            sock.sendall(receipt(fd=2))
            sock.settimeout(1.0)
            with pytest.raises(TimeoutError):
                sock.recv(1)
        finally:
            query("ALTER TABLE fiscal_document_away RENAME TO fiscal_document")
        sock.settimeout(30)
        assert read_answer(sock) == stored()[1][3]


def test_waiting_for_the_database_ends_and_memory_stays_bounded(gateway, query):
    running = gateway(answer_seconds=2, pending_documents_max=5)
    query("ALTER TABLE fiscal_document RENAME TO fiscal_document_away")
    try:
        with contextlib.ExitStack() as stack:
            socks = [stack.enter_context(running.connect()) for _ in range(12)]
            for number, sock in enumerate(socks, 1):
                sock.sendall(receipt(fd=number))
            time.sleep(0.5)
            assert running.gateway.batcher.documents <= 5
            for sock in socks:
                assert is_closed(sock)
    finally:
        query("ALTER TABLE fiscal_document_away RENAME TO fiscal_document")
    until(lambda: not running.gateway.batcher.documents)  # those who left are forgotten
    with running.connect() as sock:
        assert ask(sock, receipt(fd=50)) != b""


def test_back_pressure_serves_everyone_in_the_end(gateway, stored):
    running = gateway(pending_documents_max=3, batch_documents_max=2, flushers=1)
    answers = []

    def register(number):
        with running.connect() as sock:
            answers.extend(ask(sock, receipt(fd=number * 100 + index)) for index in range(1, 11))

    threads = [threading.Thread(target=register, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(answers) == sorted(row[3] for row in stored())
    assert len(answers) == 120


def test_garbage_flood_fills_no_disk(gateway, quarantine, query):
    running = gateway(quarantine_per_address_hour=4, quarantine_per_hour=50)
    for fd in range(1, 31):
        with running.connect() as sock:
            assert ask(sock, crc_broken(receipt(fd=fd))) == b""
    assert len(quarantine(4)) == 4
    dropped = "SELECT reason, sum(dropped) FROM fiscal_quarantine_overflow GROUP BY 1"
    until(lambda: query(dropped) == [("container_crc", 26)])
    assert len(quarantine(4)) == 4


HALF_OPEN = """
import resource, socket, sys
soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
host, port, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
socks = []
for number in range(count):
    sock = socket.socket()
    sock.bind((f"127.0.{1 + number // 2000}.1", 0))
    sock.connect((host, port))
    sock.send(b"\\x2a\\x08\\x41")
    socks.append(sock)
print("open", flush=True)
sys.stdin.read()
"""


@pytest.mark.slow
def test_ten_thousand_half_open_connections_leave_room_for_the_honest(gateway):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < 12_000:
        pytest.skip(f"this system lets a process have {hard} descriptors")
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    running = gateway(message_seconds=25, connections_max=10_050)
    before = rss_bytes()
    attacker = subprocess.Popen(
        ["/usr/bin/env", "python3", "-c", HALF_OPEN, "127.0.0.1", str(running.port), "10000"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert attacker.stdout.readline() == b"open\n"
        with running.connect() as sock:
            began = time.monotonic()
            assert ask(sock, receipt(fd=1)) != b""
            assert time.monotonic() - began < 10  # not after those who hold their connections for 25
        assert rss_bytes() - before < 100 * 1024 * 1024
        # All of them are cut off by the message limit.
        until(lambda: len(running.gateway._connections) <= 1, 90)
        with running.connect() as sock:
            assert ask(sock, receipt(fd=2)) != b""
    finally:
        attacker.communicate()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
