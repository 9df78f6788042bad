"""«Состояние и история»: only what is true, only of one's own companies and groups."""

import datetime as dt

import pytest
from django.test import Client

import factories
from cabinet.papers_world import Papers, browser_of, papers_make
from cabinets import membership_make
from chekhov.kkt.models import Group, Kkt
from chekhov.orgs.models import GroupAccess, Membership
from chekhov.orgs.sections import Section

pytestmark = pytest.mark.django_db
URL = "/cabinet/balance/"


@pytest.fixture
def papers() -> Papers:
    made = papers_make()
    Kkt.objects.filter(pk=made.kkt.pk).update(tariff="standard", served_until=made.now + dt.timedelta(days=9))
    return made


@pytest.fixture
def owner(papers: Papers) -> Client:
    return browser_of(papers.people.owner)


def lines(client: Client, url: str = URL) -> dict[str, tuple[int, dt.datetime | None, int]]:
    rows = client.get(url).context["table"].rows
    return {row["tariff"]: (row["served"], row["nearest"], row["over"]) for row in rows}


def test_registers_are_counted_by_tariff_with_the_nearest_end(owner: Client, papers: Papers) -> None:
    organisation, now = papers.organisation, papers.now
    near, past = now + dt.timedelta(days=2), now - dt.timedelta(days=1)
    factories.kkt_make(organisation=organisation, tariff="standard", served_until=near)
    factories.kkt_make(organisation=organisation, tariff="standard", served_until=past)
    factories.kkt_make(organisation=organisation, tariff="standard", served_until=near, stopped_at=past)
    factories.kkt_make(organisation=organisation, tariff="test", served_until=past)
    factories.kkt_make(organisation=organisation)
    factories.kkt_make(organisation=papers.people.other_organisation, tariff="micro", served_until=near)
    assert lines(owner) == {
        "Тестовый": (0, None, 1),
        "Стандарт": (2, near, 1),
        "Без срока: поставлены оператором": (1, None, 0),
    }
    assert list(lines(owner)) == ["Тестовый", "Стандарт", "Без срока: поставлены оператором"]


def test_blocks_say_nothing_is_paid_for(owner: Client, papers: Papers) -> None:
    text = owner.get(URL).content.decode()
    assert papers.people.owner.email in text
    assert "Доступно кодов активации:" in text
    assert "Доступно касс для регистрации:" in text
    assert "Оплаты в кабинете пока нет" in text


def test_the_company_is_chosen_from_the_list(owner: Client, papers: Papers) -> None:
    second = factories.organisation_make(account=papers.people.account, name="ООО «Чайка»")
    factories.kkt_make(organisation=second, tariff="micro", served_until=papers.now + dt.timedelta(days=5))
    assert list(lines(owner, f"{URL}?organisation={second.pk}")) == ["Микробизнес"]
    text = owner.get(f"{URL}?organisation={second.pk}").content.decode()
    assert f'<option value="{second.pk}" selected>' in text
    assert f'<option value="{papers.organisation.pk}">' in text


@pytest.mark.parametrize("number", ["0", "abc", "²", "-1", "9" * 30, "99999999"])
def test_what_is_no_company_is_not_there(owner: Client, number: str) -> None:
    assert owner.get(f"{URL}?organisation={number}").status_code == 404


def test_a_foreign_company_is_not_there(owner: Client, papers: Papers) -> None:
    foreign = papers.people.other_organisation
    answer = owner.get(f"{URL}?organisation={foreign.pk}")
    assert answer.status_code == 404
    assert foreign.inn not in answer.content.decode()


def test_an_employee_of_some_groups_counts_only_theirs(papers: Papers) -> None:
    group = Group.objects.create(account=papers.people.account, name="Юг")
    user = membership_make(account=papers.people.account, sections=[Section.BALANCE], all_groups=False).user
    client = browser_of(user)
    assert lines(client) == {}
    factories.kkt_make(organisation=papers.organisation, group=group, tariff="micro")
    GroupAccess.objects.create(membership=Membership.objects.get(user=user), group_id=group.pk)
    assert lines(client) == {"Микробизнес": (1, None, 0)}


def test_topping_up_is_offered_with_the_price_list_only(papers: Papers, owner: Client) -> None:
    assert "Пополнить баланс" in owner.get(URL).content.decode()
    assert "Пополнить баланс" not in browser_of(papers.people.administrator).get(URL).content.decode()


def test_a_cabinet_without_companies(papers: Papers) -> None:
    papers.kkt.delete()
    papers.people.account.organisations.update(account=None)
    answer = browser_of(papers.people.administrator).get(URL)
    assert answer.status_code == 200
    assert "Компаний в кабинете пока нет" in answer.content.decode()
