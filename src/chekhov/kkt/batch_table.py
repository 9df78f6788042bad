"""The table of «Пакетное добавление ККТ»: the template, and reading what came back, XLSX or CSV. No database here.

A spreadsheet program that takes a number for a number spoils it: digits beyond the fifteenth become zeros, leading
zeros vanish, 1.23E+15 is shown. So cells of numbers are told apart from cells of text and named in words.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final, NamedTuple
from xml.parsers import expat

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from chekhov.kkt.errors import TableRefused

COLUMNS: Final = (
    "РНМ",
    "Внутреннее название ККТ (не обязательно)",
    "Заводской номер кассы (не обязательно)",
    "Заводской номер фискального накопителя (не обязательно)",
    "Действие с ККТ: 1 - Регистрация 2 - Перерегистрация",
)
EXAMPLE: Final = ("0000000000012345", "Пример: Касса у входа", "00106900000001", "9999000000000001", "1")
"""The row of the template that shows how; left in the file it is passed over. Its number is nobody's."""

BYTES_MAX: Final = 5 * 1024 * 1024
ROWS_MAX: Final = 50_000
UNPACKED_BYTES_MAX: Final = 100 * 1024 * 1024
PARTS_MAX: Final = 200
CELL_CHARACTERS_MAX: Final = 512
CHUNK_BYTES: Final = 64 * 1024

_NOT_READ = "Файл не читается как таблица. Сохраните его в формате XLSX или CSV и загрузите ещё раз"
_TOO_LONG = f"В файле больше {ROWS_MAX} строк: разделите его на несколько"
_INSTRUCTION: Final = (
    "Как заполнить таблицу",
    "1. Каждая касса занимает одну строку листа «ККТ». Столбцы не переставляйте и не удаляйте.",
    "2. РНМ — регистрационный номер из карточки ККТ в личном кабинете ФНС, 16 цифр. Он нужен обязательно.",
    "3. Название, заводской номер кассы и номер фискального накопителя можно не указывать.",
    "Если указать заводской номер, контрольные цифры РНМ будут проверены сразу.",
    "4. Действие: 1, если касса регистрируется впервые; 2, если она уже зарегистрирована и меняет оператора.",
    "5. Все ячейки должны быть текстового формата: в этом шаблоне он уже задан.",
    "Номера из другой таблицы вставляйте как значения, иначе программа может испортить их:",
    "отбросить нули впереди или записать номер как 1,23E+15.",
    "6. Строку с примером можно оставить: она не загружается.",
    f"7. В одном файле может быть до {ROWS_MAX} касс, его размер — до 5 МБ.",
)


class Cell(NamedTuple):
    """A cell as read. `spoilt`: it held a number, not text, or looks like one that a program has spoilt."""

    text: str
    spoilt: bool = False


EMPTY: Final = Cell("")


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of the file by the number people see beside it."""

    number: int
    rnm: Cell
    name: Cell
    serial: Cell
    drive_serial: Cell
    action: Cell


@cache
def template_build() -> bytes:
    """The template: text cells, a choice of 1 and 2, an example row, and a sheet that tells how."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "ККТ"
    sheet.append(COLUMNS)
    sheet.append(EXAMPLE)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="E8EDF2")
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    for cell in sheet[2]:
        cell.font = Font(italic=True, color="7A8591")
    sheet.row_dimensions[1].height = 48
    for letter, width in zip("ABCDE", (22, 32, 26, 28, 30), strict=True):
        sheet.column_dimensions[letter].width = width
        sheet.column_dimensions[letter].number_format = "@"
    for row in sheet.iter_rows(min_row=1, max_row=2):
        for cell in row:
            cell.number_format = "@"
    sheet.freeze_panes = "A2"
    choice = DataValidation(type="list", formula1='"1,2"', allow_blank=True, showErrorMessage=True)
    choice.errorTitle, choice.error = "Действие с ККТ", "1 — регистрация, 2 — перерегистрация"
    sheet.add_data_validation(choice)
    choice.add(f"E2:E{ROWS_MAX + 2}")
    told = book.create_sheet("Инструкция")
    told.column_dimensions["A"].width = 100
    for line in _INSTRUCTION:
        told.append([line])
        told.cell(told.max_row, 1).alignment = Alignment(wrap_text=True, vertical="top")
    told["A1"].font = Font(bold=True, size=14)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def table_read(content: bytes) -> list[TableRow]:
    """The rows that hold something, without the heading and the example. The kind of file is told by its bytes.

    Raises: TableRefused for what is too large, broken, of another format, with macros, or empty.
    """
    if not content.strip():
        raise TableRefused("Файл пуст")
    if len(content) > BYTES_MAX:
        raise TableRefused("Файл больше 5 МБ: разделите его на несколько")
    if content.startswith(b"PK"):
        raw = _xlsx_rows(content)
    elif content.startswith(b"\xd0\xcf\x11\xe0"):
        raise TableRefused(
            "Файлы старого формата XLS и файлы с паролем не читаются: сохраните таблицу как XLSX"
        )
    elif content.startswith((b"%PDF", b"\xff\xd8", b"\x89PNG", b"{\\rtf", b"Rar!", b"7z")):
        raise TableRefused(_NOT_READ)
    else:
        raw = _csv_rows(content)
    rows = list(_rows(raw))
    if not rows:
        raise TableRefused("В файле нет ни одной заполненной строки")
    return rows


def _rows(raw: Iterable[tuple[int, list[Cell]]]) -> Iterator[TableRow]:
    heading_may_come, count = True, 0
    for number, read in raw:
        cells = (read + [EMPTY] * len(COLUMNS))[: len(COLUMNS)]
        if not any(cell.text for cell in cells):
            continue
        if heading_may_come:
            heading_may_come = False
            if _folded(cells[0].text).startswith("рнм") and not any(sign.isdigit() for sign in cells[0].text):
                continue
        if cells[0].text.replace(" ", "") == EXAMPLE[0] or cells[1].text == EXAMPLE[1]:
            continue
        count += 1
        if count > ROWS_MAX:
            raise TableRefused(_TOO_LONG)
        yield TableRow(number, *cells)


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


# ── XLSX ─────────────────────────────────────────────────────────────────────────────────────────────


def _xlsx_rows(content: bytes) -> Iterator[tuple[int, list[Cell]]]:
    _package_check(content)
    last = ROWS_MAX * 2  # empty rows between are let through, but not without end
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        # The size a file says it has may be a lie: rows are counted as they come.
        sheet.reset_dimensions()
        rows = sheet.iter_rows(max_row=last + 1, max_col=len(COLUMNS))
        found = [(number, [_cell(cell.value) for cell in row]) for number, row in enumerate(rows, 1)]
    # What a broken file makes the library raise is not told anywhere: KeyError, ValueError, ParseError and more.
    except Exception as error:
        raise TableRefused(_NOT_READ) from error
    if len(found) > last:
        raise TableRefused(_TOO_LONG)
    return iter(found)


def _package_check(content: bytes) -> None:
    """Look at the package before it is unpacked: how large it becomes, and what is in it."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
            names = {part.filename.casefold() for part in parts}
            if any(part.flag_bits & 1 for part in parts):
                raise TableRefused("Файл защищён паролем: снимите защиту и загрузите ещё раз")
            if any(
                name.endswith(("vbaproject.bin", "macrosheets/")) or "/macrosheets/" in name for name in names
            ):
                raise TableRefused("Файл с макросами не принимается: сохраните таблицу как обычный XLSX")
            if "xl/workbook.xml" not in names:
                raise TableRefused(_NOT_READ)
            if len(parts) > PARTS_MAX or sum(part.file_size for part in parts) > UNPACKED_BYTES_MAX:
                raise TableRefused(
                    "Файл в распакованном виде слишком большой: оставьте в нём только таблицу касс"
                )
            for part in parts:
                if part.filename.casefold().endswith((".xml", ".rels")):
                    _part_check(package, part)
    except (
        zipfile.BadZipFile,
        zlib.error,
        expat.ExpatError,
        NotImplementedError,
        EOFError,
        OSError,
        ValueError,
    ) as error:
        raise TableRefused(_NOT_READ) from error


def _part_check(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """No part declares a document type: entities could grow without end, and no spreadsheet program writes them."""
    parser = expat.ParserCreate()
    begun = False

    def refuse(*_: object) -> None:
        raise TableRefused(_NOT_READ)

    def begin(*_: object) -> None:
        nonlocal begun
        begun = True

    parser.StartDoctypeDeclHandler, parser.StartElementHandler = refuse, begin
    with package.open(part) as stream:
        while not begun and (chunk := stream.read(CHUNK_BYTES)):
            parser.Parse(chunk, False)


def _cell(value: object) -> Cell:
    """Text as it is; a number is spoilt, but a small whole one, as «1» of the last column, can be told."""
    if value is None:
        return EMPTY
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, bool):
        return Cell(str(value), spoilt=True)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    return Cell(str(value)[:CELL_CHARACTERS_MAX], spoilt=True)


# ── CSV ──────────────────────────────────────────────────────────────────────────────────────────────


def _csv_rows(content: bytes) -> Iterator[tuple[int, list[Cell]]]:
    text = _decoded(content)
    if "\0" in text:
        raise TableRefused(_NOT_READ)
    first = next((line for line in text.splitlines() if line.strip()), "")
    if first.casefold().startswith("sep=") and len(first) == 5:
        delimiter, text = first[4], text.split("\n", 1)[1] if "\n" in text else ""
    else:
        delimiter = max(";\t,", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for number, cells in enumerate(reader, 1):
            yield number, [_text(cell) for cell in cells[: len(COLUMNS)]]
    except csv.Error as error:
        raise TableRefused(_NOT_READ) from error


def _decoded(content: bytes) -> str:
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1251"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise TableRefused("Кодировка файла не читается: сохраните его как CSV UTF-8 или XLSX")


_POWER = re.compile(r"^\d+(?:[.,]\d+)?[eе]\+?\d+$", re.IGNORECASE)
_AS_FORMULA = re.compile(r'^="([^"]*)"$')


def _text(text: str) -> Cell:
    """A cell of text; ="0012" and '0012 are ways to keep a number whole, 1.23E+15 is one that was not."""
    text = " ".join(text.split())[:CELL_CHARACTERS_MAX]
    if kept := _AS_FORMULA.match(text):
        text = kept[1].strip()
    text = text.removeprefix("'")
    return Cell(text, spoilt=bool(_POWER.match(text)))
