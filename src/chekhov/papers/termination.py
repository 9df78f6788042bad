"""The customer's application to end the contract («Заявление о расторжении договора»), to sign on paper."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from chekhov.papers import typeset
from chekhov.papers.party import Party
from chekhov.papers.words import date_words, initials


@dataclass(frozen=True, slots=True, kw_only=True)
class TerminationSheet:
    """`application_number` tells the operator which application the letter belongs to; None: only to be read."""

    application_number: int | None
    contract_number: int
    signed_on: dt.date
    customer: Party
    operator: Party
    send_to: str

    def as_data(self) -> dict[str, object]:
        """What the template gets."""
        return {
            "number": "б/н" if self.application_number is None else str(self.application_number),
            "contract": f"№ {self.contract_number} от {date_words(self.signed_on)}",
            "customer": {"name": self.customer.name, "facts": self.customer.facts()},
            "operator": {
                "name": self.operator.name,
                "head_position": self.operator.head_position,
                "head": initials(self.operator.head),
            },
            "signer": {"position": self.customer.head_position, "name": initials(self.customer.head)},
            "send_to": self.send_to,
        }


def termination_pdf(sheet: TerminationSheet, *, made_at: dt.datetime) -> bytes:
    """The application as PDF. Raises: PaperNotSet."""
    return typeset.pdf("termination", sheet.as_data(), made_at=made_at)
