"""What pages about customers share: the way back, cursors of lists, where a service's refusal is shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from chekhov.accounts.models import Account
from chekhov.audit.models import ActorKind
from chekhov.audit.selectors import JournalLine
from chekhov.backoffice.errors import PageCursorMalformed
from chekhov.contracts.models import Application, ApplicationState, Contract, ContractState
from chekhov.errors import ChekhovError
from chekhov.face.cells import Column, State, Two
from chekhov.face.navigation import Crumb, Tab
from chekhov.orgs.errors import FieldsWrong

ROWS = 50
SECTION_NAMES = {
    "applications": "Заявки",
    "customers": "Клиенты",
    "staff_partners": "Партнёры",
    "operator": "Оператор",
}

APPLICATION_STATES: dict[str, State] = {
    ApplicationState.DRAFT: State("quiet", "Черновик"),
    ApplicationState.PAPER_AWAITED: State("attention", "Ожидается оригинал", "hourglass"),
    ApplicationState.SENT: State("attention", "На рассмотрении", "hourglass"),
    ApplicationState.APPROVED: State("fine", "Одобрена"),
    ApplicationState.REFUSED: State("danger", "Отказано"),
    ApplicationState.WITHDRAWN: State("quiet", "Отозвана", "arrow-back-up"),
}
CONTRACT_STATES: dict[str, State] = {
    ContractState.ACTIVE: State("fine", "Заключен", "check"),
    ContractState.TERMINATED: State("quiet", "Расторгнут", "ban"),
}
JOURNAL_COLUMNS = (
    Column("what", "Действие", title=True),
    Column("at", "Когда"),
    Column("who", "Кто"),
    Column("object", "Объект"),
    Column("reason", "Основание"),
    Column("address", "Адрес"),
)
OBJECT_WORDS = {
    "account": "кабинет",
    "application": "заявка",
    "consent_text": "редакция согласия",
    "contract": "договор",
    "employee": "сотрудник",
    "offer": "редакция оферты",
    "operator": "данные оператора",
    "organisation": "организация",
    "partner": "партнёр",
    "user": "учётная запись",
}


def desk_context(section: str, *crumbs: Crumb) -> dict[str, Any]:
    """Section and crumbs of a page; without crumbs the page heads its section."""
    home = Crumb(SECTION_NAMES[section], reverse(section)) if crumbs else None
    return {"section": section, "crumbs": [home, *crumbs] if home else []}


def letters_tabs(unsent: int, *, sandbox: bool) -> list[Tab]:
    """Pages of «Письма»."""
    tabs = [Tab("unsent", "Не отправленные", reverse("letters_unsent"), unsent, attention=unsent > 0)]
    if sandbox:
        tabs.append(Tab("sandbox", "Песочница", reverse("sandbox_letters")))
    return tabs


def before_of(request: HttpRequest) -> int | None:
    """The number to page on from, or None at the beginning. Raises: PageCursorMalformed."""
    text = request.GET.get("before")
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise PageCursorMalformed
    return int(text)


def errors_put(
    form: forms.Form, error: ChekhovError, fields: Mapping[type[ChekhovError], str] | None = None
) -> None:
    """Show a service's refusal where it belongs: beside its fields, or above the form."""
    if isinstance(error, FieldsWrong):
        for name, text in error.fields.items():
            form.add_error(name if name in form.fields else None, text)
        return
    form.add_error((fields or {}).get(type(error)), error.message)


def refused_answer(form: forms.Form) -> int:
    """The status of a form's page: 422 while something is wrong with what was sent."""
    return 422 if form.is_bound and form.errors else 200


def day_begin(day: dt.date | None) -> dt.datetime | None:
    """The first moment of the operator's day."""
    if day is None:
        return None
    return timezone.make_aware(dt.datetime.combine(day, dt.time()), timezone.get_current_timezone())


def account_name(account: Account, companies: list[str]) -> str:
    """How staff know a cabinet: by its companies, or by who opened it."""
    if companies:
        rest = len(companies) - 1
        return companies[0] + (f" и ещё {rest}" if rest else "")
    return account.opened_by.get_full_name()


def contract_name(contract: Contract) -> str:
    """«№ 249 от 01.11.2017»."""
    return f"№ {contract.number} от {contract.signed_on:%d.%m.%Y}"


def application_name(application: Application) -> str:
    """«Изменение реквизитов № 7»."""
    return f"{application.get_kind_display()} № {application.pk}"


def journal_rows(lines: tuple[JournalLine, ...]) -> list[dict[str, object]]:
    """Entries for `JOURNAL_COLUMNS`."""
    return [
        {
            "what": line.wording,
            "at": line.at,
            "who": _who(line),
            "object": f"{OBJECT_WORDS.get(line.object_kind, line.object_kind)} {line.object_id}",
            "reason": line.reason,
            "address": line.address,
        }
        for line in lines
    ]


def _who(line: JournalLine) -> object:
    shown = line.actor_shown or "—"
    if line.on_behalf_name:
        return Two(shown, f"от имени клиента: {line.on_behalf_name}")
    if line.actor_kind == ActorKind.PARTNER:
        return Two(shown, f"партнёр {line.partner_name}")
    return Two(shown, ActorKind(line.actor_kind).label)
