"""What rooms above do when a contract ends: they hang themselves here when their app is ready.

Registers stand above contracts on the ladder, so contracts cannot call them. A hook runs inside the
transaction of the termination: if it fails, the contract has not ended.
"""

from __future__ import annotations

import datetime as dt
from typing import Protocol

from chekhov.contracts.models import Contract


class TerminationHook(Protocol):
    """Stop serving what is served under the contract, from the day after `contract.ends_on`."""

    def __call__(self, *, contract: Contract, now: dt.datetime) -> None:
        """Must not be a far party's call: it is inside a transaction."""
        ...


_hooks: dict[str, TerminationHook] = {}


def termination_hook_add(name: str, hook: TerminationHook) -> None:
    """Hang a hook; the same name replaces it, so that reloading does no harm."""
    _hooks[name] = hook


def termination_hooks_run(*, contract: Contract, now: dt.datetime) -> None:
    """Call every hook, by name."""
    for _name, hook in sorted(_hooks.items()):
        hook(contract=contract, now=now)
