"""«Подключение ККТ»: the form of one register, the window of companies, the guide to the number."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from chekhov import clock
from chekhov.cabinet.formerrors import error_place
from chekhov.cabinet.kkts.forms import ConnectForm
from chekhov.cabinet.kkts.groups import group_wanted_choices
from chekhov.cabinet.kkts.section import (
    Visitor,
    actor_upon,
    connecting_context,
    registers_page,
    visitor_of,
)
from chekhov.contracts.selectors import organisation_served
from chekhov.errors import ChekhovError, Conflict, Malformed, RuleBroken
from chekhov.face.cells import Column, Empty, Link, State, Table
from chekhov.face.navigation import Crumb, Tab
from chekhov.face.pages import page
from chekhov.kkt.errors import (
    BeyondOwnGroups,
    GroupNotFound,
    RnmDoesNotMatch,
    RnmTaken,
)
from chekhov.kkt.services import kkt_connect
from chekhov.orgs.models import Organisation
from chekhov.orgs.sections import Role

TITLE = "Подключение ККТ"
COMPANIES = 50
COMPANY_COLUMNS = (
    Column("name", "Название", title=True),
    Column("requisites", "ИНН/КПП/ОГРН"),
    Column("email", "e-mail"),
)
NO_COMPANY = "Выберите организацию, для которой подключается касса."
ERROR_FIELDS: dict[type[ChekhovError], str] = {
    RnmTaken: "rnm",
    RnmDoesNotMatch: "rnm",
    BeyondOwnGroups: "group",
    GroupNotFound: "group",
}
WAYS = {"one": "kkt_add", "batch": "kkt_batch_add"}


@registers_page("GET", "HEAD", "POST", deed="connects")
def add(request: HttpRequest) -> HttpResponse:
    """The form; a register that was connected leads to its page of connection."""
    visitor, now = visitor_of(request), clock.now()
    company = company_chosen(request, visitor)
    groups = group_wanted_choices(visitor, now)
    taken: RnmTaken | None = None
    if request.method == "POST":
        form = ConnectForm(request.POST, groups=groups)
        if company is None:
            form.add_error(None, NO_COMPANY)
        elif form.is_valid():
            try:
                return _connected(request, company, form)
            except (BeyondOwnGroups, Conflict, GroupNotFound, Malformed, RuleBroken) as error:
                error_place(form, error, ERROR_FIELDS)
                taken = error if isinstance(error, RnmTaken) else None
    else:
        form = ConnectForm(initial=_typed(request), groups=groups)
    context = {
        **add_context(visitor, "one", company),
        "form": form,
        "taken_id": None if taken is None else taken.details.get("kkt_id"),
    }
    return page(request, "cabinet/kkts/add.html", context, status=422 if form.errors else 200)


@registers_page(deed="connects")
def companies(request: HttpRequest) -> HttpResponse:
    """The window «Для компании»: choosing leads back to the form, and what was typed goes along."""
    visitor, now = visitor_of(request), clock.now()
    way = request.GET.get("way", "one") if request.GET.get("way") in WAYS else "one"
    text = " ".join(request.GET.get("q", "").split())
    rows = visitor.organisations(now).select_related("account__opened_by")
    if text and text.isprintable():
        rows = rows.filter(Q(name__icontains=text) | Q(full_name__icontains=text) | Q(inn__startswith=text))
    found = list(rows[: COMPANIES + 1])
    empty = Empty("Ничего не найдено", "Проверьте название или ИНН.", "search")
    if not text:
        empty = Empty(
            "Организаций пока нет", "Касса подключается для организации с договором.", "building-store"
        )
    table = Table(
        "Организации",
        COMPANY_COLUMNS,
        [_company_row(one, visitor, WAYS[way]) for one in found[:COMPANIES]],
        empty,
        note="Показаны первые 50: уточните поиск." if len(found) > COMPANIES else "",
    )
    context = {
        **connecting_context(visitor, Crumb(TITLE, reverse(WAYS[way])), Crumb("Для компании")),
        "table": table,
        "way": way,
        "q": text,
        "searchable": bool(text) or len(found) > 10,
        "may_add": visitor.place is not None and visitor.place.role == Role.OWNER,
        "back": reverse(WAYS[way]),
    }
    return page(
        request,
        "cabinet/kkts/companies.html",
        context,
        fragments={"companies": "cabinet/kkts/companies_list.html"},
    )


def add_context(visitor: Visitor, tab: str, company: Organisation | None) -> dict[str, Any]:
    """What both ways of connecting share: tabs and the chosen company."""
    suffix = f"?{urlencode({'organisation': company.pk})}" if company is not None else ""
    return {
        **connecting_context(visitor, Crumb(TITLE)),
        "visitor": visitor,
        "tab": tab,
        "tabs": [
            Tab("one", "Подключение ККТ", reverse("kkt_add") + suffix),
            Tab("batch", "Пакетное добавление ККТ", reverse("kkt_batch_add") + suffix),
        ],
        "company": company,
        "companies_url": f"{reverse('kkt_companies')}?{urlencode({'way': tab})}",
        "back": reverse("management" if visitor.manages else "partner_customers"),
    }


def company_chosen(request: HttpRequest, visitor: Visitor) -> Organisation | None:
    """The company of the address or the form; the only one there is, if none is named.

    Raises: OrganisationNotFound if it is not the asker's.
    """
    now = clock.now()
    wanted = (request.POST if request.method == "POST" else request.GET).get("organisation", "")
    if wanted.isascii() and wanted.isdigit() and len(wanted) <= 18:
        return visitor.organisation(int(wanted), now)
    found = list(visitor.organisations(now)[:2])
    return found[0] if len(found) == 1 else None


def _connected(request: HttpRequest, company: Organisation, form: ConnectForm) -> HttpResponse:
    data = form.cleaned_data
    kkt = kkt_connect(
        actor=actor_upon(request, company.pk),
        organisation=company,
        name=data["name"],
        rnm=data["rnm"],
        serial=data["serial"],
        kind=data["kind"],
        tariff_next=data["tariff_next"],
        renewal=data["renewal"],
        group_id=int(data["group"]) if data.get("group") else None,
        now=clock.now(),
    )
    messages.success(request, f"Касса «{kkt.name}» добавлена.", extra_tags="fine")
    return redirect("kkt_connect", kkt_id=kkt.pk)


def _typed(request: HttpRequest) -> dict[str, Any]:
    """What was typed before the company was chosen; the address carries it."""
    names = ("name", "rnm", "serial", "kind", "group", "tariff_next", "renewal")
    return {name: request.GET[name][:128] for name in names if name in request.GET}


def _company_row(organisation: Organisation, visitor: Visitor, url_name: str) -> dict[str, object]:
    served = organisation_served(organisation_id=organisation.pk, day=timezone.localdate(clock.now()))
    url = f"{reverse(url_name)}?{urlencode({'organisation': organisation.pk})}"
    account = organisation.account
    return {
        "name": Link(url, organisation.name)
        if served
        else [organisation.name, State("quiet", "Договор расторгнут", "ban")],
        "requisites": [
            f"{word}: {value}"
            for word, value in (
                ("ИНН", organisation.inn),
                ("КПП", organisation.kpp),
                ("ОГРНИП" if organisation.is_sole_trader else "ОГРН", organisation.ogrn),
            )
            if value
        ],
        # The customer's people are no partner's business.
        "email": account.opened_by.email if account is not None and visitor.place is not None else "",
    }
