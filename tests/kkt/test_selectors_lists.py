import datetime as dt

import pytest

import factories
from cabinets import NOW, cabinets_make
from chekhov.kkt.access import kkts_for_user
from chekhov.kkt.models import Kkt
from chekhov.kkt.selectors_lists import (
    ORDERS,
    KktsWanted,
    kkt_line,
    kkts_counts,
    kkts_page,
    models_of,
)
from kkt.registers import group_make, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return cabinets_make()


def names(rows, *, order="name", limit=50, before=None, **wanted):
    page = kkts_page(rows, KktsWanted(**wanted), NOW, order=order, limit=limit, before=before)
    return [line.kkt.name for line in page.rows]


def whole(rows, order, limit):
    found, before = [], None
    while True:
        page = kkts_page(rows, KktsWanted(), NOW, order=order, limit=limit, before=before)
        found += [line.kkt.pk for line in page.rows]
        before = page.next_cursor
        if before is None:
            return found


@pytest.fixture
def shop(world):
    """Five registers, two of the same name; of two nothing is known."""
    for place, name in enumerate(["Б", "А", "В", "А", "Г"]):
        kkt = factories.kkt_make(organisation=world.organisation, name=name, created_at=NOW)
        if place < 3:
            told(
                kkt,
                address=f"Мелихово, {3 - place}",
                drive_until=dt.date(2027, 1, 1 + place),
                last_received_at=NOW - dt.timedelta(days=place),
                model=f"Модель-{place % 2}",
            )
    return Kkt.objects.filter(organisation=world.organisation)


@pytest.mark.parametrize("limit", [1, 2, 50])
@pytest.mark.parametrize("order", [f"{sign}{word}" for word in ORDERS for sign in ("", "-")])
def test_pages_hold_every_register_once_in_order(shop, order, limit):
    found = whole(shop, order, limit)
    assert sorted(found) == sorted(shop.values_list("pk", flat=True))
    lines = [kkt_line(shop.get(pk=number), NOW) for number in found]
    word = order.lstrip("-")
    values = [
        {
            "name": line.kkt.name,
            "address": line.address,
            "drive_until": line.drive_until,
            "last_heard": line.last_heard_at,
        }[word]
        for line in lines
    ]
    known = [value for value in values if value]
    assert values[: len(known)] == known, "what is unknown comes last"
    assert known == sorted(known, reverse=order.startswith("-"))


def test_register_added_between_two_pages_moves_nothing(shop, world):
    page = kkts_page(shop, KktsWanted(), NOW, limit=2)
    factories.kkt_make(organisation=world.organisation, name="А")
    factories.kkt_make(organisation=world.organisation, name="Я")
    assert names(shop, before=page.next_cursor) == ["А", "Б", "В", "Г", "Я"]


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "!!!!",
        "W10",
        "bnVsbA",
        "WyJuYW1lIixudWxsLCJ4Il0",
        "WyJuYW1lIiwiXHUwMDAwIiwxXQ",
        "WyJuYW1lIiwxLDFd",
        "Ы",
    ],
)
def test_cursor_that_is_not_ours_gives_the_first_page(shop, cursor):
    assert names(shop, before=cursor) == ["А", "А", "Б", "В", "Г"]
    assert len(names(shop, before=cursor, order="drive_until")) == 5


def test_cursor_of_another_order_and_an_unknown_order(shop):
    cursor = kkts_page(shop, KktsWanted(), NOW, limit=2).next_cursor
    assert len(names(shop, before=cursor, order="address")) == 5
    assert names(shop, order="password") == ["А", "А", "Б", "В", "Г"]


def test_filters(shop, world):
    group = group_make(world.account)
    inner = group_make(world.account, parent=group)
    other = factories.organisation_make(account=world.account)
    Kkt.objects.filter(name="Б").update(group=group)
    Kkt.objects.filter(name="В").update(group=inner, tariff="micro")
    factories.kkt_make(organisation=other, name="Чужая в кабинете")
    mine = kkts_for_user(user=world.owner, now=NOW)
    assert names(mine, organisation_id=other.pk) == ["Чужая в кабинете"]
    assert names(mine, group_id=group.pk) == ["Б", "В"]
    assert names(mine, group_id=inner.pk) == ["В"]
    assert names(mine, no_group=True) == ["А", "А", "Г", "Чужая в кабинете"]
    assert names(mine, tariff="micro") == ["В"]
    assert names(shop, model="Модель-0") == ["Б", "В"]
    assert names(shop, drive_ends_before=dt.date(2027, 1, 2)) == ["Б"]
    assert names(shop, silent_since=NOW - dt.timedelta(days=1)) == ["В"]
    Kkt.objects.filter(name="Г").update(created_at=NOW - dt.timedelta(days=9))
    assert names(shop, silent_since=NOW - dt.timedelta(days=1)) == ["В", "Г"]
    assert names(mine, group_id=group.pk, tariff="micro", text="мелихово") == ["В"]
    assert models_of(mine, NOW) == ["Модель-0", "Модель-1"]


def test_search(world):
    kkt = factories.kkt_make(
        organisation=world.organisation,
        name="Касса 100% «У Фирса»",
        serial="ABC00017",
        drive_serial="9999078900007432",
    )
    told(kkt, fn="9999078900001111", serial="ABC00017", address="г. Пермь, ул. Ёлочная_5")
    factories.kkt_make(organisation=world.organisation, name="Другая", serial="77777777")
    mine = kkts_for_user(user=world.owner, now=NOW)
    blocks = " ".join(kkt.rnm[place : place + 4] for place in range(0, 16, 4))
    for text in (
        "у фирса", "У ФИРСА", "100%", "  пермь,   УЛ ", "ёЛОЧНАЯ_", "abc00017", "ABC", kkt.rnm, blocks, kkt.rnm[4:12],
        "00007432", "9999 0789 0000 1111", f"РНМ: {kkt.rnm}",
    ):  # fmt: skip
        expected = ["Касса 100% «У Фирса»"] if text != "ул " else []
        assert names(mine, text=text.replace("УЛ ", "УЛ.")) == expected, text
    for text in ("фирса_", "%", "_", "\\", "\0", "x\0", "а" * 200, "нет такого", "9999999999999999"):
        assert names(mine, text=text) == (["Касса 100% «У Фирса»"] if text in {"%", "_"} else []), text
    assert len(names(mine, text="   ")) == 2


def test_search_sees_no_standing_of_another(world):
    kkt = factories.kkt_make(organisation=world.organisation, name="Моя")
    told(kkt, inn="7700000009", address="Тайное место", fn="9999078900001111", serial="TAJNA", model="Тайная")
    mine = kkts_for_user(user=world.owner, now=NOW)
    for text in ("тайное", "9999078900001111", "TAJNA"):
        assert names(mine, text=text) == []
    line = kkt_line(kkt, NOW)
    assert (line.standing, line.address, line.model, line.drive_serial) == (None, "", "", "")
    assert models_of(mine, NOW) == []


def test_what_was_entered_and_is_otherwise_is_remarked(world):
    kkt = factories.kkt_make(organisation=world.organisation, serial="0017", drive_serial="9999078900007432")
    assert kkt_line(kkt, NOW).remarks == ()
    told(kkt, serial="18", fn="9999078900001111")
    assert kkt_line(kkt, NOW).remarks == (
        "Заводской номер: указан 0017, в отчете 18",
        "Номер ФН: указан 9999078900007432, в отчете 9999078900001111",
    )


def test_nobody_has_an_empty_list(world):
    rows = kkts_for_user(user=world.stranger, now=NOW)
    assert names(rows) == names(rows, text="касса") == []
    assert tuple(kkts_counts(rows, NOW)) == (0, 0)


def test_a_page_takes_a_few_questions_whatever_its_length(shop, django_assert_max_num_queries):
    with django_assert_max_num_queries(5):
        kkts_page(shop, KktsWanted(), NOW)
