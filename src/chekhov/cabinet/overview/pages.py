"""«Обзор»: figures of a period against the period before, charts, tables; each table and all of them as files."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, ClassVar, Final
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from chekhov import clock
from chekhov.cabinet.attention.pages import concern_row
from chekhov.cabinet.kkt_tabs import kkt_tabs
from chekhov.cabinet.kkts.section import CLOSED, ROOT, Visitor, registers_page, visitor_of
from chekhov.cabinet.overview.asked import Asked, overview_asked
from chekhov.cabinet.overview.files import csv_of, workbook_of
from chekhov.cabinet.overview.parts import (
    Names,
    Part,
    Row,
    Share,
    Value,
    arranged,
    part_named,
    parts_of,
    series_head,
)
from chekhov.cabinet.overview.periods import PERIODS, Change, change_of, period_text
from chekhov.errors import NotFound
from chekhov.face.cells import Column, Digits, Empty, Link, Money, Table, Two
from chekhov.face.navigation import Crumb
from chekhov.face.pages import page
from chekhov.fiscal.attention import concerns_counts, concerns_of
from chekhov.fiscal.dashboard import NOTHING, Dashboard, Period, dashboard
from chekhov.fiscal.digest import digest_of
from chekhov.fiscal.scope import Scope
from chekhov.kkt.models import Kkt
from chekhov.orgs.errors import SectionClosed
from chekhov.orgs.sections import Section

ROWS_SHOWN: Final = 20
CONCERNS_SHOWN: Final = 5
WORKBOOK_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CONCERN_COLUMNS: Final = (
    Column("kkt", "Касса", title=True),
    Column("when", "Когда"),
    Column("kind", "Что"),
    Column("text", "Подробно и что делать", wide=True),
)


class PartNotFound(NotFound):
    """There is no table of this word, or it is empty for this period."""

    code: ClassVar[str] = "overview_part_not_found"


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the page's head."""

    label: str
    value: Value
    change: Change | None = None
    under: str = ""


@registers_page()
def overview(request: HttpRequest) -> HttpResponse:
    """The page."""
    visitor, now = _reader(request), clock.now()
    asked = overview_asked(request.GET, visitor, now, timezone.localdate(now))
    if asked.settled:
        return redirect(f"{request.path}?{asked.settled}")
    scope = Scope.of_rows(asked.rows)
    board = dashboard(scope, asked.period)
    parts = _parts(board, asked, shown=ROWS_SHOWN)
    head = series_head(asked.period)
    context = {
        **_context(visitor),
        **_concerns(visitor, now),
        "asked": asked,
        "form": asked.form,
        "chips": [
            {"word": word, "url": f"{request.path}?{asked.query_of(name)}", "chosen": name == asked.named}
            for name, word in PERIODS.items()
        ],
        "period": period_text(asked.period),
        "before": period_text(asked.period.before),
        "unfinished": asked.period.last >= timezone.localdate(now),
        "figures": figures_of(board),
        "first": next((_shown(part, asked) for part in parts if part.key == head), None),
        "others": [_shown(part, asked) for part in arranged([part for part in parts if part.key != head])],
        "empty": _empty(request, visitor, asked, scope) if board.summary.now == NOTHING else None,
        "workbook_url": f"{reverse('overview_xlsx')}?{asked.query}",
    }
    return page(request, "cabinet/overview/overview.html", context, status=422 if asked.form.errors else 200)


@registers_page()
def table(request: HttpRequest, part: str) -> HttpResponse:
    """One table of the page, whole, as CSV. Raises: PartNotFound."""
    visitor, now = _reader(request), clock.now()
    asked = overview_asked(request.GET, visitor, now, timezone.localdate(now))
    board = dashboard(Scope.of_rows(asked.rows), asked.period)
    found = part_named(_parts(board, asked), part)
    if found is None:
        raise PartNotFound("Такой таблицы за этот период нет")
    return _file(csv_of(found), "text/csv; charset=utf-8", f"overview-{found.key}", "csv", asked.period)


@registers_page()
def workbook(request: HttpRequest) -> HttpResponse:
    """All tables of the page as one workbook."""
    visitor, now = _reader(request), clock.now()
    asked = overview_asked(request.GET, visitor, now, timezone.localdate(now))
    board = dashboard(Scope.of_rows(asked.rows), asked.period)
    about: list[tuple[str, Value | str]] = [("Период", period_text(asked.period)), *_narrowing(asked)]
    about += [(figure.label, figure.value) for figure in figures_of(board)]
    body = workbook_of("Обзор", about, _parts(board, asked))
    return _file(body, WORKBOOK_TYPE, "overview", "xlsx", asked.period)


def figures_of(board: Dashboard) -> list[Figure]:
    """Sums of the period, each against the period before; purchases and corrections only if there were any."""
    now, before = board.summary.now, board.summary.before
    made = [
        Figure("Выручка", Money(now.revenue_kopecks), change_of(now.revenue_kopecks, before.revenue_kopecks)),
        Figure("Чеков", now.receipts, change_of(now.receipts, before.receipts)),
        Figure(
            "Средний чек", Money(now.average_kopecks), change_of(now.average_kopecks, before.average_kopecks)
        ),
        Figure(
            "Возвраты", Money(now.returns_kopecks), change_of(now.returns_kopecks, before.returns_kopecks)
        ),
    ]
    if now.purchases or before.purchases:
        change = change_of(now.purchases_kopecks, before.purchases_kopecks)
        made.append(Figure("Расход", Money(now.purchases_kopecks), change))
    if now.corrections:
        made.append(Figure("Чеки коррекции", Money(now.corrections_kopecks), under="в выручку не входят"))
    return made


def _reader(request: HttpRequest) -> Visitor:
    """Who asks. Raises: NotMember; SectionClosed to colleagues without «ККТ»."""
    visitor = visitor_of(request)
    if not visitor.reads:
        raise SectionClosed(CLOSED, section=str(Section.KKT))
    return visitor


def _parts(board: Dashboard, asked: Asked, *, shown: int | None = None) -> list[Part]:
    """The tables. shown: of how many registers names are needed; None: of all."""
    rnms = [rnm for (rnm, _), _ in board.registers[:shown]]
    rows: QuerySet[Kkt] = asked.rows.order_by().select_related(None)
    companies: dict[str, list[tuple[int, str]]] = {}
    if len({inn for (_, inn), _ in board.registers}) > 1:
        for inn, number, name in rows.values_list(
            "organisation__inn", "organisation_id", "organisation__name"
        ).distinct():
            companies.setdefault(inn, []).append((number, name))
    groups: dict[str, tuple[int, str]] = {}
    if "group" in asked.form.fields:  # else there are none to be told apart
        grouped = rows.filter(group__isnull=False, rnm__isnull=False)
        groups = {
            str(rnm): (number, name)
            for rnm, number, name in grouped.values_list("rnm", "group_id", "group__name")
        }
    named = rows.filter(rnm__in=rnms).values_list("rnm", "pk", "name")
    names = Names(
        kkts={str(rnm): (number, name) for rnm, number, name in named}, companies=companies, groups=groups
    )
    return parts_of(board, names, asked)


def _shown(part: Part, asked: Asked) -> dict[str, Any]:
    """A table for the page, its greatest rows only; series whole, for their chart is whole too."""
    rows = part.rows if part.chart is not None else part.rows[:ROWS_SHOWN]
    return {
        "part": part,
        "table": Table(
            part.title,
            (Column("label", part.head, title=True), *part.columns),
            [_cells(part, row) for row in rows],
            Empty("Ничего нет", "За этот период здесь ничего не было."),
        ),
        "export_url": f"{reverse('overview_csv', args=(part.key,))}?{asked.query}",
        "rest": len(part.rows) - len(rows),
        "is_series": part.key in {"days", "months", "hours"},
    }


def _cells(part: Part, row: Row) -> dict[str, object]:
    name: object = Link(row.url, row.label) if row.url else row.label
    shown = {"label": Two(name, Digits(row.under)) if row.under else name}
    return shown | {column.key: _cell(value) for column, value in zip(part.columns, row.values, strict=True)}


def _cell(value: Value) -> object:
    match value:
        case Share(percent=None):
            return None
        case Share():
            return _share(value.percent or 0)
        case int() | Money() | None:
            return value
        case _:
            return f"{value:f}".replace(".", ",")


def _share(percent: int) -> SafeString:
    return format_html(
        '<span class="share"><progress max="100" value="{0}" aria-hidden="true"></progress>'
        ' <span class="digits">{0}&nbsp;%</span></span>',
        percent,
    )


def _concerns(visitor: Visitor, now: dt.datetime) -> dict[str, Any]:
    """The nearest ends, whatever the page is narrowed to, and how many of each kind there are."""
    hours = digest_of(visitor.person).silence_hours
    found = concerns_of(visitor.kkts(now), now=now, silence_hours=hours)
    rows = [concern_row(concern) for concern in found[:CONCERNS_SHOWN]]
    return {
        "concerns": Table("Что остановится и когда", CONCERN_COLUMNS, rows, Empty("Всё спокойно", "")),
        "concerns_total": len(found),
        "concern_kinds": [
            {
                "word": kind.word,
                "count": count,
                "url": f"{reverse('attention')}?{urlencode({'kind': kind.value})}",
            }
            for kind, count in concerns_counts(found).items()
            if count
        ],
    }


def _narrowing(asked: Asked) -> list[tuple[str, Value | str]]:
    """The filters in words."""
    told: list[tuple[str, Value | str]] = []
    for name, value in asked.kept.items():
        field = asked.form.fields[name]
        words = dict(getattr(field, "choices", ()))
        told.append((str(field.label), str(words.get(value, value)).strip()))
    return told


def _context(visitor: Visitor) -> dict[str, Any]:
    if visitor.partner is not None:
        root = Crumb(f"Кабинет партнёра {visitor.partner.name}", reverse("partner_customers"))
        crumbs = [root, Crumb("ККТ клиентов", reverse("partner_kkts")), Crumb("Обзор")]
    else:
        crumbs = [Crumb(ROOT, reverse("cabinet")), Crumb("ККТ", reverse("cabinet_kkts")), Crumb("Обзор")]
    return {
        "section": "kkt" if visitor.partner is None else "partner_kkts",
        "tabs": kkt_tabs(visitor),
        "tab": "overview",
        "crumbs": crumbs,
    }


def _empty(request: HttpRequest, visitor: Visitor, asked: Asked, scope: Scope) -> Empty:
    if scope.is_empty and not asked.narrowed:
        if visitor.connects:
            return Empty(
                "Касс пока нет",
                "Здесь будет выручка ваших касс. Подключите первую.",
                "chart-bar",
                reverse("kkt_add"),
                "Добавить ККТ",
            )
        return Empty("Касс пока нет", "Когда кассу добавят в кабинет, здесь будет её выручка.", "chart-bar")
    if asked.narrowed:
        return Empty(
            "Чеков не было",
            "За этот период под такие фильтры не подошёл ни один чек.",
            "search",
            f"{request.path}?{urlencode({'period': asked.named})}" if asked.named else request.path,
            "Показать все кассы",
        )
    return Empty(
        "Чеков не было",
        "За этот период кассы не передали ни одного чека.",
        "receipt",
        f"{request.path}?{asked.query_of('last_month')}",
        "Показать прошлый месяц",
    )


def _file(body: bytes, content_type: str, name: str, ending: str, period: Period) -> HttpResponse:
    response = HttpResponse(body, content_type=content_type)
    days = f"{period.first:%Y%m%d}-{period.last:%Y%m%d}"
    response["Content-Disposition"] = f'attachment; filename="{name}-{days}.{ending}"'
    response["Cache-Control"] = "no-store"
    return response
