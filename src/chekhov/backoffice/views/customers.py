"""Customers: the search, the card, the responsible manager, another telephone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from chekhov import clock
from chekhov.accounts.errors import BadPhone, NoteMissing
from chekhov.accounts.models import Account, User
from chekhov.accounts.personal import phone_shown
from chekhov.accounts.services.people import phone_change
from chekhov.audit.selectors import journal_for_staff
from chekhov.backoffice.access import actor_of, address_of, staff_of, staff_page
from chekhov.backoffice.desk import (
    APPLICATION_STATES,
    CONTRACT_STATES,
    JOURNAL_COLUMNS,
    ROWS,
    account_name,
    application_name,
    before_of,
    contract_name,
    desk_context,
    journal_rows,
)
from chekhov.backoffice.forms_desk import CustomersSearchForm, ManagerForm, PhoneForm
from chekhov.backoffice.section import first_url, paged_url
from chekhov.backoffice.selectors import CustomerLine, customers_page
from chekhov.backoffice.windows import Window, deed_done, window_page
from chekhov.contracts.selectors import applications_of_account, contracts_of_account
from chekhov.face.cells import Column, Empty, Link, State, Table, Two
from chekhov.face.navigation import Crumb, Tab
from chekhov.face.pages import page, sent_of
from chekhov.orgs.errors import EmployeeNotFound, NotMember
from chekhov.orgs.models import Membership
from chekhov.orgs.sections import StaffDeed, staff_may
from chekhov.orgs.selectors import (
    account_of,
    employees_of_account,
    organisations_of_account,
    organisations_stale,
)
from chekhov.orgs.services import manager_assign

CARD_ROWS = 20
COLUMNS = (
    Column("customer", "Клиент", title=True),
    Column("companies", "Организации"),
    Column("contracts", "Договоры"),
    Column("manager", "Менеджер"),
    Column("created_at", "Открыт"),
)
EMPTY = Empty(
    "Клиентов ещё нет", "Кабинет появляется, когда человек подтверждает почту при регистрации.", "users"
)
NOT_FOUND = Empty(
    "Никого не нашлось", "Ищут по ИНН, названию, номеру договора, имени и почте, от двух знаков.", "search"
)


@staff_page(deed=StaffDeed.CUSTOMERS_SEE)
def customers(request: HttpRequest) -> HttpResponse:
    """Cabinets, the newest first, narrowed by a search."""
    form = CustomersSearchForm(request.GET)
    form.is_valid()
    text = form.cleaned_data.get("text") or ""
    found = customers_page(text=text, before=before_of(request), limit=ROWS)
    table = Table(
        "Клиенты",
        COLUMNS,
        [_row(line) for line in found.lines],
        NOT_FOUND if text else EMPTY,
        older_url=paged_url(request.path, request.GET, found.next_before),
        first_url=first_url(request.path, request.GET),
    )
    context = {
        **desk_context("customers"),
        "tabs": customers_tabs(staff_of(request)),
        "tab": "all",
        "form": form,
        "narrowed": bool(text),
        "table": table,
    }
    return page(request, "backoffice/customers.html", context)


@staff_page(deed=StaffDeed.CUSTOMERS_SEE)
def customer(request: HttpRequest, account_id: int) -> HttpResponse:
    """A customer's card: companies and contracts, people, applications, what was done lately."""
    account = _account(account_id)
    role = staff_of(request).staff_role
    companies = list(organisations_of_account(account_id=account.pk))
    journal = journal_for_staff(account_id=account.pk, limit=CARD_ROWS)
    context = {
        **_context(account),
        "account": account,
        "name": account_name(account, [row.name for row in companies]),
        "facts": _facts(account),
        "can_assign": staff_may(role, StaffDeed.MANAGER_ASSIGN),
        "organisations": _organisations(account, companies),
        "people": _people(account, phones=staff_may(role, StaffDeed.MANAGER_ASSIGN)),
        "applications": _applications(account),
        "journal": Table(
            "Журнал кабинета",
            JOURNAL_COLUMNS,
            journal_rows(journal.lines),
            Empty("Журнал пуст", "Действий ещё не было."),
        ),
    }
    return page(request, "backoffice/customer.html", context)


@staff_page("GET", "HEAD", "POST", deed=StaffDeed.MANAGER_ASSIGN)
def manager(request: HttpRequest, account_id: int) -> HttpResponse:
    """Name the responsible manager, or take the name away."""
    account = _account(account_id)
    form = ManagerForm(sent_of(request), initial={"manager": account.manager_id})

    def assign(values: Any) -> None:
        chosen = values["manager"]
        manager_assign(
            actor=actor_of(request, StaffDeed.MANAGER_ASSIGN),
            account_id=account.pk,
            manager_id=None if chosen is None else chosen.pk,
            now=clock.now(),
        )

    if deed_done(form, assign):
        messages.success(
            request, "Ответственный менеджер изменён, клиент видит его в кабинете.", extra_tags="fine"
        )
        return redirect("customer", account_id=account.pk)
    window = Window(
        title="Ответственный менеджер", button="Сохранить", back_url=reverse("customer", args=(account.pk,))
    )
    return window_page(request, form, window, _context(account, "Менеджер"))


@staff_page("GET", "HEAD", "POST", deed=StaffDeed.MANAGER_ASSIGN)
def phone(request: HttpRequest, account_id: int, membership_id: int) -> HttpResponse:
    """Write another telephone of a person who came with an identity document."""
    account, place = _account(account_id), _place(account_id, membership_id)
    user = place.user
    if user is None:
        raise EmployeeNotFound("Сотрудник ещё не подтвердил почту: телефон меняет владелец кабинета")
    form = PhoneForm(sent_of(request))
    done = deed_done(
        form,
        lambda values: phone_change(
            user=user,
            phone=values["phone"],
            by=staff_of(request),
            note=values["note"],
            now=clock.now(),
            address=address_of(request),
            account=account,
        ),
        {BadPhone: "phone", NoteMissing: "note"},
    )
    if done:
        messages.success(request, "Номер телефона изменён.", extra_tags="fine")
        return redirect("customer", account_id=account.pk)
    window = Window(
        title="Изменить номер телефона",
        lead="Только при личном визите, после проверки документа.",
        button="Изменить номер",
        back_url=reverse("customer", args=(account.pk,)),
        facts=[("Кто", user.get_full_name()), ("Номер сейчас", phone_shown(user.phone))],
    )
    return window_page(request, form, window, _context(account, "Телефон"))


def customers_tabs(person: User) -> list[Tab]:
    """Pages of «Клиенты» for this member of staff."""
    tabs = [
        Tab("all", "Кабинеты", reverse("customers")),
        Tab("unclaimed", "Без кабинета", reverse("organisations_unclaimed")),
    ]
    if staff_may(person.staff_role, StaffDeed.APPLICATIONS_DECIDE):
        stale = organisations_stale(now=clock.now()).count()
        tabs.append(
            Tab("stale", "Сверить реквизиты", reverse("organisations_stale"), stale, attention=stale > 0)
        )
    if staff_may(person.staff_role, StaffDeed.ON_BEHALF):  # those whom customers ask for help
        tabs.append(Tab("locks", "Закрытые входы", reverse("locks")))
    return tabs


def _account(account_id: int) -> Account:
    account = account_of(account_id=account_id)
    if account is None:
        raise NotMember("Такого кабинета нет", account_id=account_id)
    return account


def _place(account_id: int, membership_id: int) -> Membership:
    place = employees_of_account(account_id=account_id).filter(pk=membership_id).first()
    if place is None:
        raise EmployeeNotFound("Такого сотрудника нет", membership_id=membership_id)
    return place


def _context(account: Account, deed: str = "") -> dict[str, Any]:
    name = f"Кабинет {account}"
    crumbs = [Crumb(name, reverse("customer", args=(account.pk,))), Crumb(deed)] if deed else [Crumb(name)]
    return desk_context("customers", *crumbs)


def _row(line: CustomerLine) -> dict[str, object]:
    name = account_name(line.account, [row.name for row in line.companies])
    return {
        "customer": Two(Link(reverse("customer", args=(line.account.pk,)), name), f"кабинет {line.account}"),
        "companies": ", ".join(f"ИНН {row.inn}" for row in line.companies[:3]),
        "contracts": ", ".join(contract_name(row) for row in line.contracts[:3]),
        "manager": line.account.manager.get_full_name() if line.account.manager else "",
        "created_at": line.account.created_at,
    }


def _facts(account: Account) -> list[tuple[str, object]]:
    return [
        ("Кабинет", str(account)),
        ("Кто открыл", account.opened_by.get_full_name()),
        ("Открыт", account.created_at),
        ("Ответственный менеджер", account.manager.get_full_name() if account.manager else "не назначен"),
    ]


def _organisations(account: Account, companies: Iterable[Any]) -> Table:
    contracts: dict[int, list[Any]] = {}
    for contract in contracts_of_account(account_id=account.pk):
        contracts.setdefault(contract.organisation_id, []).append(contract)
    columns = (
        Column("organisation", "Организация", title=True),
        Column("inn", "ИНН / КПП"),
        Column("contracts", "Договор"),
        Column("state", "Статус"),
    )
    rows: list[dict[str, object]] = []
    for row in companies:
        of_company = contracts.get(row.pk, [])
        rows.append(
            {
                "organisation": Link(reverse("staff_organisation", args=(row.pk,)), row.name),
                "inn": " / ".join(filter(None, (row.inn, row.kpp))),
                "contracts": contract_name(of_company[0]) if of_company else "",
                "state": CONTRACT_STATES[of_company[0].state]
                if of_company
                else State("quiet", "Без договора"),
            }
        )
    return Table(
        "Организации", columns, rows, Empty("Организаций нет", "Клиент ещё не присоединился к договору.")
    )


def _people(account: Account, *, phones: bool) -> Table:
    columns = (
        Column("name", "Сотрудник", title=True),
        Column("email", "E-mail"),
        Column("phone", "Телефон"),
        Column("role", "Роль"),
        *((Column("deed", "Действие", end=True),) if phones else ()),
    )
    rows: list[dict[str, object]] = []
    for place in employees_of_account(account_id=account.pk):
        url = reverse("customer_phone", args=(account.pk, place.pk))
        user = place.user
        rows.append(
            {
                "name": Two(place.full_name, place.position) if place.position else place.full_name,
                "email": place.email,
                "phone": phone_shown(user.phone if user else place.phone),
                "role": place.get_role_display(),
                "deed": Link(url, "Изменить телефон", f"Изменить телефон: {place.full_name}", modal=True)
                if user
                else "",
            }
        )
    return Table("Сотрудники", columns, rows, Empty("Сотрудников нет", "В кабинете никто не работает."))


def _applications(account: Account) -> Table:
    columns = (
        Column("application", "Заявка", title=True),
        Column("contract", "Договор"),
        Column("at", "Создана"),
        Column("state", "Состояние"),
    )
    rows = [
        {
            "application": Link(reverse("application", args=(row.pk,)), application_name(row)),
            "contract": contract_name(row.contract),
            "at": row.created_at,
            "state": APPLICATION_STATES[row.state],
        }
        for row in applications_of_account(account_id=account.pk)[:CARD_ROWS]
    ]
    return Table("Заявки", columns, rows, Empty("Заявок нет", "Клиент ничего не просил изменить."))
