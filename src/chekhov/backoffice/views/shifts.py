"""One shift of a drive: sums by operation, VAT by rate, documents."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from chekhov.backoffice.access import staff_page
from chekhov.backoffice.rows import DOCUMENT_COLUMNS, document_rows
from chekhov.backoffice.section import section_context
from chekhov.face.cells import Digits, Link, State, Table
from chekhov.face.navigation import Crumb
from chekhov.face.pages import page
from chekhov.face.shifts import EMPTY, totals_table, vat_table
from chekhov.fiscal.models import Shift
from chekhov.fiscal.selectors import documents_of_drive, shift_card
from chekhov.fiscal.selectors_pages import kkts_by_rnm

DOCUMENTS_SHOWN = 200


@staff_page()
def shift(request: HttpRequest, fn: str, number: int) -> HttpResponse:
    """The page of a shift."""
    card = shift_card(fn=fn, number=number)
    row = card.shift
    documents = list(documents_of_drive(fn=fn, first_fd=row.first_fd, last_fd=row.last_fd)[:DOCUMENTS_SHOWN])
    context = {
        **section_context(
            "drives",
            Crumb("Накопители", reverse("drives")),
            Crumb(fn, reverse("drive", args=(fn,))),
            Crumb(f"Смена {number}"),
        ),
        "shift": row,
        "state": State("attention", "Открыта", "clock")
        if row.is_open
        else State("quiet", "Закрыта", "check"),
        "facts": _facts(row),
        "totals": totals_table(card.totals),
        "vat": vat_table(card.vat, row.opened_at or row.first_issued_at),
        "documents": Table(
            "Документы смены",
            DOCUMENT_COLUMNS,
            document_rows(documents, kkts_by_rnm(rnms=[row.rnm])),
            EMPTY,
            note=f"Показаны первые {DOCUMENTS_SHOWN}" if len(documents) == DOCUMENTS_SHOWN else "",
        ),
    }
    return page(request, "backoffice/shift.html", context)


def _facts(shift: Shift) -> list[tuple[str, object]]:
    return [
        ("Накопитель (ФН)", Link(reverse("drive", args=(shift.fn,)), Digits(shift.fn))),
        ("Регистрационный номер (РНМ)", Digits(shift.rnm, copy=True) if shift.rnm else None),
        ("Открыта", shift.opened_at or "отчёт об открытии не приходил"),
        ("Закрыта", shift.closed_at or ("ещё идёт" if shift.is_open else "отчёт о закрытии не приходил")),
        ("Документы", f"с ФД {shift.first_fd} по ФД {shift.last_fd}"),
        ("Чеков", shift.receipts),
        ("Коррекций", shift.corrections),
    ]
