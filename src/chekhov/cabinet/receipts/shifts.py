"""One shift of a register: when, how much, which tax, what does not agree, which documents."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from chekhov import clock
from chekhov.cabinet.kkts.section import register_context, registers_page
from chekhov.cabinet.receipts.rows import COLUMNS, document_rows
from chekhov.cabinet.receipts.section import register_of
from chekhov.face.cells import Column, Digits, Empty, Link, Money, State, Table, moment_html
from chekhov.face.navigation import Crumb
from chekhov.face.pages import page
from chekhov.face.shifts import totals_table, vat_table
from chekhov.fiscal.access import shift_and_kkt_for_user
from chekhov.fiscal.differences import Difference, shift_differences
from chekhov.fiscal.errors import ShiftNotFound
from chekhov.fiscal.models import Shift
from chekhov.fiscal.selectors import documents_of_drive
from chekhov.kkt.models import Kkt
from chekhov.orgs.sections import Section

ROWS = 50
DIGITS_MAX = 18
EMPTY = Empty("Документов нет", "Дальше документов этой смены нет.", "receipt")
DIFFERENCE_COLUMNS = (
    Column("word", "Показатель", title=True),
    Column("report", "В отчёте", end=True),
    Column("sum", "По документам", end=True),
)


@registers_page()
def shift(request: HttpRequest, kkt_id: int, fn: str, number: int) -> HttpResponse:
    """The page of a shift."""
    visitor, kkt = register_of(request, kkt_id)
    card, owner = shift_and_kkt_for_user(
        user=visitor.person, fn=fn, number=number, now=clock.now(), section=Section.KKT
    )
    if owner.pk != kkt.pk:  # a shift of another register of his, under this one's address
        raise ShiftNotFound(fn, number)
    row = card.shift
    differences = shift_differences(card)
    context = {
        **register_context(
            visitor, kkt, "receipts", Crumb("Чеки", reverse("kkt_receipts", args=(kkt.pk,))), Crumb(f"Смена № {number}")
        ),
        "shift": row,
        "state": State("attention", "Открыта", "clock") if row.is_open else State("quiet", "Закрыта", "check"),
        "facts": _facts(row),
        "totals": totals_table(card.totals),
        "vat": vat_table(card.vat, row.opened_at or row.first_issued_at),
        "agrees": row.close_fd is not None and not differences,
        "differences": Table("Расхождения", DIFFERENCE_COLUMNS, [_difference(one) for one in differences], EMPTY),
        "documents": _documents(request, row, kkt),
    }  # fmt: skip
    return page(request, "cabinet/receipts/shift.html", context)


def _documents(request: HttpRequest, row: Shift, kkt: Kkt) -> Table:
    """Documents of the shift, the last first, paged by their number."""
    before = request.GET.get("before", "")
    last = row.last_fd
    if before.isascii() and before.isdigit() and len(before) <= DIGITS_MAX:
        last = min(last, int(before) - 1)
    found = list(
        documents_of_drive(fn=row.fn, first_fd=row.first_fd, last_fd=last)
        .filter(shift=row.number, rnm=kkt.rnm, inn=kkt.organisation.inn)
        .order_by("-fd")[: ROWS + 1]
    )
    shown = found[:ROWS]
    return Table(
        "Документы смены",
        [column for column in COLUMNS if column.key != "shift"],
        document_rows(shown, kkt),
        EMPTY,
        older_url=f"{request.path}?before={shown[-1].fd}" if len(found) > ROWS else "",
        first_url=request.path if before else "",
    )


def _facts(row: Shift) -> list[tuple[str, object]]:
    opened = moment_html(row.opened_at, seconds=True) if row.opened_at else "отчёт об открытии не приходил"
    if row.closed_at:
        closed: object = moment_html(row.closed_at, seconds=True)
    else:
        closed = "ещё идёт" if row.is_open else "отчёт о закрытии не приходил"
    return [
        ("Открыта", _link(row, row.open_fd, opened)),
        ("Закрыта", _link(row, row.close_fd, closed)),
        ("Чеков", row.receipts),
        ("Коррекций", row.corrections),
        ("Документов", row.documents),
        ("№ ФН", Digits(row.fn, copy=True)),
        ("№ ФД", f"с {row.first_fd} по {row.last_fd}"),
    ]


def _link(row: Shift, fd: int | None, value: object) -> object:
    return value if fd is None else Link(reverse("kkt_document", args=(row.fn, fd)), value, modal=True)


def _difference(one: Difference) -> dict[str, object]:
    values = (one.report_value, one.sum_value)
    report, documents = map(Money, values) if one.is_money else values
    return {"word": one.word, "report": report, "sum": documents}
