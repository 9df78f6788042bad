"""Models of registers as data: families with the steps to enter the operator's settings, found by a model's name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from chekhov.kkt.catalogue_families import FAMILIES
from chekhov.kkt.register_family import (
    CERTAINTY_WORDS,
    KIND_WORDS,
    Certainty,
    GuideSection,
    RegisterFamily,
    RegisterKind,
)

__all__ = [
    "CERTAINTY_WORDS",
    "KIND_WORDS",
    "Certainty",
    "GuideSection",
    "RegisterFamily",
    "RegisterKind",
    "families",
    "family_by_key",
    "family_of_model",
]

MODEL_CHARACTERS_MAX: Final = 256
# Latin letters that look like Russian ones: makers, the tax service and people mix them in one name.
_ALIKE: Final = str.maketrans("abcehkmoptxy", "авсенкмортху")
_NOT_SAID: Final = re.compile(r"[^0-9a-zа-я]+")


def families() -> tuple[RegisterFamily, ...]:
    """Every family, by maker and name, as a list to choose from shows them."""
    return _sorted()


def family_by_key(key: str) -> RegisterFamily | None:
    """The family by its stable key, as it stands in addresses of pages."""
    return next((family for family in FAMILIES if family.key == key), None)


def family_of_model(text: str) -> RegisterFamily | None:
    """The family a model belongs to, by its name in any spelling; None if it is not known.

    The longest known name wins: «АТОЛ 22 v2 Ф» is not «АТОЛ 2». A name stands at the beginning of the text or
    anywhere as a whole, so that «ККТ АТОЛ 91Ф» is found and «АТОЛ 911Ф» is not.
    """
    asked = _words(text[:MODEL_CHARACTERS_MAX])
    best: tuple[int, RegisterFamily | None] = (0, None)
    for name, family in _names():
        if len(name) > best[0] and _holds(asked, name):
            best = (len(name), family)
    return best[1]


@lru_cache(maxsize=1)
def _sorted() -> tuple[RegisterFamily, ...]:
    return tuple(sorted(FAMILIES, key=lambda family: (family.maker.casefold(), family.name.casefold())))


@lru_cache(maxsize=1)
def _names() -> tuple[tuple[str, RegisterFamily], ...]:
    return tuple(
        ("".join(_words(name)), family) for family in FAMILIES for name in (*family.models, *family.sold_as)
    )


def _words(text: str) -> list[str]:
    """The text's runs of letters and of digits, in one alphabet: «АТОЛ 91-Ф» → атол, 91, ф."""
    plain = _NOT_SAID.sub(" ", text.casefold().replace("ё", "е").translate(_ALIKE))
    return re.findall(r"\d+|[^\W\d_]+", plain)


def _holds(words: Iterable[str], name: str) -> bool:
    """Whether neighbouring words make up the name."""
    parts = list(words)
    for first in range(len(parts)):
        run = ""
        for part in parts[first:]:
            run += part
            if run == name:
                return True
            if len(run) >= len(name):
                break
    return False
