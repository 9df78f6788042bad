"""How often letters may be asked for. Counted alike for known and unknown addresses, so nothing is learnt."""

from __future__ import annotations

import datetime as dt
import ipaddress

from chekhov.accounts.errors import TooOften
from chekhov.accounts.models import Account, EmailLink, Invitation, LinkPurpose, RecoveryRequest, Registration
from chekhov.db.locks import transaction_lock

HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
LETTERS_AN_HOUR_PER_EMAIL_MAX = 3
LETTERS_A_DAY_PER_EMAIL_MAX = 10
REQUESTS_AN_HOUR_PER_ADDRESS_MAX = 20
INVITATIONS_A_DAY_PER_ACCOUNT_MAX = 100
IPV6_NETWORK_BITS = 64
"""One subscriber has at least a /64 and may use any address of it."""


def registration_allow(*, email: str, address: str | None, now: dt.datetime) -> None:
    """Raises: TooOften. Inside the deed's transaction: whoever asks for the same address waits his turn."""
    transaction_lock(f"accounts.letters:{email.lower()}", f"accounts.registrations:{address}")
    _links_allow(email, LinkPurpose.REGISTRATION, now)
    if address is not None:
        _allow(
            Registration.objects.filter(address=address, asked_at__gt=now - HOUR).count(),
            REQUESTS_AN_HOUR_PER_ADDRESS_MAX,
        )


def invitation_allow(*, email: str, account: Account, now: dt.datetime) -> None:
    """Raises: TooOften."""
    transaction_lock(f"accounts.letters:{email.lower()}", f"accounts.invitations:{account.pk}")
    _links_allow(email, LinkPurpose.INVITATION, now)
    _allow(
        Invitation.objects.filter(account=account, invited_at__gt=now - DAY).count(),
        INVITATIONS_A_DAY_PER_ACCOUNT_MAX,
    )


def password_set_allow(*, email: str, now: dt.datetime) -> None:
    """Raises: TooOften. For letters that staff send to people they have entered."""
    transaction_lock(f"accounts.letters:{email.lower()}")
    _links_allow(email, LinkPurpose.PASSWORD_SET, now)


def recovery_allow(*, email: str, address: str | None, now: dt.datetime) -> None:
    """Raises: TooOften."""
    transaction_lock(f"accounts.letters:{email.lower()}", f"accounts.recoveries:{address}")
    rows = RecoveryRequest.objects.filter(email=email.lower())
    _allow(rows.filter(asked_at__gt=now - HOUR).count(), LETTERS_AN_HOUR_PER_EMAIL_MAX)
    _allow(rows.filter(asked_at__gt=now - DAY).count(), LETTERS_A_DAY_PER_EMAIL_MAX)
    if address is not None:
        _allow(
            RecoveryRequest.objects.filter(address=address, asked_at__gt=now - HOUR).count(),
            REQUESTS_AN_HOUR_PER_ADDRESS_MAX,
        )


def address_clean(address: str | None) -> str | None:
    """The address in its one form, or None if it is none: it comes from the far side."""
    try:
        return str(ipaddress.ip_address(address)) if address else None
    except ValueError:
        return None


def network_of(address: str | None) -> str | None:
    """The place of the net that counts as one: an address, or the network of an IPv6 one; None if it is none."""
    clean = address_clean(address)
    if clean is None or ipaddress.ip_address(clean).version == 4:
        return clean
    return str(ipaddress.ip_network((clean, IPV6_NETWORK_BITS), strict=False))


def _links_allow(email: str, purpose: LinkPurpose, now: dt.datetime) -> None:
    rows = EmailLink.objects.filter(email=email.lower(), purpose=purpose)
    _allow(rows.filter(created_at__gt=now - HOUR).count(), LETTERS_AN_HOUR_PER_EMAIL_MAX)
    _allow(rows.filter(created_at__gt=now - DAY).count(), LETTERS_A_DAY_PER_EMAIL_MAX)


def _allow(count: int, most: int) -> None:
    if count >= most:
        raise TooOften
