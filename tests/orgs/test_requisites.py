import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabinets import requisites_make
from chekhov.links.directory_reading import CompanyCard
from chekhov.orgs.errors import FieldsWrong
from chekhov.orgs.requisites import (
    FIELD_WORDS,
    REQUIRED,
    Requisites,
    form_lines,
    locked_fields,
    requisites_clean,
)
from chekhov.values.requisites import Inn

TRADER = {"inn": "500100732259", "kpp": "", "ogrn": "304500116000157"}


def test_spaces_go_and_the_same_address_is_not_kept_twice():
    given_ = requisites_make(
        inn=" 7700000009 ", name="  ООО   «А» ", postal_address="101000, г. Москва,  ул. Садовая, д. 1"
    )
    clean = requisites_clean(given_, sole_trader=False)
    assert (clean.inn, clean.name, clean.postal_address) == ("7700000009", "ООО «А»", "")
    assert requisites_clean(clean, sole_trader=False) == clean


def test_sole_trader():
    clean = requisites_clean(requisites_make(**TRADER, name="", full_name="ИП Чехов А. П."), sole_trader=True)
    assert (clean.is_sole_trader, clean.name, clean.kpp) == (True, "ИП Чехов А. П.", "")


@pytest.mark.parametrize(
    ("change", "sole_trader", "wrong"),
    [
        ({"inn": "7700000008"}, False, "inn"),
        ({"inn": "0000000000"}, False, "inn"),
        ({"inn": ""}, False, "inn"),
        ({"inn": "500100732259"}, False, "inn"),
        ({"inn": "7700000009", "kpp": "", "ogrn": "304500116000157"}, True, "inn"),
        ({"kpp": ""}, False, "kpp"),
        ({"kpp": "77"}, False, "kpp"),
        ({**TRADER, "kpp": "770101001"}, True, "kpp"),
        ({"ogrn": ""}, False, "ogrn"),
        ({"ogrn": "1027700132196"}, False, "ogrn"),
        ({"ogrn": "304500116000157"}, False, "ogrn"),
        ({**TRADER, "ogrn": "1027700132195"}, True, "ogrn"),
        ({"legal_address": " "}, False, "legal_address"),
        ({"legal_address": "а" * 513}, False, "legal_address"),
        ({"head_surname": ""}, False, "head_surname"),
        ({"head_position": "а\0"}, False, "head_position"),
        ({"name": "а" * 257}, False, "name"),
    ],
)
def test_what_is_wrong(change, sole_trader, wrong):
    with pytest.raises(FieldsWrong) as refused:
        requisites_clean(requisites_make(**change), sole_trader=sole_trader)
    assert set(refused.value.fields) == {wrong}


def test_everything_wrong_is_told_at_once():
    with pytest.raises(FieldsWrong) as refused:
        requisites_clean(Requisites(inn="1"), sole_trader=False)
    assert set(refused.value.fields) == {"inn", "kpp", "ogrn", *REQUIRED}
    assert list(refused.value.fields) == [name for name in FIELD_WORDS if name in refused.value.fields]


@given(st.fixed_dictionaries({name: st.text(max_size=30) for name in FIELD_WORDS}), st.booleans())
def test_any_text_is_clean_or_refused(texts, sole_trader):
    try:
        clean = requisites_clean(Requisites(**texts), sole_trader=sole_trader)
    except FieldsWrong as refused:
        clean = None
        wrong = set(refused.fields)
    if clean is None:
        assert wrong <= set(FIELD_WORDS)
    else:
        assert requisites_clean(clean, sole_trader=sole_trader) == clean


def test_as_data_and_back():
    requisites = requisites_make(postal_address="а/я 5")
    assert Requisites.from_data({**requisites.as_data(), "later": "x"}) == requisites
    assert Requisites.from_data({}).inn == ""


def test_locked_fields():
    assert locked_fields(None) == {"inn"}
    card = CompanyCard(inn=Inn("7700000009"), name="А", kpp="770001001", address="Москва")
    assert locked_fields(card) == {"inn", "kpp", "legal_address"}
    filled = Requisites.of_card(card)
    assert (filled.inn, filled.name, filled.full_name, filled.legal_address) == (
        "7700000009",
        "А",
        "А",
        "Москва",
    )


def test_lines_of_the_form_take_whatever_is_right():
    lines = {line.name: line for line in form_lines(sole_trader=False)}
    assert list(lines) == list(FIELD_WORDS)
    assert set(FIELD_WORDS) - {line.name for line in form_lines(sole_trader=True)} == {"kpp"}
    clean = requisites_clean(requisites_make(), sole_trader=False)
    assert all(len(value) <= lines[name].characters_max for name, value in clean.as_data().items())
    assert lines["name"].characters_max == 256
