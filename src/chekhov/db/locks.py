"""Advisory locks of PostgreSQL, named by words: one doer of a deed among all processes of all machines."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable, Iterator

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from chekhov.db.errors import LockTaken, OutsideTransaction


def lock_number(name: str) -> int:
    """The signed 64-bit number under which PostgreSQL knows the lock `name`, the same in every process."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big", signed=True)


def transaction_lock(*names: str, wait_seconds: float | None = None) -> None:
    """Hold the locks until the transaction ends. Taken in one order, so two callers never wait in a ring.

    `wait_seconds`: how long to wait for each; None waits as long as it takes, 0 not at all.
    Raises: OutsideTransaction, LockTaken.
    """
    if not connection.in_atomic_block:
        raise OutsideTransaction("a lock for the time of a transaction, but there is none")
    with connection.cursor() as cursor:
        if wait_seconds == 0:
            for number in _ordered(names):
                cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
                if not cursor.fetchone()[0]:
                    raise LockTaken("another process holds the lock", names=names)
            return
        try:
            with transaction.atomic():
                cursor.execute("SELECT current_setting('lock_timeout')")
                before = cursor.fetchone()[0]
                if wait_seconds is not None:
                    _lock_timeout(cursor, f"{max(1, round(wait_seconds * 1000))}ms")
                for number in _ordered(names):
                    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
                _lock_timeout(cursor, before)
        except Exception as error:
            if getattr(error.__cause__, "sqlstate", None) == "55P03":  # lock_not_available
                raise LockTaken("another process holds the lock", names=names) from error
            raise


@contextlib.contextmanager
def session_lock(name: str) -> Iterator[None]:
    """Hold a lock over several transactions of this connection, without waiting. Raises: LockTaken.

    If the connection breaks, PostgreSQL frees the lock by itself.
    """
    number = lock_number(name)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
        if not cursor.fetchone()[0]:
            raise LockTaken("another process holds the lock", names=(name,))
    try:
        yield
    finally:
        if connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [number])


def _lock_timeout(cursor: CursorWrapper, value: str) -> None:
    cursor.execute("SELECT set_config('lock_timeout', %s, true)", [value])


def _ordered(names: Iterable[str]) -> list[int]:
    return sorted({lock_number(name) for name in names})
