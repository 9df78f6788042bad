"""What all pages of «Документы» share: tabs, the way back, words of states, papers as files."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from chekhov.cabinet.access import address_of, person_of
from chekhov.contracts.models import Application, ApplicationState, Contract
from chekhov.face.cells import State
from chekhov.face.navigation import Crumb, Tab
from chekhov.orgs.access import actor_for_organisation
from chekhov.orgs.actor import Actor
from chekhov.orgs.sections import Section

ROOT = "Личный кабинет"
APPLICATION_STATES: dict[str, State] = {
    ApplicationState.DRAFT: State("quiet", "Черновик"),
    ApplicationState.PAPER_AWAITED: State("attention", "Ожидается оригинал заявления", "hourglass"),
    ApplicationState.SENT: State("attention", "На рассмотрении", "hourglass"),
    ApplicationState.APPROVED: State("fine", "Одобрена"),
    ApplicationState.REFUSED: State("danger", "Отказано"),
    ApplicationState.WITHDRAWN: State("quiet", "Отозвана", "arrow-back-up"),
}


def section_context(tab: str, *crumbs: Crumb) -> dict[str, Any]:
    """Section, tabs and crumbs of a page of «Документы»."""
    here = Crumb("Документы", reverse("contracts") if crumbs else "")
    return {
        "section": "documents",
        "tab": tab,
        "tabs": [
            Tab("invoices", "Счета", reverse("invoices")),
            Tab("acts", "Акты", reverse("acts")),
            Tab("contracts", "Договоры", reverse("contracts")),
        ],
        "crumbs": [Crumb(ROOT, reverse("cabinet")), here, *crumbs],
    }


def contract_crumb(contract: Contract) -> Crumb:
    """The way back to the contract's card."""
    return Crumb(f"Договор № {contract.number}", reverse("contract", args=(contract.pk,)))


def application_title(application: Application) -> str:
    """«Изменение реквизитов № 7»."""
    return f"{application.get_kind_display()} № {application.pk}"


def actor_upon(request: HttpRequest, contract: Contract, now: dt.datetime) -> Actor:
    """The person about to do something with a contract. Raises: OrganisationNotFound, SectionClosed."""
    actor, _ = actor_for_organisation(
        user=person_of(request),
        organisation_id=contract.organisation_id,
        section=Section.DOCUMENTS,
        now=now,
        address=address_of(request),
    )
    return actor


def pdf_answer(data: bytes, name: str) -> HttpResponse:
    """A paper to save; never kept by caches."""
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    response["Cache-Control"] = "no-store"
    return response
