from __future__ import annotations

import asyncio

import pytest

from chekhov.fiscal.errors import JournalUnavailable
from chekhov.fiscal.intake import Accepted
from chekhov.gateway import batcher as batcher_module
from chekhov.gateway.batcher import Batcher
from chekhov.gateway.limits import GatewayLimits


class Register:
    def __init__(self, trouble=None):
        self.closed = False
        self.outcomes = []
        self.trouble = trouble

    def settled(self, _document, outcome):
        if self.trouble is not None:
            raise self.trouble
        self.outcomes.append(outcome)

    def close(self):
        self.closed = True


class FakeJournal:
    """Takes what it is given, after so many failures; keeps the batches."""

    def __init__(self, failures=0):
        self.failures = failures
        self.batches = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def write(self, batch):
        await self.gate.wait()
        await asyncio.sleep(0)
        if self.failures:
            self.failures -= 1
            raise JournalUnavailable("away")
        self.batches.append([document.fd for document in batch])
        return [document.answer for document in batch]

    async def close(self):
        pass


def document(fd, fn="1"):
    return Accepted(fn, fd, b"p" * 10, b"c", b"answer %d" % fd, 0, 3)


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch):
    monkeypatch.setattr(batcher_module, "PAUSE_SECONDS_FIRST", 0.001)
    monkeypatch.setattr(batcher_module, "PAUSE_SECONDS_MAX", 0.004)


def run(scenario, journals=1, room=lambda: None, **limits):
    async def main():
        fakes = [FakeJournal() for _ in range(journals)]
        batcher = Batcher(fakes, GatewayLimits(**limits), room)
        batcher.start()
        await scenario(batcher, *fakes)
        await batcher.drain(5)
        assert (batcher.documents, batcher.bytes) == (0, 0)
        return fakes

    return asyncio.run(main())


async def until(condition):
    """Look at every turn of the loop, so that no state however short is missed."""
    async with asyncio.timeout(30):
        while not condition():  # noqa: ASYNC110 - what is looked at tells nobody
            await asyncio.sleep(0)


def test_what_arrives_during_a_commit_is_the_next_batch_in_order_of_keys():
    async def scenario(batcher, journal):
        register = Register()
        journal.gate.clear()
        batcher.add(document(9), register)
        await asyncio.sleep(0.01)
        for fd in (5, 2, 7):
            batcher.add(document(fd), register)
        journal.gate.set()

    [journal] = run(scenario)
    assert journal.batches == [[9], [2, 5, 7]]


def test_batches_are_bounded():
    async def scenario(batcher, _):
        for fd in range(7):
            batcher.add(document(fd), Register())

    [journal] = run(scenario, batch_documents_max=3)
    assert journal.batches == [[0, 1, 2], [3, 4, 5], [6]]


def test_failing_commit_is_tried_until_it_holds_and_only_then_settled():
    register = Register()

    async def scenario(batcher, journal):
        journal.failures = 3
        batcher.add(document(1), register)
        await until(lambda: batcher.down)
        assert journal.batches == []
        assert register.outcomes == []

    [journal] = run(scenario)
    assert journal.batches == [[1]]
    assert register.outcomes == [b"answer 1"]


def test_documents_of_those_who_left_are_dropped_while_the_journal_is_away():
    here, gone = Register(), Register()

    async def scenario(batcher, journal):
        journal.failures = 2
        batcher.add(document(1), gone)
        batcher.add(document(2), here)
        gone.closed = True

    [journal] = run(scenario)
    assert journal.batches == [[2]]
    assert (here.outcomes, gone.outcomes) == ([b"answer 2"], [])


def test_trouble_of_one_connection_spares_the_others():
    bad, good = Register(RuntimeError("trouble")), Register()

    async def scenario(batcher, _):
        batcher.add(document(1), bad)
        batcher.add(document(2), good)

    run(scenario)
    assert bad.closed
    assert good.outcomes == [b"answer 2"]


def test_full_batcher_tells_when_there_is_room():
    told = []

    async def scenario(batcher, journal):
        journal.gate.clear()
        batcher.add(document(1), Register())
        assert not batcher.full
        batcher.add(document(2), Register())
        assert batcher.full
        await asyncio.sleep(0.005)
        assert told == []
        journal.gate.set()
        await until(lambda: not batcher.full)

    run(scenario, room=lambda: told.append(1), pending_documents_max=2)
    assert told == [1]


def test_drain_gives_up_on_a_journal_that_stays_away():
    async def main():
        journal = FakeJournal(failures=10**9)
        batcher = Batcher([journal], GatewayLimits(), lambda: None)
        batcher.start()
        register = Register()
        batcher.add(document(1), register)
        await batcher.drain(0.1)
        return register

    assert asyncio.run(main()).outcomes == []
