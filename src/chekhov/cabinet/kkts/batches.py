"""«Пакетное добавление ККТ»: a table of registers is uploaded, looked through, and connected row by row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from chekhov import clock
from chekhov.cabinet.formerrors import error_place
from chekhov.cabinet.kkts.connecting import NO_COMPANY, TITLE, add_context, company_chosen
from chekhov.cabinet.kkts.forms import BatchForm
from chekhov.cabinet.kkts.groups import group_wanted_choices
from chekhov.cabinet.kkts.section import (
    Visitor,
    actor_upon,
    connecting_context,
    registers_page,
    stage_state,
    visitor_of,
)
from chekhov.cabinet.spreadsheet import MARK, csv_answer, csv_row
from chekhov.errors import Conflict, Malformed, RuleBroken
from chekhov.face.cells import Column, Digits, Empty, Link, State, Table, Two
from chekhov.face.figures import plural
from chekhov.face.navigation import Crumb
from chekhov.face.pages import page, sent_of
from chekhov.kkt.access import batch_for_user, batches_for_user
from chekhov.kkt.batch_table import BYTES_MAX, COLUMNS, ROWS_MAX, template_build
from chekhov.kkt.errors import BeyondOwnGroups, GroupNotFound
from chekhov.kkt.models import ApplicationKind, Batch, BatchRow
from chekhov.kkt.selectors_batches import BatchCount, batch_counts, batch_rows_page, batch_rows_refused
from chekhov.kkt.selectors_lists import KktLine, kkt_lines
from chekhov.kkt.services.batches import batch_start, batch_take

ROWS: Final = 100
LEFT_SHOWN: Final = 5
ROW_COLUMNS: Final = (
    Column("rnm", "РНМ", title=True),
    Column("name", "Внутреннее название"),
    Column("error", "Ошибка", wide=True),
)
DONE_COLUMNS: Final = (*ROW_COLUMNS[:2], Column("error", "Итог", wide=True))
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Block:
    """A part of the table on its page: what is to be done with its registers, and a page of its rows."""

    title: str
    text: str
    table: Table
    refused: int


@registers_page("GET", "HEAD", "POST", deed="connects")
def add(request: HttpRequest) -> HttpResponse:
    """The steps: the template, the file; tables that were left are offered again."""
    visitor, now = visitor_of(request), clock.now()
    company = company_chosen(request, visitor)
    groups = group_wanted_choices(visitor, now)
    form = BatchForm(sent_of(request), request.FILES if request.method == "POST" else None, groups=groups)
    if request.method == "POST" and company is None:
        form.add_error(None, NO_COMPANY)
    elif request.method == "POST" and company is not None and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            made = batch_take(
                actor=actor_upon(request, company.pk),
                organisation=company,
                name=file.name,
                content=file.read(BYTES_MAX + 1),  # a byte more than is taken: enough to be refused
                group_id=int(form.cleaned_data["group"]) if form.cleaned_data.get("group") else None,
                now=now,
            )
        except (BeyondOwnGroups, Conflict, GroupNotFound, Malformed, RuleBroken) as error:
            error_place(form, error, {type(error): "file"})
        else:
            return redirect("kkt_batch", batch_id=made.pk)
    context = {
        **add_context(visitor, "batch", company),
        "form": form,
        "left": [_left(one) for one in _batches(visitor, now).exclude(state=Batch.State.DONE)[:LEFT_SHOWN]],
    }
    return page(request, "cabinet/kkts/batch_add.html", context, status=422 if form.errors else 200)


@registers_page(deed="connects")
def template(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  # the same for everybody
    """«Скачать шаблон»."""
    response = HttpResponse(template_build(), content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="kkt-template.xlsx"'
    return response


@registers_page(deed="connects")
def guide(request: HttpRequest) -> HttpResponse:
    """«Инструкция по заполнению шаблона»."""
    context = {
        **connecting_context(
            visitor_of(request), Crumb(TITLE, reverse("kkt_batch_add")), Crumb("Как заполнить шаблон")
        ),
        "columns": COLUMNS,
        "rows_max": ROWS_MAX,
        "back": reverse("kkt_batch_add"),
    }
    return page(request, "cabinet/kkts/batch_guide.html", context)


@registers_page("GET", "HEAD", "POST", deed="connects")
def batch(request: HttpRequest, batch_id: int) -> HttpResponse:
    """A table at its own address: a draft, then how far it is, then what became of it."""
    visitor, now = visitor_of(request), clock.now()
    row = _batch_of(visitor, batch_id, now)
    trouble = ""
    if request.method == "POST":
        try:
            batch_start(actor=actor_upon(request, row.organisation_id), batch=row, now=now)
        except (Conflict, RuleBroken) as error:
            trouble = error.message
        else:
            return redirect("kkt_batch", batch_id=row.pk)
    counts = batch_counts(row)
    ready = sum(one.total - one.refused for one in counts.values())
    context = {
        **connecting_context(
            visitor, Crumb(TITLE, reverse("kkt_batch_add")), Crumb(row.file_name or "Таблица")
        ),
        "batch": row,
        "trouble": trouble,
        "ready": ready,
        "refused": sum(one.refused for one in counts.values()),
        "again_url": f"{reverse('kkt_batch_add')}?{urlencode({'organisation': row.organisation_id})}",
        "blocks": [] if row.state == Batch.State.RUNNING else _blocks(request, row, counts, now),
        "done_url": reverse("management" if visitor.manages else "partner_kkts"),
        "visitor": visitor,
    }
    fragments = {"batch-progress": "cabinet/kkts/batch_progress.html"}
    response = page(
        request, "cabinet/kkts/batch.html", context, fragments=fragments, status=422 if trouble else 200
    )
    if row.state == Batch.State.DONE and request.headers.get("HX-Target") == "batch-progress":
        response["HX-Refresh"] = "true"  # the whole page tells what became of it
    return response


@registers_page(deed="connects")
def errors(request: HttpRequest, batch_id: int) -> StreamingHttpResponse:
    """Rows with errors as CSV, to be mended and uploaded again."""
    row = _batch_of(visitor_of(request), batch_id, clock.now())
    return csv_answer(_errors_csv(row), f"kkt-errors-{row.pk}.csv")


def _batches(visitor: Visitor, now: dt.datetime) -> QuerySet[Batch]:
    return batches_for_user(user=visitor.person, now=now, section=visitor.section_connecting)


def _batch_of(visitor: Visitor, batch_id: int, now: dt.datetime) -> Batch:
    return batch_for_user(user=visitor.person, batch_id=batch_id, now=now, section=visitor.section_connecting)


def _left(row: Batch) -> dict[str, Any]:
    return {
        "url": reverse("kkt_batch", args=(row.pk,)),
        "name": row.file_name or "Таблица касс",
        "company": row.organisation.name,
        "at": row.created_at,
        "total": row.total,
        "running": row.state == Batch.State.RUNNING,
    }


def _blocks(request: HttpRequest, row: Batch, counts: dict[str, BatchCount], now: dt.datetime) -> list[Block]:
    reports = "отчеты о регистрации и завершить регистрацию"
    again = "отчеты об изменении параметров регистрации и завершить перерегистрацию"
    titles = {
        str(ApplicationKind.REGISTRATION): ("ККТ регистрируемые с РНМ", reports),
        str(ApplicationKind.REREGISTRATION): ("ККТ перерегистрируемые с РНМ", again),
        "": ("Действие с ККТ не указано", ""),
    }
    blocks = []
    for kind, (title, deed) in titles.items():
        count = counts.get(kind)
        if count is None:
            continue
        words = plural(count.total, "касса", "кассы", "касс")
        text = f"Для указанных касс необходимо сформировать {deed} в ФНС, следуя инструкции." if deed else ""
        table = _rows_table(request, row, kind, f"{title}: {count.total} {words}", now)
        blocks.append(Block(table.caption, text, table, count.refused))
    return blocks


def _rows_table(request: HttpRequest, row: Batch, kind: str, caption: str, now: dt.datetime) -> Table:
    """A page of the rows of one kind, or only of those with errors, by number."""
    name = f"after_{kind or 'none'}"
    asked = request.GET.get(name, "")
    after = int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= 9 else 0
    only_errors = request.GET.get("only") == "errors"
    shown = batch_rows_page(row, kind=kind, only_refused=only_errors, after=after, limit=ROWS)
    done = row.state == Batch.State.DONE
    lines = {line.kkt.pk: line for line in kkt_lines([one.kkt_id for one in shown.rows if one.kkt_id], now)}
    base = {"only": "errors"} if only_errors else {}
    return Table(
        caption,
        DONE_COLUMNS if done else ROW_COLUMNS,
        [_row(one, lines.get(one.kkt_id or 0), done=done) for one in shown.rows],
        Empty("Здесь ошибок нет", "Все строки этого блока можно подключить.", "circle-check"),
        older_url=f"?{urlencode({**base, name: shown.next_number})}" if shown.next_number else "",
        first_url=f"?{urlencode(base)}" if after else "",
    )


def _row(row: BatchRow, line: KktLine | None, *, done: bool) -> dict[str, object]:
    result: object = [State("danger", text) for text in row.errors] or None
    if not row.errors and done and line is not None:
        result = Link(reverse("kkt", args=(line.kkt.pk,)), stage_state(line))
    elif not row.errors and done:
        result = State("quiet", "Уже была подключена")
    return {
        "rnm": Two(Digits(row.rnm) if row.rnm else "Без РНМ", f"строка {row.number}"),
        "name": row.name,
        "error": result,
    }


def _errors_csv(batch: Batch) -> Iterator[bytes]:
    yield MARK
    yield csv_row(["Строка", "РНМ", "Внутреннее название", "Заводской номер кассы", "Номер ФН", "Ошибка"])
    for row in batch_rows_refused(batch):
        cells = [row.rnm, row.name, row.serial, row.drive_serial, "; ".join(row.errors)]
        yield csv_row([str(row.number), *cells])
