# ruff: noqa: PLC0415 - Django is loaded by the tests that need it
"""What all tests share: a real PostgreSQL started by our own supervisor, or the one DATABASE_URL names.

It is started only when the first test asks for the database, so tests of pure rooms pay nothing.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chekhov.db.embedded import EmbeddedPostgres


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last, whatever the random order is.

    The driver keeps an event loop running in the main thread, in which `asyncio.run` refuses to work.
    """
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.fixture(scope="session")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running PostgreSQL for this session: nothing on it survives a crash of the machine."""
    given = os.environ.get("DATABASE_URL")
    if given:
        yield given
        return
    home = tmp_path_factory.mktemp("postgres")
    with EmbeddedPostgres(home, durable=False, options={"max_connections": "100"}) as server:
        yield server.url


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    database_url: str, django_db_modify_db_settings_parallel_suffix: None
) -> None:
    """Point Django at that PostgreSQL before pytest-django makes its test database."""
    from django.conf import settings

    from chekhov.config.environment import database_settings

    settings.DATABASES["default"].update(database_settings(database_url))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Let tests that commit empty the tables after themselves, the append-only ones too.

    The triggers that forbid it do not fire for a session that says it replays another server's changes.
    At the end connections that threads of the browser tests' server left open are closed, or the test
    database could not be dropped.
    """
    from django.db import connection
    from django.db.backends.postgresql.operations import DatabaseOperations

    flush = DatabaseOperations.sql_flush

    def sql_flush(self, *arguments, **keywords):
        statements = flush(self, *arguments, **keywords)
        if not statements:
            return statements
        return ["SET LOCAL session_replication_role = replica", *statements]

    DatabaseOperations.sql_flush = sql_flush
    yield
    with django_db_blocker.unblock(), connection.cursor() as sql:
        sql.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture
def test_database_url(transactional_db: None) -> str:
    """The address of Django's test database, for other processes and other connections.

    The test's own rows are committed, so that they are seen there; tables are emptied afterwards.
    """
    from django.db import connection

    options = connection.settings_dict
    if str(options["HOST"]).startswith("/"):
        return (
            f"postgresql://{options['USER']}@/{options['NAME']}?host={options['HOST']}&port={options['PORT']}"
        )
    return (
        f"postgresql://{options['USER']}:{options['PASSWORD']}@{options['HOST']}:{options['PORT']}"
        f"/{options['NAME']}"
    )


@pytest.fixture(scope="session")
def vectors() -> Path:
    """The folder of published documents; its README tells where each is from."""
    return Path(__file__).parent / "vectors"


@pytest.fixture(autouse=True)
def _guard_of_links(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `outside_transaction` count from the blocks that the test itself stands in."""
    marked = request.node.get_closest_marker("django_db") is not None
    if not marked and not {"db", "transactional_db"} & set(request.fixturenames):
        return
    request.getfixturevalue("_django_db_helper")
    from django.db import connection

    from chekhov.db import guards

    monkeypatch.setattr(guards, "blocks_of_test", len(connection.savepoint_ids) + connection.in_atomic_block)
