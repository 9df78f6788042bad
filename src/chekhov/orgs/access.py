"""From a person to what he may see and do in a cabinet: the only way for doors.

Strangers get NotFound and learn nothing; colleagues without the section get AccessDenied. Everything is read
anew at every call, or once for a page that is only looked at (`db.reading`), so a right that is taken away is gone
with the next request.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from chekhov.accounts.models import User
from chekhov.audit.models import ActorKind
from chekhov.db.reading import answered
from chekhov.orgs.actor import Actor
from chekhov.orgs.errors import (
    DeedNotAllowed,
    EmployeeNotFound,
    NotMember,
    OrganisationNotFound,
    OwnerOnly,
    ReasonTooShort,
    SectionClosed,
)
from chekhov.orgs.models import GroupAccess, Membership, Organisation, Partner
from chekhov.orgs.sections import PARTNER_SECTIONS, Role, Section, StaffDeed, staff_may

Person = User | AnonymousUser
REASON_CHARACTERS_MIN = 10


@dataclass(frozen=True, slots=True)
class GroupScope:
    """The groups of registers somebody may see: all of them, or those numbered."""

    everything: bool
    group_ids: frozenset[int] = frozenset()


def member(*, user: Person) -> Membership:
    """The person's place in a customer's cabinet. Raises: NotMember."""
    found = member_or_none(user=user)
    if found is None:
        raise NotMember("У вас нет личного кабинета")
    return found


def member_or_none(*, user: Person) -> Membership | None:
    """The same, or None for staff, partners, the dismissed and strangers."""
    if not isinstance(user, User) or not user.is_active:
        return None
    user_id = user.pk
    return answered("member", user_id, lambda: _place_of(user_id))


def require_section(*, user: Person, section: Section) -> Membership:
    """The person's place, if the section is open to him. Raises: NotMember, SectionClosed."""
    place = member(user=user)
    if section not in place.open_sections:
        raise SectionClosed("Раздел недоступен: обратитесь к владельцу кабинета", section=str(section))
    return place


def require_owner(*, user: Person) -> Membership:
    """The person's place, if he is an owner of the cabinet. Raises: NotMember, OwnerOnly."""
    place = member(user=user)
    if place.role != Role.OWNER:
        raise OwnerOnly("Это может только владелец кабинета")
    return place


def sections_for(*, user: Person) -> frozenset[Section]:
    """The sections to show in the menu: an employee's own, a partner's, all of none."""
    place = member_or_none(user=user)
    if place is not None:
        return place.open_sections
    return frozenset() if partner_or_none(user=user) is None else PARTNER_SECTIONS


def groups_for(*, user: Person, now: dt.datetime) -> GroupScope:
    """Which groups of registers the person sees, in the organisations he sees at all.

    Raises nothing: a stranger sees none.
    """
    if _staff_may(user, StaffDeed.CUSTOMERS_SEE):
        return GroupScope(everything=True)
    place = member_or_none(user=user)
    if place is None:
        return GroupScope(everything=organisations_for_user(user=user, section=Section.KKT, now=now).exists())
    if place.all_groups:
        return GroupScope(everything=True)
    place_id = place.pk
    return answered("groups", place_id, lambda: _groups_of(place_id))


def organisations_for_user(*, user: Person, section: Section, now: dt.datetime) -> QuerySet[Organisation]:
    """The organisations whose `section` is open to the person: all to staff, none to a stranger."""
    rows = Organisation.objects.order_by("name", "id")
    if _staff_may(user, StaffDeed.CUSTOMERS_SEE):
        return rows
    place = member_or_none(user=user)
    if place is not None:
        return rows.filter(account_id=place.account_id) if section in place.open_sections else rows.none()
    partner = partner_or_none(user=user)
    if partner is not None and section in PARTNER_SECTIONS:
        return rows.filter(_open_to(partner, now)).distinct()
    return rows.none()


def organisation_for_user(
    *, user: Person, organisation_id: int, section: Section, now: dt.datetime
) -> Organisation:
    """The organisation, if the person may see this section of it.

    Raises: OrganisationNotFound to strangers, SectionClosed to colleagues.
    """
    found = organisations_for_user(user=user, section=section, now=now).filter(pk=organisation_id).first()
    if found is not None:
        return found
    place = member_or_none(user=user)
    if (
        place is not None
        and Organisation.objects.filter(pk=organisation_id, account=place.account_id).exists()
    ):
        raise SectionClosed("Раздел недоступен: обратитесь к владельцу кабинета", section=str(section))
    raise OrganisationNotFound("Такой организации нет", organisation_id=organisation_id)


def employee_for_user(*, user: Person, membership_id: int) -> Membership:
    """An employee of the asker's cabinet, if «Сотрудники» are open to him.

    Raises: NotMember, SectionClosed, EmployeeNotFound.
    """
    place = require_section(user=user, section=Section.EMPLOYEES)
    found = Membership.objects.filter(
        pk=membership_id, account_id=place.account_id, removed_at__isnull=True
    ).first()
    if found is None:
        raise EmployeeNotFound("Такого сотрудника нет", membership_id=membership_id)
    return found


def partner_or_none(*, user: Person) -> Partner | None:
    """The partner the person works for, while the operator works with that partner."""
    if not isinstance(user, User) or not user.is_active:
        return None
    user_id = user.pk
    return answered("partner", user_id, lambda: _partner_of(user_id))


def require_partner(*, user: Person) -> Partner:
    """The partner the person works for. Raises: NotMember."""
    found = partner_or_none(user=user)
    if found is None:
        raise NotMember("У вас нет кабинета партнёра")
    return found


def require_staff(*, user: Person, deed: StaffDeed, address: str | None = None) -> Actor:
    """A member of staff whose role includes the deed. Raises: NotMember to others, DeedNotAllowed."""
    if not isinstance(user, User) or not user.is_active or not user.is_staff:
        raise NotMember("Это доступно только сотрудникам оператора")
    if not staff_may(user.staff_role, deed):
        raise DeedNotAllowed("Ваша роль этого не позволяет", deed=str(deed))
    return Actor(user=user, kind=ActorKind.STAFF, address=address)


def actor_member(*, user: Person, section: Section, address: str | None = None) -> Actor:
    """An employee about to do something in a section. Raises: NotMember, SectionClosed."""
    place = require_section(user=user, section=section)
    assert isinstance(user, User)
    return Actor(user=user, kind=ActorKind.CUSTOMER, membership=place, address=address)


def actor_owner(*, user: Person, address: str | None = None) -> Actor:
    """An owner about to do what only owners do. Raises: NotMember, OwnerOnly."""
    place = require_owner(user=user)
    assert isinstance(user, User)
    return Actor(user=user, kind=ActorKind.CUSTOMER, membership=place, address=address)


def actor_for_organisation(
    *,
    user: Person,
    organisation_id: int,
    section: Section,
    now: dt.datetime,
    reason: str = "",
    address: str | None = None,
) -> tuple[Actor, Organisation]:
    """Who acts upon the organisation: its employee, its partner's person, or staff «от имени клиента».

    Staff need `reason` and a role that may act so. Raises: OrganisationNotFound, SectionClosed,
    DeedNotAllowed, ReasonTooShort.
    """
    organisation = organisation_for_user(user=user, organisation_id=organisation_id, section=section, now=now)
    assert isinstance(user, User)
    if user.is_staff:
        return actor_on_behalf(user=user, reason=reason, address=address), organisation
    place = member_or_none(user=user)
    if place is not None:
        return Actor(user=user, kind=ActorKind.CUSTOMER, membership=place, address=address), organisation
    partner = partner_or_none(user=user)
    return Actor(user=user, kind=ActorKind.PARTNER, partner=partner, address=address), organisation


def actor_on_behalf(*, user: Person, reason: str, address: str | None = None) -> Actor:
    """Staff acting for a customer. Raises: NotMember, DeedNotAllowed, ReasonTooShort."""
    actor = require_staff(user=user, deed=StaffDeed.ON_BEHALF, address=address)
    reason = " ".join(reason.split())
    if len(reason) < REASON_CHARACTERS_MIN:
        raise ReasonTooShort("Укажите основание: клиент увидит его в своём журнале")
    return Actor(user=actor.user, kind=ActorKind.STAFF, reason=reason, address=address)


def _place_of(user_id: int) -> Membership | None:
    return (
        Membership.objects.select_related("account")
        .filter(user_id=user_id, removed_at__isnull=True, confirmed_at__isnull=False)
        .first()
    )


def _groups_of(membership_id: int) -> GroupScope:
    ids = GroupAccess.objects.filter(membership_id=membership_id).values_list("group_id", flat=True)
    return GroupScope(everything=False, group_ids=frozenset(ids))


def _partner_of(user_id: int) -> Partner | None:
    return Partner.objects.filter(
        people__user_id=user_id,
        people__removed_at__isnull=True,
        people__confirmed_at__isnull=False,
        closed_at__isnull=True,
    ).first()


def _staff_may(user: Person, deed: StaffDeed) -> bool:
    return isinstance(user, User) and user.is_active and user.is_staff and staff_may(user.staff_role, deed)


def _open_to(partner: Partner, now: dt.datetime) -> Q:
    return Q(
        partner_accesses__partner=partner, partner_accesses__revoked_at__isnull=True
    ) & (
        Q(partner_accesses__until__isnull=True) | Q(partner_accesses__until__gt=now)
    )  # fmt: skip
