"""The quarantine: bytes that were not accepted, with the reason, until a person has looked at them."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from chekhov import clock
from chekhov.backoffice.access import staff_of, staff_page
from chekhov.backoffice.cards import hexdump
from chekhov.backoffice.forms import QuarantineFilterForm, ResolveForm
from chekhov.backoffice.rows import QUARANTINE_COLUMNS, quarantine_rows
from chekhov.backoffice.section import ROWS, filtered, first_url, paged_url, section_context
from chekhov.backoffice.words import reason_state
from chekhov.face.cells import Digits, Empty, Link, Table
from chekhov.face.figures import size_text
from chekhov.face.navigation import Crumb
from chekhov.face.pages import page
from chekhov.fiscal.errors import CursorMalformed
from chekhov.fiscal.models import FiscalDocument, Quarantined
from chekhov.fiscal.selectors import quarantine_get, quarantine_latest, quarantine_overflow
from chekhov.fiscal.services import quarantine_resolve

OVERFLOW_HOURS = 24
RESOLVED = {"": False, "resolved": True, "all": None}


@staff_page()
def quarantine(request: HttpRequest) -> HttpResponse:
    """The list with its filters."""
    form = QuarantineFilterForm(request.GET)
    form.is_valid()
    resolved = RESOLVED[form.cleaned_data.get("state") or ""]
    found = quarantine_latest(
        resolved=resolved,
        reason=form.cleaned_data.get("reason") or None,
        before=_before(request),
        limit=ROWS,
    )
    if filtered(request.GET):
        empty = Empty(
            "Ничего не нашлось",
            "Под такие условия ничего не отложено.",
            "search",
            reverse("quarantine"),
            "Показать не разобранные",
        )
    else:
        empty = Empty("Карантин пуст", "Всё, что пришло, принято или уже разобрано.", "circle-check")
    since = clock.now() - dt.timedelta(hours=OVERFLOW_HOURS)
    context = {
        **section_context("quarantine", Crumb("Карантин")),
        "form": form,
        "narrowed": filtered(request.GET),
        "dropped": [(reason_state(row.reason).word, row) for row in quarantine_overflow(since=since)],
        "table": Table(
            "Отложенные сообщения",
            QUARANTINE_COLUMNS,
            quarantine_rows(found.rows),
            empty,
            older_url=paged_url(request.path, request.GET, found.next_cursor),
            first_url=first_url(request.path, request.GET),
        ),
    }
    return page(request, "backoffice/quarantine.html", context)


@staff_page("GET", "HEAD", "POST")
def quarantined(request: HttpRequest, quarantined_id: int) -> HttpResponse:
    """One message: why it is here, its bytes, and the deed of marking it as dealt with."""
    row = quarantine_get(quarantined_id=quarantined_id)
    form = ResolveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        quarantine_resolve(
            quarantined_id=row.pk, by=staff_of(request), note=form.cleaned_data["note"], now=clock.now()
        )
        messages.success(request, "Отмечено как разобранное.", extra_tags="fine")
        return redirect("quarantined", quarantined_id=row.pk)
    raw_bytes = bytes(row.raw)
    context = {
        **section_context(
            "quarantine", Crumb("Карантин", reverse("quarantine")), Crumb(f"Сообщение {row.pk}")
        ),
        "row": row,
        "reason": reason_state(row.reason),
        "facts": _facts(row),
        "form": form,
        "dump": list(hexdump(raw_bytes)),
        "hex_text": raw_bytes.hex(),
    }
    return page(request, "backoffice/quarantined.html", context, status=422 if form.errors else 200)


@staff_page()
def raw(request: HttpRequest, quarantined_id: int) -> HttpResponse:  # noqa: ARG001
    """The bytes as they came."""
    row = quarantine_get(quarantined_id=quarantined_id)
    response = HttpResponse(bytes(row.raw), content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="quarantine-{row.pk}.bin"'
    response["Cache-Control"] = "no-store"
    return response


def _before(request: HttpRequest) -> int | None:
    text = request.GET.get("before")
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise CursorMalformed(text)
    return int(text)


def _facts(row: Quarantined) -> list[tuple[str, object]]:
    stored = None
    if row.fn and row.fd is not None and FiscalDocument.objects.filter(fn=row.fn, fd=row.fd).exists():
        stored = Link(reverse("document", args=(row.fn, row.fd)), "Принятый документ с этим номером")
    return [
        ("Получено", row.received_at),
        ("Подробности", row.detail),
        ("Накопитель (ФН)", Digits(row.fn, copy=True) if row.fn else None),
        ("Номер документа (ФД)", row.fd),
        ("В журнале", stored),
        ("Адрес отправителя", row.peer),
        ("Размер", size_text(row.raw_size)),
    ]
