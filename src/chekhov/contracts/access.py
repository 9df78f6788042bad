"""From a person and a number to a contract or an application, or an error that tells a stranger nothing.

Contracts and applications are the section «Документы»; partners see none. An application upon a register is
seen by those only who see the register: an employee of some groups does not learn of the others' registers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import QuerySet

from chekhov.contracts.errors import ApplicationNotFound, ContractNotFound
from chekhov.contracts.hooks import registers_seen
from chekhov.contracts.models import Application, Contract
from chekhov.errors import NotFound
from chekhov.orgs.access import Person, organisation_for_user, organisations_for_user
from chekhov.orgs.sections import Section


def contracts_for_user(*, user: Person, now: dt.datetime) -> QuerySet[Contract]:
    """The contracts the person may see, the newest first; none for a stranger."""
    organisations = organisations_for_user(user=user, section=Section.DOCUMENTS, now=now)
    return (
        Contract.objects.filter(organisation__in=organisations.order_by())
        .select_related("organisation", "offer")
        .order_by("-number")
    )


def contract_for_user(*, user: Person, contract_id: int, now: dt.datetime) -> Contract:
    """The contract. Raises: ContractNotFound to strangers, SectionClosed to colleagues."""
    contract = Contract.objects.select_related("organisation", "offer").filter(pk=contract_id).first()
    if contract is not None:
        try:
            organisation_for_user(
                user=user, organisation_id=contract.organisation_id, section=Section.DOCUMENTS, now=now
            )
        except NotFound:
            contract = None
    if contract is None:
        raise ContractNotFound("Такого договора нет", contract_id=contract_id)
    return contract


def application_for_user(*, user: Person, application_id: int, now: dt.datetime) -> Application:
    """The application. Raises: ApplicationNotFound to strangers, SectionClosed to colleagues."""
    application = (
        Application.objects.select_related("contract__organisation").filter(pk=application_id).first()
    )
    if application is not None:
        try:
            contract_for_user(user=user, contract_id=application.contract_id, now=now)
        except NotFound:
            application = None
    if application is not None and not _visible([application], user, now):
        application = None
    if application is None:
        raise ApplicationNotFound("Такой заявки нет", application_id=application_id)
    return application


def applications_for_user(*, user: Person, contract: Contract, now: dt.datetime) -> list[Application]:
    """The applications upon a contract the person has already, the newest first."""
    return _visible(contract.applications.select_related("contract__organisation").order_by("-id"), user, now)


def _visible(applications: Iterable[Application], user: Person, now: dt.datetime) -> list[Application]:
    rows = list(applications)
    asked = {row.kkt_id for row in rows if row.kkt_id is not None}
    seen = registers_seen(user=user, kkt_ids=asked, now=now)
    return [row for row in rows if row.kkt_id is None or row.kkt_id in seen]
