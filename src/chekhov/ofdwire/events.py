"""What a session tells its caller, and what the caller tells a session.

Events are named tuples: one is made for every message. Those of the first group come out of
`next_event`, those of the second go into `send`.
"""

from __future__ import annotations

from typing import NamedTuple

from chekhov.ofdwire.container import Container
from chekhov.ofdwire.header import SessionHeader


class ContainerRead(NamedTuple):
    """Operator: a register sent a container. It must be answered if `header.answer_expected`."""

    header: SessionHeader
    container_bytes: bytes

    @property
    def answer_expected(self) -> bool:
        """The register waits for a confirmation."""
        return self.header.answer_expected

    @property
    def p_version_known(self) -> bool:
        """False: an application protocol that we have not met; it is served all the same."""
        return self.header.p_version_known


class TestRead(NamedTuple):
    """Operator: a connection test, a header without a container (section 9.3)."""

    header: SessionHeader


class MarkingChannelRefused(NamedTuple):
    """Operator: the header belongs to the marking exchange (section 8), which this port does not serve.

    The session is over; the caller closes the connection and writes `reason` to the log.
    """

    header: SessionHeader
    reason: str = "marking_channel"


class ConfirmationRead(NamedTuple):
    """Register: the operator's answer. The drive judges the container, not the session."""

    header: SessionHeader
    container_bytes: bytes

    @property
    def container(self) -> Container:
        """The container, parsed. Raises: ContainerMalformed."""
        return Container.parse(self.container_bytes)


class TestAnswered(NamedTuple):
    """Register: the operator answered our connection test."""

    header: SessionHeader


class PeerClosed(NamedTuple):
    """Both: the stream ended between messages."""


class Confirmation(NamedTuple):
    """Operator sends: the whole answer, session header included (`answers.answer_bytes`)."""

    message: bytes


class TestAnswer(NamedTuple):
    """Operator sends: the answer to the connection test just read."""


class Message(NamedTuple):
    """Register sends: a whole message, session header included (`header.message_pack`)."""

    message: bytes


class ConnectionTest(NamedTuple):
    """Register sends: a connection test."""


class Close(NamedTuple):
    """Both send: we end the session; nothing goes over the wire."""


OperatorEvent = ContainerRead | TestRead | MarkingChannelRefused | PeerClosed
RegisterEvent = ConfirmationRead | TestAnswered | PeerClosed
OperatorCommand = Confirmation | TestAnswer | Close
RegisterCommand = Message | ConnectionTest | Close

for _event in (TestRead, TestAnswered, TestAnswer):
    _event.__test__ = False  # type: ignore[union-attr]  # pytest must not take them for tests
