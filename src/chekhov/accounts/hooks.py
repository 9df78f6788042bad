"""What must hold before a log-in is taken away: rooms that know why it is needed hang their check here.

Places in cabinets stand above accounts on the ladder, so accounts cannot ask them. A check runs inside the
transaction of the removal, before the person is held: it may hold rows of its own room.
"""

from __future__ import annotations

from typing import Protocol

from chekhov.accounts.models import User


class RemovalCheck(Protocol):
    """Raise if the person must stay."""

    def __call__(self, *, user: User) -> None:
        """Raises a `RuleBroken` of the room, told to whoever removes."""
        ...


_checks: dict[str, RemovalCheck] = {}


def removal_check_add(name: str, check: RemovalCheck) -> None:
    """Hang a check; the same name replaces it, so that reloading does no harm."""
    _checks[name] = check


def removal_checks_run(*, user: User) -> None:
    """Call every check, by name."""
    for _name, check in sorted(_checks.items()):
        check(user=user)
