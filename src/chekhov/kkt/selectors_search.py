"""What a person types into the search of registers, as a condition over `k` (see `stages_sql`).

What people entered is looked through as it is read; what documents told, in one pass over the standings of the
organisations concerned, so that no join of all with all is made for a text that few or none have.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

from chekhov.kkt.entering import digits_of
from chekhov.values.requisites import digits_only

TEXT_CHARACTERS_MAX: Final = 128


def search_where(text: str, inns: Collection[str]) -> tuple[str, dict[str, Any]]:
    """Name, address, РНМ, serial number or drive holds the text; numbers also in any spelling, in blocks.

    inns: of the organisations whose registers are asked for. Letters count alike whether great or small. An
    unprintable text finds nothing.
    """
    text = " ".join(text.split())
    if not text or len(text) > TEXT_CHARACTERS_MAX or not text.isprintable():
        return "false", {}
    parameters: dict[str, Any] = {"inns": sorted(inns), "text": f"%{_escaped(text.lower())}%"}
    entered, told = ["k.search LIKE %(text)s"], ["st.search LIKE %(text)s"]
    digits = digits_of(text)
    if digits_only(digits):
        # Numbers stand in the lines after the first, which is the name or the address.
        parameters["digits"] = f"%\n%{digits}%"
        entered.append("k.search LIKE %(digits)s")
        told.append("st.search LIKE %(digits)s")
    standings = (
        f"SELECT st.rnm, st.inn FROM kkt_standing st WHERE st.inn = ANY(%(inns)s) AND ({' OR '.join(told)})"  # noqa: S608  # constants
    )
    return f"{' OR '.join(entered)} OR (k.rnm, k.inn) IN ({standings})", parameters


def _escaped(text: str) -> str:
    """Signs of LIKE stand for themselves."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
