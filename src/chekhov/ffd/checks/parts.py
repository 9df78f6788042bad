"""Which rules are asked about which document: the register of format control."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from chekhov.ffd.checks import receipts, reports, requisites, sums
from chekhov.ffd.checks.case import Case

Part = Callable[[Case], None]

# Rules of a document by its code, in the order they are told, each with the tags that call it (none: always).
_REPORTS: Final[tuple[tuple[frozenset[int], Part], ...]] = (
    (frozenset({1097}), reports.unsent),
    (frozenset({1157, 1158, 1194}), reports.counters),
)
_REGISTRATION: Final[tuple[tuple[frozenset[int], Part], ...]] = (
    (frozenset(), reports.registration),
    (frozenset(), requisites.rnm_check_digits),
    (frozenset({1017}), requisites.operator_inn),
    (frozenset({1117}), requisites.addresses),
)
_SETTLEMENT: Final[tuple[tuple[frozenset[int], Part], ...]] = (
    (frozenset(), sums.payments_check),
    (frozenset({1173, 1174}), receipts.correction_base),
    (frozenset({1057}), receipts.document_agent),
    (frozenset({1115}), sums.vat_group),
    (frozenset({1125}), receipts.internet),
    (frozenset({2107}), receipts.marking_results),
    (frozenset({1008, 1117}), requisites.addresses),
)
PARTS: Final[dict[int, tuple[tuple[frozenset[int], Part], ...]]] = {
    1: _REGISTRATION,
    11: (*_REGISTRATION, *_REPORTS),
    21: _REPORTS,
    3: _SETTLEMENT,
    4: _SETTLEMENT,
    31: _SETTLEMENT,
    41: _SETTLEMENT,
    5: ((frozenset({1111}), reports.shift_close), *_REPORTS),
    6: _REPORTS,
    7: ((frozenset({1017}), requisites.operator_inn),),
}

ITEM_RULED: Final = receipts.AGENT_TAGS | receipts.MARKING_TAGS | requisites.MASKED_TAGS
"""An item with one of these tags is looked at by more than arithmetic."""


def parts_of(code: int, present: frozenset[int]) -> tuple[Part, ...]:
    """Rules for a document of that code with these tags, in the order they are told."""
    return tuple(part for tags, part in PARTS.get(code, ()) if not tags or tags & present)
