"""Words of papers: dates and persons as they are written by hand."""

from __future__ import annotations

import datetime as dt
from typing import Final

MONTHS: Final = (
    "января", "февраля", "марта", "апреля", "мая", "июня",
    "июля", "августа", "сентября", "октября", "ноября", "декабря",
)  # fmt: skip


def date_words(day: dt.date) -> str:
    """«1 ноября 2026 г.»."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year} г."


def date_figures(day: dt.date) -> str:
    """«01.11.2026»."""
    return f"{day:%d.%m.%Y}"


def initials(full_name: str) -> str:
    """«Фамилия И. О.» of «Фамилия Имя Отчество»; the empty text of none."""
    words = full_name.split()
    return " ".join([*words[:1], *(f"{word[0]}." for word in words[1:])])
