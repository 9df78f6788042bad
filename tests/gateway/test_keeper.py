from __future__ import annotations

import asyncio
import datetime as dt

import psycopg
import pytest

from chekhov.fiscal.errors import JournalUnavailable
from chekhov.fiscal.setaside import OVERFLOW_SQL, QUARANTINE_SQL, SetAside
from chekhov.fiscal.verdicts import Reason
from chekhov.gateway import keeper as keeper_module
from chekhov.gateway.keeper import Keeper
from chekhov.gateway.limits import GatewayLimits

AT = dt.datetime(2026, 11, 20, 12, 30, tzinfo=dt.UTC)


class FakeJournal:
    """Takes statements; refuses what it is told to."""

    def __init__(self):
        self.kept, self.dropped, self.refuses = [], [], {}

    async def execute(self, sql, parameters):
        if sql == QUARANTINE_SQL:
            error = self.refuses.get(parameters[7])
            if error is not None:
                raise error
            self.kept.append(parameters[7])
        elif sql == OVERFLOW_SQL:
            self.dropped.append(tuple(parameters))

    async def close(self):
        pass


def message(raw):
    return SetAside(received_at=AT, reason=Reason.UNREADABLE, detail="", fn=None, fd=None, peer=None, raw=raw)


def dropped(count):
    return (AT.replace(minute=0), "unreadable", count)


@pytest.fixture
def journal():
    return FakeJournal()


@pytest.fixture
def keeper(journal):
    return Keeper(journal, GatewayLimits(), dict)


def test_bad_row_is_counted_and_does_not_block_the_rest(journal, keeper):
    journal.refuses[b"bad"] = psycopg.DataError("no")
    for raw in (b"one", b"bad", b"two"):
        keeper.keep(message(raw))
    asyncio.run(keeper.flush())
    assert journal.kept == [b"one", b"two"]
    assert journal.dropped == [dropped(1)]


def test_what_could_not_be_written_waits_for_the_next_round(journal, keeper):
    journal.refuses[b"two"] = JournalUnavailable("away")
    for raw in (b"one", b"two", b"three"):
        keeper.keep(message(raw))
    with pytest.raises(JournalUnavailable):
        asyncio.run(keeper.flush())
    journal.refuses.clear()
    asyncio.run(keeper.flush())
    assert journal.kept == [b"one", b"two", b"three"]


def test_messages_that_wait_for_the_database_are_bounded(journal, keeper, monkeypatch):
    monkeypatch.setattr(keeper_module, "WAITING_MESSAGES_MAX", 2)
    for number in range(5):
        keeper.keep(message(b"%d" % number))
    asyncio.run(keeper.flush())
    assert journal.kept == [b"0", b"1"]
    assert journal.dropped == [dropped(3)]


def test_bytes_that_wait_are_bounded_and_freed(journal, keeper, monkeypatch):
    monkeypatch.setattr(keeper_module, "WAITING_BYTES_MAX", 10)
    keeper.keep(message(b"x" * 8))
    keeper.keep(message(b"y" * 8))
    asyncio.run(keeper.flush())
    keeper.keep(message(b"z" * 8))
    asyncio.run(keeper.flush())
    assert journal.kept == [b"x" * 8, b"z" * 8]
