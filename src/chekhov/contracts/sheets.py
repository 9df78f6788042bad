"""Papers of contracts, made of rows: the offer, somebody's contract, the card, applications to sign."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils import timezone

from chekhov.contracts.models import Acceptance, Application, ApplicationKind, Contract, OfferVersion
from chekhov.contracts.parties import operator_party, organisation_party, requisites_party
from chekhov.contracts.registers import RegisterFacts
from chekhov.orgs.requisites import Requisites
from chekhov.papers.contract_card import ContractCardSheet, RegisterLine, contract_card_pdf
from chekhov.papers.offer import Joining, OfferSheet, offer_pdf
from chekhov.papers.party import Party
from chekhov.papers.stop_service import StopServiceSheet, stop_service_pdf
from chekhov.papers.termination import TerminationSheet, termination_pdf


def offer_paper(*, offer: OfferVersion) -> bytes:
    """The text of a version as PDF, with the operator's requisites of today. Raises: PaperNotSet."""
    return offer_pdf(_offer_sheet(offer, operator_party()), made_at=offer.published_at)


def contract_paper(*, contract: Contract) -> bytes:
    """The contract as it was accepted, with the requisites of that moment; always the same bytes.

    Raises: PaperNotSet.
    """
    acceptance = Acceptance.objects.select_related("offer").get(contract=contract)
    joining = Joining(
        contract_number=contract.number,
        signed_on=contract.signed_on,
        customer=requisites_party(Requisites.from_data(acceptance.requisites)),
        accepted_by=acceptance.user_name,
        accepted_at=timezone.localtime(acceptance.accepted_at),
    )
    return offer_pdf(
        _offer_sheet(acceptance.offer, Party.from_data(acceptance.operator), joining),
        made_at=acceptance.accepted_at,
    )


def contract_card_paper(*, contract: Contract, registers: Sequence[RegisterLine], now: dt.datetime) -> bytes:
    """The card of the contract as it stands. Raises: PaperNotSet."""
    sheet = ContractCardSheet(
        contract_number=contract.number,
        signed_on=contract.signed_on,
        state=str(contract.get_state_display()),
        starts_on=contract.starts_on,
        ends_on=contract.ends_on,
        customer=organisation_party(contract.organisation),
        operator=operator_party(),
        registers=registers,
    )
    return contract_card_pdf(sheet, made_at=now)


def termination_paper(*, application: Application) -> bytes:
    """The application to sign and send. Raises: PaperNotSet."""
    assert application.kind == ApplicationKind.TERMINATION
    contract = application.contract
    operator = operator_party()
    sheet = TerminationSheet(
        application_number=application.pk,
        contract_number=contract.number,
        signed_on=contract.signed_on,
        customer=organisation_party(contract.organisation),
        operator=operator,
        send_to=paper_address(operator),
    )
    return termination_pdf(sheet, made_at=application.created_at)


def stop_service_paper(*, application: Application) -> bytes:
    """The application to stop serving a register, to sign and send. Raises: PaperNotSet."""
    assert application.kind == ApplicationKind.STOP_SERVICE
    contract = application.contract
    operator = operator_party()
    sheet = StopServiceSheet(
        application_number=application.pk,
        contract_number=contract.number,
        signed_on=contract.signed_on,
        register=RegisterFacts.from_data(application.register).lines(),
        customer=organisation_party(contract.organisation),
        operator=operator,
        send_to=paper_address(operator),
    )
    return stop_service_pdf(sheet, made_at=application.created_at)


def application_paper(*, application: Application) -> bytes | None:
    """The paper of an application that is signed by hand; None for the others. Raises: PaperNotSet."""
    paper = PAPERS.get(ApplicationKind(application.kind))
    return None if paper is None else paper(application=application)


PAPERS = {ApplicationKind.TERMINATION: termination_paper, ApplicationKind.STOP_SERVICE: stop_service_paper}


def paper_address(operator: Party | None = None) -> str:
    """Where signed originals are sent: «ООО …, 614045, г. …»."""
    operator = operator or operator_party()
    address = operator.postal_address or operator.legal_address
    return ", ".join(part for part in (operator.name, address) if part)


def _offer_sheet(offer: OfferVersion, operator: Party, joining: Joining | None = None) -> OfferSheet:
    return OfferSheet(
        title=offer.title,
        text=offer.text,
        version=offer.number,
        published_on=timezone.localdate(offer.published_at),
        operator=operator,
        joining=joining,
    )
