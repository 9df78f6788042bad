"""Questions about people, their sessions, links and consents."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Collection
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from chekhov.accounts.consent_first import FIRST_TEXT, FIRST_VERSION
from chekhov.accounts.models import (
    Account,
    Consent,
    ConsentText,
    EmailLink,
    Invitation,
    LinkPurpose,
    LogInGuard,
    Session,
    User,
)
from chekhov.accounts.secrecy import token_hash
from chekhov.accounts.services.links import link_check

SESSIONS_SHOWN_MAX = 100
# The first that is found names the device; the more special stand first.
BROWSERS = (
    ("YaBrowser", "Яндекс Браузер"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionLine:
    """A session as its owner sees it; `handle` is what `session_end` takes."""

    handle: uuid.UUID
    device: str
    address: str | None
    opened_at: dt.datetime
    seen_at: dt.datetime
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentInForce:
    """The text that a person consents to today, with the operator filled in. The first one has no date."""

    version: int
    text: str
    published_at: dt.datetime | None


def sessions_of(user: User, *, now: dt.datetime, current_key: str | None = None) -> list[SessionLine]:
    """The person's open sessions, the one that asks first, then by the last request."""
    rows = Session.objects.filter(user_id=user.pk, expire_date__gt=now, handle__isnull=False)
    lines = [
        SessionLine(
            handle=row.handle,
            device=device_words(row.device),
            address=row.address,
            opened_at=row.opened_at,
            seen_at=row.seen_at,
            current=row.session_key == current_key,
        )
        for row in rows.order_by("-seen_at")[:SESSIONS_SHOWN_MAX]
        if row.handle is not None and row.opened_at is not None and row.seen_at is not None
    ]
    return sorted(lines, key=lambda line: not line.current)


def device_words(user_agent: str) -> str:
    """«Firefox, Windows» from what the browser says of itself."""
    words = [
        next((shown for mark, shown in marks if re.search(rf"\b{mark}", user_agent)), "")
        for marks in (BROWSERS, SYSTEMS)
    ]
    return ", ".join(filter(None, words)) or "Неизвестное устройство"


def locks_now(*, now: dt.datetime) -> QuerySet[LogInGuard]:
    """Closed log-ins, for staff; `services.lock_lift` opens one."""
    return LogInGuard.objects.filter(locked_until__gt=now).order_by("-locked_until", "id")


def link_look(*, token: str, purpose: LinkPurpose, now: dt.datetime) -> EmailLink:
    """The link, not used up: a page is shown first, because programs that check letters follow links too.

    Raises: LinkUnknown, LinkUsed, LinkExpired.
    """
    link = EmailLink.objects.filter(purpose=purpose, token_hash=token_hash(token)).first()
    return link_check(link, now=now)


def consent_in_force() -> ConsentInForce:
    """The text under the box of the registration form."""
    row = ConsentText.objects.order_by("-version").first()
    if row is None:
        row = ConsentText(version=FIRST_VERSION, text=FIRST_TEXT)
    return ConsentInForce(version=row.version, text=consent_shown(row), published_at=row.published_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentVersion:
    """A version of the text as staff see it. Without `published_at`: the first one, nobody has needed it yet.

    `source` is the text as written, with the places to fill in; `given`: how many people consented to it.
    """

    version: int
    source: str
    published_at: dt.datetime | None
    published_by: str
    given: int
    in_force: bool


def consent_versions() -> list[ConsentVersion]:
    """Every version, the newest first."""
    rows = list(ConsentText.objects.select_related("published_by").order_by("-version"))
    rows = rows or [ConsentText(version=FIRST_VERSION, text=FIRST_TEXT)]
    given = dict(
        Consent.objects.values_list("consent_text__version").annotate(people=Count("user_id", distinct=True))
    )
    return [
        ConsentVersion(
            version=row.version,
            source=row.text,
            published_at=row.published_at,
            published_by=row.published_by.get_full_name() if row.published_by else "",
            given=given.get(row.version, 0),
            in_force=row is rows[0],
        )
        for row in rows
    ]


def consents_to(*, version: int, text: str = "", before: int | None, limit: int) -> list[Consent]:
    """Consents given to a version, the newest first, of people whose name or e-mail has the text."""
    rows = Consent.objects.filter(consent_text__version=version).select_related("user").order_by("-id")
    if text:
        rows = rows.filter(Q(user__email__icontains=text) | Q(user__full_name__icontains=text))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return list(rows[:limit])


def consent_shown(row: ConsentText, *, operator_name: str | None = None) -> str:
    """A version's text with the operator filled in; that of the day of a consent is kept with it."""
    return consent_filled(row.text, operator_name=operator_name)


def consent_filled(source: str, *, operator_name: str | None = None) -> str:
    """A text with its places filled in."""
    return source.format(
        operator=settings.OPERATOR_NAME if operator_name is None else operator_name,
        operator_inn=settings.OPERATOR_INN,
    )


def consents_of(user: User) -> QuerySet[Consent]:
    """What the person consented to, the newest first."""
    return user.consents.select_related("consent_text").order_by("-given_at", "-id")


def invitations_open(account: Account, *, now: dt.datetime) -> QuerySet[Invitation]:
    """Invitations into the account that can still be accepted."""
    return account.invitations.filter(
        link__used_at=None, link__revoked_at=None, link__expires_at__gt=now
    ).select_related("link")


def users_with_link(*, user_ids: Collection[int], purpose: LinkPurpose, now: dt.datetime) -> set[int]:
    """Those of the people who have a link of this purpose that can still be followed."""
    rows = EmailLink.objects.filter(
        user_id__in=user_ids, purpose=purpose, used_at=None, revoked_at=None, expires_at__gt=now
    )
    return {user_id for user_id in rows.values_list("user_id", flat=True) if user_id is not None}
