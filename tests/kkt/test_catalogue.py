"""Families of registers as data: found by a model's name in any spelling, each with a whole instruction."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chekhov.kkt.catalogue import (
    Certainty,
    RegisterKind,
    families,
    family_by_key,
    family_of_model,
)
from chekhov.kkt.catalogue_families import FAMILIES

# Names of keys are never promised: nobody has checked them on every version.
KEY_NAMES = re.compile(r"\b(нажмите|клавиш|кнопк[аиу] ?«?[A-ZА-Я]{2})", re.IGNORECASE)


def test_there_are_enough_and_each_has_its_own_key():
    assert len(FAMILIES) >= 20
    assert len({family.key for family in FAMILIES}) == len(FAMILIES)
    assert len({family.shown for family in FAMILIES}) == len(FAMILIES)
    assert {family.kind for family in FAMILIES} == set(RegisterKind)
    assert {family.certainty for family in FAMILIES} == set(Certainty)


def test_no_model_stands_in_two_families():
    names = [
        re.sub(r"\W", "", name.casefold())
        for family in FAMILIES
        for name in {*family.models, *family.sold_as}
    ]
    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.key)
def test_every_family_is_found_by_every_name_of_its(family):
    assert family.models
    for name in (*family.models, *family.sold_as):
        for spelling in (
            name,
            name.upper(),
            name.lower(),
            f"ККТ {name}",
            name.replace("-", " "),
            f" {name}. ",
        ):
            assert family_of_model(spelling) is family, spelling


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.key)
def test_every_family_has_a_whole_instruction(family):
    sections = family.guide()
    assert [section.title for section in sections] == [
        "Что подготовить",
        "Где указать оператора",
        "Отчёт о регистрации",
        "Что проверить",
    ]
    steps = [step for section in sections for step in section.steps]
    assert all(len(section.steps) >= 2 for section in sections)
    assert len(set(steps)) == len(steps), "nothing is said twice"
    for step in steps:
        assert step[0].isupper() or step[0] == "«", step
        assert step.endswith("."), step
        assert "  " not in step
        assert step.count("«") == step.count("»")
        assert not KEY_NAMES.search(step), step
    told = " ".join(family.steps)
    assert re.search(r"адрес", told, re.IGNORECASE), "every register is told where to send"
    assert "ИНН" in told or "параметров целиком" in told
    assert family.kind_words
    assert family.certainty_words


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("атол 91-ф", "atol-button"),
        ("ATOЛ 30Ф", "atol-printer"),  # Latin A, T and O
        ("АТОЛ 22 v2 Ф", "atol-printer"),
        ("ККТ «ЭВОТОР СТ2Ф», версия 1.0", "evotor"),
        ("Эвотор 7.2", "evotor"),
        ("МSРОS-К", "mspos"),  # Russian М, Р, О and К
        ("MSPOS-K", "mspos"),
        ("Меркурий 185 Ф", "mercury-button"),
        ("Меркурий-119Ф", "mercury-printer"),
        ("Вики Принт 57 Плюс Ф", "viki-print"),
        ("Вики Мини Ф", "viki-pos"),
        ("Штрих-Лайт-01Ф", "shtrih-printer"),
        ("ЭЛВЕС-ФР-Ф", "shtrih-printer"),
        ("ЭЛВЕС-МФ", "elves-button"),
        ("aQsi 5", "aqsi"),
        ("ёлка Касса Ф", "dreamkas"),
    ],
)
def test_spellings_of_people_and_of_reports(text, key):
    found = family_of_model(text)
    assert found is not None
    assert found.key == key


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "Ф",
        "АТОЛ",
        "АТОЛ 911Ф",
        "XАТОЛ 91Ф",
        "Касса Ферма",
        "Эвоторг",
        "001",
        "ККТ",
        "Меркурий",
        "½ АТОЛ",
    ],
)
def test_what_is_not_known_is_not_guessed(text):
    assert family_of_model(text) is None


def test_a_very_long_text_is_read_only_in_part():
    assert family_of_model("я " * 500 + "Эвотор") is None


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_answered(text):
    found = family_of_model(text)
    assert found is None or found in FAMILIES


def test_the_list_is_ordered_and_whole():
    listed = families()
    assert set(listed) == set(FAMILIES)
    assert [family.maker.casefold() for family in listed] == sorted(
        family.maker.casefold() for family in FAMILIES
    )
    assert family_by_key(listed[0].key) is listed[0]
    assert family_by_key("no such") is None


def test_shown_says_the_maker_once():
    told = {family.key: family.shown for family in FAMILIES}
    assert told["atol-button"] == "АТОЛ: кнопочные 90Ф, 91Ф, 92Ф"
    assert told["pioneer"] == "Пионер-114Ф"
