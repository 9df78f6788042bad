"""`chekhov up`: the whole installation in the foreground, under one supervisor.

One thread does everything: it reads the parts' messages, starts again what died, and stops all on Ctrl-C or
SIGTERM. Parts ask the kernel to be ended when the supervisor dies, so a `kill -9` of it leaves nothing.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, ClassVar, Final

import click

from chekhov.accounts.sandbox import SANDBOX_PASSWORD, SANDBOX_STAFF
from chekhov.cli.parts import Part, StopAsked, Yard
from chekhov.cli.service import UNSPECIFIED_HOSTS, embedded_server, health_ask
from chekhov.config.environment import Address, Environment, environment_read, secret_key_ensure
from chekhov.db.embedded import EmbeddedPostgres
from chekhov.errors import Conflict

PORT_WAIT_SECONDS: Final = 15.0  # what an old gateway may take to answer its last documents
READY_SECONDS_MAX: Final = 60.0
PARTS_STOP_SECONDS: Final = 11.0
DATABASE_STOP_SECONDS: Final = 3.0
HEALTH_PAUSE_SECONDS: Final = 0.3


class UpBusy(Conflict):
    """Another `chekhov up` works in this folder."""

    code: ClassVar[str] = "up_busy"


class PortBusy(Conflict):
    """Another program listens on the address."""

    code: ClassVar[str] = "port_busy"


@click.command()
def up() -> None:
    """Run everything in the foreground: embedded PostgreSQL, migrations, web, gateway, worker.

    Settings come from the environment: CHEKHOV_HOME (./var), CHEKHOV_HTTP (127.0.0.1:8000), CHEKHOV_OFD
    (127.0.0.1:7777), DATABASE_URL (none: embedded). Ctrl-C stops.
    """
    environment = environment_read()
    environment.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _only_one(environment.home) as after_a_kill:
        if environment.secret_key is None:
            secret_key_ensure(environment.home)
        with Yard(coloured=sys.stdout.isatty()) as yard:
            server = None if environment.database_url else embedded_server(environment)
            try:
                _run(environment, yard, server, PORT_WAIT_SECONDS if after_a_kill else 0.0)
            except StopAsked:
                yard.say("stopping")
            finally:
                yard.stop(PARTS_STOP_SECONDS)
                if server is not None:
                    server.stop(timeout_seconds=DATABASE_STOP_SECONDS)
            yard.say("stopped")


def _run(
    environment: Environment, yard: Yard, server: EmbeddedPostgres | None, port_wait_seconds: float
) -> None:
    """Start all in order, say where it is, and keep it going until StopAsked."""
    for name, address in (("CHEKHOV_HTTP", environment.http), ("CHEKHOV_OFD", environment.ofd)):
        _port_free_wait(name, address, yard, port_wait_seconds)
    if server is not None:
        _database_start(server, yard)
    yard.run_once(Part("migrate", _command("migrate")))
    if environment.sandbox:
        yard.say(
            "sandbox: emulated drives and demo log-ins are allowed; set CHEKHOV_MODE=production for life"
        )
    elif environment.smtp is None:
        yard.say("letters are not sent: CHEKHOV_MAIL=maildir leaves them in CHEKHOV_HOME/mail")
    gateways = environment.gateway_processes
    parts = [
        Part("web", _command("web")),
        *(
            Part("gateway" if gateways == 1 else f"gateway{n + 1}", _command("gateway"))
            for n in range(gateways)
        ),
        Part("worker", _command("worker")),
    ]
    for part in parts:
        yard.start(part)
    _ready_wait(environment, yard)
    while True:
        yard.turn()
        if server is not None and server.poll() is not None:
            yard.say(f"postgres ended with code {server.poll()}; starting it again")
            _database_start(server, yard)


def _database_start(server: EmbeddedPostgres, yard: Yard) -> None:
    began = time.monotonic()
    with yard.log_pipe("postgres") as log:
        server.start(log=log, waiting=yard.turn_without_pause)
    yard.say(f"postgres ready in {time.monotonic() - began:.1f} s")


def _ready_wait(environment: Environment, yard: Yard) -> None:
    """Wait until every part works, then say where; if it takes too long, say what is missing and go on."""
    deadline = time.monotonic() + READY_SECONDS_MAX
    body: object = None
    while time.monotonic() < deadline:
        yard.turn(HEALTH_PAUSE_SECONDS)
        status, body = health_ask(environment.http, timeout_seconds=2.0)
        if status == 200:
            break
    else:
        down = ", ".join(body["down"]) if isinstance(body, dict) else str(body)
        yard.say(f"not everything works yet: {down}")
    for line in _welcome(environment):
        yard.say(line)


def _welcome(environment: Environment) -> Iterator[str]:
    http = Address(UNSPECIFIED_HOSTS.get(environment.http.host, environment.http.host), environment.http.port)
    yield f"pages          http://{http}/"
    yield f"health         http://{http}/healthz"
    yield f"registers to   {environment.ofd}  (TCP)"
    if environment.sandbox:
        for login in SANDBOX_STAFF:
            yield f"demo log-in    {login.email}  password: {SANDBOX_PASSWORD}  ({login.staff_role})"
    yield "Ctrl-C stops"


def _command(name: str) -> list[str]:
    return [sys.executable, "-m", "chekhov.cli", name, "--with-parent", str(os.getpid())]


@contextlib.contextmanager
def _only_one(home: Path) -> Iterator[bool]:
    """Hold the folder for ourselves; gives whether who held it before was killed. Raises: UpBusy."""
    path = home / "up.lock"
    file: IO[str]
    with path.open("a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            owner = file.read(20).strip() or "?"
            raise UpBusy(f"chekhov up works in {home} already (process {owner})", owner=owner) from error
        file.seek(0)
        after_a_kill = bool(file.read(1))
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        try:
            yield after_a_kill
        finally:
            file.truncate(0)


def _port_free_wait(name: str, address: Address, yard: Yard, wait_seconds: float) -> None:
    """Wait a while for what is left of a killed installation to let go of the port. Raises: PortBusy."""
    deadline = time.monotonic() + wait_seconds
    told = False
    while (error := _port_error(address)) is not None:
        if not isinstance(error, BlockingIOError) or time.monotonic() > deadline:
            raise PortBusy(
                f"{name}: cannot listen on {address}: {error.strerror or error}; choose another with {name}"
            )
        if not told:
            yard.say(f"{address} is busy; waiting up to {wait_seconds:.0f} s for it")
            told = True
        yard.turn(0.2)


def _port_error(address: Address) -> OSError | None:
    """Why the address cannot be listened on just now; BlockingIOError if somebody listens there."""
    try:
        family, kind, protocol, _name, where = socket.getaddrinfo(
            address.host, address.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            # As servers do, else the closed connections of a minute ago would look like a listener.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(where)
            probe.listen(1)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return BlockingIOError(error.errno, "another program listens there")
        return error
    return None
