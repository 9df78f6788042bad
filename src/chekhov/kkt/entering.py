"""What people type of a register, taken in any spelling and told in words if it is wrong. No database here.

One form and every row of a table pass through the same functions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from chekhov.orgs.errors import FieldsWrong
from chekhov.values.errors import BadRequisite
from chekhov.values.registers import SERIAL_CHARACTERS_MAX, KktSerial, RegistrationNumber
from chekhov.values.requisites import digits_only

NAME_CHARACTERS_MAX: Final = 128
MODEL_CHARACTERS_MAX: Final = 128
RNM_DIGITS: Final = 16
DRIVE_DIGITS: Final = 16

# Spaces of every kind, hyphens and dashes, and what cannot be seen: pasted text has them between the groups.
_BETWEEN = re.compile(r"[\s\u00ad\u200b-\u200f\u2010-\u2015\u2060\ufeff_-]+")
_SIGN = re.compile(r"^(рнм|рн\s*ккт|фн|зн\s*фн|№|n)\s*[:№.]?\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A register as it was typed, cleaned."""

    rnm: str
    name: str
    serial: str = ""
    drive_serial: str = ""
    model: str = ""


def entry_clean(*, rnm: str, name: str, serial: str = "", drive_serial: str = "", model: str = "") -> Entry:
    """Take all fields. A register without a name is called by its number. Raises: FieldsWrong with all troubles."""
    wrong: dict[str, str] = {}
    number, trouble = rnm_read(rnm)
    if trouble:
        wrong["rnm"] = trouble
    name = " ".join(name.split())
    if trouble := line_trouble(name, "Название", NAME_CHARACTERS_MAX):
        wrong["name"] = trouble
    factory, trouble = serial_read(serial)
    if trouble:
        wrong["serial"] = trouble
    drive, trouble = drive_read(drive_serial)
    if trouble:
        wrong["drive_serial"] = trouble
    model = " ".join(model.split())
    if trouble := line_trouble(model, "Модель", MODEL_CHARACTERS_MAX):
        wrong["model"] = trouble
    if wrong:
        raise FieldsWrong(wrong)
    return Entry(
        rnm=number, name=name or name_default(number), serial=factory, drive_serial=drive, model=model
    )


def name_default(rnm: str) -> str:
    """What a register is called until somebody names it."""
    return f"Касса №{rnm}"


def rnm_read(text: str) -> tuple[str, str]:
    """The sixteen digits and "", or "" and what is wrong."""
    digits = digits_of(text)
    if not digits:
        return "", "Укажите РНМ: 16 цифр из карточки ККТ в личном кабинете ФНС"
    if not digits_only(digits):
        return "", "В РНМ могут быть только цифры"
    if len(digits) != RNM_DIGITS:
        return "", f"В РНМ должно быть {RNM_DIGITS} цифр, а указано {len(digits)}"
    return digits, ""


def serial_read(text: str) -> tuple[str, str]:
    """The serial number of a register and "", or "" and what is wrong. It may be left out."""
    text = " ".join(text.split())
    if not text:
        return "", ""
    try:
        return str(KktSerial.parse(text)), ""
    except BadRequisite:
        return "", f"Заводской номер кассы — до {SERIAL_CHARACTERS_MAX} печатных знаков"


def drive_read(text: str) -> tuple[str, str]:
    """The number of a fiscal drive and "", or "" and what is wrong. It may be left out."""
    digits = digits_of(text)
    if not digits:
        return "", ""
    if not digits_only(digits):
        return "", "В номере фискального накопителя могут быть только цифры"
    if len(digits) != DRIVE_DIGITS:
        return "", f"В номере фискального накопителя должно быть {DRIVE_DIGITS} цифр, а указано {len(digits)}"
    return digits, ""


def digits_of(text: str) -> str:
    """The number without what people put between its digits and before it."""
    return _BETWEEN.sub("", _SIGN.sub("", text.strip()))


def line_trouble(text: str, word: str, characters_max: int) -> str:
    """What is wrong with a line of text; "" if nothing is."""
    if len(text) > characters_max:
        return f"{word} — до {characters_max} знаков, а указано {len(text)}"
    if not text.isprintable():
        return f"{word}: есть знаки, которые нельзя напечатать"
    return ""


def check_digits_match(rnm: str, inn: str, serial: str) -> bool:
    """Whether the number can be that of a register with this serial number and owner."""
    return RegistrationNumber(rnm).check_digits_match(inn, serial)
