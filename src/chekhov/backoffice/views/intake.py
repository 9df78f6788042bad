"""«Приём»: what comes in, live."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from chekhov import clock
from chekhov.backoffice.access import staff_page
from chekhov.backoffice.charts import Bars, bars
from chekhov.backoffice.forms import IntakeFilterForm
from chekhov.backoffice.rows import DOCUMENT_COLUMNS, document_rows
from chekhov.backoffice.section import ROWS, filtered, first_url, paged_url, section_context
from chekhov.face.cells import Empty, State, Table
from chekhov.face.pages import page
from chekhov.fiscal.selectors import (
    ProjectorLag,
    intake_rate,
    projector_lag,
    quarantine_counts,
)
from chekhov.fiscal.selectors_pages import documents_page, kkts_by_rnm, unidentified_count
from chekhov.fiscal.verdicts import ALARMS

LAG_FINE_SECONDS = 5.0
LAG_ATTENTION_SECONDS = 60.0
CHART_MINUTES = 30

EMPTY = Empty(
    "Документов ещё нет",
    "Настройте кассу на адрес и порт этого оператора (они на главной странице). "
    "Первый принятый документ появится здесь сам.",
    "inbox",
    "/",
    "Адрес и порт для кассы",
)


@staff_page()
def home(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Where the work of staff begins."""
    return redirect("intake")


@staff_page()
def intake(request: HttpRequest) -> HttpResponse:
    """Last documents with filters and paging by key; figures above. Both parts ask for themselves while shown."""
    form = IntakeFilterForm(request.GET)
    before = request.GET.get("before")
    found = documents_page(wanted=form.wanted(), before=before, limit=ROWS)
    kkts = kkts_by_rnm(rnms=[row.rnm for row in found.documents])
    empty = EMPTY
    if filtered(request.GET) or before:
        empty = Empty(
            "Ничего не нашлось",
            "Под такие условия не подходит ни один документ.",
            "search",
            reverse("intake"),
            "Показать все документы",
        )
    context = {
        **section_context("documents"),
        **_figures(),
        "form": form,
        "narrowed": filtered(request.GET),
        "live": before is None,
        "fragment_url": request.get_full_path(),
        "table": Table(
            "Последние документы",
            DOCUMENT_COLUMNS,
            document_rows(found.documents, kkts),
            empty,
            older_url=paged_url(request.path, request.GET, found.next_cursor),
            first_url=first_url(request.path, request.GET),
        ),
    }
    fragments = {
        "intake-figures": "backoffice/intake_figures.html",
        "intake-documents": "backoffice/intake_documents.html",
    }
    return page(request, "backoffice/intake.html", context, fragments=fragments)


def _figures() -> dict[str, object]:
    now = clock.now()
    rate = intake_rate(now=now, minutes=CHART_MINUTES)
    counts = quarantine_counts()
    chart: Bars = bars([(at, number) for at, number in rate.minutes])
    lag = projector_lag(now=now)
    return {
        "rate": rate,
        "chart": chart,
        "lag": lag,
        "lag_state": _lag_state(lag),
        "unidentified": unidentified_count(),
        "quarantined": sum(counts.values()),
        "alarms": sum(number for reason, number in counts.items() if reason in ALARMS),
    }


def _lag_state(lag: ProjectorLag) -> State:
    if lag.seconds < LAG_FINE_SECONDS:
        return State("fine", "Успевает")
    if lag.seconds < LAG_ATTENTION_SECONDS:
        return State("attention", "Догоняет", "hourglass")
    return State("danger", "Отстаёт")
