"""Deeds on people: adding, correcting, removing."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

import chekhov.accounts.actions  # noqa: F401  # registers the words
from chekhov.accounts.access import require_staff
from chekhov.accounts.errors import BadFullName, EmailTaken, NoteMissing, UserRemoved
from chekhov.accounts.hooks import removal_checks_run
from chekhov.accounts.models import StaffRole, User
from chekhov.accounts.personal import (
    FULL_NAME_CHARACTERS_MAX,
    email_parse,
    names_parse,
    phone_parse,
)
from chekhov.accounts.services.links import links_revoke, person_lock
from chekhov.accounts.services.sessions import sessions_drop
from chekhov.audit.models import ActorKind
from chekhov.audit.services import audit_record

if TYPE_CHECKING:
    from chekhov.accounts.models import Account

NOTE_CHARACTERS_MIN = 5


@transaction.atomic
def user_add(
    *, email: str, password: str | None, full_name: str = "", staff_role: StaffRole = StaffRole.NONE
) -> User:
    """Add a person. Raises: BadEmail, BadFullName, EmailTaken (letter case aside)."""
    email = email_parse(email)
    full_name = " ".join(full_name.split())
    if len(full_name) > FULL_NAME_CHARACTERS_MAX or not full_name.isprintable():
        raise BadFullName(f"Имя — до {FULL_NAME_CHARACTERS_MAX} печатных знаков")
    try:
        with transaction.atomic():
            return User.objects.create_user(email, password, full_name=full_name, staff_role=staff_role)
    except IntegrityError as error:
        raise EmailTaken("Учётная запись с такой почтой уже есть") from error


@transaction.atomic
def names_change(
    *,
    user: User,
    last_name: str,
    first_name: str,
    middle_name: str,
    by: User,
    now: dt.datetime,
    address: str | None = None,
    account: Account | None = None,
    reason: str = "",
) -> User:
    """Correct «Фамилия», «Имя», «Отчество». Who may is the caller's to know. Raises: BadFullName, UserRemoved."""
    names = names_parse(last_name=last_name, first_name=first_name, middle_name=middle_name)
    row = _locked(user)
    fields = {
        "last_name": names.last_name,
        "first_name": names.first_name,
        "middle_name": names.middle_name,
        "full_name": names.full_name,
    }
    changed = sorted(name for name, value in fields.items() if getattr(row, name) != value)
    if not changed:
        return row
    for name in changed:
        setattr(row, name, fields[name])
    row.save(update_fields=changed)
    audit_record(
        action="accounts.names_changed",
        now=now,
        actor=by,
        actor_kind=actor_kind(by),
        account=account,
        object_kind="user",
        object_id=row.pk,
        facts={"fields": changed},
        reason=reason,
        address=address,
    )
    return row


@transaction.atomic
def phone_change(
    *,
    user: User,
    phone: str,
    by: User,
    note: str,
    now: dt.datetime,
    address: str | None = None,
    account: Account | None = None,
) -> User:
    """Write another telephone after the person came to the office with an identity document.

    note: what was shown; kept in the journal. Only a manager or an administrator may.
    Raises: StaffOnly, BadPhone, NoteMissing, UserRemoved.
    """
    require_staff(by, StaffRole.MANAGER, StaffRole.ADMINISTRATOR)
    if len(note.strip()) < NOTE_CHARACTERS_MIN:
        raise NoteMissing("Укажите, по какому документу проверена личность")
    row = _locked(user)
    row.phone = phone_parse(phone)
    row.save(update_fields=["phone"])
    audit_record(
        action="accounts.phone_changed",
        now=now,
        actor=by,
        actor_kind=ActorKind.STAFF,
        account=account,
        object_kind="user",
        object_id=row.pk,
        reason=note,
        address=address,
    )
    return row


@transaction.atomic
def user_remove(
    *,
    user: User,
    by: User,
    now: dt.datetime,
    reason: str = "",
    address: str | None = None,
    account: Account | None = None,
) -> User:
    """Take the log-in away for good: sessions end at once, links in letters are void.

    The row stays for the journal. The e-mail is free for a new registration or invitation.
    Raises: UserRemoved, and what checks of other rooms raise, as LastOwner.
    """
    removal_checks_run(user=user)
    person_lock(user.email)
    row = _locked(user)
    row.is_active, row.removed_at = False, now
    row.set_unusable_password()
    row.save(update_fields=["is_active", "removed_at", "password"])
    links_revoke(email=row.email, user=row, now=now)
    sessions = sessions_drop(user_id=row.pk)
    audit_record(
        action="accounts.user_removed",
        now=now,
        actor=by,
        actor_kind=actor_kind(by),
        account=account,
        object_kind="user",
        object_id=row.pk,
        facts={"sessions": sessions},
        reason=reason,
        address=address,
    )
    return row


def actor_kind(by: User) -> ActorKind:
    """In what capacity the person acts when nothing else is said."""
    return ActorKind.STAFF if by.is_staff else ActorKind.CUSTOMER


def _locked(user: User) -> User:
    row = User.objects.select_for_update().get(pk=user.pk)
    if row.removed_at is not None:
        raise UserRemoved("Учётная запись удалена")
    return row
