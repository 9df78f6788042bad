"""«Распределить ККТ автоматически»: rules, what they would move, «Применить»."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from cabinet.groups.shop import Shop, shop_make
from cabinet.groups.test_board import plain, text_of
from cabinet.papers_world import browser_of
from chekhov.kkt.models import DistributionRule, Kkt

pytestmark = pytest.mark.django_db
URL = "/cabinet/groups/rules/"


@pytest.fixture
def shop() -> Shop:
    return shop_make()


@pytest.fixture
def owner(shop: Shop) -> Client:
    return browser_of(shop.owner)


def token_of(client: Client, url: str, *, button: str = "") -> str:
    """The token of the form that has the button."""
    html = client.get(url).content.decode()
    forms = re.findall(r"<form.*?</form>", html, re.DOTALL)
    form = next(form for form in forms if "token" in form and f'name="{button}"' in form)
    found = re.search(r'name="token" value="([^"]*)"', form)
    assert found is not None
    return found[1]


def rule_add(client: Client, **fields: object) -> int:
    sent = {"token": token_of(client, f"{URL}add/", button="kind")} | fields
    return int(client.post(f"{URL}add/", sent).status_code)


def rules() -> list[tuple[str, str]]:
    return list(DistributionRule.objects.order_by("place").values_list("kind", "value"))


def test_rules_are_added_and_their_moves_shown_then_made(owner: Client, shop: Shop) -> None:
    assert rule_add(owner, kind="name", mask="касса * входа", group=shop.district.pk) == 302
    assert rule_add(owner, kind="region", region="Пермский край", group=shop.region.pk) == 302
    text = text_of(owner, URL)
    assert "Название: касса * входа в группу" not in text  # the sign between is an icon
    assert "Касса у входа" in text
    assert "Ничья 614000" in text
    assert "2. Регион: Пермский край" in text
    assert "Сказка" not in text, "it is in a group already"
    assert Kkt.objects.get(name="Ничья").group is None, "nothing is moved by looking"
    token = token_of(owner, URL, button="apply")
    done = owner.post(URL, {"apply": "1", "token": token}, follow=True)
    assert "2 кассы отнесены к группам" in plain(done.content.decode())
    assert Kkt.objects.get(name="Ничья").group == shop.region
    assert Kkt.objects.get(name="Касса у входа").group == shop.district
    text = text_of(owner, URL)
    assert "Перемещать нечего" in text
    text = text_of(owner, URL, all="1")
    assert "Сказка" in text
    assert "Кунгурский район Пермский край" in text
    assert "1 касса уже на месте" not in text
    assert "2 кассы уже на месте" in text


def test_what_was_not_shown_is_not_done(owner: Client, shop: Shop) -> None:
    rule_add(owner, kind="region", region="Пермский край", group=shop.region.pk)
    token = token_of(owner, URL, button="apply")
    shop.kkt("Новая", None, "614000, Пермский край, г. Пермь, ул. Попова, д. 11")
    answer = owner.post(URL, {"apply": "1", "token": token}, follow=True)
    assert "проверьте перемещения ещё раз" in plain(answer.content.decode())
    assert Kkt.objects.get(name="Ничья").group is None


def test_order_and_removal(owner: Client, shop: Shop) -> None:
    for mask in ("а", "б", "в"):
        rule_add(owner, kind="name", mask=mask, group=shop.region.pk)
    owner.post(URL, {"up": "3", "token": token_of(owner, URL, button="up")})
    assert [value for _kind, value in rules()] == ["а", "в", "б"]
    owner.post(URL, {"down": "1", "token": token_of(owner, URL, button="down")})
    assert [value for _kind, value in rules()] == ["в", "а", "б"]
    stale = token_of(owner, URL, button="remove")
    owner.post(URL, {"remove": "2", "token": stale})
    assert [value for _kind, value in rules()] == ["в", "б"]
    answer = owner.post(URL, {"remove": "1", "token": stale}, follow=True)
    assert "Правила уже изменил кто-то другой" in plain(answer.content.decode())
    owner.post(URL, {"up": "1", "token": token_of(owner, URL, button="up")})
    owner.post(URL, {"remove": "999", "token": token_of(owner, URL, button="up")})
    assert [value for _kind, value in rules()] == ["в", "б"]


def test_a_rule_without_its_value_is_told(owner: Client, shop: Shop) -> None:
    assert rule_add(owner, kind="name", mask=" ", group=shop.region.pk) == 422
    assert rule_add(owner, kind="tariff", tariff="none-such", group=shop.region.pk) == 422
    assert rule_add(owner, kind="organisation", organisation="1", group="999999") == 422
    foreign = shop.papers.other_kkt.organisation_id
    assert rule_add(owner, kind="organisation", organisation=str(foreign), group=shop.region.pk) == 422
    assert rules() == []


def test_rules_by_company_and_tariff_are_written_in_words(owner: Client, shop: Shop) -> None:
    company = shop.papers.organisation
    rule_add(owner, kind="organisation", organisation=company.pk, group=shop.region.pk)
    rule_add(owner, kind="tariff", tariff="micro", group=shop.region.pk)
    text = text_of(owner, URL)
    assert f"Компания: {company.name}" in text
    assert "Тариф: Микробизнес" in text


def test_many_moves_are_paged(owner: Client, shop: Shop) -> None:
    for number in range(130):
        shop.kkt(f"Ларёк {number:03}")
    rule_add(owner, kind="name", mask="ларёк", group=shop.region.pk)
    text = text_of(owner, URL)
    assert "1–100 из 130" in text
    assert "Ларёк 099" in text
    assert "Ларёк 100" not in text
    assert "101–130 из 130" in text_of(owner, f"{URL}", **{"from": "100"})
    assert "1–100 из 130" in text_of(owner, f"{URL}", **{"from": "9999"})


def test_without_groups_there_is_nothing_to_distribute_into(owner: Client, shop: Shop) -> None:
    Kkt.objects.update(group=None)
    for group in (shop.district, shop.other_district, shop.region):
        group.delete()
    assert "Сначала добавьте группы" in text_of(owner, URL)
    assert "Групп пока нет" in text_of(owner, f"{URL}add/")
