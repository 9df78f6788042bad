"""What `chekhov decode` was given: text or bytes, and which layer of the exchange they are.

Offsets in results and errors count from the first byte of the *decoded* input.
"""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass, replace
from typing import Final

from chekhov.errors import Malformed
from chekhov.ffd.documents import DOCUMENT_KINDS, Document, document_decode
from chekhov.ffd.errors import MalformedDocument
from chekhov.ofdwire.container import FROM_DRIVE, FROM_OPERATOR, HEADER_STRUCT, Container
from chekhov.ofdwire.errors import ContainerCrcWrong, ContainerMalformed, HeaderMalformed
from chekhov.ofdwire.header import (
    CRC_MODE,
    CRC_NONE,
    S_VERSION_OFD,
    SIGNATURE_MARKING,
    SIGNATURE_OFD,
    SessionHeader,
)
from chekhov.ofdwire.limits import CONTAINER_HEADER_BYTES, SESSION_HEADER_BYTES
from chekhov.ofdwire.sealing import ENCRYPTED
from chekhov.tlv.errors import MalformedTlv

INPUT_BYTES_MAX: Final = 16 * 1024 * 1024
"""Ours: a day of captured traffic; more is not read by eye."""

EXPORT_PREFIX: Final = b"\xff\xff"
"""Before a container's header in some exports' rawData (docs/formats/wire.md 3.5)."""
UNWRAPPED_HEADER_BYTES: Final = 28
"""A container's header without length and CRC (docs/formats/wire.md 3.4)."""

HEX_SEPARATORS: Final = re.compile(rb"[\s:,;-]+")
HEX_WORD: Final = re.compile(rb"(?:0[xX])?([0-9a-fA-F]+)")
DUMP_LINE: Final = re.compile(
    rb"([0-9a-fA-F]{4,16}):?[ \t]+((?:[0-9a-fA-F]{2,4}[ \t]{1,2})*[0-9a-fA-F]{2,4})(?:[ \t]{2,}.*|[ \t]*)"
)
"""A line of xxd or of hexdump -C."""
BASE64: Final = re.compile(rb"[A-Za-z0-9+/_-]+={0,2}")


class UnreadableInput(Malformed):
    """The input is nothing that this command knows. The message is one line and tells where."""

    code = "input_unreadable"


@dataclass(frozen=True, slots=True)
class Part:
    """One message, container or document found in the input. Offsets are None for layers not there."""

    offset: int
    header: SessionHeader | None = None
    container: Container | None = None
    container_offset: int | None = None
    unwrapped_header: bytes | None = None
    document: Document | None = None
    document_offset: int | None = None
    notes: tuple[str, ...] = ()

    @property
    def what(self) -> str:
        """In a few words, which layers there are."""
        if self.header is not None and self.container is None:
            return "session message without a container (connection test)"
        if self.header is not None:
            return "session message"
        if self.container is not None:
            return "container"
        return (
            "document with the header of an unwrapped container" if self.unwrapped_header else "bare document"
        )


@dataclass(frozen=True, slots=True)
class Recognised:
    """The whole input: `encoding` is "binary", "hex", "hex dump" or "base64"."""

    encoding: str
    size: int
    parts: tuple[Part, ...]


def recognise(data: bytes, *, crc_ignored: bool = False) -> Recognised:
    """Find what `data` is and read it. `crc_ignored`: a wrong CRC becomes a note.

    Raises: UnreadableInput, with one line that says what is wrong, at which offset, under which tags.
    """
    if not data:
        raise UnreadableInput("the input is empty")
    if len(data) > INPUT_BYTES_MAX:
        raise UnreadableInput(f"the input is longer than {INPUT_BYTES_MAX} bytes")
    raw, encoding = bytes_of(data)
    return Recognised(encoding, len(raw), tuple(_parts(raw, crc_ignored)))


def bytes_of(data: bytes) -> tuple[bytes, str]:
    """The bytes that the input stands for, and how they were written."""
    text = data.removeprefix(b"\xef\xbb\xbf").strip()
    if not text or any((byte < 0x20 and byte not in b"\t\r\n") or byte > 0x7E for byte in text):
        return data, "binary"
    dumped = _dumped(text)
    if dumped is not None:
        return dumped, "hex dump"
    words = [HEX_WORD.fullmatch(word) for word in HEX_SEPARATORS.split(text)]
    if all(words):
        digits = b"".join(word[1] for word in words if word)
        if len(digits) % 2:
            raise UnreadableInput(f"hex text has an odd number of digits ({len(digits)})")
        return bytes.fromhex(digits.decode()), "hex"
    packed = re.sub(rb"\s+", b"", text).strip(b'"')
    if BASE64.fullmatch(packed):
        packed = packed.rstrip(b"=").translate(bytes.maketrans(b"-_", b"+/"))
        try:
            return binascii.a2b_base64(packed + b"=" * (-len(packed) % 4)), "base64"
        except binascii.Error as error:
            raise UnreadableInput(f"neither hex nor base64: {error}") from error
    raise UnreadableInput("text that is neither hex nor base64")


def _dumped(text: bytes) -> bytes | None:
    """The bytes of a dump by xxd or hexdump -C, whose offsets agree; None when it is no dump."""
    data = bytearray()
    for line in text.splitlines():
        if not line.strip():
            continue
        match = DUMP_LINE.fullmatch(line.rstrip())
        digits = b"".join(match[2].split()) if match else b""
        if match is None or int(match[1], 16) != len(data) or len(digits) % 2:
            return None
        data += bytes.fromhex(digits.decode())
    return bytes(data)


def _parts(raw: bytes, crc_ignored: bool) -> list[Part]:
    if raw.startswith((SIGNATURE_OFD, SIGNATURE_MARKING)):
        return _messages(raw, crc_ignored)
    if raw.startswith(EXPORT_PREFIX):
        return [_export(raw, crc_ignored)]
    if _is_container(raw):
        return [_container(raw, 0, Part(0), crc_ignored)]
    if _is_unwrapped(raw):
        part = Part(0, unwrapped_header=raw[:UNWRAPPED_HEADER_BYTES])
        return [_document(raw, UNWRAPPED_HEADER_BYTES, part)]
    code = int.from_bytes(raw[:2], "little")
    if len(raw) >= 4 and code in DOCUMENT_KINDS:
        return [_document(raw, 0, Part(0))]
    begins = raw[:8].hex(" ")
    raise UnreadableInput(
        f"offset 0: neither a session message, nor a container, nor a document (it begins with {begins})",
        offset=0,
    )


def _messages(raw: bytes, crc_ignored: bool) -> list[Part]:
    """Messages one after another, in either direction, until the end."""
    parts = []
    at = 0
    while at < len(raw):
        head = raw[at : at + SESSION_HEADER_BYTES]
        if not head.startswith((SIGNATURE_OFD, SIGNATURE_MARKING)):
            raise UnreadableInput(
                f"offset {at}: no session header (it begins with {head[:4].hex(' ')})", offset=at
            )
        if len(head) < SESSION_HEADER_BYTES:
            raise UnreadableInput(
                f"offset {at}: a session header has 30 bytes, {len(head)} are there", offset=at
            )
        try:
            header = SessionHeader.parse(head)
        except HeaderMalformed as error:
            raise UnreadableInput(f"offset {at}: session header: {error.message}", offset=at) from error
        body_at = at + SESSION_HEADER_BYTES
        body = raw[body_at : body_at + header.body_size]
        if len(body) < header.body_size:
            raise UnreadableInput(
                f"offset {body_at}: the session header promises {header.body_size} bytes, {len(body)} are there",
                offset=body_at,
            )
        notes = list(_header_notes(header))
        if header.flags & CRC_MODE != CRC_NONE and header.crc_of(body) != header.crc:
            text = f"session header's CRC is {header.crc:04x}, computed {header.crc_of(body):04x}"
            if not crc_ignored:
                raise UnreadableInput(f"offset {at + 28}: {text}", offset=at + 28)
            notes.append(text)
        part = Part(at, header=header, notes=tuple(notes))
        parts.append(_container(body, body_at, part, crc_ignored) if body else part)
        at = body_at + header.body_size
    return parts


def _header_notes(header: SessionHeader) -> list[str]:
    notes = []
    if header.signature == SIGNATURE_MARKING:
        notes.append("signature of the marking exchange (ОИСМ)")
    elif header.s_version != S_VERSION_OFD:
        notes.append(f"unknown version of the session protocol {header.s_version.hex()}")
    if not header.p_version_known:
        notes.append(f"unknown version of the application protocol {header.p_version.hex()}")
    return notes


def _is_container(raw: bytes) -> bool:
    """Bytes 4..6 say what it is; a wrong length is an error inside, not another kind."""
    if len(raw) < CONTAINER_HEADER_BYTES or raw[4] not in {FROM_DRIVE, FROM_OPERATOR} or raw[6] > 0x0F:
        return False
    length = int.from_bytes(raw[:2], "little")
    return length in {len(raw), len(raw) - CONTAINER_HEADER_BYTES} or (
        raw[5] in DOCUMENT_KINDS and raw[6] == 1
    )


def _is_unwrapped(raw: bytes) -> bool:
    return (
        len(raw) > UNWRAPPED_HEADER_BYTES + 4
        and raw[0] in {FROM_DRIVE, FROM_OPERATOR}
        and raw[1] in DOCUMENT_KINDS
        and raw[2] <= 0x0F
        and raw[1] == raw[UNWRAPPED_HEADER_BYTES]
    )


def _export(raw: bytes, crc_ignored: bool) -> Part:
    """`FF FF`, length, then a container's header, whole or unwrapped, and the document."""
    length = int.from_bytes(raw[2:4], "big")
    for size in (CONTAINER_HEADER_BYTES, UNWRAPPED_HEADER_BYTES):
        at = 4 + size
        if int.from_bytes(raw[at : at + 2], "little") in DOCUMENT_KINDS and len(raw) > at + 4:
            note = f"export prefix FFFF, length {length}"
            header = raw[4:at] if size == UNWRAPPED_HEADER_BYTES else raw[8:at]
            return _document(raw, at, Part(0, unwrapped_header=header, notes=(note,)))
    if _is_container(raw[4:]):
        return _container(raw[4:], 4, Part(0, notes=("export prefix FFFF",)), crc_ignored)
    raise UnreadableInput("offset 4: after the export prefix FFFF there is no container's header", offset=4)


def _container(body: bytes, at: int, part: Part, crc_ignored: bool) -> Part:
    notes = list(part.notes)
    try:
        try:
            container = Container.parse(body)
        except ContainerCrcWrong as error:
            field = int.from_bytes(body[2:4], "little")
            computed = binascii.crc_hqx(body[4:], binascii.crc_hqx(body[:2], 0xFFFF))
            text = f"container's CRC is {field:04x}, computed {computed:04x}"
            if not crc_ignored:
                raise UnreadableInput(
                    f"offset {at + 2}: {text} (--ignore-crc shows it anyway)", offset=at + 2
                ) from error
            notes.append(text)
            container = Container.parse(body[:2] + computed.to_bytes(2, "little") + body[4:])
            container = container._replace(raw=body)
    except ContainerMalformed as error:
        raise UnreadableInput(f"offset {at}: container: {error.message}", offset=at) from error
    declared = HEADER_STRUCT.unpack_from(body)[0]
    if declared != len(body):
        notes.append("container's length counts the data only")
    if container.service1[0] & ENCRYPTED:
        notes.append(f"the document is encrypted: {len(container.payload)} bytes are opaque")
    found = replace(part, container=container, container_offset=at, notes=tuple(notes))
    if container.service1[0] & ENCRYPTED:
        return found
    return _document(container.payload, 0, found, base=at + CONTAINER_HEADER_BYTES)


def _document(data: bytes, at: int, part: Part, *, base: int = 0) -> Part:
    """Decode the document at `at` of `data`, which itself stands at `base` of the input."""
    start = base + at
    try:
        document = document_decode(data[at:])
    except MalformedDocument as error:
        cause = error.__cause__
        reason = cause.reason if isinstance(cause, MalformedTlv) else error.message
        offset = start + error.offset
        under = " under " + " > ".join(map(str, error.path)) if error.path else ""
        raise UnreadableInput(
            f"offset {offset}{under}: document: {reason}", offset=offset, path=error.path
        ) from error
    if document.code not in DOCUMENT_KINDS:
        raise UnreadableInput(f"offset {start}: unknown document code {document.code}", offset=start)
    return replace(part, document=document, document_offset=start)
