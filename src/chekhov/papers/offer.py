"""The contract-offer («Договор-оферта на обработку фискальных данных»): by itself, or as somebody's contract."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from chekhov.papers import typeset
from chekhov.papers.party import Party
from chekhov.papers.words import date_figures, date_words

HEADING = "# "


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """Who joined: number and day of the contract, the customer, and who accepted when (local time)."""

    contract_number: int
    signed_on: dt.date
    customer: Party
    accepted_by: str
    accepted_at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferSheet:
    """A version of the offer. `text`: paragraphs parted by empty lines; «# » begins a heading.

    With `joining` it is the contract of one customer.
    """

    title: str
    text: str
    version: int
    published_on: dt.date
    operator: Party
    joining: Joining | None = None

    def as_data(self) -> dict[str, object]:
        """What the template gets."""
        return {
            "title": self.title,
            "blocks": offer_blocks(self.text),
            "version": str(self.version),
            "published": date_words(self.published_on),
            "operator": {"name": self.operator.name, "facts": self.operator.facts()},
            "joining": None if self.joining is None else _joining_data(self.joining),
        }


def offer_pdf(sheet: OfferSheet, *, made_at: dt.datetime) -> bytes:
    """The offer or the contract as PDF. Raises: PaperNotSet."""
    return typeset.pdf("offer", sheet.as_data(), made_at=made_at)


def offer_blocks(text: str) -> list[dict[str, str]]:
    """Headings and paragraphs of the text; lines inside a paragraph are joined."""
    blocks = []
    for part in text.replace("\r\n", "\n").split("\n\n"):
        lines = [line.strip() for line in part.split("\n") if line.strip()]
        while lines and lines[0].startswith(HEADING):
            blocks.append({"kind": "heading", "text": lines.pop(0).removeprefix(HEADING).strip()})
        if lines:
            blocks.append({"kind": "paragraph", "text": " ".join(lines)})
    return blocks


def _joining_data(joining: Joining) -> dict[str, object]:
    return {
        "number": str(joining.contract_number),
        "signed": date_words(joining.signed_on),
        "customer": {"name": joining.customer.name, "facts": joining.customer.facts()},
        "accepted_by": joining.accepted_by,
        "accepted": f"{date_figures(joining.accepted_at.date())} {joining.accepted_at:%H:%M:%S}",
    }
