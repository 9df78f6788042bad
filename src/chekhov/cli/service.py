"""The parts of an installation, each by itself, and what is done to the whole: migrate, rebuild, healthz."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import signal
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import click

from chekhov.config.environment import Address, Environment, environment_read, secret_key_ensure
from chekhov.config.logs import EventFormatter
from chekhov.db.embedded import EmbeddedPostgres, database_running, die_with_parent, embedded_url

HEALTH_SECONDS_MAX = 5.0
STOP_SECONDS_MAX = 8
UNSPECIFIED_HOSTS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104

Command = TypeVar("Command", bound=Callable[..., Any])


def with_parent(command: Command) -> Command:
    """Add the hidden option by which `up` tells a part to end when `up` itself is no more."""
    option = click.option("--with-parent", type=int, hidden=True, expose_value=False, callback=_parent_bind)
    return option(command)


def _parent_bind(_context: click.Context, _parameter: click.Parameter, parent_pid: int | None) -> None:
    if parent_pid is None:
        return
    die_with_parent(signal.SIGTERM)
    if os.getppid() != parent_pid:
        sys.exit(1)  # it ended before we asked


@click.command()
@with_parent
def web() -> None:
    """Run the web pages alone (WSGI under granian)."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    environment = service_begin()
    Granian(
        "chekhov.config.wsgi:application",
        address=environment.http.host,
        port=environment.http.port,
        interface=Interfaces.WSGI,
        workers=environment.web_processes,
        blocking_threads=environment.web_threads,
        websockets=False,
        log_level=LogLevels.error,
        respawn_failed_workers=True,
        respawn_interval=1.0,
        workers_kill_timeout=STOP_SECONDS_MAX,
    ).serve()


@click.command()
@with_parent
def gateway() -> None:
    """Run the gateway alone: the TCP port to which registers send documents."""
    from chekhov.gateway.limits import GatewayLimits
    from chekhov.gateway.server import run
    from chekhov.gateway.settings import GatewaySettings

    environment = service_begin()
    _logging_begin(environment)
    run(
        GatewaySettings(
            host=environment.ofd.host,
            port=environment.ofd.port,
            conninfo=environment.database_url or embedded_url(environment.home),
            operator_inn=environment.operator_inn,
            time_zone=environment.time_zone,
            limits=GatewayLimits.from_mapping(environment.gateway),
            reuse_port=environment.gateway_processes > 1,
        )
    )


@click.command()
@with_parent
def worker() -> None:
    """Run the worker alone: it derives shifts, totals and states of registers from the journal."""
    service_begin()
    django_begin()
    from chekhov.worker.loop import run

    run()


@click.command()
@with_parent
def migrate() -> None:
    """Bring the database's tables up to date; in a sandbox also make sure the demo log-ins are there."""
    environment = service_begin()
    with database_at_hand(environment):
        django_begin()
        from django.core.management import call_command

        call_command("migrate", interactive=False, verbosity=1, no_color=True)
        if environment.sandbox:
            from chekhov.accounts.services import sandbox_staff_ensure

            sandbox_staff_ensure()


@click.command()
def rebuild() -> None:
    """Empty all derived tables and derive them anew from the journal, which is not touched."""
    environment = service_begin()
    with database_at_hand(environment):
        django_begin()
        from chekhov.fiscal.services import projections_rebuild

        began = time.monotonic()
        documents = projections_rebuild(progress=_progress if sys.stderr.isatty() else None)
        click.echo(f"rebuilt from {documents} documents in {time.monotonic() - began:.1f} s")


def _progress(documents: int) -> None:
    click.echo(f"\r{documents} documents", nl=False, err=True)


@click.command()
def healthz() -> None:
    """Print whether each part works; exit code 0 if all do, 1 if one does not."""
    status, body = health_ask(environment_read().http)
    if status is None:
        click.echo(f"chekhov: {body}", err=True)
        sys.exit(1)
    click.echo(json.dumps(body, ensure_ascii=False, indent=2))
    sys.exit(0 if status == 200 else 1)


def health_ask(http: Address, *, timeout_seconds: float = HEALTH_SECONDS_MAX) -> tuple[int | None, Any]:
    """Ask the web for /healthz: HTTP status and parsed JSON, or None and why there is no answer."""
    url = f"http://{Address(UNSPECIFIED_HOSTS.get(http.host, http.host), http.port)}/healthz"
    # An installation asks itself, so a proxy of the environment must not come between.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        try:
            answer = opener.open(url, timeout=timeout_seconds)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            return answer.status, json.load(answer)
    except (OSError, ValueError) as error:
        return None, f"{url} does not answer: {error}"


def embedded_server(environment: Environment) -> EmbeddedPostgres:
    """The embedded database of this installation, as the environment wants it run."""
    return EmbeddedPostgres(
        environment.home,
        bin_folder=environment.postgres_bin,
        account_name=environment.postgres_user,
    )


@contextlib.contextmanager
def database_at_hand(environment: Environment) -> Iterator[None]:
    """The database at hand: the given one, the running embedded one, or the latter started for the while."""
    if environment.database_url:
        yield
        return
    with database_running(embedded_server(environment)):
        yield


def service_begin() -> Environment:
    """Read the environment and make sure the installation has its secret before settings are loaded."""
    environment = environment_read()
    if environment.secret_key is None:
        secret_key_ensure(environment.home)
    return environment


def _logging_begin(environment: Environment) -> None:
    """Events to stderr, in the form that Django's settings give the other parts."""
    handler = logging.StreamHandler()
    handler.setFormatter(EventFormatter())
    logging.basicConfig(level=environment.log_level, handlers=[handler])


def django_begin() -> None:
    """Load Django with our settings."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chekhov.config.settings")
    import django

    django.setup()
