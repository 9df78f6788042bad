"""The container: 32 bytes of header, then the protected document.

Source: docs/formats/wire.md section 3; both published captures are this shape.
"""

from __future__ import annotations

from binascii import crc_hqx
from struct import Struct
from typing import Final, NamedTuple, Self

from chekhov.ofdwire.errors import ContainerCrcWrong, ContainerLengthWrong, ContainerMalformed
from chekhov.ofdwire.limits import CONTAINER_BYTES_CEILING, CONTAINER_HEADER_BYTES

FROM_DRIVE: Final = 0xA5
FROM_OPERATOR: Final = 0x5A
FORMAT_VERSION: Final = 0x01
SERVICE1: Final = bytes.fromhex("1009")
"""«Служебные данные 1» as in both captures."""

HEADER_STRUCT: Final = Struct("<HHBBB2s8s3s12s")
AFTER_CRC_STRUCT: Final = Struct("<BBB2s8s3s12s")


def crc16(data: bytes, crc: int = 0xFFFF) -> int:
    """CRC-16/CCITT-FALSE; ASCII `123456789` gives 0x29B1. `crc` continues an earlier one."""
    return crc_hqx(data, crc)


class Container(NamedTuple):
    """One container, parsed. `raw` are the bytes as received, and never anything else.

    Shapes: `fn_serial` 15 or 16 digits (from the BCD field, filler removed), `service1` 2 bytes,
    `service2` 12 bytes, `payload` all after the header: TLV document and signs, or ciphertext.
    """

    raw: bytes
    message_type: int
    document_code: int
    format_version: int
    fn_serial: str
    fd_number: int
    service1: bytes
    service2: bytes
    payload: bytes

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read and verify one whole container.

        The length may count the whole container (captures) or the data only (some sources, section 3.2).
        Raises: ContainerLengthWrong, ContainerCrcWrong, ContainerMalformed, in this order.
        """
        size = len(data)
        if size < CONTAINER_HEADER_BYTES:
            raise ContainerLengthWrong(f"a container has at least 32 bytes, got {size}", size=size)
        length, crc, message_type, code, version, service1, bcd, fd, service2 = HEADER_STRUCT.unpack_from(
            data
        )
        if length not in {size, size - CONTAINER_HEADER_BYTES}:
            raise ContainerLengthWrong(
                f"the length field says {length}, there are {size} bytes", length=length
            )
        if crc_hqx(data[4:], crc_hqx(data[:2], 0xFFFF)) != crc:
            raise ContainerCrcWrong(f"the container's CRC field says {crc:04x}", crc=crc)
        if message_type not in {FROM_DRIVE, FROM_OPERATOR}:
            raise ContainerMalformed(f"unknown message type {message_type:02x}", message_type=message_type)
        if version > 0x0F:
            raise ContainerMalformed(f"unknown container format {version:02x}", format_version=version)
        serial = bcd.hex()
        if not serial.isdigit():
            serial = serial.rstrip("f")
            if not serial.isdigit():
                raise ContainerMalformed("the drive's number is not decimal digits")
        return cls(
            data,
            message_type,
            code,
            version,
            serial,
            int.from_bytes(fd, "big"),
            service1,
            service2,
            data[CONTAINER_HEADER_BYTES:],
        )

    @staticmethod
    def build(
        *,
        document_code: int,
        fn_serial: str,
        fd_number: int,
        payload: bytes,
        message_type: int = FROM_DRIVE,
        service1: bytes = SERVICE1,
        service2: bytes | None = None,
    ) -> bytes:
        """The bytes of a container around `payload`: whole length, CRC with its field left out.

        `service2` by default follows the captures: the drive's number and the document's length stand in
        it, the bytes of unknown meaning are zero.
        Raises: ContainerMalformed when a value does not fit its place.
        """
        size = CONTAINER_HEADER_BYTES + len(payload)
        if size > CONTAINER_BYTES_CEILING:
            raise ContainerMalformed(f"a container has at most {CONTAINER_BYTES_CEILING} bytes, got {size}")
        if not (fn_serial.isascii() and fn_serial.isdigit() and len(fn_serial) <= 16):
            raise ContainerMalformed("the drive's number is up to 16 digits")
        if not (0 <= fd_number < 1 << 24 and 0 <= document_code <= 0xFF and 0 <= message_type <= 0xFF):
            raise ContainerMalformed("document number is 24 bits, code and type are a byte each")
        if service2 is None:
            service2 = service2_default(fd_number, payload)
        after_crc = AFTER_CRC_STRUCT.pack(
            message_type,
            document_code,
            FORMAT_VERSION,
            service1,
            bytes.fromhex(fn_serial.ljust(16, "f")),
            fd_number.to_bytes(3, "big"),
            service2,
        )
        return framed(after_crc + payload)


def framed(after_crc: bytes) -> bytes:
    """Put length and CRC before the rest of a container (offset 4 to its end)."""
    length = (len(after_crc) + 4).to_bytes(2, "little")
    return length + crc_hqx(after_crc, crc_hqx(length, 0xFFFF)).to_bytes(2, "little") + after_crc


def service2_default(fd_number: int, payload: bytes) -> bytes:
    """«Служебные данные 2» in the shape of the captures (section 3.1; the meaning is uncertain)."""
    document_size = int.from_bytes(payload[2:4], "little") + 4 if len(payload) >= 4 else 0
    return (
        b"\0" * 5 + fd_number.to_bytes(3, "big") + b"\x00\x04" + (document_size & 0xFFFF).to_bytes(2, "big")
    )
