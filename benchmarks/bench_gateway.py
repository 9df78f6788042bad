"""The gateway's figures: a real database (fsync on), real gateway processes, an honest load, one machine.

Usage: bench_gateway.py [--runs 3] [--seconds 6] [--processes 1 2]
"""

from __future__ import annotations

import argparse
import gc
import json
import multiprocessing
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Self
from zoneinfo import ZoneInfo

from chekhov.db.embedded import EmbeddedPostgres
from chekhov.ffd.checks import check
from chekhov.ffd.documents import document_decode
from chekhov.fiscal import intake
from chekhov.fiscal.intake import Message, Operator, examine_batch
from chekhov.fiscal.rows import peer_pack
from chekhov.ofdwire.answers import answer_bytes
from chekhov.ofdwire.confirmation import Confirmation
from chekhov.ofdwire.container import Container
from chekhov.ofdwire.events import Confirmation as Confirm
from chekhov.ofdwire.sealing import TestSealer
from chekhov.ofdwire.session import OperatorSession
from load import Mill

OPERATOR_INN = "9999999998"
TICKS = os.sysconf("SC_CLK_TCK")
IDLE_CONNECTIONS = 5_000
HERE = Path(__file__).parent


def cpu_seconds(pids: Sequence[int]) -> float:
    """CPU time of these processes so far."""
    total = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        except FileNotFoundError:
            continue
        total += int(fields[11]) + int(fields[12])
    return total / TICKS


def children(pid: int) -> list[int]:
    """A process and those it started."""
    try:
        below = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except FileNotFoundError:
        below = []
    return [pid, *(one for child in below for one in children(int(child)))]


def rss_megabytes(pid: int) -> float:
    """Resident memory of a process."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


class Installation:
    """A database and gateways on one port, for the time of a benchmark."""

    def __init__(self, home: Path, processes: int) -> None:
        with socket.socket() as sock:
            sock.bind(("127.0.0.1", 0))
            self.port = sock.getsockname()[1]
        self.home = home
        self.database = EmbeddedPostgres(home)
        self.processes = processes
        self.environment = {
            **{
                name: value
                for name, value in os.environ.items()
                if not name.startswith(("CHEKHOV_", "DATABASE_"))
            },
            "CHEKHOV_HOME": str(home),
            "CHEKHOV_OFD": f"127.0.0.1:{self.port}",
            "CHEKHOV_OPERATOR_INN": OPERATOR_INN,
            "CHEKHOV_GATEWAY_PROCESSES": str(processes),
            "CHEKHOV_GATEWAY_MESSAGE_SECONDS": "600",
            "CHEKHOV_GATEWAY_CONNECTIONS_PER_ADDRESS_MAX": "20000",
            "CHEKHOV_LOG_LEVEL": "WARNING",
        }
        self.gateways: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        self.database.start()
        command = [sys.executable, "-m", "chekhov.cli.main"]
        subprocess.run([*command, "migrate"], env=self.environment, check=True, stdout=subprocess.DEVNULL)
        for _ in range(self.processes):
            self.gateways.append(subprocess.Popen([*command, "gateway"], env=self.environment))
        deadline = time.monotonic() + 20
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                break
            except OSError:
                assert time.monotonic() < deadline
                time.sleep(0.05)
        time.sleep(1.0)  # the second process listens too
        return self

    def __exit__(self, *_: object) -> None:
        for gateway in self.gateways:
            gateway.terminate()
        for gateway in self.gateways:
            gateway.wait()
        self.database.stop()

    def load(
        self, number: int, *, registers: int, documents: int, seconds: float, one_each: bool
    ) -> dict[str, Any]:
        """One run of the generator, with the CPU each part took for a document."""
        task = {
            "port": self.port, "registers": registers, "documents": documents, "seconds": seconds, "seed": number,
            "one_each": one_each, "first_register": number * 10_000, "operator_inn": OPERATOR_INN,
        }  # fmt: skip
        generator = subprocess.Popen(
            [sys.executable, str(HERE / "load.py"), json.dumps(task)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert generator.stdin is not None
        assert generator.stdout is not None
        assert generator.stdout.readline() == "ready\n"
        gateways = [gateway.pid for gateway in self.gateways]
        postgres = self.database.process
        assert postgres is not None
        servers = children(postgres.pid)
        before = cpu_seconds(gateways), cpu_seconds(servers)
        generator.stdin.write("go\n")
        generator.stdin.flush()
        generator.stdin.close()
        answer = generator.stdout.readline()
        servers = children(postgres.pid)  # connections may have been opened meanwhile
        spent = cpu_seconds(gateways) - before[0], cpu_seconds(servers) - before[1]
        generator.wait()
        figures: dict[str, Any] = json.loads(answer)
        documents = max(1, figures["documents"])
        figures["gateway_us"] = spent[0] / documents * 1e6
        figures["postgres_us"] = spent[1] / documents * 1e6
        figures["generator_us"] = figures["cpu_seconds"] / documents * 1e6
        if figures["exhausted"]:
            print(f"  (registers ran out of documents: {figures['exhausted']})")
        return figures


CASES = (
    # name, registers, documents of each per second of the run, a connection for every document
    ("1,000 registers, connected", 1_000, 30, False),
    ("10 registers, connected", 10, 1_500, False),
    ("a connection for every document", 400, 40, True),
)


def throughput(processes: int, runs: int, seconds: float) -> float:
    """Print the table of rates and latencies, medians of the runs; returns the rate of its first row."""
    print(f"\n{processes} gateway process{'es' if processes > 1 else ''}")
    print(
        f"{'':34}{'docs/s':>8}{'p50 ms':>8}{'p99 ms':>8}{'errors':>8}   CPU µs a document: gateway, postgres, load"
    )
    with (
        tempfile.TemporaryDirectory(prefix="chekhov-bench-") as folder,
        Installation(Path(folder) / "home", processes) as installation,
    ):
        number = 1
        rates = []
        for name, registers, documents, one_each in CASES:
            results = []
            for _ in range(runs):
                results.append(
                    installation.load(
                        number,
                        registers=registers,
                        documents=int(documents * seconds),
                        seconds=seconds,
                        one_each=one_each,
                    )
                )
                number += 1

            def median(key: str, results: list[dict[str, Any]] = results) -> float:
                return statistics.median(result[key] for result in results)

            rates.append(median("per_second"))
            print(
                f"{name:34}{median('per_second'):8,.0f}{median('p50_ms'):8.1f}{median('p99_ms'):8.1f}"
                f"{sum(result['errors'] for result in results):8}   {median('gateway_us'):.0f}, "
                f"{median('postgres_us'):.0f}, {median('generator_us'):.0f}"
            )
        if processes == 1:
            idle_memory(installation)
    return rates[0]


def idle_memory(installation: Installation) -> None:
    """Memory of the gateway while so many registers are connected and silent."""
    script = (
        "import resource, socket, sys\n"
        "hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))\n"
        f"held = [socket.create_connection(('127.0.0.1', {installation.port})) for _ in range({IDLE_CONNECTIONS})]\n"
        "print('held', flush=True)\nsys.stdin.read()\n"
    )
    holder = subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    time.sleep(0.5)
    print(
        f"{IDLE_CONNECTIONS:,} idle connections: gateway {rss_megabytes(installation.gateways[0].pid):.0f} MB resident"
    )
    holder.communicate()


Stage = tuple[str, Callable[[Any], Any], Callable[[int], Any]]


def stages() -> None:
    """What a document costs the gateway, stage by stage, in batches of 64 as it comes: no document twice."""
    mill = Mill(7)
    size, batches = 64, 30
    registers = [mill.register(number, batches, 1) for number in range(size)]
    sealer, operator, peer = (
        TestSealer(),
        Operator(OPERATOR_INN, ZoneInfo("Europe/Moscow")),
        peer_pack("127.0.0.1"),
    )
    sessions = [OperatorSession() for _ in registers]
    now = intake._local_clock(1_790_000_000, operator.zone)  # noqa: SLF001
    spent: dict[str, list[float]] = {}
    clock = time.perf_counter

    def timed(name: str, work: Callable[..., Any], *columns: Sequence[Any]) -> list[Any]:
        began = clock()
        done = [work(*row) for row in zip(*columns, strict=True)]
        spent.setdefault(name, []).append((clock() - began) / size * 1e6)
        return done

    def read(session: OperatorSession, message: bytes) -> Any:
        session.receive(message)
        return session.next_event()

    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    for batch in range(batches):
        messages = [register.messages[batch] for register in registers]
        events = timed("session header, framing", read, sessions, messages)
        containers = timed("container, CRC", Container.parse, [event[1] for event in events])
        opened = timed("unseal, verify signs", sealer.unseal, containers)
        documents = timed("decode", lambda one: document_decode(one[0] + one[1]), opened)
        timed("format control", check, documents)
        facts = timed("columns of the row", intake._facts, documents)  # noqa: SLF001
        confirmations = timed(
            "confirmation: what it says",
            lambda container, fact: Confirmation(
                fact[4], operator.inn, container.fn_serial, container.fd_number, now
            ),
            containers,
            facts,
        )
        answers = timed(
            "answer, its signs",
            lambda event, container, confirmation: answer_bytes(sealer, event[0], container, confirmation),
            events,
            containers,
            confirmations,
        )
        timed(
            "answer through the session",
            lambda session, answer: session.send(Confirm(answer)),
            sessions,
            answers,
        )
    whole = []
    registers = [mill.register(number, batches, 1) for number in range(size)]
    for batch in range(batches):
        messages = [register.messages[batch] for register in registers]
        events = [read(session, message) for session, message in zip(sessions, messages, strict=True)]
        began = clock()
        verdicts = examine_batch(
            [Message(event[0], event[1], peer) for event in events],
            cipher=sealer,
            operator=operator,
            received_at=1_790_000_000.0,
        )
        whole.append((clock() - began) / size * 1e6)
        for session, verdict in zip(sessions, verdicts, strict=True):
            session.send(Confirm(verdict.answer))
    print(
        f"\nµs a document and stage, batches of {size}, medians of {batches} (messages of {len(messages[0])} bytes)"
    )
    for name, figures in spent.items():
        print(f"  {name:32}{statistics.median(figures):8.1f}")
    print(f"  {'examine_batch in all, row packed':32}{statistics.median(whole):8.1f}")


def bound(processes: int, seconds: float = 3.0) -> float:
    """Documents a second that this many processes examine side by side when they do nothing else.

    No gateway can be faster: it also reads, writes and commits, on the same cores as database and load.
    """
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        return sum(pool.map(_examined_a_second, [seconds] * processes, chunksize=1))


def _examined_a_second(seconds: float) -> float:
    size = 64
    mill, sealer = Mill(os.getpid()), TestSealer()
    operator = Operator(OPERATOR_INN, ZoneInfo("Europe/Moscow"))
    registers = [mill.register(number, 30, 1) for number in range(size)]
    batches = []
    for turn in range(30):
        batch = []
        for register in registers:
            session = OperatorSession()
            session.receive(register.messages[turn])
            event: Any = session.next_event()
            batch.append(Message(event[0], event[1], None))
        batches.append(batch)
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    done, began = 0, time.perf_counter()
    while (spent := time.perf_counter() - began) < seconds:
        for batch in batches:
            examine_batch(batch, cipher=sealer, operator=operator, received_at=1_790_000_000.0)
            done += size
    return done / spent


def main() -> None:
    """Print everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=6.0)
    parser.add_argument("--processes", type=int, nargs="+", default=[1, 2])
    chosen = parser.parse_args()
    stages()
    for processes in chosen.processes:
        limit = bound(processes)
        rate = throughput(processes, chosen.runs, chosen.seconds)
        print(
            f"bound: {processes} examining and nothing else {limit:,.0f}/s; 1,000 registers are {rate / limit:.2f} of it"
        )


if __name__ == "__main__":
    main()
