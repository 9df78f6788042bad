"""Deeds on the people of a cabinet: who works in it, with what rights.

Every deed holds the cabinet's lock, so the last owner stays an owner whoever else is at work at the moment, and
the doer's own rights are read again under the lock.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction

from chekhov.accounts.errors import BadFullName, BadPhone
from chekhov.accounts.models import User
from chekhov.accounts.personal import Names, names_parse, names_split, phone_parse
from chekhov.audit.models import ActorKind
from chekhov.notify.errors import BadRecipient
from chekhov.notify.services import recipient_parse
from chekhov.orgs.actor import Actor, deed_record
from chekhov.orgs.errors import (
    ChangedMeanwhile,
    EmployeeNotFound,
    EmployeeThere,
    FieldsWrong,
    PersonTaken,
)
from chekhov.orgs.granting import (
    GroupsHeld,
    another_owner_check,
    employee_held,
    grant_check,
    groups_check,
    groups_held,
    groups_write,
    power_of,
)
from chekhov.orgs.models import GroupAccess, Membership, PartnerUser
from chekhov.orgs.requisites import line_clean, line_trouble
from chekhov.orgs.sections import Rights, Role, Section, rights_settled
from chekhov.orgs.services.organisations import account_lock

POSITION_CHARACTERS_MAX = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class EmployeeForm:
    """What the employee's window holds, but for the e-mail. Groups count only without `all_groups`."""

    full_name: str
    role: Role
    position: str = ""
    phone: str = ""
    sections: frozenset[Section] = frozenset()
    all_groups: bool = True
    group_ids: frozenset[int] = field(default_factory=frozenset)


@transaction.atomic
def cabinet_open(*, user: User, account_id: int, now: dt.datetime) -> Membership:
    """Make the person who opened the cabinet its owner. Repeating gives the same place.

    Raises: PersonTaken.
    """
    account_lock(account_id)
    there = Membership.objects.filter(user=user, account_id=account_id, removed_at__isnull=True).first()
    if there is not None:
        return there
    person_free_check(user)
    place = Membership.objects.create(
        account_id=account_id,
        user=user,
        email=user.email,
        full_name=user.get_full_name(),
        phone=user.phone,
        role=Role.OWNER,
        created_at=now,
        confirmed_at=now,
    )
    deed_record(
        Actor(user=user, kind=ActorKind.CUSTOMER, membership=place),
        "orgs.cabinet_opened",
        now=now,
        object_kind="account",
        object_id=account_id,
        account_id=account_id,
    )
    return place


@transaction.atomic
def employee_add(
    *, actor: Actor, account_id: int, email: str, form: EmployeeForm, now: dt.datetime
) -> Membership:
    """Add an employee who is still to confirm the e-mail; the invitation is `invitations.employee_invite`'s.

    Whether the e-mail has a log-in elsewhere is neither asked nor told here.
    Raises: FieldsWrong, EmployeeThere, BeyondOwnRights, SectionClosed.
    """
    account_lock(account_id)
    power = power_of(actor, account_id)
    try:
        email = recipient_parse(email)
    except BadRecipient as error:
        raise FieldsWrong({"email": "Это не адрес электронной почты"}) from error
    form = _clean(form)
    rights = rights_settled(form.role, form.sections)
    grant_check(power, Rights(Role.USER, frozenset()), rights)
    groups_check(power, GroupsHeld(everything=False), _groups_wanted(form, rights))
    place = Membership(account_id=account_id, email=email, created_at=now)
    _fill(place, form, rights)
    try:
        with transaction.atomic():
            place.save()
    except IntegrityError as error:
        raise EmployeeThere("Сотрудник с такой почтой уже есть") from error
    groups_write(place, _groups_wanted(form, rights))
    deed_record(
        actor,
        "orgs.employee_invited",
        now=now,
        object_kind="employee",
        object_id=place.pk,
        account_id=account_id,
        facts=_rights_facts(place),
    )
    return place


@transaction.atomic
def employee_confirm(*, membership_id: int, user: User, now: dt.datetime) -> Membership:
    """The invited has confirmed the e-mail and has a log-in now. Repeating gives the same place.

    Raises: EmployeeNotFound if he was removed meanwhile, PersonTaken.
    """
    found = Membership.objects.filter(pk=membership_id, removed_at__isnull=True).first()
    if found is None:
        raise EmployeeNotFound("Приглашение отозвано")
    account_lock(found.account_id)
    place = Membership.objects.filter(pk=membership_id, removed_at__isnull=True).first()
    if place is None or place.email.casefold() != user.email.casefold():
        raise EmployeeNotFound("Приглашение отозвано")
    if place.user_id is not None:
        if place.user_id != user.pk:
            raise PersonTaken("Приглашение уже принято")
        return place
    person_free_check(user)
    place.user, place.confirmed_at = user, now
    place.save(update_fields=["user", "confirmed_at"])
    deed_record(
        Actor(user=user, kind=ActorKind.CUSTOMER, membership=place),
        "orgs.employee_confirmed",
        now=now,
        object_kind="employee",
        object_id=place.pk,
        account_id=place.account_id,
    )
    return place


@transaction.atomic
def employee_change(
    *,
    actor: Actor,
    account_id: int,
    membership_id: int,
    form: EmployeeForm,
    expected_version: int,
    now: dt.datetime,
) -> Membership:
    """Change everything of an employee but the e-mail.

    A role whose sections were changed is saved as «Пользователь». expected_version: what the form was shown with.
    Raises: EmployeeNotFound, ChangedMeanwhile, FieldsWrong, BeyondOwnRights, LastOwner, SectionClosed.
    """
    account_lock(account_id)
    power = power_of(actor, account_id)
    place = employee_held(account_id, membership_id)
    if place.version != expected_version:
        raise ChangedMeanwhile("Данные сотрудника уже изменил кто-то другой: откройте их заново")
    form = _clean(form)
    before, after = Rights(Role(place.role), place.open_sections), rights_settled(form.role, form.sections)
    grant_check(power, before, after)
    groups_check(power, groups_held(place), _groups_wanted(form, after))
    if after.role != Role.OWNER:
        another_owner_check(place)
    _fill(place, form, after)
    place.version += 1
    place.save()
    groups_write(place, _groups_wanted(form, after))
    deed_record(
        actor,
        "orgs.employee_changed",
        now=now,
        object_kind="employee",
        object_id=place.pk,
        account_id=account_id,
        facts={**_rights_facts(place), "role_before": str(before.role)},
    )
    return place


@transaction.atomic
def employee_remove(*, actor: Actor, account_id: int, membership_id: int, now: dt.datetime) -> Membership:
    """Delete an employee: he is out of the cabinet with his next request.

    His log-in is closed by `invitations.employee_dismiss`, which doors call.
    Raises: EmployeeNotFound, BeyondOwnRights, LastOwner, SectionClosed.
    """
    account_lock(account_id)
    power = power_of(actor, account_id)
    place = employee_held(account_id, membership_id)
    grant_check(power, Rights(Role(place.role), place.open_sections), Rights(Role.USER, frozenset()))
    groups_check(power, groups_held(place), GroupsHeld(everything=False))
    another_owner_check(place)
    place.removed_at = now
    place.version += 1
    place.save(update_fields=["removed_at", "version"])
    deed_record(
        actor,
        "orgs.employee_removed",
        now=now,
        object_kind="employee",
        object_id=place.pk,
        account_id=account_id,
    )
    return place


@transaction.atomic
def group_forget(*, group_id: int) -> None:
    """A group of registers is gone; called by the room of groups, in its transaction."""
    GroupAccess.objects.filter(group_id=group_id).delete()


def employee_power_check(*, actor: Actor, account_id: int, membership_id: int) -> Membership:
    """The employee, if the doer could have given him his rights; the caller holds `account_lock`.

    Raises: EmployeeNotFound, BeyondOwnRights, SectionClosed.
    """
    power = power_of(actor, account_id)
    place = employee_held(account_id, membership_id)
    grant_check(power, Rights(Role.USER, frozenset()), Rights(Role(place.role), place.open_sections))
    return place


def last_owner_check(*, user: User) -> None:
    """Refuse to take the log-in of a cabinet's last owner away, whoever does it and by whatever way.

    Hung in `accounts.hooks`. Who is removed from the cabinet first is nobody's owner any more. Raises: LastOwner.
    """
    places = Membership.objects.filter(user=user, role=Role.OWNER, removed_at__isnull=True)
    account_id = places.values_list("account_id", flat=True).first()
    if account_id is None:
        return
    account_lock(account_id)
    place = places.filter(account_id=account_id).first()
    if place is not None:
        another_owner_check(place)


def names_of(full_name: str) -> Names:
    """«Фамилия», «Имя» and the rest of one line. Raises: BadFullName."""
    names = names_split(full_name)
    return names_parse(last_name=names.last_name, first_name=names.first_name, middle_name=names.middle_name)


def person_free_check(user: User) -> None:
    """A log-in belongs to one cabinet, one partner, or the operator. Raises: PersonTaken."""
    if (
        user.is_staff
        or Membership.objects.filter(user=user, removed_at__isnull=True).exists()
        or PartnerUser.objects.filter(user=user, removed_at__isnull=True).exists()
    ):
        raise PersonTaken("С этим адресом уже входят в другой кабинет")


def _groups_wanted(form: EmployeeForm, rights: Rights) -> GroupsHeld:
    if form.all_groups or rights.role == Role.OWNER:
        return GroupsHeld(everything=True)
    return GroupsHeld(everything=False, ids=form.group_ids)


def _clean(form: EmployeeForm) -> EmployeeForm:
    wrong: dict[str, str] = {}
    full_name, position, phone = "", line_clean(form.position), ""
    try:
        full_name = names_of(form.full_name).full_name
    except BadFullName as error:
        wrong["full_name"] = f"ФИО: {error.message}"
    if trouble := line_trouble(position, POSITION_CHARACTERS_MAX):
        wrong["position"] = f"Должность: {trouble}"
    try:
        phone = phone_parse(form.phone) if form.phone.strip() else ""
    except BadPhone as error:
        wrong["phone"] = error.message
    if wrong:
        raise FieldsWrong(wrong)
    return EmployeeForm(
        full_name=full_name,
        role=Role(form.role),
        position=position,
        phone=phone,
        sections=_known(form.sections),
        all_groups=form.all_groups,
        group_ids=form.group_ids,
    )


def _known(sections: Iterable[str]) -> frozenset[Section]:
    try:
        return frozenset(Section(section) for section in sections)
    except ValueError as error:
        raise FieldsWrong({"sections": "Разделы: неизвестный раздел"}) from error


def _fill(place: Membership, form: EmployeeForm, rights: Rights) -> None:
    place.full_name, place.position, place.phone = form.full_name, form.position, form.phone
    place.role = rights.role
    place.sections = sorted(rights.sections) if rights.role == Role.USER else []
    place.all_groups = _groups_wanted(form, rights).everything


def _rights_facts(place: Membership) -> dict[str, object]:
    return {
        "role": str(place.role),
        "sections": sorted(place.open_sections),
        "all_groups": place.all_groups,
    }
