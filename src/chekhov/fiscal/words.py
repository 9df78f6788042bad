"""Words of a name, for searching by their beginnings, and the number a name goes by. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Final

WORD: Final = re.compile(r"\w+")
WORDS_ASKED_MAX: Final = 8
WORD_CHARACTERS_MAX: Final = 64
NAME_CHARACTERS_MAX: Final = 128
"""Tags 1030 and 1021 are not longer; what a faulty document has beyond it is cut off."""


def name_clean(text: str, characters_max: int = NAME_CHARACTERS_MAX) -> str:
    """A text of a document as the database takes it: one line, no NUL, not longer than allowed."""
    return " ".join(text.replace("\0", " ").split())[:characters_max].rstrip()


def name_number(name: str) -> int:
    """A signed 64-bit number made of the name: the same wherever and whenever it is met.

    Two names of one number are expected among thousands of millions of names; they would share a line in a list of
    goods and nothing else.
    """
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big", signed=True)


@lru_cache(maxsize=8_192)
def words_of(name: str) -> tuple[str, ...]:
    """Its words in lower case, «ё» as «е», each once, sorted."""
    found = WORD.findall(name.lower().replace("ё", "е"))
    return tuple(sorted({word[:WORD_CHARACTERS_MAX] for word in found}))


def words_fit(asked: Sequence[str], name: str) -> bool:
    """Whether each word that is asked for is the beginning of a word of the name."""
    words = words_of(name)
    return all(any(word.startswith(one) for word in words) for one in asked)


def words_asked(text: str) -> tuple[str, ...]:
    """The words of what a person typed; a number of them that is bounded."""
    return words_of(text[: WORDS_ASKED_MAX * WORD_CHARACTERS_MAX])[:WORDS_ASKED_MAX]


def words_query(asked: Sequence[str]) -> str:
    """The same question as a `tsquery`: all words, each by its beginning. Words are of letters and digits only."""
    return " & ".join(f"'{word}':*" for word in asked)
