"""Rows of CSV that spreadsheet programs open without spoiling them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from django.http import StreamingHttpResponse

MARK: Final = "\N{BYTE ORDER MARK}".encode()
"""The beginning of a file, by which spreadsheets know UTF-8."""
FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r")
DIGITS_KEPT_MAX: Final = 11  # longer numbers are rounded or shown as 1.23E+15


def csv_row(cells: Iterable[str | Decimal]) -> bytes:
    """A row: semicolons between cells, long numbers kept whole, nothing that could be taken for a formula of others.

    Decimals are numbers to reckon with, written with a comma; text stays text.
    """
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerow(map(_kept, cells))
    return out.getvalue().encode()


def csv_answer(body: Iterable[bytes | str], name: str) -> StreamingHttpResponse:
    """A file of rows made while it is sent; never kept by caches. `name`: with its ending."""
    response = StreamingHttpResponse(body, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def _kept(cell: str | Decimal) -> str:
    if isinstance(cell, Decimal):
        return f"{cell:f}".replace(".", ",")
    if cell.startswith(FORMULA_SIGNS):
        return f"'{cell}"
    if cell.isascii() and cell.isdigit() and (len(cell) > DIGITS_KEPT_MAX or cell.startswith("0")):
        return f'="{cell}"'
    return cell
