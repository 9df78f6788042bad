"""Deeds on contracts: joining the offer. Ending one is an application's outcome, see `applications`."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from chekhov.contracts.errors import CompanyLiquidated, ContractThere, OfferMoved, OfferNotAccepted
from chekhov.contracts.models import Acceptance, Contract, ContractState
from chekhov.contracts.parties import operator_party
from chekhov.contracts.selectors import offer_current
from chekhov.db.numbering import number_take
from chekhov.links.directory import Found
from chekhov.links.directory_reading import CompanyState
from chekhov.orgs.actor import Actor, deed_record
from chekhov.orgs.errors import OwnerOnly
from chekhov.orgs.models import Membership
from chekhov.orgs.requisites import Requisites, requisites_clean
from chekhov.orgs.sections import Role
from chekhov.orgs.services import account_lock, organisation_enter

NUMBERS = "contracts.contract"
DEVICE_CHARACTERS_MAX = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class JoiningForm:
    """«Присоединение к договору» as sent. offer_number: the version that was shown."""

    sole_trader: bool
    requisites: Requisites
    accepted: bool
    offer_number: int


@transaction.atomic
def contract_join(
    *,
    actor: Actor,
    account_id: int,
    form: JoiningForm,
    now: dt.datetime,
    found: Found | None = None,
    device: str = "",
) -> Contract:
    """Bring the organisation into the cabinet and make the contract with it, in the state «Заключен».

    The number is taken last, so that a refusal leaves no gap. found: what the directory told of this ИНН.
    Raises: OwnerOnly, OfferNotAccepted, OfferMoved, FieldsWrong, CompanyLiquidated, ContractThere.
    """
    if not form.accepted:
        raise OfferNotAccepted("Подтвердите согласие с условиями договора")
    requisites = requisites_clean(form.requisites, sole_trader=form.sole_trader)
    if found is not None and found.card.inn != requisites.inn:
        found = None
    if found is not None and found.card.state == CompanyState.LIQUIDATED:
        raise CompanyLiquidated("По данным реестра эта организация ликвидирована", inn=requisites.inn)
    account_lock(account_id)
    _owner_check(actor, account_id)
    offer = offer_current()
    if offer is None or offer.number != form.offer_number:
        raise OfferMoved("Опубликована новая редакция договора: прочитайте её и подтвердите согласие")
    organisation = organisation_enter(
        actor=actor,
        account_id=account_id,
        requisites=requisites,
        now=now,
        source="" if found is None else found.source,
        source_at=None if found is None else found.as_of,
    )
    if Contract.objects.filter(organisation=organisation, state=ContractState.ACTIVE).exists():
        raise ContractThere("С этой организацией договор уже заключён")
    today = timezone.localdate(now)
    try:
        with transaction.atomic():
            contract = Contract.objects.create(
                number=number_take(NUMBERS),
                signed_on=today,
                organisation=organisation,
                offer=offer,
                starts_on=today,
                created_at=now,
            )
    except IntegrityError as error:
        raise ContractThere("С этой организацией договор уже заключён") from error
    _acceptance(actor, contract, requisites, now=now, device=device)
    return contract


def _acceptance(
    actor: Actor, contract: Contract, requisites: Requisites, *, now: dt.datetime, device: str
) -> None:
    Acceptance.objects.create(
        contract=contract,
        offer=contract.offer,
        user=actor.user,
        user_name=actor.user.get_full_name(),
        accepted_at=now,
        address=actor.address,
        device="".join(char for char in device if char.isprintable())[:DEVICE_CHARACTERS_MAX],
        requisites=requisites.as_data(),
        operator=operator_party().as_data(),
    )
    deed_record(
        actor,
        "contracts.joined",
        now=now,
        object_kind="contract",
        object_id=contract.pk,
        organisation=contract.organisation,
        facts={"number": contract.number, "offer": contract.offer.number},
    )


def _owner_check(actor: Actor, account_id: int) -> None:
    """Only an owner binds the cabinet by a contract; read anew under the lock. Staff never accept for him."""
    place = Membership.objects.filter(
        user=actor.user, account_id=account_id, role=Role.OWNER, removed_at__isnull=True
    )
    if not place.exists():
        raise OwnerOnly("Договор заключает владелец кабинета")
