"""What can go wrong with the journal of deeds. Each of these is a mistake of the calling code, not of a person."""

from __future__ import annotations

from chekhov.errors import Malformed, RuleBroken


class UnknownAction(Malformed):
    """The action's name is not registered, or is registered with other words."""

    code = "unknown_action"


class BadEntry(Malformed):
    """A field of the entry is missing, too long, or not what it must be."""

    code = "bad_audit_entry"


class ReasonMissing(RuleBroken):
    """Staff act for a customer only with a reason, which the customer can read."""

    code = "reason_missing"
