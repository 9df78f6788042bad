"""Group commit: documents on their way into the journal, and the flushers that commit them.

There is no waiting window. A flusher that is free takes what has arrived; meanwhile the next batch gathers.
While the database is away the same batch is tried again with growing pauses, nothing is answered, and the
number of waiting documents is bounded: over it sockets are not read.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NamedTuple

from chekhov.fiscal.errors import JournalUnavailable
from chekhov.fiscal.intake import Accepted
from chekhov.fiscal.journal import Journal, Outcome
from chekhov.gateway.limits import GatewayLimits

if TYPE_CHECKING:
    from chekhov.gateway.connection import RegisterConnection

PAUSE_SECONDS_FIRST: Final = 0.05
PAUSE_SECONDS_MAX: Final = 2.0

log = logging.getLogger("chekhov.gateway")


class Pending(NamedTuple):
    """A document that is examined and not yet committed, and who waits for it."""

    document: Accepted
    connection: RegisterConnection


def _key(pending: Pending) -> tuple[str, int]:
    return pending[0][:2]


class Batcher:
    """The current batch and its flushers."""

    def __init__(self, journals: list[Journal], limits: GatewayLimits, on_room: Callable[[], None]) -> None:
        """One flusher a journal. `on_room` is called when a full batcher has room again."""
        self._limits = limits
        self._journals = journals
        self._on_room = on_room
        self._arrived: deque[Pending] = deque()
        self._idle: list[asyncio.Future[None]] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._draining = False
        self.documents = 0
        self.bytes = 0
        self.committed = 0
        self.batches = 0
        self.down = False
        """The last try to commit failed."""

    @property
    def full(self) -> bool:
        """No more documents should be read just now."""
        return (
            self.documents >= self._limits.pending_documents_max
            or self.bytes >= self._limits.pending_bytes_max
        )

    def start(self) -> None:
        """Start the flushers on the running loop."""
        self._tasks = [asyncio.create_task(self._flusher(journal)) for journal in self._journals]

    def add(self, document: Accepted, connection: RegisterConnection) -> None:
        """Put a document into the current batch; `connection.settled` is called with its outcome."""
        self._arrived.append(Pending(document, connection))
        self.documents += 1
        self.bytes += len(document.packed)
        if self._idle:
            self._idle.pop().set_result(None)

    async def drain(self, seconds: float) -> None:
        """Commit what is there, then stop the flushers; after `seconds` stop them in any case."""
        self._draining = True
        for idle in self._idle:
            idle.set_result(None)
        self._idle.clear()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
        for journal in self._journals:
            await journal.close()

    async def _flusher(self, journal: Journal) -> None:
        loop = asyncio.get_running_loop()
        while True:
            if not self._arrived:
                if self._draining:
                    return
                idle = loop.create_future()
                self._idle.append(idle)
                await idle
                continue
            batch = self._take()
            try:
                await self._flush(journal, batch)
            finally:
                self._forget(batch)

    def _take(self) -> list[Pending]:
        """The next batch, in the order of keys: two batches that share keys must not lock crosswise."""
        arrived = self._arrived
        if len(arrived) <= self._limits.batch_documents_max:
            batch = list(arrived)
            arrived.clear()
        else:
            batch = [arrived.popleft() for _ in range(self._limits.batch_documents_max)]
        batch.sort(key=_key)
        return batch

    def _forget(self, batch: list[Pending]) -> None:
        was_full = self.full
        self.documents -= len(batch)
        self.bytes -= sum([len(pending.document.packed) for pending in batch])
        if was_full and not self.full:
            self._on_room()

    async def _flush(self, journal: Journal, batch: list[Pending]) -> None:
        """Commit the batch, however long it takes, then settle each document."""
        pause = PAUSE_SECONDS_FIRST
        while True:
            try:
                outcomes = await journal.write([pending.document for pending in batch])
                break
            except JournalUnavailable as error:
                if not self.down or pause >= PAUSE_SECONDS_MAX:
                    log.warning("journal_unavailable documents=%d error=%s", self.documents, error)
                self.down = True
            await asyncio.sleep(pause)
            pause = min(pause * 2, PAUSE_SECONDS_MAX)
            # A register that has gone will repeat the document; there is nobody to confirm it to.
            batch = [pending for pending in batch if not pending.connection.closed]
            if not batch:
                return
        if self.down:
            self.down = False
            log.info("journal_back")
        self.batches += 1
        self.committed += len(batch)
        for (document, connection), outcome in zip(batch, outcomes, strict=True):
            _settle(connection, document, outcome)


def _settle(connection: RegisterConnection, document: Accepted, outcome: Outcome) -> None:
    """Tell the connection; its trouble must not hurt the rest of the batch."""
    try:
        connection.settled(document, outcome)
    except Exception:
        log.exception("settle_failed")
        connection.close()
