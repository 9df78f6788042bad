"""No network inside a transaction: each link to a far party begins with this guard."""

from __future__ import annotations

import sys

from chekhov.db.errors import InsideTransaction

# How many blocks a test opens around the code under test; set by the test suite only.
blocks_of_test = 0


def outside_transaction() -> None:
    """Raise InsideTransaction if any database connection of this thread is inside a transaction.

    A program that does not use Django is never inside one, and Django is not loaded to find out.
    """
    django_db = sys.modules.get("django.db")
    if django_db is None:
        return
    settings = sys.modules["django.conf"].settings
    if not settings.configured:
        return
    for connection in django_db.connections.all(initialized_only=True):
        if len(connection.savepoint_ids) + connection.in_atomic_block > blocks_of_test:
            raise InsideTransaction("a far party may not be called inside a transaction")
