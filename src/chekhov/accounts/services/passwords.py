"""Changing a password: by the old one, by a link, by recovery."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from chekhov.accounts.errors import LinkExpired, WeakPassword, WrongPassword
from chekhov.accounts.models import LinkPurpose, RecoveryRequest, User
from chekhov.accounts.personal import email_parse
from chekhov.accounts.secrecy import password_generate
from chekhov.accounts.services.entrance import guard_lift, password_try
from chekhov.accounts.services.letters import credentials_send
from chekhov.accounts.services.limits import address_clean, recovery_allow
from chekhov.accounts.services.links import link_take, links_revoke, person_lock, public_url
from chekhov.accounts.services.sessions import sessions_drop
from chekhov.audit.models import ActorKind
from chekhov.audit.services import audit_record
from chekhov.notify.services import letter_send

PASSWORD_CHARACTERS_MAX = 128
PASSWORD_PURPOSES = (LinkPurpose.PASSWORD_SET, LinkPurpose.RECOVERY)


@transaction.atomic
def recovery_ask(*, email: str, now: dt.datetime, address: str | None = None) -> None:
    """Take the request to recover a password. The same for every address: the worker looks whose it is.

    The old password stays good until the link in the letter is followed. Raises: BadEmail, TooOften.
    """
    email = email_parse(email).lower()
    address = address_clean(address)
    recovery_allow(email=email, address=address, now=now)
    RecoveryRequest.objects.create(email=email, address=address, asked_at=now)


def recovery_confirm(*, token: str, now: dt.datetime, address: str | None = None) -> User:
    """Follow the link of recovery: a new password is generated and mailed, every session ends.

    Raises: LinkUnknown, LinkUsed, LinkExpired.
    """
    password = password_generate()
    hashed = make_password(password)  # slow on purpose, so before rows are locked
    with transaction.atomic():
        link = link_take(token=token, purpose=LinkPurpose.RECOVERY, now=now)
        user = _owner(link.user_id)
        _store(user, hashed, now, must_change=True)
        credentials_send(template="new_password", user=user, password=password, now=now)
        _recorded("accounts.password_recovered", user, now, address)
    return user


def password_set_by_link(
    *, token: str, new_password: str, now: dt.datetime, address: str | None = None
) -> User:
    """Set one's own password by the one-time link of a letter with a generated one; every session ends.

    Raises: LinkUnknown, LinkUsed, LinkExpired, WeakPassword (the link stays good).
    """
    with transaction.atomic():
        link = link_take(token=token, purpose=LinkPurpose.PASSWORD_SET, now=now)
        user = _owner(link.user_id)
        password_check(new_password, user)
        if user.email_confirmed_at is None:  # the link came by e-mail and nowhere else
            user.email_confirmed_at = now
            user.save(update_fields=["email_confirmed_at"])
        _store(user, make_password(new_password), now, must_change=False)
        _recorded("accounts.password_set", user, now, address)
    return user


def password_change(
    *,
    user: User,
    old_password: str,
    new_password: str,
    now: dt.datetime,
    keep_session_key: str | None = None,
    address: str | None = None,
) -> User:
    """Change the password, the forced first change included. Other sessions end, and a letter tells of it.

    keep_session_key: of the session in which the person is; the door then renews its hash
    (`update_session_auth_hash`). Wrong old passwords are counted as failures of logging in.
    Raises: WrongPassword, LogInLocked, WeakPassword.
    """
    if not password_try(email=user.email, password=old_password, user=user, address=address, now=now):
        raise WrongPassword("Старый пароль не подходит")
    if new_password == old_password:
        raise WeakPassword("Новый пароль должен отличаться от старого")
    password_check(new_password, user)
    hashed = make_password(new_password)
    with transaction.atomic():
        person_lock(user.email)
        row = _owner(user.pk)
        if row.password != user.password:
            raise WrongPassword("Пароль уже изменён в другом сеансе")
        _store(row, hashed, now, must_change=False, keep_session_key=keep_session_key)
        letter_send(
            template="password_changed",
            recipient=row.email,
            context={"recovery_url": public_url("recovery")},
            now=now,
        )
        _recorded("accounts.password_changed", row, now, address)
    return row


def password_check(password: str, user: User) -> None:
    """Raises: WeakPassword, saying what is wrong, a reason a line."""
    if len(password) > PASSWORD_CHARACTERS_MAX or not password.isprintable():
        raise WeakPassword(f"Пароль — до {PASSWORD_CHARACTERS_MAX} печатных знаков")
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise WeakPassword("\n".join(error.messages)) from error


def _owner(user_id: int | None) -> User:
    """The locked row of a person who may log in. Raises: LinkExpired."""
    user = User.objects.select_for_update().filter(pk=user_id or 0, is_active=True).first()
    if user is None:
        raise LinkExpired
    return user


def _store(
    user: User, hashed: str, now: dt.datetime, *, must_change: bool, keep_session_key: str | None = None
) -> None:
    """Keep a new password: what the old one had opened is closed, what was waiting for it is void."""
    user.password, user.password_changed_at, user.must_change_password = hashed, now, must_change
    user.save(update_fields=["password", "password_changed_at", "must_change_password"])
    sessions_drop(user_id=user.pk, keep_key=keep_session_key)
    links_revoke(email=user.email, user=user, now=now, purposes=PASSWORD_PURPOSES)
    guard_lift(email=user.email)


def _recorded(action: str, user: User, now: dt.datetime, address: str | None) -> None:
    audit_record(
        action=action,
        now=now,
        actor=user,
        actor_kind=ActorKind.STAFF if user.is_staff else ActorKind.CUSTOMER,
        object_kind="user",
        object_id=user.pk,
        address=address,
    )
