"""What format control says about a document, and what it was told besides the document's bytes."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal, NamedTuple

Severity = Literal["error", "warning", "notice"]

SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "notice")


class Rule(NamedTuple):
    """One rule of format control. `code` is stable: it is stored, searched and counted.

    `severity`: *error* is given only where the rule is verified and certain, so that no correct document of
    a foreign register gets one; *warning* where the rule is stated by a source; *notice* where the source is
    uncertain or the requisite is conditional. `text_ru`: what is wrong, in general.
    """

    code: str
    severity: Severity
    text_ru: str
    source: str


class Finding(NamedTuple):
    """One thing that is wrong at one place of one document.

    `path`: from the document's name in the tax service's JSON, e.g. `receipt.items[2].quantity`, counted from
    zero; a requisite without a JSON name stands by its number. `tag`: the requisite, None for the whole document.
    """

    path: str
    tag: int | None
    code: str
    severity: Severity
    text_ru: str
    source: str


class Known(NamedTuple):
    """Facts from outside the document; each is optional, and a rule that needs an absent one is silent.

    `received_at`: aware moment of arrival. `taxation`: mask 1062 of the register's registration.
    `kkt_serial`: serial number of the register (1013), for the check digits of РНМ.
    """

    received_at: datetime | None = None
    taxation: int | None = None
    kkt_serial: str | None = None


NOTHING_KNOWN: Final = Known()


def worst(findings: list[Finding] | tuple[Finding, ...]) -> Severity | None:
    """The gravest severity among the findings; None when there are none."""
    present = {finding.severity for finding in findings}
    return next((severity for severity in SEVERITIES if severity in present), None)
