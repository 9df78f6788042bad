"""How long a drive («ФН») will still serve: by its keys' term and by its memory at the present pace.

The remainder is shown of both, and the smaller first (decision X-03).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

from chekhov.fiscal.scope import Scope

DRIVE_DOCUMENTS: Final = 230_000
"""Documents a drive holds. Vendors speak of 230,000 to 256,000 ordinary ones, no law names a number and no document
tells the drive's model; so the least is taken, that the forecast errs to the early side. Confidence: common knowledge,
not a source we could verify. The drive's own warning is tag 1052, over 99 %."""

PACE_DAYS: Final = 30
"""The present pace is that of so many last days."""

REPORTS_A_WORKING_DAY: Final = 2
"""Opening and closing of a shift: day sums count receipts only."""

DAYS_FORECAST_MAX: Final = 3_660
"""Further than ten years is «not soon»."""


class Limit(StrEnum):
    """What ends first."""

    DOCUMENTS = "documents"
    DAYS = "days"

    @property
    def word(self) -> str:
        """Russian words for pages."""
        return {Limit.DOCUMENTS: "по памяти ФН", Limit.DAYS: "по сроку ключей"}[self]


@dataclass(frozen=True, slots=True)
class DriveLife:
    """What is left of a drive. `…_left_percent`: of the whole, 0 to 100; None while the term is not known.

    `documents_a_day`: the present pace; `full_on`: when the memory is full at that pace, None if not foreseeable.
    `ends_on` and `ends_by`: the earlier of the two ends.
    """

    fn: str
    documents_used: int
    documents_left: int
    documents_left_percent: int
    documents_a_day: Fraction
    full_on: dt.date | None
    until: dt.date | None
    days_left: int | None
    days_left_percent: int | None

    @property
    def left_percent(self) -> int:
        """The smaller of both: what «Остаток ФН» shows."""
        if self.days_left_percent is None:
            return self.documents_left_percent
        return min(self.documents_left_percent, self.days_left_percent)

    @property
    def ends_on(self) -> dt.date | None:
        """The earlier of the two days."""
        return min((day for day in (self.until, self.full_on) if day is not None), default=None)

    @property
    def ends_by(self) -> Limit | None:
        """By what it ends on that day."""
        if self.ends_on is None:
            return None
        return Limit.DAYS if self.ends_on == self.until else Limit.DOCUMENTS


def forecast(
    *,
    fn: str,
    documents_used: int,
    documents_lately: int,
    days_counted: int,
    started_on: dt.date | None,
    until: dt.date | None,
    today: dt.date,
) -> DriveLife:
    """Pure. `documents_lately` were issued in `days_counted` last days; `until`: the last day of the keys."""
    left = max(DRIVE_DOCUMENTS - documents_used, 0)
    pace = Fraction(documents_lately, max(days_counted, 1))
    full_on = None
    if left == 0:
        full_on = today
    elif pace and left / pace <= DAYS_FORECAST_MAX:
        full_on = today + dt.timedelta(days=int(left / pace))
    days_left = None if until is None else max((until - today).days, 0)
    days_left_percent = None
    if until is not None and started_on is not None and until > started_on:
        assert days_left is not None
        days_left_percent = min(100 * days_left // (until - started_on).days, 100)
    return DriveLife(
        fn=fn,
        documents_used=documents_used,
        documents_left=left,
        documents_left_percent=100 * left // DRIVE_DOCUMENTS,
        documents_a_day=pace,
        full_on=full_on,
        until=until,
        days_left=days_left,
        days_left_percent=days_left_percent,
    )


def drive_life(*, rnm: str | None, inn: str, today: dt.date) -> DriveLife | None:
    """Of the drive that stands in a register now; None while no registration has come. `today`: at the register."""
    return None if rnm is None else drive_lives(Scope.of((rnm, inn)), today=today).get((rnm, inn))


def drive_lives(scope: Scope, *, today: dt.date) -> dict[tuple[str, str], DriveLife]:
    """Of the drives that stand in these registers now, by РНМ and ИНН; closed drives are left out."""
    since = today - dt.timedelta(days=PACE_DAYS - 1)
    found = {}
    for rnm, inn, fn, until, last_fd, started_at, receipts, working_days in scope.rows(
        LIVES_SQL, [since, today]
    ):
        started_on = None if started_at is None else started_at.date()
        counted = PACE_DAYS if started_on is None else min(max((today - started_on).days + 1, 1), PACE_DAYS)
        found[rnm, inn] = forecast(
            fn=fn,
            documents_used=last_fd,
            documents_lately=int(receipts) + REPORTS_A_WORKING_DAY * working_days,
            days_counted=counted,
            started_on=started_on,
            until=until,
            today=today,
        )
    return found


LIVES_SQL: Final = """
SELECT s.rnm, s.inn, s.fn, s.drive_until, coalesce(d.last_fd, 0), started.registered_at, coalesce(pace.receipts, 0),
    coalesce(pace.days, 0)
FROM scope JOIN kkt_standing AS s USING (rnm, inn)
LEFT JOIN fiscal_drive_state AS d ON d.fn = s.fn
LEFT JOIN LATERAL (
    SELECT r.registered_at FROM kkt_registration AS r WHERE r.fn = s.fn AND r.code IN (1, 11) ORDER BY r.fd LIMIT 1
) AS started ON true
LEFT JOIN LATERAL (
    SELECT sum(t.receipts) AS receipts, count(DISTINCT t.day) AS days FROM fiscal_day_total AS t
    WHERE t.rnm = s.rnm AND t.inn = s.inn AND t.day BETWEEN %s AND %s
) AS pace ON true
WHERE s.fn IS NOT NULL AND s.closed_fn IS DISTINCT FROM s.fn
"""
