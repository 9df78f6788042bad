"""The region (субъект Федерации) in the address a register reported.

Addresses are free text: from a directory («614000, Пермский край, г. Пермь, …»), with a region's number, or typed by
hand. What is not found is "", never a guess from the name of a town or a street.
Source of the names: the Constitution, article 65.
"""

from __future__ import annotations

import re
from typing import Final

PARTS_LOOKED_AT: Final = 5  # index, number, country, number and name: the region is among the first

_KINDS: Final = {
    "край": "край", "кр": "край", "область": "область", "обл": "область", "аобл": "область", "республика": "республика",
    "респ": "республика", "ао": "округ", "округ": "округ", "г": "город", "город": "город", "гор": "город",
}  # fmt: skip
_PASSED_OVER: Final = frozenset(
    {"россия", "рф", "российская", "федерация", "а", "о", "авт", "автономный", "автономная"}
)

_TERRITORIES: Final = "Алтайский Забайкальский Камчатский Краснодарский Красноярский Пермский Приморский Ставропольский Хабаровский"
_PROVINCES: Final = (
    "Амурская Архангельская Астраханская Белгородская Брянская Владимирская Волгоградская Вологодская Воронежская "
    "Запорожская Ивановская Иркутская Калининградская Калужская Кемеровская Кировская Костромская Курганская Курская "
    "Ленинградская Липецкая Магаданская Московская Мурманская Нижегородская Новгородская Новосибирская Омская "
    "Оренбургская Орловская Пензенская Псковская Ростовская Рязанская Самарская Саратовская Сахалинская Свердловская "
    "Смоленская Тамбовская Тверская Томская Тульская Тюменская Ульяновская Херсонская Челябинская Ярославская"
)
_REPUBLICS: Final = "Адыгея Алтай Башкортостан Бурятия Дагестан Ингушетия Калмыкия Карелия Коми Крым Мордовия Татарстан Тыва Хакасия"
_NAMED: Final = {
    ("республика", "кабардино"): "Кабардино-Балкарская Республика",
    ("республика", "карачаево"): "Карачаево-Черкесская Республика",
    ("республика", "донецкая"): "Донецкая Народная Республика",
    ("республика", "луганская"): "Луганская Народная Республика",
    ("республика", "марий"): "Республика Марий Эл",
    ("республика", "саха"): "Республика Саха (Якутия)",
    ("республика", "якутия"): "Республика Саха (Якутия)",
    ("республика", "северная"): "Республика Северная Осетия — Алания",
    ("республика", "удмуртская"): "Удмуртская Республика",
    ("республика", "удмуртия"): "Удмуртская Республика",
    ("республика", "чеченская"): "Чеченская Республика",
    ("республика", "чечня"): "Чеченская Республика",
    ("республика", "чувашская"): "Чувашская Республика",
    ("республика", "чувашия"): "Чувашская Республика",
    ("область", "еврейская"): "Еврейская автономная область",
    ("округ", "еврейская"): "Еврейская автономная область",
    ("округ", "ненецкий"): "Ненецкий автономный округ",
    ("округ", "ханты"): "Ханты-Мансийский автономный округ — Югра",
    ("округ", "чукотский"): "Чукотский автономный округ",
    ("округ", "ямало"): "Ямало-Ненецкий автономный округ",
    ("город", "москва"): "Москва",
    ("город", "санкт"): "Санкт-Петербург",
    ("город", "севастополь"): "Севастополь",
}
_BY_WORDS: Final[dict[tuple[str, str], str]] = {
    **{("край", word.lower()): f"{word} край" for word in _TERRITORIES.split()},
    **{("область", word.lower()): f"{word} область" for word in _PROVINCES.split()},
    **{("республика", word.lower()): f"Республика {word}" for word in _REPUBLICS.split()},
    **_NAMED,
}
REGIONS: Final = tuple(sorted(set(_BY_WORDS.values())))
"""All names `region_of` gives."""

# What needs no word of its kind beside it: nothing else is called so.
_ALONE: Final = {
    word: name
    for (kind, word), name in _BY_WORDS.items()
    if kind == "город" or (kind == "республика" and not word.endswith("ая") and word not in {"алтай", "коми"})
}
_SIGNS = re.compile(r"[^\w]+|_")


def region_of(address: str) -> str:
    """The region by its own name: «Пермский край», «Москва», «Республика Татарстан»; "" if there is none."""
    parts = [part for part in re.split(r"[,;]", address) if part.strip()]
    for part in parts[:PARTS_LOOKED_AT]:
        words = [
            word for word in _SIGNS.sub(" ", part.lower().replace("ё", "е")).split() if not word.isdigit()
        ]
        while words and words[0] in _PASSED_OVER - {"автономный", "автономная"}:
            del words[0]
        if found := _named(words):
            return found
    return ""


def _named(words: list[str]) -> str:
    """The region a part of an address begins with. The word of the kind stands first, or after the name."""
    if not words:
        return ""
    if words[0] in _KINDS:
        return _BY_WORDS.get((_KINDS[words[0]], words[1]), "") if len(words) > 1 else ""
    for word in words[1:5]:
        kind = _KINDS.get(word)
        if kind is not None and (kind, words[0]) in _BY_WORDS:
            return _BY_WORDS[kind, words[0]]
        if kind is None and word not in _PASSED_OVER and word not in _FOLLOWING:
            break
    whole = len(words) == 1 or (words[0] in {"санкт", "саха", "марий"} and len(words) == 2)
    return _ALONE.get(words[0], "") if whole else ""


# Second words of names, between the first and the word of the kind.
_FOLLOWING: Final = frozenset(
    {
        "балкарская",
        "черкесская",
        "народная",
        "эл",
        "якутия",
        "осетия",
        "алания",
        "мансийский",
        "югра",
        "ненецкий",
        "петербург",
    }
)
