"""What can go wrong on the floor of tools."""

from __future__ import annotations

from chekhov.errors import Conflict, RuleBroken, Unavailable


class EmbeddedBusy(Conflict):
    """Another process of this machine owns the embedded database of this folder."""

    code = "embedded_busy"


class EmbeddedUnusable(Unavailable):
    """The embedded PostgreSQL cannot be set up or started; the message says why and what to do."""

    code = "embedded_unusable"


class InsideTransaction(RuleBroken):
    """A far party was to be called inside a database transaction: locks would wait for the network."""

    code = "inside_transaction"


class OutsideTransaction(RuleBroken):
    """A lock that lives as long as a transaction was asked for outside of one."""

    code = "outside_transaction"


class LockTaken(Conflict):
    """Somebody else holds the advisory lock."""

    code = "lock_taken"
