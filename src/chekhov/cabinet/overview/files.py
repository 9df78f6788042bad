"""Tables of «Обзор» as files: one as CSV, all as a workbook. Sums are numbers of roubles in both."""

from __future__ import annotations

import io
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from chekhov.cabinet.overview.parts import Part, Share, Value
from chekhov.cabinet.spreadsheet import MARK, csv_row
from chekhov.face.cells import Money

SHEET_ROWS_MAX = 10_000
TITLE_CHARACTERS_MAX = 31
NAME_WIDTH, VALUE_WIDTH = 42, 16
SUM_FORMAT = "#,##0.00"


def csv_of(part: Part) -> bytes:
    """The table with its heads."""
    heads = [part.head, *([part.under_head] if part.under_head else []), *(heads_of(part))]
    body = [MARK, csv_row(heads)]
    for row in part.rows:
        names = [row.label, *([row.under] if part.under_head else [])]
        body.append(
            csv_row([*names, *("" if (told := plain(value)) is None else told for value in row.values)])
        )
    return b"".join(body)


def workbook_of(title: str, about: Iterable[tuple[str, Value | str]], parts: Iterable[Part]) -> bytes:
    """A sheet of the whole, then a sheet for each table."""
    book = Workbook(write_only=True)
    first = book.create_sheet(title)
    first.column_dimensions["A"].width = first.column_dimensions["B"].width = NAME_WIDTH
    for name, value in about:
        first.append([_text(first, name), _cell(first, value)])
    for part in parts:
        sheet = book.create_sheet(part.title[:TITLE_CHARACTERS_MAX])
        sheet.freeze_panes = "A2"
        heads = [part.head, *([part.under_head] if part.under_head else []), *heads_of(part)]
        for number in range(len(heads)):
            width = NAME_WIDTH if number == 0 else VALUE_WIDTH
            sheet.column_dimensions[get_column_letter(number + 1)].width = width
        sheet.append([_text(sheet, head, bold=True) for head in heads])
        for row in part.rows[:SHEET_ROWS_MAX]:
            names = [row.label, *([row.under] if part.under_head else [])]
            sheet.append(
                [_text(sheet, name) for name in names] + [_cell(sheet, value) for value in row.values]
            )
        rest = len(part.rows) - SHEET_ROWS_MAX
        if rest > 0:
            sheet.append([_text(sheet, f"И ещё {rest}: весь список — в файле CSV этой таблицы")])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def heads_of(part: Part) -> list[str]:
    """Words over the values."""
    return [f"{column.label}, %" if column.key == "share" else column.label for column in part.columns]


def plain(value: Value) -> Decimal | None:
    """A number as files have it; None for what is not known."""
    match value:
        case Money(kopecks=None) | Share(percent=None) | None:
            return None
        case Money():
            return Decimal(value.kopecks or 0).scaleb(-2)
        case Share():
            return Decimal(value.percent or 0)
        case _:
            return Decimal(value)


def _cell(sheet: Any, value: Value | str) -> Any:
    if isinstance(value, str):
        return _text(sheet, value)
    cell = WriteOnlyCell(sheet, plain(value))  # type: ignore[arg-type]  # it takes Decimal as well
    if isinstance(value, Money):
        cell.number_format = SUM_FORMAT
    return cell


def _text(sheet: Any, text: str, *, bold: bool = False) -> Any:
    """Text that stays text, whatever it begins with; signs that no workbook may hold are left out."""
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", text))
    cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell
