"""«Обзор» against a plain list of what was sold, for each who may see it; days, files, and what stops."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

import factories
from cabinet.overview.conftest import DAYS, FIRST, LAST, Stand, csv_rows
from cabinet.papers_world import browser_of
from cabinets import partner_access_make
from chekhov import clock
from chekhov.cabinet.overview.files import csv_of, workbook_of
from chekhov.cabinet.overview.parts import Part, Row, Share, part_named, rate_text
from chekhov.face.cells import Column, Money
from chekhov.face.figures import blocks_text, sum_text
from chekhov.fiscal.dashboard import Period
from chekhov.kkt.models import Standing

Ask = Callable[..., str]
QUERIES_MAX = 22
PARTS = ("days", "hours", "registers", "groups", "companies", "cashiers", "payments", "vat", "goods")


def roubles(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def test_sums_are_those_of_the_documents(stand: Stand, ask: Ask) -> None:
    mine = ("grouped", "loose", "other")
    text = ask(stand.people.owner)
    assert sum_text(stand.revenue(*mine)) in text
    client = browser_of(stand.people.owner)
    whole = Decimal(stand.revenue(*mine)) / 100
    for part in PARTS:
        rows = csv_rows(client, part)
        assert rows, part
        if "Выручка" in rows[0] and part != "goods":
            assert sum(roubles(row["Выручка"]) for row in rows) == whole, part
        assert f'id="{part}"' in text, part
    by_register = {row["Касса"]: roubles(row["Выручка"]) for row in csv_rows(client, "registers")}
    assert by_register == {stand.kkts[name].name: Decimal(stand.revenue(name)) / 100 for name in mine}
    by_group = {row["Группа"]: roubles(row["Выручка"]) for row in csv_rows(client, "groups")}
    assert by_group["Центр"] == Decimal(stand.revenue("grouped")) / 100
    assert by_group["Без группы"] == Decimal(stand.revenue("loose", "other")) / 100
    rnms = {row["РНМ"] for row in csv_rows(client, "registers")}
    assert rnms == {f'="{stand.registers[name].rnm}"' for name in mine}


def test_days_are_whole_and_months_come_when_there_are_two(stand: Stand) -> None:
    client = browser_of(stand.people.owner)
    days = csv_rows(client, "days")
    assert [row["День"] for row in days] == [
        f"{FIRST + dt.timedelta(days=number):%d.%m.%Y}" for number in range((LAST - FIRST).days + 1)
    ]
    assert client.get(reverse("overview_csv", args=("months",)), DAYS).status_code == 404
    months = csv_rows(client, "months", since="2026-10-30")
    assert [row["Месяц"] for row in months] == ["Октябрь 2026", "Ноябрь 2026"]
    assert client.get(reverse("overview_csv", args=("nonsense",)), DAYS).status_code == 404
    one_day = client.get(reverse("overview"), {"since": "2026-11-18", "until": "2026-11-18"}).content.decode()
    assert 'id="hours"' in one_day
    assert 'id="days"' not in one_day


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"company": "people.organisation"}, ("grouped", "loose")),
        ({"group": "group"}, ("grouped",)),
        ({"group": "none"}, ("loose", "other")),
        ({"kkt": "loose"}, ("loose",)),
        ({"kkt": "foreign"}, ("grouped", "loose", "other")),
        ({"company": "10000000000000000000000000"}, ("grouped", "loose", "other")),
    ],
)
def test_filters(stand: Stand, query: dict[str, str], names: tuple[str, ...]) -> None:
    known = {"people.organisation": stand.people.organisation.pk, "group": stand.group.pk} | {
        name: kkt.pk for name, kkt in stand.kkts.items()
    }
    asked = {name: str(known.get(value, value)) for name, value in query.items()}
    rows = csv_rows(browser_of(stand.people.owner), "registers", **asked)
    assert {row["Касса"] for row in rows} == {stand.kkts[name].name for name in names}


def test_an_employee_of_one_group_sees_only_its_sums(stand: Stand, ask: Ask) -> None:
    text = ask(stand.of_centre)
    assert sum_text(stand.revenue("grouped")) in text
    assert blocks_text(stand.registers["grouped"].rnm) in text
    for name in ("loose", "other", "foreign"):
        assert stand.kkts[name].name not in text
        assert blocks_text(stand.registers[name].rnm) not in text
    client = browser_of(stand.of_centre)
    for query in ({}, {"group": "none"}, {"kkt": str(stand.kkts["loose"].pk)}, {"q": "Касса"}):
        rows = csv_rows(client, "registers", **query)
        assert [row["Касса"] for row in rows] == ["Касса в центре"], query
    whole = csv_rows(client, "days")
    assert sum(roubles(row["Выручка"]) for row in whole) == Decimal(stand.revenue("grouped")) / 100
    book = load_workbook(io.BytesIO(client.get(reverse("overview_xlsx"), DAYS).content))
    cells = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "Касса в центре" in cells
    assert not cells & {stand.kkts[name].name for name in ("loose", "other", "foreign")}


def test_who_sees_no_register_sees_no_sum(stand: Stand, ask: Ask) -> None:
    text = ask(stand.people.clerk_of_no_group)
    assert "Касс пока нет" in text
    assert "₽" not in text
    foreign = ask(stand.people.other_owner)
    assert sum_text(stand.revenue("foreign")) in foreign
    assert stand.kkts["grouped"].name not in foreign


def test_somebody_elses_number_adds_nothing(stand: Stand, ask: Ask) -> None:
    """A register entered under a РНМ that another company's documents name."""
    kkt = stand.kkts["loose"]
    type(kkt).objects.filter(pk=stand.kkts["foreign"].pk).delete()
    type(kkt).objects.filter(pk=kkt.pk).update(rnm=stand.registers["foreign"].rnm)
    rows = csv_rows(browser_of(stand.people.owner), "registers")
    assert {row["Касса"] for row in rows} == {stand.kkts[name].name for name in ("grouped", "other")}
    assert sum_text(stand.revenue("grouped", "other")) in ask(stand.people.owner)


def test_a_partner_sees_customers_who_let_him_in_and_not_their_groups(stand: Stand, ask: Ask) -> None:
    people = stand.people
    assert "Касс пока нет" in ask(people.partner_user)
    partner_access_make(partner=people.partner, organisation=people.organisation, granted_by=people.owner)
    text = ask(people.partner_user)
    assert sum_text(stand.revenue("grouped", "loose")) in text
    assert "Центр" not in text
    client = browser_of(people.partner_user)
    assert client.get(reverse("overview_csv", args=("groups",)), DAYS).status_code == 404
    assert reverse("partner_kkts") in text


def test_days_of_a_named_period_settle_into_its_name(stand: Stand) -> None:
    client = browser_of(stand.people.owner)
    today = timezone.localdate(clock.now())
    days = {"since": today.isoformat(), "until": today.isoformat()}
    answer = client.get(reverse("overview"), {"period": "today", **days, "group": "none"})
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"{reverse('overview')}?period=today&group=none"
    assert client.get(answer.headers["Location"]).status_code == 200
    assert client.get(reverse("overview"), {"period": "week", **days}).status_code == 200


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"since": "2026-11-18", "until": "2026-11-17"}, "кончается раньше"),
        ({"since": "2025-01-01", "until": "2026-11-17"}, "не больше 366"),
        ({"since": "0001-01-01", "until": "0001-01-02"}, "до 2017 года"),
        ({"since": "вчера"}, "Напишите день так"),
        ({"since": "9999-12-30", "until": "9999-12-31"}, "Так далеко вперёд"),
    ],
)
def test_days_amiss_are_told(stand: Stand, query: dict[str, str], said: str) -> None:
    answer = browser_of(stand.people.owner).get(reverse("overview"), query)
    assert answer.status_code == 422
    assert said in answer.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        {"since": "2017-01-01"} | {"until": "2017-01-01"},
        {"until": "18.11.2026"},
        {"since": "2026-11-18"},
        {"period": "nonsense", "company": "x", "kkt": "-1", "q": "%"},
        {"q": "\0", "group": "\0"},
    ],
)
def test_odd_days_are_answered(stand: Stand, query: dict[str, str]) -> None:
    assert browser_of(stand.people.owner).get(reverse("overview"), query).status_code == 200


def test_the_nearest_ends_stand_first(stand: Stand, ask: Ask) -> None:
    now = timezone.localtime(clock.now())
    Standing.objects.all().delete()
    assert "Всё спокойно" in ask(stand.people.clerk_of_no_group)
    for number in range(7):
        kkt = factories.kkt_make(organisation=stand.people.organisation, name=f"Кончается {number}")
        Standing.objects.create(
            rnm=kkt.rnm,
            inn=kkt.organisation.inn,
            fn=f"999954000000077{number}",
            registered_at=now.replace(tzinfo=None) - dt.timedelta(days=80),
            drive_until=now.date() + dt.timedelta(days=3 + number),
            last_issued_at=now.replace(tzinfo=None),
            last_received_at=now,
        )
    text = ask(stand.people.owner).split('aria-label="Период"')[0]
    assert [number for number in range(7) if f"Кончается {number}" in text] == [0, 1, 2, 3, 4]
    assert "Всё спокойно" in ask(stand.of_centre) or "Кончается" not in ask(stand.of_centre)


def test_tabs_stand_on_the_list_too(stand: Stand) -> None:
    text = browser_of(stand.people.clerk).get(reverse("cabinet_kkts")).content.decode()
    for name in ("overview", "attention"):
        assert f'href="{reverse(name)}"' in text


def test_the_workbook_holds_numbers_and_no_formulas() -> None:
    part = Part(
        "cashiers",
        "По кассирам",
        "Кассир",
        (Column("revenue", "Выручка", end=True), Column("share", "Доля", end=True)),
        [Row("=1+1", (Money(-12_345), Share(7))), Row("Гаев\x0bЛ. А.", (Money(None), Share(None)))],
    )
    book = load_workbook(io.BytesIO(workbook_of("Обзор", [("Период", "=2+2")], [part])))
    assert book.sheetnames == ["Обзор", "По кассирам"]
    first, second = list(book["По кассирам"].iter_rows(min_row=2))
    assert (first[0].value, first[0].data_type) == ("=1+1", "s")
    assert (first[1].value, first[2].value) == (-123.45, 7)
    assert (second[0].value, second[1].value, second[2].value) == ("ГаевЛ. А.", None, None)
    assert book["Обзор"]["B1"].data_type == "s"
    assert csv_of(part).decode("utf-8-sig").split("\r\n")[1:-1] == ["'=1+1;-123,45;7", "Гаев\x0bЛ. А.;;"]
    assert part_named([part], "days") is None


def test_a_rate_that_the_law_changed_has_both_names() -> None:
    years = Period(dt.date(2018, 12, 1), dt.date(2019, 1, 31))
    assert rate_text(1, years) == "НДС 18% и НДС 20%"
    assert rate_text(1, Period(dt.date(2026, 1, 1), dt.date(2026, 1, 31))) == "НДС 20%"
    assert rate_text(11, Period(dt.date(2026, 1, 1), dt.date(2026, 1, 31))) == "НДС 22%"
    assert rate_text(6, years) == "Сумма без НДС"


def test_the_page_asks_the_database_as_often_whatever_there_is(
    stand: Stand, django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    client = browser_of(stand.people.owner)
    client.get(reverse("overview"), DAYS)
    for _ in range(2):
        with django_assert_max_num_queries(QUERIES_MAX):
            client.get(reverse("overview"), DAYS)
        for _ in range(30):
            factories.kkt_make(organisation=stand.people.organisation, group=stand.group)
