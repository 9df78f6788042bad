"""What the projector writes of reports of registration."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from django.db import connection

from chekhov.kkt.models import Registration

REGISTRATIONS_AT_ONCE_MAX = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationFact:
    """What a report of registration, re-registration or close of the drive says; see `Registration`."""

    fn: str
    fd: int
    code: int
    rnm: str | None = None
    inn: str | None = None
    user_name: str | None = None
    model: str | None = None
    serial: str | None = None
    address: str | None = None
    place: str | None = None
    modes: tuple[int, ...] = ()
    tax_systems: int | None = None
    ffd: int | None = None
    ofd_inn: str | None = None
    ofd_name: str | None = None
    registered_at: dt.datetime | None = None
    reason: int | None = None
    reasons: int | None = None


def registrations_record(*, facts: Sequence[RegistrationFact]) -> None:
    """Write what the projector read from reports. The same fact may come again, in any order.

    Runs inside the caller's transaction, so that the projector's place moves together with it.
    """
    rows = {(fact.fn, fact.fd): fact for fact in facts}
    Registration.objects.bulk_create(
        [Registration(**{**asdict(fact), "modes": list(fact.modes)}) for fact in rows.values()],
        batch_size=REGISTRATIONS_AT_ONCE_MAX,
        update_conflicts=True,
        unique_fields=["fn", "fd"],
        update_fields=[field for field in RegistrationFact.__slots__ if field not in {"fn", "fd"}],
    )


def registrations_forget() -> None:
    """Empty the derived table before a rebuild; the journal holds all of it."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE kkt_registration")
