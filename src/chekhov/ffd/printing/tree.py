"""The tags of a document as rows: for `chekhov decode` and for the page that shows a document's bytes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from chekhov.ffd.documents import Document
from chekhov.ffd.printing.troubles import defect_words
from chekhov.ffd.printing.wording import human_with_code, tag_name
from chekhov.ffd.tags import TAGS


class TreeRow(NamedTuple):
    """One element. `offset`: of its header from the first byte of the document. `length`: bytes of the value.

    `name`: in Russian, «реквизит 9999» for an unknown one; `key`: in the tax service's JSON, "" without one.
    `value`: in words, empty for a group. `raw`: the value's bytes in hexadecimal, empty for a group, whose
    members show them. `defects`: what reading found wrong with the value, in Russian.
    """

    depth: int
    tag: int
    name: str
    key: str
    value: str
    raw: str
    offset: int
    length: int
    is_known: bool
    defects: tuple[str, ...]


def tree(document: Document) -> list[TreeRow]:
    """Rows of a document in the order of its bytes, groups before their members."""
    defects: dict[int, list[str]] = {}
    for defect in document.defects:
        defects.setdefault(defect.offset, []).append(defect.code)
    return list(_rows(document.nodes, 0, document.issued_at, defects))


def _rows(
    nodes: Any, depth: int, issued_at: datetime | None, defects: dict[int, list[str]]
) -> Iterator[TreeRow]:
    for node in nodes:
        known = TAGS.get(node.tag)
        inside = isinstance(node.value, tuple)
        yield TreeRow(
            depth=depth,
            tag=node.tag,
            name=tag_name(node.tag, issued_at),
            key=(known.key or "") if known else "",
            value=human_with_code(node.tag, node.value, issued_at),
            raw="" if inside else node.raw.hex(),
            offset=node.offset,
            length=len(node.raw),
            is_known=known is not None,
            defects=tuple(
                defect_words(code, tag=node.tag, length=len(node.raw))
                for code in defects.get(node.offset, ())
            ),
        )
        if inside:
            yield from _rows(node.value, depth + 1, issued_at, defects)
