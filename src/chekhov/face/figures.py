"""How figures are written for people: sums, counts, numbers of registers, moments, sizes, bytes. Pure."""

from __future__ import annotations

import datetime as dt

THIN = "\N{NARROW NO-BREAK SPACE}"
FIXED = "\N{NO-BREAK SPACE}"
BLOCKS_FROM_DIGITS = 15
MINUS = "\N{MINUS SIGN}"


def count_text(number: int) -> str:
    """A whole number with thin spaces between thousands."""
    return f"{number:,}".replace(",", THIN).replace("-", MINUS)


def sum_text(kopecks: int) -> str:
    """A sum: «1 234,56 ₽»."""
    roubles, rest = divmod(abs(kopecks), 100)
    sign = MINUS if kopecks < 0 else ""
    return f"{sign}{count_text(roubles)},{rest:02}{FIXED}₽"


def price_text(kopecks: int) -> str:
    """A price: whole roubles without kopecks, «2 500 ₽»."""
    whole, rest = divmod(kopecks, 100)
    return sum_text(kopecks) if rest else f"{count_text(whole)}{FIXED}₽"


def blocks_text(digits: str) -> str:
    """The number of a drive or a register in blocks of four; shorter ones, and what is not all digits, stay."""
    if not (digits.isascii() and digits.isdigit()) or len(digits) < BLOCKS_FROM_DIGITS:
        return digits
    return FIXED.join(digits[at : at + 4] for at in range(0, len(digits), 4))


def moment_text(moment: dt.datetime, *, seconds: bool = False) -> str:
    """«30.10.2017 11:07», with seconds if asked; the moment is shown in the zone it carries."""
    return moment.strftime("%d.%m.%Y %H:%M:%S" if seconds else "%d.%m.%Y %H:%M")


def duration_text(seconds: float) -> str:
    """A length of time in words short enough for a figure: «менее 1 с», «12 с», «3 мин», «2 ч 10 мин», «5 дн»."""
    if seconds < 1:
        return "менее 1 с"
    whole = int(seconds)
    if whole < 60:
        return f"{whole}{FIXED}с"
    if whole < 3600:
        return f"{whole // 60}{FIXED}мин"
    if whole < 86_400:
        hours, minutes = divmod(whole // 60, 60)
        return f"{hours}{FIXED}ч" + (f" {minutes}{FIXED}мин" if minutes else "")
    return f"{whole // 86_400}{FIXED}дн"


def plural(number: int, one: str, few: str, many: str) -> str:
    """The Russian noun that goes with the number: 1 «касса», 2 «кассы», 5 «касс»."""
    tens, units = number % 100, number % 10
    if units == 1 and tens != 11:
        return one
    if 2 <= units <= 4 and not 12 <= tens <= 14:
        return few
    return many


def size_text(size_bytes: int) -> str:
    """«690 байт», «1 байт»."""
    return f"{count_text(size_bytes)}{FIXED}{plural(size_bytes, 'байт', 'байта', 'байт')}"


def hex_text(data: bytes, *, bytes_max: int = 64) -> str:
    """Bytes as pairs of hex digits; a long row is cut and says so."""
    shown = data[:bytes_max].hex(" ")
    return shown if len(data) <= bytes_max else f"{shown} … ещё {size_text(len(data) - bytes_max)}"
