"""Counters of a drive («счетчики итогов»): counts and sums by kind of settlement.

Shapes by docs/formats/documents.md section 9. VAT of 5, 7 and 22 % has no counter tags there, so these sums are
in the totals only.
"""

from __future__ import annotations

from operator import add, sub
from typing import Any, NamedTuple, Self

OPERATIONS = (1, 2, 3, 4)
"""Tag 1054: приход, возврат прихода, расход, возврат расхода; group tags below are in this order."""

OPERATION_GROUPS = (1129, 1130, 1131, 1132)
CORRECTION_GROUPS = (1145, 1232, 1146, 1233)
MEANS_TAGS = (1136, 1138, 1218, 1219, 1220)
VAT_TAGS = (1139, 1140, 1141, 1142, 1143, 1183)
"""Counters of the rates with codes 1..6, in the order of the codes."""

Pairs = list[tuple[int, Any]]


class Totals(NamedTuple):
    """Of one kind of settlement. All but `documents` are kopecks; `zero_rate` and `untaxed` are turnovers."""

    documents: int = 0
    total: int = 0
    cash: int = 0
    cashless: int = 0
    prepaid: int = 0
    credit: int = 0
    provision: int = 0
    vat_20: int = 0
    vat_10: int = 0
    vat_20_120: int = 0
    vat_10_110: int = 0
    zero_rate: int = 0
    untaxed: int = 0

    def plus(self, other: Totals) -> Totals:
        """Both together."""
        return Totals._make(map(add, self, other))

    def minus(self, other: Totals) -> Totals:
        """Without what `other` holds. Raises ValueError when that was never in it."""
        rest = Totals._make(map(sub, self, other))
        if min(rest) < 0:
            raise ValueError("counters below zero")
        return rest

    def fields(self, *, with_vat: bool) -> Pairs:
        """The group's requisites: documents and total always, the rest when not zero."""
        pairs: Pairs = [(1135, self.documents), (1201, self.total)]
        pairs += [(tag, value) for tag, value in zip(MEANS_TAGS, self[2:7], strict=True) if value]
        if with_vat:
            pairs += [(tag, value) for tag, value in zip(VAT_TAGS, self[7:], strict=True) if value]
        return pairs


NOTHING = Totals()
FOUR = (NOTHING, NOTHING, NOTHING, NOTHING)


class Turnover(NamedTuple):
    """Receipts and corrections apart, four kinds of settlement each, in the order of tag 1054."""

    receipts: tuple[Totals, ...] = FOUR
    corrections: tuple[Totals, ...] = FOUR

    @property
    def documents(self) -> int:
        """Tag 1134: all receipts and corrections."""
        return sum(each.documents for each in self.receipts) + sum(
            each.documents for each in self.corrections
        )

    def plus(self, operation: int, totals: Totals, *, correction: bool) -> Self:
        """With one more document of this kind."""
        if correction:
            return self._replace(corrections=_with(self.corrections, operation, totals))
        return self._replace(receipts=_with(self.receipts, operation, totals))

    def fields(self) -> Pairs:
        """Contents of 1157 and 1194."""
        pairs: Pairs = [(1134, self.documents)]
        pairs += [
            (tag, totals.fields(with_vat=True))
            for tag, totals in zip(OPERATION_GROUPS, self.receipts, strict=True)
        ]
        pairs.append((1133, correction_fields(self.corrections)))
        return pairs


def _with(four: tuple[Totals, ...], operation: int, totals: Totals) -> tuple[Totals, ...]:
    at = operation - 1
    return (*four[:at], four[at].plus(totals), *four[at + 1 :])


def correction_fields(four: tuple[Totals, ...]) -> Pairs:
    """Contents of 1133 and 1158: the count of all, and a group for each kind that occurred."""
    pairs: Pairs = [(1144, sum(each.documents for each in four))]
    pairs += [
        (tag, totals.fields(with_vat=False))
        for tag, totals in zip(CORRECTION_GROUPS, four, strict=True)
        if totals.documents
    ]
    return pairs
