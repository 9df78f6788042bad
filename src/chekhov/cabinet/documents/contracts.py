"""«Договоры»: the table, the card of a contract, its papers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from chekhov import clock
from chekhov.cabinet.access import customer_page, person_of
from chekhov.cabinet.documents.section import (
    APPLICATION_STATES,
    application_title,
    pdf_answer,
    section_context,
)
from chekhov.cabinet.words import contract_state, contract_words, requisites_short
from chekhov.contracts.access import applications_for_user, contract_for_user, contracts_for_user
from chekhov.contracts.models import Contract, ContractState
from chekhov.contracts.sheets import contract_card_paper, contract_paper
from chekhov.face.cells import Column, Digits, Empty, Link, State, Table, Two
from chekhov.face.navigation import Crumb
from chekhov.face.pages import page
from chekhov.face.templatetags.house import icon
from chekhov.kkt.access import kkts_for_user
from chekhov.kkt.models import Kkt
from chekhov.orgs.access import Person, require_section
from chekhov.orgs.sections import Section
from chekhov.papers.contract_card import RegisterLine

ROWS = 200
COLUMNS = (
    Column("contract", "Договор", title=True),
    Column("kkts", "Всего касс", hint="Сколько касс добавлено и сколько из них зарегистрировано"),
    Column("state", "Статус"),
    Column("organisation", "Организация"),
    Column("edit", "Изменить", end=True),
)
KKT_COLUMNS = (
    Column("name", "Касса", title=True),
    Column("rnm", "РНМ"),
    Column("serial", "Заводской номер"),
    Column("model", "Модель"),
)


@customer_page()
def contracts(request: HttpRequest) -> HttpResponse:
    """Every contract of the cabinet, the newest first."""
    require_section(user=request.user, section=Section.DOCUMENTS)
    rows = list(contracts_for_user(user=person_of(request), now=clock.now())[:ROWS])
    empty = Empty("Договоров пока нет", "Договор заключается, когда вы добавляете организацию.", "file-text")
    table = Table("Договоры", COLUMNS, _rows(rows, _counts(person_of(request), rows)), empty)
    return page(request, "cabinet/documents/contracts.html", {**section_context("contracts"), "table": table})


@customer_page()
def contract(request: HttpRequest, contract_id: int) -> HttpResponse:
    """The card: the organisation, start and end of service, registers, applications."""
    row = contract_for_user(user=person_of(request), contract_id=contract_id, now=clock.now())
    context = {
        **section_context("contracts", Crumb(f"Договор № {row.number}")),
        "row": row,
        "state": contract_state(row),
        "active": row.state == ContractState.ACTIVE,
        "facts": _facts(row),
        "terms": _terms(row),
        "kkts": _kkts(_registers(person_of(request), row)),
        "applications": _applications(person_of(request), row),
    }
    return page(request, "cabinet/documents/contract.html", context)


@customer_page()
def contract_pdf(request: HttpRequest, contract_id: int) -> HttpResponse:
    """The contract as it was accepted."""
    row = contract_for_user(user=person_of(request), contract_id=contract_id, now=clock.now())
    return pdf_answer(contract_paper(contract=row), f"contract-{row.number}")


@customer_page()
def contract_card_pdf(request: HttpRequest, contract_id: int) -> HttpResponse:
    """The card as it stands today."""
    now = clock.now()
    row = contract_for_user(user=person_of(request), contract_id=contract_id, now=now)
    lines = [
        RegisterLine(name=kkt.name, rnm=kkt.rnm or "", serial=kkt.serial)
        for kkt in _registers(person_of(request), row)
    ]
    return pdf_answer(
        contract_card_paper(contract=row, registers=lines, now=now), f"contract-{row.number}-card"
    )


def _registers(person: Person, row: Contract) -> QuerySet[Kkt]:
    """Registers under the contract; a terminated one has none."""
    found = kkts_for_user(user=person, now=clock.now(), section=Section.DOCUMENTS)
    if row.state != ContractState.ACTIVE:
        return found.none()
    return found.filter(organisation_id=row.organisation_id)


def _counts(person: Person, rows: Iterable[Contract]) -> dict[int, tuple[int, int]]:
    """Organisation → all its registers and those with a registration number, as far as the person sees them."""
    found = (
        kkts_for_user(user=person, now=clock.now(), section=Section.DOCUMENTS)
        .filter(organisation_id__in={row.organisation_id for row in rows})
        .order_by()
        .values_list("organisation_id")
        .annotate(Count("id"), Count("rnm"))
    )
    return {organisation_id: (total, registered) for organisation_id, total, registered in found}


def _rows(rows: Iterable[Contract], counts: dict[int, tuple[int, int]]) -> list[dict[str, object]]:
    shown: list[dict[str, object]] = []
    for row in rows:
        active = row.state == ContractState.ACTIVE
        total, registered = counts.get(row.organisation_id, (0, 0)) if active else (0, 0)
        edit = reverse("requisites_change", args=(row.pk,))
        shown.append(
            {
                "contract": Link(reverse("contract", args=(row.pk,)), contract_words(row)),
                "kkts": f"{total}/{registered}",
                "state": contract_state(row),
                "organisation": Two(row.organisation.name, requisites_short(row.organisation)),
                "edit": Link(edit, icon("edit"), f"Изменить реквизиты договора № {row.number}", modal=True)
                if active
                else "",
            }
        )
    return shown


def _facts(row: Contract) -> list[tuple[str, object]]:
    organisation = row.organisation
    facts: list[tuple[str, object]] = [
        ("Организация", organisation.name),
        ("Полное наименование", organisation.full_name),
        ("ИНН", Digits(organisation.inn, copy=True)),
        ("КПП", organisation.kpp),
        ("ОГРНИП" if organisation.is_sole_trader else "ОГРН", organisation.ogrn),
        ("Юридический адрес", organisation.legal_address),
        ("Почтовый адрес", organisation.correspondence_address),
        ("Руководитель", organisation.head_full_name),
        ("Должность", organisation.head_position),
    ]
    return [(word, value) for word, value in facts if value]


def _terms(row: Contract) -> list[tuple[str, object]]:
    ends = f"{row.ends_on:%d.%m.%Y}" if row.ends_on else "не ограничено"
    return [
        ("Дата договора", f"{row.signed_on:%d.%m.%Y}"),
        ("Начало обслуживания", f"{row.starts_on:%d.%m.%Y}"),
        ("Окончание обслуживания", ends),
        ("Оферта", f"редакция {row.offer.number}"),
        ("Акты", row.get_acts_term_display()),
    ]


def _kkts(rows: QuerySet[Kkt]) -> Table:
    shown: list[dict[str, object]] = [
        {
            "name": kkt.name,
            "rnm": Digits(kkt.rnm, copy=True) if kkt.rnm else State("quiet", "Не зарегистрирована"),
            "serial": kkt.serial,
            "model": kkt.model,
        }
        for kkt in rows[:ROWS]
    ]
    empty = Empty(
        "Касс по этому договору нет", "Когда касса появится в кабинете, она будет здесь.", "receipt"
    )
    return Table("Кассы по договору", KKT_COLUMNS, shown, empty)


def _applications(person: Person, row: Contract) -> list[dict[str, Any]]:
    return [
        {
            "title": ": ".join(filter(None, (application_title(one), one.register.get("name", "")))),
            "url": reverse("contract_application", args=(one.pk,)),
            "at": one.created_at,
            "state": APPLICATION_STATES[one.state],
            "reason": one.reason,
        }
        for one in applications_for_user(user=person, contract=row, now=clock.now())[:ROWS]
    ]
