"""«Управление» and «ККТ»: the registers of the cabinet, and what to do to add one."""

from __future__ import annotations

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from chekhov import clock
from chekhov.accounts.personal import phone_shown
from chekhov.cabinet.access import customer_page, landing_url, person_of, person_page
from chekhov.cabinet.profile.companies import companies_table
from chekhov.face.cells import Column, Digits, Empty, Table, Two
from chekhov.face.navigation import Crumb
from chekhov.face.pages import page
from chekhov.kkt.access import kkts_for_user
from chekhov.kkt.models import Kkt
from chekhov.orgs.access import require_section
from chekhov.orgs.sections import Section
from chekhov.orgs.selectors import account_of

ROOT = "Личный кабинет"
ROWS = 50
COLUMNS = (
    Column("name", "Касса", title=True),
    Column("organisation", "Организация"),
    Column("rnm", "РНМ"),
    Column("serial", "Заводской номер"),
)
EMPTY_TEXT = "Добавьте первую, и её документы будут здесь."


@person_page()
def home(request: HttpRequest) -> HttpResponse:
    """Where the person's work begins."""
    return redirect(landing_url(request.user))


@customer_page()
def management(request: HttpRequest) -> HttpResponse:
    """Registers and companies; here registration ends."""
    place = require_section(user=request.user, section=Section.MANAGEMENT)
    rows = kkts_for_user(user=person_of(request), now=clock.now(), section=Section.MANAGEMENT)
    context = {
        "section": "management",
        "crumbs": [Crumb(ROOT, reverse("cabinet")), Crumb("Управление")],
        "table": registers_table(request, rows, add=True),
        "companies": companies_table(place),
    }
    return page(request, "cabinet/management/management.html", context)


@customer_page()
def kkts(request: HttpRequest) -> HttpResponse:
    """The list of registers."""
    place = require_section(user=request.user, section=Section.KKT)
    rows = kkts_for_user(user=person_of(request), now=clock.now(), section=Section.KKT)
    context = {
        "section": "kkt",
        "crumbs": [Crumb(ROOT, reverse("cabinet")), Crumb("ККТ")],
        "table": registers_table(request, rows, add=Section.MANAGEMENT in place.open_sections),
    }
    return page(request, "cabinet/management/kkts.html", context)


@customer_page()
def kkt_add(request: HttpRequest) -> HttpResponse:
    """How a register comes into the cabinet today: by the operator's staff."""
    place = require_section(user=request.user, section=Section.MANAGEMENT)
    account = account_of(account_id=place.account_id)
    host, port = settings.OFD_ADDRESS
    manager = None if account is None else account.manager
    context = {
        "section": "management",
        "crumbs": [
            Crumb(ROOT, reverse("cabinet")), Crumb("Управление", reverse("management")), Crumb("Добавить кассу"),
        ],
        "ofd_host": host,
        "ofd_port": port,
        "operator_inn": settings.OPERATOR_INN,
        "manager": manager,
        "manager_phone": phone_shown(manager.phone) if manager else "",
    }  # fmt: skip
    return page(request, "cabinet/management/kkt_add.html", context)


def registers_table(request: HttpRequest, rows: QuerySet[Kkt], *, add: bool) -> Table:
    """Registers by number of their row, the newest first; paged by key."""
    before = request.GET.get("before", "")
    rows = rows.order_by("-id")
    if before.isdecimal() and len(before) < 19:
        rows = rows.filter(id__lt=int(before))
    found = list(rows[: ROWS + 1])
    shown = found[:ROWS]
    empty = Empty(
        "Касс пока нет",
        EMPTY_TEXT if add else "Когда кассу добавят в кабинет, она появится здесь.",
        "receipt",
        action_url=reverse("kkt_add") if add else "",
        action="Добавить кассу" if add else "",
    )
    return Table(
        "Кассы",
        COLUMNS,
        [register_row(kkt) for kkt in shown],
        empty,
        older_url=f"{request.path}?before={shown[-1].pk}" if len(found) > ROWS else "",
        first_url=request.path if before else "",
    )


def register_row(kkt: Kkt) -> dict[str, object]:
    """A register."""
    return {
        "name": Two(kkt.name, kkt.model) if kkt.model else kkt.name,
        "organisation": kkt.organisation.name,
        "rnm": Digits(kkt.rnm, copy=True) if kkt.rnm else None,
        "serial": kkt.serial,
    }
