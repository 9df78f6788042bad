"""The worker's loop: does what the schedule says, gives signs of life, survives a database that goes away."""

from __future__ import annotations

import gc
import logging
import signal
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, InterfaceError, close_old_connections, connection

from chekhov.db.heartbeat import BEAT_SECONDS, beat, leave
from chekhov.errors import ChekhovError
from chekhov.worker.schedule import SCHEDULE, Deed

FAILURE_PAUSE_SECONDS = 1.0
"""After an error; the same for every deed, so that a database that is away is not hammered."""

log = logging.getLogger("chekhov.worker")


@dataclass(slots=True)
class Standing:
    """How a deed stands. `due_at`: by the monotonic clock."""

    deed: Deed
    due_at: float = 0.0
    pause_seconds: float = 0.0
    done: int = 0
    failures: int = 0
    trouble: str = ""


def _collector_calm() -> None:
    """Leave what is loaded out of collections, and collect seldom: the projector makes trees of bytes without rings."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


class Worker:
    """One worker. `stop` may be called from a signal handler or another thread."""

    def __init__(self, schedule: Sequence[Deed] = SCHEDULE) -> None:
        """Nothing is begun yet; see `run`."""
        self._standings = [Standing(deed, pause_seconds=deed.pause_least_seconds) for deed in schedule]
        self._stopped = threading.Event()
        self._beat_at = 0.0

    def stop(self) -> None:
        """End after the deed that is being done."""
        self._stopped.set()

    def run(self) -> None:
        """Work until stopped."""
        _collector_calm()
        log.info("worker_started")
        while not self._stopped.is_set():
            self._beat()
            now = time.monotonic()
            for standing in self._standings:
                if standing.due_at <= now and not self._stopped.is_set():
                    self._do(standing)
            nearest = min([standing.due_at for standing in self._standings] + [self._beat_at])
            self._stopped.wait(max(0.0, nearest - time.monotonic()))
        self._leave()
        log.info("worker_stopped %s", self.details())

    def details(self) -> dict[str, Any]:
        """What the health check shows."""
        details: dict[str, Any] = {standing.deed.name: standing.done for standing in self._standings}
        trouble = [f"{one.deed.name}: {one.trouble}" for one in self._standings if one.trouble]
        if trouble:
            details["trouble"] = trouble
        return details

    def _do(self, standing: Standing) -> None:
        deed = standing.deed
        try:
            count = deed.run()
        except (DatabaseError, InterfaceError, ChekhovError, OSError) as error:
            self._failed(standing, error)
            return
        except Exception as error:
            log.exception("deed_failed deed=%s", deed.name)
            self._failed(standing, error, told=True)
            return
        if standing.trouble:
            log.info("deed_works_again deed=%s", deed.name)
            standing.trouble = ""
        standing.done += count
        if count:
            standing.pause_seconds = deed.pause_least_seconds
            standing.due_at = time.monotonic()
        else:
            standing.due_at = time.monotonic() + standing.pause_seconds
            standing.pause_seconds = min(standing.pause_seconds * 2, deed.pause_greatest_seconds)

    def _failed(self, standing: Standing, error: Exception, *, told: bool = False) -> None:
        trouble = error.message if isinstance(error, ChekhovError) else type(error).__name__
        if trouble != standing.trouble and not told:
            log.warning("deed_failed deed=%s error=%s", standing.deed.name, str(error).strip())
        standing.trouble = trouble
        standing.failures += 1
        standing.due_at = time.monotonic() + FAILURE_PAUSE_SECONDS
        _connection_renew()

    def _beat(self) -> None:
        now = time.monotonic()
        if now < self._beat_at:
            return
        self._beat_at = now + BEAT_SECONDS
        try:
            beat("worker", self.details())
        except (DatabaseError, InterfaceError, OSError) as error:
            log.warning("beat_failed error=%s", str(error).strip())
            _connection_renew()

    def _leave(self) -> None:
        try:
            leave("worker")
        except (DatabaseError, InterfaceError, OSError) as error:
            log.warning("beat_failed error=%s", str(error).strip())
        connection.close()


def _connection_renew() -> None:
    """Let a broken connection go; the next statement opens another."""
    close_old_connections()
    if not connection.in_atomic_block:
        connection.close()


def run() -> None:
    """Run a worker in this process until SIGTERM or SIGINT. Django is set up by the caller."""
    worker = Worker()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: worker.stop())
    worker.run()
