"""A fiscal document as pages show it: paper with its QR code, tree of tags, JSON. For both doors and for letters."""

from __future__ import annotations

import json
from dataclasses import dataclass

import segno
from django.utils.safestring import SafeString, mark_safe

from chekhov.errors import ChekhovError
from chekhov.ffd.documents import Document, document_decode
from chekhov.ffd.errors import MalformedDocument
from chekhov.ffd.json import document_to_json
from chekhov.ffd.printing import PrintedLine, Sheet, TreeRow, printed, tree, trouble_words
from chekhov.ofdwire.container import Container

QR_BORDER_MODULES = 2
QR_MASK = 2
"""Any mask is read alike: which it is stands in the code. Of texts of receipts this one is the best or, by the
standard's marks, within a tenth of it; trying out all eight took a quarter of the page's time."""


@dataclass(frozen=True, slots=True)
class Paper:
    """For `components/paper.html`. `lines`: each line of the sheet with its drawn QR code, empty if it is none.

    `footer`: words of ours under the paper, as (word, value); the document itself does not have them.
    """

    sheet: Sheet
    lines: tuple[tuple[PrintedLine, SafeString], ...]
    footer: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class TreeNode:
    """A requisite with what stands inside it, for `components/tree.html`."""

    tag: int
    name: str
    key: str
    value: str
    raw: bytes
    offset: int
    length: int
    defects: tuple[str, ...]
    children: list[TreeNode]


def document_in(container: bytes) -> tuple[Document | None, str]:
    """The document inside a container of the journal; or None and why its content cannot be read."""
    try:
        return document_decode(Container.parse(container).payload), ""
    except MalformedDocument as error:
        return None, trouble_words(error)
    except ChekhovError:
        return None, "контейнер повреждён"


def paper_of(document: Document, *, footer: tuple[tuple[str, str], ...] = ()) -> Paper:
    """The paper of a document, any kind and version."""
    sheet = printed(document)
    return Paper(sheet, tuple((line, qr_svg(line)) for line in sheet.lines), footer)


def qr_svg(line: PrintedLine) -> SafeString:
    """The QR code of a line, empty for other lines.

    Drawn with attributes only, so that the strict policy of styles lets it pass.
    """
    if line.kind != "qr" or not line.value:
        return SafeString("")
    drawn = segno.make(line.value, error="m", micro=False, mask=QR_MASK).svg_inline(
        border=QR_BORDER_MODULES, omitsize=True, title="QR-код чека", svgclass="qr", lineclass=None
    )
    return mark_safe(drawn)  # noqa: S308  # segno draws it from modules, the text is not in it


def tree_nodes(document: Document) -> list[TreeNode]:
    """The rows of the tag tree, nested."""
    top: list[TreeNode] = []
    open_levels: list[list[TreeNode]] = [top]
    for row in tree(document):
        node = _node(row)
        del open_levels[row.depth + 1 :]
        open_levels[-1].append(node)
        open_levels.append(node.children)
    return top


def json_text(document: Document) -> str:
    """The document in the tax service's form, as text; why not, if it cannot be written so."""
    try:
        return json.dumps(document_to_json(document), ensure_ascii=False, indent=2)
    except ChekhovError as error:
        return f"// {error.message}"


def _node(row: TreeRow) -> TreeNode:
    return TreeNode(
        tag=row.tag,
        name=row.name,
        key=row.key,
        value=row.value,
        raw=bytes.fromhex(row.raw),
        offset=row.offset,
        length=row.length,
        defects=row.defects,
        children=[],
    )
