"""The operator's confirmation («подтверждение оператора», document 7) as bytes.

Every field of it has a fixed size, so the document is one precompiled structure per shape; a test proves
that the generic encoder gives the same bytes. Contents: docs/formats/wire.md section 6.1.
"""

from __future__ import annotations

import datetime as dt
from struct import Struct
from typing import Final, NamedTuple

DOCUMENT_CODE: Final = 7
OPERATOR_SIGN_BYTES: Final = 18
"""ФПО, tag 1078: 18 bytes in production answers."""

CODE_ACCEPTED: Final = 0
CODE_NOT_RECOGNISED: Final = 11
CODE_CHECK_FAILED: Final = 14
"""Response codes 1022 (section 6.2); no others are known."""

MESSAGE_CHECK_FAILED: Final = 2
MESSAGE_SEE_CABINET: Final = 4
MESSAGE_UPDATE_FFD: Final = 8
MESSAGE_INSPECTION: Final = 16
MESSAGE_CONTACT_OPERATOR: Final = 32
MESSAGE_OPERATOR_STOPS: Final = 64
"""Bits of 1206 (section 6.3)."""

FFD_1_1: Final = 3
"""Value of 1209 from which on 1206 takes the place of 1068."""

EPOCH: Final = dt.datetime(1970, 1, 1)  # noqa: DTZ001 — local clock time has no zone
SECOND: Final = dt.timedelta(seconds=1)

BASE: Final = "<HHHHIHH12sHH16sHHI"
WITH_CODE: Final = Struct(BASE + "HHHHBHH18s")
WITH_MESSAGE: Final = Struct(BASE + "HHBHH18s")
PLAIN: Final = Struct(BASE + "HH18s")
PROTECTED: Final = Struct("<12s16sIIB")


class Confirmation(NamedTuple):
    """What the operator says about one document.

    `ffd_version` is the value of tag 1209 (1..4), `issued_at` the operator's local clock time without
    zone, `response_code` one of 1022, `message_bits` those of 1206. In FFD up to 1.05 only the code is
    sent, from FFD 1.1 on only the bits (and only when there are any).
    """

    ffd_version: int
    operator_inn: str
    fn_serial: str
    fd_number: int
    issued_at: dt.datetime
    response_code: int = CODE_ACCEPTED
    message_bits: int = 0

    @property
    def issued_at_seconds(self) -> int:
        """Tag 1012: seconds since 1970 of the local clock."""
        return (self.issued_at - EPOCH) // SECOND


Pairs = list[tuple[int, object]]


Parts = tuple[bytes, bytes, int]
"""Values of 1017 and 1041 as padded bytes and of 1012 as seconds: what both signs and document need."""


def parts_of(confirmation: Confirmation) -> Parts:
    """Make them once where both are built."""
    return (
        confirmation.operator_inn.encode("ascii").ljust(12),
        confirmation.fn_serial.encode("ascii").ljust(16),
        confirmation.issued_at_seconds,
    )


def confirmation_fields(confirmation: Confirmation, operator_sign: bytes) -> Pairs:
    """The same contents as pairs of tag and value for a generic encoder, in the order of the wire."""
    fields: Pairs = [
        (1012, confirmation.issued_at),
        (1017, confirmation.operator_inn),
        (1041, confirmation.fn_serial),
        (1040, confirmation.fd_number),
    ]
    if confirmation.ffd_version < FFD_1_1:
        fields.append((1068, [(1022, confirmation.response_code)]))
    elif confirmation.message_bits:
        fields.append((1206, confirmation.message_bits))
    fields.append((1078, operator_sign))
    return fields


def protected_bytes(confirmation: Confirmation, parts: Parts | None = None) -> bytes:
    """What the operator's sign ФПО covers: 1017, 1041, 1040, 1012 and the code (section 6.1).

    From FFD 1.1 on no code travels, so zero stands for it.
    """
    inn, serial, seconds = parts or parts_of(confirmation)
    code = confirmation.response_code if confirmation.ffd_version < FFD_1_1 else 0
    return PROTECTED.pack(inn, serial, confirmation.fd_number, seconds, code)


def confirmation_document(
    confirmation: Confirmation, operator_sign: bytes, parts: Parts | None = None
) -> bytes:
    """Document 7 with its 4-byte header, without ФПП. `operator_sign`: 18 bytes (ФПО)."""
    inn, serial, seconds = parts or parts_of(confirmation)
    version, _, _, fd_number, _, code, bits = confirmation
    head = (1012, 4, seconds, 1017, 12, inn, 1041, 16, serial, 1040, 4, fd_number)
    sign = (1078, OPERATOR_SIGN_BYTES, operator_sign)
    if version < FFD_1_1:
        return WITH_CODE.pack(DOCUMENT_CODE, WITH_CODE.size - 4, *head, 1068, 5, 1022, 1, code, *sign)
    if bits:
        return WITH_MESSAGE.pack(DOCUMENT_CODE, WITH_MESSAGE.size - 4, *head, 1206, 1, bits, *sign)
    return PLAIN.pack(DOCUMENT_CODE, PLAIN.size - 4, *head, *sign)
