import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser

from cabinets import NOW, cabinets_make, partner_access_make
from chekhov.accounts.models import StaffRole
from chekhov.audit.models import ActorKind
from chekhov.orgs.access import (
    GroupScope,
    actor_for_organisation,
    actor_member,
    actor_on_behalf,
    actor_owner,
    employee_for_user,
    groups_for,
    member,
    organisation_for_user,
    organisations_for_user,
    partner_or_none,
    require_partner,
    require_section,
    require_staff,
    sections_for,
)
from chekhov.orgs.errors import (
    DeedNotAllowed,
    EmployeeNotFound,
    NotMember,
    OrganisationNotFound,
    OwnerOnly,
    ReasonTooShort,
    SectionClosed,
)
from chekhov.orgs.models import GroupAccess, Membership
from chekhov.orgs.sections import PARTNER_SECTIONS, Section, StaffDeed

pytestmark = pytest.mark.django_db

STRANGERS = ["stranger", "dismissed", "shut_out", "other_owner", "partner_user", "anonymous"]
OPEN = {
    "owner": set(Section),
    "administrator": {
        Section.KKT,
        Section.REPORTS,
        Section.MANAGEMENT,
        Section.BALANCE,
        Section.EMPLOYEES,
    },
    "clerk": {Section.KKT},
    "clerk_of_documents": {Section.DOCUMENTS},
    "clerk_of_no_group": {Section.KKT},
}


@pytest.fixture
def world():
    return cabinets_make()


def person(world, who):
    return AnonymousUser() if who == "anonymous" else getattr(world, who)


def sees(world, who, section, organisation=None):
    return organisation_for_user(
        user=person(world, who),
        organisation_id=(organisation or world.organisation).pk,
        section=section,
        now=NOW,
    )


@pytest.mark.parametrize("section", Section)
@pytest.mark.parametrize("who", sorted(OPEN))
def test_colleagues_by_the_matrix(world, who, section):
    if section in OPEN[who]:
        assert sees(world, who, section) == world.organisation
        assert require_section(user=person(world, who), section=section).account == world.account
    else:
        with pytest.raises(SectionClosed):
            sees(world, who, section)
        with pytest.raises(SectionClosed):
            require_section(user=person(world, who), section=section)
    assert sections_for(user=person(world, who)) == OPEN[who]


@pytest.mark.parametrize("section", Section)
@pytest.mark.parametrize("who", STRANGERS)
def test_strangers_learn_nothing(world, who, section):
    with pytest.raises(OrganisationNotFound) as there:
        sees(world, who, section)
    with pytest.raises(OrganisationNotFound) as nowhere:
        organisation_for_user(user=person(world, who), organisation_id=0, section=section, now=NOW)
    assert there.value.message == nowhere.value.message
    assert world.organisation not in organisations_for_user(user=person(world, who), section=section, now=NOW)


@pytest.mark.parametrize("who", sorted(OPEN))
def test_nobody_sees_another_cabinet(world, who):
    with pytest.raises(OrganisationNotFound):
        sees(world, who, Section.KKT, world.other_organisation)


@pytest.mark.parametrize("role", [role for role in StaffRole if role])
def test_staff_sees_every_organisation(world, role):
    rows = organisations_for_user(user=world.staff[role], section=Section.BALANCE, now=NOW)
    assert {world.organisation, world.other_organisation} <= set(rows)


@pytest.mark.parametrize("who", ["stranger", "dismissed", "shut_out", "partner_user", "manager", "anonymous"])
def test_no_place_in_a_cabinet(world, who):
    with pytest.raises(NotMember):
        member(user=person(world, who))


def test_rights_taken_away_are_gone_at_once(world):
    """A row kept in a session's memory does not help: every question reads anew."""
    user = world.administrator
    assert require_section(user=user, section=Section.KKT)
    Membership.objects.filter(user=user).update(removed_at=NOW)
    with pytest.raises(NotMember):
        require_section(user=user, section=Section.KKT)


def test_partner_before_during_and_after(world):
    access = partner_access_make(
        partner=world.partner, organisation=world.organisation, until=NOW + dt.timedelta(hours=1)
    )
    assert sees(world, "partner_user", Section.KKT) == world.organisation
    assert sections_for(user=world.partner_user) == PARTNER_SECTIONS
    for section in set(Section) - PARTNER_SECTIONS:
        with pytest.raises(OrganisationNotFound):
            sees(world, "partner_user", section)
    with pytest.raises(OrganisationNotFound):
        sees(world, "partner_user", Section.KKT, world.other_organisation)
    later = NOW + dt.timedelta(hours=1)
    rows = organisations_for_user(user=world.partner_user, section=Section.KKT, now=later)
    assert not rows.exists(), "the moment `until` is the first without access"
    access.revoked_at = NOW
    access.save()
    with pytest.raises(OrganisationNotFound):
        sees(world, "partner_user", Section.KKT)


def test_an_ended_grant_does_not_lend_its_dates_to_another(world):
    """Two rows of the same partner: a revoked one without an end, and one that has ended."""
    partner_access_make(partner=world.partner, organisation=world.organisation, revoked_at=NOW)
    partner_access_make(
        partner=world.partner, organisation=world.organisation, until=NOW - dt.timedelta(minutes=1)
    )
    with pytest.raises(OrganisationNotFound):
        sees(world, "partner_user", Section.KKT)


def test_closed_partner_is_out(world):
    partner_access_make(partner=world.partner, organisation=world.organisation)
    assert require_partner(user=world.partner_user) == world.partner
    world.partner.closed_at = NOW
    world.partner.save()
    assert partner_or_none(user=world.partner_user) is None
    with pytest.raises(NotMember):
        require_partner(user=world.partner_user)
    with pytest.raises(OrganisationNotFound):
        sees(world, "partner_user", Section.KKT)


def test_employees_of_ones_own_cabinet_only(world):
    place = Membership.objects.get(user=world.clerk)
    assert employee_for_user(user=world.administrator, membership_id=place.pk) == place
    with pytest.raises(SectionClosed):
        employee_for_user(user=world.clerk, membership_id=place.pk)
    with pytest.raises(EmployeeNotFound):
        employee_for_user(user=world.other_owner, membership_id=place.pk)
    gone = Membership.objects.get(user=world.dismissed)
    with pytest.raises(EmployeeNotFound):
        employee_for_user(user=world.owner, membership_id=gone.pk)


def test_groups(world):
    assert groups_for(user=world.clerk, now=NOW) == GroupScope(everything=True)
    GroupAccess.objects.create(membership=Membership.objects.get(user=world.clerk_of_no_group), group_id=7)
    assert groups_for(user=world.clerk_of_no_group, now=NOW) == GroupScope(
        everything=False, group_ids=frozenset({7})
    )
    for who in ("stranger", "partner_user"):
        assert groups_for(user=person(world, who), now=NOW) == GroupScope(everything=False)


def test_actors(world):
    assert actor_member(user=world.administrator, section=Section.EMPLOYEES).kind == ActorKind.CUSTOMER
    assert actor_owner(user=world.owner).membership.account == world.account
    with pytest.raises(OwnerOnly):
        actor_owner(user=world.administrator)
    with pytest.raises(SectionClosed):
        actor_member(user=world.clerk, section=Section.EMPLOYEES)


def test_capacity_in_which_somebody_acts(world):
    partner_access_make(partner=world.partner, organisation=world.organisation)
    asked = {"organisation_id": world.organisation.pk, "section": Section.KKT, "now": NOW}
    customer, found = actor_for_organisation(user=world.clerk, **asked)
    assert (customer.kind, found) == (ActorKind.CUSTOMER, world.organisation)
    partner, _ = actor_for_organisation(user=world.partner_user, **asked)
    assert (partner.kind, partner.partner) == (ActorKind.PARTNER, world.partner)
    staff, _ = actor_for_organisation(
        user=world.manager, reason="Клиент попросил по телефону", address="192.0.2.1", **asked
    )
    assert (staff.kind, staff.on_behalf) == (ActorKind.STAFF, True)


@pytest.mark.parametrize("reason", ["", "   ", "надо"])
def test_staff_act_for_a_customer_only_with_a_reason(world, reason):
    with pytest.raises(ReasonTooShort):
        actor_on_behalf(user=world.manager, reason=reason)


def test_staff_by_role(world):
    with pytest.raises(DeedNotAllowed):
        actor_on_behalf(user=world.staff[StaffRole.ACCOUNTANT], reason="Клиент попросил")
    with pytest.raises(DeedNotAllowed):
        require_staff(user=world.staff[StaffRole.ENGINEER], deed=StaffDeed.APPLICATIONS_DECIDE)
    assert require_staff(user=world.manager, deed=StaffDeed.APPLICATIONS_DECIDE).user == world.manager
    for who in ("owner", "stranger", "anonymous"):
        with pytest.raises(NotMember):
            require_staff(user=person(world, who), deed=StaffDeed.CUSTOMERS_SEE)
    fired = world.staff[StaffRole.ADMINISTRATOR]
    fired.is_active = False
    with pytest.raises(NotMember):
        require_staff(user=fired, deed=StaffDeed.CUSTOMERS_SEE)
