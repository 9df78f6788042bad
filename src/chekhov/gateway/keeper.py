"""What the gateway writes besides documents: refused messages and signs of life.

It has its own database connection, works at its own pace and may fail without any document noticing.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections import deque
from collections.abc import Callable
from typing import Any, Final

from chekhov.db.heartbeat import BEAT_SECONDS, BEAT_SQL, LEAVE_SQL, process_name
from chekhov.fiscal.errors import JournalUnavailable
from chekhov.fiscal.journal import BAD_ROW, Journal
from chekhov.fiscal.setaside import OVERFLOW_SQL, QUARANTINE_SQL, Caps, SetAside
from chekhov.gateway.limits import GatewayLimits

WAITING_MESSAGES_MAX: Final = 1_000
WAITING_BYTES_MAX: Final = 16 * 1024 * 1024
"""Refused messages held while the database is away; what comes over is counted only."""

ROUND_SECONDS: Final = 0.5

log = logging.getLogger("chekhov.gateway")


class Keeper:
    """Writes the quarantine and the heartbeat."""

    def __init__(
        self, journal: Journal, limits: GatewayLimits, details: Callable[[], dict[str, Any]]
    ) -> None:
        """`details`: what the heartbeat tells of the process."""
        self._journal = journal
        self._details = details
        self._caps = Caps(per_address=limits.quarantine_per_address_hour, total=limits.quarantine_per_hour)
        self._waiting: deque[SetAside] = deque()
        self._waiting_bytes = 0
        self._ended = asyncio.Event()
        self.kept = 0

    def keep(self, message: SetAside) -> None:
        """Take a refused message, to be written soon, if the caps let it."""
        if not self._caps.admits(message):
            return
        if (
            len(self._waiting) >= WAITING_MESSAGES_MAX
            or self._waiting_bytes + len(message.raw) > WAITING_BYTES_MAX
        ):
            self._caps.drop(message)
            return
        self._waiting.append(message)
        self._waiting_bytes += len(message.raw)

    async def run(self, *, beats: bool) -> None:
        """Write what comes, until `end`."""
        rounds_a_beat = max(1, int(BEAT_SECONDS / ROUND_SECONDS))
        number = 0
        while not self._ended.is_set():
            try:
                if beats and number % rounds_a_beat == 0:
                    await self._journal.execute(
                        BEAT_SQL, [process_name("gateway"), "gateway", json.dumps(self._details())]
                    )
                await self.flush()
            except JournalUnavailable as error:
                log.warning("keeper_waits error=%s", error)
            number += 1
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._ended.wait(), ROUND_SECONDS)

    async def flush(self) -> None:
        """Write all that waits. Raises: JournalUnavailable; what was not written still waits."""
        while self._waiting:
            message = self._waiting[0]
            try:
                await self._journal.execute(QUARANTINE_SQL, message.parameters())
            except BAD_ROW as error:
                log.error("quarantine_row_refused reason=%s error=%s", message.reason.value, error)  # noqa: TRY400
                self._caps.drop(message)
            self._waiting.popleft()
            self._waiting_bytes -= len(message.raw)
            self.kept += 1
        dropped = self._caps.dropped_take()
        try:
            while dropped:
                hour_at, reason, messages = dropped[-1]
                await self._journal.execute(OVERFLOW_SQL, [hour_at, reason.value, messages])
                dropped.pop()
        finally:
            self._caps.dropped_return(dropped)

    def end(self) -> None:
        """Let `run` return after its round."""
        self._ended.set()

    async def leave(self, *, beats: bool) -> None:
        """Write what is left and take the sign of life away. After `run` has returned."""
        try:
            await self.flush()
            if beats:
                await self._journal.execute(LEAVE_SQL, [process_name("gateway")])
        except JournalUnavailable as error:
            log.warning("keeper_left_unwritten messages=%d error=%s", len(self._waiting), error)
        await self._journal.close()
