"""Registers, groups and standings for tests of this room."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import factories
from cabinets import NOW, acts, membership_make
from chekhov.kkt.models import Group, Kkt, Standing
from chekhov.orgs.models import GroupAccess, Organisation
from chekhov.orgs.sections import Role

_numbers = itertools.count(1)
LOCAL = dt.datetime(2026, 11, 20, 10, 0)  # noqa: DTZ001  # a register's clock has no zone


def group_make(account, name=None, parent=None, **fields: Any) -> Group:
    return Group.objects.create(
        account=account, name=name or f"Группа {next(_numbers)}", parent=parent, created_at=NOW, **fields
    )


def told(kkt: Kkt, **fields: Any) -> Standing:
    """A registration report of the register came, under its own ИНН."""
    number = next(_numbers)
    defaults = {
        "rnm": kkt.rnm,
        "inn": str(kkt.organisation.inn),
        "fn": f"{9999540000002000 + number}",
        "registered_fd": 1,
        "registered_code": 1,
        "registered_at": LOCAL,
        "serial": kkt.serial,
        "address": "614000, Пермский край, г. Пермь, ул. Чехова, 1",
        "last_received_at": NOW - dt.timedelta(hours=1),
    }
    return Standing.objects.create(**defaults | fields)


def administrator_of(account, *groups: Group):
    """An administrator who sees these groups only."""
    place = membership_make(account=account, role=Role.ADMINISTRATOR, all_groups=False)
    for group in groups:
        GroupAccess.objects.create(membership=place, group_id=group.pk)
    return acts(place.user, membership=place)


def rnm_of(organisation: Organisation, number: int, serial: str = "") -> str:
    from chekhov.values import RegistrationNumber  # noqa: PLC0415

    return str(RegistrationNumber.compose(number, organisation.inn, serial or f"{number:08}"))


__all__ = ["LOCAL", "administrator_of", "factories", "group_make", "rnm_of", "told"]
