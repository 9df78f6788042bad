"""Deeds that staff do over several apps at once."""

from __future__ import annotations

import datetime as dt
import hashlib
import json

from django.db import transaction

from chekhov.backoffice.errors import DirectoryAnswerMoved, OrganisationAmbiguous
from chekhov.contracts.errors import ApplicationThere
from chekhov.contracts.models import Application, ApplicationKind
from chekhov.contracts.selectors import application_open, contract_active
from chekhov.contracts.services import requisites_change_draft, requisites_change_send
from chekhov.kkt.models import Kkt
from chekhov.kkt.services import kkt_add
from chekhov.links.directory import Found
from chekhov.orgs.actor import Actor
from chekhov.orgs.models import Organisation
from chekhov.orgs.requisites import Requisites, requisites_clean
from chekhov.orgs.selectors import organisations_all
from chekhov.orgs.services import organisation_add, organisation_refresh


@transaction.atomic
def register_attach(
    *, inn: str, kpp: str, organisation_name: str, name: str, rnm: str, serial: str, model: str = ""
) -> Kkt:
    """Put a register into the cabinet of the organisation with this ИНН, adding the organisation if it is new.

    All or nothing. Raises: OrganisationAmbiguous when several branches have the ИНН and no КПП is given, and
    whatever `organisation_add` and `kkt_add` raise.
    """
    organisation = _organisation(inn=inn, kpp=kpp)
    if organisation is None:
        organisation = organisation_add(name=organisation_name, inn=inn, kpp=kpp)
    return kkt_add(organisation=organisation, name=name, rnm=rnm, serial=serial, model=model)


@transaction.atomic
def requisites_change_on_behalf(
    *, actor: Actor, contract_id: int, requisites: Requisites, organisation_version: int, now: dt.datetime
) -> Application:
    """Enter and send a change of requisites for a customer, both steps at once.

    Raises: ApplicationThere if the customer has one open, and whatever the two deeds raise.
    """
    if application_open(contract_id=contract_id, kind=ApplicationKind.REQUISITES) is not None:
        raise ApplicationThere("У клиента уже есть открытая заявка на изменение реквизитов")
    draft = requisites_change_draft(
        actor=actor,
        contract_id=contract_id,
        requisites=requisites,
        organisation_version=organisation_version,
        now=now,
    )
    return requisites_change_send(
        actor=actor, application_id=draft.pk, expected_version=draft.version, now=now
    )


def requisites_of_directory(*, organisation: Organisation, found: Found) -> Requisites:
    """The company's requisites with what the directory tells. Raises: FieldsWrong."""
    told = Requisites.of_organisation(organisation).refreshed(found.card)
    return requisites_clean(told, sole_trader=organisation.is_sole_trader, complete=False)


def requisites_print(requisites: Requisites) -> str:
    """A short print of requisites, by which two readings of a directory are compared."""
    return hashlib.sha256(json.dumps(requisites.as_data(), sort_keys=True).encode()).hexdigest()


@transaction.atomic
def requisites_refresh(
    *,
    actor: Actor,
    organisation: Organisation,
    found: Found,
    seen: str,
    expected_version: int,
    now: dt.datetime,
) -> Organisation:
    """Write what the directory tells of a company. seen: `requisites_print` of what its reader has agreed to.

    Raises: DirectoryAnswerMoved if the directory tells something else by now; ApplicationThere while the customer's
    own change waits for a decision; what `organisation_refresh` raises.
    """
    requisites = requisites_of_directory(organisation=organisation, found=found)
    if requisites_print(requisites) != seen:
        raise DirectoryAnswerMoved
    contract = contract_active(organisation_id=organisation.pk)
    if contract and application_open(contract_id=contract.pk, kind=ApplicationKind.REQUISITES) is not None:
        raise ApplicationThere("Сначала рассмотрите заявку клиента на изменение реквизитов")
    return organisation_refresh(
        actor=actor,
        organisation_id=organisation.pk,
        requisites=requisites,
        source=found.source,
        source_at=found.as_of,
        expected_version=expected_version,
        now=now,
    )


def _organisation(*, inn: str, kpp: str) -> Organisation | None:
    found = [row for row in organisations_all().filter(inn=inn) if not kpp or row.kpp == kpp]
    if len(found) > 1:
        raise OrganisationAmbiguous(", ".join(f"{row.name} (КПП {row.kpp})" for row in found))
    return found[0] if found else None
