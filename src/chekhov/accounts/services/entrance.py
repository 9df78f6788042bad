"""Logging in, and the guard that closes it after failures.

An attempt is counted before the password is looked at and taken back when it was right: so any number of
attempts at once has no more tries than attempts one after another. Unknown e-mails are guarded alike, and take
the same time.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from chekhov.accounts.access import require_staff
from chekhov.accounts.errors import GuardNotFound, LogInLocked, LogInRefused
from chekhov.accounts.models import GuardKind, LogInGuard, StaffRole, User
from chekhov.accounts.services.limits import network_of
from chekhov.audit.models import ActorKind
from chekhov.audit.services import audit_record

FAILURES_MAX: dict[GuardKind, int] = {
    GuardKind.EMAIL: 5,
    # An office of many people goes out by one address.
    GuardKind.ADDRESS: 20,
}
WINDOW = dt.timedelta(minutes=15)
LOCK = dt.timedelta(minutes=15)
PASSWORD_TRIED_CHARACTERS_MAX = 256
EMAIL_CHARACTERS_MAX = 254


def log_in_check(*, email: str, password: str, now: dt.datetime, address: str | None = None) -> User:
    """The person who logs in with these. Raises: LogInRefused, LogInLocked; neither tells who is known."""
    user = User.objects.by_email(email).first() if "\0" not in email else None
    if not password_try(email=email, password=password, user=user, address=address, now=now):
        raise LogInRefused
    assert user is not None
    with transaction.atomic():
        audit_record(
            action="accounts.logged_in",
            now=now,
            actor=user,
            actor_kind=ActorKind.STAFF if user.is_staff else ActorKind.CUSTOMER,
            object_kind="user",
            object_id=user.pk,
            address=address,
        )
    return user


def password_try(
    *, email: str, password: str, user: User | None, address: str | None, now: dt.datetime
) -> bool:
    """Whether the password is that of the person, as one guarded attempt. Raises: LogInLocked."""
    keys = _keys(email, address)
    until = _begin(keys, now)
    if until is not None:
        raise LogInLocked(until, minutes=max(1, -(-(until - now) // dt.timedelta(minutes=1))))
    right = _right(user, password)
    _end(keys, now, right=right)
    return right


@transaction.atomic
def guard_lift(*, email: str) -> None:
    """Forget the failures of an e-mail: its owner has shown that he is the owner."""
    LogInGuard.objects.filter(kind=GuardKind.EMAIL, key=_email_key(email)).delete()


@transaction.atomic
def lock_lift(*, guard_id: int, by: User, now: dt.datetime, reason: str, address: str | None = None) -> None:
    """Open a closed log-in before its time. Raises: StaffOnly, GuardNotFound."""
    require_staff(by, StaffRole.MANAGER, StaffRole.ENGINEER, StaffRole.ADMINISTRATOR)
    gone, _ = LogInGuard.objects.filter(pk=guard_id, locked_until__gt=now).delete()
    if not gone:
        raise GuardNotFound("Вход уже открыт")
    audit_record(
        action="accounts.lock_lifted",
        now=now,
        actor=by,
        actor_kind=ActorKind.STAFF,
        object_kind="guard",
        object_id=guard_id,
        reason=reason,
        address=address,
    )


def _keys(email: str, address: str | None) -> list[tuple[GuardKind, str]]:
    keys = [(GuardKind.EMAIL, _email_key(email))]
    place = network_of(address)
    if place is not None:
        keys.append((GuardKind.ADDRESS, place))
    return sorted(keys)  # one order for all, so that two attempts never wait for each other in a ring


def _email_key(email: str) -> str:
    return "".join(one for one in email.strip().lower() if one.isprintable())[:EMAIL_CHARACTERS_MAX]


@transaction.atomic
def _begin(keys: list[tuple[GuardKind, str]], now: dt.datetime) -> dt.datetime | None:
    """Count the attempt; the moment until which there is none, if it is closed."""
    closed = None
    rows = []
    for kind, key in keys:
        row = _row(kind, key, now)
        if row.locked_until is not None and row.locked_until > now:
            closed = max(row.locked_until, closed or now)
        elif row.locked_until is not None or row.window_started_at + WINDOW <= now:
            row.failures, row.window_started_at, row.locked_until, row.told = 0, now, None, False
        if row.locked_until is None and row.failures >= FAILURES_MAX[kind]:
            closed = max(now + LOCK, closed or now)  # so many are being looked at just now
        rows.append(row)
    if closed is None:
        for row in rows:
            row.failures += 1
            row.save(update_fields=["failures", "window_started_at", "locked_until", "told"])
    return closed


@transaction.atomic
def _end(keys: list[tuple[GuardKind, str]], now: dt.datetime, *, right: bool) -> None:
    """Keep how the attempt went."""
    for kind, key in keys:
        row = _row(kind, key, now)
        if right:
            # A right password says nothing of the others that came from the same address.
            row.failures = 0 if kind == GuardKind.EMAIL else max(0, row.failures - 1)
            row.save(update_fields=["failures"])
        elif row.failures >= FAILURES_MAX[kind] and row.locked_until is None:
            row.locked_until = now + LOCK
            row.save(update_fields=["locked_until"])
            audit_record(
                action="accounts.locked_out",
                now=now,
                actor_kind=ActorKind.SYSTEM,
                object_kind="guard",
                object_id=row.pk,
                facts={"by": str(kind), "minutes": LOCK // dt.timedelta(minutes=1)},
                address=key if kind == GuardKind.ADDRESS else None,
            )


def _row(kind: GuardKind, key: str, now: dt.datetime) -> LogInGuard:
    rows = LogInGuard.objects.select_for_update()
    row = rows.filter(kind=kind, key=key).first()
    if row is None:
        fresh = LogInGuard(kind=kind, key=key, failures=0, window_started_at=now)
        LogInGuard.objects.bulk_create([fresh], ignore_conflicts=True)
        row = rows.get(kind=kind, key=key)
    return row


def _right(user: User | None, password: str) -> bool:
    if len(password) > PASSWORD_TRIED_CHARACTERS_MAX:
        password = ""  # hashing a long text would cost us more than the sender
    if user is None:
        User().set_password(password)  # takes as long as looking at a real one
        return False
    return user.check_password(password) and user.is_active
