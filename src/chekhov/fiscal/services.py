"""Deeds of staff upon what was received. The journal itself is written by `journal`, derived by `projector`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.db import transaction

from chekhov.accounts.models import User
from chekhov.fiscal import projector
from chekhov.fiscal.errors import QuarantinedNotFound, QuarantinedResolved
from chekhov.fiscal.models import Quarantined


@transaction.atomic
def quarantine_resolve(*, quarantined_id: int, by: User, note: str, now: dt.datetime) -> Quarantined:
    """Mark a quarantined message as dealt with. `now`: aware UTC.

    Raises: QuarantinedNotFound, QuarantinedResolved.
    """
    row = Quarantined.objects.select_for_update().defer("raw").filter(id=quarantined_id).first()
    if row is None:
        raise QuarantinedNotFound(quarantined_id)
    if row.resolved_at is not None:
        raise QuarantinedResolved(quarantined_id)
    row.resolved_at, row.resolved_by, row.resolution = now, by, note.strip()
    row.save(update_fields=["resolved_at", "resolved_by", "resolution"])
    return row


def projections_rebuild(*, progress: Callable[[int], None] | None = None) -> int:
    """Derive everything anew from the journal («chekhov rebuild»); returns how many documents were read.

    `progress` is told the number so far.
    """
    return projector.rebuild(progress=progress)
