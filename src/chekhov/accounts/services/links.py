"""One-time links in letters: made, looked at, taken, revoked."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from chekhov.accounts.errors import LinkExpired, LinkUnknown, LinkUsed
from chekhov.accounts.models import EmailLink, LinkPurpose, User
from chekhov.accounts.secrecy import token_hash, token_make
from chekhov.db.locks import transaction_lock

LINK_HOURS: dict[LinkPurpose, int] = {
    LinkPurpose.REGISTRATION: 48,
    LinkPurpose.INVITATION: 48,
    LinkPurpose.RECOVERY: 24,
    LinkPurpose.PASSWORD_SET: 48,
}
PATH_NAMES = {
    LinkPurpose.REGISTRATION: "registration",
    LinkPurpose.INVITATION: "invitation",
    LinkPurpose.RECOVERY: "recovery_link",
    LinkPurpose.PASSWORD_SET: "password_set",
}


def public_url(name: str, token: str = "") -> str:
    """The full address of a page by its name in PUBLIC_PATHS."""
    path: str = settings.PUBLIC_PATHS[name]
    return f"{settings.PUBLIC_URL}{path.format(token=token)}"


@transaction.atomic
def link_make(
    *, purpose: LinkPurpose, email: str, user: User | None, now: dt.datetime
) -> tuple[EmailLink, str]:
    """A new link and its full address. The address is a secret: it goes into a letter and nowhere else."""
    token = token_make()
    link = EmailLink.objects.create(
        purpose=purpose,
        token_hash=token_hash(token),
        email=email.lower(),
        user=user,
        created_at=now,
        expires_at=now + dt.timedelta(hours=LINK_HOURS[purpose]),
    )
    return link, public_url(PATH_NAMES[purpose], token)


def link_check(link: EmailLink | None, *, now: dt.datetime) -> EmailLink:
    """The link, if it can be followed. Raises: LinkUnknown, LinkUsed, LinkExpired."""
    if link is None:
        raise LinkUnknown
    if link.used_at is not None:
        raise LinkUsed
    if link.revoked_at is not None or link.expires_at <= now:
        raise LinkExpired
    return link


def person_lock(email: str) -> None:
    """Whoever changes who is behind an e-mail (its person, his password, his links) waits his turn here first.

    One lock before all rows, so that two deeds never wait for each other in a ring.
    """
    transaction_lock(f"accounts.person:{email.lower()}")


def link_take(*, token: str, purpose: LinkPurpose, now: dt.datetime) -> EmailLink:
    """Use a link up, inside the deed's transaction: if that fails, the link stays good.

    Of two who follow it together one waits here and is told that it is used.
    Raises: LinkUnknown, LinkUsed, LinkExpired.
    """
    rows = EmailLink.objects.filter(purpose=purpose, token_hash=token_hash(token))
    email = rows.values_list("email", flat=True).first()
    if email is None:
        raise LinkUnknown
    person_lock(email)
    link = link_check(rows.select_for_update(of=("self",)).first(), now=now)
    link.used_at = now
    link.save(update_fields=["used_at"])
    return link


def links_revoke(
    *, email: str, now: dt.datetime, user: User | None = None, purposes: tuple[LinkPurpose, ...] = ()
) -> int:
    """Make the unused links of a person void: all, or those of some purposes; returns how many."""
    owner = Q(email=email.lower()) if user is None else Q(email=email.lower()) | Q(user=user)
    rows = EmailLink.objects.filter(owner, used_at=None, revoked_at=None)
    if purposes:
        rows = rows.filter(purpose__in=purposes)
    return rows.update(revoked_at=now)
