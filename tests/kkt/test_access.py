import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser

import factories
from cabinets import NOW, cabinets_make, partner_access_make
from chekhov.accounts.models import StaffRole
from chekhov.kkt.access import kkt_for_user, kkts_for_user
from chekhov.kkt.errors import KktNotFound
from chekhov.orgs.errors import SectionClosed
from chekhov.orgs.sections import Section

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
