"""Receipts by the thousand: documents of the emulated drive, repeated under new numbers and signed anew.

Issuing a receipt costs the drive hundreds of microseconds; a load generator needs one in ten. A mill takes
a receipt that the drive issued and gives it again for another drive, number, moment and place in the
shift: those requisites have a fixed size, so they are overwritten in place, and the signs ФПД and ФПС and
the CRC are computed over the result. Every message is what that drive would have sent.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from struct import Struct
from typing import Final

from chekhov.errors import Malformed
from chekhov.ffd.documents import document_decode
from chekhov.ofdwire import testsigns
from chekhov.ofdwire.container import AFTER_CRC_STRUCT, FORMAT_VERSION, FROM_DRIVE, SERVICE1, framed
from chekhov.ofdwire.header import FLAGS_PLAIN, HEADER_STRUCT, S_VERSION_OFD, SIGNATURE_OFD
from chekhov.ofdwire.limits import CONTAINER_HEADER_BYTES, SESSION_HEADER_BYTES
from chekhov.ofdwire.sealing import Keyring

EPOCH: Final = dt.datetime(1970, 1, 1)  # noqa: DTZ001 — local clock time has no zone
U32: Final = Struct("<I")

ENVELOPE_BYTES: Final = SESSION_HEADER_BYTES + CONTAINER_HEADER_BYTES + testsigns.TRAILER_BYTES

FN_SERIAL, RNM, FD_NUMBER, ISSUED_AT, RECEIPT_NUMBER, FISCAL_SIGN = 1041, 1037, 1040, 1012, 1042, 1077
SIZES: Final = {FN_SERIAL: 16, RNM: 20, FD_NUMBER: 4, ISSUED_AT: 4, RECEIPT_NUMBER: 4, FISCAL_SIGN: 6}
"""Requisites that are overwritten, and their sizes in bytes."""


class TemplateUnfit(Malformed):
    """A document lacks a requisite that the mill must overwrite, or it has another size."""

    code = "mill_template_unfit"


class Template:
    """One issued receipt, and where in it stands what changes."""

    __slots__ = ("code", "document", "offsets", "own_offsets")

    def __init__(self, document: bytes) -> None:
        """`document`: the TLV document with its 4-byte header; what follows it is left out.

        Raises: TemplateUnfit.
        """
        decoded = document_decode(document)
        self.document = document = decoded.raw
        self.code = decoded.code
        offsets: dict[int, int] = {}
        for node in decoded.nodes:
            if SIZES.get(node.tag) == len(node.raw):
                offsets.setdefault(node.tag, node.offset + 4)
        missing = SIZES.keys() - offsets.keys()
        if missing:
            raise TemplateUnfit(f"the receipt has no requisites {sorted(missing)} of the usual size")
        for tag, at in offsets.items():
            if document[at - 4 : at] != tag.to_bytes(2, "little") + SIZES[tag].to_bytes(2, "little"):
                raise TemplateUnfit(f"requisite {tag} is not where decoding says")
        self.offsets = tuple(offsets[tag] for tag in (FD_NUMBER, ISSUED_AT, RECEIPT_NUMBER, FISCAL_SIGN))
        self.own_offsets = offsets[FN_SERIAL], offsets[RNM], offsets[FISCAL_SIGN]

    def for_drive(self, fn_serial: str, rnm: str) -> bytes:
        """The document under another drive and РНМ, its sign zeroed."""
        document = bytearray(self.document)
        at_serial, at_rnm, at_sign = self.own_offsets
        document[at_serial : at_serial + 16] = fn_serial.encode("ascii").ljust(16)
        document[at_rnm : at_rnm + 20] = rnm.encode("ascii").ljust(20)
        document[at_sign : at_sign + 6] = testsigns.DOCUMENT_SIGN_PREFIX + b"\0\0\0\0"
        return bytes(document)


class Mill:
    """Makes the messages of one drive from templates shared by many."""

    __slots__ = ("_bcd", "_key", "_made", "_serial", "_templates", "p_version")

    def __init__(
        self, *, fn_serial: str, rnm: str, p_version: bytes, templates: Sequence[Template], keyring: Keyring
    ) -> None:
        """`p_version`: 2 bytes of the session header that go with the templates' format."""
        if not templates:
            raise TemplateUnfit("a mill needs a receipt to begin with")
        self.p_version = p_version
        self._serial = fn_serial.encode("ascii").ljust(16)
        self._bcd = bytes.fromhex(fn_serial.ljust(16, "f"))
        self._key = keyring.sealing_key(fn_serial)
        self._templates = tuple((each.for_drive(fn_serial, rnm), each) for each in templates)

    @property
    def message_bytes_max(self) -> int:
        """Size of the longest message."""
        return ENVELOPE_BYTES + max(len(document) for document, _ in self._templates)

    def message(self, fd_number: int, receipt_number: int, issued_at_seconds: int) -> bytes:
        """The whole message of the receipt with these numbers.

        `issued_at_seconds`: seconds since 1970 of the local clock (tag 1012). Templates go round by number.
        """
        zeroed, template = self._templates[fd_number % len(self._templates)]
        at_fd, at_moment, at_receipt, at_sign = template.offsets
        key = self._key
        document = bytearray(zeroed)
        U32.pack_into(document, at_fd, fd_number)
        U32.pack_into(document, at_moment, issued_at_seconds)
        U32.pack_into(document, at_receipt, receipt_number)
        document[at_sign + 2 : at_sign + 6] = testsigns.document_sign(key, bytes(document))
        signed = bytes(document)
        fd_bytes = fd_number.to_bytes(3, "big")
        size = len(signed)
        body = framed(
            AFTER_CRC_STRUCT.pack(
                FROM_DRIVE,
                template.code,
                FORMAT_VERSION,
                SERVICE1,
                self._bcd,
                fd_bytes,
                b"\0\0\0\0\0" + fd_bytes + b"\x00\x04" + (size & 0xFFFF).to_bytes(2, "big"),
            )
            + signed
            + testsigns.trailer(testsigns.message_sign(key, signed))
        )
        header = HEADER_STRUCT.pack(
            SIGNATURE_OFD, S_VERSION_OFD, self.p_version, self._serial, len(body), FLAGS_PLAIN, 0
        )
        return header + body


def local_seconds(moment: dt.datetime) -> int:
    """Seconds since 1970 of a local clock's moment without zone, as tag 1012 holds them."""
    return int((moment - EPOCH).total_seconds())
