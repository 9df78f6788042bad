"""`chekhov directory`: a list taken whole or not at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from chekhov.cli import directory
from chekhov.cli.main import cli
from chekhov.orgs.models import DirectoryEntry

HEAD = "ИНН;Наименование;Адрес\n"
GOOD = "7707083893;ООО «Ромашка»;г. Москва\n7799000005;ООО «Сад»;г. Москва\n"


@pytest.fixture(autouse=True)
def database(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The tests' own database is at hand."""

    @contextmanager
    def at_hand(_environment: object) -> Iterator[None]:
        yield

    monkeypatch.setenv("CHEKHOV_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(directory, "database_at_hand", at_hand)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["directory", *arguments])


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return tmp_path / "list.csv"


@pytest.mark.django_db
def test_import_and_status(table: Path) -> None:
    assert "the list is empty" in run("status").stdout
    table.write_text(HEAD + GOOD, encoding="cp1251")
    done = run("import", str(table), "--as-of", "2026-10-01")
    assert (done.exit_code, done.stdout) == (
        0,
        "2 companies taken as of 2026-10-01, 0 left as newer or repeated\n",
    )
    assert run("status").stdout == "2 companies, as of 2026-10-01 to 2026-10-01\n"
    again = run("import", str(table), "--as-of", "2026-09-01")
    assert "0 companies taken" in again.stdout
    assert "2 left as newer" in again.stdout


@pytest.mark.django_db
def test_a_day_to_come_is_today(table: Path) -> None:
    table.write_text(HEAD + GOOD)
    assert run("import", str(table), "--as-of", "2099-01-01").exit_code == 0
    assert all(row.as_of <= dt.datetime.now(dt.UTC) for row in DirectoryEntry.objects.all())


@pytest.mark.django_db
def test_wrong_lines_are_told_and_nothing_is_taken(table: Path) -> None:
    table.write_text(HEAD + GOOD + "1;А;\n" * 25)
    refused = run("import", str(table))
    assert refused.exit_code == 2
    assert refused.stderr.startswith("line 4: ")
    assert "… and 5 more" in refused.stderr
    assert "25 of 27 lines are wrong, nothing is taken" in refused.stderr
    assert not DirectoryEntry.objects.exists()
    assert run("import", str(table), "--skip-bad").stdout.startswith("2 companies taken")


def test_what_is_no_list(table: Path) -> None:
    table.write_bytes(b"PK\x03\x04\0")
    refused = run("import", str(table))
    assert (refused.exit_code, refused.stderr.count("\n")) == (2, 1)
    assert run("import", str(table.with_name("none.csv"))).exit_code == 2
