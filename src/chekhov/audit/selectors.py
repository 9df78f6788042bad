"""Questions to the journal of deeds: the customer's «Журнал» and the staff's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from chekhov.audit.actions import wording
from chekhov.audit.models import ActorKind, AuditEntry

PAGE_LINES_MAX = 200
STAFF_SHOWN = "Сотрудник оператора"
SYSTEM_SHOWN = "Система"


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalFilter:
    """What to look for; every field narrows. Moments are aware, `until` is not included."""

    actions: Collection[str] = ()
    actor_id: int | None = None
    actor_kind: str = ""
    organisation_id: int | None = None
    object_kind: str = ""
    object_id: str = ""
    since: dt.datetime | None = None
    until: dt.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalLine:
    """An entry as its reader may see it. `address` and the name of a member of staff are for staff only."""

    number: int
    at: dt.datetime
    action: str
    wording: str
    actor_kind: str
    actor_shown: str
    on_behalf_id: int | None
    on_behalf_name: str
    partner_name: str
    organisation_id: int | None
    object_kind: str
    object_id: str
    reason: str
    facts: dict[str, Any] = field(default_factory=dict)
    address: str | None = None


@dataclass(frozen=True, slots=True)
class JournalPage:
    """Lines, the newest first, and the number to ask the next page with; None on the last page."""

    lines: tuple[JournalLine, ...]
    next_before: int | None


def journal_of_account(
    account_id: int, *, narrow: JournalFilter | None = None, before: int | None = None, limit: int = 50
) -> JournalPage:
    """The customer's «Журнал»: deeds upon his account, whoever did them."""
    rows = AuditEntry.objects.filter(account_id=account_id)
    return _page(rows, narrow or JournalFilter(), before, limit, for_staff=False)


def journal_of_organisations(
    organisation_ids: Collection[int],
    *,
    narrow: JournalFilter | None = None,
    before: int | None = None,
    limit: int = 50,
) -> JournalPage:
    """Deeds upon some organisations only, for a partner or an employee who may see just these."""
    rows = AuditEntry.objects.filter(organisation_id__in=list(organisation_ids))
    return _page(rows, narrow or JournalFilter(), before, limit, for_staff=False)


def journal_for_staff(
    *,
    narrow: JournalFilter | None = None,
    account_id: int | None = None,
    before: int | None = None,
    limit: int = 50,
) -> JournalPage:
    """Every deed, with names and addresses."""
    rows = AuditEntry.objects.all()
    if account_id is not None:
        rows = rows.filter(account_id=account_id)
    return _page(rows, narrow or JournalFilter(), before, limit, for_staff=True)


def journal_of_object(
    object_kind: str, object_id: object, *, for_staff: bool, limit: int = 50
) -> JournalPage:
    """The history of one thing. Whether the reader may see the thing is the caller's to know."""
    narrow = JournalFilter(object_kind=object_kind, object_id=str(object_id))
    return _page(AuditEntry.objects.all(), narrow, None, limit, for_staff=for_staff)


def _page(
    rows: QuerySet[AuditEntry], narrow: JournalFilter, before: int | None, limit: int, *, for_staff: bool
) -> JournalPage:
    limit = max(1, min(limit, PAGE_LINES_MAX))
    rows = _narrowed(rows, narrow)
    if before is not None:
        rows = rows.filter(id__lt=before)
    found = list(rows.order_by("-id")[: limit + 1])
    lines = tuple(_line(entry, for_staff=for_staff) for entry in found[:limit])
    return JournalPage(lines, lines[-1].number if len(found) > limit else None)


def _narrowed(rows: QuerySet[AuditEntry], narrow: JournalFilter) -> QuerySet[AuditEntry]:
    wanted: dict[str, Any] = {
        "action__in": list(narrow.actions) or None,
        "actor_id": narrow.actor_id,
        "actor_kind": narrow.actor_kind or None,
        "organisation_id": narrow.organisation_id,
        "object_kind": narrow.object_kind or None,
        "object_id": narrow.object_id or None,
        "at__gte": narrow.since,
        "at__lt": narrow.until,
    }
    return rows.filter(**{name: value for name, value in wanted.items() if value is not None})


def _line(entry: AuditEntry, *, for_staff: bool) -> JournalLine:
    shown = entry.actor_name
    if entry.actor_kind == ActorKind.SYSTEM:
        shown = SYSTEM_SHOWN
    elif entry.actor_kind == ActorKind.STAFF and not for_staff:
        shown = STAFF_SHOWN
    return JournalLine(
        number=entry.pk,
        at=entry.at,
        action=entry.action,
        wording=wording(entry.action),
        actor_kind=entry.actor_kind,
        actor_shown=shown,
        on_behalf_id=entry.on_behalf_id,
        on_behalf_name=entry.on_behalf_name,
        partner_name=entry.partner_name,
        organisation_id=entry.organisation_id,
        object_kind=entry.object_kind,
        object_id=entry.object_id,
        reason=entry.reason,
        facts=entry.facts,
        address=entry.address if for_staff else None,
    )
