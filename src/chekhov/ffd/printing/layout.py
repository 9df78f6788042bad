"""From a decoded document to a sheet: any form, any version, nothing lost.

Each top-level requisite is printed exactly once, repeated ones as often as they came; the values are those of
the bytes. Requisites that no table knows stand at the end.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from chekhov.ffd.documents import Document
from chekhov.ffd.printing import items, order
from chekhov.ffd.printing.sheet import RULE, PrintedLine, Sheet, Weight
from chekhov.ffd.printing.wording import human, tag_name, title_of, total_name
from chekhov.ffd.qr import NoQr, qr_text
from chekhov.ffd.versions import RECEIPTS
from chekhov.tlv import Node

_ITEM: Final = 1059
_TITLE: Final = 1000
_VAT_GROUP: Final = 1115
_TEST_PREFIX: Final = "9999"


def printed(document: Document) -> Sheet:
    """The paper of a document. Never raises for a decoded document."""
    page = _Page(document)
    title = page.title()
    page.notice_of_test()
    page.lines.append(PrintedLine("heading", title, weight="strong", tags=page.take_tags(_TITLE)))
    if document.code in RECEIPTS:
        page.receipt()
    else:
        for section in order.REPORTS.get(document.code, ()):
            page.section(section)
    page.rest()
    return Sheet(document.code, title, tuple(page.lines), page.is_test)


class _Page:
    """The lines so far, and the nodes that are not printed yet."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.issued_at: datetime | None = document.issued_at
        self.lines: list[PrintedLine] = []
        self.is_test = document.fn_serial.startswith(_TEST_PREFIX)
        self.waiting: dict[int, list[Node]] = {}
        for node in document.nodes:
            self.waiting.setdefault(node.tag, []).append(node)

    def take(self, tag: int) -> list[Node]:
        """The nodes of a tag, in their order; they count as printed from here on."""
        return self.waiting.pop(tag, [])

    def take_tags(self, tag: int) -> tuple[int, ...]:
        """The tag once for each node of it."""
        return tuple(node.tag for node in self.take(tag))

    def title(self) -> str:
        """Name of the document: as sent in 1000, which registers rarely do, or as the law has it."""
        sent = self.document.get(_TITLE)
        return sent.strip() if isinstance(sent, str) and sent.strip() else title_of(self.document.code)

    def notice_of_test(self) -> None:
        """A test drive signs with no power of law; the paper says so first."""
        if self.is_test:
            self.lines.append(PrintedLine("notice", "Тестовый ФН: документ не имеет фискальной силы"))

    def stroke(self) -> None:
        """A rule, unless there is one already or nothing above it."""
        if self.lines and self.lines[-1] is not RULE:
            self.lines.append(RULE)

    def section(self, rows: Iterable[order.Row]) -> None:
        """The requisites of a section that the document has, under a stroke."""
        present = [(row, node) for row in rows for node in self.take(row.tag)]
        if not present:
            return
        self.stroke()
        for row, node in present:
            self.row(row, node)

    def row(self, row: order.Row, node: Node) -> None:
        """One requisite, and what is inside it."""
        word = row.word or tag_name(node.tag, self.issued_at)
        value = human(node.tag, node.value, self.issued_at)
        tags = (node.tag,)
        if isinstance(node.value, tuple):
            self.lines.append(PrintedLine("text", word, weight=row.weight, tags=tags))
            self.members(node.value, 1)
        elif row.look == "heading":
            self.lines.append(PrintedLine("heading", value, weight=row.weight, tags=tags))
        elif row.look == "text":
            self.lines.append(PrintedLine("text", value, weight=row.weight, tags=tags))
        elif row.look == "total":
            self.lines.append(PrintedLine("total", word, value, weight=row.weight, tags=tags))
        else:
            weight: Weight = "small" if row.tag in order.PAYMENTS and not node.value else row.weight
            self.lines.append(PrintedLine("pair", word, value, weight=weight, tags=tags))

    def members(self, nodes: Any, depth: int) -> None:
        """What is inside a group, each on a line of its own."""
        for node in nodes:
            word = tag_name(node.tag, self.issued_at)
            if isinstance(node.value, tuple):
                self.lines.append(PrintedLine("text", word, weight="small", tags=(node.tag,), depth=depth))
                self.members(node.value, depth + 1)
            else:
                value = human(node.tag, node.value, self.issued_at)
                self.lines.append(PrintedLine("pair", word, value, "small", (node.tag,), depth))

    def receipt(self) -> None:
        """A receipt, БСО or correction: head, items, total, taxes, the rest, numbers, QR code."""
        self.section(order.HEAD)
        self.section(order.RECEIPT_HEAD)
        positions = self.take(_ITEM)
        if positions:
            self.stroke()
        for number, node in enumerate(positions, start=1):
            self.lines.extend(items.item_lines(number, node, self.issued_at))
        self.section(order.RECEIPT_TOTALS)
        self.taxes()
        self.section(order.RECEIPT_TAIL)
        self.section(order.NUMBERS)
        try:
            text = qr_text(self.document)
        except NoQr:
            return
        self.lines.append(PrintedLine("qr", value=text))

    def taxes(self) -> None:
        """Totals by rate, those of 1115 among them, in the words of the day.

        A zero «НДС 0%» beside 1115 is a formality of the format and is set small.
        """
        grouped = _VAT_GROUP in self.waiting
        for row in order.RECEIPT_VAT:
            word = total_name(row.tag, self.issued_at)
            for node in self.take(row.tag):
                if node.tag == _VAT_GROUP and isinstance(node.value, tuple):
                    self.lines.extend(items.vat_lines(node, self.issued_at))
                else:
                    weight: Weight = "small" if grouped and not node.value else "normal"
                    self.row(order.Row(row.tag, word, row.look, weight), node)

    def rest(self) -> None:
        """Whatever no table knows, in the order of the bytes."""
        left = [node for node in self.document.nodes if node.tag in self.waiting]
        if not left:
            return
        self.stroke()
        self.lines.append(PrintedLine("text", "Прочие реквизиты", weight="strong"))
        for node in left:
            self.row(order.Row(node.tag, f"{node.tag} {tag_name(node.tag, self.issued_at)}"), node)
        self.waiting.clear()
