"""A fleet of simulated registers as a load generator: real documents over real TCP, every answer verified.

Drives are registered and shifts opened before the clock starts, and receipts are made beforehand too, as
many as fit into the memory allowed; then every register sends one document after another, each when the
one before was confirmed. Work is shared among processes; each has its own registers and its own loop.
"""

from __future__ import annotations

import datetime as dt
import gc
import multiprocessing
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from time import perf_counter
from typing import Any, Final, Literal, NamedTuple

from chekhov.errors import ChekhovError, Unavailable
from chekhov.ffd.versions import FfdVersion
from chekhov.simulator.errors import OperatorSilent
from chekhov.simulator.fleet_engine import Engine, Lane
from chekhov.simulator.fleet_registers import FleetRegister, answer_verified, registers_make
from chekhov.simulator.fleet_tally import Tally

REGISTERS_MAX: Final = 50_000
SECONDS_MAX: Final = 3_600.0
PROCESSES_MAX: Final = 64
PREPARED_BYTES_MAX: Final = 384 * 1024 * 1024
"""Ours: memory of all processes for messages made beforehand."""
PREPARED_PER_SECOND: Final = 20_000
"""Ours: more documents a second than an operator on the same two cores confirms."""
OPENING_SECONDS_MAX: Final = 120.0
"""Ours: how long all registers may take to connect and to send their two reports."""
FAILURES_FIRST_MAX: Final = 5
"""Ours: so many failures a register on average, and not one document confirmed: nobody is there."""
VERIFIED_MAX: Final = 200_000
"""Ours: answers kept for verification after the clock, over all processes."""
PREPARE_STEP: Final = 2_000
"""Documents between two signs of progress."""

Stage = Literal["preparing", "opening", "running", "verifying"]


class FleetBroken(Unavailable):
    """A process of the load generator died."""

    code = "fleet_broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetOrder:
    """What to run. `seed` decides the drives' numbers and the receipts; `started_at` is local clock time.

    The same seed means the same drives: an operator that has seen them takes only the same documents.
    """

    host: str
    port: int
    started_at: dt.datetime
    seed: int
    registers: int = 1_000
    seconds: float = 30.0
    processes: int = 1
    ffd: FfdVersion = FfdVersion.V1_2
    one_connection_per_document: bool = False
    prepared_bytes_max: int = PREPARED_BYTES_MAX
    prepared_per_second: int = PREPARED_PER_SECOND

    def __post_init__(self) -> None:
        if not 1 <= self.registers <= REGISTERS_MAX:
            raise ValueError(f"1 to {REGISTERS_MAX} registers")
        if not 0 < self.seconds <= SECONDS_MAX:
            raise ValueError(f"up to {SECONDS_MAX:g} seconds")
        if not 1 <= self.processes <= min(PROCESSES_MAX, self.registers):
            raise ValueError(f"1 to {PROCESSES_MAX} processes, a register each at least")


class Progress(NamedTuple):
    """How far the fleet is. `done` and `whole` are documents, registers, seconds or answers by stage."""

    stage: Stage
    done: float
    whole: float
    documents: int = 0
    errors: int = 0


def fleet_run(order: FleetOrder, on_progress: Callable[[Progress], None] | None = None) -> Tally:
    """Run the fleet and give what was counted.

    Raises: OperatorSilent when the registers could not open; FleetBroken.
    """
    order = replace(order, host=_resolved(order.host, order.port))
    context = multiprocessing.get_context("spawn")  # no locks or threads of the caller come along
    children: list[tuple[Any, Connection]] = []
    try:
        for index in range(order.processes):
            ours, theirs = context.Pipe()
            process = context.Process(target=_child, args=(order, index, theirs), daemon=True)
            process.start()
            theirs.close()
            children.append((process, ours))
        return _conducted([ours for _, ours in children], on_progress)
    finally:
        for process, ours in children:
            ours.close()
            process.join(2)
            if process.is_alive():
                process.terminate()
                process.join()


def _conducted(pipes: Sequence[Connection], on_progress: Callable[[Progress], None] | None) -> Tally:
    """Lead the processes from stage to stage; they start the clock together."""
    told: dict[Connection, Progress] = {}
    tallies: list[Tally] = []
    ready = 0
    left = list(pipes)
    while left:
        for pipe in wait(left):
            assert isinstance(pipe, Connection)
            try:
                kind, value = pipe.recv()
            except EOFError as error:
                raise FleetBroken("a process of the load generator died") from error
            if kind == "progress":
                told[pipe] = value
                same = [each for each in told.values() if each.stage == value.stage]
                if on_progress is not None:
                    on_progress(_summed(same, len(pipes)))
            elif kind == "ready":
                ready += 1
                if ready == len(pipes):
                    for each in pipes:
                        each.send("go")
            elif kind == "error":
                raise value
            else:
                tallies.append(value)
                left.remove(pipe)
    total = Tally()
    for tally in tallies:
        total.add(tally)
    return total


def _summed(parts: Sequence[Progress], processes: int) -> Progress:
    stage = parts[0].stage
    if stage == "running":  # seconds pass for all at once
        done, whole = max(part.done for part in parts), parts[0].whole
    else:
        done = sum(part.done for part in parts)
        whole = sum(part.whole for part in parts) * processes / len(parts)
    return Progress(
        stage, done, whole, sum(part.documents for part in parts), sum(part.errors for part in parts)
    )


def _child(order: FleetOrder, index: int, pipe: Connection) -> None:
    """One process of the fleet: its share of the registers."""
    try:
        _share(order, index, pipe)
    except ChekhovError as error:
        pipe.send(("error", error))
    except (BrokenPipeError, EOFError, KeyboardInterrupt):
        pass  # the conductor is gone, and so are we
    finally:
        pipe.close()


def _share(order: FleetOrder, index: int, pipe: Connection) -> None:
    numbers = range(index, order.registers, order.processes)
    registers = registers_make(order.ffd, numbers, seed=order.seed, started_at=order.started_at)
    _prepare(order, registers, pipe)
    lanes = [Lane(register.next_message) for register in registers]
    engine = Engine(
        lanes,
        host=order.host,
        port=order.port,
        one_connection_per_document=order.one_connection_per_document,
        keep_answers_max=VERIFIED_MAX // order.processes,
    )
    whole = float(2 * len(registers))

    def opening(tally: Tally) -> None:
        pipe.send(("progress", Progress("opening", tally.documents, whole, errors=tally.errors.total())))

    opened = engine.run(
        seconds=OPENING_SECONDS_MAX, on_tick=opening, failures_first_max=FAILURES_FIRST_MAX * len(lanes)
    )
    if engine.unanswered:
        kinds = ", ".join(f"{kind} ×{times}" for kind, times in sorted(opened.errors.items()))
        raise OperatorSilent(
            f"{engine.unanswered} of {len(lanes)} registers could not open at {order.host}:{order.port}: "
            f"{kinds or 'no answer in time'}"
        )
    for register in registers:
        register.opening_over()
    gc.collect()
    gc.freeze()
    gc.disable()
    pipe.send(("ready", None))
    pipe.recv()
    started_at = perf_counter()

    def running(tally: Tally) -> None:
        done = min(perf_counter() - started_at, order.seconds)
        progress = Progress("running", done, order.seconds, tally.documents, tally.errors.total())
        pipe.send(("progress", progress))

    tally = engine.run(seconds=order.seconds, on_tick=running)
    engine.close()
    tally.connections += opened.connections
    tally.made_on_the_fly = sum(register.made_on_the_fly for register in registers)
    _verify(engine.kept, tally, pipe)
    pipe.send(("tally", tally))


def _prepare(order: FleetOrder, registers: Sequence[FleetRegister], pipe: Connection) -> None:
    """Make receipts beforehand, the same number for each register."""
    size = max(register.message_bytes for register in registers)
    fit = order.prepared_bytes_max // order.processes // size
    wanted = int(order.prepared_per_second * order.seconds / order.processes)
    each = max(1, min(fit, wanted) // len(registers))
    made = 0
    told = 0
    for register in registers:
        register.prepare(each)
        made += each
        if made - told >= PREPARE_STEP:
            told = made
            pipe.send(("progress", Progress("preparing", made, each * len(registers))))


def _verify(kept: Sequence[tuple[bytes, bytes]], tally: Tally, pipe: Connection) -> None:
    """Let the drives' side look at the answers: CRC, numbers, both signs, the response."""
    for index, (message, answer) in enumerate(kept):
        complaint = answer_verified(message, answer)
        if complaint is None:
            tally.verified += 1
        else:
            tally.errors[complaint] += 1
        if index % PREPARE_STEP == 0:
            pipe.send(("progress", Progress("verifying", index, len(kept))))


def _resolved(host: str, port: int) -> str:
    """The address of a host's name, so that the loop never waits for a name server."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise OperatorSilent(f"{host} is not known: {error}") from error
    return str(found[0][4][0])
