"""Questions about tables of registers: how many rows of each kind, and the rows, paged by number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, Q

from chekhov.kkt.models import Batch, BatchRow

CHUNK: Final = 2_000


@dataclass(frozen=True, slots=True)
class BatchCount:
    """Rows of one application, and those of them with errors."""

    total: int
    refused: int


@dataclass(frozen=True, slots=True)
class BatchPage:
    """Rows in the order of the file. `next_number`: what to give as `after` for more; None: that was all."""

    rows: list[BatchRow]
    next_number: int | None


def batch_counts(batch: Batch) -> dict[str, BatchCount]:
    """How many rows there are of each kind of application; "": it is not told."""
    found = (
        batch.rows.order_by()
        .values_list("kind")
        .annotate(total=Count("id"), refused=Count("id", filter=~Q(errors=[])))
    )
    return {kind: BatchCount(total, refused) for kind, total, refused in found}


def batch_rows_page(
    batch: Batch, *, kind: str, only_refused: bool = False, after: int = 0, limit: int = 50
) -> BatchPage:
    """Rows of one application; only_refused: only those with errors."""
    rows = batch.rows.filter(kind=kind, number__gt=after).order_by("number")
    if only_refused:
        rows = rows.exclude(errors=[])
    found = list(rows[: limit + 1])
    return BatchPage(found[:limit], found[limit - 1].number if len(found) > limit else None)


def batch_rows_refused(batch: Batch) -> Iterator[BatchRow]:
    """All rows with errors, read as they are asked for."""
    return batch.rows.exclude(errors=[]).order_by("number").iterator(CHUNK)
