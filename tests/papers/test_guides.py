"""Instructions and the application to stop serving a register, as papers."""

import dataclasses
import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chekhov.kkt.catalogue import families
from chekhov.papers import typeset
from chekhov.papers.connection_guide import (
    ConnectionGuideSheet,
    ConnectionParameters,
    connection_guide_pdf,
)
from chekhov.papers.party import Party
from chekhov.papers.rnm_guide import RnmGuideSheet, rnm_guide_pdf
from chekhov.papers.stop_service import StopServiceSheet, stop_service_pdf

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)
PARAMETERS = ConnectionParameters(
    operator_name="ООО «Оператор»",
    operator_inn="7700000009",
    host="ofd.example.test",
    port=7777,
    address="192.0.2.10",
    check_url="https://ofd.example.test/check/",
)
CONNECTION = ConnectionGuideSheet(
    family="АТОЛ: кнопочные",
    parameters=PARAMETERS,
    sections=[("Где указать оператора", ["Откройте настройки.", "Введите адрес."])],
    caution="Названия отличаются.",
    name="Касса у входа",
    rnm="0000000001012345",
)
RNM = RnmGuideSheet(operator_name="ООО «Оператор»", operator_inn="7700000009")
STOP = StopServiceSheet(
    application_number=7,
    contract_number=213,
    signed_on=dt.date(2017, 10, 18),
    register=[("РНМ", "0000000001012345"), ("ЗН ККТ", "00106300000001"), ("Место установки", "офис")],
    customer=Party(name="ООО «Вишнёвый сад»", inn="7799000005", head="Раневская Любовь Андреевна"),
    operator=Party(name="ООО «Оператор»", inn="7700000009"),
    send_to="614045, г. Пермь, а/я 5",
)
PAPERS = [(connection_guide_pdf, CONNECTION), (rnm_guide_pdf, RNM), (stop_service_pdf, STOP)]


def shown(template, sheet):
    return typeset.preview(template, sheet.as_data())


@pytest.mark.parametrize(("make", "sheet"), PAPERS)
def test_is_a_pdf_and_the_same_one_again(make, sheet):
    made = make(sheet, made_at=NOW)
    assert made.startswith(b"%PDF-")
    assert make(sheet, made_at=NOW) == made


def test_parameters_in_the_order_registers_ask():
    assert PARAMETERS.lines() == [
        ("Название ОФД", "ООО «Оператор»"),
        ("ИНН ОФД", "7700000009"),
        ("Адрес сервера", "ofd.example.test"),
        ("IP-адрес", "192.0.2.10"),
        ("Порт", "7777"),
        ("Адрес для проверки чека", "https://ofd.example.test/check/"),
    ]
    bare = dataclasses.replace(PARAMETERS, host="192.0.2.10", check_url="")
    assert [word for word, _value in bare.lines()] == ["Название ОФД", "ИНН ОФД", "Адрес сервера", "Порт"]


def test_the_connection_guide_names_the_register_if_it_is_for_one():
    data = CONNECTION.as_data()
    assert data["title"] == "Подключение кассы к ООО «Оператор»"
    assert {"word": "РНМ", "value": "0000000001012345"} in data["facts"]
    anybody = dataclasses.replace(CONNECTION, name="", rnm="").as_data()
    assert {fact["word"] for fact in anybody["facts"]} == {word for word, _value in PARAMETERS.lines()}
    assert shown("guide", CONNECTION) != shown("guide", dataclasses.replace(CONNECTION, rnm=""))


def test_every_family_makes_a_guide_of_two_pages_at_most():
    for family in families():
        sheet = dataclasses.replace(
            CONNECTION,
            family=family.shown,
            sections=[(part.title, part.steps) for part in family.guide()],
            caution=family.certainty_words,
        )
        assert len(shown("guide", sheet)) <= 2, family.key


def test_the_rnm_guide_tells_law_terms_and_the_operator():
    guide = RNM.guide()
    titles = [title for title, _steps in guide.sections]
    assert titles == [
        "Что понадобится",
        "Как заполнить заявление",
        "Что придёт в ответ",
        "Что делать с номером",
        "Сроки",
    ]
    terms = dict(guide.sections)["Сроки"]
    assert (
        "не позднее рабочего дня, следующего за днём получения РНМ (54-ФЗ, статья 4.2, пункт 3)" in terms[0]
    )
    assert "30 дней" in terms[1]
    assert "не срок по закону" in terms[1]
    filling = " ".join(dict(guide.sections)["Как заполнить заявление"])
    assert "ООО «Оператор», ИНН 7700000009" in filling
    assert len(shown("guide", RNM)) == 2


def test_the_application_shows_every_line_and_number():
    pages = shown("stop_service", STOP)
    assert len(pages) == 1
    for change in (
        {"register": STOP.register[:-1]},
        {"contract_number": 214},
        {"application_number": None},
        {"send_to": "другой адрес"},
    ):
        assert shown("stop_service", dataclasses.replace(STOP, **change)) != pages, change


HOSTILE = [
    '#panic("x")',
    "$x$ *a* _b_ `c` @ref",
    "] #set page(width: 1pt) [",
    '"}); #read("/etc/passwd")',
    "а" * 3000,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_people_type_is_only_text(text):
    party = Party(name=text, inn="1", head=text, head_position=text)
    stop = dataclasses.replace(STOP, register=[(text, text)], customer=party, operator=party, send_to=text)
    assert shown("stop_service", stop)
    guide = dataclasses.replace(
        CONNECTION,
        family=text,
        name=text,
        rnm=text,
        caution=text,
        sections=[(text, [text])],
        parameters=dataclasses.replace(PARAMETERS, operator_name=text, host=text),
    )
    assert shown("guide", guide)
    assert shown("guide", RnmGuideSheet(operator_name=text, operator_inn=text))


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_set(text):
    stop = dataclasses.replace(STOP, register=[("РНМ", text)], send_to=text)
    assert stop_service_pdf(stop, made_at=NOW).startswith(b"%PDF-")
