"""«Прекратить обслуживание ККТ»: by an application on paper; the electronic way is drawn and says it is to come."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from chekhov import clock
from chekhov.cabinet.documents.section import APPLICATION_STATES, pdf_answer
from chekhov.cabinet.kkts.section import actor_upon, kkt_of, register_context, registers_page, visitor_of
from chekhov.cabinet.words import contract_words
from chekhov.contracts.errors import ApplicationNotFound, SigningNotReady
from chekhov.contracts.models import (
    OPEN_STATES,
    Application,
    ApplicationKind,
    ApplicationState,
    Contract,
    SigningMethod,
)
from chekhov.contracts.selectors import contract_active, stop_application_last
from chekhov.contracts.services import application_withdraw
from chekhov.contracts.sheets import paper_address, stop_service_paper
from chekhov.errors import Conflict, RuleBroken
from chekhov.face.navigation import Crumb
from chekhov.face.pages import page
from chekhov.kkt.errors import KktStopped, OrganisationNotServed
from chekhov.kkt.models import Kkt
from chekhov.kkt.services import kkt_stop_ask, register_facts

TITLE = "Прекратить обслуживание ККТ"


@registers_page("GET", "HEAD", "POST", deed="manages")
def stop(request: HttpRequest, kkt_id: int) -> HttpResponse:
    """The window: the register's numbers, the way of signing, the application."""
    kkt, now = kkt_of(request, kkt_id), clock.now()
    contract = _contract_of(kkt)
    method = _method(request)
    trouble = ""
    if request.method == "POST":
        try:
            kkt_stop_ask(actor=actor_upon(request, kkt.organisation_id), kkt=kkt, method=method, now=now)
        except SigningNotReady as error:
            trouble = error.message
        else:
            return redirect("kkt_stop_pdf", kkt_id=kkt.pk)
    there = _last(kkt)
    context = {
        **register_context(visitor_of(request), kkt, "info", Crumb(TITLE)),
        "facts": [*register_facts(kkt, now).lines(), ("Договор", contract_words(contract))],
        "method": method,
        "methods": [(one.value, one.label) for one in (SigningMethod.ELECTRONIC, SigningMethod.PAPER)],
        "there": there if there is not None and there.state in OPEN_STATES else None,
        "state": APPLICATION_STATES[there.state] if there is not None else None,
        "send_to": paper_address(),
        "trouble": trouble,
    }
    fragments = {"stop-way": "cabinet/kkts/stop_way.html"}
    return page(
        request, "cabinet/kkts/stop.html", context, fragments=fragments, status=422 if trouble else 200
    )


@registers_page(deed="manages")
def stop_pdf(request: HttpRequest, kkt_id: int) -> HttpResponse:
    """The application that was asked for, to sign and send."""
    application = _last(kkt_of(request, kkt_id))
    if application is None:
        raise ApplicationNotFound("Заявления о прекращении обслуживания этой кассы нет", kkt_id=kkt_id)
    return pdf_answer(stop_service_paper(application=application), f"stop-service-{application.pk}")


@registers_page(deed="manages")
def stop_draft_pdf(request: HttpRequest, kkt_id: int) -> HttpResponse:
    """Its text, to be read before signing; nothing is asked for by it."""
    kkt, now = kkt_of(request, kkt_id), clock.now()
    unsent = Application(
        kind=ApplicationKind.STOP_SERVICE,
        contract=_contract_of(kkt),
        kkt_id=kkt.pk,
        register=register_facts(kkt, now).as_data(),
        created_at=now,
    )
    return pdf_answer(stop_service_paper(application=unsent), f"stop-service-draft-{kkt.rnm or kkt.pk}")


@registers_page("GET", "HEAD", "POST", deed="manages")
def withdraw(request: HttpRequest, kkt_id: int) -> HttpResponse:
    """Take the application back while its original has not come; asked once."""
    kkt, now = kkt_of(request, kkt_id), clock.now()
    application = _last(kkt)
    if application is None or application.state != ApplicationState.PAPER_AWAITED:
        raise ApplicationNotFound("Отозвать нечего: заявления нет или оно уже рассмотрено", kkt_id=kkt.pk)
    trouble = ""
    if request.method == "POST":
        sent = request.POST.get("version", "")
        try:
            application_withdraw(
                actor=actor_upon(request, kkt.organisation_id),
                application_id=application.pk,
                expected_version=int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0,
                now=now,
            )
        except (Conflict, RuleBroken) as error:
            trouble = error.message
        else:
            messages.success(request, "Заявление отозвано: касса обслуживается дальше.", extra_tags="fine")
            return redirect("kkt", kkt_id=kkt.pk)
    context = {
        **register_context(visitor_of(request), kkt, "info", Crumb("Отозвать заявление")),
        "application": application,
        "trouble": trouble,
        "back": reverse("kkt", args=(kkt.pk,)),
    }
    return page(request, "cabinet/kkts/stop_withdraw.html", context, status=422 if trouble else 200)


def _last(kkt: Kkt) -> Application | None:
    return stop_application_last(kkt_id=kkt.pk)


def _contract_of(kkt: Kkt) -> Contract:
    if kkt.stopped_at is not None and kkt.stopped_at <= clock.now():
        raise KktStopped("Обслуживание этой кассы уже прекращено", kkt_id=kkt.pk)
    found = contract_active(organisation_id=kkt.organisation_id)
    if found is None:
        raise OrganisationNotServed("У организации нет действующего договора")
    return found


def _method(request: HttpRequest) -> SigningMethod:
    sent = request.POST if request.method == "POST" else request.GET
    return SigningMethod.PAPER if sent.get("method") == SigningMethod.PAPER else SigningMethod.ELECTRONIC
