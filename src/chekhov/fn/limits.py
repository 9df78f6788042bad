"""What a drive allows: terms, numbers of documents, thresholds of its warnings; each with its source."""

from __future__ import annotations

import datetime as dt
from typing import Final, NamedTuple

SHIFT_MAX: Final = dt.timedelta(hours=24)
"""54-ФЗ, ст. 4.3 п. 2: no receipt later than 24 hours after the opening report. Result 0x16."""

UNCONFIRMED_MAX: Final = dt.timedelta(days=30)
"""docs/formats/wire.md 9.1: work is blocked 30 days after the first unconfirmed document. Result 0x15."""

UNCONFIRMED_WARNING: Final = dt.timedelta(days=2)
"""docs/formats/documents.md 13, tag 1053: more than two days by the current Order; one firmware waits for five."""

EXHAUSTION_WARNING_DAYS: Final = 30
"""Tag 1050: the keys' term ends in under 30 days."""

REPLACEMENT_WARNING_DAYS: Final = 3
"""Tag 1051: under 3 days."""

MEMORY_WARNING_PERCENT: Final = 99
"""Tag 1052: memory over 99 % full; the answer of one command is said to warn at 90 % already."""

DOCUMENTS_MAX: Final = 250_000
"""What vendors promise of a drive for ordinary documents; a place each is kept for the closing reports."""

CLOSING_RESERVE: Final = 2
"""Ours: the last numbers are left for the close of the shift and of the drive."""

KEY_RESOURCE_DAYS_MAX: Final = 0xFFFF
"""Tag 1213 has two bytes."""

MOMENT_FIRST: Final = dt.datetime(2016, 1, 1)  # noqa: DTZ001 — local clock time has no zone
MOMENT_LAST: Final = dt.datetime(2099, 12, 31, 23, 59, 59)  # noqa: DTZ001
"""Moments a drive takes: commands give the year as one byte after 2000 (docs/formats/wire.md 10)."""


class DriveModel(NamedTuple):
    """A model of drive. `days`: how long its keys live after registration (docs/formats/identifiers.md 2)."""

    name: str
    title_ru: str
    days: int
    documents_max: int = DOCUMENTS_MAX


MODELS: Final = {
    model.name: model
    for model in (
        DriveModel("13", "Эмулятор ФН на 13 месяцев", 410),
        DriveModel("15", "Эмулятор ФН на 15 месяцев", 470),
        DriveModel("36", "Эмулятор ФН на 36 месяцев", 1110),
    )
}
