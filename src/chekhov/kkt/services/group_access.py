"""Opening groups of registers to an employee, and closing them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import transaction

from chekhov.kkt.access import subtree_of
from chekhov.kkt.errors import GroupNotFound
from chekhov.kkt.models import Group
from chekhov.orgs.actor import Actor, deed_record
from chekhov.orgs.errors import BeyondOwnRights, FieldsWrong
from chekhov.orgs.granting import GroupsHeld, groups_held, groups_write, power_of
from chekhov.orgs.models import Membership
from chekhov.orgs.sections import Role
from chekhov.orgs.services import account_lock
from chekhov.orgs.services.employees import employee_power_check

IDS_IN_JOURNAL_MAX = 500


@transaction.atomic
def group_access_set(
    *,
    actor: Actor,
    membership: Membership,
    all_groups: bool,
    group_ids: Collection[int] = (),
    now: dt.datetime,
) -> Membership:
    """Let an employee see all registers, or those of these groups and of all groups below them.

    Nobody opens or closes a group that is not his, or below his. Repeating changes nothing.
    Raises: GroupNotFound for a group of another cabinet, FieldsWrong for an owner, who sees all,
    EmployeeNotFound, BeyondOwnRights, SectionClosed.
    """
    account_lock(membership.account_id)
    place = employee_power_check(actor=actor, account_id=membership.account_id, membership_id=membership.pk)
    if place.role == Role.OWNER and not all_groups:
        raise FieldsWrong({"all_groups": "Владелец кабинета видит все кассы"})
    ids = frozenset() if all_groups else frozenset(group_ids)
    known = Group.objects.filter(account_id=place.account_id, pk__in=ids).values_list("pk", flat=True)
    if missing := ids - set(known):
        raise GroupNotFound("Такой группы нет", group_id=min(missing))
    before, wanted = groups_held(place), GroupsHeld(everything=all_groups, ids=ids)
    if before == wanted:
        return place
    _power_check(actor, place.account_id, before, wanted)
    place.all_groups = all_groups
    place.version += 1
    place.save(update_fields=["all_groups", "version"])
    groups_write(place, wanted)
    deed_record(
        actor,
        "kkt.group_access_changed",
        now=now,
        object_kind="employee",
        object_id=place.pk,
        account_id=place.account_id,
        facts={"all_groups": all_groups, "group_ids": sorted(ids)[:IDS_IN_JOURNAL_MAX], "count": len(ids)},
    )
    return place


def _power_check(actor: Actor, account_id: int, before: GroupsHeld, wanted: GroupsHeld) -> None:
    """As `orgs.granting.groups_check`, but a group opens those below it too."""
    own = power_of(actor, account_id).group_ids
    if own is None:
        return
    below = set(Group.objects.filter(pk__in=subtree_of(own)).values_list("pk", flat=True)) if own else set()
    if before.everything or wanted.everything or (before.ids ^ wanted.ids) - below:
        raise BeyondOwnRights("Нельзя открыть или закрыть группы касс, которых нет у вас")
