"""A list of companies as a table in a text file, made cards: what an operator exports from elsewhere.

UTF-8 or Windows-1251; semicolons, commas or tabs; the first line names the columns, in any order, by Russian or
English words. A line is read at a time, so the file may be of any length.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from chekhov.errors import Malformed
from chekhov.links.directory_reading import CompanyCard, CompanyState, card_of_local
from chekhov.values.errors import BadRequisite
from chekhov.values.requisites import Inn, Kpp, Ogrn

CHUNK_BYTES: Final = 1 << 20
LINE_CHARACTERS_MAX: Final = 20_000
DELIMITERS: Final = ";,\t"
COLUMNS: Final[Mapping[str, str]] = {
    "инн": "inn",
    "кпп": "kpp",
    "огрн": "ogrn",
    "огрнип": "ogrn",
    "огрн/огрнип": "ogrn",
    "огрн или огрнип": "ogrn",
    "название": "name",
    "наименование": "name",
    "краткое наименование": "name",
    "полное наименование": "full_name",
    "адрес": "address",
    "юридический адрес": "address",
    "руководитель": "head",
    "фио руководителя": "head",
    "фамилия руководителя": "head_surname",
    "имя руководителя": "head_name",
    "отчество руководителя": "head_patronymic",
    "должность": "head_position",
    "должность руководителя": "head_position",
    "состояние": "state",
    "статус": "state",
    "код налогового органа": "tax_office",
    "head": "head",
    **{
        name: name
        for name in (
            *("inn", "kpp", "ogrn", "name", "full_name", "address", "head_surname", "head_name"),
            *("head_patronymic", "head_position", "state", "tax_office"),
        )
    },
}
"""Words of the first line, in small letters → fields of `directory_reading.card_of_local`; `head` is a full name."""

STATES: Final[Mapping[str, CompanyState]] = {
    **{state.value: state for state in CompanyState},
    "": CompanyState.UNKNOWN,
    "действует": CompanyState.ACTIVE,
    "действующая": CompanyState.ACTIVE,
    "действующее": CompanyState.ACTIVE,
    "ликвидируется": CompanyState.LIQUIDATING,
    "ликвидирована": CompanyState.LIQUIDATED,
    "ликвидировано": CompanyState.LIQUIDATED,
    "прекращена": CompanyState.LIQUIDATED,
    "банкротство": CompanyState.BANKRUPT,
    "реорганизуется": CompanyState.REORGANIZING,
    "неизвестно": CompanyState.UNKNOWN,
}
SPOILT: Final = re.compile(r"\d+([.,]\d+)?[eеEЕ][+-]?\d+")


class DirectoryFileBroken(Malformed):
    """The file is no such table: no columns we know, not a text, or a line without end."""

    code = "directory_file_broken"


class CsvLine(NamedTuple):
    """A line of the table: its number in the file, and the card, or what is wrong with it."""

    number: int
    card: CompanyCard | None
    trouble: str


def cards_of_csv(path: Path) -> Iterator[CsvLine]:
    """Every line that holds something. Raises: DirectoryFileBroken, OSError."""
    with path.open(encoding=_encoding(path), newline="") as file:
        yield from _lines(file, path)


def _lines(file: io.TextIOBase, path: Path) -> Iterator[CsvLine]:
    head = file.readline(LINE_CHARACTERS_MAX)
    delimiter = max(DELIMITERS, key=head.count)
    columns = [
        COLUMNS.get(" ".join(word.casefold().split()), "")
        for word in next(csv.reader([head], delimiter=delimiter), [])
    ]
    if not {"inn", "name"} <= set(columns):
        raise DirectoryFileBroken(
            f"{path}: the first line must name the columns, «ИНН» and «Наименование» at least"
        )
    twice = {column for column in columns if column and columns.count(column) > 1}
    if twice:
        raise DirectoryFileBroken(f"{path}: two columns mean the same: {', '.join(sorted(twice))}")
    reader = csv.reader(_bounded(file, path), delimiter=delimiter)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield _line(reader.line_num + 1, columns, cells)
    except csv.Error as error:
        raise DirectoryFileBroken(f"{path}, line {reader.line_num + 1}: {error}") from error


def _line(number: int, columns: list[str], cells: list[str]) -> CsvLine:
    if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
        return CsvLine(number, None, "more cells than columns")
    row = {column: cell.strip() for column, cell in zip(columns, cells, strict=False) if column}
    try:
        return CsvLine(number, _card(row), "")
    except BadRequisite as error:
        return CsvLine(number, None, error.message)


def _card(row: dict[str, str]) -> CompanyCard:
    """Raises: BadRequisite, its words for whoever mends the file."""
    inn_text = row.get("inn", "")
    for name in ("inn", "kpp", "ogrn"):
        if SPOILT.fullmatch(row.get(name, "")):
            raise BadRequisite(f"“{row[name]}” is a number spoilt by a spreadsheet; make the column text")
    if inn_text.isdigit() and len(inn_text) in {9, 11}:
        raise BadRequisite(f"ИНН “{inn_text}” has lost its first zero in a spreadsheet")
    inn = Inn.parse(inn_text)
    if not row.get("name"):
        raise BadRequisite("no name")
    state = row.get("state", "").casefold()
    if state not in STATES:
        raise BadRequisite(f"state “{row['state']}” is not known; leave it empty if you do not know")
    given: dict[str, object] = {
        **row,
        "inn": str(inn),
        "kpp": str(Kpp.parse(row["kpp"])) if row.get("kpp") and not inn.is_person else "",
        "ogrn": str(Ogrn.parse(row["ogrn"])) if row.get("ogrn") else "",
        "state": STATES[state],
    }
    words = row.get("head", "").split(maxsplit=2)
    if words:
        surname, name, patronymic = [*words, "", ""][:3]
        given |= {"head_surname": surname, "head_name": name, "head_patronymic": patronymic}
    return card_of_local(given)


def _bounded(file: io.TextIOBase, path: Path) -> Iterator[str]:
    while line := file.readline(LINE_CHARACTERS_MAX + 1):
        if len(line) > LINE_CHARACTERS_MAX:
            raise DirectoryFileBroken(f"{path}: a line longer than {LINE_CHARACTERS_MAX} characters")
        yield line


def _encoding(path: Path) -> str:
    """UTF-8 if the whole file is, else Windows-1251. Raises: DirectoryFileBroken for what is no text."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    with path.open("rb") as file:
        try:
            while chunk := file.read(CHUNK_BYTES):
                if b"\0" in chunk:
                    raise DirectoryFileBroken(f"{path}: not a text; save the table as CSV")
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1251"
    return "utf-8-sig"
