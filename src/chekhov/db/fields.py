"""Column types PostgreSQL has and Django has not."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    _Field = models.DateTimeField[dt.datetime | None, dt.datetime | None]
else:
    _Field = models.DateTimeField


class LocalTimestampField(_Field):
    """A register's local clock: `timestamp` without a zone, a naive datetime in Python.

    A register's zone is nowhere in its documents, so such a moment is never converted.
    """

    def db_type(self, connection: Any) -> str:  # noqa: ARG002
        """The column's type."""
        return "timestamp without time zone"

    def get_prep_value(self, value: Any) -> Any:
        """Naive in, naive out. An aware moment is a mistake of ours, so it raises ValueError."""
        value = self.to_python(value)
        if value is not None and value.tzinfo is not None:
            raise ValueError(f"{self.name}: a register's clock has no zone")
        return value

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:  # noqa: ARG002, FBT001, FBT002
        """The driver adapts a naive datetime as it is."""
        return self.get_prep_value(value)
