"""In what stage of its life a register is, in words, and what is to be done next.

A stage is never stored: `stages_sql` computes it from what people entered and what documents told. When several
could be said of a register, the first of `PRECEDENCE` is: what cannot be mended comes before what can, and what
was entered amiss before what only waits.

- A register is registered when a report of registration or re-registration under its own ИНН has come.
- With «Перерегистрация ККТ» a report on change of parameters is awaited: an old registration report does not
  do, one made since the day before the register was entered does, for the person may have chosen the wrong
  application, and the register works.
- The register's serial number never makes a stage: what differs is a remark of the line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Literal

Tone = Literal["fine", "attention", "danger", "quiet"]

REREGISTRATION: Final = "reregistration"


class Stage(StrEnum):
    """The stages a register can be in."""

    AWAITING = "awaiting"
    MISMATCH = "mismatch"
    REGISTERED = "registered"
    DRIVE_CLOSED = "drive_closed"
    TARIFF_OVER = "tariff_over"
    STOPPED = "stopped"
    NO_RNM = "no_rnm"


PRECEDENCE: Final = (
    Stage.STOPPED,
    Stage.NO_RNM,
    Stage.DRIVE_CLOSED,
    Stage.MISMATCH,
    Stage.TARIFF_OVER,
    Stage.AWAITING,
    Stage.REGISTERED,
)


@dataclass(frozen=True, slots=True)
class StageWords:
    """A stage in words: in the list, and what to do next. `*_again_ru`: for «Перерегистрация ККТ», if different."""

    word: str
    tone: Tone
    next_ru: str
    word_again_ru: str = ""
    next_again_ru: str = ""


STAGES: Final[Mapping[Stage, StageWords]] = MappingProxyType(
    {
        Stage.AWAITING: StageWords(
            "Ожидается отчет о регистрации",
            "attention",
            "Введите в кассу параметры подключения оператора и сформируйте на ней отчет о регистрации. Когда он "
            "придёт, состояние изменится само. После этого завершите регистрацию в личном кабинете ФНС.",
            "Ожидается отчет об изменении параметров регистрации",
            "Введите в кассу параметры подключения оператора и сформируйте на ней отчет об изменении параметров "
            "регистрации. Когда он придёт, состояние изменится само. После этого завершите перерегистрацию в "
            "личном кабинете ФНС.",
        ),
        Stage.MISMATCH: StageWords(
            "Отчет другой организации",
            "danger",
            "С этим РНМ пришёл отчет о регистрации с ИНН другой организации. Сверьте РНМ с карточкой ККТ в личном "
            "кабинете ФНС. Если номер верный, проверьте, для той ли организации подключена касса и тот ли ИНН "
            "введён в неё, и сформируйте отчет заново.",
        ),
        Stage.REGISTERED: StageWords(
            "ККТ зарегистрирована",
            "fine",
            "Делать ничего не нужно: касса передаёт документы.",
        ),
        Stage.DRIVE_CLOSED: StageWords(
            "ФН закрыт",
            "attention",
            "Касса передала отчет о закрытии фискального накопителя. Если она будет работать дальше, замените ФН и "
            "сформируйте отчет об изменении параметров регистрации. Если нет, снимите её с учёта в ФНС и прекратите "
            "обслуживание.",
        ),
        Stage.TARIFF_OVER: StageWords(
            "Тариф закончился",
            "danger",
            "Пополните баланс и активируйте тариф. Полученные документы сохранены и доступны.",
        ),
        Stage.STOPPED: StageWords(
            "Обслуживание прекращено",
            "quiet",
            "Новые документы кассы не обслуживаются, прежние доступны. Чтобы вернуть кассу, подключите её снова с "
            "тем же РНМ.",
        ),
        Stage.NO_RNM: StageWords(
            "Не указан РНМ",
            "attention",
            "Получите регистрационный номер в личном кабинете ФНС и укажите его здесь.",
        ),
    }
)


def stage_word(stage: Stage, kind: str) -> str:
    """The stage as lists write it; what is awaited depends on the kind of application."""
    words = STAGES[stage]
    return (kind == REREGISTRATION and words.word_again_ru) or words.word


def stage_next(stage: Stage, kind: str) -> str:
    """What to do next."""
    words = STAGES[stage]
    return (kind == REREGISTRATION and words.next_again_ru) or words.next_ru
