"""Facts are only added: a trigger forbids everything else, even to code of ours that is wrong."""

from __future__ import annotations

import re
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

TABLE_NAME = re.compile(r"[a-z_][a-z0-9_]{0,47}\Z")

GUARD_MAKE = """
CREATE OR REPLACE FUNCTION db_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END $$
"""
ROWS_GUARD_MAKE = (
    'CREATE TRIGGER "{0}_append_only" BEFORE UPDATE OR DELETE ON "{0}"'
    " FOR EACH ROW EXECUTE FUNCTION db_append_only()"
)
TRUNCATE_GUARD_MAKE = (
    'CREATE TRIGGER "{0}_no_truncate" BEFORE TRUNCATE ON "{0}"'
    " FOR EACH STATEMENT EXECUTE FUNCTION db_append_only()"
)


class AppendOnly(Operation):
    """A step of a migration: from here on rows of `table` are never changed or removed.

    UPDATE, DELETE and TRUNCATE raise PostgreSQL's `restrict_violation` (SQLSTATE 23001).
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, table: str) -> None:
        """`table`: its name in the database."""
        assert TABLE_NAME.match(table), table
        self.table = table

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """How a migration file writes it."""
        return type(self).__qualname__, [self.table], {}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Models do not change."""

    def database_forwards(
        self,
        app_label: str,  # noqa: ARG002
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,  # noqa: ARG002
        to_state: ProjectState,  # noqa: ARG002
    ) -> None:
        """Set the guards."""
        for statement in (GUARD_MAKE, ROWS_GUARD_MAKE, TRUNCATE_GUARD_MAKE):
            # No parameters: the percent signs are PL/pgSQL's own.
            schema_editor.execute(
                statement.format(self.table) if "{0}" in statement else statement, params=None
            )

    def database_backwards(
        self,
        app_label: str,  # noqa: ARG002
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,  # noqa: ARG002
        to_state: ProjectState,  # noqa: ARG002
    ) -> None:
        """Take the guards away."""
        for suffix in ("append_only", "no_truncate"):
            schema_editor.execute(f'DROP TRIGGER "{self.table}_{suffix}" ON "{self.table}"')

    def describe(self) -> str:
        """What `migrate` prints."""
        return f"Forbid changes of rows in {self.table}"

    @property
    def migration_name_fragment(self) -> str:
        """A part of a generated file name."""
        return f"{self.table}_append_only"
