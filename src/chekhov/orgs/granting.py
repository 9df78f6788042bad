"""Rules of giving and taking rights: nobody gives, takes or changes more than he has himself.

Called under the cabinet's lock, so that the doer's rights and the number of owners are as they are read.
"""

from __future__ import annotations

from dataclasses import dataclass

from chekhov.audit.models import ActorKind
from chekhov.orgs.actor import Actor
from chekhov.orgs.errors import BeyondOwnRights, EmployeeNotFound, LastOwner, SectionClosed
from chekhov.orgs.models import GroupAccess, Membership
from chekhov.orgs.sections import ALL_SECTIONS, Rights, Role, Section


@dataclass(frozen=True, slots=True)
class Power:
    """The rights of the doer himself: what he may give and take."""

    owner: bool
    sections: frozenset[Section]
    group_ids: frozenset[int] | None  # None: all


@dataclass(frozen=True, slots=True)
class GroupsHeld:
    """Groups of registers open to somebody: all, or those numbered."""

    everything: bool
    ids: frozenset[int] = frozenset()


def power_of(actor: Actor, account_id: int) -> Power:
    """What the doer may give and take, as it stands under the lock."""
    if actor.kind == ActorKind.STAFF:
        assert actor.on_behalf, "staff act in a cabinet only with a reason"
        return Power(owner=True, sections=ALL_SECTIONS, group_ids=None)
    place = (
        Membership.objects.filter(
            user=actor.user, account_id=account_id, removed_at__isnull=True, user__is_active=True
        )
    ).first()
    if place is None or Section.EMPLOYEES not in place.open_sections:
        raise SectionClosed("Раздел недоступен: обратитесь к владельцу кабинета", section="employees")
    held = groups_held(place)
    return Power(
        owner=place.role == Role.OWNER,
        sections=place.open_sections,
        group_ids=None if held.everything else held.ids,
    )


def employee_held(account_id: int, membership_id: int) -> Membership:
    """The employee of this cabinet. Raises: EmployeeNotFound."""
    place = Membership.objects.filter(
        pk=membership_id, account_id=account_id, removed_at__isnull=True
    ).first()
    if place is None:
        raise EmployeeNotFound("Такого сотрудника нет", membership_id=membership_id)
    return place


def grant_check(power: Power, before: Rights, after: Rights) -> None:
    """Sections that come or go must be the doer's own; owners are made by owners. Raises: BeyondOwnRights."""
    if power.owner:
        return
    if Role.OWNER in {before.role, after.role}:
        raise BeyondOwnRights("Владельца кабинета назначает и меняет только владелец")
    beyond = (before.sections ^ after.sections) - power.sections
    if beyond:
        words = ", ".join(sorted(f"«{section.label}»" for section in beyond))
        raise BeyondOwnRights(f"Нельзя открыть или закрыть разделы, которых нет у вас: {words}")


def groups_check(power: Power, before: GroupsHeld, after: GroupsHeld) -> None:
    """Groups that come or go must be the doer's own. Raises: BeyondOwnRights."""
    if power.group_ids is None or before == after:
        return
    if before.everything or after.everything or (before.ids ^ after.ids) - power.group_ids:
        raise BeyondOwnRights("Нельзя открыть или закрыть группы касс, которых нет у вас")


def groups_held(place: Membership) -> GroupsHeld:
    """The groups an employee sees."""
    if place.all_groups:
        return GroupsHeld(everything=True)
    ids = GroupAccess.objects.filter(membership=place).values_list("group_id", flat=True)
    return GroupsHeld(everything=False, ids=frozenset(ids))


def groups_write(place: Membership, wanted: GroupsHeld) -> None:
    """Make the groups an employee sees exactly these."""
    GroupAccess.objects.filter(membership=place).exclude(group_id__in=wanted.ids).delete()
    GroupAccess.objects.bulk_create(
        [GroupAccess(membership=place, group_id=group_id) for group_id in sorted(wanted.ids)],
        ignore_conflicts=True,
    )


def another_owner_check(place: Membership) -> None:
    """Refuse to lose the last owner who can log in. One who has not confirmed the e-mail cannot."""
    if place.role != Role.OWNER or place.user_id is None:
        return
    others = Membership.objects.filter(
        account_id=place.account_id, role=Role.OWNER, removed_at__isnull=True, user__is_active=True
    ).exclude(pk=place.pk)
    if not others.exists():
        raise LastOwner("В кабинете должен остаться хотя бы один владелец")
