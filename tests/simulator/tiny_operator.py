"""An operator in a thread: a real session, real confirmations under test keys, no database.

It stores what it confirmed, answers a repeat with the stored answer, and can be told to misbehave.
"""

from __future__ import annotations

import datetime as dt
import selectors
import socket
import threading
from contextlib import contextmanager, suppress

from chekhov.errors import ChekhovError
from chekhov.ffd.documents import document_decode
from chekhov.ofdwire.answers import answer_bytes
from chekhov.ofdwire.confirmation import Confirmation
from chekhov.ofdwire.container import Container
from chekhov.ofdwire.events import Confirmation as ConfirmationSent
from chekhov.ofdwire.events import ContainerRead, PeerClosed, TestAnswer, TestRead
from chekhov.ofdwire.sealing import TestSealer
from chekhov.ofdwire.session import OperatorSession

OPERATOR_INN = "7707083893"


class TinyOperator:
    """`stored`: (drive, number) to (container, answer). `closes_without_answer`: so many more messages."""

    def __init__(self, *, close_after_each=False, answer_moment=dt.datetime(2026, 11, 20, 12, 0)):  # noqa: DTZ001
        self.sealer = TestSealer()
        self.stored = {}
        self.received = []
        self.conflicts = []
        self.connections = 0
        self.closes_without_answer = 0
        self.spoils_answers = 0
        self.message_bits = 0
        self.close_after_each = close_after_each
        self.answer_moment = answer_moment
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self._listener.setblocking(False)
        self.host, self.port = self._listener.getsockname()[:2]
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listener, selectors.EVENT_READ, None)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def address(self):
        return f"{self.host}:{self.port}"

    def numbers_of(self, fn_serial):
        return [fd for fn, fd in self.received if fn == fn_serial]

    def close(self):
        self._stopping.set()
        self._thread.join(5)
        assert not self._thread.is_alive()
        for key in list(self._selector.get_map().values()):
            key.fileobj.close()
        self._selector.close()

    def _run(self):
        while not self._stopping.is_set():
            for key, _ in self._selector.select(0.05):
                if key.data is None:
                    with suppress(OSError):
                        connection, _ = self._listener.accept()
                        connection.setblocking(True)
                        connection.settimeout(2)
                        self.connections += 1
                        self._selector.register(connection, selectors.EVENT_READ, OperatorSession())
                elif not self._served(key.fileobj, key.data):
                    self._selector.unregister(key.fileobj)
                    key.fileobj.close()

    def _served(self, connection, session):
        try:
            data = connection.recv(65536)
        except OSError:
            return False
        try:
            session.receive(data) if data else session.receive_eof()
            while (event := session.next_event()) is not None:
                if isinstance(event, PeerClosed):
                    return False
                if isinstance(event, TestRead):
                    connection.sendall(session.send(TestAnswer()))
                elif isinstance(event, ContainerRead):
                    answer = self._answer(event)
                    if answer is None:
                        return False
                    connection.sendall(session.send(ConfirmationSent(answer)))
                    if self.close_after_each:
                        return False
        except (ChekhovError, OSError):
            return False
        return True

    def _answer(self, event):
        container = Container.parse(event.container_bytes)
        key = container.fn_serial, container.fd_number
        self.received.append(key)
        if self.closes_without_answer:
            self.closes_without_answer -= 1
            return None
        known = self.stored.get(key)
        if known is not None:
            if known[0] != event.container_bytes:
                self.conflicts.append(key)
                return None
            return known[1]
        document = document_decode(self.sealer.unseal(container).document_bytes)
        confirmation = Confirmation(
            int(document.version or 2), OPERATOR_INN, *key, self.answer_moment, message_bits=self.message_bits
        )
        answer = answer_bytes(self.sealer, event.header, container, confirmation)
        if self.spoils_answers:
            self.spoils_answers -= 1
            return answer[:-3] + bytes((answer[-3] ^ 1,)) + answer[-2:]
        self.stored[key] = event.container_bytes, answer
        return answer


@contextmanager
def tiny_operator(**settings):
    operator = TinyOperator(**settings)
    try:
        yield operator
    finally:
        operator.close()
