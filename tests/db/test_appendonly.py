import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.writer import OperationWriter

from chekhov.db.appendonly import AppendOnly

pytestmark = pytest.mark.django_db


@pytest.fixture
def facts():
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE test_facts (id int PRIMARY KEY, word text)")
        cursor.execute("INSERT INTO test_facts VALUES (1, 'said')")
    with connection.schema_editor() as editor:
        AppendOnly("test_facts").database_forwards("db", editor, None, None)
    return "test_facts"


def run(statement):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def words():
    with connection.cursor() as cursor:
        cursor.execute("SELECT word FROM test_facts ORDER BY id")
        return [word for (word,) in cursor]


def test_rows_are_added(facts):
    run("INSERT INTO test_facts VALUES (2, 'also')")
    assert words() == ["said", "also"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE test_facts SET word = 'unsaid'",
        "UPDATE test_facts SET word = word",
        "DELETE FROM test_facts",
        "TRUNCATE test_facts",
        "INSERT INTO test_facts VALUES (1, 'other') ON CONFLICT (id) DO UPDATE SET word = 'unsaid'",
    ],
)
def test_rows_are_never_changed(facts, statement):
    with pytest.raises(IntegrityError, match="append-only"):
        run(statement)
    assert words() == ["said"]


def test_repeat_of_a_fact_is_skipped(facts):
    run("INSERT INTO test_facts VALUES (1, 'other') ON CONFLICT DO NOTHING")
    assert words() == ["said"]


def test_step_can_be_undone_and_done_for_two_tables(facts):
    run("CREATE TABLE test_facts_too (id int)")
    with connection.schema_editor() as editor:
        AppendOnly("test_facts_too").database_forwards("db", editor, None, None)
        AppendOnly(facts).database_backwards("db", editor, None, None)
    run("UPDATE test_facts SET word = 'new'")
    assert words() == ["new"]
    run("INSERT INTO test_facts_too VALUES (1)")
    with pytest.raises(IntegrityError, match="test_facts_too is append-only"):
        run("DELETE FROM test_facts_too")


def test_migration_file_can_say_it():
    text, imports = OperationWriter(AppendOnly("test_facts"), indentation=0).serialize()
    assert "AppendOnly(" in text
    assert "test_facts" in text
    assert "import chekhov.db.appendonly" in imports


@pytest.mark.parametrize("table", ["", "Facts", "a b", 'x"; DROP TABLE y', "a" * 49])
def test_odd_names_of_tables_are_refused(table):
    with pytest.raises(AssertionError):
        AppendOnly(table)
