"""«Управление ККТ» and «ККТ»: the list of registers with counters, filters, chosen rows and the way out as a file."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from chekhov import clock
from chekhov.cabinet.access import customer_page, landing_url, person_page, place_of
from chekhov.cabinet.kkt_tabs import kkt_tabs
from chekhov.cabinet.kkts.filters import FilterChoices, KktFilterForm, filters_open
from chekhov.cabinet.kkts.groups import group_filters
from chekhov.cabinet.kkts.section import ROOT, Visitor, registers_page, stage_state, visitor_of
from chekhov.cabinet.management.tabs import management_context
from chekhov.face.cells import Action, Column, Digits, Empty, Link, Selection, Table, Two
from chekhov.face.figures import FIXED
from chekhov.face.navigation import Crumb
from chekhov.face.pages import page
from chekhov.face.tables import asked_of
from chekhov.kkt.selectors_lists import KktLine, kkts_counts, kkts_page, models_of
from chekhov.orgs.access import organisations_for_user, require_section
from chekhov.orgs.sections import Section

EVERY: Final = "Все найденные, не только на странице"
COMPANIES_CHOSEN_MAX: Final = 500
COUNTED_AT_ONCE: Final = 2_000
"""Counters of more registers than that come after the page: the list is not to wait for them."""
COUNTS: Final = "kkt-counts"
COUNTS_TEMPLATE: Final = "cabinet/kkts/counts.html"
COLUMNS: Final = (
    Column("name", "Касса", title=True, sort="name"),
    Column("tariff", "Тариф"),
    Column("address", "Адрес места установки", sort="address"),
    Column("rnm", "РН ККТ"),
    Column(
        "drive_until",
        "Действие ФН",
        sort="drive_until",
        hint="До какого дня действуют ключи фискального накопителя; узнаётся из отчёта о регистрации",
    ),
    Column("company", "Компания"),
    Column("stage", "Состояние"),
    Column("group", "Группа", spare=True),
    Column("model", "Модель", spare=True),
    Column("serial", "Заводской номер", spare=True),
    Column("drive", "ФН", spare=True),
    Column("served_until", "Тариф действует до", spare=True),
    Column("heard", "Последний документ", sort="last_heard", spare=True),
)


@person_page()
def home(request: HttpRequest) -> HttpResponse:
    """Where the person's work begins."""
    return redirect(landing_url(request.user))


@customer_page()
def management(request: HttpRequest) -> HttpResponse:
    """«Управление ККТ»: counters, balance, the list with its deeds."""
    place = require_section(user=request.user, section=Section.MANAGEMENT)
    visitor, now = visitor_of(request), clock.now()
    rows = visitor.kkts(now)
    if COUNTS in request.headers.get("HX-Target", ""):
        return page(request, COUNTS_TEMPLATE, {"counts": kkts_counts(rows, now)})
    many = (
        "counts" not in request.GET
        and len(rows.order_by().values_list("pk")[: COUNTED_AT_ONCE + 1]) > COUNTED_AT_ONCE
    )
    context = {
        **management_context("management"),
        "counts": None if many else kkts_counts(rows, now),
        "prices_url": prices_url(request) if Section.PRICES in place.open_sections else "",
        **list_context(request, visitor, now, manage=True),
    }
    return page(request, "cabinet/kkts/management.html", context)


@customer_page()
def kkts(request: HttpRequest) -> HttpResponse:
    """«ККТ»: the same list for those who look and do not manage."""
    require_section(user=request.user, section=Section.KKT)
    visitor = visitor_of(request)
    context = {
        "section": "kkt",
        "tabs": kkt_tabs(visitor),
        "tab": "kkts",
        "crumbs": [Crumb(ROOT, reverse("cabinet")), Crumb("ККТ")],
        **list_context(request, visitor, clock.now(), manage=False),
    }
    return page(request, "cabinet/kkts/kkts.html", context)


def prices_url(request: HttpRequest) -> str:
    """«Купить тариф»: the price list, for those to whom it is open."""
    try:
        return reverse("prices") if Section.PRICES in place_of(request).open_sections else ""
    except NoReverseMatch:
        return ""


def list_context(request: HttpRequest, visitor: Visitor, now: dt.datetime, *, manage: bool) -> dict[str, Any]:
    """Filters and table of a list of registers."""
    form = filter_form(request, visitor, now)
    asked = asked_of(request, COLUMNS, order="name", remember="kkts")
    found = kkts_page(
        visitor.kkts(now),
        form.wanted(now),
        now,
        order=asked.order,
        before=asked.before or None,
        limit=asked.page_size,
    )
    actions = [Action("Выгрузить", reverse("kkts_export"), "download", modal=False)]
    if manage:
        actions = [
            Action("Активировать тариф", reverse("kkts_tariff")),
            Action("Присвоить группу", reverse("kkts_group"), "folder"),
            *actions,
        ]
    table = Table(
        "Кассы",
        COLUMNS,
        [row_of(line) for line in found.rows],
        _empty(request, visitor, narrowed=form.narrowed),
        older_url=asked.older_url(found.next_cursor),
        first_url=asked.first_url,
        asked=asked,
        choose_columns=True,
        select=Selection("kkt", actions, hidden=asked.filters, every=EVERY),
        export_url=asked.export_url(reverse("kkts_export")),
        export="Выгрузить всё",
    )
    return {
        "table": table,
        "filters": form,
        "visitor": visitor,
        "kept": [pair for pair in asked.kept if pair[0] in ("order", "size", "columns")],
    }


def filter_form(request: HttpRequest, visitor: Visitor, now: dt.datetime) -> KktFilterForm:
    """The filters of the address, with what this person can choose from."""
    companies = organisations_for_user(user=visitor.person, section=visitor.section_seen, now=now)
    named = list(companies.values_list("pk", "name", "inn")[:COMPANIES_CHOSEN_MAX])
    choices = FilterChoices(
        companies=[(str(number), f"{name}, ИНН {inn}") for number, name, inn in named]
        if len(named) > 1
        else [],
        groups=group_filters(visitor, now),
        models=model_choices(visitor, now) if filters_open(request.GET) else None,
    )
    # A list that is taken out or chosen from sends its filters along by either method.
    return KktFilterForm(request.POST if request.method == "POST" else request.GET, choices=choices)


def model_choices(visitor: Visitor, now: dt.datetime) -> list[tuple[str, str]]:
    """The models of his registers. All of them are looked through, so it is asked only when filters are open."""
    return [(model, model) for model in models_of(visitor.kkts(now), now)]


@registers_page()
def models(request: HttpRequest) -> HttpResponse:
    """The field «Модель» with everything there is to choose from; the page asks for it when filters are opened."""
    visitor, now = visitor_of(request), clock.now()
    choices = FilterChoices(companies=[], groups=[], models=model_choices(visitor, now))
    return page(
        request, "cabinet/kkts/model_field.html", {"filters": KktFilterForm(request.GET, choices=choices)}
    )


def row_of(line: KktLine) -> dict[str, object]:
    """A register as a row; dashes stand until its report has come."""
    kkt = line.kkt
    url = reverse("kkt", args=(kkt.pk,))
    return {
        "id": kkt.pk,
        "label": kkt.name,
        "name": Link(url, kkt.name),
        "tariff": line.tariff_name,
        "address": line.address,
        "rnm": Link(url, Digits(kkt.rnm)) if kkt.rnm else None,
        "drive_until": f"{line.drive_until:%d.%m.%Y}" if line.drive_until else None,
        "company": Two(kkt.organisation.name, _requisites(line)),
        "stage": Link(
            reverse("kkt_stage", args=(kkt.pk,)),
            stage_state(line),
            f"{line.stage_word}: что сделать, {kkt.name}",
            modal=True,
        ),
        "group": kkt.group.name if kkt.group else None,
        "model": line.model,
        "serial": line.serial,
        "drive": Digits(line.drive_serial) if line.drive_serial else None,
        "served_until": day_last(kkt.served_until),
        "heard": line.last_heard_at,
    }


def day_last(until: dt.datetime | None) -> str | None:
    """The last whole day of a service that ends at this moment."""
    if until is None:
        return None
    return f"{timezone.localdate(until - dt.timedelta(microseconds=1)):%d.%m.%Y}"


def _requisites(line: KktLine) -> str:
    organisation = line.kkt.organisation
    inn = f"ИНН:{FIXED}{organisation.inn}"
    return f"{inn} КПП:{FIXED}{organisation.kpp}" if organisation.kpp else inn


def _empty(request: HttpRequest, visitor: Visitor, *, narrowed: bool) -> Empty:
    if narrowed:
        return Empty(
            "Ничего не найдено",
            "Измените поиск или фильтры: под них не подошла ни одна касса.",
            "search",
            action_url=request.path,
            action="Показать все кассы",
        )
    if visitor.connects:
        return Empty(
            "Касс пока нет",
            "Подключите первую: понадобится регистрационный номер из личного кабинета ФНС.",
            "receipt",
            action_url=reverse("kkt_add"),
            action="Добавить ККТ",
        )
    return Empty("Касс пока нет", "Когда кассу добавят в кабинет, она появится здесь.", "receipt")
