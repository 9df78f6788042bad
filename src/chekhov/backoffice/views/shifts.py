"""One shift of a drive: sums by operation, VAT by rate, documents."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from chekhov.backoffice.access import staff_page
from chekhov.backoffice.rows import DOCUMENT_COLUMNS, document_rows
from chekhov.backoffice.section import section_context
from chekhov.backoffice.words import OPERATIONS
from chekhov.face.cells import Column, Digits, Empty, Link, Money, State, Table
from chekhov.face.navigation import Crumb
from chekhov.face.pages import page
from chekhov.ffd.checks.vat import vat_label
from chekhov.fiscal.models import Shift, ShiftTotal, ShiftVat
from chekhov.fiscal.selectors import documents_of_drive, shift_card
from chekhov.fiscal.selectors_pages import kkts_by_rnm

DOCUMENTS_SHOWN = 200

TOTAL_COLUMNS = (
    Column("operation", "Признак расчёта", title=True),
    Column("receipts", "Чеков", end=True),
    Column("cash", "Наличными", end=True),
    Column("ecash", "Безналичными", end=True),
    Column("prepaid", "Предоплатой", end=True),
    Column("credit", "В кредит", end=True),
    Column("provision", "Встречно", end=True),
    Column("total", "Всего", end=True),
)

VAT_COLUMNS = (
    Column("operation", "Признак расчёта", title=True),
    Column("rate", "Ставка"),
    Column("amount", "Сумма", end=True),
)


@staff_page()
def shift(request: HttpRequest, fn: str, number: int) -> HttpResponse:
    """The page of a shift."""
    card = shift_card(fn=fn, number=number)
    row = card.shift
    documents = list(documents_of_drive(fn=fn, first_fd=row.first_fd, last_fd=row.last_fd)[:DOCUMENTS_SHOWN])
    empty = Empty("Сумм нет", "В этой смене ещё не было чеков.", "receipt")
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
        "totals": Table(
            "Суммы по признаку расчёта", TOTAL_COLUMNS, [_total(total) for total in card.totals], empty
        ),
        "vat": Table("НДС", VAT_COLUMNS, [_vat(row, vat) for vat in card.vat], empty),
        "documents": Table(
            "Документы смены",
            DOCUMENT_COLUMNS,
            document_rows(documents, kkts_by_rnm(rnms=[row.rnm])),
            empty,
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


def _operation(operation: int, *, correction: bool) -> str:
    name = OPERATIONS.get(operation, f"Признак {operation}")
    return f"{name}, коррекция" if correction else name


def _total(total: ShiftTotal) -> dict[str, object]:
    return {
        "operation": _operation(total.operation, correction=total.correction),
        "receipts": total.receipts,
        "cash": Money(total.cash_kopecks),
        "ecash": Money(total.ecash_kopecks),
        "prepaid": Money(total.prepaid_kopecks),
        "credit": Money(total.credit_kopecks),
        "provision": Money(total.provision_kopecks),
        "total": Money(total.total_kopecks),
    }


def _vat(shift: Shift, vat: ShiftVat) -> dict[str, object]:
    moment = shift.opened_at or shift.first_issued_at
    return {
        "operation": _operation(vat.operation, correction=vat.correction),
        "rate": vat_label(vat.rate, moment.date()) if moment else f"код ставки {vat.rate}",
        "amount": Money(vat.amount_kopecks),
    }
