"""The operator as a register sees him: a TCP connection, documents one after another, each confirmed.

Blocking. A document whose answer did not come may have been stored all the same: send the same bytes again,
and the operator gives the stored answer.
"""

from __future__ import annotations

import socket
import time
from types import TracebackType
from typing import Self

from chekhov.db.guards import outside_transaction
from chekhov.links.errors import LinkBroken, LinkRefused, LinkTimeout
from chekhov.ofdwire.events import ConfirmationRead, ConnectionTest, Message, PeerClosed, TestAnswered
from chekhov.ofdwire.limits import CONFIRMATION_WAIT_SECONDS
from chekhov.ofdwire.session import RegisterSession

CONNECT_SECONDS_MAX = 15.0
READ_BYTES = 64 * 1024

Answer = ConfirmationRead | TestAnswered


class OfdLink:
    """A connection to one operator for several documents; opened by the first, opened anew after a break.

    Not for several threads. Use as a context manager, or call `close`.
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        connect_timeout_seconds: float = CONNECT_SECONDS_MAX,
        answer_timeout_seconds: float = CONFIRMATION_WAIT_SECONDS,
    ) -> None:
        """Nothing is connected yet. `answer_timeout_seconds` bounds a whole exchange, not a single read."""
        if connect_timeout_seconds <= 0 or answer_timeout_seconds <= 0:
            raise ValueError("a timeout must be positive")
        self.host = host
        self.port = port
        self.connect_timeout_seconds = connect_timeout_seconds
        self.answer_timeout_seconds = answer_timeout_seconds
        self._socket: socket.socket | None = None
        self._session = RegisterSession()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def connected(self) -> bool:
        """Whether a connection is open, as far as we know."""
        return self._socket is not None

    def deliver(self, message: bytes) -> bytes:
        """Send a whole message and give back the container of the operator's answer, for the drive to judge.

        Raises: LinkRefused, LinkTimeout, LinkBroken; RemoteProtocolError if the answer is not one;
        InsideTransaction. After any of them the next call connects anew.
        """
        answer = self._exchange(Message(message))
        assert isinstance(answer, ConfirmationRead)
        return answer.container_bytes

    def test(self) -> None:
        """Ask the operator for a sign of life (a header without a container). Raises as `deliver`."""
        self._exchange(ConnectionTest())

    def close(self) -> None:
        """End the connection; the next exchange opens another."""
        connection, self._socket = self._socket, None
        self._session = RegisterSession()
        if connection is not None:
            connection.close()

    def _exchange(self, command: Message | ConnectionTest) -> Answer:
        outside_transaction()
        if self._socket is None or self._ended(self._socket):
            self.close()
            self._connect()
        data = self._session.send(command)  # an error of ours is raised before anything is sent
        deadline = time.monotonic() + self.answer_timeout_seconds
        try:
            self._write(data, deadline)
            return self._read(deadline)
        except BaseException:
            self.close()
            raise

    @staticmethod
    def _ended(connection: socket.socket) -> bool:
        """Whether the operator ended an idle connection meanwhile, as he may after a pause."""
        connection.setblocking(False)
        try:
            return not connection.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return False
        except OSError:
            return True

    def _connect(self) -> None:
        where = f"{self.host}:{self.port}"
        try:
            connection = socket.create_connection(
                (self.host, self.port), timeout=self.connect_timeout_seconds
            )
        except TimeoutError as error:
            raise LinkTimeout(f"{where} did not answer in {self.connect_timeout_seconds:g} s") from error
        except (OSError, UnicodeError) as error:
            raise LinkRefused(f"{where} cannot be reached: {error}") from error
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket = connection
        self._session = RegisterSession()

    def _write(self, data: bytes, deadline: float) -> None:
        connection = self._armed(deadline)
        try:
            connection.sendall(data)
        except TimeoutError as error:
            raise self._late() from error
        except OSError as error:
            raise LinkBroken(f"the connection broke while sending: {error}") from error

    def _read(self, deadline: float) -> Answer:
        while True:
            event = self._session.next_event()
            if isinstance(event, PeerClosed):
                raise LinkBroken("the operator ended the connection without an answer")
            if event is not None:
                return event
            try:
                data = self._armed(deadline).recv(READ_BYTES)
            except TimeoutError as error:
                raise self._late() from error
            except OSError as error:
                raise LinkBroken(f"the connection broke before the answer: {error}") from error
            if data:
                self._session.receive(data)
            else:
                self._session.receive_eof()

    def _armed(self, deadline: float) -> socket.socket:
        assert self._socket is not None
        left = deadline - time.monotonic()
        if left <= 0:
            raise self._late()
        self._socket.settimeout(left)
        return self._socket

    def _late(self) -> LinkTimeout:
        return LinkTimeout(f"no answer of {self.host}:{self.port} in {self.answer_timeout_seconds:g} s")


def deliver(
    host: str,
    port: int,
    message: bytes,
    *,
    connect_timeout_seconds: float = CONNECT_SECONDS_MAX,
    answer_timeout_seconds: float = CONFIRMATION_WAIT_SECONDS,
) -> bytes:
    """Send one message over a connection of its own; see `OfdLink.deliver`."""
    with OfdLink(
        host,
        port,
        connect_timeout_seconds=connect_timeout_seconds,
        answer_timeout_seconds=answer_timeout_seconds,
    ) as link:
        return link.deliver(message)
