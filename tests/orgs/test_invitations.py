import re

import pytest

import factories
from cabinets import NOW, acts, acts_as_staff, cabinets_make
from chekhov.accounts.errors import LinkExpired
from chekhov.accounts.models import EmailLink, LinkPurpose, User
from chekhov.accounts.services.links import link_make
from chekhov.notify.models import Letter
from chekhov.orgs.access import member
from chekhov.orgs.errors import EmployeeNotFound, EmployeeThere, NotMember, PersonTaken
from chekhov.orgs.models import Membership, PartnerUser
from chekhov.orgs.sections import Role, Section
from chekhov.orgs.services import (
    EmployeeForm,
    employee_accept,
    employee_dismiss,
    employee_invite,
    employee_invite_again,
    employee_remove,
    partner_user_dismiss,
    partner_user_invite,
)

pytestmark = pytest.mark.django_db
FORM = EmployeeForm(full_name="Гаев Леонид Андреевич", role=Role.USER, sections=frozenset({Section.KKT}))


@pytest.fixture
def world():
    return cabinets_make()


@pytest.fixture
def token(monkeypatch):
    """The token of the last link of an invitation, as the letter has it."""
    kept = []

    def keeping(**keywords):
        link, url = link_make(**keywords)
        kept.append(re.search(r"/([^/]+)/$", url)[1])
        return link, url

    monkeypatch.setattr("chekhov.accounts.services.registration.link_make", keeping)
    return lambda: kept[-1]


def invite(world, email="gaev@example.test", form=FORM):
    return employee_invite(
        actor=acts(world.owner), account_id=world.account.pk, email=email, form=form, now=NOW
    )


def test_the_invited_comes_in_with_what_he_was_granted(world, token):
    place = invite(world)
    letter = Letter.objects.latest("id")
    assert (letter.template, letter.recipient) == ("employee_invitation", "gaev@example.test")
    assert letter.context["account"] == world.organisation.name
    accepted = employee_accept(token=token(), now=NOW)
    assert accepted.password
    assert accepted.user.check_password(accepted.password)
    assert (accepted.user.last_name, accepted.user.middle_name) == ("Гаев", "Андреевич")
    assert member(user=accepted.user) == place
    assert member(user=accepted.user).open_sections == {Section.KKT}


def test_before_he_comes_he_is_nobody(world):
    invite(world)
    with pytest.raises(NotMember):
        member(user=User.objects.get(email="gaev@example.test"))


def test_who_works_elsewhere_is_told_himself_and_the_inviter_is_not(world, token):
    before = {place.pk for place in Membership.objects.all()}
    place = invite(world, email=world.other_owner.email)
    assert place.pk not in before
    assert Letter.objects.latest("id").recipient == world.other_owner.email
    with pytest.raises(PersonTaken):
        employee_accept(token=token(), now=NOW)
    assert EmailLink.objects.get(purpose=LinkPurpose.INVITATION).used_at is None, "nothing has happened"
    assert member(user=world.other_owner).account == world.other_account


def test_invitation_taken_back(world, token):
    place = invite(world)
    employee_dismiss(actor=acts(world.owner), account_id=world.account.pk, membership_id=place.pk, now=NOW)
    with pytest.raises(LinkExpired):
        employee_accept(token=token(), now=NOW)


def test_place_taken_away_while_the_link_is_followed(world, token):
    place = invite(world)
    employee_remove(actor=acts(world.owner), account_id=world.account.pk, membership_id=place.pk, now=NOW)
    with pytest.raises(EmployeeNotFound):
        employee_accept(token=token(), now=NOW)


def test_invited_again_the_first_link_is_void(world, token):
    place = invite(world)
    first = token()
    again = {
        "actor": acts(world.owner),
        "account_id": world.account.pk,
        "membership_id": place.pk,
        "now": NOW,
    }
    employee_invite_again(**again)
    with pytest.raises(LinkExpired):
        employee_accept(token=first, now=NOW)
    employee_accept(token=token(), now=NOW)
    with pytest.raises(EmployeeThere):
        employee_invite_again(**again)


def test_dismissed_cannot_log_in_and_may_be_invited_anew(world, token):
    invite(world)
    user = employee_accept(token=token(), now=NOW).user
    place = Membership.objects.get(user=user)
    employee_dismiss(actor=acts(world.owner), account_id=world.account.pk, membership_id=place.pk, now=NOW)
    user.refresh_from_db()
    assert not user.is_active
    with pytest.raises(NotMember):
        member(user=user)
    anew = invite(world)
    back = employee_accept(token=token(), now=NOW)
    assert back.user == user
    assert member(user=back.user) == anew != place


def test_person_of_a_partner(world):
    person = partner_user_invite(
        actor=acts_as_staff(world.manager),
        partner_id=world.partner.pk,
        email="p@example.test",
        full_name="Епиходов Семён",
        now=NOW,
    )
    assert person.user.email == "p@example.test"
    assert not person.user.has_usable_password()
    assert Letter.objects.latest("id").context["account"] == world.partner.name
    partner_user_dismiss(actor=acts_as_staff(world.manager), partner_user_id=person.pk, now=NOW)
    person.user.refresh_from_db()
    assert not person.user.is_active


def test_person_of_a_partner_who_has_a_log_in(world):
    taken = factories.user_make()
    before = PartnerUser.objects.count()
    with pytest.raises(PersonTaken):
        partner_user_invite(
            actor=acts_as_staff(world.manager),
            partner_id=world.partner.pk,
            email=taken.email,
            full_name="А Б",
            now=NOW,
        )
    assert PartnerUser.objects.count() == before
