"""What a person typed into the one box, read in every way that makes sense. Pure: text in, readings out."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from dataclasses import dataclass
from typing import Final

from chekhov.ffd.errors import MalformedQr
from chekhov.ffd.qr import TEXT_CHARACTERS_MAX, QrFields, qr_parse
from chekhov.values.money import KOPECKS_IN_ROUBLE

CHARACTERS_MIN: Final = 2
CHARACTERS_MAX: Final = TEXT_CHARACTERS_MAX
FPD_MAX: Final = 0xFFFF_FFFF
FD_MAX: Final = 0xFFFF_FFFF
FPD_DIGITS_MAX: Final = 10
DRIVE_DIGITS: Final = frozenset({15, 16})

_SPACES: Final = re.compile(r"[\s\u00a0\u2007\u2009\u202f]+")
_FULL_DATE: Final = re.compile(
    r"(?<![\d.,-])(?:(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})[./](\d{1,2})[./](\d{4}|\d{2}))(?![\d.,-])"
)
_SHORT_DATE: Final = re.compile(r"(?<![\d.,-])(\d{1,2})[./](\d{1,2})(?![\d.,-])")
_SUM: Final = re.compile(r"(\d{1,3}(?: \d{3})+|\d{1,12})(?:[.,](\d{1,2}))?")
_SUM_SIGNS: Final = re.compile(r"(₽|руб(?:лей|ля|ль)?\.?|р\.|\bр\b|\bна\b|\bот\b|\bсумма\b|=)", re.IGNORECASE)
_FPD: Final = re.compile(r"(?:ф\s*п\s*д?|фпд|fp)\s*[:№=]?\s*(\d{1,10})$", re.IGNORECASE)
_FD: Final = re.compile(r"(?:ф\s*д|fd|i)\s*[:№=]?\s*(\d{1,10})$", re.IGNORECASE)
_DRIVE_AND_FD: Final = re.compile(
    r"(?:фн\s*[:№]?\s*)?(\d{15,16})[\s/,;:-]+(?:фд\s*[:№]?\s*)?(\d{1,10})$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class SumOnDay:
    """A receipt's sum in kopecks and the day of the register's clock."""

    kopecks: int
    day: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The readings of a text. What does not fit is None; `text` is empty if it is too short or cannot be read."""

    text: str = ""
    qr: QrFields | None = None
    drive: str | None = None
    fd: int | None = None
    fpd: int | None = None
    sum_on_day: SumOnDay | None = None

    @property
    def is_exact(self) -> bool:
        """Whether it names one document, so that names need not be looked through."""
        return self.qr is not None or self.drive is not None


def asked_read(typed: str, *, today: dt.date) -> Asked:
    """Read what was typed. `today`: for dates without a year, which are the last such day."""
    if len(typed) > CHARACTERS_MAX or not all(sign.isprintable() or sign.isspace() for sign in typed):
        return Asked()
    text = _SPACES.sub(" ", typed).strip()
    if len(text) < CHARACTERS_MIN:
        return Asked()
    with contextlib.suppress(MalformedQr):
        return Asked(text=text, qr=qr_parse(text))
    if exact := _DRIVE_AND_FD.fullmatch(text):
        return Asked(text=text, drive=exact[1], fd=_whole(exact[2], FD_MAX))
    fd, fpd = _numbers(text)
    return Asked(text=text, fd=fd, fpd=fpd, sum_on_day=_sum_on_day(text, today))


def _numbers(text: str) -> tuple[int | None, int | None]:
    """Number of a document and fiscal sign. Digits alone can be either."""
    if named := _FPD.fullmatch(text):
        return None, _whole(named[1], FPD_MAX)
    if named := _FD.fullmatch(text):
        return _whole(named[1], FD_MAX), None
    digits = text.replace(" ", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= FPD_DIGITS_MAX):
        return None, None
    return _whole(digits, FD_MAX), _whole(digits, FPD_MAX)


def _whole(digits: str, most: int) -> int | None:
    number = int(digits)
    return number if 0 < number <= most else None


def _sum_on_day(text: str, today: dt.date) -> SumOnDay | None:
    """«1234,50 15.11.2026» in any order and spelling."""
    for pattern in (_FULL_DATE, _SHORT_DATE):
        for found in pattern.finditer(text):
            day = _day(found, today)
            rest = f"{text[: found.start()]} {text[found.end() :]}"
            rest = _SPACES.sub(" ", _SUM_SIGNS.sub(" ", rest)).strip(" ,;")
            kopecks = _kopecks(rest)
            if day is not None and kopecks is not None:
                return SumOnDay(kopecks, day)
    return None


def _day(found: re.Match[str], today: dt.date) -> dt.date | None:
    parts = found.groups()
    try:
        if len(parts) == 2:
            day = dt.date(today.year, int(parts[1]), int(parts[0]))
            return day if day <= today else day.replace(year=today.year - 1)
        if parts[0]:
            return dt.date(int(parts[0]), int(parts[1]), int(parts[2]))
        year = int(parts[5])
        return dt.date(year if year > 99 else 2000 + year, int(parts[4]), int(parts[3]))
    except ValueError:
        return None


def _kopecks(text: str) -> int | None:
    found = _SUM.fullmatch(text)
    if found is None:
        return None
    return int(found[1].replace(" ", "")) * KOPECKS_IN_ROUBLE + int((found[2] or "").ljust(2, "0") or 0)
