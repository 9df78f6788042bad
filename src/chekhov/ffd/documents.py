"""A fiscal document as bytes and as values, both ways.

A document is one TLV element whose tag is the document's code; what a drive sends after it (the message's
fiscal sign and two zero bytes) is kept as the trailer. The bytes are never rebuilt from values.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from struct import Struct
from typing import Any, NamedTuple

from chekhov.ffd.errors import MalformedDocument, UnwritableDocument
from chekhov.ffd.tags import TAG_SPEC
from chekhov.ffd.versions import DOCUMENT_KINDS, DocumentCode, DocumentKind, FfdVersion
from chekhov.tlv import (
    Defect,
    Encodable,
    Limits,
    MalformedTlv,
    Node,
    Nodes,
    Structure,
    Value,
    decode,
    encode,
)
from chekhov.tlv.scalars import moment_read, text_read

__all__ = [
    "DOCUMENT_KINDS",
    "Document",
    "DocumentCode",
    "DocumentKind",
    "FfdVersion",
    "Peek",
    "document_decode",
    "document_encode",
    "document_peek",
    "fields_of",
]

HEADER_BYTES = 4

DOCUMENT_BYTES_MAX = 65_535 + HEADER_BYTES
"""A longer one cannot be written down: the length has two bytes. Limits of each form: DOCUMENT_KINDS."""

TRAILER_BYTES_MAX = 4_096
"""What follows a document is 8 or 10 bytes in every sample; more than this is some other data."""

LIMITS = Limits(bytes_max=65_535, depth_max=8)

_VERSIONS = {int(version): version for version in FfdVersion}


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """One fiscal document («ФД») as it was read.

    `code`: a DocumentCode, or the number of a form we do not know. `raw`: the document with its header.
    `trailer`: what followed it. `nodes`: its elements in the order of the wire. `defects`: values that are
    not what their tags declare. `first`: of each tag at the top level the first value.
    """

    code: int
    raw: bytes
    trailer: bytes
    nodes: Nodes
    defects: list[Defect]
    first: dict[int, Value]

    def __eq__(self, other: object) -> bool:
        """Documents are the same when their bytes are."""
        if not isinstance(other, Document):
            return NotImplemented
        return self.raw == other.raw and self.trailer == other.trailer

    def __hash__(self) -> int:
        return hash(self.raw)

    def get(self, tag: int, default: Any = None) -> Any:
        """First value of `tag` at the top level."""
        return self.first.get(tag, default)

    def all(self, tag: int) -> list[Any]:
        """All values of `tag` at the top level, in order."""
        return [value for number, _, _, value in self.nodes.plain() if number == tag]

    def _text(self, tag: int) -> str:
        value = self.first.get(tag)
        return value.strip() if isinstance(value, str) else ""

    def _number(self, tag: int) -> int | None:
        value = self.first.get(tag)
        return value if isinstance(value, int) else None

    @property
    def kind(self) -> DocumentKind | None:
        """What is known of this form, None for a code we do not know."""
        return DOCUMENT_KINDS.get(self.code)

    @property
    def version(self) -> FfdVersion | None:
        """Version of the format (1209), None when absent or unknown."""
        return _VERSIONS.get(self._number(1209) or 0)

    @property
    def fn_serial(self) -> str:
        """Number of the drive (1041) without its padding, "" when absent."""
        return self._text(1041)

    @property
    def fd_number(self) -> int:
        """Number of the document in its drive (1040), 0 when absent."""
        return self._number(1040) or 0

    @property
    def rnm(self) -> str:
        """Registration number of the register (1037) without its padding, "" when absent."""
        return self._text(1037)

    @property
    def inn(self) -> str:
        """ИНН of the user (1018) without its padding, "" when absent."""
        return self._text(1018)

    @property
    def issued_at(self) -> dt.datetime | None:
        """Date and time (1012): naive, the clock at the place of settlement."""
        value = self.first.get(1012)
        return value if isinstance(value, dt.datetime) else None

    @property
    def fiscal_sign(self) -> int:
        """The printed number of the fiscal sign: bytes 2..5 of 1077, big-endian; 0 when absent."""
        value = self.first.get(1077)
        return int.from_bytes(value[2:6], "big") if isinstance(value, bytes) else 0

    @property
    def operation(self) -> int | None:
        """Признак расчета (1054)."""
        return self._number(1054)

    @property
    def total_kopecks(self) -> int | None:
        """Sum of the settlement (1020)."""
        return self._number(1020)

    @property
    def shift_number(self) -> int | None:
        """Number of the shift (1038)."""
        return self._number(1038)

    @property
    def message_sign(self) -> bytes:
        """ФПС: the eight bytes after the document, b"" when there are fewer."""
        return self.trailer[:8] if len(self.trailer) >= 8 else b""


class Peek(NamedTuple):
    """What tells one document from another, read without the rest. Absent values are "", 0 or None."""

    code: int
    fn_serial: str
    fd_number: int
    rnm: str
    inn: str
    issued_at: dt.datetime | None
    fiscal_sign: int


def document_decode(data: bytes) -> Document:
    """Read a document and what follows it.

    Raises MalformedDocument with offset and path when the structure is broken or beyond LIMITS.
    """
    size = len(data)
    end = _document_end(data)
    if size - end > TRAILER_BYTES_MAX:
        text = f"{size - end} bytes follow the document"
        raise MalformedDocument(text, offset=end, trouble=Structure.TRAILING)
    try:
        nodes, defects = decode(data, TAG_SPEC, start=HEADER_BYTES, end=end, limits=LIMITS)
    except MalformedTlv as error:
        raise MalformedDocument(
            error.message, offset=error.offset, path=error.path, trouble=error.trouble
        ) from error
    code = data[0] | data[1] << 8
    kind = DOCUMENT_KINDS.get(code)
    if kind is not None and end > kind.bytes_max + HEADER_BYTES:
        text = f"{end - HEADER_BYTES} bytes where at most {kind.bytes_max} are allowed"
        defects.append(Defect((), 0, "document_too_long", text))
    return Document(code, data if size == end else data[:end], data[end:], nodes, defects, nodes.first())


def document_encode(code: int, fields: Iterable[tuple[int, Encodable]]) -> bytes:
    """Write a document with its header, in canonical form; nothing follows it.

    Raises Unencodable with the path of the tag, UnwritableDocument for an unknown code or too much data.
    """
    kind = DOCUMENT_KINDS.get(code)
    if kind is None:
        raise UnwritableDocument(f"there is no document with code {code}")
    content = encode(fields, TAG_SPEC)
    if len(content) > kind.bytes_max:
        raise UnwritableDocument(f"{len(content)} bytes where at most {kind.bytes_max} are allowed")
    return code.to_bytes(2, "little") + len(content).to_bytes(2, "little") + content


def _document_end(data: bytes) -> int:
    """Offset of the first byte after the document."""
    if len(data) < HEADER_BYTES:
        text = f"{len(data)} bytes where a header has 4"
        raise MalformedDocument(text, offset=0, trouble=Structure.CUT_HEADER)
    length = data[2] | data[3] << 8
    if length > len(data) - HEADER_BYTES:
        left = len(data) - HEADER_BYTES
        text = f"the document claims {length} bytes, {left} are there"
        raise MalformedDocument(text, offset=0, trouble=Structure.OVERRUN)
    return length + HEADER_BYTES


# Every drive seen begins a document with these six elements, so their places are known.
_USUAL = Struct("<HH 4s16s 4s20s 4s12s 4sI 4s4s 4s2s4s")
_USUAL_HEADERS = tuple(
    tag.to_bytes(2, "little") + length.to_bytes(2, "little")
    for tag, length in ((1041, 16), (1037, 20), (1018, 12), (1040, 4), (1012, 4), (1077, 6))
)


def document_peek(data: bytes) -> Peek:
    """Read what tells the document from others. Raises MalformedDocument.

    Looks no further than it must: the rest of the document may be broken.
    """
    end = _document_end(data)
    if end >= _USUAL.size:
        code, _, h1, fn_serial, h2, rnm, h3, inn, h4, number, h5, moment, h6, _, sign = _USUAL.unpack_from(
            data
        )
        if (h1, h2, h3, h4, h5, h6) == _USUAL_HEADERS:
            return Peek(
                code,
                text_read(fn_serial).strip(),
                number,
                text_read(rnm).strip(),
                text_read(inn).strip(),
                moment_read(moment),
                int.from_bytes(sign, "big"),
            )
    return _peek_slowly(data, end)


_PEEKED = frozenset({1041, 1037, 1018, 1040, 1012, 1077})


def _peek_slowly(data: bytes, end: int) -> Peek:
    """Walk over the top level until all is found or the end is reached."""
    found: dict[int, bytes] = {}
    position = HEADER_BYTES
    while position < end and len(found) < len(_PEEKED):
        body = position + HEADER_BYTES
        if body > end:
            raise MalformedDocument("the header is cut off", offset=position, trouble=Structure.CUT_HEADER)
        tag = data[position] | data[position + 1] << 8
        after = body + (data[position + 2] | data[position + 3] << 8)
        if after > end:
            text = f"{tag} runs past the end of the document"
            raise MalformedDocument(text, offset=position, trouble=Structure.OVERRUN)
        if tag in _PEEKED:
            found.setdefault(tag, data[body:after])
        position = after
    moment = found.get(1012, b"")
    return Peek(
        data[0] | data[1] << 8,
        text_read(found.get(1041, b"")).strip(),
        int.from_bytes(found.get(1040, b""), "little"),
        text_read(found.get(1037, b"")).strip(),
        text_read(found.get(1018, b"")).strip(),
        moment_read(moment) if len(moment) == 4 else None,
        int.from_bytes(found.get(1077, b"")[2:6], "big"),
    )


def fields_of(nodes: Iterable[Node]) -> list[tuple[int, Any]]:
    """Nodes as the pairs that `document_encode` takes, groups included."""
    return [
        (node.tag, fields_of(node.value) if isinstance(node.value, tuple) else node.value) for node in nodes
    ]
