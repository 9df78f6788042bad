"""Letters that carry a password, and what the worker writes to people on its own."""

from __future__ import annotations

import datetime as dt
import logging

from django.db import transaction

from chekhov.accounts.models import (
    Account,
    GuardKind,
    LinkPurpose,
    LogInGuard,
    RecoveryRequest,
    User,
)
from chekhov.accounts.services.links import LINK_HOURS, link_make, public_url
from chekhov.notify.errors import BadRecipient
from chekhov.notify.services import letter_send

log = logging.getLogger("chekhov.accounts")

ROWS_AT_ONCE_MAX = 50


def credentials_send(
    *, template: str, user: User, password: str, now: dt.datetime, account: Account | None = None
) -> None:
    """Write a letter with a password, and with a one-time link by which the person sets his own instead."""
    _, url = link_make(purpose=LinkPurpose.PASSWORD_SET, email=user.email, user=user, now=now)
    context: dict[str, object] = {
        "login": user.email,
        "log_in_url": public_url("log_in"),
        "hours": LINK_HOURS[LinkPurpose.PASSWORD_SET],
    }
    if template == "credentials":
        context["name"] = user.first_name
    letter_send(
        template=template,
        recipient=user.email,
        context=context,
        secrets={"password": password, "link": url},
        now=now,
        account=account,
    )


@transaction.atomic
def letters_prepare(*, now: dt.datetime) -> int:
    """Write letters on requests of recovery and on closed log-ins; returns how many rows were looked at.

    This is the worker's, so that pages do the same work in the same time for known and unknown addresses.
    """
    return _recoveries(now) + _lockouts(now)


def _recoveries(now: dt.datetime) -> int:
    queue = RecoveryRequest.objects.select_for_update(skip_locked=True).filter(prepared_at=None)
    rows = list(queue.order_by("id")[:ROWS_AT_ONCE_MAX])
    for row in rows:
        user = User.objects.by_email(row.email).first()
        if user is not None and user.is_active and user.has_usable_password():
            _, url = link_make(purpose=LinkPurpose.RECOVERY, email=user.email, user=user, now=now)
            context: dict[str, object] = {"hours": LINK_HOURS[LinkPurpose.RECOVERY]}
            _write("password_link", user, context, {"link": url}, now)
        row.prepared_at = now
    RecoveryRequest.objects.bulk_update(rows, ["prepared_at"])
    return len(rows)


def _lockouts(now: dt.datetime) -> int:
    queue = LogInGuard.objects.select_for_update(skip_locked=True).filter(
        kind=GuardKind.EMAIL, locked_until__gt=now, told=False
    )
    rows = list(queue.order_by("id")[:ROWS_AT_ONCE_MAX])
    for row in rows:
        assert row.locked_until is not None
        user = User.objects.by_email(row.key).first()
        if user is not None and user.is_active and user.has_usable_password():
            minutes = -(-(row.locked_until - now) // dt.timedelta(minutes=1))
            context: dict[str, object] = {"minutes": minutes, "recovery_url": public_url("recovery")}
            _write("locked_out", user, context, {}, now)
        row.told = True
    LogInGuard.objects.bulk_update(rows, ["told"])
    return len(rows)


def _write(
    template: str, user: User, context: dict[str, object], secrets: dict[str, object], now: dt.datetime
) -> None:
    """Write to one of many; an address of old that no letter can be sent to must not hold up the others."""
    try:
        letter_send(template=template, recipient=user.email, context=context, secrets=secrets, now=now)
    except BadRecipient:
        log.warning("no_letter_to_such_an_address user=%s template=%s", user.pk, template)
