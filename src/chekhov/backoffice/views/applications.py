"""The work list of customers' applications, and deciding them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from chekhov import clock
from chekhov.backoffice.access import actor_of, staff_of, staff_page
from chekhov.backoffice.desk import (
    APPLICATION_STATES,
    ROWS,
    application_name,
    before_of,
    contract_name,
    desk_context,
)
from chekhov.backoffice.forms_desk import (
    ApplicationsFilterForm,
    ApproveForm,
    ArrivalForm,
    RefuseForm,
    TerminateForm,
)
from chekhov.backoffice.section import filtered, first_url, paged_url
from chekhov.backoffice.windows import Window, deed_done, window_page
from chekhov.contracts.access import application_for_user
from chekhov.contracts.errors import EndsTooEarly, ReasonMissing
from chekhov.contracts.models import Application, ApplicationKind, ApplicationState
from chekhov.contracts.registers import RegisterFacts
from chekhov.contracts.selectors import (
    applications_awaiting_paper,
    applications_counts,
    applications_decided,
    applications_to_decide,
    requisites_lines,
)
from chekhov.contracts.services import application_approve, application_refuse, paper_arrive
from chekhov.face.cells import Column, Empty, Link, State, Table, Two
from chekhov.face.navigation import Crumb, Tab
from chekhov.face.pages import page, sent_of
from chekhov.face.steps import Step
from chekhov.orgs.sections import StaffDeed, staff_may

COLUMNS = (
    Column("application", "Заявка", title=True),
    Column("customer", "Клиент"),
    Column("contract", "Договор"),
    Column("at", "Поступила"),
    Column("manager", "Менеджер"),
    Column("state", "Состояние"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """Words of the window in which an application of a kind is approved, and of the notice after it."""

    title: str
    lead: str
    button: str
    done: str
    danger: bool = False


APPROVALS = {
    ApplicationKind.REQUISITES: Approval(
        title="Одобрить изменение реквизитов",
        lead="Реквизиты организации и договора изменятся сразу.",
        button="Одобрить",
        done="Реквизиты изменены.",
    ),
    ApplicationKind.TERMINATION: Approval(
        title="Расторгнуть договор",
        lead="Договор будет расторгнут. Вернуть его нельзя, можно только заключить новый.",
        button="Расторгнуть договор",
        done="Договор расторгнут.",
        danger=True,
    ),
    ApplicationKind.STOP_SERVICE: Approval(
        title="Прекратить обслуживание кассы",
        lead="Обслуживание кассы прекратится сразу. Принятые документы останутся. Вернуть кассу клиент сможет, подключив её снова.",
        button="Прекратить обслуживание",
        done="Обслуживание кассы прекращено.",
        danger=True,
    ),
}
LISTS = {
    "decide": (applications_to_decide, Empty("Новых заявок нет", "Все заявки рассмотрены.", "circle-check")),
    "paper": (
        applications_awaiting_paper,
        Empty(
            "Оригиналов никто не ждёт", "Здесь появятся заявления, которые клиенты отправляют почтой.", "mail"
        ),
    ),
    "decided": (applications_decided, Empty("Пока пусто", "Рассмотренные заявки появятся здесь.", "inbox")),
}


@staff_page(deed=StaffDeed.CUSTOMERS_SEE)
def applications(request: HttpRequest) -> HttpResponse:
    """Applications: those to decide, those whose paper is awaited, those decided."""
    tab = request.GET.get("list", "decide")
    tab = tab if tab in LISTS else "decide"
    form = ApplicationsFilterForm(request.GET)
    form.is_valid()
    chosen, empty = LISTS[tab]
    mine = staff_of(request).pk if form.cleaned_data.get("mine") else None
    rows = chosen(kind=form.cleaned_data.get("kind") or "", manager_id=mine)
    before = before_of(request)
    if before is not None:
        rows = rows.filter(pk__lt=before) if tab == "decided" else rows.filter(pk__gt=before)
    found = list(rows.order_by("-id" if tab == "decided" else "id")[: ROWS + 1])
    last = found[ROWS - 1].pk if len(found) > ROWS else None
    table = Table(
        "Заявки",
        COLUMNS,
        _rows(found[:ROWS]),
        empty,
        older_url=paged_url(request.path, request.GET, last),
        first_url=first_url(request.path, request.GET),
    )
    context = {
        **desk_context("applications"),
        "tabs": _tabs(),
        "tab": tab,
        "form": form,
        "table": table,
        "narrowed": filtered(request.GET),
    }
    return page(request, "backoffice/applications.html", context)


@staff_page(deed=StaffDeed.CUSTOMERS_SEE)
def application(request: HttpRequest, application_id: int) -> HttpResponse:
    """One application: what is asked, by whom, its history, and the deeds that are open."""
    row = application_for_user(user=staff_of(request), application_id=application_id, now=clock.now())
    decides = staff_may(staff_of(request).staff_role, StaffDeed.APPLICATIONS_DECIDE)
    context = {
        **_context(row),
        "row": row,
        "state": APPLICATION_STATES[row.state],
        "facts": _facts(row),
        "lines": requisites_lines(application=row) if row.kind == ApplicationKind.REQUISITES else [],
        "steps": _steps(row),
        "can_decide": decides and row.state == ApplicationState.SENT,
        "can_register": decides and row.state == ApplicationState.PAPER_AWAITED,
        "can_refuse": decides and row.state in {ApplicationState.SENT, ApplicationState.PAPER_AWAITED},
    }
    return page(request, "backoffice/application.html", context)


@staff_page("GET", "HEAD", "POST", deed=StaffDeed.APPLICATIONS_DECIDE)
def approve(request: HttpRequest, application_id: int) -> HttpResponse:
    """Approve and do what was asked."""
    now = clock.now()
    row = application_for_user(user=staff_of(request), application_id=application_id, now=now)
    ends = row.kind == ApplicationKind.TERMINATION
    words = APPROVALS[ApplicationKind(row.kind)]
    initial = {"version": row.version, "ends_on": timezone.localdate(now)}
    form = (TerminateForm if ends else ApproveForm)(sent_of(request), initial=initial)
    done = deed_done(
        form,
        lambda values: application_approve(
            actor=actor_of(request, StaffDeed.APPLICATIONS_DECIDE),
            application_id=row.pk,
            expected_version=values["version"],
            ends_on=values.get("ends_on"),
            note=values["note"],
            now=now,
        ),
        {EndsTooEarly: "ends_on"},
    )
    if done:
        messages.success(request, words.done, extra_tags="fine")
        return redirect("application", application_id=row.pk)
    window = Window(
        title=words.title,
        lead=words.lead,
        button=words.button,
        danger=words.danger,
        back_url=_url(row),
        facts=_facts_short(row),
    )
    return window_page(request, form, window, _context(row, "Одобрить"))


@staff_page("GET", "HEAD", "POST", deed=StaffDeed.APPLICATIONS_DECIDE)
def refuse(request: HttpRequest, application_id: int) -> HttpResponse:
    """Refuse with a reason."""
    now = clock.now()
    row = application_for_user(user=staff_of(request), application_id=application_id, now=now)
    form = RefuseForm(sent_of(request), initial={"version": row.version})
    done = deed_done(
        form,
        lambda values: application_refuse(
            actor=actor_of(request, StaffDeed.APPLICATIONS_DECIDE),
            application_id=row.pk,
            expected_version=values["version"],
            reason=values["reason"],
            now=now,
        ),
        {ReasonMissing: "reason"},
    )
    if done:
        messages.success(request, "В заявке отказано, клиент увидит причину.", extra_tags="fine")
        return redirect("application", application_id=row.pk)
    window = Window(
        title="Отказать в заявке",
        button="Отказать",
        icon="x",
        danger=True,
        back_url=_url(row),
        facts=_facts_short(row),
    )
    return window_page(request, form, window, _context(row, "Отказать"))


@staff_page("GET", "HEAD", "POST", deed=StaffDeed.APPLICATIONS_DECIDE)
def arrival(request: HttpRequest, application_id: int) -> HttpResponse:
    """Register that the signed original has come."""
    now = clock.now()
    row = application_for_user(user=staff_of(request), application_id=application_id, now=now)
    initial = {"version": row.version, "arrived_on": timezone.localdate(now)}
    form = ArrivalForm(sent_of(request), initial=initial)
    done = deed_done(
        form,
        lambda values: paper_arrive(
            actor=actor_of(request, StaffDeed.APPLICATIONS_DECIDE),
            application_id=row.pk,
            expected_version=values["version"],
            arrived_on=values["arrived_on"],
            note=values["note"],
            now=now,
        ),
    )
    if done:
        messages.success(
            request, "Оригинал зарегистрирован. Теперь заявку можно рассмотреть.", extra_tags="fine"
        )
        return redirect("application", application_id=row.pk)
    window = Window(
        title="Зарегистрировать оригинал",
        button="Оригинал получен",
        back_url=_url(row),
        facts=_facts_short(row),
    )
    return window_page(request, form, window, _context(row, "Оригинал"))


def _context(row: Application, deed: str = "") -> dict[str, Any]:
    name = application_name(row)
    crumbs = [Crumb(name, _url(row)), Crumb(deed)] if deed else [Crumb(name)]
    return desk_context("applications", *crumbs)


def _tabs() -> list[Tab]:
    counts = applications_counts()
    url = reverse("applications")
    waiting = counts[ApplicationState.SENT]
    return [
        Tab("decide", "На рассмотрении", url, waiting, attention=waiting > 0),
        Tab("paper", "Ожидают оригинала", f"{url}?list=paper", counts[ApplicationState.PAPER_AWAITED]),
        Tab("decided", "Рассмотренные", f"{url}?list=decided"),
    ]


def _url(row: Application) -> str:
    return reverse("application", args=(row.pk,))


def _rows(found: Iterable[Application]) -> list[dict[str, object]]:
    return [
        {
            "application": Two(Link(_url(row), row.get_kind_display()), _beneath(row)),
            "customer": Two(row.contract.organisation.name, f"ИНН {row.contract.organisation.inn}"),
            "contract": contract_name(row.contract),
            "at": row.sent_at or row.created_at,
            "manager": _manager(row),
            "state": APPLICATION_STATES[row.state],
        }
        for row in found
    ]


def _beneath(row: Application) -> str:
    """«№ 7», and for a register its РНМ or, without one, its name."""
    if row.kkt_id is None:
        return f"№ {row.pk}"
    register = RegisterFacts.from_data(row.register)
    return f"№ {row.pk}, {f'РНМ {register.rnm}' if register.rnm else register.name}"


def _manager(row: Application) -> str:
    account = row.contract.organisation.account
    return account.manager.get_full_name() if account is not None and account.manager is not None else ""


def _facts_short(row: Application) -> list[tuple[str, object]]:
    """Whom and what it is about; for the windows of decisions."""
    organisation = row.contract.organisation
    customer: object = organisation.name
    if organisation.account_id is not None:
        customer = Link(reverse("customer", args=(organisation.account_id,)), organisation.name)
    facts: list[tuple[str, object]] = [
        ("Клиент", customer),
        ("ИНН / КПП", " / ".join(filter(None, (organisation.inn, organisation.kpp)))),
        ("Договор", contract_name(row.contract)),
    ]
    if row.kkt_id is not None:
        register = RegisterFacts.from_data(row.register)
        facts += [("Касса", register.name), *register.lines()]
    return facts


def _facts(row: Application) -> list[tuple[str, object]]:
    facts: list[tuple[str, object]] = [
        *_facts_short(row),
        ("Создана", row.created_at),
        ("Создал", row.created_by.get_full_name()),
    ]
    if row.method:
        facts.append(("Способ подписания", row.get_method_display()))
        facts.append(("Оригинал получен", row.paper_arrived_on and f"{row.paper_arrived_on:%d.%m.%Y}"))
    if row.reason:
        facts.append(("Причина", row.reason))
    return facts


def _steps(row: Application) -> list[Step]:
    steps = []
    for step in row.steps.select_related("user"):
        state = APPLICATION_STATES[step.state_after]
        who = f"{step.user.get_full_name()}{', оператор' if step.by_staff else ''}"
        shown = State("fine", state.word) if state.tone == "attention" else state
        steps.append(Step(state.word, step.at, ". ".join(filter(None, (who, step.note))), shown))
    return steps
