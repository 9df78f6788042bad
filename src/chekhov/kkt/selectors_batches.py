"""Questions about tables of registers: how far they are, and their rows, paged by number."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from chekhov.kkt.models import ApplicationKind, Batch, BatchRow


@dataclass(frozen=True, slots=True)
class BatchCounts:
    """The blocks of the result page: rows that can be connected or were, by application, and those refused."""

    registrations: int
    reregistrations: int
    refused: int
    added: int


@dataclass(frozen=True, slots=True)
class BatchPage:
    """Rows in the order of the file. `next_number`: what to give as `after` for more; None: that was all."""

    rows: list[BatchRow]
    next_number: int | None


def batch_counts(batch: Batch) -> BatchCounts:
    """How many rows of each kind."""
    fine = Q(errors=[])
    found = batch.rows.aggregate(
        registrations=Count("pk", filter=fine & Q(kind=ApplicationKind.REGISTRATION)),
        reregistrations=Count("pk", filter=fine & Q(kind=ApplicationKind.REREGISTRATION)),
        refused=Count("pk", filter=~fine),
        added=Count("pk", filter=Q(kkt__isnull=False)),
    )
    return BatchCounts(**found)


def batch_rows_page(
    batch: Batch, *, kind: str = "", refused: bool | None = None, after: int = 0, limit: int = 50
) -> BatchPage:
    """Rows of the table. kind: of one application. refused: only those with errors, or only those without."""
    rows = batch.rows.filter(number__gt=after).select_related("kkt").order_by("number")
    if kind:
        rows = rows.filter(kind=kind)
    if refused is not None:
        rows = rows.exclude(errors=[]) if refused else rows.filter(errors=[])
    found = list(rows[: limit + 1])
    return BatchPage(found[:limit], found[limit - 1].number if len(found) > limit else None)
