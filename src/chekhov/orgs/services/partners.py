"""Deeds on partners: who they are, who works there, and into whose registers they are let."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from chekhov.accounts.errors import BadPhone
from chekhov.accounts.models import User
from chekhov.accounts.personal import FULL_NAME_CHARACTERS_MAX, phone_parse
from chekhov.audit.models import ActorKind
from chekhov.notify.errors import BadRecipient
from chekhov.notify.services import recipient_parse
from chekhov.orgs.actor import Actor, deed_record
from chekhov.orgs.errors import (
    AccessEndsBefore,
    ChangedMeanwhile,
    EmployeeNotFound,
    FieldsWrong,
    PartnerClosed,
    PartnerNotFound,
    PartnerThere,
    PersonTaken,
)
from chekhov.orgs.models import Organisation, Partner, PartnerAccess, PartnerUser
from chekhov.orgs.requisites import line_clean, line_trouble
from chekhov.orgs.services.employees import person_free_check
from chekhov.values.errors import BadRequisite
from chekhov.values.requisites import Inn, Kpp, Ogrn

FIELDS = ("name", "inn", "kpp", "ogrn", "legal_address", "phone", "email")
CHARACTERS_MAX = {"name": 256, "legal_address": 512}


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerForm:
    """A partner's requisites and contacts as typed."""

    name: str
    inn: str
    kpp: str = ""
    ogrn: str = ""
    legal_address: str = ""
    phone: str = ""
    email: str = ""


@transaction.atomic
def partner_add(*, actor: Actor, form: PartnerForm, now: dt.datetime) -> Partner:
    """Add a partner. Raises: FieldsWrong, PartnerThere."""
    partner = Partner(created_at=now, **_clean(form))
    try:
        with transaction.atomic():
            partner.save()
    except IntegrityError as error:
        raise PartnerThere("Партнёр с такими ИНН и КПП уже есть") from error
    _record(actor, "orgs.partner_added", partner, now=now)
    return partner


@transaction.atomic
def partner_change(
    *, actor: Actor, partner_id: int, form: PartnerForm, expected_version: int, now: dt.datetime
) -> Partner:
    """Change a partner's requisites and contacts. Raises: PartnerNotFound, ChangedMeanwhile, FieldsWrong, PartnerThere."""
    partner = _partner(partner_id)
    if partner.version != expected_version:
        raise ChangedMeanwhile("Данные партнёра уже изменил кто-то другой: откройте их заново")
    for name, value in _clean(form).items():
        setattr(partner, name, value)
    partner.version += 1
    try:
        with transaction.atomic():
            partner.save()
    except IntegrityError as error:
        raise PartnerThere("Партнёр с такими ИНН и КПП уже есть") from error
    _record(actor, "orgs.partner_changed", partner, now=now)
    return partner


@transaction.atomic
def partner_close(*, actor: Actor, partner_id: int, reason: str, now: dt.datetime) -> Partner:
    """End the work with a partner: his people see nothing from their next request on.

    Every access he has is closed in the customers' journals. Repeating changes nothing. Raises: PartnerNotFound.
    """
    partner = _partner(partner_id)
    if partner.closed_at is not None:
        return partner
    partner.closed_at = now
    partner.save(update_fields=["closed_at"])
    _record(actor, "orgs.partner_closed", partner, now=now, reason=reason)
    for access in PartnerAccess.objects.select_related("organisation").filter(
        partner=partner, revoked_at__isnull=True
    ):
        _revoke(actor, access, partner, now)
    return partner


@transaction.atomic
def partner_user_add(
    *, actor: Actor, partner_id: int, email: str, full_name: str, now: dt.datetime
) -> PartnerUser:
    """Add a person of a partner, who is still to confirm the e-mail.

    Raises: PartnerNotFound, PartnerClosed, FieldsWrong, PartnerThere.
    """
    partner = _partner(partner_id)
    if partner.closed_at is not None:
        raise PartnerClosed("Работа с этим партнёром прекращена")
    wrong = {}
    full_name = line_clean(full_name)
    trouble = line_trouble(full_name, FULL_NAME_CHARACTERS_MAX) or ("" if full_name else "не заполнено")
    if trouble:
        wrong["full_name"] = f"ФИО: {trouble}"
    try:
        email = recipient_parse(email)
    except BadRecipient:
        wrong["email"] = "Это не адрес электронной почты"
    if wrong:
        raise FieldsWrong(wrong)
    try:
        with transaction.atomic():
            person = PartnerUser.objects.create(
                partner=partner, email=email, full_name=full_name, created_at=now
            )
    except IntegrityError as error:
        raise PartnerThere("Сотрудник партнёра с такой почтой уже есть") from error
    _record(actor, "orgs.partner_user_added", partner, now=now, facts={"partner_user_id": person.pk})
    return person


@transaction.atomic
def partner_user_confirm(*, partner_user_id: int, user: User, now: dt.datetime) -> PartnerUser:
    """The invited person of a partner has a log-in now. Repeating changes nothing.

    Raises: EmployeeNotFound, PersonTaken.
    """
    person = (
        PartnerUser.objects.select_for_update(of=("self",), no_key=True)
        .select_related("partner")
        .filter(pk=partner_user_id, removed_at__isnull=True, partner__closed_at__isnull=True)
        .first()
    )
    if person is None or person.email.casefold() != user.email.casefold():
        raise EmployeeNotFound("Приглашение отозвано")
    if person.user_id is not None:
        if person.user_id != user.pk:
            raise PersonTaken("Приглашение уже принято")
        return person
    person_free_check(user)
    person.user, person.confirmed_at = user, now
    person.save(update_fields=["user", "confirmed_at"])
    actor = Actor(user=user, kind=ActorKind.PARTNER, partner=person.partner)
    _record(
        actor, "orgs.partner_user_confirmed", person.partner, now=now, facts={"partner_user_id": person.pk}
    )
    return person


@transaction.atomic
def partner_user_remove(*, actor: Actor, partner_user_id: int, now: dt.datetime) -> PartnerUser:
    """Take a person of a partner away: he sees nothing from his next request on. Raises: EmployeeNotFound."""
    person = (
        PartnerUser.objects.select_for_update(of=("self",), no_key=True)
        .select_related("partner")
        .filter(pk=partner_user_id, removed_at__isnull=True)
        .first()
    )
    if person is None:
        raise EmployeeNotFound("Такого сотрудника нет", partner_user_id=partner_user_id)
    person.removed_at = now
    person.save(update_fields=["removed_at"])
    _record(actor, "orgs.partner_user_removed", person.partner, now=now, facts={"partner_user_id": person.pk})
    return person


@transaction.atomic
def partner_access_set(
    *,
    actor: Actor,
    partner_id: int,
    organisation: Organisation,
    allowed: bool,
    now: dt.datetime,
    until: dt.datetime | None = None,
) -> PartnerAccess | None:
    """Tick or untick «Партнерский доступ» for one organisation; gives what holds now.

    until: the first moment without access; None: until it is revoked. The same again changes nothing.
    The organisation is the door's, from `access`. Raises: PartnerNotFound, PartnerClosed, AccessEndsBefore.
    """
    partner = _partner(partner_id)
    held = PartnerAccess.objects.filter(
        partner=partner, organisation=organisation, revoked_at__isnull=True
    ).first()
    if not allowed:
        if held is not None:
            _revoke(actor, held, partner, now)
        return None
    if partner.closed_at is not None:
        raise PartnerClosed("Работа с этим партнёром прекращена")
    if until is not None and until <= now:
        raise AccessEndsBefore("Срок доступа должен заканчиваться в будущем")
    if held is not None and held.until == until:
        return held
    action = "orgs.partner_access_granted" if held is None else "orgs.partner_access_changed"
    if held is not None:
        held.revoked_at = now
        held.save(update_fields=["revoked_at"])
    access = PartnerAccess.objects.create(
        partner=partner, organisation=organisation, granted_at=now, granted_by=actor.user, until=until
    )
    _access_record(actor, action, access, partner, now)
    return access


def _revoke(actor: Actor, access: PartnerAccess, partner: Partner, now: dt.datetime) -> None:
    access.revoked_at = now
    access.save(update_fields=["revoked_at"])
    _access_record(actor, "orgs.partner_access_revoked", access, partner, now)


def _access_record(
    actor: Actor, action: str, access: PartnerAccess, partner: Partner, now: dt.datetime
) -> None:
    deed_record(
        actor,
        action,
        now=now,
        object_kind="partner",
        object_id=partner.pk,
        organisation=access.organisation,
        facts={
            "partner": partner.name,
            "until": None if access.until is None else access.until.isoformat(),
        },
    )


def _record(
    actor: Actor,
    action: str,
    partner: Partner,
    *,
    now: dt.datetime,
    reason: str = "",
    facts: dict[str, object] | None = None,
) -> None:
    deed_record(
        actor, action, now=now, object_kind="partner", object_id=partner.pk, reason=reason, facts=facts
    )


def _partner(partner_id: int) -> Partner:
    """The partner, held: one deed at a time upon it and upon what it is let into."""
    partner = Partner.objects.select_for_update(no_key=True).filter(pk=partner_id).first()
    if partner is None:
        raise PartnerNotFound("Такого партнёра нет", partner_id=partner_id)
    return partner


def _clean(form: PartnerForm) -> dict[str, str]:
    wrong: dict[str, str] = {}
    values = {name: line_clean(getattr(form, name)) for name in FIELDS}
    for name, words in (("name", "Название"), ("legal_address", "Юридический адрес")):
        if trouble := line_trouble(values[name], CHARACTERS_MAX[name]):
            wrong[name] = f"{words}: {trouble}"
    if not values["name"]:
        wrong["name"] = "Название: не заполнено"
    for name, word, parse in (
        ("inn", "ИНН", Inn.parse),
        ("kpp", "КПП", Kpp.parse),
        ("ogrn", "ОГРН", Ogrn.parse),
    ):
        try:
            values[name] = str(parse(values[name])) if values[name] or name == "inn" else ""
        except BadRequisite:
            wrong[name] = f"{word}: проверьте знаки"
    if values["kpp"] and len(values["inn"]) == 12:
        wrong["kpp"] = "У индивидуального предпринимателя нет КПП"
    try:
        values["phone"] = phone_parse(values["phone"]) if values["phone"] else ""
    except BadPhone as error:
        wrong["phone"] = error.message
    try:
        values["email"] = recipient_parse(values["email"]) if values["email"] else ""
    except BadRecipient:
        wrong["email"] = "Это не адрес электронной почты"
    if wrong:
        raise FieldsWrong(wrong)
    return values
