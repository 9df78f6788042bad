"""Removing what is kept for a term only."""

from __future__ import annotations

import datetime as dt
import logging

from django.db import transaction
from django.db.models import Q

from chekhov.accounts.models import AskCount, EmailLink, LinkPurpose, LogInGuard, RecoveryRequest, Session

LINK_KEPT = dt.timedelta(days=30)
"""After its time, so that whoever follows an old link is told what it was."""
REQUEST_KEPT = dt.timedelta(days=2)
GUARD_KEPT = dt.timedelta(days=1)

log = logging.getLogger("chekhov.accounts")


@transaction.atomic
def accounts_tidy(*, now: dt.datetime) -> int:
    """Remove ended sessions, old links with the registrations nobody confirmed, old counters of attempts.

    Returns how many rows went.
    """
    old_links = EmailLink.objects.filter(expires_at__lt=now - LINK_KEPT)
    gone = {
        "sessions": Session.objects.filter(expire_date__lt=now).delete()[0],
        "registrations": old_links.filter(
            purpose=LinkPurpose.REGISTRATION, registration__user__isnull=True
        ).delete()[0],
        "links": old_links.filter(purpose__in=[LinkPurpose.RECOVERY, LinkPurpose.PASSWORD_SET]).delete()[0],
        "recoveries": RecoveryRequest.objects.filter(
            asked_at__lt=now - REQUEST_KEPT, prepared_at__isnull=False
        ).delete()[0],
        "guards": LogInGuard.objects.filter(
            Q(locked_until=None) | Q(locked_until__lt=now), window_started_at__lt=now - GUARD_KEPT
        ).delete()[0],
    }
    gone["asks"] = AskCount.objects.filter(since__lt=now - GUARD_KEPT).delete()[0]
    total = sum(gone.values())
    if total:
        log.info("accounts_tidied %s", " ".join(f"{name}={count}" for name, count in gone.items()))
    return total
