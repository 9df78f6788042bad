"""Registers nobody has claimed («неопознанные»), and putting one into a cabinet."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from chekhov.backoffice.access import staff_page
from chekhov.backoffice.forms import AttachForm
from chekhov.backoffice.rows import DRIVE_COLUMNS, drive_rows
from chekhov.backoffice.section import ROWS, first_url, paged_url, section_context
from chekhov.backoffice.services import register_attach
from chekhov.errors import ChekhovError, Conflict, Malformed, RuleBroken
from chekhov.face.cells import Column, Empty, Link, Table
from chekhov.face.navigation import Crumb
from chekhov.face.pages import page
from chekhov.fiscal.models import DriveState
from chekhov.fiscal.selectors import drive_state
from chekhov.fiscal.selectors_pages import drives_page, kkts_by_rnm
from chekhov.kkt.errors import KktNotFound, RnmDoesNotMatch, RnmTaken
from chekhov.kkt.models import Registration
from chekhov.kkt.selectors import registration_current
from chekhov.orgs.errors import OrganisationNameless

COLUMNS = (*DRIVE_COLUMNS, Column("deed", "Действие", end=True))
EMPTY = Empty(
    "Неопознанных касс нет",
    "Все кассы, которые присылали документы, стоят в чьём-то кабинете.",
    "circle-check",
)
# Which field an error of a service belongs to; the rest stand above the form.
ERROR_FIELDS: dict[type[ChekhovError], str] = {
    RnmTaken: "rnm",
    RnmDoesNotMatch: "rnm",
    OrganisationNameless: "organisation_name",
}


@staff_page()
def unidentified(request: HttpRequest) -> HttpResponse:
    """The list, last heard first."""
    found = drives_page(unidentified=True, before=request.GET.get("before"), limit=ROWS)
    rows = drive_rows(found.drives, found.registrations, {})
    for row, drive in zip(rows, found.drives, strict=True):
        url = reverse("register_attach", args=(drive.fn,))
        row["deed"] = Link(url, "Добавить", f"Добавить кассу с РНМ {drive.rnm}") if drive.rnm else None
    context = {
        **section_context("registers", Crumb("Неопознанные")),
        "table": Table(
            "Неопознанные кассы",
            COLUMNS,
            rows,
            EMPTY,
            older_url=paged_url(request.path, request.GET, found.next_cursor),
            first_url=first_url(request.path, request.GET),
        ),
    }
    return page(request, "backoffice/registers.html", context)


@staff_page("GET", "HEAD", "POST")
def attach(request: HttpRequest, fn: str) -> HttpResponse:
    """The form that puts the register of this drive into a cabinet; what its report told is filled in."""
    drive = drive_state(fn=fn)
    if drive is None or not drive.rnm:
        raise KktNotFound("От этого накопителя не было документов с регистрационным номером", fn=fn)
    owner = kkts_by_rnm(rnms=[drive.rnm]).get(drive.rnm)
    if owner is not None:
        messages.info(request, f"Касса уже стоит в кабинете: {owner.organisation.name}.", extra_tags="quiet")
        return redirect("drive", fn=fn)
    registration = registration_current(fn=fn)
    form = AttachForm(request.POST or None, initial=_initial(drive, registration))
    if request.method == "POST" and form.is_valid():
        model = (registration.model if registration else None) or ""
        try:
            kkt = register_attach(**form.cleaned_data, model=model)
        except (Conflict, RuleBroken, Malformed) as error:
            form.add_error(ERROR_FIELDS.get(type(error)), error.message)
        else:
            messages.success(
                request,
                f"Касса «{kkt.name}» добавлена: {kkt.organisation.name}. Прежние документы уже видны.",
                extra_tags="fine",
            )
            return redirect("registers_unidentified")
    context = {
        **section_context(
            "registers", Crumb("Неопознанные", reverse("registers_unidentified")), Crumb("Добавить кассу")
        ),
        "form": form,
        "drive": drive,
        "registration": registration,
    }
    return page(request, "backoffice/register_attach.html", context, status=422 if form.errors else 200)


def _initial(drive: DriveState, registration: Registration | None) -> dict[str, str]:
    known = {"rnm": drive.rnm or "", "inn": drive.inn or ""}
    if registration is not None:
        known |= {
            "organisation_name": registration.user_name or "",
            "name": registration.place or registration.address or "",
            "serial": registration.serial or "",
        }
    return known
