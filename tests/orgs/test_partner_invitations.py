"""A person of a partner who did not follow his link in time gets another one."""

import datetime as dt
import re

import pytest

from cabinets import NOW, acts_as_staff, cabinets_make
from chekhov.accounts.errors import LinkExpired, TooOften
from chekhov.accounts.models import LinkPurpose
from chekhov.accounts.selectors import link_look, users_with_link
from chekhov.accounts.services.links import link_make
from chekhov.audit.models import AuditEntry
from chekhov.notify.models import Letter
from chekhov.orgs.errors import EmployeeNotFound, EmployeeThere
from chekhov.orgs.services import (
    partner_close,
    partner_user_dismiss,
    partner_user_invite,
    partner_user_invite_again,
)

pytestmark = pytest.mark.django_db
LATER = NOW + dt.timedelta(days=3)


@pytest.fixture
def world():
    return cabinets_make()


@pytest.fixture
def tokens(monkeypatch):
    """Tokens of the links sent, as the letters have them."""
    kept = []

    def keeping(**keywords):
        link, url = link_make(**keywords)
        kept.append(re.search(r"/([^/]+)/$", url)[1])
        return link, url

    monkeypatch.setattr("chekhov.orgs.services.invitations.link_make", keeping)
    return kept


@pytest.fixture
def person(world, tokens):
    return partner_user_invite(
        actor=acts_as_staff(world.manager),
        partner_id=world.partner.pk,
        email="p@example.test",
        full_name="Епиходов Семён",
        now=NOW,
    )


def again(world, person, now=LATER):
    return partner_user_invite_again(actor=acts_as_staff(world.manager), partner_user_id=person.pk, now=now)


def look(token, now):
    return link_look(token=token, purpose=LinkPurpose.PASSWORD_SET, now=now)


def invited(person, now):
    return users_with_link(user_ids=[person.user_id], purpose=LinkPurpose.PASSWORD_SET, now=now)


def test_a_link_that_ran_out_is_replaced(world, person, tokens):
    assert invited(person, NOW) == {person.user_id}
    assert invited(person, LATER) == set()
    again(world, person)
    assert invited(person, LATER) == {person.user_id}
    with pytest.raises(LinkExpired):
        look(tokens[0], LATER)
    assert look(tokens[1], LATER).user_id == person.user_id
    letter = Letter.objects.latest("id")
    assert (letter.template, letter.recipient) == ("employee_invitation", "p@example.test")
    assert AuditEntry.objects.latest("id").action == "orgs.partner_user_invited_again"


def test_a_link_that_holds_is_void_after_another(world, person, tokens):
    again(world, person, now=NOW)
    with pytest.raises(LinkExpired):
        look(tokens[0], NOW)
    assert look(tokens[1], NOW)


def test_not_without_end(world, person):
    for _time in range(2):
        again(world, person, now=NOW)
    letters = Letter.objects.count()
    with pytest.raises(TooOften):
        again(world, person, now=NOW)
    assert Letter.objects.count() == letters


def test_who_has_a_password_needs_no_link(world, person):
    person.user.set_password("сад вишнёвый 1904")
    person.user.save()
    with pytest.raises(EmployeeThere):
        again(world, person)


def test_who_is_gone_gets_no_letter(world, person):
    partner_user_dismiss(actor=acts_as_staff(world.manager), partner_user_id=person.pk, now=NOW)
    with pytest.raises(EmployeeNotFound):
        again(world, person)


def test_a_closed_partner_calls_nobody(world, person):
    partner_close(actor=acts_as_staff(world.manager), partner_id=world.partner.pk, reason="x", now=NOW)
    with pytest.raises(EmployeeNotFound):
        again(world, person)
