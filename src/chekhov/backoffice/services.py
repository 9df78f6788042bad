"""Deeds that staff do over several apps at once."""

from __future__ import annotations

from django.db import transaction

from chekhov.backoffice.errors import OrganisationAmbiguous
from chekhov.kkt.models import Kkt
from chekhov.kkt.services import kkt_add
from chekhov.orgs.models import Organisation
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


def _organisation(*, inn: str, kpp: str) -> Organisation | None:
    found = [row for row in organisations_all().filter(inn=inn) if not kpp or row.kpp == kpp]
    if len(found) > 1:
        raise OrganisationAmbiguous(", ".join(f"{row.name} (КПП {row.kpp})" for row in found))
    return found[0] if found else None
