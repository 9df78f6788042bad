"""Putting refused messages into the quarantine, within caps. No Django here: the gateway does without it.

What comes over a cap is counted by hour and reason, and its bytes are let go: a flood of garbage must not
fill the disk. Alarms have a budget of their own, so that noise cannot crowd them out.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from chekhov.fiscal.verdicts import ALARMS, Reason

QUARANTINE_SQL: Final = """
INSERT INTO fiscal_quarantined (received_at, reason, detail, alarm, fn, fd, peer, raw, raw_size, resolution)
VALUES (%s, %s, %s, %s, %s, %s, %s::inet, %s, %s, '')
"""
OVERFLOW_SQL: Final = """
INSERT INTO fiscal_quarantine_overflow (hour_at, reason, dropped) VALUES (%s, %s, %s)
ON CONFLICT (hour_at, reason) DO UPDATE SET dropped = fiscal_quarantine_overflow.dropped + excluded.dropped
"""

DETAIL_CHARACTERS_MAX: Final = 300
ADDRESSES_COUNTED_MAX: Final = 20_000
"""Addresses told apart within an hour; beyond that only the total counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """A message that was refused, as the quarantine keeps it. `received_at`: aware UTC."""

    received_at: dt.datetime
    reason: Reason
    detail: str
    fn: str | None
    fd: int | None
    peer: str | None
    raw: bytes

    def parameters(self) -> list[Any]:
        """For QUARANTINE_SQL; texts made fit for PostgreSQL, which takes no zero character."""
        fn = self.fn if self.fn and self.fn.isascii() and self.fn.isprintable() else None
        return [
            self.received_at,
            self.reason.value,
            self.detail.replace("\0", "�")[:DETAIL_CHARACTERS_MAX],
            self.reason in ALARMS,
            fn,
            self.fd,
            self.peer,
            self.raw,
            len(self.raw),
        ]


class Dropped(NamedTuple):
    """Messages of an hour that were only counted."""

    hour_at: dt.datetime
    reason: Reason
    messages: int


class Caps:
    """How many messages of the running hour may be kept: by address, and in all."""

    def __init__(self, *, per_address: int, total: int) -> None:
        """Both count messages an hour, noise and alarms apart."""
        self._per_address = per_address
        self._total = total
        self._hour_at = dt.datetime.min.replace(tzinfo=dt.UTC)
        self._by_address: Counter[tuple[bool, str | None]] = Counter()
        self._totals: Counter[bool] = Counter()
        self._dropped: Counter[tuple[dt.datetime, Reason]] = Counter()

    def admits(self, message: SetAside) -> bool:
        """Count the message; say whether its bytes may be kept."""
        hour_at = message.received_at.replace(minute=0, second=0, microsecond=0)
        if hour_at > self._hour_at:
            self._hour_at = hour_at
            self._by_address.clear()
            self._totals.clear()
        alarm = message.reason in ALARMS
        key = (alarm, message.peer)
        known = key in self._by_address or len(self._by_address) < ADDRESSES_COUNTED_MAX
        if self._totals[alarm] >= self._total or (known and self._by_address[key] >= self._per_address):
            self.drop(message)
            return False
        self._totals[alarm] += 1
        if known:
            self._by_address[key] += 1
        return True

    def drop(self, message: SetAside) -> None:
        """Count a message that is let go, for whatever cause."""
        hour_at = message.received_at.replace(minute=0, second=0, microsecond=0)
        self._dropped[hour_at, message.reason] += 1

    def dropped_take(self) -> list[Dropped]:
        """Counts since they were last taken."""
        taken = [Dropped(hour_at, reason, count) for (hour_at, reason), count in self._dropped.items()]
        self._dropped.clear()
        return taken

    def dropped_return(self, dropped: list[Dropped]) -> None:
        """Counts that could not be written after all."""
        for hour_at, reason, messages in dropped:
            self._dropped[hour_at, reason] += messages
