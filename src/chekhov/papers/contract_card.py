"""The card of a contract as one page: who, since when, which registers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from chekhov.papers import typeset
from chekhov.papers.party import Party
from chekhov.papers.words import date_figures, date_words


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterLine:
    """A register under the contract; numbers are strings of digits, empty while not given."""

    name: str
    rnm: str = ""
    serial: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractCardSheet:
    """`state`: as shown to the customer, «Заключен»."""

    contract_number: int
    signed_on: dt.date
    state: str
    starts_on: dt.date
    customer: Party
    operator: Party
    ends_on: dt.date | None = None
    registers: Sequence[RegisterLine] = ()

    def as_data(self) -> dict[str, object]:
        """What the template gets."""
        return {
            "title": f"Договор № {self.contract_number} от {date_figures(self.signed_on)}",
            "state": self.state,
            "starts": date_words(self.starts_on),
            "ends": "" if self.ends_on is None else date_words(self.ends_on),
            "customer": {"name": self.customer.name, "facts": self.customer.facts()},
            "operator": {"name": self.operator.name, "inn": self.operator.inn},
            "registers": [
                {"name": line.name, "rnm": line.rnm, "serial": line.serial} for line in self.registers
            ],
        }


def contract_card_pdf(sheet: ContractCardSheet, *, made_at: dt.datetime) -> bytes:
    """The card as PDF. Raises: PaperNotSet."""
    return typeset.pdf("contract_card", sheet.as_data(), made_at=made_at)
