"""Documents as rows of the tables of the cabinet, and as lines of a file."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from chekhov.face.cells import Column, Link, Money, State, Two, moment_html
from chekhov.face.shifts import OPERATIONS
from chekhov.ffd.printing import title_of
from chekhov.fiscal.models import FiscalDocument
from chekhov.fiscal.verdicts import Verdict
from chekhov.kkt.models import Kkt

COLUMNS = (
    Column("number", "№ документа"),
    Column("at", "Дата документа"),
    Column("document", "Документ", title=True),
    Column("shift", "№ смены", end=True),
    Column("sum", "Сумма", end=True),
)
UNREADABLE = State("danger", "Не распознан")


def document_rows(documents: Iterable[FiscalDocument], kkt: Kkt) -> list[dict[str, object]]:
    """Documents of a register for `COLUMNS`."""
    return [
        {
            "number": str(row.fd),
            "at": None if row.issued_at is None else moment_html(row.issued_at, seconds=True),
            "document": _document_cell(row),
            "shift": _shift_cell(row, kkt),
            "sum": _sum_cell(row),
        }
        for row in documents
    ]


def _document_cell(row: FiscalDocument) -> object:
    url = reverse("kkt_document", args=(row.fn, row.fd))
    name = title_of(row.code)
    link = Link(url, name, spoken=f"{name} № {row.fd}", modal=True)
    return Two(link, UNREADABLE) if row.verdict == Verdict.UNRECOGNISED else link


def _shift_cell(row: FiscalDocument, kkt: Kkt) -> object:
    if not row.shift:
        return None
    url = reverse("kkt_shift", args=(kkt.pk, row.fn, row.shift))
    return Link(url, str(row.shift), spoken=f"Смена № {row.shift}")


def _sum_cell(row: FiscalDocument) -> object:
    """Reports have no sum and show 0,00; returns and expenses are named, for a sum alone looks like a sale."""
    money = Money(row.total_kopecks or 0)
    if row.operation in (None, 1):
        return money
    return Two(money, OPERATIONS.get(row.operation or 0, ""))
