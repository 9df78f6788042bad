"""What a person types into the search of registers, as a condition over `k` (see `stages_sql`)."""

from __future__ import annotations

from typing import Any, Final

from chekhov.kkt.entering import digits_of
from chekhov.values.requisites import digits_only

TEXT_CHARACTERS_MAX: Final = 128


def search_where(text: str) -> tuple[str, dict[str, Any]]:
    """Name, address, РНМ, serial number or drive holds the text; numbers also in any spelling, in blocks.

    Letters count alike whether great or small. An unprintable text finds nothing.
    """
    text = " ".join(text.split())
    if not text or len(text) > TEXT_CHARACTERS_MAX or not text.isprintable():
        return "false", {}
    parameters = {"text": f"%{_escaped(text.lower())}%"}
    digits = digits_of(text)
    if digits == text or not digits_only(digits):
        return "k.search LIKE %(text)s", parameters
    # Numbers stand in the lines after the first two, which are the name and the address.
    parameters["digits"] = f"%\n%\n%{digits}%"
    return "k.search LIKE %(text)s OR k.search LIKE %(digits)s", parameters


def _escaped(text: str) -> str:
    """Signs of LIKE stand for themselves."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
