"""What ends the service: a contract that ends, an application to stop one register."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F, Q

from chekhov.audit.models import ActorKind
from chekhov.audit.services import audit_record
from chekhov.contracts.models import Application, Contract, SigningMethod
from chekhov.contracts.registers import RegisterFacts
from chekhov.contracts.selectors import contract_active
from chekhov.contracts.services import stop_service_ask
from chekhov.kkt.errors import KktStopped, OrganisationNotServed
from chekhov.kkt.models import Kkt
from chekhov.kkt.selectors_lists import kkt_line
from chekhov.kkt.services.connecting import kkt_stop
from chekhov.kkt.services.power import kkt_seen, power_upon
from chekhov.kkt.tariffs import day_end
from chekhov.orgs.actor import Actor


@transaction.atomic
def kkt_stop_ask(*, actor: Actor, kkt: Kkt, method: SigningMethod, now: dt.datetime) -> Application:
    """«Прекратить обслуживание ККТ»: an application with the register's numbers as they stand today.

    Asking again gives the same one. Raises: KktNotFound, SectionClosed, KktStopped, OrganisationNotServed if
    there is no contract to apply under, and what `contracts.services.stop_service_ask` raises.
    """
    # Not held: a termination holds the contract first and the register after it.
    held = kkt_seen(actor, kkt.pk, now)
    organisation = held.organisation
    power_upon(actor, organisation_id=organisation.pk, account_id=organisation.account_id, now=now)
    if held.stopped_at is not None and held.stopped_at <= now:
        raise KktStopped("Обслуживание этой кассы уже прекращено", kkt_id=held.pk)
    contract = contract_active(organisation_id=organisation.pk)
    if contract is None:
        raise OrganisationNotServed("У организации нет действующего договора")
    application = stop_service_ask(
        actor=actor,
        contract_id=contract.pk,
        kkt_id=held.pk,
        register=register_facts(held, now),
        method=method,
        now=now,
    )
    # The contract is held now: a decision that stopped the register meanwhile is seen.
    if Kkt.objects.filter(pk=held.pk, stopped_at__lte=now).exists():
        raise KktStopped("Обслуживание этой кассы уже прекращено", kkt_id=held.pk)
    return application


def register_facts(kkt: Kkt, now: dt.datetime) -> RegisterFacts:
    """What the paper says of the register as it stands now."""
    line = kkt_line(kkt, now)
    return RegisterFacts(
        name=kkt.name,
        user_name=kkt.organisation.name,
        user_inn=kkt.organisation.inn,
        rnm=kkt.rnm or "",
        serial=line.serial,
        drive_serial=line.drive_serial,
        address=line.address,
    )


def kkt_stop_by_application(*, application: Application, actor: Actor, now: dt.datetime) -> None:
    """The hook of an approved application: stop the register it names. One that is gone is stopped already."""
    assert application.kkt_id is not None, "an application to stop a register names it"
    kkt = Kkt.objects.filter(pk=application.kkt_id).first()
    if kkt is not None:
        kkt_stop(actor=actor, kkt=kkt, now=now)


def kkts_stop_with_contract(*, contract: Contract, now: dt.datetime) -> None:
    """The hook of a termination: the organisation's registers are served to the end of the contract's last day.

    The moment may lie ahead: nothing has to run then. A new contract does not bring them back by itself:
    connecting them again does.
    """
    assert contract.ends_on is not None, "a contract that is terminated has a last day"
    until = day_end(contract.ends_on)
    rows = Kkt.objects.filter(organisation_id=contract.organisation_id).filter(
        Q(stopped_at__isnull=True) | Q(stopped_at__gt=until)
    )
    count = rows.update(stopped_at=until, renewal=False, version=F("version") + 1)
    if count:
        audit_record(
            action="kkt.stopped_with_contract",
            now=now,
            actor_kind=ActorKind.SYSTEM,
            object_kind="contract",
            object_id=contract.pk,
            account=contract.organisation.account_id,
            organisation_id=contract.organisation_id,
            facts={"contract": contract.number, "kkts": count, "ends_on": contract.ends_on.isoformat()},
        )
