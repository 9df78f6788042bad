"""A receipt by what is printed on it: for whoever holds the paper, without a log-in."""

from __future__ import annotations

from chekhov.ffd.versions import RECEIPTS
from chekhov.fiscal.models import FiscalDocument


def receipt_printed(
    *, fn: str, fd: int, fiscal_sign: int, total_kopecks: int | None = None
) -> FiscalDocument | None:
    """The receipt or БСО with exactly these numbers, with its bytes; None if any of them differs.

    All numbers are compared by the one statement, so an unknown document and a wrong sign are answered alike and
    take the same time. `total_kopecks` None: not compared.
    """
    rows = FiscalDocument.objects.filter(fn=fn, fd=fd, fpd=fiscal_sign, code__in=RECEIPTS)
    if total_kopecks is not None:
        rows = rows.filter(total_kopecks=total_kopecks)
    return rows.first()
