"""Texts of consents."""

from __future__ import annotations

import datetime as dt
import string

from django.db import transaction

from chekhov.accounts.access import require_staff
from chekhov.accounts.consent_first import FIRST_TEXT, FIRST_VERSION
from chekhov.accounts.errors import BadConsentText, ConsentMoved
from chekhov.accounts.models import ConsentText, StaffRole, User
from chekhov.audit.models import ActorKind
from chekhov.audit.services import audit_record
from chekhov.db.locks import transaction_lock

TEXT_CHARACTERS_MAX = 50_000
PLACES = frozenset({"operator", "operator_inn"})


@transaction.atomic
def consent_publish(
    *, text: str, expected_version: int, by: User, now: dt.datetime, address: str | None = None
) -> ConsentText:
    """Put a new version into force; consents given to older ones stay what they are.

    expected_version: the one its editor began from. Raises: StaffOnly, BadConsentText, ConsentMoved.
    """
    require_staff(by, StaffRole.ADMINISTRATOR)
    text = text.replace("\r\n", "\n").strip()
    printable = all(char.isprintable() or char == "\n" for char in text)
    if not text or len(text) > TEXT_CHARACTERS_MAX or not printable:
        raise BadConsentText(f"Текст согласия — до {TEXT_CHARACTERS_MAX} печатных знаков, не пустой")
    try:
        places = [place for place in string.Formatter().parse(text) if place[1] is not None]
    except ValueError as error:
        raise BadConsentText("Фигурные скобки в тексте не сходятся") from error
    if any(name not in PLACES or form or conversion for _, name, form, conversion in places):
        raise BadConsentText(
            f"В фигурных скобках может стоять только {', '.join(f'{{{place}}}' for place in sorted(PLACES))}"
        )
    transaction_lock("accounts.consent_publish")
    last = consent_text_latest(now=now)
    if last.version != expected_version:
        raise ConsentMoved("Пока вы правили текст, опубликована другая редакция")
    fresh = ConsentText.objects.create(version=last.version + 1, text=text, published_at=now, published_by=by)
    audit_record(
        action="accounts.consent_published",
        now=now,
        actor=by,
        actor_kind=ActorKind.STAFF,
        object_kind="consent_text",
        object_id=fresh.pk,
        facts={"version": fresh.version},
        address=address,
    )
    return fresh


@transaction.atomic
def consent_text_latest(*, now: dt.datetime) -> ConsentText:
    """The row of the text in force; the first one is written when it is first needed."""
    last = ConsentText.objects.order_by("-version").first()
    if last is not None:
        return last
    first = ConsentText(version=FIRST_VERSION, text=FIRST_TEXT, published_at=now)
    ConsentText.objects.bulk_create([first], ignore_conflicts=True)
    return ConsentText.objects.order_by("-version")[0]
