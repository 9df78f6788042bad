"""«Мои компании»: the table, «+Добавить организацию», the card of a company."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from chekhov import clock
from chekhov.cabinet.access import customer_page, person_of, place_of
from chekhov.cabinet.entry.joining import joining_answer
from chekhov.cabinet.profile.section import section_context
from chekhov.cabinet.words import contract_link, contract_state, requisites_short
from chekhov.contracts.models import Contract, ContractState
from chekhov.contracts.selectors import contracts_of_account
from chekhov.face.cells import Column, Digits, Empty, Link, Table
from chekhov.face.navigation import Crumb
from chekhov.face.pages import page
from chekhov.orgs.access import organisation_for_user, require_owner
from chekhov.orgs.models import Membership, Organisation
from chekhov.orgs.sections import Section
from chekhov.orgs.selectors import organisations_of_account

COLUMNS = (
    Column("name", "Организация", title=True),
    Column("requisites", "Реквизиты"),
    Column("contract", "Договор"),
    Column("state", "Статус"),
)
EMPTY = Empty(
    "Организаций пока нет",
    "Добавьте первую: понадобится только ИНН.",
    "building-store",
)


def companies_seen(place: Membership) -> bool:
    """Whether the employee sees the companies at all: those who manage registers or read documents do."""
    return bool({Section.MANAGEMENT, Section.DOCUMENTS} & place.open_sections)


def companies_table(place: Membership) -> Table:
    """The companies of the cabinet with their contracts in force or the last ones."""
    contracts: dict[int, Contract] = {}
    for contract in contracts_of_account(account_id=place.account_id):
        contracts.setdefault(contract.organisation_id, contract)
    rows = []
    for organisation in organisations_of_account(account_id=place.account_id):
        latest = contracts.get(organisation.pk)
        rows.append(
            {
                "name": Link(reverse("company", args=(organisation.pk,)), organisation.name),
                "requisites": requisites_short(organisation),
                "contract": contract_link(latest, place) if latest else None,
                "state": contract_state(latest) if latest else None,
            }
        )
    return Table("Мои компании", COLUMNS, rows, EMPTY)


@customer_page("GET", "HEAD", "POST")
def add(request: HttpRequest) -> HttpResponse:
    """«+Добавить организацию»: the same form as joining the contract. Owners only."""
    require_owner(user=request.user)
    context = {
        **section_context(person_of(request), "person", Crumb("Добавить организацию")),
        "back": reverse("profile"),
    }
    return joining_answer(request, "cabinet/profile/company_add.html", context, done_url="profile")


@customer_page()
def company(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """The card: requisites, and the ways to change or to end the contract."""
    place = place_of(request)
    section = Section.MANAGEMENT if Section.MANAGEMENT in place.open_sections else Section.DOCUMENTS
    found = organisation_for_user(
        user=request.user, organisation_id=organisation_id, section=section, now=clock.now()
    )
    contracts = [
        one for one in contracts_of_account(account_id=place.account_id) if one.organisation_id == found.pk
    ]
    context = {
        **section_context(person_of(request), "person", Crumb(found.name)),
        "organisation": found,
        "facts": company_facts(found),
        "contracts": [(contract_link(one, place), contract_state(one)) for one in contracts],
        "active": next((one for one in contracts if one.state == ContractState.ACTIVE), None),
        "documents_open": Section.DOCUMENTS in place.open_sections,
    }
    return page(request, "cabinet/profile/company.html", context)


def company_facts(organisation: Organisation) -> list[tuple[str, object]]:
    """Requisites by their words."""
    facts: list[tuple[str, object]] = [
        ("Полное наименование", organisation.full_name or organisation.name),
        ("ИНН", Digits(organisation.inn, copy=True)),
        ("КПП", organisation.kpp),
        ("ОГРНИП" if organisation.is_sole_trader else "ОГРН", organisation.ogrn),
        ("Юридический адрес", organisation.legal_address),
        ("Адрес корреспонденции", organisation.correspondence_address),
        ("Руководитель", organisation.head_full_name),
        ("Должность", organisation.head_position),
    ]
    return [(word, value) for word, value in facts if value]
