"""Money in integer kopecks and the one rounding rule: half up, away from zero."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

Kopecks: TypeAlias = int

KOPECKS_IN_ROUBLE = 100


def round_half_up(amount: Decimal | Fraction | int) -> int:
    """Round to a whole number; a half goes away from zero. Exact: no float, no decimal context."""
    numerator, denominator = amount.as_integer_ratio()
    quotient, rest = divmod(abs(numerator), denominator)
    if 2 * rest >= denominator:
        quotient += 1
    return -quotient if numerator < 0 else quotient


def vat_inside(amount_kopecks: Kopecks, rate_percent: int) -> Kopecks:
    """VAT that is contained in an amount: amount × rate / (100 + rate), rounded half up.

    Source: order ЕД-7-20/662@, formula of tag 1200; confirmed on real receipts.
    """
    return round_half_up(Fraction(amount_kopecks * rate_percent, 100 + rate_percent))


def line_sum(price_kopecks: Kopecks, quantity: Decimal | Fraction | int) -> Kopecks:
    """Sum of a line: price × quantity, rounded half up. Confirmed on real receipts (tags 1079, 1023, 1043)."""
    numerator, denominator = quantity.as_integer_ratio()
    return round_half_up(Fraction(price_kopecks * numerator, denominator))


def roubles(kopecks: Kopecks) -> str:
    """Write roubles the Russian way: `1 234,56`; the thousands are parted by an ordinary space."""
    whole, part = divmod(abs(kopecks), KOPECKS_IN_ROUBLE)
    sign = "-" if kopecks < 0 else ""
    return f"{sign}{whole:,}".replace(",", " ") + f",{part:02}"


def roubles_point(kopecks: Kopecks) -> str:
    """Write roubles for machines: `1234.56`, as in the QR code of a receipt."""
    whole, part = divmod(abs(kopecks), KOPECKS_IN_ROUBLE)
    return f"{'-' if kopecks < 0 else ''}{whole}.{part:02}"
