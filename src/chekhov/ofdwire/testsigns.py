"""Fiscal signs of the emulation: HMAC-SHA-256, cut to the published sizes.

The true algorithms are closed (docs/formats/wire.md section 7). These are test signs under test keys; they
prove that nothing changed on the way between an emulated drive and this installation, and nothing else.
Each sign has its own label, so that none can stand for another.
"""

from __future__ import annotations

from hashlib import sha256
from hmac import compare_digest
from typing import Final

DOCUMENT_SIGN_PREFIX: Final = bytes.fromhex("2104")
MESSAGE_SIGN_PREFIX: Final = bytes.fromhex("8106")
TRAILER_BYTES: Final = 10
BLOCK_BYTES: Final = 64
INNER_PAD: Final = bytes(number ^ 0x36 for number in range(256))
OUTER_PAD: Final = bytes(number ^ 0x5C for number in range(256))
DOCUMENT_SIGN_TLV: Final = b"\x35\x04\x06\x00"
"""Tag 1077, length 6."""
DOCUMENT_SIGN_USUAL_OFFSET: Final = 80
"""Where 1077 stands in the documents of drives: after 1041, 1037, 1018, 1040, 1012."""


class SignKey:
    """A drive's test key, ready to sign: the two halves of HMAC (RFC 2104) with the key already in them.

    The standard function prepares them anew each time, which costs as much as the document itself.
    """

    __slots__ = ("_inner", "_outer")

    def __init__(self, key: bytes) -> None:
        """`key`: any length."""
        block = (sha256(key).digest() if len(key) > BLOCK_BYTES else key).ljust(BLOCK_BYTES, b"\0")
        self._inner = sha256(block.translate(INNER_PAD))
        self._outer = sha256(block.translate(OUTER_PAD))

    def digest(self, data: bytes) -> bytes:
        """HMAC-SHA-256 of `data`, 32 bytes."""
        inner = self._inner.copy()
        inner.update(data)
        outer = self._outer.copy()
        outer.update(inner.digest())
        return outer.digest()


def document_sign(key: SignKey, document: bytes) -> bytes:
    """ФПД: 4 bytes over the document, whose own 1077 has zeros in place of them."""
    return key.digest(b"FPD\0" + document)[:4]


def message_sign(key: SignKey, document: bytes) -> bytes:
    """ФПС: 6 bytes over the whole TLV document."""
    return key.digest(b"FPS\0" + document)[:6]


def operator_sign(key: SignKey, protected: bytes) -> bytes:
    """ФПО: 18 bytes over the protected requisites of a confirmation."""
    return key.digest(b"FPO\0" + protected)[:18]


def transport_sign(key: SignKey, document: bytes) -> bytes:
    """ФПП: 6 bytes over the whole document 7."""
    return key.digest(b"FPP\0" + document)[:6]


def trailer(sign: bytes) -> bytes:
    """What follows a document on the wire: `81 06`, the sign, `00 00` (section 3.4)."""
    return MESSAGE_SIGN_PREFIX + sign + b"\0\0"


def document_sign_offset(document: bytes) -> int | None:
    """Offset of the 4 changing bytes of 1077 at the top level of a document; None when there are none."""
    if document.startswith(DOCUMENT_SIGN_TLV, DOCUMENT_SIGN_USUAL_OFFSET):
        return DOCUMENT_SIGN_USUAL_OFFSET + 6
    at = 4
    end = len(document)
    while at + 4 <= end:
        size = document[at + 2] | document[at + 3] << 8
        if document.startswith(DOCUMENT_SIGN_TLV, at) and at + 10 <= end:
            return at + 6
        at += 4 + size
    return None


def document_signed(key: SignKey, document: bytes) -> bool:
    """The document's ФПД belongs to it."""
    at = document_sign_offset(document)
    if at is None or document[at - 2 : at] != DOCUMENT_SIGN_PREFIX:
        return False
    zeroed = document[:at] + b"\0\0\0\0" + document[at + 4 :]
    return compare_digest(document_sign(key, zeroed), document[at : at + 4])
