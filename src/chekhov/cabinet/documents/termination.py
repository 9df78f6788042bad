"""«Расторжение договора»: by an application on paper; the electronic way is drawn and says that it is to come."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from chekhov import clock
from chekhov.cabinet.access import customer_page, person_of
from chekhov.cabinet.documents.section import actor_upon, contract_crumb, pdf_answer, section_context
from chekhov.contracts.access import contract_for_user
from chekhov.contracts.errors import ContractEnded, SigningNotReady
from chekhov.contracts.models import Application, ApplicationKind, Contract, ContractState, SigningMethod
from chekhov.contracts.selectors import application_open
from chekhov.contracts.services import termination_ask
from chekhov.contracts.sheets import paper_address, termination_paper
from chekhov.face.navigation import Crumb
from chekhov.face.pages import page


@customer_page("GET", "HEAD", "POST")
def terminate(request: HttpRequest, contract_id: int) -> HttpResponse:
    """The window: requisites, the way of signing, the application."""
    now = clock.now()
    row = _active(request, contract_id)
    method = _method(request)
    trouble = ""
    if request.method == "POST":
        try:
            made = termination_ask(
                actor=actor_upon(request, row, now), contract_id=row.pk, method=method, now=now
            )
        except SigningNotReady as error:
            trouble = error.message
        else:
            return redirect("application_pdf", application_id=made.pk)
    context = {
        **section_context("contracts", contract_crumb(row), Crumb("Расторжение договора")),
        "row": row,
        "organisation": row.organisation,
        "method": method,
        "methods": [(one.value, one.label) for one in (SigningMethod.ELECTRONIC, SigningMethod.PAPER)],
        "there": application_open(contract_id=row.pk, kind=ApplicationKind.TERMINATION),
        "send_to": paper_address(),
        "trouble": trouble,
        "back": reverse("contract", args=(row.pk,)),
    }
    fragments = {"termination-way": "cabinet/documents/termination_way.html"}
    return page(
        request,
        "cabinet/documents/termination.html",
        context,
        fragments=fragments,
        status=422 if trouble else 200,
    )


@customer_page()
def draft_pdf(request: HttpRequest, contract_id: int) -> HttpResponse:
    """The text of the application, to be read before signing; nothing is asked for by it."""
    row = _active(request, contract_id)
    unsent = Application(kind=ApplicationKind.TERMINATION, contract=row, created_at=clock.now())
    return pdf_answer(termination_paper(application=unsent), f"termination-{row.number}-draft")


def _active(request: HttpRequest, contract_id: int) -> Contract:
    row = contract_for_user(user=person_of(request), contract_id=contract_id, now=clock.now())
    if row.state != ContractState.ACTIVE:
        raise ContractEnded("Договор уже расторгнут")
    return row


def _method(request: HttpRequest) -> SigningMethod:
    sent = request.POST if request.method == "POST" else request.GET
    return SigningMethod.PAPER if sent.get("method") == SigningMethod.PAPER else SigningMethod.ELECTRONIC
