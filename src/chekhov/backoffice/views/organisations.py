"""One company of a customer: its card for staff, and what staff do «от имени клиента»."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from chekhov import clock
from chekhov.audit.selectors import JournalFilter, journal_for_staff
from chekhov.backoffice.access import address_of, staff_of, staff_page
from chekhov.backoffice.desk import (
    CONTRACT_STATES,
    JOURNAL_COLUMNS,
    ROWS,
    before_of,
    contract_name,
    day_begin,
    desk_context,
    journal_rows,
)
from chekhov.backoffice.forms_desk import (
    HandOverForm,
    OnBehalfForm,
    PartnerAccessForm,
    RequisitesOnBehalfForm,
)
from chekhov.backoffice.section import first_url, paged_url
from chekhov.backoffice.selectors import organisations_unclaimed
from chekhov.backoffice.services import requisites_change_on_behalf
from chekhov.backoffice.views.customers import customers_tabs
from chekhov.backoffice.windows import Window, deed_done, window_page
from chekhov.contracts.errors import ContractNotFound
from chekhov.contracts.models import Contract, SigningMethod
from chekhov.contracts.selectors import contract_active
from chekhov.contracts.services import termination_ask
from chekhov.face.cells import Column, Empty, Link, State, Table
from chekhov.face.navigation import Crumb
from chekhov.face.pages import page, sent_of
from chekhov.kkt.selectors import kkts_of_organisation
from chekhov.orgs.access import actor_for_organisation, actor_on_behalf, organisation_for_user
from chekhov.orgs.actor import Actor
from chekhov.orgs.errors import AccessEndsBefore, PartnerNotFound, ReasonTooShort
from chekhov.orgs.models import Organisation, PartnerAccess
from chekhov.orgs.requisites import FIELD_WORDS, Requisites
from chekhov.orgs.sections import Section, StaffDeed, staff_may
from chekhov.orgs.selectors import accesses_of_organisation, partners_all, source_stale
from chekhov.orgs.services import organisation_hand_over, partner_access_set

CARD_ROWS = 20


@staff_page(deed=StaffDeed.CUSTOMERS_SEE)
def unclaimed(request: HttpRequest) -> HttpResponse:
    """Companies that staff entered for their registers and no cabinet has."""
    found, last = organisations_unclaimed(before=before_of(request), limit=ROWS)
    columns = (
        Column("name", "Организация", title=True),
        Column("inn", "ИНН / КПП"),
        Column("at", "Добавлена"),
    )
    rows: list[dict[str, object]] = [
        {"name": Link(organisation_url(row), row.name), "inn": numbers_shown(row), "at": row.created_at}
        for row in found
    ]
    table = Table(
        "Организации без кабинета",
        columns,
        rows,
        Empty("Таких организаций нет", "У каждой организации есть свой кабинет.", "circle-check"),
        older_url=paged_url(request.path, request.GET, last),
        first_url=first_url(request.path, request.GET),
    )
    context = {
        **desk_context("customers", Crumb("Без кабинета")),
        "tabs": customers_tabs(staff_of(request)),
        "tab": "unclaimed",
        "heading": "Организации без кабинета",
        "lead": "Их добавили сотрудники для касс, которые уже присылают документы. Когда клиент заключит "
        "договор, организацию с её кассами передают в его кабинет.",
        "table": table,
    }
    return page(request, "backoffice/customers.html", context)


@staff_page(deed=StaffDeed.CUSTOMERS_SEE)
def organisation(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """Requisites, contracts, registers, partners, journal."""
    row = organisation_seen(request, organisation_id)
    journal = journal_for_staff(narrow=JournalFilter(organisation_id=row.pk), limit=CARD_ROWS)
    empty = Empty("Журнал пуст", "Действий ещё не было.")
    context = {
        **organisation_context(row),
        "row": row,
        "facts": _facts(row),
        "contract": contract_active(organisation_id=row.pk),
        "acts": staff_may(staff_of(request).staff_role, StaffDeed.ON_BEHALF),
        "refreshes": staff_may(staff_of(request).staff_role, StaffDeed.APPLICATIONS_DECIDE),
        "stale": source_stale(row, now=clock.now()),
        "contracts": _contracts(row),
        "kkts": _kkts(row),
        "partners": _partners(row),
        "journal": Table("Журнал организации", JOURNAL_COLUMNS, journal_rows(journal.lines), empty),
    }
    return page(request, "backoffice/organisation.html", context)


@staff_page("GET", "HEAD", "POST", deed=StaffDeed.ON_BEHALF)
def requisites(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """«Изменение реквизитов» entered for the customer; a manager decides as always."""
    row, now = organisation_seen(request, organisation_id), clock.now()
    contract = _contract(row)
    initial = {**Requisites.of_organisation(row).as_data(), "version": row.version}
    form = RequisitesOnBehalfForm(sent_of(request), initial=initial, organisation=row)
    done = deed_done(
        form,
        lambda values: requisites_change_on_behalf(
            actor=_actor(request, row, Section.DOCUMENTS, values["reason"], now),
            contract_id=contract.pk,
            requisites=Requisites.from_data(
                {"inn": row.inn, **{name: values.get(name, "") for name in FIELD_WORDS if name != "inn"}}
            ),
            organisation_version=values["version"],
            now=now,
        ),
        {ReasonTooShort: "reason"},
    )
    if done:
        messages.success(request, "Заявка отправлена на рассмотрение.", extra_tags="fine")
        return redirect("staff_organisation", organisation_id=row.pk)
    window = Window(
        title="Изменить реквизиты от имени клиента",
        button="Отправить заявку",
        back_url=organisation_url(row),
        mark_optional=False,
    )
    return window_page(request, form, window, organisation_context(row, "Реквизиты"))


@staff_page("GET", "HEAD", "POST", deed=StaffDeed.ON_BEHALF)
def termination(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """The customer ends the contract on paper without having asked for it in the cabinet."""
    row, now = organisation_seen(request, organisation_id), clock.now()
    contract = _contract(row)
    form = OnBehalfForm(sent_of(request))
    done = deed_done(
        form,
        lambda values: termination_ask(
            actor=_actor(request, row, Section.DOCUMENTS, values["reason"], now),
            contract_id=contract.pk,
            method=SigningMethod.PAPER,
            now=now,
        ),
        {ReasonTooShort: "reason"},
    )
    if done:
        messages.success(request, "Заявка создана и ждёт оригинала заявления.", extra_tags="fine")
        return redirect(f"{reverse('applications')}?list=paper")
    window = Window(
        title="Заявление о расторжении от имени клиента",
        lead="Договор не расторгается, пока оригинал не получен и заявка не одобрена.",
        button="Создать заявку",
        back_url=organisation_url(row),
        facts=[("Организация", row.name), ("Договор", contract_name(contract))],
    )
    return window_page(request, form, window, organisation_context(row, "Расторжение"))


@staff_page("GET", "HEAD", "POST", deed=StaffDeed.ON_BEHALF)
def partner_access(request: HttpRequest, organisation_id: int, partner_id: int) -> HttpResponse:
    """«Партнерский доступ» set at the customer's wish."""
    row, now = organisation_seen(request, organisation_id), clock.now()
    partner = partners_all().filter(pk=partner_id).first()
    if partner is None:
        raise PartnerNotFound("Такого партнёра нет", partner_id=partner_id)
    held = _held(row, partner_id, now)
    initial = {"allowed": held is not None, "until": last_day(held.until) if held else None}
    form = PartnerAccessForm(sent_of(request), initial=initial)
    done = deed_done(
        form,
        lambda values: partner_access_set(
            actor=_actor(request, row, Section.KKT, values["reason"], now),
            partner_id=partner_id,
            organisation=row,
            allowed=values["allowed"],
            until=day_begin(values["until"] and values["until"] + dt.timedelta(days=1)),
            now=now,
        ),
        {ReasonTooShort: "reason", AccessEndsBefore: "until"},
    )
    if done:
        messages.success(request, "Доступ партнёра изменён.", extra_tags="fine")
        return redirect("staff_organisation", organisation_id=row.pk)
    window = Window(
        title="Партнерский доступ от имени клиента",
        button="Сохранить",
        back_url=organisation_url(row),
        facts=[("Партнёр", partner.name), ("Организация", row.name)],
    )
    return window_page(request, form, window, organisation_context(row, "Партнёр"))


@staff_page("GET", "HEAD", "POST", deed=StaffDeed.ON_BEHALF)
def hand_over(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """Put a company that no cabinet has, with its registers, into a customer's."""
    row = organisation_seen(request, organisation_id)
    form = HandOverForm(sent_of(request))
    done = deed_done(
        form,
        lambda values: organisation_hand_over(
            actor=actor_on_behalf(
                user=staff_of(request), reason=values["reason"], address=address_of(request)
            ),
            organisation_id=row.pk,
            account_id=values["account"],
            reason=values["reason"],
            now=clock.now(),
        ),
        {ReasonTooShort: "reason"},
    )
    if done:
        messages.success(request, "Организация с её кассами передана в кабинет.", extra_tags="fine")
        return redirect("customer", account_id=form.cleaned_data["account"])
    window = Window(
        title="Передать в кабинет",
        lead="Клиент увидит все кассы и документы этой организации.",
        button="Передать",
        back_url=organisation_url(row),
        facts=[("Организация", row.name), ("ИНН / КПП", numbers_shown(row))],
    )
    return window_page(request, form, window, organisation_context(row, "Передача"))


def last_day(until: dt.datetime | None) -> dt.date | None:
    """The last whole day of an access that ends at this moment."""
    return None if until is None else timezone.localdate(until - dt.timedelta(microseconds=1))


def _actor(request: HttpRequest, row: Organisation, section: Section, reason: str, now: dt.datetime) -> Actor:
    actor, _ = actor_for_organisation(
        user=staff_of(request),
        organisation_id=row.pk,
        section=section,
        now=now,
        reason=reason,
        address=address_of(request),
    )
    return actor


def organisation_seen(request: HttpRequest, organisation_id: int) -> Organisation:
    """The company, for whoever of staff may see customers. Raises: OrganisationNotFound."""
    return organisation_for_user(
        user=staff_of(request), organisation_id=organisation_id, section=Section.KKT, now=clock.now()
    )


def _contract(row: Organisation) -> Contract:
    contract = contract_active(organisation_id=row.pk)
    if contract is None:
        raise ContractNotFound("С этой организацией нет действующего договора")
    return contract


def _held(row: Organisation, partner_id: int, now: dt.datetime) -> PartnerAccess | None:
    rows = accesses_of_organisation(organisation_id=row.pk).filter(partner_id=partner_id, revoked_at=None)
    return next((one for one in rows if one.until is None or one.until > now), None)


def organisation_url(row: Organisation) -> str:
    """The address of the card."""
    return reverse("staff_organisation", args=(row.pk,))


def numbers_shown(row: Organisation) -> str:
    """«ИНН / КПП»."""
    return " / ".join(filter(None, (row.inn, row.kpp)))


def organisation_context(row: Organisation, deed: str = "") -> dict[str, Any]:
    """Section and crumbs of the card, or of a deed upon it."""
    crumbs = [Crumb(row.name, organisation_url(row)), Crumb(deed)] if deed else [Crumb(row.name)]
    if row.account_id is not None:
        crumbs.insert(0, Crumb(f"Кабинет № {row.account_id}", reverse("customer", args=(row.account_id,))))
    return desk_context("customers", *crumbs)


def _facts(row: Organisation) -> list[tuple[str, object]]:
    return [
        ("Полное наименование", row.full_name),
        ("ИНН / КПП", numbers_shown(row)),
        ("ОГРНИП" if row.is_sole_trader else "ОГРН", row.ogrn),
        ("Юридический адрес", row.legal_address),
        ("Почтовый адрес", row.correspondence_address),
        ("Руководитель", ", ".join(filter(None, (row.head_position, row.head_full_name)))),
        ("Сверены со справочником", row.source_at or "не сверялись, введены вручную"),
    ]


def _contracts(row: Organisation) -> Table:
    columns = (
        Column("contract", "Договор", title=True),
        Column("starts", "Обслуживание с"),
        Column("ends", "По"),
        Column("state", "Статус"),
    )
    rows: list[dict[str, object]] = [
        {
            "contract": contract_name(one),
            "starts": f"{one.starts_on:%d.%m.%Y}",
            "ends": f"{one.ends_on:%d.%m.%Y}" if one.ends_on else "",
            "state": CONTRACT_STATES[one.state],
        }
        for one in row.contracts.order_by("-number")
    ]
    return Table(
        "Договоры", columns, rows, Empty("Договоров нет", "Организация не присоединялась к договору.")
    )


def _kkts(row: Organisation) -> Table:
    columns = (Column("name", "Касса", title=True), Column("rnm", "РНМ"), Column("serial", "Заводской номер"))
    rows: list[dict[str, object]] = [
        {"name": one.name, "rnm": one.rnm, "serial": one.serial}
        for one in kkts_of_organisation(organisation_id=row.pk)[:ROWS]
    ]
    return Table("Кассы", columns, rows, Empty("Касс нет", "В этой организации касс ещё нет."))


def _partners(row: Organisation) -> Table:
    now = clock.now()
    columns = (
        Column("partner", "Партнёр", title=True),
        Column("state", "Доступ"),
        Column("until", "По"),
    )
    rows: list[dict[str, object]] = []
    holding = {
        one.partner_id: one
        for one in accesses_of_organisation(organisation_id=row.pk).filter(revoked_at=None)
        if one.until is None or one.until > now
    }
    for partner in partners_all().filter(closed_at=None)[:ROWS]:
        held = holding.get(partner.pk)
        day = last_day(held.until) if held else None
        url = reverse("staff_partner_access", args=(row.pk, partner.pk))
        rows.append(
            {
                "partner": Link(url, partner.name, f"Партнерский доступ: {partner.name}", modal=True),
                "state": State("fine", "Полный доступ") if held else State("quiet", "Нет доступа"),
                "until": f"{day:%d.%m.%Y}" if day else "",
            }
        )
    return Table(
        "Партнёры", columns, rows, Empty("Партнёров нет", "Оператор ещё не добавил ни одного партнёра.")
    )
