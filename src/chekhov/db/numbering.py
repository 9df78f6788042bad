"""Numbers without gaps, for papers that are numbered by law or custom."""

from __future__ import annotations

from django.db import connection

from chekhov.db.errors import OutsideTransaction


def number_take(series: str, *, first: int = 1) -> int:
    """The next number of the series, given out for good when the transaction commits.

    A transaction that is rolled back gives its number back, so there are no gaps; the price is that takers of
    one series wait for each other until they commit: take the number late.
    Raises: OutsideTransaction.
    """
    if not connection.in_atomic_block:
        raise OutsideTransaction("a gapless number is taken inside the transaction that uses it")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO db_numbering (series, last) VALUES (%s, %s)"
            " ON CONFLICT (series) DO UPDATE SET last = db_numbering.last + 1 RETURNING last",
            [series, first],
        )
        number: int = cursor.fetchone()[0]
    return number
