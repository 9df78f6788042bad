"""Many registers in one process: a raw epoll loop that sends documents and waits for each confirmation.

It knows nothing of drives: a lane is a source of ready messages of one register, in order. A message is
sent only after the one before was answered, as registers do; a broken connection is made again and the
same message repeated after a pause.
"""

from __future__ import annotations

import ipaddress
import resource
import select
import socket
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from heapq import heappop, heappush
from itertools import count
from time import perf_counter
from typing import Final, Protocol

from chekhov.ofdwire.container import FROM_OPERATOR
from chekhov.ofdwire.limits import (
    CONTAINER_BYTES_MAX,
    CONTAINER_HEADER_BYTES,
    RETRY_PAUSE_SECONDS,
    SESSION_HEADER_BYTES,
)
from chekhov.simulator.fleet_tally import Tally

CONNECTING_MAX: Final = 256
"""Ours: so many connections are being opened at once, that the listener's queue does not overflow."""
TICK_SECONDS: Final = 0.2
DRAIN_SECONDS: Final = 10.0
"""Ours: how long answers are waited for after the end of the window."""
ANSWER_WAIT_SECONDS: Final = 30.0
"""Ours, for a load generator; a real register waits 300 s (docs/formats/wire.md 9.1)."""
READ_BYTES: Final = 4096
SOURCE_ADDRESSES: Final = 64
"""Ours: loopback addresses to connect from, when every document has a connection of its own: one address
has some 28 thousand ports, and a closed one rests for a minute."""
WAITS_TO_WRITE: Final = select.EPOLLIN | select.EPOLLOUT
IP_BIND_ADDRESS_NO_PORT: Final = 24
"""Linux: choose the port at connect, so that a port may serve several far ends. Not in `socket`."""

HEADER: Final = SESSION_HEADER_BYTES
TYPE_AT: Final = HEADER + 4
CODE_AT: Final = HEADER + 5
FD_AT: Final = slice(HEADER + 17, HEADER + 20)
KEPT_OF_MESSAGE: Final = HEADER + CONTAINER_HEADER_BYTES
ANSWER_BYTES_MAX: Final = HEADER + CONTAINER_BYTES_MAX


class MessageSource(Protocol):
    """Where a lane's messages come from. Returns None when there are no more."""

    def __call__(self) -> bytes | None:
        """The next message of the register, whole, session header included."""


class Lane:
    """One register as the engine sees it."""

    __slots__ = ("buffer", "connection", "message", "opened", "rest", "sent_at", "source")

    def __init__(self, source: MessageSource) -> None:
        """`source` gives the register's messages in the order of their numbers."""
        self.source = source
        self.connection: socket.socket | None = None
        self.opened = False
        """The connection is established, not only begun."""
        self.message: bytes | None = None
        """Sent, or about to be, and not answered yet."""
        self.rest: memoryview | None = None
        """What of the message the socket did not take yet."""
        self.buffer = b""
        self.sent_at = 0.0
        """When the message was sent; 0 when none waits for its answer."""


class Engine:
    """Runs lanes against one operator. `tally` grows while `run` works."""

    def __init__(
        self,
        lanes: Sequence[Lane],
        *,
        host: str,
        port: int,
        one_connection_per_document: bool = False,
        answer_wait_seconds: float = ANSWER_WAIT_SECONDS,
        keep_answers_max: int = 0,
    ) -> None:
        """`keep_answers_max`: so many pairs, headers of the message and answer, are kept for verification."""
        self.lanes = lanes
        self.tally = Tally()
        self.kept: list[tuple[bytes, bytes]] = []
        self._keep_max = keep_answers_max
        self._address = (host, port)
        self._one_each = one_connection_per_document
        self._answer_wait_seconds = answer_wait_seconds
        self._epoll = select.epoll()
        self._by_fd: dict[int, Lane] = {}
        self._waiting: deque[Lane] = deque()
        self._connecting = 0
        self._paused: list[tuple[float, int, Lane]] = []
        self._order = count()
        self._sources = _sources(host) if one_connection_per_document else None
        self._window_ends_at = 0.0
        self._idle = 0
        descriptors_raise(len(lanes))

    def run(
        self,
        *,
        seconds: float,
        on_tick: Callable[[Tally], None] | None = None,
        failures_first_max: float = float("inf"),
    ) -> Tally:
        """Send for `seconds`, or until the lanes have nothing more. May be called again to go on.

        Answers that come after the end are waited for, but do not count in the rate.
        `failures_first_max`: with more failures, and not one document confirmed, it is given up early.
        """
        self.tally = tally = Tally()
        started_at = perf_counter()
        self._window_ends_at = started_at + seconds
        self._idle = 0
        for lane in self.lanes:
            self._next(lane)
        self._loop(on_tick, failures_first_max)
        tally.seconds = min(perf_counter(), self._window_ends_at) - started_at
        return tally

    @property
    def unanswered(self) -> int:
        """How many lanes hold a message that was not answered; they begin the next `run` with it."""
        return sum(lane.message is not None for lane in self.lanes)

    def close(self) -> None:
        """Close all connections."""
        for lane in self.lanes:
            self._drop(lane)
        self._epoll.close()

    def _loop(self, on_tick: Callable[[Tally], None] | None, failures_first_max: float) -> None:
        poll = self._epoll.poll
        by_fd = self._by_fd
        lanes = len(self.lanes)
        readable, failed = select.EPOLLIN, select.EPOLLERR | select.EPOLLHUP
        tick_at = perf_counter() + TICK_SECONDS
        while self._idle < lanes:
            for descriptor, event in poll(TICK_SECONDS, 1024):
                lane = by_fd.get(descriptor)
                if lane is None:
                    continue
                if event & readable:
                    self._read(lane)
                elif event & failed:
                    self._fail(lane, "connection_failed")
                else:
                    self._writable(lane)
            now = perf_counter()
            while self._paused and self._paused[0][0] <= now:
                self._waiting.append(heappop(self._paused)[2])
            while self._waiting and self._connecting < CONNECTING_MAX:
                self._connect(self._waiting.popleft())
            if now >= tick_at:
                tick_at = now + TICK_SECONDS
                if on_tick is not None:
                    on_tick(self.tally)
                if not self.tally.documents and self.tally.errors.total() > failures_first_max:
                    self._window_ends_at = now - DRAIN_SECONDS
                self._sweep(now)
                if now > self._window_ends_at + DRAIN_SECONDS:
                    break

    def _next(self, lane: Lane) -> None:
        """Take the lane's next message and send it, if the window is still open."""
        if perf_counter() >= self._window_ends_at:
            self._idle += 1
            return
        if lane.message is None:
            lane.message = lane.source()
        message = lane.message
        if message is None:
            self._idle += 1
        elif lane.connection is not None:
            self._send(lane, message)
        elif self._waiting or self._connecting >= CONNECTING_MAX:
            self._waiting.append(lane)
        else:
            self._connect(lane)

    def _connect(self, lane: Lane) -> None:
        connection = socket.socket(socket.AF_INET6 if ":" in self._address[0] else socket.AF_INET)
        connection.setblocking(False)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._sources is not None:
            connection.setsockopt(socket.IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1)
            connection.bind((next(self._sources), 0))
        lane.connection = connection
        lane.rest = memoryview(lane.message or b"")
        lane.sent_at = perf_counter()  # with a connection per document, opening it counts too
        self._connecting += 1
        self.tally.connections += 1
        try:
            connection.connect(self._address)
        except BlockingIOError:
            pass
        except OSError:
            self._fail(lane, "connect_refused")
            return
        sent = self._push(lane)  # on loopback the connection is open by now
        if lane.connection is not None:
            descriptor = connection.fileno()
            self._by_fd[descriptor] = lane
            self._epoll.register(descriptor, select.EPOLLIN if sent else WAITS_TO_WRITE)

    def _writable(self, lane: Lane) -> None:
        """A connection was opened, or takes bytes again."""
        connection = lane.connection
        if connection is not None and lane.rest is not None and self._push(lane):
            self._epoll.modify(connection.fileno(), select.EPOLLIN)

    def _push(self, lane: Lane) -> bool:
        """Send what is left of the message; True when all of it went out."""
        connection, rest = lane.connection, lane.rest
        assert connection is not None
        assert rest is not None
        try:
            sent = connection.send(rest)
        except BlockingIOError:
            return False
        except OSError:
            self._fail(lane, "connection_failed" if lane.opened else "connect_refused")
            return False
        if not lane.opened:
            lane.opened = True
            self._connecting -= 1
            if not self._one_each:
                lane.sent_at = perf_counter()
        self.tally.bytes_sent += sent
        lane.rest = rest[sent:] if sent < rest.nbytes else None
        return lane.rest is None

    def _send(self, lane: Lane, message: bytes) -> None:
        connection = lane.connection
        assert connection is not None
        lane.sent_at = perf_counter()
        try:
            sent = connection.send(message)
        except BlockingIOError:
            sent = 0
        except OSError:
            self._fail(lane, "connection_failed")
            return
        self.tally.bytes_sent += sent
        if sent < len(message):
            lane.rest = memoryview(message)[sent:]
            self._epoll.modify(connection.fileno(), WAITS_TO_WRITE)

    def _read(self, lane: Lane) -> None:
        connection = lane.connection
        assert connection is not None
        try:
            answer = connection.recv(READ_BYTES)
        except BlockingIOError:
            return
        except OSError:
            self._fail(lane, "connection_reset" if lane.opened else "connect_refused")
            return
        if not answer:
            self._fail(lane, "closed_by_operator")
            return
        if lane.buffer:
            answer = lane.buffer + answer
        if len(answer) < HEADER or len(answer) < HEADER + (answer[24] | answer[25] << 8):
            lane.buffer = answer
            if len(answer) > ANSWER_BYTES_MAX:
                self._fail(lane, "answer_too_long")
            return
        lane.buffer = b""
        message = lane.message
        assert message is not None
        if not answers(message, answer):
            self._fail(lane, "answer_wrong")
            return
        arrived_at = perf_counter()
        tally = self.tally
        tally.bytes_received += len(answer)
        if arrived_at <= self._window_ends_at:
            tally.documents += 1
            tally.latencies.append(arrived_at - lane.sent_at)
        else:
            tally.documents_late += 1
        if len(self.kept) < self._keep_max:
            self.kept.append((message[:KEPT_OF_MESSAGE], answer))
        lane.sent_at = 0.0
        lane.message = None
        if self._one_each:
            self._drop(lane)
        self._next(lane)

    def _fail(self, lane: Lane, kind: str) -> None:
        """Count the error; connect again and repeat the message after a pause, while the window is open."""
        self.tally.errors[kind] += 1
        self._drop(lane)
        now = perf_counter()
        if now >= self._window_ends_at:
            self._idle += 1
        else:
            heappush(self._paused, (now + RETRY_PAUSE_SECONDS, next(self._order), lane))

    def _drop(self, lane: Lane) -> None:
        connection = lane.connection
        if connection is None:
            return
        if not lane.opened:
            self._connecting -= 1
        lane.connection = None
        lane.opened = False
        lane.rest = None
        lane.buffer = b""
        lane.sent_at = 0.0
        self._by_fd.pop(connection.fileno(), None)
        connection.close()  # epoll forgets a closed descriptor

    def _sweep(self, now: float) -> None:
        """Give up answers that take too long; after the window, also what never came to be sent."""
        late_at = now - self._answer_wait_seconds
        for lane in self.lanes:
            if lane.connection is not None and 0.0 < lane.sent_at < late_at:
                self._fail(lane, "answer_timeout")
        if now >= self._window_ends_at:
            self._idle += len(self._paused) + len(self._waiting)
            self._paused.clear()
            self._waiting.clear()


def answers(message: bytes, answer: bytes) -> bool:
    """The answer is whole and belongs to the message: same drive, same document, a confirmation.

    Its CRC and signs are verified apart from the clock, see `fleet.answer_verified`.
    """
    return (
        len(answer) == HEADER + (answer[24] | answer[25] << 8)
        and answer[:24] == message[:24]
        and len(answer) > FD_AT.stop
        and answer[TYPE_AT] == FROM_OPERATOR
        and answer[CODE_AT] == 7
        and answer[FD_AT] == message[FD_AT]
    )


def descriptors_raise(wanted: int) -> None:
    """Let this process open `wanted` connections, as far as the system allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = wanted + 64
    if soft != resource.RLIM_INFINITY and soft < needed:
        target = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (target, hard))


def _sources(host: str) -> Iterator[str] | None:
    """Loopback addresses to connect from, round and round; None when the operator is not on loopback."""
    try:
        if not (ipaddress.ip_address(host).is_loopback and ":" not in host):
            return None
    except ValueError:
        return None
    return (f"127.0.1.{each % SOURCE_ADDRESSES + 1}" for each in count())
