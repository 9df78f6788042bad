# ruff: noqa: PLC0415 - Django is loaded by the tests that need it
"""What all tests share: a real PostgreSQL started by our own supervisor, or the one DATABASE_URL names.

It is started only when the first test asks for the database, so tests of pure rooms pay nothing. Where the suite
runs in several processes (`pytest -n`), each has a PostgreSQL of its own.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from chekhov.db.embedded import EmbeddedPostgres

# How long an example takes tells of the machine, not of us: nothing is judged by a clock.
hypothesis_settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("suite")

NEVER_WRITTEN = frozenset({"django_content_type", "auth_permission"})
"""Tables that only migrations fill, with what follows from the models: they are left as they are."""

EMPTY_SQL = """
DO $$
DECLARE name text;
BEGIN
    SET LOCAL session_replication_role = replica;
    LOCK TABLE {tables} IN EXCLUSIVE MODE;
    FOR name IN SELECT relname FROM pg_class WHERE oid = ANY ('{{{tables}}}'::regclass[])
        AND pg_relation_size(oid) > 0
    LOOP
        EXECUTE format('DELETE FROM %I', name);
    END LOOP;
END $$
"""
"""Most tables have no page at all; to empty one that has is cheaper by DELETE than by new files for it and its indexes.

Triggers that forbid it and foreign keys do not fire for a session that says it replays another server's changes. The
lock waits for whoever still writes, as TRUNCATE would.
"""


def pytest_configure(config: pytest.Config) -> None:
    """A given server serves one process: what is open in one database holds back the projections of all of them."""
    several = (config.getoption("numprocesses", None) or 1) > 1
    if several and os.environ.get("DATABASE_URL"):
        raise pytest.UsageError(
            "with DATABASE_URL the suite runs in one process: leave -n away, or PROCESSES=1"
        )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last, whatever the random order is.

    The driver keeps an event loop running in the main thread, in which `asyncio.run` refuses to work. Several
    processes take tests from the front of one list (`--dist load`), so the order holds in each of them.
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
def django_db_modify_db_settings(database_url: str, request: pytest.FixtureRequest) -> None:
    """Point Django at that PostgreSQL before pytest-django makes its test database, named after the process."""
    from django.conf import settings

    from chekhov.config.environment import database_settings

    settings.DATABASES["default"].update(database_settings(database_url))
    request.getfixturevalue("django_db_modify_db_settings_parallel_suffix")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Let tests that commit empty the tables after themselves, the append-only ones too.

    Django would truncate every table and write its content types and permissions anew. At the end connections that
    threads of the browser tests' server left open are closed, or the test database could not be dropped.
    """
    from django.contrib.auth.hashers import ScryptPasswordHasher
    from django.db import connection
    from django.test import TransactionTestCase

    # A quarter of a second for each password is meant for those who guess them, of whom there are none here.
    ScryptPasswordHasher.work_factor = 2**4
    with django_db_blocker.unblock():
        names = set(connection.introspection.django_table_names(only_existing=True, include_views=False))
        tables = ", ".join(sorted(map(connection.ops.quote_name, names - NEVER_WRITTEN)))
    statement = EMPTY_SQL.format(tables=tables)

    def tables_empty(_: TransactionTestCase) -> None:
        with connection.cursor() as sql:
            sql.execute(statement)

    TransactionTestCase._fixture_teardown = tables_empty
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
