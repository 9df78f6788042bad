"""Gateway, worker and database are killed at random moments under load. Afterwards:

every confirmed document is in the journal once and byte for byte, with the answer that was given; and what the
projector derived, killed and restarted as it was, equals what a rebuild derives.
"""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import psycopg
import pytest
from benchmarks.load import Mill, Register

from chekhov.db.embedded import EmbeddedPostgres
from gateway.talk import read_answer
from waiting import port_free

SECONDS = 40
REGISTERS = 24
CALM_SECONDS = 3.0

DERIVED = (
    "fiscal_drive_state", "fiscal_document_run", "fiscal_shift", "fiscal_shift_total", "fiscal_shift_vat",
    "fiscal_intake_minute", "kkt_registration",
)  # fmt: skip


class Installation:
    """Database, gateway and worker as their own processes, each of which may be killed and comes back."""

    def __init__(self, home: Path):
        self.home = home
        self.port = port_free()
        self.database = EmbeddedPostgres(home)
        self.environment = {
            **{
                name: value
                for name, value in os.environ.items()
                if not name.startswith(("CHEKHOV_", "DATABASE_"))
            },
            "CHEKHOV_HOME": str(home),
            "CHEKHOV_OFD": f"127.0.0.1:{self.port}",
            "CHEKHOV_GATEWAY_BATCH_DOCUMENTS_MAX": "8",
        }
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.kills = dict.fromkeys(("gateway", "worker", "database"), 0)

    def command(self, *words):
        return [sys.executable, "-m", "chekhov.cli.main", *words]

    def start(self):
        self.database.start()
        subprocess.run(
            self.command("migrate"), env=self.environment, check=True, stdout=subprocess.DEVNULL, timeout=120
        )
        for part in ("gateway", "worker"):
            self.part_start(part)

    def part_start(self, part):
        with (self.home / f"{part}.log").open("ab") as log:
            self.processes[part] = subprocess.Popen(
                self.command(part), env=self.environment, stdout=log, stderr=subprocess.STDOUT
            )

    def kill(self, part):
        self.kills[part] += 1
        if part == "database":
            # The postmaster alone, as the kernel would: its children notice by themselves.
            self.database.process.kill()
            self.database.process.wait()
            self.database.start()
            return
        self.processes[part].kill()
        self.processes[part].wait()
        self.part_start(part)

    def stop(self):
        for process in self.processes.values():
            process.send_signal(signal.SIGTERM)
        for process in self.processes.values():
            process.wait(60)
        self.database.stop()


class Customer(threading.Thread):
    """A register that repeats each document until it is confirmed, as real ones do; tells what was confirmed."""

    def __init__(self, port: int, register: Register, stopped: threading.Event):
        super().__init__()
        self.port, self.register, self.stopped = port, register, stopped
        self.confirmed: list[tuple[int, bytes, bytes]] = []
        self.repeats = 0

    def run(self):
        try:
            self.sell()
        finally:
            if self.sock is not None:
                self.sock.close()

    def sell(self):
        rng = random.Random(self.register.serial)
        for index, message in enumerate(self.register.messages):
            while not self.stopped.is_set():
                answer = self.ask(message, stay=rng.random() < 0.8)
                if answer:
                    self.confirmed.append((self.register.first_fd + index, message[30:], answer))
                    break
                self.repeats += 1
                time.sleep(0.1)
            if self.stopped.is_set():
                return

    sock: socket.socket | None = None

    def ask(self, message, *, stay):
        try:
            if self.sock is None:
                self.sock = socket.create_connection(("127.0.0.1", self.port), timeout=3)
            self.sock.sendall(message)
            answer = read_answer(self.sock)
        except OSError:
            answer = b""
        if (not answer or not stay) and self.sock is not None:
            self.sock.close()
            self.sock = None
        return answer


def derived(url):
    with psycopg.connect(url) as connection:
        return {
            table: sorted(map(repr, connection.execute(f"SELECT * FROM {table}").fetchall()))
            for table in DERIVED
        }


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_nothing_confirmed_is_lost_and_nothing_lost_is_confirmed(tmp_path):
    seed = int(os.environ.get("CRASH_SEED", "20261120"))
    rng = random.Random(seed)
    installation = Installation(tmp_path / "home")
    installation.start()
    stopped = threading.Event()
    mill = Mill(seed)
    customers = [
        Customer(installation.port, mill.register(number, 3_000, 1), stopped)
        for number in range(1, REGISTERS + 1)
    ]
    try:
        for customer in customers:
            customer.start()
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            time.sleep(rng.uniform(0.2, CALM_SECONDS))
            installation.kill(rng.choice(("gateway", "gateway", "worker", "worker", "database")))
        time.sleep(2)
        stopped.set()
        for customer in customers:
            customer.join(30)
        lag_wait(installation.database.url)
    finally:
        stopped.set()
        for process in installation.processes.values():
            process.send_signal(signal.SIGTERM)
    for process in installation.processes.values():
        process.wait(60)
    try:
        judge(installation, customers, seed)
    finally:
        installation.database.stop()


def lag_wait(url):
    deadline = time.monotonic() + 60
    while True:
        with psycopg.connect(url) as connection:
            row = connection.execute(
                "SELECT (SELECT count(*) FROM fiscal_document), (SELECT documents FROM fiscal_projector_cursor)"
            ).fetchone()
        if row[0] == row[1]:
            return
        assert time.monotonic() < deadline, row
        time.sleep(0.2)


def judge(installation, customers, seed):
    url = installation.database.url
    with psycopg.connect(url) as connection:
        rows = connection.execute("SELECT fn, fd, container, answer FROM fiscal_document").fetchall()
        quarantined = connection.execute(
            "SELECT reason, count(*) FROM fiscal_quarantined GROUP BY 1"
        ).fetchall()
    journal = {(fn, fd): (container, answer) for fn, fd, container, answer in rows}
    assert len(journal) == len(rows)
    confirmed = [
        ((customer.register.serial, fd), (container, answer))
        for customer in customers
        for fd, container, answer in customer.confirmed
    ]
    told = f"seed {seed}, kills {installation.kills}, {len(confirmed)} confirmed, {len(rows)} stored"
    assert len(confirmed) > 100, told
    assert all(installation.kills.values()), told
    lost = [key for key, value in confirmed if journal.get(key) != value]
    assert lost == [], told
    assert quarantined == [], told
    for customer in customers:  # numbers are confirmed without a hole
        assert [fd for fd, _, _ in customer.confirmed] == list(range(1, len(customer.confirmed) + 1)), told
    projected = derived(url)
    assert projected["fiscal_drive_state"], told
    subprocess.run(installation.command("rebuild"), env=installation.environment, check=True, timeout=120)
    assert derived(url) == projected, told
    print(told, f"{sum(customer.repeats for customer in customers)} repeats")
