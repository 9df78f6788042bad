"""Signs of life: a row per process, so that a process that hangs is told from one that works.

A process beats every BEAT_SECONDS from the loop that does its work, never from a thread of its own: a thread
would go on while the work stands still. Older than STALE_SECONDS means down.
"""

from __future__ import annotations

import json
import os
import socket
from dataclasses import dataclass
from typing import Any

from django.db import connection

BEAT_SECONDS = 2.0
STALE_SECONDS = 8.0
FORGET_SECONDS = 24 * 3600.0

BEAT_SQL = """
INSERT INTO db_heartbeat (process, kind, beaten_at, details) VALUES (%s, %s, clock_timestamp(), %s::jsonb)
ON CONFLICT (process) DO UPDATE SET beaten_at = excluded.beaten_at, details = excluded.details
"""
LEAVE_SQL = "DELETE FROM db_heartbeat WHERE process = %s"
# Rows of processes long gone are removed now and then, so the table stays small.
FORGET_SQL = "DELETE FROM db_heartbeat WHERE beaten_at < clock_timestamp() - make_interval(secs => %s)"


def process_name(kind: str) -> str:
    """The key of this process's row, the same for its whole life: kind, host, process id."""
    return f"{kind}:{socket.gethostname()}:{os.getpid()}"


@dataclass(frozen=True, slots=True)
class Beat:
    """The last sign of life of a process. `age_seconds` by the database's clock."""

    process: str
    kind: str
    age_seconds: float
    details: dict[str, Any]

    @property
    def alive(self) -> bool:
        """Whether the sign is recent enough."""
        return self.age_seconds <= STALE_SECONDS


def beats() -> list[Beat]:
    """The last sign of life of every process, the freshest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT process, kind, extract(epoch FROM clock_timestamp() - beaten_at)::float8, details::text"
            " FROM db_heartbeat ORDER BY beaten_at DESC LIMIT 1000",
        )
        return [Beat(process, kind, age, _details(details)) for process, kind, age, details in cursor]


def beat(kind: str, details: dict[str, Any] | None = None) -> None:
    """Give a sign of life over Django's connection. Asynchronous processes execute BEAT_SQL themselves."""
    with connection.cursor() as cursor:
        cursor.execute(FORGET_SQL, [FORGET_SECONDS])
        cursor.execute(BEAT_SQL, [process_name(kind), kind, json.dumps(details or {}, ensure_ascii=False)])


def leave(kind: str) -> None:
    """Take this process's row away: it ends on purpose."""
    with connection.cursor() as cursor:
        cursor.execute(LEAVE_SQL, [process_name(kind)])


def _details(text: str) -> dict[str, Any]:
    value = json.loads(text)
    return value if isinstance(value, dict) else {}
