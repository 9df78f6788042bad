import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser

import factories
from cabinets import NOW, cabinets_make, membership_make, partner_access_make
from chekhov.accounts.models import StaffRole
from chekhov.kkt.access import (
    batches_for_user,
    group_for_user,
    groups_for_user,
    kkt_for_user,
    kkts_for_user,
    kkts_seen,
)
from chekhov.kkt.errors import GroupNotFound, KktNotFound
from chekhov.kkt.models import Batch
from chekhov.orgs.errors import SectionClosed
from chekhov.orgs.models import GroupAccess
from chekhov.orgs.sections import Section
from kkt.registers import group_make

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return cabinets_make()


@pytest.fixture
def kkt(world):
    factories.kkt_make(organisation=world.other_organisation)
    factories.kkt_make()
    return factories.kkt_make(organisation=world.organisation)


def person(world, who):
    return AnonymousUser() if who == "nobody" else getattr(world, who)


@pytest.mark.parametrize("role", [role for role in StaffRole if role])
def test_staff_sees_every_register(world, kkt, role):
    user = world.staff[role]
    assert kkt_for_user(user=user, kkt_id=kkt.id, now=NOW) == kkt
    assert kkts_for_user(user=user, now=NOW).count() == 3


@pytest.mark.parametrize("who", ["owner", "administrator", "clerk"])
def test_employees_see_their_cabinets(world, kkt, who):
    user = getattr(world, who)
    assert kkt_for_user(user=user, kkt_id=kkt.id, now=NOW) == kkt
    assert list(kkts_for_user(user=user, now=NOW)) == [kkt]


def test_colleague_without_the_section(world, kkt):
    with pytest.raises(SectionClosed):
        kkt_for_user(user=world.clerk_of_documents, kkt_id=kkt.id, now=NOW)
    assert not kkts_for_user(user=world.clerk_of_documents, now=NOW).exists()


def test_section_by_which_one_comes(world, kkt):
    assert kkt_for_user(user=world.administrator, kkt_id=kkt.id, now=NOW, section=Section.REPORTS) == kkt
    with pytest.raises(SectionClosed):
        kkt_for_user(user=world.clerk, kkt_id=kkt.id, now=NOW, section=Section.REPORTS)


@pytest.mark.parametrize(
    "who",
    [
        "stranger",
        "dismissed",
        "shut_out",
        "other_owner",
        "partner_user",
        "clerk_of_no_group",
        "nobody",
    ],
)
def test_others_do_not_learn_that_it_is_there(world, kkt, who):
    user = person(world, who)
    with pytest.raises(KktNotFound) as there:
        kkt_for_user(user=user, kkt_id=kkt.id, now=NOW)
    with pytest.raises(KktNotFound) as nowhere:
        kkt_for_user(user=user, kkt_id=0, now=NOW)
    assert there.value.message == nowhere.value.message
    assert kkt not in kkts_for_user(user=user, now=NOW)


def test_dismissed_staff(world, kkt):
    fired = world.staff[StaffRole.ENGINEER]
    fired.is_active = False
    with pytest.raises(KktNotFound):
        kkt_for_user(user=fired, kkt_id=kkt.id, now=NOW)


def test_partner_while_he_is_let_in(world, kkt):
    until = NOW + dt.timedelta(days=1)
    access = partner_access_make(partner=world.partner, organisation=world.organisation, until=until)
    asked = {"user": world.partner_user, "kkt_id": kkt.id}
    assert kkt_for_user(now=NOW, **asked) == kkt
    assert list(kkts_for_user(user=world.partner_user, now=NOW)) == [kkt]
    with pytest.raises(KktNotFound):
        kkt_for_user(now=NOW, section=Section.REPORTS, **asked)
    with pytest.raises(KktNotFound):
        kkt_for_user(now=until, **asked)
    access.revoked_at = NOW
    access.save()
    with pytest.raises(KktNotFound):
        kkt_for_user(now=NOW, **asked)


# ── groups ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def tree(world):
    """A group with one below it and one beside, a register in each and one in none."""
    top, beside = group_make(world.account, "Верх"), group_make(world.account, "Рядом")
    inner = group_make(world.account, "Внутри", parent=group_make(world.account, "Между", parent=top))
    groups = {"top": top, "inner": inner, "beside": beside, "none": None}
    return groups, {
        name: factories.kkt_make(organisation=world.organisation, group=group)
        for name, group in groups.items()
    }


def of_groups(world, *groups, **fields):
    defaults = {"sections": [Section.KKT, Section.MANAGEMENT], "all_groups": False}
    place = membership_make(account=world.account, **defaults | fields)
    for group in groups:
        GroupAccess.objects.create(membership=place, group_id=group.pk)
    return place.user


def test_group_covers_those_below(world, tree):
    groups, kkts = tree
    user = of_groups(world, groups["top"])
    assert set(kkts_for_user(user=user, now=NOW)) == {kkts["top"], kkts["inner"]}
    assert kkt_for_user(user=user, kkt_id=kkts["inner"].pk, now=NOW) == kkts["inner"]
    for name in ("beside", "none"):
        with pytest.raises(KktNotFound):
            kkt_for_user(user=user, kkt_id=kkts[name].pk, now=NOW)
    assert {one.name for one in groups_for_user(user=user, now=NOW)} == {"Верх", "Между", "Внутри"}
    assert group_for_user(user=user, group_id=groups["inner"].pk, now=NOW) == groups["inner"]
    with pytest.raises(GroupNotFound):
        group_for_user(user=user, group_id=groups["beside"].pk, now=NOW)


def test_group_below_does_not_open_the_one_above(world, tree):
    groups, kkts = tree
    user = of_groups(world, groups["inner"], groups["beside"])
    assert set(kkts_for_user(user=user, now=NOW)) == {kkts["inner"], kkts["beside"]}


def test_register_that_is_moved_goes_out_of_sight_and_comes_into_it(world, tree):
    groups, kkts = tree
    user = of_groups(world, groups["inner"])
    kkts["inner"].group = groups["beside"]
    kkts["inner"].save()
    kkts["none"].group = groups["inner"]
    kkts["none"].save()
    assert set(kkts_for_user(user=user, now=NOW)) == {kkts["none"]}


def test_group_that_is_moved_takes_its_registers_along(world, tree):
    groups, kkts = tree
    user = of_groups(world, groups["beside"])
    groups["top"].parent = groups["beside"]
    groups["top"].save()
    assert set(kkts_for_user(user=user, now=NOW)) == {kkts["beside"], kkts["top"], kkts["inner"]}


def test_employee_of_groups_without_the_section(world, tree):
    groups, kkts = tree
    user = of_groups(world, groups["top"], sections=[Section.REPORTS])
    with pytest.raises(SectionClosed):
        kkt_for_user(user=user, kkt_id=kkts["inner"].pk, now=NOW)
    with pytest.raises(KktNotFound):
        kkt_for_user(user=user, kkt_id=kkts["beside"].pk, now=NOW)
    assert set(kkts_for_user(user=user, now=NOW, section=Section.REPORTS)) == {kkts["top"], kkts["inner"]}
    with pytest.raises(SectionClosed):
        group_for_user(user=user, group_id=groups["inner"].pk, now=NOW)
    with pytest.raises(GroupNotFound):
        group_for_user(user=user, group_id=groups["beside"].pk, now=NOW)


def test_partner_sees_registers_of_every_group_but_no_groups(world, tree):
    groups, kkts = tree
    partner_access_make(partner=world.partner, organisation=world.organisation)
    assert set(kkts_for_user(user=world.partner_user, now=NOW)) == set(kkts.values())
    assert not groups_for_user(user=world.partner_user, now=NOW, section=Section.KKT).exists()
    with pytest.raises(GroupNotFound):
        group_for_user(user=world.partner_user, group_id=groups["top"].pk, now=NOW)


@pytest.mark.parametrize(
    "who", ["stranger", "other_owner", "dismissed", "clerk_of_no_group", "nobody", "shut_out"]
)
def test_groups_are_not_there_for_others(world, tree, who):
    user = person(world, who)
    assert not groups_for_user(user=user, now=NOW, section=Section.KKT).exists()
    with pytest.raises(GroupNotFound):
        group_for_user(user=user, group_id=tree[0]["top"].pk, now=NOW, section=Section.KKT)


def test_staff_see_groups(world, tree):
    assert groups_for_user(user=world.manager, now=NOW).count() == 4


def test_registers_seen_among_some(world, tree):
    groups, kkts = tree
    foreign = factories.kkt_make(organisation=world.other_organisation)
    ids = [foreign.pk, *(kkt.pk for kkt in kkts.values())]
    assert kkts_seen(user=world.owner, kkt_ids=ids, now=NOW) == {kkt.pk for kkt in kkts.values()}
    clerk = of_groups(world, groups["inner"], sections=[Section.DOCUMENTS])
    assert kkts_seen(user=clerk, kkt_ids=ids, now=NOW) == {kkts["inner"].pk}
    assert kkts_seen(user=world.stranger, kkt_ids=ids, now=NOW) == set()


def test_tables_are_seen_by_colleagues_but_not_by_those_of_some_groups(world, tree):
    partner_access_make(partner=world.partner, organisation=world.organisation)
    part = of_groups(world, tree[0]["top"])
    authors = (world.owner, part, world.partner_user)
    for user in authors:
        Batch.objects.create(organisation=world.organisation, created_by=user, created_at=NOW)

    def seen(user, section=Section.MANAGEMENT):
        return {one.created_by for one in batches_for_user(user=user, now=NOW, section=section)}

    assert seen(world.owner) == seen(world.administrator) == set(authors)
    assert seen(part) == {part}
    assert seen(world.partner_user, Section.KKT) == {world.partner_user}
    assert seen(world.other_owner) == seen(world.stranger) == seen(world.clerk) == set()
