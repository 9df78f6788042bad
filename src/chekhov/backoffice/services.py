"""Deeds that staff do over several apps at once."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from chekhov.backoffice.errors import OrganisationAmbiguous
from chekhov.contracts.errors import ApplicationThere
from chekhov.contracts.models import Application, ApplicationKind
from chekhov.contracts.selectors import application_open
from chekhov.contracts.services import requisites_change_draft, requisites_change_send
from chekhov.kkt.models import Kkt
from chekhov.kkt.services import kkt_add
from chekhov.orgs.actor import Actor
from chekhov.orgs.models import Organisation
from chekhov.orgs.requisites import Requisites
from chekhov.orgs.selectors import organisations_all
from chekhov.orgs.services import organisation_add


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


def _organisation(*, inn: str, kpp: str) -> Organisation | None:
    found = [row for row in organisations_all().filter(inn=inn) if not kpp or row.kpp == kpp]
    if len(found) > 1:
        raise OrganisationAmbiguous(", ".join(f"{row.name} (КПП {row.kpp})" for row in found))
    return found[0] if found else None
