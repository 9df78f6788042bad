"""Requisites against the directory of companies: which are old, and bringing one company's up to date."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from chekhov import clock
from chekhov.backoffice.access import actor_of, staff_of, staff_page
from chekhov.backoffice.desk import ROWS, before_of, desk_context
from chekhov.backoffice.forms_desk import RefreshForm
from chekhov.backoffice.section import first_url, paged_url
from chekhov.backoffice.services import requisites_of_directory, requisites_print, requisites_refresh
from chekhov.backoffice.views.customers import customers_tabs
from chekhov.backoffice.views.organisations import (
    numbers_shown,
    organisation_context,
    organisation_seen,
    organisation_url,
)
from chekhov.backoffice.windows import deed_done
from chekhov.face.cells import Column, Empty, Link, Table, Two
from chekhov.face.navigation import Crumb
from chekhov.face.pages import page, sent_of
from chekhov.links.directory import CouldNotAsk, Found
from chekhov.links.directory_reading import STATE_WORDS, CompanyState
from chekhov.orgs.errors import FieldsWrong, LookupTooOften
from chekhov.orgs.lookup import company_lookup
from chekhov.orgs.models import Organisation
from chekhov.orgs.requisites import FIELD_WORDS, Requisites
from chekhov.orgs.sections import StaffDeed
from chekhov.orgs.selectors import organisations_stale

SOURCE_WORDS = {
    "local": "справочник демо-организаций",
    "imported": "список, загруженный оператором",
    "dadata": "DaData",
}
STALE_COLUMNS = (
    Column("name", "Организация", title=True),
    Column("inn", "ИНН / КПП"),
    Column("source", "Откуда данные"),
    Column("at", "Данные на"),
    Column("deed", "Действие", end=True),
)
EMPTY = Empty(
    "Сверять нечего",
    "Здесь появляются организации, чьи реквизиты взяты из справочника больше квартала назад.",
    "circle-check",
)


@staff_page(deed=StaffDeed.APPLICATIONS_DECIDE)
def stale(request: HttpRequest) -> HttpResponse:
    """Companies whose requisites were compared with a directory longer ago than a quarter."""
    rows = organisations_stale(now=clock.now())
    before = before_of(request)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: ROWS + 1])
    table = Table(
        "Организации, чьи реквизиты пора сверить",
        STALE_COLUMNS,
        [
            {
                "name": Link(organisation_url(row), row.name),
                "inn": numbers_shown(row),
                "source": SOURCE_WORDS.get(row.source, row.source),
                "at": row.source_at,
                "deed": Link(reverse("staff_refresh", args=(row.pk,)), "Сверить", f"Сверить: {row.name}"),
            }
            for row in found[:ROWS]
        ],
        EMPTY,
        older_url=paged_url(request.path, request.GET, found[ROWS - 1].pk if len(found) > ROWS else None),
        first_url=first_url(request.path, request.GET),
    )
    context = {
        **desk_context("customers", Crumb("Сверить реквизиты")),
        "tabs": customers_tabs(staff_of(request)),
        "tab": "stale",
        "heading": "Сверить реквизиты",
        "lead": "Реквизиты этих организаций взяты из справочника больше квартала назад.",
        "table": table,
    }
    return page(request, "backoffice/customers.html", context)


@staff_page("GET", "HEAD", "POST", deed=StaffDeed.APPLICATIONS_DECIDE)
def refresh(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """«Обновить из справочника»: what differs, and writing it down."""
    row, now = organisation_seen(request, organisation_id), clock.now()
    asked = _asked(request, row)
    if not isinstance(asked, Found):
        messages.warning(request, asked, extra_tags="attention")
        return redirect("staff_organisation", organisation_id=row.pk)
    try:
        told = requisites_of_directory(organisation=row, found=asked)
    except FieldsWrong as error:
        messages.warning(request, f"Данные справочника не подходят: {error.message}.", extra_tags="attention")
        return redirect("staff_organisation", organisation_id=row.pk)
    form = RefreshForm(sent_of(request), initial={"version": row.version, "seen": requisites_print(told)})
    done = deed_done(
        form,
        lambda values: requisites_refresh(
            actor=actor_of(request, StaffDeed.APPLICATIONS_DECIDE),
            organisation=row,
            found=asked,
            seen=values["seen"],
            expected_version=values["version"],
            now=now,
        ),
    )
    if done:
        messages.success(request, "Реквизиты сверены со справочником.", extra_tags="fine")
        return redirect("staff_organisation", organisation_id=row.pk)
    if form.is_bound:  # what to agree to is another now, so it is shown anew
        messages.warning(request, " ".join(map(str, form.non_field_errors())), extra_tags="attention")
        return redirect("staff_refresh", organisation_id=row.pk)
    context = {
        **organisation_context(row, "Обновить из справочника"),
        "row": row,
        "form": form,
        "back": organisation_url(row),
        "facts": [
            ("Откуда", SOURCE_WORDS.get(asked.source, asked.source)),
            ("Данные на", asked.as_of),
            ("Состояние", STATE_WORDS[asked.card.state]),
        ],
        "ended": asked.card.state not in {CompanyState.ACTIVE, CompanyState.UNKNOWN},
        "differences": _differences(row, told),
    }
    return page(request, "backoffice/refresh.html", context)


def _asked(request: HttpRequest, row: Organisation) -> Found | str:
    """What the directory tells just now, or in words why it tells nothing.

    The page asks afresh; what was agreed to is taken as answered a moment ago.
    """
    try:
        answer = company_lookup(
            user=staff_of(request), inn=row.inn, now=clock.now(), afresh=request.method != "POST"
        )
    except LookupTooOften as error:
        return error.message
    if isinstance(answer, Found):
        return answer
    if isinstance(answer, CouldNotAsk):
        return "Справочник сейчас не отвечает или не знает этой организации. Реквизиты не изменились."
    return "В справочнике нет такого ИНН: проверьте организацию. Реквизиты не изменились."


def _differences(row: Organisation, told: Requisites) -> list[tuple[str, object]]:
    before, after = Requisites.of_organisation(row).as_data(), told.as_data()
    return [
        (word, Two(after[name], f"сейчас: {before[name] or 'не заполнено'}"))
        for name, word in FIELD_WORDS.items()
        if before[name] != after[name]
    ]
