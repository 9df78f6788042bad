"""What is wrong with a row of the table, in words, as far as the row and the file tell. No database here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from chekhov.kkt.batch_table import Cell, TableRow
from chekhov.kkt.entering import (
    NAME_CHARACTERS_MAX,
    RNM_DIGITS,
    check_digits_match,
    digits_of,
    drive_read,
    line_trouble,
    rnm_read,
    serial_read,
)
from chekhov.values.requisites import digits_only

ACTIONS: Final = {"1": "registration", "2": "reregistration"}
_ACTION = re.compile(r"^([12])(?:\.0)?(?:\s*[-–—.)]?\s*(?:пере)?регистрация)?$", re.IGNORECASE)
SPOILT: Final = "испорчен табличной программой"
AS_TEXT: Final = "задайте столбцу текстовый формат и введите номер заново"


@dataclass(frozen=True, slots=True)
class RowRead:
    """A row as it goes into the draft. `kind`: a value of ApplicationKind, "" if unknown."""

    number: int
    rnm: str
    name: str
    serial: str
    drive_serial: str
    kind: str
    errors: tuple[str, ...]


def rows_read(rows: Iterable[TableRow], inn: str) -> Iterator[RowRead]:
    """Check every row by itself, and that no number stands in the file twice: the first one holds."""
    first: dict[str, int] = {}
    for row in rows:
        read = _row_read(row, inn)
        errors = list(read.errors)
        if len(read.rnm) == RNM_DIGITS and digits_only(read.rnm):
            before = first.setdefault(read.rnm, read.number)
            if before != read.number:
                errors.append(f"РНМ повторяется: он уже есть в строке {before}")
        yield RowRead(
            read.number, read.rnm, read.name, read.serial, read.drive_serial, read.kind, tuple(errors)
        )


def _row_read(row: TableRow, inn: str) -> RowRead:
    errors: list[str] = []
    rnm = _rnm(row.rnm, errors)
    name = row.name.text
    if trouble := line_trouble(name, "Название", NAME_CHARACTERS_MAX):
        errors.append(trouble)
    serial = _serial(row.serial, errors)
    drive = _drive(row.drive_serial, errors)
    if rnm and serial and not check_digits_match(rnm, inn, serial):
        errors.append("РНМ не подходит к заводскому номеру и ИНН организации: сверьте оба номера")
    kind = _kind(row.action.text, errors)
    return RowRead(
        number=row.number,
        rnm=rnm or row.rnm.text,
        name=name,
        serial=serial or row.serial.text,
        drive_serial=drive or row.drive_serial.text,
        kind=kind,
        errors=tuple(errors),
    )


def _rnm(cell: Cell, errors: list[str]) -> str:
    if cell.spoilt:
        errors.append(f"РНМ {SPOILT} («{cell.text[:30]}»): {AS_TEXT}")
        return ""
    number, trouble = rnm_read(cell.text)
    digits = digits_of(cell.text)
    if trouble and digits_only(digits) and RNM_DIGITS - 6 <= len(digits) < RNM_DIGITS:
        errors.append(f"{trouble}. Возможно, табличная программа отбросила нули впереди: {AS_TEXT}")
    elif trouble:
        errors.append(trouble)
    return number


def _serial(cell: Cell, errors: list[str]) -> str:
    if cell.spoilt:
        errors.append(f"Заводской номер кассы {SPOILT} («{cell.text[:30]}»): {AS_TEXT}")
        return ""
    number, trouble = serial_read(cell.text)
    if trouble:
        errors.append(trouble)
    return number


def _drive(cell: Cell, errors: list[str]) -> str:
    if cell.spoilt:
        errors.append(f"Номер фискального накопителя {SPOILT} («{cell.text[:30]}»): {AS_TEXT}")
        return ""
    number, trouble = drive_read(cell.text)
    if trouble:
        errors.append(trouble)
    return number


def _kind(text: str, errors: list[str]) -> str:
    found = _ACTION.match(text)
    if found is None:
        errors.append("Укажите действие с ККТ: 1 — регистрация, 2 — перерегистрация")
        return ""
    return ACTIONS[found[1]]
