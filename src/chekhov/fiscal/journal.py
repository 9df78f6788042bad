"""Writing the journal: a batch of documents in one statement, on its own asynchronous connection.

`Journal.write` returns when the rows are committed (the statement is its own transaction) and says for each
what may be answered. Rows that are there already are compared byte for byte: the same document gets the
stored answer, another one under the same key is a conflict and gets none.
No Django here: the gateway does without it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, Final, Literal

import psycopg
from psycopg.abc import Buffer
from psycopg.adapt import Dumper
from psycopg.pq import Format

from chekhov.fiscal.errors import JournalUnavailable
from chekhov.fiscal.intake import Accepted
from chekhov.fiscal.rows import COLUMNS, array_pack

WRITE_SECONDS_MAX: Final = 30.0
"""A database that has not committed a batch by then is taken for lost; the batch is tried again."""

CONNECT_SECONDS_MAX: Final = 5

_NAMES = ", ".join(name for name, _ in COLUMNS)
INSERT_SQL = (
    f"INSERT INTO fiscal_document ({_NAMES}) SELECT * FROM unnest(%s::fiscal_document_row[])"  # noqa: S608
    " ON CONFLICT DO NOTHING"
)
STORED_SQL = (
    "SELECT fn, fd, container, answer FROM fiscal_document"
    " WHERE (fn, fd) IN (SELECT * FROM unnest(%s::text[], %s::bigint[]))"
)

BAD_ROW = (psycopg.DataError, psycopg.IntegrityError, psycopg.errors.ProgramLimitExceeded)
"""What PostgreSQL says of a row it will never take; anything else may pass and is worth another try."""

Outcome = bytes | Literal["conflict", "row_refused"]
"""The answer that may be sent now, or why there is none."""


class PackedRows:
    """A parameter that is already in PostgreSQL's binary form."""

    __slots__ = ("data",)

    def __init__(self, data: bytes) -> None:
        """`data`: what `rows.array_pack` made."""
        self.data = data


class Journal:
    """One connection to the journal. Used by one task at a time."""

    def __init__(self, conninfo: str) -> None:
        """`conninfo`: address of the database in libpq's form. Nothing is opened yet."""
        self._conninfo = conninfo
        self._connection: psycopg.AsyncConnection[Any] | None = None
        self._row_type_oid = 0

    async def write(self, batch: Sequence[Accepted]) -> list[Outcome]:
        """Commit the batch; one outcome for each document of it, in order.

        Raises: JournalUnavailable when it is not known to be committed. Trying again is harmless.
        """
        try:
            async with asyncio.timeout(WRITE_SECONDS_MAX):
                return await self._write(batch)
        except (psycopg.Error, OSError, TimeoutError) as error:
            await self.close()
            raise JournalUnavailable(_told(error)) from error
        except asyncio.CancelledError:
            await self.close()
            raise

    async def execute(self, sql: str, parameters: Sequence[Any]) -> None:
        """Run another statement of the gateway's on this connection (quarantine, signs of life).

        Raises: JournalUnavailable, or one of BAD_ROW as the driver raised it.
        """
        try:
            async with asyncio.timeout(CONNECT_SECONDS_MAX):
                connection = self._connection or await self._connect()
                await connection.execute(sql, parameters)
        except BAD_ROW:
            raise
        except (psycopg.Error, OSError, TimeoutError) as error:
            await self.close()
            raise JournalUnavailable(_told(error)) from error
        except asyncio.CancelledError:
            await self.close()
            raise

    async def close(self) -> None:
        """Let the connection go; the next write opens another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()

    async def _write(self, batch: Sequence[Accepted]) -> list[Outcome]:
        connection = self._connection or await self._connect()
        data = array_pack([document.packed for document in batch], self._row_type_oid)
        try:
            cursor = await connection.execute(INSERT_SQL, [PackedRows(data)], prepare=True)
        except BAD_ROW:
            if len(batch) == 1:
                return ["row_refused"]
            half = len(batch) // 2
            return await self._write(batch[:half]) + await self._write(batch[half:])
        if cursor.rowcount == len(batch):
            return [document.answer for document in batch]
        return await self._compare(connection, batch)

    async def _compare(
        self, connection: psycopg.AsyncConnection[Any], batch: Sequence[Accepted]
    ) -> list[Outcome]:
        """Outcomes of a batch some of whose keys were in the journal already, or came twice."""
        cursor = connection.cursor(binary=True)
        await cursor.execute(
            STORED_SQL, [[document.fn for document in batch], [document.fd for document in batch]]
        )
        stored = {(fn, fd): (container, answer) for fn, fd, container, answer in await cursor.fetchall()}
        outcomes: list[Outcome] = []
        for document in batch:
            container, answer = stored[document.fn, document.fd]
            outcomes.append(answer if container == document.container else "conflict")
        return outcomes

    async def _connect(self) -> psycopg.AsyncConnection[Any]:
        connection = await psycopg.AsyncConnection.connect(
            self._conninfo, autocommit=True, connect_timeout=CONNECT_SECONDS_MAX
        )
        try:
            cursor = await connection.execute(
                "SELECT 'fiscal_document_row'::regtype::oid::bigint, 'fiscal_document_row[]'::regtype::oid::bigint"
            )
            found = await cursor.fetchone()
            assert found is not None
            # A confirmation must not outrun the disk, whatever the server's default is.
            await connection.execute(
                "SELECT set_config('synchronous_commit', 'on', false)"
                " WHERE current_setting('synchronous_commit') IN ('off', 'local')"
            )
            self._row_type_oid = found[0]
            connection.adapters.register_dumper(PackedRows, _dumper_for(found[1]))
        except BaseException:
            await connection.close()
            raise
        self._connection = connection
        return connection


def _dumper_for(array_oid: int) -> type[Dumper]:
    class PackedRowsDumper(Dumper):
        """Hands the bytes over as they are, under the number the type has in this database."""

        format = Format.BINARY
        oid = array_oid

        def dump(self, obj: PackedRows) -> Buffer | None:
            """The bytes."""
            return obj.data

    return PackedRowsDumper


def _told(error: Exception) -> str:
    """An error as one line for the log: what follows the first line may quote data."""
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__
