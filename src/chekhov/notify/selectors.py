"""Questions about letters. Letters as files are read by `maildir`."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count, QuerySet

from chekhov.notify.maildir import MaildirLetter, letter_in_maildir, letters_in_maildir
from chekhov.notify.models import Letter, LetterState

__all__ = [
    "MaildirLetter",
    "letter_in_maildir",
    "letters_counted",
    "letters_dead",
    "letters_in_maildir",
    "letters_of_account",
    "letters_recent",
]


def letters_of_account(account_id: int) -> QuerySet[Letter]:
    """Letters of an account, the newest first."""
    return Letter.objects.filter(account_id=account_id).order_by("-id")


def letters_dead() -> QuerySet[Letter]:
    """Letters that were given up, the newest first; `services.letter_retry` sends one anew."""
    return Letter.objects.filter(state=LetterState.DEAD).order_by("-id")


def letters_counted() -> dict[str, int]:
    """How many letters wait, are on their way, and were given up."""
    rows = Letter.objects.exclude(state=LetterState.SENT).values_list("state").annotate(Count("id"))
    return {str(state): 0 for state in LetterState if state != LetterState.SENT} | dict(rows.order_by())


def letters_recent(*, recipient: str, template: str, since: dt.datetime) -> int:
    """How many letters of this kind were written to this address, letter case aside, since a moment."""
    return Letter.objects.filter(
        recipient__iexact=recipient, template=template, created_at__gte=since
    ).count()
