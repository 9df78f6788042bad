import pytest
from hypothesis import given
from hypothesis import strategies as st

from chekhov.kkt.regions import REGIONS, region_of


@pytest.mark.parametrize(
    ("address", "region"),
    [
        ("614000, Пермский край, г. Пермь, ул. Ленина, 1", "Пермский край"),
        ("614000,59,ПЕРМСКИЙ КРАЙ,Пермь", "Пермский край"),
        ("Край Пермский; Кунгур", "Пермский край"),
        ("Красноярский край Емельяновский район", "Красноярский край"),
        ("101000, г. Москва, ул. Садовая", "Москва"),
        ("г.Москва,ул.Омская обл", "Москва"),
        ("Москва г, Арбат", "Москва"),
        ("Россия, Свердловская обл., Екатеринбург", "Свердловская область"),
        ("обл. Свердловская, Екатеринбург", "Свердловская область"),
        ("Татарстан Респ, Казань", "Республика Татарстан"),
        ("Татарстан, Казань", "Республика Татарстан"),
        ("Чеченская Республика, Грозный", "Чеченская Республика"),
        ("Саха /Якутия/ Респ, Якутск", "Республика Саха (Якутия)"),
        ("Ханты-Мансийский Автономный округ - Югра АО, Сургут", "Ханты-Мансийский автономный округ — Югра"),
        ("Еврейская Аобл, Биробиджан", "Еврейская автономная область"),
        ("Санкт-Петербург, Невский пр.", "Санкт-Петербург"),
        ("Мелихово, 1", ""),
        ("ул. Пермский край, 5", ""),
        ("Тверская, 5", ""),
        ("Московская ул, 5", ""),
        ("", ""),
        (",;,", ""),
    ],
)
def test_regions(address, region):
    assert region_of(address) == region


def test_there_are_as_many_as_in_the_constitution():
    assert len(REGIONS) == 89


@pytest.mark.parametrize("region", REGIONS)
def test_every_region_is_found_by_its_own_name(region):
    assert region_of(f"123456, {region}, ул. Чехова, 1") == region
    assert region_of(region.upper()) == region


@given(st.text())
def test_any_text_is_survived(text):
    assert region_of(text) in {"", *REGIONS}
