"""The customer's application upon a contract: how it stands, its paper, taking it back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from chekhov import clock
from chekhov.cabinet.access import customer_page, person_of
from chekhov.cabinet.documents.section import (
    APPLICATION_STATES,
    actor_upon,
    application_title,
    contract_crumb,
    pdf_answer,
    section_context,
)
from chekhov.cabinet.words import contract_words
from chekhov.contracts.access import application_for_user
from chekhov.contracts.errors import ApplicationNotFound
from chekhov.contracts.models import Application, ApplicationKind, ApplicationState
from chekhov.contracts.registers import RegisterFacts
from chekhov.contracts.selectors import requisites_lines
from chekhov.contracts.services import application_withdraw
from chekhov.contracts.sheets import application_paper, paper_address
from chekhov.errors import Conflict, RuleBroken
from chekhov.face.cells import State
from chekhov.face.navigation import Crumb
from chekhov.face.pages import page
from chekhov.face.steps import Step

WITHDRAWABLE = {
    (ApplicationKind.REQUISITES, ApplicationState.DRAFT),
    (ApplicationKind.REQUISITES, ApplicationState.SENT),
    (ApplicationKind.TERMINATION, ApplicationState.PAPER_AWAITED),
    (ApplicationKind.STOP_SERVICE, ApplicationState.PAPER_AWAITED),
}
PAPER_NAMES = {ApplicationKind.TERMINATION: "termination", ApplicationKind.STOP_SERVICE: "stop-service"}


@customer_page()
def application(request: HttpRequest, application_id: int) -> HttpResponse:
    """The card of an application."""
    row = application_for_user(user=person_of(request), application_id=application_id, now=clock.now())
    requisites = row.kind == ApplicationKind.REQUISITES
    context = {
        **section_context("contracts", contract_crumb(row.contract), Crumb(application_title(row))),
        "row": row,
        "title": application_title(row),
        "state": APPLICATION_STATES[row.state],
        "facts": _facts(row),
        "lines": requisites_lines(application=row) if requisites else [],
        "steps": _steps(row),
        "is_draft": requisites and row.state == ApplicationState.DRAFT,
        "withdrawable": (row.kind, row.state) in WITHDRAWABLE,
        "has_paper": row.kind in PAPER_NAMES,
        "send_to": paper_address() if row.state == ApplicationState.PAPER_AWAITED else "",
    }
    return page(request, "cabinet/documents/application.html", context)


@customer_page("GET", "HEAD", "POST")
def withdraw(request: HttpRequest, application_id: int) -> HttpResponse:
    """Take the application back; asked once."""
    now = clock.now()
    row = application_for_user(user=person_of(request), application_id=application_id, now=now)
    trouble = ""
    if request.method == "POST":
        text = request.POST.get("version", "")
        version = int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else 0
        try:
            application_withdraw(
                actor=actor_upon(request, row.contract, now),
                application_id=row.pk,
                expected_version=version,
                now=now,
            )
        except (Conflict, RuleBroken) as error:
            trouble = error.message
        else:
            messages.success(request, "Заявка отозвана.", extra_tags="fine")
            return redirect("contract_application", application_id=row.pk)
    context = {
        **section_context("contracts", contract_crumb(row.contract), Crumb("Отозвать заявку")),
        "row": row,
        "title": application_title(row),
        "trouble": trouble,
    }
    return page(request, "cabinet/documents/withdraw.html", context, status=422 if trouble else 200)


@customer_page()
def application_pdf(request: HttpRequest, application_id: int) -> HttpResponse:
    """The application to end the contract or to stop serving a register, to sign and send."""
    row = application_for_user(user=person_of(request), application_id=application_id, now=clock.now())
    paper = application_paper(application=row)
    if paper is None:
        raise ApplicationNotFound("У этой заявки нет заявления на бумаге", application_id=row.pk)
    number = row.contract.number if row.kkt_id is None else row.pk
    return pdf_answer(paper, f"{PAPER_NAMES[ApplicationKind(row.kind)]}-{number}")


def _facts(row: Application) -> list[tuple[str, object]]:
    facts: list[tuple[str, object]] = [
        ("Договор", contract_words(row.contract)),
        ("Организация", row.contract.organisation.name),
        *_register_facts(row),
        ("Создана", row.created_at),
        ("Способ подписания", row.get_method_display() if row.method else ""),
        ("Оригинал получен", f"{row.paper_arrived_on:%d.%m.%Y}" if row.paper_arrived_on else ""),
        ("Рассмотрена", row.decided_at),
    ]
    return [(word, value) for word, value in facts if value]


def _register_facts(row: Application) -> list[tuple[str, object]]:
    if row.kkt_id is None:
        return []
    register = RegisterFacts.from_data(row.register)
    return [("Касса", register.name), *register.lines()]


def _steps(row: Application) -> list[Step]:
    """The history; who of the operator's staff decided is not told."""
    steps = []
    for step in row.steps.select_related("user"):
        state = APPLICATION_STATES[step.state_after]
        who = "Оператор" if step.by_staff else step.user.get_full_name()
        shown = State("fine", state.word) if state.tone == "attention" else state
        steps.append(Step(state.word, step.at, ". ".join(filter(None, (who, step.note))), shown))
    return steps
