"""The job that sends letters: claim a row, commit, hand the message over, commit the outcome.

Nothing far is called inside a transaction. A sender that dies with a letter in its hands leaves a claim that
runs out; then the letter is sent once more, and a second such death gives it up: at most one repeat.
"""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any, cast

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.template import TemplateDoesNotExist

from chekhov.errors import ChekhovError, Unavailable
from chekhov.links.errors import LinkBroken
from chekhov.links.mail import MailRefused, SmtpServer, mail_send
from chekhov.notify.errors import SealBroken
from chekhov.notify.kinds import kind_of
from chekhov.notify.maildir import maildir_deliver
from chekhov.notify.models import Letter, LetterSecret, LetterState
from chekhov.notify.rendering import letter_message
from chekhov.notify.sealing import unseal

CLAIM_LIFE = dt.timedelta(minutes=5)
"""Longer than handing one letter over may take (see the time-outs of `links.mail`)."""

RETRY_PAUSES = tuple(dt.timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 360))
LOST_CLAIMS_MAX = 1
LETTERS_AT_ONCE_MAX = 20
TROUBLE_CHARACTERS_MAX = 300
LOST_TROUBLE = "Отправка дважды обрывалась на полпути; ушло ли письмо, неизвестно"

Now = Callable[[], dt.datetime]
Deliver = Callable[[EmailMessage, str], None]

log = logging.getLogger("chekhov.notify")


def deliver_configured(message: EmailMessage, recipient: str) -> None:
    """Hand a message to the mail server of the settings, or to the maildir if there is none."""
    if settings.SMTP is None:
        try:
            maildir_deliver(message)
        except OSError as error:
            raise Unavailable(f"the maildir cannot be written: {error.strerror}") from error
        return
    mail_send(
        SmtpServer(**cast("dict[str, Any]", settings.SMTP)),
        message,
        sender=settings.MAIL_FROM,
        recipient=recipient,
    )


def letters_due(*, now: dt.datetime) -> bool:
    """Whether there is a letter to send; a cheap question."""
    return Letter.objects.filter(_due(now)).exists()


def letters_send(*, now: Now, deliver: Deliver = deliver_configured) -> int:
    """Send what is due, some at a time; returns how many letters found their end or another try.

    After a failure of the server itself the rest waits for the next run: it would fail alike.
    """
    for done in range(LETTERS_AT_ONCE_MAX):
        letter = _claim(now())
        if letter is None:
            return done
        if not _one(letter, now, deliver):
            return done + 1
    return LETTERS_AT_ONCE_MAX


def _due(now: dt.datetime) -> Q:
    waiting = Q(state=LetterState.WAITING, due_at__lte=now)
    lost = Q(state=LetterState.SENDING, claimed_until__lte=now)
    return waiting | lost


@transaction.atomic
def _claim(now: dt.datetime) -> Letter | None:
    """Take one letter; nobody else gets it before the claim runs out."""
    while True:
        letter = (
            Letter.objects.select_for_update(skip_locked=True)
            .filter(_due(now))
            .order_by("due_at", "id")
            .first()
        )
        if letter is None:
            return None
        if letter.state == LetterState.SENDING:
            letter.lost_claims += 1
        if letter.lost_claims <= LOST_CLAIMS_MAX:
            break
        _dead(letter, LOST_TROUBLE)
    letter.state, letter.claim, letter.claimed_until = LetterState.SENDING, uuid.uuid4(), now + CLAIM_LIFE
    letter.attempts += 1
    letter.save(update_fields=["state", "claim", "claimed_until", "attempts", "lost_claims"])
    return letter


def _one(letter: Letter, now: Now, deliver: Deliver) -> bool:
    """Hand one claimed letter over and keep the outcome; False if the server itself is in trouble."""
    try:
        message = letter_message(letter, _secrets(letter), now=letter.created_at)
    except Unavailable as error:  # what goes with it cannot be made just now
        trouble, at = error.message, now()
        log.warning("letter_put_off letter=%s template=%s lost=False", letter.pk, letter.template)
        _finish(letter, lambda row: _put_off(row, trouble, at, lost=False))
        return True
    except (ChekhovError, TemplateDoesNotExist, KeyError, ValueError) as error:
        # Only the kind of the error: its text might repeat a part of the letter.
        trouble = f"Письмо не составить: {type(error).__name__}"
        log.error("letter_not_made letter=%s template=%s error=%s", letter.pk, letter.template, trouble)  # noqa: TRY400
        _finish(letter, lambda row: _dead(row, trouble))
        return True
    try:
        deliver(message, letter.recipient)
    except MailRefused as error:
        trouble = error.message
        log.warning("letter_refused letter=%s template=%s", letter.pk, letter.template)
        _finish(letter, lambda row: _dead(row, trouble))
        return True
    except (ChekhovError, OSError) as error:
        lost = isinstance(error, LinkBroken)
        trouble = error.message if isinstance(error, ChekhovError) else type(error).__name__
        at = now()
        log.warning("letter_put_off letter=%s template=%s lost=%s", letter.pk, letter.template, lost)
        _finish(letter, lambda row: _put_off(row, trouble, at, lost=lost))
        return False
    at = now()
    _finish(letter, lambda row: _sent(row, at))
    log.info("letter_sent letter=%s template=%s attempts=%s", letter.pk, letter.template, letter.attempts)
    return True


def _secrets(letter: Letter) -> dict[str, object]:
    if not kind_of(letter.template).secrets:
        return {}
    row = LetterSecret.objects.filter(letter=letter).first()
    if row is None:
        raise SealBroken("the secret is no longer kept")
    return unseal(bytes(row.sealed), name=str(letter.message_id))


@transaction.atomic
def _finish(letter: Letter, outcome: Callable[[Letter], None]) -> None:
    """Keep the outcome, if the claim is still ours; whoever took the letter over keeps his own."""
    row = Letter.objects.select_for_update().filter(pk=letter.pk, claim=letter.claim).first()
    if row is not None:
        outcome(row)


def _sent(row: Letter, now: dt.datetime) -> None:
    row.state, row.sent_at, row.trouble = LetterState.SENT, now, ""
    _unclaimed(row, "sent_at")
    LetterSecret.objects.filter(letter=row).delete()


def _put_off(row: Letter, trouble: str, now: dt.datetime, *, lost: bool) -> None:
    if lost:
        row.lost_claims += 1
    if row.attempts > len(RETRY_PAUSES) or row.lost_claims > LOST_CLAIMS_MAX:
        _dead(row, LOST_TROUBLE if row.lost_claims > LOST_CLAIMS_MAX else trouble)
        return
    row.state, row.due_at = LetterState.WAITING, now + RETRY_PAUSES[row.attempts - 1]
    row.trouble = trouble[:TROUBLE_CHARACTERS_MAX]
    _unclaimed(row, "due_at")


def _dead(row: Letter, trouble: str) -> None:
    row.state, row.trouble = LetterState.DEAD, trouble[:TROUBLE_CHARACTERS_MAX]
    _unclaimed(row)


def _unclaimed(row: Letter, *fields: str) -> None:
    row.claim = row.claimed_until = None
    row.save(update_fields=["state", "trouble", "claim", "claimed_until", "lost_claims", *fields])
