"""The customer's application to stop serving a register («Заявление о прекращении обслуживания ККТ»), on paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from chekhov.papers import typeset
from chekhov.papers.party import Party
from chekhov.papers.words import date_words, initials


@dataclass(frozen=True, slots=True, kw_only=True)
class StopServiceSheet:
    """`register`: word and value, as «РНМ», «ЗН ККТ», «Место установки».

    `application_number` tells the operator which application the letter belongs to; None: only to be read.
    """

    application_number: int | None
    contract_number: int
    signed_on: dt.date
    register: Sequence[tuple[str, str]]
    customer: Party
    operator: Party
    send_to: str

    def as_data(self) -> dict[str, object]:
        """What the template gets."""
        return {
            "number": "б/н" if self.application_number is None else str(self.application_number),
            "contract": f"№ {self.contract_number} от {date_words(self.signed_on)}",
            "register": [{"word": word, "value": value} for word, value in self.register],
            "customer": {"name": self.customer.name, "inn": self.customer.inn},
            "operator": {
                "name": self.operator.name,
                "head_position": self.operator.head_position,
                "head": initials(self.operator.head),
            },
            "signer": {"position": self.customer.head_position, "name": initials(self.customer.head)},
            "send_to": self.send_to,
        }


def stop_service_pdf(sheet: StopServiceSheet, *, made_at: dt.datetime) -> bytes:
    """The application as PDF. Raises: PaperNotSet."""
    return typeset.pdf("stop_service", sheet.as_data(), made_at=made_at)
