"""One register's connection: a socket and a session; everything else is the gateway's.

A document is examined as soon as it is whole and waits for its commit; the next one is read after it was
answered. What cannot be served is never answered with an error, because the protocol has none: the connection
is closed and the register repeats (docs/formats/wire.md 9.4).
"""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Final

from chekhov.fiscal.intake import Accepted
from chekhov.fiscal.journal import Outcome
from chekhov.fiscal.verdicts import Reason
from chekhov.gateway.errors import QUARANTINED
from chekhov.gateway.poller import READ, WRITE
from chekhov.ofdwire.errors import RemoteProtocolError
from chekhov.ofdwire.events import (
    Confirmation,
    ContainerRead,
    MarkingChannelRefused,
    TestAnswer,
    TestRead,
)
from chekhov.ofdwire.header import SessionHeader
from chekhov.ofdwire.session import OperatorSession

if TYPE_CHECKING:
    from chekhov.gateway.server import Gateway

TEST_ANSWER: Final = TestAnswer()

READ_BYTES: Final = 16 * 1024
"""Read at a time: whole messages of nearly all registers, and a buffer that is cheap to get and to shrink."""


class RegisterConnection:
    """A connection from accept to close.

    `deadline`: the gateway's tick (whole seconds) at which the connection is given up, and `limit` the name of
    the limit that is counting. `waiting`: the header of the message whose document is not yet committed.
    """

    __slots__ = (
        "address",
        "closed",
        "deadline",
        "ended",
        "fd",
        "gateway",
        "limit",
        "mask",
        "peer",
        "session",
        "sock",
        "unsent",
        "waiting",
    )

    def __init__(self, gateway: Gateway, sock: socket.socket, address: str, peer: bytes | None) -> None:
        """`address`: the peer's IP address as text, `peer`: the same packed for the journal."""
        self.gateway = gateway
        self.sock = sock
        self.fd = sock.fileno()
        self.address = address
        self.peer = peer
        self.session = OperatorSession(container_bytes_max=gateway.limits.container_bytes_max)
        self.waiting: SessionHeader | None = None
        self.unsent = b""
        self.mask = READ
        self.ended = False
        self.closed = False
        self.limit = "first_message"
        self.deadline = gateway.tick + gateway.limits.message_seconds

    def ready(self, mask: int) -> None:
        """The socket is ready for something."""
        if self.closed:
            return
        if not mask & self.mask:
            self.close()  # an error or a hang-up while nothing was watched for
        elif self.unsent:
            self._send_rest()
        else:
            self._receive()

    def watch(self, mask: int) -> None:
        """Watch the socket for reading, writing or nothing."""
        if mask != self.mask:
            self.mask = mask
            self.gateway.poller.modify(self.fd, mask)

    def settled(self, document: Accepted, outcome: Outcome) -> None:
        """The document's row is committed (or refused): answer, and go on with what was sent meanwhile."""
        header, self.waiting = self.waiting, None
        if isinstance(outcome, bytes):
            if self.closed or header is None:
                return
            if header.answer_expected:
                self._send(self.session.send(Confirmation(outcome)))
        else:
            reason = Reason.KEY_CONFLICT if outcome == "conflict" else Reason.ROW_REFUSED
            self.gateway.set_aside(
                self, reason, "", header, document.container, fn=document.fn, fd=document.fd
            )
            self.close()
            return
        if self.closed or self.unsent:
            return
        self._go_on()

    def close(self) -> None:
        """End the connection, whatever its state."""
        if self.closed:
            return
        self.closed = True
        self.gateway.left(self)
        self.sock.close()  # takes it out of the poll set as well

    def expire(self) -> None:
        """A limit of time is over."""
        self.gateway.note("connection_expired", limit=self.limit, address=self.address)
        self.close()

    def _receive(self) -> None:
        gateway = self.gateway
        if gateway.full:
            self.limit = "answer"
            self.deadline = gateway.tick + gateway.limits.answer_seconds
            gateway.stall(self)
            return
        try:
            data = self.sock.recv(READ_BYTES)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            self.close()
            return
        if data:
            try:
                self.session.receive(data)
            except RemoteProtocolError as error:
                self._breached(error)
                return
            if self.waiting is None:
                self._advance()
            else:
                self.watch(0)  # the next message came early; more of it is not read before the answer
            return
        self.ended = True
        if self.waiting is not None:
            # The register closed its half and still listens: it gets its answer, then we close too.
            self.watch(0)
            return
        self.session.receive_eof()
        self._advance()

    def _go_on(self) -> None:
        """After an answer: read what has come meanwhile, else wait for the next message."""
        if self.ended:
            self.session.receive_eof()
            self._advance()
            return
        if self.session.unread_bytes:
            self._advance()
            if self.closed or self.unsent or self.waiting is not None:
                return  # not read further before what is there has been answered
        else:
            self.limit = "idle"
            self.deadline = self.gateway.tick + self.gateway.limits.idle_seconds
        self.watch(READ)

    def _advance(self) -> None:
        """Take events out of the session until one must wait or bytes run out."""
        session, gateway = self.session, self.gateway
        while True:
            try:
                event = session.next_event()
            except RemoteProtocolError as error:
                self._breached(error)
                return
            if event is None:
                break
            if gateway.draining:
                self.close()  # nothing new is begun; the register comes again
                return
            if isinstance(event, ContainerRead):
                header, container_bytes = event
                self.waiting = header
                self.limit = "answer"
                self.deadline = gateway.tick + gateway.limits.answer_seconds
                gateway.document(self, header, container_bytes)
                return
            if isinstance(event, TestRead):
                gateway.tests += 1
                if event.header.answer_expected:
                    self._send(session.send(TEST_ANSWER))
                    if self.closed or self.unsent:
                        return
                continue
            if isinstance(event, MarkingChannelRefused):
                gateway.note("marking_channel_refused", address=self.address)
            self.close()
            return
        # Counted from the first byte of the message: more bytes, however many, do not prolong it.
        if session.mid_message:
            if self.limit != "message":
                self.limit = "message"
                self.deadline = gateway.tick + gateway.limits.message_seconds
        elif self.limit != "first_message":
            self.limit = "idle"
            self.deadline = gateway.tick + gateway.limits.idle_seconds

    def _breached(self, error: RemoteProtocolError) -> None:
        gateway = self.gateway
        gateway.note("protocol_breach", reason=error.reason.value, address=self.address)
        reason = QUARANTINED.get(error.reason)
        if reason is not None:
            gateway.set_aside(self, reason, error.message, error.header, error.body)
        self.close()

    def _send(self, data: bytes) -> None:
        try:
            sent = self.sock.send(data)
        except (BlockingIOError, InterruptedError):
            sent = 0
        except OSError:
            self.close()
            return
        if sent < len(data):
            self.unsent = data[sent:]
            self.limit = "sending"
            self.deadline = self.gateway.tick + self.gateway.limits.sending_seconds
            self.watch(WRITE)

    def _send_rest(self) -> None:
        try:
            sent = self.sock.send(self.unsent)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            self.close()
            return
        self.unsent = self.unsent[sent:]
        if not self.unsent:
            self._go_on()
