"""The session between a register and the operator, both roles, without input and output.

The caller owns the socket. It hands over what it read with `receive`, asks for events with `next_event`
until that returns None, and sends what `send` returns. A message is read only after the one before was
answered (docs/formats/wire.md 9.2); bytes that come earlier wait in a bounded buffer.

A breach by the peer raises `RemoteProtocolError` and ends the session: whatever is called next raises the
same error again. A breach by ourselves raises `LocalProtocolError` and changes nothing.

`OPERATOR_TRANSITIONS` and `REGISTER_TRANSITIONS` are the whole of the rules; what is not there is illegal.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum, auto
from typing import Final, NoReturn

from chekhov.ofdwire import events as ev
from chekhov.ofdwire.errors import HeaderMalformed, LocalProtocolError, Reason, RemoteProtocolError
from chekhov.ofdwire.header import (
    ANSWER_EXPECTED,
    ANSWER_MODE,
    CONTAINER_PRESENT,
    CRC_MODE,
    CRC_NONE,
    FLAGS_PLAIN,
    S_VERSION_OFD,
    SIGNATURE_MARKING,
    SIGNATURE_OFD,
    TEST_SERIAL,
    SessionHeader,
)
from chekhov.ofdwire.inbox import Inbox
from chekhov.ofdwire.limits import (
    CONTAINER_BYTES_CEILING,
    CONTAINER_BYTES_MAX,
    SESSION_HEADER_BYTES,
)


class Phase(IntEnum):
    """Where a session stands. Integers, because plain enum members hash slowly."""

    LISTENING = auto()
    """Operator: waits for a message."""
    MUST_ANSWER = auto()
    """Operator: a container was handed over and its answer is due."""
    MUST_ANSWER_TEST = auto()
    """Operator: the answer to a connection test is due."""
    IDLE = auto()
    """Register: may send."""
    AWAITING_CONFIRMATION = auto()
    """Register: a document was sent."""
    AWAITING_TEST_ANSWER = auto()
    """Register: a connection test was sent."""
    CLOSED = auto()
    """Over in good order: we or the peer ended it, or the channel was refused."""
    FAILED = auto()
    """Over because the peer broke the protocol."""


LISTENING: Final = Phase.LISTENING
IDLE: Final = Phase.IDLE
CLOSED: Final = Phase.CLOSED  # an attribute of an enum costs five times a global name

Transitions = Mapping[Phase, Mapping[type, Phase]]

OPERATOR_TRANSITIONS: Final[Transitions] = {
    Phase.LISTENING: {
        ev.ContainerRead: Phase.MUST_ANSWER,
        ev.TestRead: Phase.MUST_ANSWER_TEST,
        ev.MarkingChannelRefused: Phase.CLOSED,
        ev.PeerClosed: Phase.CLOSED,
        ev.Close: Phase.CLOSED,
    },
    Phase.MUST_ANSWER: {ev.Confirmation: Phase.LISTENING, ev.Close: Phase.CLOSED},
    Phase.MUST_ANSWER_TEST: {ev.TestAnswer: Phase.LISTENING, ev.Close: Phase.CLOSED},
    Phase.CLOSED: {ev.Close: Phase.CLOSED},
    Phase.FAILED: {ev.Close: Phase.FAILED},
}
"""A message whose flags ask for no answer leaves the phase at LISTENING; that is the one exception."""

LISTENING_TRANSITIONS: Final = OPERATOR_TRANSITIONS[Phase.LISTENING]

REGISTER_TRANSITIONS: Final[Transitions] = {
    Phase.IDLE: {
        ev.Message: Phase.AWAITING_CONFIRMATION,
        ev.ConnectionTest: Phase.AWAITING_TEST_ANSWER,
        ev.PeerClosed: Phase.CLOSED,
        ev.Close: Phase.CLOSED,
    },
    Phase.AWAITING_CONFIRMATION: {
        ev.ConfirmationRead: Phase.IDLE,
        ev.PeerClosed: Phase.CLOSED,
        ev.Close: Phase.CLOSED,
    },
    Phase.AWAITING_TEST_ANSWER: {
        ev.TestAnswered: Phase.IDLE,
        ev.PeerClosed: Phase.CLOSED,
        ev.Close: Phase.CLOSED,
    },
    Phase.CLOSED: {ev.Close: Phase.CLOSED},
    Phase.FAILED: {ev.Close: Phase.FAILED},
}


class Session:
    """What both roles share: the inbox, the header, the end of the stream. Not used by itself."""

    __slots__ = ("_container_bytes_max", "_eof", "_error", "_header", "_inbox", "phase")

    transitions: Transitions

    def __init__(self, phase: Phase, container_bytes_max: int) -> None:
        """Start in `phase`; longer containers than `container_bytes_max` are refused."""
        if not 0 < container_bytes_max <= CONTAINER_BYTES_CEILING:
            raise LocalProtocolError(f"the limit of a container is 1..{CONTAINER_BYTES_CEILING} bytes")
        self.phase = phase
        self._container_bytes_max = container_bytes_max
        self._inbox = Inbox()
        self._header: SessionHeader | None = None
        self._eof = False
        self._error: RemoteProtocolError | None = None

    def receive(self, data: bytes | bytearray | memoryview) -> None:
        """Hand over bytes as they came from the stream; any cutting is right.

        Raises: RemoteProtocolError(FLOOD) when the peer does not wait for answers;
        LocalProtocolError after `receive_eof`.
        """
        if self._eof:
            raise LocalProtocolError("bytes after the end of the stream")
        if self._error is not None:
            raise self._error
        if self.phase is CLOSED:
            return
        try:
            self._inbox.put(data)
        except RemoteProtocolError as error:
            self._fail(error)

    def receive_eof(self) -> None:
        """The peer ended its stream. What was complete is still given out by `next_event`."""
        self._eof = True

    @property
    def unread_bytes(self) -> int:
        """How many received bytes wait to be read as a message."""
        return self._inbox.unread

    @property
    def mid_message(self) -> bool:
        """Part of a message has come: the sender is slow, not idle."""
        return self._header is not None or self._inbox.unread > 0

    def _fail(self, error: RemoteProtocolError) -> NoReturn:
        self.phase = Phase.FAILED
        self._error = error
        self._inbox.clear()
        raise error

    def _breach(self, reason: Reason, message: str, body: bytes = b"") -> NoReturn:
        self._fail(RemoteProtocolError(reason, message, header=self._header, body=body))

    def _moved(self, event_type: type) -> Phase:
        """The phase after an event of ours; LocalProtocolError when the table does not have it."""
        following = self.transitions[self.phase].get(event_type)
        if following is None:
            raise LocalProtocolError(f"{event_type.__name__} may not be sent in phase {self.phase.name}")
        return following

    def _at_end(self) -> ev.PeerClosed | None:
        """Nothing complete is left: the stream may have ended here, or in the middle of a message."""
        if not self._eof:
            return None
        if self.mid_message:
            self._breach(
                Reason.TRUNCATED, "the stream ended inside a message", self._inbox.peek(self._inbox.unread)
            )
        self.phase = self.transitions[self.phase][ev.PeerClosed]
        return ev.PeerClosed()

    def _header_read(self) -> SessionHeader | None:
        """The header of the message that begins the inbox, checked by itself; None: more bytes are needed."""
        inbox = self._inbox
        if inbox.unread < SESSION_HEADER_BYTES:
            beginning = inbox.peek(4)
            if not (SIGNATURE_OFD.startswith(beginning) or SIGNATURE_MARKING.startswith(beginning)):
                self._breach(
                    Reason.SIGNATURE, f"unknown signature {beginning.hex()}", inbox.peek(inbox.unread)
                )
            return None
        raw = inbox.take(SESSION_HEADER_BYTES)
        try:
            header = SessionHeader.parse(raw)
        except HeaderMalformed as error:
            self._fail(RemoteProtocolError(Reason.FN_SERIAL, error.message, body=raw))
        self._header = header
        signature, s_version, _, fn_serial, size, flags, _ = header
        if signature != SIGNATURE_OFD:
            if signature == SIGNATURE_MARKING:
                return header
            self._breach(Reason.SIGNATURE, f"unknown signature {signature.hex()}", raw)
        if s_version != S_VERSION_OFD:
            self._breach(Reason.S_VERSION, f"unknown session protocol {s_version.hex()}", raw)
        if flags != FLAGS_PLAIN and (flags & CRC_MODE == CRC_MODE or flags & ANSWER_MODE > ANSWER_EXPECTED):
            self._breach(Reason.FLAGS, f"forbidden flags {flags:04x}", raw)
        if not fn_serial.isdigit():
            self._breach(Reason.FN_SERIAL, "the drive's number is not decimal digits", raw)
        if flags & CONTAINER_PRESENT:
            if not size:
                self._breach(Reason.BODY_MISSING, "the flags promise a container, the size is zero", raw)
            if size > self._container_bytes_max:
                self._breach(Reason.BODY_TOO_LONG, f"a container of {size} bytes", raw)
        elif size:
            self._breach(Reason.BODY_UNEXPECTED, f"the flags promise no container, the size is {size}", raw)
        return header

    def _message_read(self) -> tuple[SessionHeader, bytes] | None:
        """The next whole message, its CRC verified; a marking header comes with no body."""
        inbox = self._inbox
        header = self._header
        if header is None:
            if not inbox.unread:
                return None
            header = self._header_read()
            if header is None:
                return None
        if header.signature == SIGNATURE_MARKING:
            self._header = None
            return header, b""
        size = header.body_size
        if inbox.unread < size:
            return None
        body = inbox.take(size)
        if header.flags & CRC_MODE != CRC_NONE and header.crc_of(body) != header.crc:
            self._breach(Reason.CRC, f"the session header's CRC field says {header.crc:04x}", body)
        self._header = None
        return header, body


class OperatorSession(Session):
    """The operator's side: reads messages of registers, gives answers."""

    __slots__ = ("_test_header",)

    transitions = OPERATOR_TRANSITIONS

    def __init__(self, *, container_bytes_max: int = CONTAINER_BYTES_MAX) -> None:
        """`container_bytes_max`: longer containers end the session with BODY_TOO_LONG."""
        super().__init__(Phase.LISTENING, container_bytes_max)
        self._test_header: SessionHeader | None = None

    def next_event(self) -> ev.OperatorEvent | None:
        """The next event, or None: more bytes or our answer are needed first.

        Raises: RemoteProtocolError, after which the session is over.
        """
        if self._error is not None:
            raise self._error
        if self.phase is not LISTENING:
            return None
        message = self._message_read()
        if message is None:
            return self._at_end()
        header, body = message
        event: ev.ContainerRead | ev.TestRead | ev.MarkingChannelRefused
        if body:
            event = ev.ContainerRead(header, body)
        elif header.signature == SIGNATURE_OFD:
            event = ev.TestRead(header)
            self._test_header = header
        else:
            event = ev.MarkingChannelRefused(header)
            self._inbox.clear()
        if header.flags & ANSWER_MODE or header.signature == SIGNATURE_MARKING:
            self.phase = LISTENING_TRANSITIONS[type(event)]
        return event

    def send(self, event: ev.OperatorCommand) -> bytes:
        """The bytes of our answer, to be written to the stream.

        Raises: LocalProtocolError when no such answer is due; nothing changes then.
        """
        following = self._moved(type(event))
        if isinstance(event, ev.Confirmation):
            if not event.message.startswith(SIGNATURE_OFD):
                raise LocalProtocolError("an answer begins with a session header")
            self.phase = following
            return event.message
        self.phase = following
        if isinstance(event, ev.TestAnswer):
            asked = self._test_header
            if asked is None:
                raise AssertionError("a test answer is due only after a test")
            # The same 30 bytes with the low byte of the flags zero (section 9.3); so no CRC either.
            return asked._replace(flags=asked.flags & 0xFF00, crc=0).pack()
        self._inbox.clear()
        return b""


class RegisterSession(Session):
    """The register's side: sends documents one by one, reads confirmations."""

    __slots__ = ("_asked",)

    transitions = REGISTER_TRANSITIONS

    def __init__(self, *, container_bytes_max: int = CONTAINER_BYTES_MAX) -> None:
        """`container_bytes_max`: longer answers end the session with BODY_TOO_LONG."""
        super().__init__(Phase.IDLE, container_bytes_max)
        self._asked: SessionHeader | None = None

    def next_event(self) -> ev.RegisterEvent | None:
        """The operator's answer, or None: more bytes are needed, or nothing was asked.

        Raises: RemoteProtocolError, after which the session is over.
        """
        if self._error is not None:
            raise self._error
        if self.phase is CLOSED:
            return None
        if self.phase is IDLE:
            if self._inbox.unread:
                unasked = self._inbox.peek(self._inbox.unread)
                self._breach(Reason.ANSWER_UNASKED, "bytes of the operator while nothing was asked", unasked)
            return self._at_end()
        message = self._message_read()
        if message is None:
            return self._at_end()
        header, body = message
        asked = self._asked
        if asked is None or header.signature != asked.signature:
            self._fail(RemoteProtocolError(Reason.SIGNATURE, "an answer of another exchange", header=header))
        elif header.fn_serial != asked.fn_serial:
            self._fail(
                RemoteProtocolError(
                    Reason.FN_SERIAL, "the answer names another drive", header=header, body=body
                )
            )
        event: ev.ConfirmationRead | ev.TestAnswered
        if self.phase is Phase.AWAITING_TEST_ANSWER:
            if body:
                self._fail(
                    RemoteProtocolError(
                        Reason.BODY_UNEXPECTED, "a container for a test", header=header, body=body
                    )
                )
            event = ev.TestAnswered(header)
        else:
            if not body:
                self._fail(
                    RemoteProtocolError(
                        Reason.BODY_MISSING, "an answer without a confirmation", header=header
                    )
                )
            event = ev.ConfirmationRead(header, body)
        self.phase = REGISTER_TRANSITIONS[self.phase][type(event)]
        return event

    def send(self, event: ev.RegisterCommand) -> bytes:
        """The bytes of our message, to be written to the stream.

        Raises: LocalProtocolError when the answer to the one before is still due, or the message is not
        one that an operator would take; nothing changes then.
        """
        following = self._moved(type(event))
        if isinstance(event, ev.Close):
            self.phase = following
            self._inbox.clear()
            return b""
        if isinstance(event, ev.Message):
            message = event.message
            asked = _message_header(message)
        else:
            asked = SessionHeader(
                SIGNATURE_OFD, S_VERSION_OFD, b"\x00\x01", TEST_SERIAL, 0, ANSWER_EXPECTED, 0
            )
            message = asked.pack()
        self._asked = asked
        self.phase = following
        return message


def _message_header(message: bytes) -> SessionHeader:
    """The header of a message of ours. Raises: LocalProtocolError when it does not describe the message."""
    try:
        header = SessionHeader.parse(message[:SESSION_HEADER_BYTES])
    except HeaderMalformed as error:
        raise LocalProtocolError(error.message) from error
    whole = SESSION_HEADER_BYTES + header.body_size == len(message)
    if not (header.signature == SIGNATURE_OFD and header.container_present and header.body_size and whole):
        raise LocalProtocolError("a message is a session header of the OFD exchange and one container")
    return header
