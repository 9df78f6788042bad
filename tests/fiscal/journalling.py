"""Writing examined documents into the journal of the test database, as the gateway does."""

from __future__ import annotations

import asyncio
from zoneinfo import ZoneInfo

from chekhov.fiscal.intake import Operator, examine
from chekhov.fiscal.journal import Journal
from chekhov.ofdwire.sealing import TestSealer
from fiscal.messages import parts

OPERATOR = Operator("9999999998", ZoneInfo("Europe/Moscow"))


def accepted(whole, received_at=1_795_000_000.0):
    header, container = parts(whole)
    return examine(
        header=header,
        container_bytes=container,
        cipher=TestSealer(),
        operator=OPERATOR,
        received_at=received_at,
        peer=None,
    )


def journal_write(url, *batches):
    """Each batch is one transaction."""

    async def write():
        journal = Journal(url)
        for batch in batches:
            await journal.write(
                [accepted(*one) if isinstance(one, tuple) else accepted(one) for one in batch]
            )
        await journal.close()

    asyncio.run(write())
