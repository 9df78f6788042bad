"""Of which registers a question is: pairs of registration number (РНМ) and ИНН.

Both belong to the key: what somebody else's register says under a РНМ is not its owner's, and who enters a РНМ that
is not his gets no document by it. A scope is made by `access`, from what a person may see, and handed to the
questions; they never ask who asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection
from django.db.models import QuerySet

from chekhov.kkt.models import Kkt

PAIRS_MAX: Final = 1_000
"""So many registers are named one by one; more stay a query inside the query."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Registers as pairs (РНМ, ИНН), or as the query that gives them. Each pair stands once."""

    pairs: tuple[tuple[str, str], ...] | None
    sql: str = ""
    params: tuple[Any, ...] = ()
    size: int = 0
    """How many registers; of a query an estimate, not less than PAIRS_MAX."""

    @classmethod
    def of(cls, *pairs: tuple[str, str]) -> Scope:
        """These registers."""
        kept = tuple(sorted(set(pairs)))
        return cls(kept, size=len(kept))

    @classmethod
    def of_rows(cls, rows: QuerySet[Kkt]) -> Scope:
        """The registers of these rows that have a number. Asks the database which, if they are not too many."""
        named = rows.filter(rnm__isnull=False).order_by().values_list("rnm", "inn")
        found = list(named[: PAIRS_MAX + 1])
        if len(found) <= PAIRS_MAX:
            return cls.of(*((str(rnm), inn) for rnm, inn in found))
        sql, params = named.query.sql_with_params()
        return cls(None, sql, tuple(params), size=named.count())

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to look through."""
        return self.pairs == ()

    def relation(self) -> tuple[str, list[Any]]:
        """A query of two columns, РНМ and ИНН, for `WITH scope (rnm, inn) AS MATERIALIZED (…)`."""
        if self.pairs is None:
            return self.sql, list(self.params)
        rnms, inns = [pair[0] for pair in self.pairs], [pair[1] for pair in self.pairs]
        return "SELECT * FROM unnest(%s::text[], %s::text[])", [rnms, inns]

    def rows(self, query: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
        """Rows of a query that follows `WITH scope (rnm, inn) AS MATERIALIZED (…)`."""
        of_scope, scope_params = self.relation()
        with connection.cursor() as sql:
            sql.execute(
                f"WITH scope (rnm, inn) AS MATERIALIZED ({of_scope}) {query}", [*scope_params, *params]
            )
            return list(sql.fetchall())
