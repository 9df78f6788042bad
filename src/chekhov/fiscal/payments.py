"""The five kinds of payment of a receipt («форма расчёта»), as data."""

from __future__ import annotations

from enum import IntEnum
from typing import Final


class Payment(IntEnum):
    """The tag that holds its sum."""

    CASH = 1031
    ELECTRONIC = 1081
    PREPAID = 1215
    CREDIT = 1216
    PROVISION = 1217

    @property
    def label(self) -> str:
        """Russian words for pages."""
        return WORDS[self]

    @property
    def column(self) -> str:
        """Where the derived tables keep its sum."""
        return COLUMNS[self]


WORDS: Final[dict[Payment, str]] = {
    Payment.CASH: "Наличными",
    Payment.ELECTRONIC: "Безналичными",
    Payment.PREPAID: "Предоплата (аванс)",
    Payment.CREDIT: "Постоплата (кредит)",
    Payment.PROVISION: "Встречное предоставление",
}
COLUMNS: Final[dict[Payment, str]] = {
    Payment.CASH: "cash_kopecks",
    Payment.ELECTRONIC: "ecash_kopecks",
    Payment.PREPAID: "prepaid_kopecks",
    Payment.CREDIT: "credit_kopecks",
    Payment.PROVISION: "provision_kopecks",
}
