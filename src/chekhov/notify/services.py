"""Deeds on letters. Sending itself is in `sending`."""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Model

from chekhov.notify.errors import BadLetter, BadRecipient, LetterNotDead, LetterNotFound, LetterSecretGone
from chekhov.notify.kinds import LetterKind, kind_of
from chekhov.notify.models import Letter, LetterSecret, LetterState
from chekhov.notify.sealing import seal

RECIPIENT_CHARACTERS_MAX = 254
SUBJECT_CHARACTERS_MAX = 250
CONTENT_BYTES_MAX = 32 * 1024
SECRET_LIFE = dt.timedelta(hours=72)
"""Longer than any link lives: what is still sealed after that is of no use to anybody."""

CONTENT_LIFE = dt.timedelta(days=90)
"""How long it is kept to whom a letter went and with what; the row itself stays for counting."""

ENDED = (LetterState.SENT, LetterState.DEAD)
BLOTTED_RECIPIENT = "erased@chekhov.invalid"
TOO_OLD_TROUBLE = "Ссылка устарела, письмо больше не нужно"

log = logging.getLogger("chekhov.notify")


@transaction.atomic
def letter_send(
    *,
    template: str,
    recipient: str,
    context: Mapping[str, Any],
    now: dt.datetime,
    secrets: Mapping[str, Any] | None = None,
    account: Model | int | None = None,
) -> Letter:
    """Put a letter into the queue, in the transaction of the deed it tells of.

    template: a kind of `kinds`. context: exactly the kind's keys, JSON, without secrets. secrets: exactly the
    kind's secret keys; kept sealed and only until the letter is sent. account: whose list shows the letter.
    Raises: UnknownLetter, BadLetter, BadRecipient.
    """
    kind = kind_of(template)
    secrets = secrets or {}
    if set(context) != kind.context or set(secrets) != kind.secrets:
        raise BadLetter(
            f"the letter {template} takes {sorted(kind.context)} and in secret {sorted(kind.secrets)}",
            template=template,
        )
    letter = Letter.objects.create(
        template=kind.name,
        recipient=recipient_parse(recipient),
        subject=_subject(kind, context),
        context=_content(context, template),
        account_id=account if account is None or isinstance(account, int) else account.pk,
        due_at=now,
        created_at=now,
    )
    if kind.secrets:
        sealed = seal(_content(secrets, template), name=str(letter.message_id))
        LetterSecret.objects.create(letter=letter, sealed=sealed)
    return letter


def recipient_parse(text: str) -> str:
    """An address letters can be sent to, as written but for the spaces around. Raises: BadRecipient."""
    text = text.strip()
    try:
        validate_email(text)
        local, _, domain = text.rpartition("@")
        local.encode("ascii")
        domain.encode("idna")
    except (ValidationError, UnicodeError) as error:
        raise BadRecipient("Это не адрес электронной почты") from error
    if len(text) > RECIPIENT_CHARACTERS_MAX:
        raise BadRecipient("Адрес электронной почты слишком длинный")
    return text


@transaction.atomic
def letter_retry(*, letter_id: int, now: dt.datetime) -> Letter:
    """Put a letter that was given up into the queue anew. Raises: LetterNotFound, LetterNotDead, LetterSecretGone."""
    letter = Letter.objects.select_for_update().filter(id=letter_id).first()
    if letter is None:
        raise LetterNotFound("Такого письма нет", letter_id=letter_id)
    if letter.state != LetterState.DEAD:
        raise LetterNotDead("Это письмо не нужно отправлять заново", letter_id=letter_id)
    sealed = LetterSecret.objects.filter(letter=letter).exists()
    if letter.recipient == BLOTTED_RECIPIENT or (kind_of(letter.template).secrets and not sealed):
        raise LetterSecretGone("Ссылка из этого письма больше не хранится", letter_id=letter_id)
    letter.state, letter.due_at, letter.trouble = LetterState.WAITING, now, ""
    letter.attempts = letter.lost_claims = 0
    letter.save(update_fields=["state", "due_at", "trouble", "attempts", "lost_claims"])
    return letter


@transaction.atomic
def letters_tidy(*, now: dt.datetime) -> int:
    """Remove secrets too old to be of use and blot out old letters; returns how many rows were touched.

    A letter that still waited for its secret is given up.
    """
    old = Letter.objects.filter(created_at__lt=now - SECRET_LIFE, secret__isnull=False)
    old.filter(state=LetterState.WAITING).update(state=LetterState.DEAD, trouble=TOO_OLD_TROUBLE)
    secrets_gone, _ = LetterSecret.objects.filter(
        letter__created_at__lt=now - SECRET_LIFE, letter__state__in=ENDED
    ).delete()
    blotted = (
        Letter.objects.filter(created_at__lt=now - CONTENT_LIFE, state__in=ENDED)
        .exclude(recipient=BLOTTED_RECIPIENT)
        .update(recipient=BLOTTED_RECIPIENT, context={}, trouble="")
    )
    if secrets_gone or blotted:
        log.info("letters_tidied secrets=%s blotted=%s", secrets_gone, blotted)
    return secrets_gone + blotted


def _subject(kind: LetterKind, context: Mapping[str, Any]) -> str:
    subject = kind.subject.format(**{**context, "operator": settings.OPERATOR_NAME})
    printable = "".join(one if one.isprintable() else " " for one in subject)
    return " ".join(printable.split())[:SUBJECT_CHARACTERS_MAX]


def _content(content: Mapping[str, Any], template: str) -> dict[str, Any]:
    try:
        text = json.dumps(dict(content), ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise BadLetter(f"the content of {template} is not JSON: {error}", template=template) from error
    if len(text.encode()) > CONTENT_BYTES_MAX or "\\u0000" in text:
        raise BadLetter(f"the content of {template} is too long or not text", template=template)
    fresh: dict[str, Any] = json.loads(text)
    return fresh
