"""One examination of one document: what the rules read and where they write."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from chekhov.ffd.checks.catalogue import RULES
from chekhov.ffd.checks.finding import Finding, Known
from chekhov.ffd.documents import Document
from chekhov.ffd.tags import TAGS
from chekhov.tlv import Kind, Nodes, Plain

Values = dict[int, Any]
"""Tag -> its first value, of one level of nesting."""

ROOTS: Final = {
    1: "fiscalReport",
    11: "fiscalReportCorrection",
    2: "openShift",
    21: "currentStateReport",
    3: "receipt",
    31: "receiptCorrection",
    4: "bso",
    41: "bsoCorrection",
    5: "closeShift",
    6: "closeArchive",
    7: "operatorAck",
    81: "markRequest",
    82: "markNotice",
    83: "markAnswer",
    84: "markTicket",
}
"""Document code -> first word of a finding's path: the name in the tax service's JSON, ours where it has none."""


def root_of(code: int) -> str:
    """First word of the paths of a document of that code."""
    return ROOTS.get(code, f"document{code}")


def key_of(tag: int) -> str:
    """The word of a tag in a path: its JSON key, or the number."""
    known = TAGS.get(tag)
    return known.key if known and known.key else str(tag)


class Case:
    """The document under examination, its values by tag, and the findings so far.

    `first`: top-level values, without those that could not be read. `items`: the nodes of 1059.
    `vat_sums`: what 1115 holds when it is as it should be: code of a rate -> its sum.
    """

    __slots__ = ("document", "first", "found", "items", "known", "vat_sums")

    def __init__(self, document: Document, known: Known, first: Values, items: list[Plain]) -> None:
        """Start with no findings."""
        self.document = document
        self.known = known
        self.first = first
        self.items = items
        self.found: list[Finding] = []
        self.vat_sums: dict[int, int] | None = None

    def add(self, code: str, tag: int | None = None, detail: str = "", *, within: str = "") -> None:
        """Write a finding down. `within`: path below the document's name, e.g. `items[2]`."""
        rule = RULES[code]
        path = root_of(self.document.code)
        if within:
            path = f"{path}.{within}"
        if tag is not None:
            path = f"{path}.{key_of(tag)}"
        text = f"{rule.text_ru}: {detail}" if detail else rule.text_ru
        self.found.append(Finding(path, tag, code, rule.severity, text, rule.source))

    def number(self, tag: int) -> int:
        """A top-level number, zero when absent."""
        value = self.first.get(tag, 0)
        return value if isinstance(value, int) else 0


def values_of(nodes: Nodes) -> Values:
    """Tag -> value of the first node with that tag; nodes of one level."""
    return nodes.first()


_BYTES_KINDS: Final = frozenset({Kind.BYTES, Kind.RAW})


def reads_as_bytes(tag: int) -> bool:
    """Whether bytes are what a tag's value should be; of an unknown tag they are."""
    known = TAGS.get(tag)
    return known is None or known.kind in _BYTES_KINDS


def unreadable_dropped(values: Values) -> Values:
    """The values without those that stayed bytes because they could not be read."""
    return {
        tag: value for tag, value in values.items() if not isinstance(value, bytes) or reads_as_bytes(tag)
    }


def number_text(value: int | Decimal) -> str:
    """A number for the sentence of a finding, never in exponent form."""
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
