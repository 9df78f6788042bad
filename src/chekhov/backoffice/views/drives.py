"""Drives: what each has sent, what is missing, its shifts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from chekhov.backoffice.access import staff_page
from chekhov.backoffice.forms import DriveFilterForm
from chekhov.backoffice.rows import DOCUMENT_COLUMNS, DRIVE_COLUMNS, document_rows, drive_rows, drive_states
from chekhov.backoffice.section import ROWS, filtered, first_url, paged_url, section_context
from chekhov.backoffice.words import version_name
from chekhov.face.cells import Column, Digits, Empty, Link, State, Table, Two
from chekhov.face.navigation import Crumb
from chekhov.face.pages import page
from chekhov.fiscal.errors import DocumentNotFound
from chekhov.fiscal.models import DriveState, Shift
from chekhov.fiscal.selectors import (
    drive_gaps,
    drive_state,
    shifts_of_drive,
)
from chekhov.fiscal.selectors_pages import DocumentsWanted, documents_page, drives_page, kkts_by_rnm
from chekhov.kkt.models import Kkt, Registration
from chekhov.kkt.selectors import registration_current

SHIFTS_SHOWN = 10
DOCUMENTS_SHOWN = 10
GAPS_SHOWN = 20

SHIFT_COLUMNS = (
    Column("number", "Смена", title=True),
    Column("opened_at", "Открыта"),
    Column("closed_at", "Закрыта"),
    Column("receipts", "Чеков", end=True),
    Column("documents", "Документов", end=True),
    Column("state", "Состояние"),
)


@staff_page()
def drives(request: HttpRequest) -> HttpResponse:
    """All drives, last heard first."""
    form = DriveFilterForm(request.GET)
    form.is_valid()
    found = drives_page(
        number=form.cleaned_data.get("number") or None, before=request.GET.get("before"), limit=ROWS
    )
    kkts = kkts_by_rnm(rnms=[row.rnm for row in found.drives])
    if filtered(request.GET):
        empty = Empty(
            "Такого накопителя нет",
            "Ни один документ от накопителя с таким номером не приходил.",
            "search",
            reverse("drives"),
            "Показать все",
        )
    else:
        empty = Empty("Накопителей ещё нет", "Они появятся вместе с первыми документами.")
    context = {
        **section_context("drives", Crumb("Накопители")),
        "form": form,
        "narrowed": filtered(request.GET),
        "table": Table(
            "Накопители",
            DRIVE_COLUMNS,
            drive_rows(found.drives, found.registrations, kkts),
            empty,
            older_url=paged_url(request.path, request.GET, found.next_cursor),
            first_url=first_url(request.path, request.GET),
        ),
    }
    return page(request, "backoffice/drives.html", context)


@staff_page()
def drive(request: HttpRequest, fn: str) -> HttpResponse:
    """One drive: facts, missing numbers, last shifts and documents."""
    state = drive_state(fn=fn)
    documents = documents_page(wanted=DocumentsWanted(fn=fn), limit=DOCUMENTS_SHOWN)
    if state is None and not documents.documents:
        raise DocumentNotFound(fn, 0)
    registration = registration_current(fn=fn)
    kkts = kkts_by_rnm(rnms=[state.rnm if state else None, *(row.rnm for row in documents.documents)])
    kkt = kkts.get(state.rnm or "") if state else None
    gaps = drive_gaps(fn=fn)
    empty = Empty("Пока пусто", "Появится, когда проектор прочитает документы.", "hourglass")
    context = {
        **section_context("drives", Crumb("Накопители", reverse("drives")), Crumb(fn)),
        "fn": fn,
        "state": state,
        "states": drive_states(state, known=kkt is not None) if state else [],
        "facts": _facts(state, registration, kkt) if state else [],
        "attach": state is not None and kkt is None and bool(state.rnm),
        "gaps": gaps[:GAPS_SHOWN],
        "gaps_more": max(0, len(gaps) - GAPS_SHOWN),
        "missing": sum(gap.documents for gap in gaps),
        "shifts": Table(
            "Последние смены",
            SHIFT_COLUMNS,
            [shift_row(shift) for shift in shifts_of_drive(fn=fn)[:SHIFTS_SHOWN]],
            empty,
        ),
        "documents": Table(
            "Последние документы",
            DOCUMENT_COLUMNS,
            document_rows(documents.documents, kkts),
            empty,
            older_url=f"{reverse('intake')}?number={fn}" if documents.next_cursor else "",
        ),
    }
    return page(request, "backoffice/drive.html", context)


def shift_row(shift: Shift) -> dict[str, object]:
    """A shift for `SHIFT_COLUMNS`."""
    return {
        "number": Link(reverse("shift", args=(shift.fn, shift.number)), f"Смена {shift.number}"),
        "opened_at": shift.opened_at,
        "closed_at": shift.closed_at,
        "receipts": shift.receipts,
        "documents": shift.documents,
        "state": State("attention", "Открыта", "clock")
        if shift.is_open
        else State("quiet", "Закрыта", "check"),
    }


def _facts(state: DriveState, registration: Registration | None, kkt: Kkt | None) -> list[tuple[str, object]]:
    facts: list[tuple[str, object]] = [
        ("Накопитель (ФН)", Digits(state.fn, copy=True)),
        ("Регистрационный номер (РНМ)", Digits(state.rnm, copy=True) if state.rnm else None),
        ("Касса в кабинете", Two(kkt.name, kkt.organisation.name) if kkt else None),
    ]
    if registration is not None:
        facts += [
            ("Пользователь по отчёту", registration.user_name),
            ("Модель", registration.model),
            ("Заводской номер", Digits(registration.serial, copy=True) if registration.serial else None),
            ("Адрес расчётов", registration.address),
            ("Место расчётов", registration.place),
        ]
    return [
        *facts,
        ("ИНН", Digits(state.inn, copy=True) if state.inn else None),
        ("Версия ФФД", version_name(state.ffd)),
        ("Документы", f"с ФД {state.first_fd} по ФД {state.last_fd}"),
        ("Принято", state.documents),
        ("Последний принят", state.last_received_at),
    ]
