"""Ending sessions."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction

from chekhov.accounts.errors import SessionNotFound
from chekhov.accounts.models import Session, User
from chekhov.audit.services import audit_record


@transaction.atomic
def session_end(
    *, user: User, handle: str | uuid.UUID, by: User, now: dt.datetime, address: str | None = None
) -> None:
    """End one of the person's sessions: its next request is a stranger's. Raises: SessionNotFound."""
    try:
        number = uuid.UUID(str(handle))
    except ValueError as error:
        raise SessionNotFound("Такого сеанса нет") from error
    gone, _ = Session.objects.filter(user_id=user.pk, handle=number).delete()
    if not gone:
        raise SessionNotFound("Такого сеанса нет")
    _recorded("accounts.session_ended", user=user, by=by, now=now, address=address, count=1)


@transaction.atomic
def sessions_end_all(
    *,
    user: User,
    by: User,
    now: dt.datetime,
    keep_key: str | None = None,
    address: str | None = None,
) -> int:
    """«Выйти везде»: end every session of the person but the one with the key `keep_key`; returns how many."""
    gone = sessions_drop(user_id=user.pk, keep_key=keep_key)
    _recorded("accounts.sessions_ended", user=user, by=by, now=now, address=address, count=gone)
    return gone


def sessions_drop(*, user_id: int, keep_key: str | None = None) -> int:
    """End sessions as a part of another deed, without an entry of its own; returns how many."""
    rows = Session.objects.filter(user_id=user_id)
    if keep_key is not None:
        rows = rows.exclude(session_key=keep_key)
    return rows.delete()[0]


def _recorded(
    action: str, *, user: User, by: User, now: dt.datetime, address: str | None, count: int
) -> None:
    audit_record(
        action=action,
        now=now,
        actor=by,
        actor_kind="staff" if by.is_staff else "customer",
        object_kind="user",
        object_id=user.pk,
        facts={"sessions": count},
        address=address,
    )
