"""What rooms above do when a contract ends or a register shall not be served: they hang themselves here.

Registers stand above contracts on the ladder, so contracts cannot call them. A hook runs inside the
transaction of the decision: if it fails, nothing is decided.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Protocol

from chekhov.contracts.models import Application, Contract
from chekhov.orgs.access import Person
from chekhov.orgs.actor import Actor


class TerminationHook(Protocol):
    """Stop serving what is served under the contract, from the day after `contract.ends_on`."""

    def __call__(self, *, contract: Contract, now: dt.datetime) -> None:
        """Must not be a far party's call: it is inside a transaction."""
        ...


class StopServiceHook(Protocol):
    """Stop serving the register `application.kkt_id`, from now on. Repeating changes nothing."""

    def __call__(self, *, application: Application, actor: Actor, now: dt.datetime) -> None:
        """Must not be a far party's call: it is inside a transaction."""
        ...


class RegistersSeen(Protocol):
    """Which of the registers the person may see where contracts are shown."""

    def __call__(self, *, user: Person, kkt_ids: Collection[int], now: dt.datetime) -> set[int]:
        """The numbers out of `kkt_ids`; never others."""
        ...


_hooks: dict[str, TerminationHook] = {}
_stop_hooks: dict[str, StopServiceHook] = {}
_sight: list[RegistersSeen] = []


def termination_hook_add(name: str, hook: TerminationHook) -> None:
    """Hang a hook; the same name replaces it, so that reloading does no harm."""
    _hooks[name] = hook


def termination_hooks_run(*, contract: Contract, now: dt.datetime) -> None:
    """Call every hook, by name."""
    for _name, hook in sorted(_hooks.items()):
        hook(contract=contract, now=now)


def stop_service_hook_add(name: str, hook: StopServiceHook) -> None:
    """Hang a hook; the same name replaces it."""
    _stop_hooks[name] = hook


def stop_service_hooks_run(*, application: Application, actor: Actor, now: dt.datetime) -> None:
    """Call every hook, by name. Raises: LookupError while there is none, for then nothing would be stopped."""
    if not _stop_hooks:
        raise LookupError("no room serves registers")
    for _name, hook in sorted(_stop_hooks.items()):
        hook(application=application, actor=actor, now=now)


def registers_seen_set(seen: RegistersSeen) -> None:
    """Name the one who knows which registers a person sees."""
    _sight[:] = [seen]


def registers_seen(*, user: Person, kkt_ids: Collection[int], now: dt.datetime) -> set[int]:
    """Those the person may see; none while nobody knows."""
    return _sight[0](user=user, kkt_ids=kkt_ids, now=now) if _sight and kkt_ids else set()
