"""The daily letter «Что остановится и когда»: to each who sees registers, once a day, nothing if there is nothing.

The day is claimed in the database together with the letter, so however many workers there are and however often
they begin anew, nobody gets two.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import connection, transaction
from django.utils import timezone

from chekhov.accounts.models import User
from chekhov.accounts.services.links import public_url
from chekhov.face.figures import count_text, plural
from chekhov.fiscal.attention import SILENCE_HOURS, Concern, concerns_for_user
from chekhov.fiscal.errors import SilenceWrong
from chekhov.kkt.models import Digest
from chekhov.notify.kinds import LetterKind, letter_register
from chekhov.notify.services import letter_send
from chekhov.orgs.access import member_or_none, partner_or_none
from chekhov.orgs.sections import Section

SEND_AT: Final = dt.time(8)
"""Of the operator's zone: before shops open."""
LINES_MAX: Final = 20
USERS_AT_ONCE: Final = 50
SILENCE_HOURS_MAX: Final = 720

DUE_SQL: Final = """
SELECT u.id FROM accounts_user AS u LEFT JOIN kkt_digest AS d ON d.user_id = u.id
WHERE u.is_active AND u.email_confirmed_at IS NOT NULL AND u.staff_role = '' AND coalesce(d.wanted, true)
    AND (d.sent_on IS NULL OR d.sent_on < %s)
    AND (EXISTS (SELECT 1 FROM orgs_membership m WHERE m.user_id = u.id AND m.removed_at IS NULL)
        OR EXISTS (SELECT 1 FROM orgs_partneruser p WHERE p.user_id = u.id AND p.removed_at IS NULL))
ORDER BY u.id LIMIT %s
"""
CLAIM_SQL: Final = """
INSERT INTO kkt_digest AS d (user_id, wanted, silence_hours, sent_on) VALUES (%s, true, %s, %s)
ON CONFLICT (user_id) DO UPDATE SET sent_on = excluded.sent_on
WHERE d.wanted AND (d.sent_on IS NULL OR d.sent_on < excluded.sent_on)
RETURNING d.silence_hours
"""


letter_register(
    LetterKind(
        name="attention",
        subject="Что остановится и когда: {what} на {day}",
        context=frozenset({"day", "what", "lines", "more", "list_url", "settings_url"}),
    )
)


def digest_of(user: User) -> Digest:
    """What the person wants; the defaults, not stored, if he has never said."""
    return Digest.objects.filter(user=user).first() or Digest(user=user)


@transaction.atomic
def digest_set(*, user: User, wanted: bool, silence_hours: int) -> Digest:
    """Choose whether the letter comes, and after how long a register counts as silent. Raises: SilenceWrong."""
    if not 1 <= silence_hours <= SILENCE_HOURS_MAX:
        raise SilenceWrong(f"Укажите от 1 до {SILENCE_HOURS_MAX} часов")
    row, _ = Digest.objects.update_or_create(
        user=user, defaults={"wanted": wanted, "silence_hours": silence_hours}
    )
    return row


def digests_send(*, now: dt.datetime) -> int:
    """Write the letters that are due, some people at a call; returns how many people were looked at."""
    local = timezone.localtime(now)
    if local.time() < SEND_AT:
        return 0
    with connection.cursor() as sql:
        sql.execute(DUE_SQL, [local.date(), USERS_AT_ONCE])
        due = [number for (number,) in sql.fetchall()]
    for number in due:
        _send(number, local.date(), now)
    return len(due)


@transaction.atomic
def _send(user_id: int, day: dt.date, now: dt.datetime) -> None:
    """Claim the day for a person, and write the letter if there is something to say."""
    with connection.cursor() as sql:
        sql.execute(CLAIM_SQL, [user_id, SILENCE_HOURS, day])
        claimed = sql.fetchone()
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if claimed is None or user is None:
        return
    section = section_of_concerns(user)
    concerns = [] if section is None else concerns_for_user(
        user=user, now=now, section=section, silence_hours=claimed[0]
    )  # fmt: skip
    if not concerns:
        return
    count = len(concerns)
    what = f"{count_text(count)} {plural(count, 'напоминание', 'напоминания', 'напоминаний')}"
    letter_send(
        template="attention",
        recipient=user.email,
        context={
            "day": f"{day:%d.%m.%Y}",
            "what": what,
            "lines": [_line(concern) for concern in concerns[:LINES_MAX]],
            "more": max(0, count - LINES_MAX),
            "list_url": public_url("attention"),
            "settings_url": public_url("digest"),
        },
        now=now,
    )


def section_of_concerns(user: User) -> Section | None:
    """Through which section the person sees registers; None if through none."""
    place = member_or_none(user=user)
    if place is not None:
        return next((one for one in (Section.KKT, Section.MANAGEMENT) if one in place.open_sections), None)
    return None if partner_or_none(user=user) is None else Section.KKT


def _line(concern: Concern) -> dict[str, str]:
    page = f"{concern.kkt_id}/connect/" if concern.to_connect else f"{concern.kkt_id}/"
    return {
        "when": "" if concern.ends_on is None else f"{concern.ends_on:%d.%m.%Y}",
        "kkt": concern.kkt_name,
        "text": concern.text_ru,
        "next": concern.next_ru,
        "url": public_url("kkts") + page,
    }
