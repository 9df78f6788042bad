from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chekhov.fiscal.words import name_clean, name_number, words_asked, words_fit, words_of, words_query

CP866 = st.text([bytes([number]).decode("cp866") for number in range(256)], max_size=40)


def test_words_are_found_by_their_beginnings_in_any_case_and_with_either_letter():
    name = "Молоко «Тёплый луг» 3,2 %, 930 мл"
    assert words_of(name) == ("2", "3", "930", "луг", "мл", "молоко", "теплый")
    for text in ("мол", "ТЕПЛ лу", "тёп", "930 молоко", "3,2"):
        assert words_fit(words_asked(text), name), text
    for text in ("олоко", "молоко кефир", "9300"):
        assert not words_fit(words_asked(text), name), text


@given(CP866, CP866)
def test_every_name_is_found_by_its_own_words_and_the_question_is_only_of_words(text, other):
    name = name_clean(text)
    asked = words_asked(name)
    assert words_fit(asked, name)
    assert words_fit(asked, f"{other} {name}")
    assert len(asked) <= 8
    query = words_query(asked)
    assert query.count("'") == 2 * len(asked)
    assert "\\" not in query


@given(CP866)
def test_a_name_is_kept_as_the_database_takes_it(text):
    name = name_clean(text)
    assert "\0" not in name
    assert name == name_clean(name)
    assert len(name_clean(text * 10)) <= 128


@pytest.mark.parametrize("name", ["", "Молоко", "Молоко "])
def test_a_name_has_the_same_number_everywhere(name):
    assert -(2**63) <= name_number(name) < 2**63
    assert name_number(name) == name_number("".join(name))


def test_numbers_of_names_differ():
    names = [f"Товар {number}" for number in range(5_000)]
    assert len({name_number(name) for name in names}) == len(names)


def test_the_number_of_a_name_never_changes():
    assert name_number("Молоко") == NUMBER_OF_MILK


NUMBER_OF_MILK = 3455882141985180172
"""Stored rows rest on it."""
