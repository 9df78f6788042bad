import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chekhov.accounts.errors import BadEmail, BadFullName, BadPhone
from chekhov.accounts.personal import (
    Names,
    email_parse,
    names_parse,
    names_split,
    phone_parse,
    phone_shown,
)
from chekhov.accounts.secrecy import PASSWORD_ALPHABET, password_generate, token_hash, token_make


@pytest.mark.parametrize(
    "text",
    ["9123456789", "89123456789", "+79123456789", "79123456789", "+7 (912) 345-67-89", "8 912 345–67–89 "],
)
def test_phones_as_people_write_them(text):
    assert phone_parse(text) == "+79123456789"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "912345678",
        "91234567890",
        "+19123456789",
        "0123456789",
        "1123456789",
        "9123456789 доб. 1",
        "+7",
        "9" * 60,
        "٩123456789",
        "9123456789\n9",
    ],
)
def test_what_is_no_phone_is_refused(text):
    with pytest.raises(BadPhone):
        phone_parse(text)


def test_phones_are_shown():
    assert phone_shown("+79123456789") == "+7 912 345-67-89"
    assert phone_shown("") == ""


@given(st.text(max_size=60))
@settings(max_examples=150)
def test_whatever_is_typed_is_a_phone_or_our_error(text):
    try:
        phone = phone_parse(text)
    except BadPhone:
        return
    assert len(phone) == 12
    assert phone_parse(phone_shown(phone)) == phone


@given(st.text(max_size=80), st.text(max_size=80))
@settings(max_examples=150)
def test_whatever_is_typed_is_a_name_or_our_error(last, first):
    try:
        names = names_parse(last_name=last, first_name=first)
    except BadFullName:
        return
    assert names_parse(last_name=names.last_name, first_name=names.first_name) == names
    assert names.full_name.isprintable()


def test_names():
    names = names_parse(last_name=" Чехов ", first_name="Антон", middle_name="")
    assert names.full_name == "Чехов Антон"
    for bad in ({"last_name": " "}, {"first_name": ""}, {"first_name": "а" * 65}, {"middle_name": "а\0"}):
        with pytest.raises(BadFullName):
            names_parse(**{"last_name": "Чехов", "first_name": "Антон"} | bad)


@pytest.mark.parametrize(
    "text",
    ["", "anton", "a@b", "a b@c.test", "a@b.test\nx", "антон@b.test", "a" * 250 + "@b.test", "a\0@b.test"],
)
def test_what_is_no_email_is_refused(text):
    with pytest.raises(BadEmail):
        email_parse(text)


def test_passwords_are_strong_and_readable():
    made = {password_generate() for _ in range(200)}
    assert len(made) == 200
    for password in made:
        groups = password.split("-")
        assert [len(group) for group in groups] == [4, 4, 4, 4]
        assert not set("".join(groups)) - set(PASSWORD_ALPHABET)
        assert any(map(str.isdigit, password))
        assert any(map(str.isalpha, password))
    assert not set("ilo01") & set(PASSWORD_ALPHABET)


def test_tokens():
    tokens = {token_make() for _ in range(50)}
    assert len(tokens) == 50
    assert all(len(token) == 43 for token in tokens)
    assert len({token_hash(token) for token in tokens}) == 50
    assert len(token_hash("x" * 100_000)) == 64


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Чехов Антон Павлович", Names("Чехов", "Антон", "Павлович")),
        ("  Чехов   Антон ", Names("Чехов", "Антон")),
        ("Чехов", Names("Чехов", "")),
        ("", Names("", "")),
        ("Оглы Али Мамед  оглы", Names("Оглы", "Али", "Мамед оглы")),
    ],
)
def test_a_line_of_names_in_its_usual_order(line, names):
    assert names_split(line) == names
