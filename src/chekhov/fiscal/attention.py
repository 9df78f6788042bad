"""«Что остановится и когда»: what a person must do lest a register stop, the nearest end first.

One statement narrows the registers to those of which something is to be said, and pure rules say it. What is
said follows from what documents told and people entered; nothing of it is stored. Terms: days of the operator's
zone, and the register's clock for what a document told.

A register that has sent nothing for long is told of once: as silent, and from BLOCK_AFTER_DAYS on with the day it
may block itself. It may have sold nothing; only the register knows, so the words say «если».
Sources: thirty days without an operator's confirmation and the register stops (54-ФЗ, article 4.1, and the drive's own
rule); a shift of 24 hours (article 4.3); the report of registration by the next working day (article 4.2).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from django.db.models import QuerySet
from django.utils import timezone

from chekhov.accounts.models import User
from chekhov.face.figures import count_text, plural
from chekhov.fiscal.forecast import DRIVE_DOCUMENTS, DriveLife, Limit, drive_lives
from chekhov.fiscal.scope import Scope
from chekhov.kkt.access import kkts_for_user
from chekhov.kkt.models import Kkt
from chekhov.kkt.selectors_lists import Statement
from chekhov.kkt.stages import Stage, Tone, stage_next, stage_word
from chekhov.kkt.stages_sql import STANDING_JOIN, stage_case
from chekhov.kkt.tariffs import TRIAL, tariff_name
from chekhov.orgs.sections import Section

SILENCE_HOURS: Final = 48
BLOCK_DAYS: Final = 30
BLOCK_AFTER_DAYS: Final = 10
BLOCK_DANGER_DAYS: Final = 5
SHIFT_HOURS: Final = 24
DRIVE_DAYS: Final = 60
DRIVE_DANGER_DAYS: Final = 10
NEARLY_FULL_DOCUMENTS: Final = DRIVE_DOCUMENTS // 3
"""The pace is looked at only of drives that hold at least so much: of others memory is not what ends first."""
REPORT_DAYS: Final = 30
REPORT_DANGER_DAYS: Final = 20
TRIAL_DAYS_SHOWN: Final = 2
TARIFF_DAYS: Final = 30
TARIFF_DANGER_DAYS: Final = 3
CONCERNS_MAX: Final = 5_000
"""Registers looked at; a cabinet with more troubles than that has one trouble."""

MARKS_RU: Final = {
    1050: "ресурс ключей ФН заканчивается",
    1051: "нужна срочная замена ФН",
    1052: "память ФН заполнена",
}
"""Tags that the drive sets when its end is near."""


class ConcernKind(StrEnum):
    """What it is about; the word of the filter."""

    BLOCK = "block"
    DRIVE = "drive"
    SHIFT = "shift"
    SILENCE = "silence"
    GAP = "gap"
    REPORT = "report"
    TARIFF = "tariff"

    @property
    def word(self) -> str:
        """Russian words for pages."""
        return WORDS[self]


WORDS: Final[Mapping[ConcernKind, str]] = {
    ConcernKind.BLOCK: "Блокировка через 30 дней",
    ConcernKind.DRIVE: "Заканчивается ФН",
    ConcernKind.SHIFT: "Смена дольше 24 часов",
    ConcernKind.SILENCE: "Касса молчит",
    ConcernKind.GAP: "Пропущены документы",
    ConcernKind.REPORT: "Нет отчета о регистрации",
    ConcernKind.TARIFF: "Заканчивается тариф",
}


@dataclass(frozen=True, slots=True)
class Concern:
    """One thing about one register.

    `ends_on`: the day it stops, or stopped; None if it stops at no known day. `text_ru`: what is so. `next_ru`:
    what to do. `to_connect`: the next step is on the page of connecting, else on the register's card.
    """

    kind: ConcernKind
    tone: Tone
    kkt_id: int
    kkt_name: str
    organisation_id: int
    ends_on: dt.date | None
    text_ru: str
    next_ru: str
    to_connect: bool = False


class Facts(NamedTuple):
    """What is known of one register. Moments `…_at`: the register's clock, save `last_received_at`, `created_at`."""

    kkt_id: int
    name: str
    organisation_id: int
    rnm: str | None
    inn: str
    stage: str
    application_kind: str
    created_at: dt.datetime
    tariff: str
    tariff_next: str
    renewal: bool
    served_until: dt.datetime | None
    last_received_at: dt.datetime | None
    last_issued_at: dt.datetime | None
    shift_number: int | None
    shift_opened_at: dt.datetime | None
    drive_until: dt.date | None
    drive_marks: list[int] | None
    missing: int
    last_fd: int


class Moment(NamedTuple):
    """Now, in the three ways the rules need it."""

    now: dt.datetime
    local: dt.datetime
    today: dt.date


# What may be said of a register at all; the rules below decide. Parameters by name.
WORTH_A_LOOK: Final = """
(s.last_received_at < %(silent_since)s OR s.last_issued_at < %(block_since)s OR s.shift_opened_at < %(shift_since)s
 OR s.drive_until <= %(drive_by)s OR s.drive_marks && ARRAY[1050, 1051, 1052]::smallint[] OR d.last_fd >= %(nearly_full)s
 OR d.documents < d.last_fd - d.first_fd + 1 OR k.served_until <= %(tariff_by)s OR s.fn IS NULL
 OR (k.application_kind = %(reregistration)s AND s.reregistered_at IS NULL))
"""
TAKEN: Final = """
k.id, k.name, k.organisation_id, k.rnm, k.inn, {stage} AS stage, k.application_kind, k.created_at, k.tariff, k.tariff_next,
k.renewal, k.served_until, s.last_received_at, s.last_issued_at, s.shift_number, s.shift_opened_at, s.drive_until,
s.drive_marks, coalesce(d.last_fd - d.first_fd + 1 - d.documents, 0), coalesce(d.last_fd, 0)
"""


def concerns_of(
    rows: QuerySet[Kkt], *, now: dt.datetime, silence_hours: int = SILENCE_HOURS
) -> list[Concern]:
    """What is to be said of these registers, the nearest end first. Whose they are is the caller's to know."""
    local = timezone.localtime(now).replace(tzinfo=None)
    moment = Moment(now, local, local.date())
    found = _narrowed(rows, moment, silence_hours)
    lives = _lives(found, moment)
    concerns: list[Concern] = []
    for facts in found:
        stage = Stage(facts.stage)
        if stage in {Stage.STOPPED, Stage.NO_RNM}:
            continue
        said: list[Said | None] = [_tariff(facts, moment)]
        if stage in {Stage.AWAITING, Stage.MISMATCH}:
            said.append(_report(facts, stage, moment))
        elif stage != Stage.DRIVE_CLOSED:
            said += [
                _quiet(facts, moment, silence_hours),
                _shift(facts, moment),
                _drive(facts, lives.get((facts.rnm or "", facts.inn)), moment),
                _gap(facts),
            ]
        concerns += [one.of(facts) for one in said if one is not None]
    return sorted(concerns, key=_order)


def concerns_for_user(
    *, user: User, now: dt.datetime, section: Section = Section.KKT, silence_hours: int = SILENCE_HOURS
) -> list[Concern]:
    """What is to be said of the registers the person sees through a section."""
    rows = kkts_for_user(user=user, now=now, section=section)
    return concerns_of(rows, now=now, silence_hours=silence_hours)


def concerns_counts(concerns: Iterable[Concern]) -> dict[ConcernKind, int]:
    """How many of each kind, for tabs and figures."""
    counts = dict.fromkeys(ConcernKind, 0)
    for concern in concerns:
        counts[concern.kind] += 1
    return counts


def _order(concern: Concern) -> tuple[dt.date, int, str, int]:
    tones = ("danger", "attention", "quiet", "fine")
    return (concern.ends_on or dt.date.max, tones.index(concern.tone), concern.kkt_name, concern.kkt_id)


def _narrowed(rows: QuerySet[Kkt], moment: Moment, silence_hours: int) -> list[Facts]:
    statement = Statement(rows, moment.now)
    statement.join(STANDING_JOIN)
    statement.join("LEFT JOIN fiscal_drive_state d ON d.fn = s.fn")
    days = dt.timedelta
    statement.keep(
        WORTH_A_LOOK,
        silent_since=moment.now - dt.timedelta(hours=silence_hours),
        block_since=moment.local - days(BLOCK_AFTER_DAYS),
        shift_since=moment.local - dt.timedelta(hours=SHIFT_HOURS),
        drive_by=moment.today + days(DRIVE_DAYS),
        nearly_full=NEARLY_FULL_DOCUMENTS,
        tariff_by=moment.now + days(TARIFF_DAYS + 1),
    )
    found = statement.run(
        TAKEN.format(stage=stage_case()),
        f"ORDER BY k.id LIMIT {CONCERNS_MAX}",
    )
    return [Facts._make(row) for row in found]


def _lives(found: Iterable[Facts], moment: Moment) -> dict[tuple[str, str], DriveLife]:
    """Forecasts of drives that are filling up."""
    pairs = [
        (facts.rnm, facts.inn) for facts in found if facts.rnm and facts.last_fd >= NEARLY_FULL_DOCUMENTS
    ]
    return drive_lives(Scope.of(*pairs), today=moment.today) if pairs else {}


class Said(NamedTuple):
    """What a rule says. See `Concern`."""

    kind: ConcernKind
    tone: Tone
    ends_on: dt.date | None
    text_ru: str
    next_ru: str
    to_connect: bool = False

    def of(self, facts: Facts) -> Concern:
        """Said of this register."""
        return Concern(
            kind=self.kind,
            tone=self.tone,
            kkt_id=facts.kkt_id,
            kkt_name=facts.name,
            organisation_id=facts.organisation_id,
            ends_on=self.ends_on,
            text_ru=self.text_ru,
            next_ru=self.next_ru,
            to_connect=self.to_connect,
        )


def _quiet(facts: Facts, moment: Moment, silence_hours: int) -> Said | None:
    """Silence, and the block that may follow from it."""
    last = facts.last_issued_at
    if last is not None and last < moment.local - dt.timedelta(days=BLOCK_AFTER_DAYS):
        ends_on = last.date() + dt.timedelta(days=BLOCK_DAYS)
        left = (ends_on - moment.today).days
        over = f"Если на кассе пробивали чеки после {last:%d.%m.%Y %H:%M}, "
        text = over + (
            "она уже могла заблокироваться: её документы не приходят больше 30 дней"
            if left < 0
            else f"{ends_on:%d.%m.%Y} она перестанет их пробивать: документы не приходят уже "
            f"{_days((moment.today - last.date()).days)}"
        )
        tone: Tone = "danger" if left <= BLOCK_DANGER_DAYS else "attention"
        return Said(ConcernKind.BLOCK, tone, ends_on, text, "Проверьте на кассе интернет и параметры оператора. "
                     "Если касса не работает, прекратите её обслуживание.")  # fmt: skip
    heard = facts.last_received_at
    if heard is None or heard >= moment.now - dt.timedelta(hours=silence_hours):
        return None
    text = f"Последний документ пришёл {timezone.localtime(heard):%d.%m.%Y %H:%M}"
    then = "Если касса сейчас торгует, проверьте на ней интернет."
    return Said(ConcernKind.SILENCE, "attention", None, text, then)


def _shift(facts: Facts, moment: Moment) -> Said | None:
    opened = facts.shift_opened_at
    if opened is None or opened >= moment.local - dt.timedelta(hours=SHIFT_HOURS):
        return None
    text = (
        f"Смена {f'№ {facts.shift_number} ' if facts.shift_number else ''}открыта с {opened:%d.%m.%Y %H:%M}"
    )
    then = "Закройте смену на кассе: после 24 часов она не пробивает чеки."
    return Said(ConcernKind.SHIFT, "danger", (opened + dt.timedelta(hours=SHIFT_HOURS)).date(), text, then)


def _drive(facts: Facts, life: DriveLife | None, moment: Moment) -> Said | None:
    """By its term, by its memory at the present pace, or by what it says itself; the nearest."""
    ends_on, why = facts.drive_until, "срок ключей ФН"
    if life is not None and life.full_on is not None and life.ends_by == Limit.DOCUMENTS:
        pace = count_text(round(life.documents_a_day))
        ends_on, why = life.full_on, f"память ФН при нынешних {pace} документах в день"
    marks = [MARKS_RU[mark] for mark in facts.drive_marks or () if mark in MARKS_RU]
    near = ends_on is not None and (ends_on - moment.today).days <= DRIVE_DAYS
    if not near and not marks:
        return None
    parts = []
    if near and ends_on is not None:
        left = (ends_on - moment.today).days
        parts.append(
            f"{why[0].upper()}{why[1:]} "
            + (
                f"закончится {ends_on:%d.%m.%Y}, через {_days(left)}"
                if left > 0
                else f"закончился {ends_on:%d.%m.%Y}"
            )
        )
    if marks:
        parts.append(f"Касса сообщает: {', '.join(marks)}")
    urgent = 1051 in (facts.drive_marks or ()) or 1052 in (facts.drive_marks or ())
    danger = urgent or (near and ends_on is not None and (ends_on - moment.today).days <= DRIVE_DANGER_DAYS)
    then = "Закажите новый ФН, замените его до этого дня и сформируйте отчет об изменении параметров регистрации."
    return Said(
        ConcernKind.DRIVE,
        "danger" if danger else "attention",
        ends_on if near else None,
        ". ".join(parts),
        then,
    )


def _gap(facts: Facts) -> Said | None:
    if facts.missing <= 0:
        return None
    noun = plural(facts.missing, "документ", "документа", "документов")
    text = f"Не {plural(facts.missing, 'пришёл', 'пришли', 'пришли')} {count_text(facts.missing)} {noun} из середины ряда"
    then = "Касса передаёт документы по порядку: если пропуск не закроется сам, напишите оператору."
    return Said(ConcernKind.GAP, "attention", None, text, then)


def _report(facts: Facts, stage: Stage, moment: Moment) -> Said:
    """Both terms: of the law, and that after which the tax service takes the application off (decision X-04)."""
    made_on = timezone.localtime(facts.created_at).date()
    ends_on = made_on + dt.timedelta(days=REPORT_DAYS)
    waits = (moment.today - made_on).days
    then = stage_next(stage, facts.application_kind)
    if stage == Stage.MISMATCH:
        word = stage_word(stage, facts.application_kind)
        return Said(ConcernKind.REPORT, "danger", ends_on, word, then, to_connect=True)
    text = (
        f"Касса добавлена {made_on:%d.%m.%Y}, отчета всё нет. По закону он нужен на следующий рабочий день после "
        f"выдачи РНМ; {ends_on:%d.%m.%Y} ФНС может снять кассу с учёта"
    )
    tone: Tone = "danger" if waits >= REPORT_DANGER_DAYS else "attention"
    return Said(ConcernKind.REPORT, tone, ends_on, text, then, to_connect=True)


def _tariff(facts: Facts, moment: Moment) -> Said | None:
    until = facts.served_until
    if until is None:
        return None
    last_on = (timezone.localtime(until) - dt.timedelta(seconds=1)).date()
    left = (last_on - moment.today).days
    if left > (TRIAL_DAYS_SHOWN if facts.tariff == TRIAL else TARIFF_DAYS):
        return None
    name = tariff_name(facts.tariff)
    if until <= moment.now:
        text = f"Тариф «{name}» закончился {last_on:%d.%m.%Y}"
    else:
        text = f"Тариф «{name}» действует до конца дня {last_on:%d.%m.%Y}"
    then = "Пополните баланс и активируйте тариф."
    if facts.renewal and facts.tariff_next and until > moment.now:
        then = f"Тариф «{tariff_name(facts.tariff_next)}» включится сам, если он оплачен."
    tone: Tone = (
        "danger"
        if (left <= TARIFF_DANGER_DAYS and facts.tariff != TRIAL) or until <= moment.now
        else "attention"
    )
    return Said(ConcernKind.TARIFF, tone, last_on, text, then)


def _days(number: int) -> str:
    return f"{count_text(number)} {plural(number, 'день', 'дня', 'дней')}"
