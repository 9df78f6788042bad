from __future__ import annotations

import asyncio
from zoneinfo import ZoneInfo

import psycopg
import pytest

from chekhov.fiscal.errors import JournalUnavailable
from chekhov.fiscal.intake import Operator, examine
from chekhov.fiscal.journal import Journal
from chekhov.ofdwire.sealing import TestSealer
from fiscal.messages import FN, parts, receipt

OPERATOR = Operator("9999999998", ZoneInfo("Europe/Moscow"))


def accepted(fd, *, received_at=1_795_000_000.0, **sums):
    header, container = parts(receipt(fd=fd, **sums))
    return examine(
        header=header,
        container_bytes=container,
        cipher=TestSealer(),
        operator=OPERATOR,
        received_at=received_at,
        peer=None,
    )


@pytest.fixture
def write(test_database_url):
    journal = Journal(test_database_url)

    def write(*documents):
        async def once():
            try:
                return await journal.write(documents)
            finally:
                await journal.close()

        return asyncio.run(once())

    return write


@pytest.fixture
def rows(test_database_url):
    def rows(sql="SELECT fn, fd, container, answer FROM fiscal_document ORDER BY fd"):
        with psycopg.connect(test_database_url) as connection:
            return connection.execute(sql).fetchall()

    return rows


def test_batch_is_stored_and_each_gets_its_answer(write, rows):
    batch = [accepted(fd) for fd in (1, 2, 3)]
    assert write(*batch) == [document.answer for document in batch]
    assert rows() == [(FN, one.fd, one.container, one.answer) for one in batch]


def test_repeat_gets_the_stored_answer_byte_for_byte(write, rows):
    first, later = accepted(1), accepted(1, received_at=1_795_000_900.0)
    assert first.answer != later.answer
    write(first)
    assert write(later, accepted(2)) == [first.answer, accepted(2).answer]
    assert len(rows()) == 2


def test_same_key_with_other_bytes_is_a_conflict_and_changes_nothing(write, rows):
    first, other = accepted(1), accepted(1, total=77)
    write(first)
    assert write(other) == ["conflict"]
    assert rows() == [(FN, 1, first.container, first.answer)]


def test_same_key_twice_in_one_batch(write, rows):
    one, again, other = accepted(1), accepted(1), accepted(1, total=77)
    assert write(one, again, other) == [one.answer, one.answer, "conflict"]
    assert len(rows()) == 1


def test_one_bad_row_does_not_hurt_its_batch(write, rows):
    good = [accepted(fd) for fd in range(1, 8)]
    bad = accepted(99)._replace(packed=accepted(99).packed.replace(FN.encode(), b"\0" * 16))
    outcomes = write(*good[:3], bad, *good[3:])
    assert outcomes[3] == "row_refused"
    assert [one for at, one in enumerate(outcomes) if at != 3] == [one.answer for one in good]
    assert len(rows()) == 7


def test_two_batches_of_the_same_documents_at_once_store_each_once(test_database_url, rows):
    batch = [accepted(fd) for fd in range(1, 60)]

    async def both():
        one, other = Journal(test_database_url), Journal(test_database_url)
        outcomes = await asyncio.gather(one.write(batch), other.write(batch))
        await one.close()
        await other.close()
        return outcomes

    answers = [document.answer for document in batch]
    assert asyncio.run(both()) == [answers, answers]
    assert len(rows()) == 59


def test_database_that_is_not_there_is_unavailable():
    async def write():
        await Journal("host=127.0.0.1 port=1 connect_timeout=2 dbname=none").write([accepted(1)])

    with pytest.raises(JournalUnavailable):
        asyncio.run(write())


def test_connection_cut_under_the_journal_is_opened_anew(test_database_url, rows):
    async def cut():
        journal = Journal(test_database_url)
        await journal.write([accepted(1)])
        async with await psycopg.AsyncConnection.connect(test_database_url, autocommit=True) as killer:
            await killer.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE 'INSERT INTO fiscal%'"
            )
        with pytest.raises(JournalUnavailable):
            await journal.write([accepted(2)])
        outcome = await journal.write([accepted(2)])
        await journal.close()
        return outcome

    assert asyncio.run(cut()) == [accepted(2).answer]
    assert len(rows()) == 2


def test_confirmation_never_outruns_the_disk_even_if_the_server_says_so(test_database_url):
    async def setting():
        journal = Journal(
            f"{test_database_url}{'&' if '?' in test_database_url else '?'}options=-csynchronous_commit%3Doff"
        )
        connection = await journal._connect()
        cursor = await connection.execute("SHOW synchronous_commit")
        found = await cursor.fetchone()
        await journal.close()
        return found[0]

    assert asyncio.run(setting()) == "on"
