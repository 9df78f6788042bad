"""People of a partner on his card: who works, whose link ran out, and the letter sent again."""

from __future__ import annotations

import datetime as dt

import pytest

from cabinet.papers_world import Papers, browser_of, papers_make
from cabinets import acts_as_staff
from chekhov.notify.models import Letter
from chekhov.orgs.models import PartnerUser
from chekhov.orgs.services import partner_user_invite

pytestmark = pytest.mark.django_db


@pytest.fixture
def papers() -> Papers:
    return papers_make()


def person_make(papers: Papers, *, days_ago: int) -> PartnerUser:
    return partner_user_invite(
        actor=acts_as_staff(papers.people.manager),
        partner_id=papers.people.partner.pk,
        email="p@example.test",
        full_name="Епиходов Семён",
        now=papers.now - dt.timedelta(days=days_ago),
    )


@pytest.mark.parametrize(("days_ago", "word"), [(0, "Ждёт подтверждения"), (3, "Ссылка устарела")])
def test_the_state_and_the_way_out(papers: Papers, days_ago: int, word: str) -> None:
    person = person_make(papers, days_ago=days_ago)
    manager = browser_of(papers.people.manager)
    card = f"/staff/partners/{papers.people.partner.pk}/"
    text = manager.get(card).content.decode()
    assert word in text
    url = f"{card}people/{person.pk}/invite/"
    assert f'href="{url}"' in text
    assert "Прежняя ссылка перестанет действовать." in manager.get(url).content.decode()
    before = Letter.objects.count()
    answer = manager.post(url, follow=True)
    assert "письмо отправлено ещё раз" in answer.content.decode()
    assert Letter.objects.count() == before + 1
    assert "Ждёт подтверждения" in manager.get(card).content.decode()


def test_who_works_is_not_invited(papers: Papers) -> None:
    person = person_make(papers, days_ago=3)
    assert person.user is not None
    person.user.set_password("сад вишнёвый 1904")
    person.user.save()
    manager = browser_of(papers.people.manager)
    card = f"/staff/partners/{papers.people.partner.pk}/"
    url = f"{card}people/{person.pk}/invite/"
    assert url not in manager.get(card).content.decode()
    answer = manager.post(url)
    assert answer.status_code == 422
    assert "уже задал пароль" in answer.content.decode()


def test_a_person_of_another_partner_is_not_there(papers: Papers) -> None:
    manager = browser_of(papers.people.manager)
    url = f"/staff/partners/{papers.people.partner.pk}/people/0/invite/"
    assert manager.post(url).status_code == 404
