"""One world for tests of who may see what: staff, and people who must learn nothing."""

from __future__ import annotations

from dataclasses import dataclass

import factories
from chekhov.accounts.models import StaffRole, User
from chekhov.kkt.models import Kkt
from chekhov.orgs.models import Organisation


@dataclass(frozen=True)
class World:
    """The engineer and the accountant work for the operator; the stranger is a customer of nothing here."""

    engineer: User
    accountant: User
    dismissed: User
    stranger: User
    organisation: Organisation
    kkt: Kkt


def world_make() -> World:
    """Store the world."""
    organisation = factories.organisation_make()
    return World(
        engineer=factories.staff_make(StaffRole.ENGINEER),
        accountant=factories.staff_make(StaffRole.ACCOUNTANT),
        dismissed=factories.staff_make(StaffRole.ENGINEER, is_active=False),
        stranger=factories.user_make(),
        organisation=organisation,
        kkt=factories.kkt_make(organisation=organisation),
    )
