"""«Управление ККТ» and «ККТ»: who sees which registers, in which words, narrowed and ordered by the address."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest

import factories
from backoffice.conftest import project
from backoffice.journal import Register
from cabinet.papers_world import Papers, browser_of
from chekhov import clock
from chekhov.cabinet.kkts import lists
from chekhov.kkt.models import Group, Kkt
from chekhov.orgs.models import GroupAccess, Membership

pytestmark = pytest.mark.django_db
MANAGEMENT = "/cabinet/management/"


def shown(answer) -> list[str]:
    return [row["name"].value for row in answer.context["table"].rows]


def text_of(answer) -> str:
    return answer.content.decode().replace("\N{NO-BREAK SPACE}", " ").replace("&nbsp;", " ")


def test_counters_balance_and_the_way_to_the_price_list(papers: Papers, browsers: SimpleNamespace) -> None:
    factories.kkt_make(organisation=papers.organisation, name="Без номера", rnm=None)
    text = text_of(browsers.owner.get(MANAGEMENT))
    assert "<dt>Зарегистрировано:</dt><dd>0 касс</dd>" in text
    assert "<dt>Всего касс:</dt><dd>2 кассы</dd>" in text
    assert "<dt>Доступно для активации ККТ:</dt><dd>0</dd>" in text
    assert 'href="/cabinet/prices/">Купить тариф' in text
    assert "Купить тариф" not in text_of(browsers.administrator.get(MANAGEMENT)), (
        "the list is not open to him"
    )


def test_counters_of_many_come_after_the_page(
    papers: Papers, browsers: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "COUNTED_AT_ONCE", 0)
    text = text_of(browsers.owner.get(MANAGEMENT))
    assert 'hx-trigger="load"' in text
    assert "Зарегистрировано:</dt>" not in text
    headers = {"HX-Request": "true", "HX-Target": "kkt-counts"}
    part = text_of(browsers.owner.get(MANAGEMENT, headers=headers))
    assert "<dt>Всего касс:</dt><dd>1 касса</dd>" in part
    assert "<main" not in part
    assert "<dt>Всего касс:</dt><dd>1 касса</dd>" in text_of(browsers.owner.get(f"{MANAGEMENT}?counts=1"))


def test_before_the_report_dashes_after_it_address_and_drive(shop: Papers, register: Register) -> None:
    kkt = factories.kkt_make(organisation=shop.organisation, name="Настоящая", rnm=register.rnm, serial="")
    client = browser_of(shop.people.owner)
    [row] = client.get(f"{MANAGEMENT}?q=Настоящая").context["table"].rows
    assert (row["address"], row["drive_until"]) == ("", None)
    assert row["stage"].value.word == "Ожидается отчет о регистрации"
    assert row["stage"].url == f"/cabinet/kkt/{kkt.pk}/state/"
    register.register(dt.date(2026, 11, 16))
    project()
    [row] = client.get(f"{MANAGEMENT}?q=Настоящая").context["table"].rows
    assert row["address"].startswith("107078, Россия, Москва")
    assert row["drive_until"].count(".") == 2
    assert row["stage"].value.word == "ККТ зарегистрирована"
    assert row["rnm"].url == f"/cabinet/kkt/{kkt.pk}/"


def test_the_search_and_the_filters_stand_in_the_address(papers: Papers, browsers: SimpleNamespace) -> None:
    group = Group.objects.create(account=papers.people.account, name="Север")
    below = Group.objects.create(account=papers.people.account, name="Пермь", parent=group)
    kkt = factories.kkt_make(organisation=papers.organisation, name="В группе", group=below, tariff="test")
    for query, expected in (
        (f"q={kkt.rnm[:4]}%20{kkt.rnm[4:]}", ["В группе"]),
        ("q=входа", ["Касса у входа"]),
        (f"group={group.pk}", ["В группе"]),
        ("group=none", ["Касса у входа"]),
        ("tariff=test", ["В группе"]),
        ("stage=awaiting", ["В группе", "Касса у входа"]),
        ("stage=registered", []),
        ("drive=30", []),
        ("silent=24", []),
        ("stage=ерунда&group=999999&drive=x&silent=y", ["В группе", "Касса у входа"]),
    ):
        answer = browsers.owner.get(f"{MANAGEMENT}?{query}")
        assert shown(answer) == expected, query
        assert "field-error" not in answer.content.decode(), "a stale address is no mistake of the person"
    Kkt.objects.filter(pk=kkt.pk).update(created_at=clock.now() - dt.timedelta(days=2))
    assert shown(browsers.owner.get(f"{MANAGEMENT}?silent=24")) == ["В группе"]
    assert "Показать все кассы" in text_of(browsers.owner.get(f"{MANAGEMENT}?q=нетнет"))


def test_order_columns_and_pages_by_key(papers: Papers, browsers: SimpleNamespace) -> None:
    names = {f"Павильон {number:02}" for number in range(45)} | {"Касса у входа"}
    for number in range(45):
        factories.kkt_make(organisation=papers.organisation, name=f"Павильон {number:02}")
    seen: list[str] = []
    url = f"{MANAGEMENT}?order=-name&size=20&columns=rnm"
    for _ in range(5):
        table = browsers.owner.get(url).context["table"]
        seen += [row["name"].value for row in table.rows]
        assert [head.column.key for head in table.heads] == ["name", "rnm"]
        if not table.older_url:
            break
        url = table.older_url
    assert seen == sorted(names, reverse=True)


def test_empty_says_what_to_do(papers: Papers, browsers: SimpleNamespace) -> None:
    Kkt.objects.all().delete()
    text = text_of(browsers.owner.get(MANAGEMENT))
    assert "Касс пока нет" in text
    assert 'href="/cabinet/kkt/add/">Добавить ККТ' in text
    text = text_of(browsers.clerk.get("/cabinet/kkt/"))
    assert "Когда кассу добавят в кабинет" in text


def test_a_restricted_employee_sees_his_groups_with_all_below(papers: Papers) -> None:
    north = Group.objects.create(account=papers.people.account, name="Север")
    perm = Group.objects.create(account=papers.people.account, name="Пермь", parent=north)
    south = Group.objects.create(account=papers.people.account, name="Юг")
    for group in (north, perm, south):
        factories.kkt_make(organisation=papers.organisation, name=f"Касса: {group.name}", group=group)
    place = Membership.objects.get(user=papers.people.clerk_of_no_group)
    GroupAccess.objects.create(membership=place, group_id=north.pk)
    client = browser_of(papers.people.clerk_of_no_group)
    answer = client.get("/cabinet/kkt/")
    assert sorted(shown(answer)) == ["Касса: Пермь", "Касса: Север"]
    choices = dict(answer.context["filters"].fields["group"].choices)
    assert {str(north.pk), str(perm.pk)} <= set(choices)
    assert str(south.pk) not in choices
    assert "none" not in choices, "registers of no group are not his"
    exported = b"".join(client.get("/cabinet/kkt/kkt.csv").streaming_content).decode()
    assert "Касса: Пермь" in exported
    assert "Юг" not in exported
    assert "Касса у входа" not in exported


def test_the_reader_has_no_deeds(papers: Papers, browsers: SimpleNamespace) -> None:
    answer = browsers.clerk.get("/cabinet/kkt/")
    assert [action.label for action in answer.context["table"].select.actions] == ["Выгрузить"]
    assert "Добавить ККТ" not in text_of(answer)
    labels = [action.label for action in browsers.owner.get(MANAGEMENT).context["table"].select.actions]
    assert labels == ["Активировать тариф", "Присвоить группу", "Выгрузить"]


def test_the_list_asks_a_bounded_number_of_questions(
    papers: Papers, browsers: SimpleNamespace, django_assert_max_num_queries
) -> None:
    for _ in range(30):
        factories.kkt_make(organisation=papers.organisation)
    with django_assert_max_num_queries(14):
        browsers.owner.get(MANAGEMENT)


def test_models_are_looked_for_only_when_they_are_asked_for(
    papers: Papers, browsers: SimpleNamespace
) -> None:
    Kkt.objects.filter(pk=papers.kkt.pk).update(model="АТОЛ 91Ф")
    Kkt.objects.filter(pk=papers.other_kkt.pk).update(model="Чужая модель")
    closed = text_of(browsers.owner.get(MANAGEMENT))
    assert "АТОЛ 91Ф</option>" not in closed
    assert 'hx-get="/cabinet/kkt/models/"' in closed
    part = text_of(browsers.owner.get("/cabinet/kkt/models/"))
    assert "АТОЛ 91Ф</option>" in part
    assert "Чужая модель" not in part
    assert "АТОЛ 91Ф</option>" in text_of(browsers.owner.get(f"{MANAGEMENT}?models=1"))
    answer = browsers.owner.get(f"{MANAGEMENT}?model=АТОЛ 91Ф")
    assert shown(answer) == ["Касса у входа"]
    assert shown(browsers.owner.get(f"{MANAGEMENT}?model=Никакая")) == []


def test_chosen_columns_are_remembered_by_all_lists_of_registers(papers: Papers, browsers) -> None:
    browsers.owner.get(MANAGEMENT, {"columns": ["name", "model"]})
    for url in (MANAGEMENT, "/cabinet/kkt/"):
        text = browsers.owner.get(url).content.decode()
        assert 'data-label="Модель"' in text or "Модель</th>" in text or ">Модель<" in text
        assert ">Действие ФН<" not in text.split("<thead")[1].split("</thead>")[0]
    browsers.owner.get(MANAGEMENT, {"columns": ""})
    assert "Действие ФН" in browsers.owner.get(MANAGEMENT).content.decode().split("<thead")[1]
