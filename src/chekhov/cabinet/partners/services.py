"""A customer's deed over several of his companies at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from chekhov.orgs.actor import Actor
from chekhov.orgs.models import Organisation
from chekhov.orgs.services import partner_access_set


@dataclass(frozen=True, slots=True)
class AccessWanted:
    """«Партнерский доступ» for one company. `until`: the first moment without access; None: until revoked."""

    organisation: Organisation
    allowed: bool
    until: dt.datetime | None = None


@transaction.atomic
def partner_accesses_set(
    *, actor: Actor, partner_id: int, wanted: Iterable[AccessWanted], now: dt.datetime
) -> None:
    """Set the access for each company, or for none. Raises what `partner_access_set` raises."""
    # In one order, so that two people who save at once do not wait for each other.
    for one in sorted(wanted, key=lambda one: one.organisation.pk):
        partner_access_set(
            actor=actor,
            partner_id=partner_id,
            organisation=one.organisation,
            allowed=one.allowed,
            until=one.until,
            now=now,
        )
