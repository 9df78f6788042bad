"""Tab «Чеки»: all documents of a register, with filters in the address, and the same list as a file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Final, cast

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse

from chekhov import clock
from chekhov.cabinet.kkts.section import register_context, registers_page
from chekhov.cabinet.receipts.forms import ReceiptsFilterForm
from chekhov.cabinet.receipts.rows import COLUMNS, document_rows
from chekhov.cabinet.receipts.section import register_of
from chekhov.cabinet.spreadsheet import MARK, csv_answer, csv_row
from chekhov.face.cells import Empty, Table
from chekhov.face.pages import page
from chekhov.face.shifts import OPERATIONS
from chekhov.ffd.printing import title_of
from chekhov.fiscal.access import Scope, scope_of_kkt
from chekhov.fiscal.models import FiscalDocument
from chekhov.fiscal.search import ReceiptsPage, ReceiptsWanted, receipts_page
from chekhov.kkt.models import Kkt

ROWS: Final = 50
EXPORT_PAGE_ROWS: Final = 200
EXPORT_ROWS_MAX: Final = 100_000
"""A spreadsheet program opens this many; whoever needs more narrows the period."""

EXPORT_HEAD: Final = (
    "№ документа",
    "Дата документа",
    "Документ",
    "Признак расчёта",
    "№ смены",
    "Сумма",
    "ФН",
    "ФПД",
)
SHOWN_NAMES: Final = frozenset({"before"})


@registers_page()
def receipts(request: HttpRequest, kkt_id: int) -> HttpResponse:
    """The list, newest first."""
    visitor, kkt = register_of(request, kkt_id)
    form = ReceiptsFilterForm(request.GET)
    found = receipts_page(
        scope_of_kkt(kkt), form.wanted(), before=request.GET.get("before") or None, limit=ROWS
    )
    narrowed = any(str(value).strip() for name, value in request.GET.items() if name not in SHOWN_NAMES)
    context = {
        **register_context(visitor, kkt, "receipts"),
        "form": form,
        "narrowed": narrowed,
        "table": Table(
            "Документы кассы",
            COLUMNS,
            document_rows(found.documents, kkt),
            _empty(kkt, found, narrowed=narrowed),
            older_url=_url(request, found.next_cursor) if found.next_cursor else "",
            first_url=_url(request, None) if "before" in request.GET else "",
            note=_note(found),
            export_url=_export_url(request, kkt),
        ),
    }
    return page(request, "cabinet/receipts/receipts.html", context)


@registers_page()
def receipts_export(request: HttpRequest, kkt_id: int) -> HttpResponse:
    """What the list shows, all of it, as a table for a spreadsheet program."""
    _visitor, kkt = register_of(request, kkt_id)
    wanted, scope = ReceiptsFilterForm(request.GET).wanted(), scope_of_kkt(kkt)
    response = csv_answer(_lines(scope, wanted), f"receipts-{kkt.rnm or kkt.pk}-{clock.now():%Y%m%d}.csv")
    return cast("HttpResponse", response)  # the wrappers of pages look into neither


def _lines(scope: Scope, wanted: ReceiptsWanted) -> Iterator[bytes]:
    """The file piece by piece: a mark of UTF-8, the head, a page of rows after another."""
    yield MARK + csv_row(EXPORT_HEAD)
    cursor: str | None = None
    written = 0
    while True:
        found = receipts_page(scope, wanted, before=cursor, limit=EXPORT_PAGE_ROWS)
        yield b"".join(csv_row(_export_row(row)) for row in found.documents)
        written += len(found.documents)
        cursor = found.next_cursor
        if cursor is None:
            return
        if written >= EXPORT_ROWS_MAX:
            yield csv_row([f"Показаны первые {written} документов: сузьте период, чтобы получить остальные"])
            return


def _export_row(row: FiscalDocument) -> tuple[str | Decimal, ...]:
    return (
        str(row.fd),
        f"{row.issued_at:%d.%m.%Y %H:%M:%S}" if row.issued_at else "",
        title_of(row.code),
        OPERATIONS.get(row.operation or 0, ""),
        str(row.shift or ""),
        Decimal(row.total_kopecks or 0).scaleb(-2),  # reports have none and show 0,00, as in the list
        row.fn,
        f"{row.fpd:010}" if row.fpd is not None else "",
    )


def _url(request: HttpRequest, before: str | None, path: str = "") -> str:
    changed: QueryDict = request.GET.copy()
    changed.pop("before", None)
    if before is not None:
        changed["before"] = before
    text = changed.urlencode()
    return f"{path or request.path}?{text}" if text else path or request.path


def _export_url(request: HttpRequest, kkt: Kkt) -> str:
    return _url(request, None, reverse("kkt_receipts_export", args=(kkt.pk,)))


def _note(found: ReceiptsPage) -> str:
    """How far the list goes; of a search that could not look through everything, how far it looked."""
    if found.is_cut and found.looked_until is not None:
        return f"Просмотрены документы по {_day(found.looked_until)} включительно, остальные — дальше"
    moments = [row.issued_at for row in found.documents if row.issued_at is not None]
    if found.next_cursor is None or not moments:
        return ""
    return f"Показаны документы с {_day(min(moments))} по {_day(max(moments))}"


def _day(moment: dt.datetime) -> str:
    return f"{moment:%d.%m.%Y}"


def _empty(kkt: Kkt, found: ReceiptsPage, *, narrowed: bool) -> Empty:
    here = reverse("kkt_receipts", args=(kkt.pk,))
    if found.next_cursor is not None:
        return Empty("Пока не нашлось", _note(found), "search")
    if narrowed:
        return Empty(
            "Ничего не нашлось",
            "Под такие условия не подходит ни один документ этой кассы.",
            "search",
            here,
            "Показать все документы",
        )
    if not kkt.rnm:
        return Empty(
            "Документов ещё нет",
            "У кассы не указан регистрационный номер (РНМ). Когда он появится, здесь будут все её документы.",
            "receipt",
            reverse("kkt", args=(kkt.pk,)),
            "Открыть карточку кассы",
        )
    return Empty(
        "Документов ещё нет",
        "Касса ещё ничего не передала. Первый документ — отчёт о регистрации — появится здесь сам.",
        "receipt",
        reverse("kkt", args=(kkt.pk,)),
        "Открыть карточку кассы",
    )
