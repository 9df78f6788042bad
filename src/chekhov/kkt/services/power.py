"""What the doer of a deed may do with registers and groups of a cabinet, read again at the moment of the deed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from chekhov.audit.models import ActorKind
from chekhov.kkt.access import kkts_for_user, subtree_of
from chekhov.kkt.errors import BeyondOwnGroups, GroupNotFound, KktNotFound
from chekhov.kkt.models import Group, Kkt
from chekhov.orgs.access import organisations_for_user
from chekhov.orgs.actor import Actor
from chekhov.orgs.errors import DeedNotAllowed, OrganisationNotFound, SectionClosed
from chekhov.orgs.models import GroupAccess, Membership
from chekhov.orgs.sections import Section

NOT_YOURS = "Эта группа вам не открыта"


@dataclass(frozen=True, slots=True)
class Power:
    """The groups the doer may deal with, all below his own included; None: all, and registers in none too."""

    group_ids: frozenset[int] | None

    @property
    def is_whole(self) -> bool:
        """Whether no group is closed to him."""
        return self.group_ids is None

    def group_check(self, group_id: int | None) -> None:
        """Let through a group of his. Raises: BeyondOwnGroups, also for the root, which is nobody's of some groups."""
        if self.group_ids is not None and group_id not in self.group_ids:
            raise BeyondOwnGroups(NOT_YOURS)


def section_of(actor: Actor) -> Section:
    """Through which section the doer sees the registers he deals with."""
    return Section.KKT if actor.kind == ActorKind.PARTNER else Section.MANAGEMENT


def power_in_account(actor: Actor, account_id: int | None) -> Power:
    """For deeds upon groups: an employee with «Управление», or staff. Raises: SectionClosed, DeedNotAllowed."""
    if actor.kind == ActorKind.STAFF:
        return Power(None)
    if actor.kind != ActorKind.CUSTOMER:
        raise DeedNotAllowed("Группы касс ведёт владелец касс")
    places = Membership.objects.filter(user=actor.user, removed_at__isnull=True, user__is_active=True)
    place = None if account_id is None else places.filter(account_id=account_id).first()
    if account_id is None or place is None or Section.MANAGEMENT not in place.open_sections:
        raise SectionClosed(
            "Раздел недоступен: обратитесь к владельцу кабинета", section=str(Section.MANAGEMENT)
        )
    if place.all_groups:
        return Power(None)
    own = set(GroupAccess.objects.filter(membership=place).values_list("group_id", flat=True))
    rows = (
        Group.objects.filter(account_id=account_id, pk__in=subtree_of(own)) if own else Group.objects.none()
    )
    return Power(frozenset(rows.values_list("pk", flat=True)))


def power_upon(actor: Actor, *, organisation_id: int, account_id: int | None, now: dt.datetime) -> Power:
    """For deeds upon registers of an organisation: its employee, its partner's person, or staff.

    Raises: SectionClosed, OrganisationNotFound to those who are let in no more.
    """
    if actor.kind == ActorKind.PARTNER:
        seen = organisations_for_user(user=actor.user, section=Section.KKT, now=now)
        if not seen.filter(pk=organisation_id).exists():
            raise OrganisationNotFound("Такой организации нет", organisation_id=organisation_id)
        return Power(None)
    return power_in_account(actor, account_id)


def kkt_seen(actor: Actor, kkt_id: int, now: dt.datetime) -> Kkt:
    """The register, if the doer may deal with it. Raises: KktNotFound."""
    kkt = kkts_for_user(user=actor.user, now=now, section=section_of(actor)).filter(pk=kkt_id).first()
    if kkt is None:
        raise KktNotFound("Такой кассы нет", kkt_id=kkt_id)
    return kkt


def kkt_held(actor: Actor, kkt_id: int, now: dt.datetime) -> Kkt:
    """The same, held until the deed is done and read anew. Raises: KktNotFound."""
    kkt_seen(actor, kkt_id, now)
    rows = Kkt.objects.select_for_update(of=("self",), no_key=True).select_related("organisation")
    return rows.get(pk=kkt_id)  # registers are never deleted


def group_held(account_id: int, group_id: int) -> Group:
    """The group of this cabinet; the caller holds `account_lock`. Raises: GroupNotFound."""
    group = Group.objects.filter(pk=group_id, account_id=account_id).first()
    if group is None:
        raise GroupNotFound("Такой группы нет", group_id=group_id)
    return group
