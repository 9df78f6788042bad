"""Messages between reading and judging: those that were read together are judged together, which is cheaper."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING

from chekhov.fiscal.intake import Accepted, Message, Operator, Refused, examine_batch
from chekhov.fiscal.verdicts import Reason
from chekhov.ofdwire.sealing import CipherModule

if TYPE_CHECKING:
    from chekhov.gateway.connection import RegisterConnection

log = logging.getLogger("chekhov.gateway")

Judged = tuple["RegisterConnection", Message, Accepted | Refused]


class Examiner:
    """Holds what was read since the last judgement."""

    def __init__(self, cipher: CipherModule, operator: Operator) -> None:
        """`operator` answers, `cipher` opens and signs."""
        self._cipher = cipher
        self._operator = operator
        self._read: list[tuple[RegisterConnection, Message]] = []

    @property
    def waiting(self) -> int:
        """How many messages wait to be judged."""
        return len(self._read)

    def read(self, connection: RegisterConnection, message: Message) -> None:
        """Take a message."""
        self._read.append((connection, message))

    def verdicts(self, received_at: float) -> Iterator[Judged]:
        """Judge all that waits, in order. `received_at`: Unix seconds."""
        read, self._read = self._read, []
        if not read:
            return
        try:
            verdicts = self._judge([message for _, message in read], received_at)
        except Exception:
            log.exception("examine_failed messages=%d", len(read))
            verdicts = [self._judge_alone(message, received_at) for _, message in read]
        for (connection, message), verdict in zip(read, verdicts, strict=True):
            yield connection, message, verdict

    def _judge(self, messages: list[Message], received_at: float) -> list[Accepted | Refused]:
        return examine_batch(messages, cipher=self._cipher, operator=self._operator, received_at=received_at)

    def _judge_alone(self, message: Message, received_at: float) -> Accepted | Refused:
        """Something in the batch is beyond us: find it, keep it, and serve the others."""
        try:
            [verdict] = self._judge([message], received_at)
        except Exception as error:  # noqa: BLE001 - logged above; here it is only told apart
            header, container_bytes, _ = message
            return Refused(Reason.INTERNAL, type(error).__name__, header.fn_serial, None, container_bytes)
        return verdict
