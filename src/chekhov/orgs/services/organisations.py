"""Deeds on organisations and on the account they belong to."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.db.models import F

from chekhov.accounts.models import Account, StaffRole, User
from chekhov.db.locks import transaction_lock
from chekhov.orgs.actor import Actor, deed_record
from chekhov.orgs.errors import (
    ChangedMeanwhile,
    KppMisplaced,
    NotMember,
    OrganisationNameless,
    OrganisationNotFound,
    OrganisationThere,
)
from chekhov.orgs.models import Organisation
from chekhov.orgs.requisites import FIELD_WORDS, Requisites
from chekhov.values.requisites import Inn, Kpp, Ogrn

NAME_CHARACTERS_MAX = 256  # as tag 1048, the user's name in fiscal documents
MANAGING_ROLES = (StaffRole.MANAGER, StaffRole.ADMINISTRATOR)


def account_lock(account_id: int) -> None:
    """Let one deed at a time change who works in this cabinet and which companies it has.

    Until the transaction ends. Raises: OutsideTransaction.
    """
    transaction_lock(f"account:{account_id}")


@transaction.atomic
def organisation_add(*, name: str, inn: str, kpp: str = "", ogrn: str = "") -> Organisation:
    """Add a company or a sole trader that is in nobody's cabinet yet; for staff and for demonstrations.

    Raises: BadRequisite for a wrong ИНН, КПП or ОГРН; OrganisationNameless; KppMisplaced; OrganisationThere.
    """
    name = " ".join(name.split())
    if not name:
        raise OrganisationNameless("Название не указано")
    if len(name) > NAME_CHARACTERS_MAX or not name.isprintable():
        raise OrganisationNameless(f"Название — до {NAME_CHARACTERS_MAX} печатных знаков")
    inn = str(Inn.parse(inn))
    kpp = str(Kpp.parse(kpp)) if kpp.strip() else ""
    ogrn = str(Ogrn.parse(ogrn)) if ogrn.strip() else ""
    if kpp and len(inn) == 12:
        raise KppMisplaced("У индивидуального предпринимателя нет КПП")
    try:
        with transaction.atomic():
            return Organisation.objects.create(name=name, inn=inn, kpp=kpp, ogrn=ogrn)
    except IntegrityError as error:
        raise OrganisationThere("Организация с такими ИНН и КПП уже есть", inn=inn, kpp=kpp) from error


@transaction.atomic
def organisation_enter(
    *,
    actor: Actor,
    account_id: int,
    requisites: Requisites,
    now: dt.datetime,
    source: str = "",
    source_at: dt.datetime | None = None,
) -> Organisation:
    """Bring a company into the cabinet, or bring what the cabinet knows of it up to date.

    requisites: cleaned. source: the directory that told them, empty if typed. The caller holds `account_lock`.
    """
    values = {**requisites.as_data(), "source": source, "source_at": source_at}
    organisation, added = Organisation.objects.get_or_create(
        account_id=account_id, inn=requisites.inn, kpp=requisites.kpp, defaults={**values, "created_at": now}
    )
    before = Requisites.of_organisation(organisation)
    if not added and before != requisites:
        Organisation.objects.filter(pk=organisation.pk).update(**values, version=F("version") + 1)
        organisation.refresh_from_db()
    if added or before != requisites:
        deed_record(
            actor,
            "orgs.organisation_added" if added else "orgs.requisites_changed",
            now=now,
            object_kind="organisation",
            object_id=organisation.pk,
            organisation=organisation,
            facts={"inn": requisites.inn, "kpp": requisites.kpp, "source": source},
        )
    return organisation


@transaction.atomic
def organisation_requisites_set(
    *, actor: Actor, organisation_id: int, requisites: Requisites, expected_version: int, now: dt.datetime
) -> Organisation:
    """Write requisites that staff have approved.

    requisites: cleaned. expected_version: of the organisation when the change was asked for.
    Raises: OrganisationNotFound, ChangedMeanwhile, OrganisationThere.
    """
    organisation = Organisation.objects.select_for_update(no_key=True).filter(pk=organisation_id).first()
    if organisation is None:
        raise OrganisationNotFound("Такой организации нет", organisation_id=organisation_id)
    if organisation.version != expected_version:
        raise ChangedMeanwhile("Реквизиты изменились, пока заявка рассматривалась: нужна новая заявка")
    before = Requisites.of_organisation(organisation)
    for name, value in requisites.as_data().items():
        setattr(organisation, name, value)
    organisation.version += 1
    try:
        with transaction.atomic():
            organisation.save(update_fields=[*FIELD_WORDS, "version"])
    except IntegrityError as error:
        raise OrganisationThere("В кабинете уже есть организация с такими ИНН и КПП") from error
    after = requisites.as_data()
    deed_record(
        actor,
        "orgs.requisites_changed",
        now=now,
        object_kind="organisation",
        object_id=organisation.pk,
        organisation=organisation,
        facts={"changed": [name for name, value in before.as_data().items() if value != after[name]]},
    )
    return organisation


@transaction.atomic
def organisation_hand_over(
    *, actor: Actor, organisation_id: int, account_id: int, reason: str, now: dt.datetime
) -> Organisation:
    """Put an organisation that staff had entered, with its registers, into a customer's cabinet.

    Only staff, who have made sure whose it is: a customer who types an ИНН gets no registers by it.
    Raises: OrganisationNotFound if it is in a cabinet already or the cabinet is not there, OrganisationThere.
    """
    account_lock(account_id)
    organisation = (
        Organisation.objects.select_for_update(no_key=True)
        .filter(pk=organisation_id, account__isnull=True)
        .first()
    )
    if organisation is None or not Account.objects.filter(pk=account_id).exists():
        raise OrganisationNotFound("Такой организации нет", organisation_id=organisation_id)
    organisation.account_id = account_id
    try:
        with transaction.atomic():
            organisation.save(update_fields=["account_id"])
    except IntegrityError as error:
        raise OrganisationThere("В кабинете уже есть организация с такими ИНН и КПП") from error
    deed_record(
        actor,
        "orgs.organisation_handed_over",
        now=now,
        object_kind="organisation",
        object_id=organisation.pk,
        organisation=organisation,
        reason=reason,
    )
    return organisation


@transaction.atomic
def manager_assign(*, actor: Actor, account_id: int, manager_id: int | None, now: dt.datetime) -> None:
    """Name the customer's responsible manager; None takes the name away. Repeating changes nothing.

    Raises: NotMember if the cabinet is not there, or the person is not a manager or administrator of ours.
    """
    account = Account.objects.select_for_update(no_key=True).filter(pk=account_id).first()
    if account is None:
        raise NotMember("Такого кабинета нет", account_id=account_id)
    manager = None
    if manager_id is not None:
        manager = User.objects.filter(pk=manager_id, is_active=True, staff_role__in=MANAGING_ROLES).first()
        if manager is None:
            raise NotMember("Такого менеджера нет", manager_id=manager_id)
    if account.manager_id == manager_id:
        return
    account.manager = manager
    account.save(update_fields=["manager"])
    deed_record(
        actor,
        "orgs.manager_assigned",
        now=now,
        object_kind="account",
        object_id=account.pk,
        account_id=account.pk,
        facts={"manager_id": manager_id},
    )
