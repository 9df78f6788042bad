"""Who acts, in what capacity and on what ground: handed to every deed, and written to the journal with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chekhov.accounts.models import User
from chekhov.audit.models import ActorKind
from chekhov.audit.services import audit_record
from chekhov.orgs.models import Membership, Organisation, Partner


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A person at the moment of a deed. Made by `access`, which has checked that he may.

    membership: for a customer. partner: for a partner's person. reason: why staff act for the customer; the
    customer reads it in his journal. address: where from, as the door knows it.
    """

    user: User
    kind: ActorKind
    membership: Membership | None = None
    partner: Partner | None = None
    reason: str = ""
    address: str | None = None

    @property
    def on_behalf(self) -> bool:
        """Whether this is staff acting for a customer."""
        return self.kind == ActorKind.STAFF and bool(self.reason)


def deed_record(
    actor: Actor,
    action: str,
    *,
    now: dt.datetime,
    object_kind: str,
    object_id: object,
    account_id: int | None = None,
    organisation: Organisation | None = None,
    reason: str = "",
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Write the deed to the journal of its account, with the capacity the actor acted in.

    `reason`: of the deed itself (a refusal's); an actor on behalf has his own.
    """
    if account_id is None and organisation is not None:
        account_id = organisation.account_id
    audit_record(
        action=action,
        now=now,
        actor=actor.user,
        actor_kind=actor.kind,
        account=account_id,
        organisation_id=None if organisation is None else organisation.pk,
        object_kind=object_kind,
        object_id=object_id,
        reason=actor.reason or reason,
        facts=facts or {},
        address=actor.address,
        on_behalf=organisation if actor.on_behalf else None,
        partner=actor.partner,
    )
