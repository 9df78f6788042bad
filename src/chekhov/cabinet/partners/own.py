"""The partner's own cabinet: customers who let him in, and their registers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from chekhov import clock
from chekhov.cabinet.access import person_of
from chekhov.cabinet.kkt_tabs import kkt_tabs
from chekhov.cabinet.kkts.section import visitor_of
from chekhov.cabinet.partners.access import partner_of, partner_page
from chekhov.cabinet.partners.customer import last_day
from chekhov.cabinet.words import requisites_short
from chekhov.face.cells import Column, Digits, Empty, Link, State, Table, Two
from chekhov.face.navigation import Crumb
from chekhov.face.pages import page
from chekhov.kkt.access import kkts_for_user
from chekhov.kkt.models import Kkt
from chekhov.orgs.access import Person, organisation_for_user
from chekhov.orgs.sections import Section
from chekhov.orgs.selectors import accesses_of_partner

ROWS = 50
KKT_COLUMNS = (
    Column("name", "Касса", title=True),
    Column("organisation", "Организация"),
    Column("rnm", "РНМ"),
    Column("serial", "Заводской номер"),
)
NO_KKTS = Empty("Касс пока нет", "Здесь стоят кассы клиентов, которые открыли вам доступ.", "receipt")


@partner_page()
def customers(request: HttpRequest) -> HttpResponse:
    """Organisations that let the partner in, with the day until which."""
    columns = (
        Column("name", "Клиент", title=True),
        Column("kkts", "ККТ на обслуживании", end=True),
        Column("state", "Права доступа"),
        Column("until", "Последний день доступа"),
    )
    counts = _counts(person_of(request))
    rows: list[dict[str, object]] = []
    for access in accesses_of_partner(partner=partner_of(request), now=clock.now()):
        row, day = access.organisation, last_day(access.until)
        url = reverse("partner_customer", args=(row.pk,))
        rows.append(
            {
                "name": Two(Link(url, row.name), requisites_short(row)),
                "kkts": counts.get(row.pk, 0),
                "state": State("fine", "Полный доступ"),
                "until": f"{day:%d.%m.%Y}" if day else "пока не закроют",
            }
        )
    empty = Empty(
        "Клиентов пока нет",
        "Клиент открывает вам доступ сам: в своём кабинете, в разделе «Управление», «Партнеры».",
        "users",
    )
    context = {**_context(request, "partner_customers"), "table": Table("Клиенты", columns, rows, empty)}
    return page(request, "cabinet/partners/customers.html", context)


@partner_page()
def customer(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """One customer's company and its registers."""
    now = clock.now()
    row = organisation_for_user(
        user=person_of(request), organisation_id=organisation_id, section=Section.KKT, now=now
    )
    found = kkts_for_user(user=person_of(request), now=now).filter(organisation_id=row.pk)
    context = {
        **_context(request, "partner_customers", Crumb(row.name)),
        "row": row,
        "requisites": requisites_short(row),
        "connect_url": f"{reverse('kkt_add')}?{urlencode({'organisation': row.pk})}",
        "table": _kkts(request, list(_paged(request, found))),
    }
    return page(request, "cabinet/partners/customer.html", context)


@partner_page()
def kkts(request: HttpRequest) -> HttpResponse:
    """The registers of all customers."""
    found = _paged(request, kkts_for_user(user=person_of(request), now=clock.now()))
    context = {
        **_context(request, "partner_kkts", Crumb("ККТ клиентов")),
        "tabs": kkt_tabs(visitor_of(request)),
        "tab": "kkts",
        "table": _kkts(request, list(found)),
    }
    return page(request, "cabinet/partners/kkts.html", context)


def _context(request: HttpRequest, section: str, *crumbs: Crumb) -> dict[str, Any]:
    partner = partner_of(request)
    root = Crumb(f"Кабинет партнёра {partner.name}", reverse("partner_customers"))
    return {"section": section, "crumbs": [root, *crumbs] if crumbs else [], "partner": partner}


def _counts(person: Person) -> dict[int, int]:
    found = kkts_for_user(user=person, now=clock.now()).order_by().values_list("organisation_id")
    return dict(found.annotate(Count("id")))


def _paged(request: HttpRequest, rows: Any) -> Iterable[Kkt]:
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) <= 18:
        rows = rows.filter(pk__lt=int(before))
    found: Iterable[Kkt] = rows.order_by("-pk")[: ROWS + 1]
    return found


def _kkts(request: HttpRequest, found: list[Kkt]) -> Table:
    rows: list[dict[str, object]] = [
        {
            "name": Link(reverse("kkt", args=(kkt.pk,)), kkt.name),
            "organisation": kkt.organisation.name,
            "rnm": Digits(kkt.rnm, copy=True) if kkt.rnm else State("quiet", "Не зарегистрирована"),
            "serial": kkt.serial,
        }
        for kkt in found[:ROWS]
    ]
    return Table(
        "Кассы",
        KKT_COLUMNS,
        rows,
        NO_KKTS,
        older_url=f"{request.path}?before={found[ROWS - 1].pk}" if len(found) > ROWS else "",
        first_url=request.path if "before" in request.GET else "",
    )
