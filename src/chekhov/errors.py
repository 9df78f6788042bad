"""The root error and its six families. Standard library only; imported by every room.

A room declares its own errors under one of the families, each with a stable `code`. Doors (HTTP, TCP,
command line, forms) translate *families*, in one table each, and never single errors.
"""

from __future__ import annotations

from typing import ClassVar


class ChekhovError(Exception):
    """Anything that can go wrong and that we can name.

    `code` is stable and machine-readable; the message is for people; `details` are typed facts for logs
    and API answers and must never hold personal data.
    """

    code: ClassVar[str] = "error"

    def __init__(self, message: str, **details: object) -> None:
        """Keep the message for people and the details for machines."""
        super().__init__(message)
        self.message = message
        self.details = details


class Malformed(ChekhovError):
    """Bytes or text are not of the form they claim."""

    code = "malformed"


class RuleBroken(ChekhovError):
    """The form is right, but a rule of law or business forbids it."""

    code = "rule_broken"


class NotFound(ChekhovError):
    """There is no such thing, or the asker may not know that there is."""

    code = "not_found"


class AccessDenied(ChekhovError):
    """The asker may know of the thing, but not do this with it."""

    code = "access_denied"


class Conflict(ChekhovError):
    """The same key came with other content, or somebody was first."""

    code = "conflict"


class Unavailable(ChekhovError):
    """A far party, the database or a device cannot be asked just now; later may do."""

    code = "unavailable"
