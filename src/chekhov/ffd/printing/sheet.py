"""A printed document as data: lines in the order of the paper, for HTML, PDF and a terminal alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

LineKind = Literal["heading", "text", "pair", "item", "rule", "total", "qr", "notice"]
"""*heading*: centred words. *text*: words on the left. *pair*: words and a value on one line. *item*: name of a
line of the receipt. *rule*: a stroke. *total*: a pair in large type. *qr*: `value` is the text of the code.
*notice*: words of ours, which the register's paper does not have."""

Weight = Literal["normal", "strong", "small"]


class PrintedLine(NamedTuple):
    """One line. `text` stands on the left, `value` on the right; `tags`: the requisites it is made of.

    `depth`: 0 for requisites of the document, 1 and more for what stands inside a group.
    """

    kind: LineKind
    text: str = ""
    value: str = ""
    weight: Weight = "normal"
    tags: tuple[int, ...] = ()
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """The whole paper. `title`: name of the document. `is_test`: the drive is a test one («МГМ»)."""

    code: int
    title: str
    lines: tuple[PrintedLine, ...]
    is_test: bool

    @property
    def tags(self) -> tuple[int, ...]:
        """Top-level requisites in the order of the lines."""
        return tuple(tag for line in self.lines if not line.depth for tag in line.tags)


RULE = PrintedLine("rule")
