"""Texts of consents."""

from __future__ import annotations

import datetime as dt
import string

from django.db import transaction

from chekhov.accounts.access import require_staff
from chekhov.accounts.consent_first import FIRST_TEXT, FIRST_VERSION
from chekhov.accounts.errors import BadConsentText
from chekhov.accounts.models import ConsentText, StaffRole, User
from chekhov.audit.models import ActorKind
from chekhov.audit.services import audit_record
from chekhov.db.locks import transaction_lock

TEXT_CHARACTERS_MAX = 50_000
PLACES = frozenset({"operator", "operator_inn"})


@transaction.atomic
def consent_publish(*, text: str, by: User, now: dt.datetime, address: str | None = None) -> ConsentText:
    """Put a new version into force; consents given to older ones stay what they are.

    Raises: StaffOnly, BadConsentText.
    """
    require_staff(by, StaffRole.ADMINISTRATOR)
    text = text.replace("\r\n", "\n").strip()
    if not text or len(text) > TEXT_CHARACTERS_MAX or "\0" in text:
        raise BadConsentText(f"Текст согласия — до {TEXT_CHARACTERS_MAX} знаков")
    try:
        named = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError as error:
        raise BadConsentText("Фигурные скобки в тексте не сходятся") from error
    if not named <= PLACES:
        raise BadConsentText(
            f"В фигурных скобках может стоять только {', '.join(f'{{{place}}}' for place in sorted(PLACES))}"
        )
    transaction_lock("accounts.consent_publish")
    version = consent_text_latest(now=now).version + 1
    fresh = ConsentText.objects.create(version=version, text=text, published_at=now, published_by=by)
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
