"""The gateway: one process that takes registers' connections and confirms their documents."""

from __future__ import annotations

import asyncio
import gc
import importlib
import logging
import resource
import signal
import socket
import time
from collections import Counter
from typing import Any, Final
from zoneinfo import ZoneInfo

from chekhov import clock
from chekhov.fiscal.intake import Accepted, Message, Operator
from chekhov.fiscal.journal import Journal
from chekhov.fiscal.rows import peer_pack
from chekhov.fiscal.setaside import SetAside
from chekhov.fiscal.verdicts import Reason
from chekhov.gateway.batcher import Batcher
from chekhov.gateway.connection import RegisterConnection
from chekhov.gateway.errors import PortTaken
from chekhov.gateway.examiner import Examiner
from chekhov.gateway.keeper import Keeper
from chekhov.gateway.poller import READ, poller_make
from chekhov.gateway.settings import GatewaySettings
from chekhov.ofdwire.header import SessionHeader

BACKLOG: Final = 4096
EVENTS_AT_ONCE: Final = 256
"""Sockets served before the loop looks after commits again.

Larger batches are cheaper for each document: 64 gave 16 thousand documents a second with 1,000 registers,
256 gave 18, and a lower p99; with few registers there is never so much to serve.
"""

ACCEPTS_AT_ONCE: Final = 64
SWEEP_SECONDS: Final = 1.0
KEEPER_SECONDS_MAX: Final = 2.0
DESCRIPTORS_SPARE: Final = 200
NOTES_A_SECOND_MAX: Final = 20
"""Log lines of one kind; the rest of the second is summed up."""

log = logging.getLogger("chekhov.gateway")


class Gateway:
    """State of a gateway process. Everything happens on one event loop."""

    def __init__(self, settings: GatewaySettings) -> None:
        """Nothing is opened yet; see `start`."""
        self.settings = settings
        self.limits = settings.limits
        operator = Operator(settings.operator_inn, ZoneInfo(settings.time_zone))
        self.examiner = Examiner(settings.cipher, operator)
        self.poller = poller_make()
        self.tick = 0
        self.draining = False
        self.accepted = 0
        self.documents = 0
        self.refused = 0
        self.tests = 0
        self._listener: socket.socket | None = None
        self._listening = False
        self._connections: dict[int, RegisterConnection] = {}
        self._by_address: Counter[str] = Counter()
        self._peers: dict[str, bytes | None] = {}
        self._stalled: list[RegisterConnection] = []
        self._polling = False
        self._notes: Counter[str] = Counter()
        self._started_at = time.monotonic()
        self._sweeping: asyncio.Task[None]
        self._keeping: asyncio.Task[None]
        journals = [Journal(settings.conninfo) for _ in range(self.limits.flushers)]
        self.batcher = Batcher(journals, self.limits, self._room)
        self.keeper = Keeper(Journal(settings.conninfo), self.limits, self._details)

    # ── life ─────────────────────────────────────────────────────────────────────────────────────────

    async def start(self) -> int:
        """Listen; returns the port. Raises: PortTaken."""
        self._listener = self._listen()
        loop = asyncio.get_running_loop()
        loop.add_reader(self.poller.fileno(), self._on_ready)
        self.poller.register(self._listener.fileno(), READ)
        self._listening = True
        self.batcher.start()
        self._sweeping = asyncio.create_task(self._sweeps())
        self._keeping = asyncio.create_task(self.keeper.run(beats=self.settings.beats))
        port: int = self._listener.getsockname()[1]
        log.info("gateway_listens host=%s port=%d", self.settings.host, port)
        return port

    async def stop(self) -> None:
        """Accept and read no more; commit and answer what is examined; close. Bounded by drain_seconds."""
        self.draining = True
        loop = asyncio.get_running_loop()
        self._hear(listen=False)
        if self._listener is not None:
            self._listener.close()
        for connection in list(self._connections.values()):
            if connection.waiting is None and not connection.unsent:
                connection.close()
        self._examine()
        await self.batcher.drain(self.limits.drain_seconds)
        loop.remove_reader(self.poller.fileno())
        for connection in list(self._connections.values()):
            connection.close()
        self._sweeping.cancel()
        self.keeper.end()
        _, late = await asyncio.wait([self._sweeping, self._keeping], timeout=KEEPER_SECONDS_MAX)
        for task in late:
            task.cancel()
        await asyncio.gather(self._sweeping, self._keeping, return_exceptions=True)
        await self.keeper.leave(beats=self.settings.beats)
        self.poller.close()
        log.info("gateway_stopped documents=%d connections=%d", self.batcher.committed, self.accepted)

    def _listen(self) -> socket.socket:
        host, port = self.settings.host, self.settings.port
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if self.settings.reuse_port:
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            # Accepted sockets inherit these.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            listener.bind(address)
            listener.listen(BACKLOG)
        except OSError as error:
            listener.close()
            raise PortTaken(
                f"Адрес {host}:{port} занят или недоступен: {error.strerror}", port=port
            ) from error
        listener.setblocking(False)
        return listener

    # ── sockets ──────────────────────────────────────────────────────────────────────────────────────

    def _on_ready(self) -> None:
        """Some sockets are ready."""
        listener = self._listener
        listener_fd = -1 if listener is None else listener.fileno()
        connections = self._connections
        self._polling = True
        for fd, mask in self.poller.poll(EVENTS_AT_ONCE):
            if fd == listener_fd:
                self._accept()
                continue
            connection = connections.get(fd)
            if connection is None:
                continue
            try:
                connection.ready(mask)
            except Exception:
                log.exception("connection_failed")
                connection.close()
        self._polling = False
        self._examine()

    def _accept(self) -> None:
        listener = self._listener
        assert listener is not None
        limits = self.limits
        for _ in range(ACCEPTS_AT_ONCE):
            if len(self._connections) >= limits.connections_max or self.full:
                self.note("accepting_paused", connections=len(self._connections))
                self._hear(listen=False)
                return
            try:
                sock, address_and_port = listener.accept()
            except (BlockingIOError, InterruptedError):
                return
            except OSError as error:
                # Out of descriptors, or the peer left the queue: hear again at the next sweep.
                self.note("accept_failed", error=error.strerror)
                self._hear(listen=False)
                return
            sock.setblocking(False)
            self.accepted += 1
            address = address_and_port[0]
            if self._by_address[address] >= limits.connections_per_address_max:
                self.note("address_over_limit", address=address)
                sock.close()
                continue
            self._by_address[address] += 1
            connection = RegisterConnection(self, sock, address, self._peer(address))
            self._connections[connection.fd] = connection
            self.poller.register(connection.fd, READ)

    def _hear(self, *, listen: bool) -> None:
        if listen == self._listening or self._listener is None or self._listener.fileno() < 0:
            return
        self._listening = listen
        if listen:
            self.poller.register(self._listener.fileno(), READ)
        else:
            self.poller.unregister(self._listener.fileno())

    def _peer(self, address: str) -> bytes | None:
        if address not in self._peers:
            if len(self._peers) > 10_000:
                self._peers.clear()
            self._peers[address] = peer_pack(address)
        return self._peers[address]

    def left(self, connection: RegisterConnection) -> None:
        """A connection is closing."""
        self._connections.pop(connection.fd, None)
        remaining = self._by_address[connection.address] - 1
        if remaining > 0:
            self._by_address[connection.address] = remaining
        else:
            del self._by_address[connection.address]
        if not self._listening and not self.draining:
            self._listen_again()

    @property
    def full(self) -> bool:
        """No more messages should be read just now."""
        batcher = self.batcher
        return batcher.full or batcher.documents + self.examiner.waiting >= self.limits.pending_documents_max

    def stall(self, connection: RegisterConnection) -> None:
        """The batcher is full: read no more from this connection until there is room."""
        connection.watch(0)
        self._stalled.append(connection)

    def _room(self) -> None:
        stalled, self._stalled = self._stalled, []
        for connection in stalled:
            if not connection.closed:
                connection.watch(READ)
        self._listen_again()

    def _listen_again(self) -> None:
        if (
            not self.draining
            and not self.batcher.full
            and len(self._connections) < self.limits.connections_max
        ):
            self._hear(listen=True)

    # ── messages ─────────────────────────────────────────────────────────────────────────────────────

    def document(self, connection: RegisterConnection, header: SessionHeader, container_bytes: bytes) -> None:
        """A register sent a container. Those that came together are examined together, soon."""
        self.documents += 1
        if not self.examiner.waiting and not self._polling:
            asyncio.get_running_loop().call_soon(self._examine)
        self.examiner.read(connection, Message(header, container_bytes, connection.peer))

    def _examine(self) -> None:
        """Judge what was read: each message goes into the batch or aside."""
        for connection, message, verdict in self.examiner.verdicts(clock.now().timestamp()):
            if isinstance(verdict, Accepted):
                self.batcher.add(verdict, connection)
                continue
            header, container_bytes, _ = message
            self.set_aside(
                connection,
                verdict.reason,
                verdict.detail,
                header,
                container_bytes,
                fn=verdict.fn,
                fd=verdict.fd,
            )
            connection.close()

    def set_aside(
        self,
        connection: RegisterConnection,
        reason: Reason,
        detail: str,
        header: SessionHeader | None,
        body: bytes,
        *,
        fn: str | None = None,
        fd: int | None = None,
    ) -> None:
        """Keep a refused message, its session header included, and note it."""
        self.refused += 1
        self.note("message_refused", reason=reason.value, address=connection.address)
        known = header is not None
        self.keeper.keep(
            SetAside(
                received_at=clock.now(),
                reason=reason,
                detail=detail,
                fn=fn or (header.fn_serial if header is not None else None),
                fd=fd,
                peer=None if connection.peer is None else connection.address.split("%", 1)[0],
                raw=(header.pack() if header is not None and known else b"") + body,
            )
        )

    # ── time ─────────────────────────────────────────────────────────────────────────────────────────

    async def _sweeps(self) -> None:
        """Once a second: whose time is over. One look at all costs less than a timer for each."""
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            self.tick = tick = int(time.monotonic() - self._started_at)
            for connection in [one for one in self._connections.values() if one.deadline < tick]:
                connection.expire()
            for name, count in self._notes.items():
                if count > NOTES_A_SECOND_MAX:
                    log.info("%s more=%d", name, count - NOTES_A_SECOND_MAX)
            self._notes.clear()
            self._listen_again()

    def note(self, name: str, **facts: object) -> None:
        """Log an event, at most some lines of a kind each second. Facts, never documents."""
        self._notes[name] += 1
        if self._notes[name] <= NOTES_A_SECOND_MAX:
            log.info("%s %s", name, " ".join(f"{key}={value}" for key, value in facts.items()))

    def _details(self) -> dict[str, Any]:
        return {
            "connections": len(self._connections),
            "accepted": self.accepted,
            "documents": self.batcher.committed,
            "refused": self.refused,
            "pending": self.batcher.documents,
            "journal_down": self.batcher.down,
        }


async def serve(settings: GatewaySettings) -> None:
    """Run a gateway until SIGTERM or SIGINT, then drain."""
    gateway = Gateway(settings)
    await gateway.start()
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    await stopped.wait()
    await gateway.stop()


def run(settings: GatewaySettings) -> None:
    """Run a gateway in this process, with uvloop if it is installed. Raises: PortTaken."""
    _descriptors_allow(settings.limits.connections_max + DESCRIPTORS_SPARE)
    # What is loaded stays; collecting it again and again costs more than it frees.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    try:
        uvloop = importlib.import_module("uvloop")
    except ImportError:
        asyncio.run(serve(settings))
    else:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(serve(settings))


def _descriptors_allow(count: int) -> None:
    """Let the process have a descriptor for every connection, as far as the system permits."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count if hard == resource.RLIM_INFINITY else min(count, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    if wanted < count:
        log.warning("descriptors_few allowed=%d wanted=%d", wanted, count)
