"""Exact quantities of receipt items."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from chekhov.values.errors import BadQuantity

DECIMALS_MAX = 6
"""Decimals a person may enter; documents of other makers may carry more."""

_CHARACTERS_MAX = 32


def quantity_parse(text: str) -> Decimal:
    """Read a quantity as people write it: comma or point, spaces allowed. Raises BadQuantity."""
    tidy = "".join(text.split()).replace(",", ".")
    if not tidy or len(tidy) > _CHARACTERS_MAX or not all(char in "0123456789." for char in tidy):
        raise BadQuantity("a quantity is a number like 1,5")
    try:
        value = Decimal(tidy)
    except InvalidOperation:
        raise BadQuantity("a quantity is a number like 1,5") from None
    if decimals(value) > DECIMALS_MAX:
        raise BadQuantity(f"a quantity has at most {DECIMALS_MAX} decimals")
    return value


def decimals(value: Decimal) -> int:
    """How many digits after the point are written."""
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int):
        raise BadQuantity(f"{value} is not a quantity")
    return max(-exponent, 0)


def quantity_text(value: Decimal) -> str:
    """Write a quantity the Russian way, without idle zeros: `0,5`, `1`, `1200`."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace(".", ",") or "0"
