"""The session header: 30 bytes before every message, the same in both directions.

Source: docs/formats/wire.md section 2.
"""

from __future__ import annotations

from binascii import crc_hqx
from struct import Struct
from typing import Final, NamedTuple, Self

from chekhov.ofdwire.errors import HeaderMalformed
from chekhov.ofdwire.limits import CONTAINER_BYTES_CEILING, SESSION_HEADER_BYTES

SIGNATURE_OFD: Final = bytes.fromhex("2a08410a")
SIGNATURE_MARKING: Final = bytes.fromhex("dd80caa1")
S_VERSION_OFD: Final = bytes.fromhex("81a2")

P_VERSIONS: Final = {
    bytes.fromhex("0001"): "ранний",
    bytes.fromhex("0002"): "ранний",
    bytes.fromhex("0100"): "ФФД 1.0",
    bytes.fromhex("0105"): "ФФД 1.05",
    bytes.fromhex("0110"): "ФФД 1.1",
    bytes.fromhex("0120"): "ФФД 1.2",
}
"""Versions of the application protocol met in the field (section 2.1); others are accepted and echoed."""

P_VERSION_BY_FFD: Final = {1: b"\x01\x00", 2: b"\x01\x05", 3: b"\x01\x10", 4: b"\x01\x20"}
"""Value of tag 1209 to the version that goes with it."""

TEST_SERIAL: Final = "9" * 16
"""The «drive number» of a connection test (section 9.3)."""

CRC_MODE: Final = 0b11
CRC_NONE: Final = 0b00
CRC_HEADER: Final = 0b01
CRC_MESSAGE: Final = 0b10
CONTAINER_PRESENT: Final = 0b100
ANSWER_MODE: Final = 0b11_0000
ANSWER_EXPECTED: Final = 0b01_0000
FLAGS_PLAIN: Final = CONTAINER_PRESENT | ANSWER_EXPECTED
"""0x0014: container, answer expected, no CRC. The value of every published capture."""

HEADER_STRUCT: Final = Struct("<4s2s2s16sHHH")
FIRST_28_STRUCT: Final = Struct("<4s2s2s16sHH")


class SessionHeader(NamedTuple):
    """One session header. A named tuple, because one is made for every message.

    Shapes: `signature` 4 bytes, `s_version` and `p_version` 2 bytes in reading order; `fn_serial` without
    the padding spaces; `body_size` in bytes; `crc` as it stood on the wire, 0 when not in use.
    """

    signature: bytes
    s_version: bytes
    p_version: bytes
    fn_serial: str
    body_size: int
    flags: int
    crc: int

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read exactly 30 bytes. Values are not judged here, see `OperatorSession`.

        Raises: HeaderMalformed when the length differs or the drive's number is not ASCII.
        """
        if len(data) != SESSION_HEADER_BYTES:
            raise HeaderMalformed(f"a session header has {SESSION_HEADER_BYTES} bytes, got {len(data)}")
        signature, s_version, p_version, serial, body_size, flags, crc = HEADER_STRUCT.unpack(data)
        if not serial.isascii():
            raise HeaderMalformed("the drive's number is not ASCII")
        return cls(signature, s_version, p_version, serial.decode().rstrip(" "), body_size, flags, crc)

    def pack(self) -> bytes:
        """The 30 bytes, with `crc` as it is in the field; see `with_crc`.

        Raises: HeaderMalformed when a value does not fit its place.
        """
        return self._first_28() + self.crc.to_bytes(2, "little")

    def with_crc(self, body: bytes) -> Self:
        """The same header with the CRC that its flags ask for (section 2.3); 0 when they ask for none."""
        return self._replace(crc=self.crc_of(body))

    def crc_of(self, body: bytes) -> int:
        """CRC of this header and of `body`, as far as the mode in `flags` covers them; 0 in mode 00."""
        mode = self.flags & CRC_MODE
        if mode == CRC_NONE:
            return 0
        crc = crc_hqx(self._first_28(), 0xFFFF)
        return crc_hqx(body, crc) if mode == CRC_MESSAGE else crc

    def _first_28(self) -> bytes:
        serial = self.fn_serial.encode("ascii", "replace")
        if len(self.signature) != 4 or len(self.s_version) != 2 or len(self.p_version) != 2:
            raise HeaderMalformed("signature has 4 bytes, versions have 2")
        if len(serial) > 16 or not self.fn_serial.isascii():
            raise HeaderMalformed("the drive's number is up to 16 ASCII characters")
        if not (0 <= self.body_size <= CONTAINER_BYTES_CEILING and 0 <= self.flags <= 0xFFFF):
            raise HeaderMalformed("body size and flags are two bytes each")
        return FIRST_28_STRUCT.pack(
            self.signature, self.s_version, self.p_version, serial.ljust(16), self.body_size, self.flags
        )

    @property
    def container_present(self) -> bool:
        """A container follows."""
        return bool(self.flags & CONTAINER_PRESENT)

    @property
    def answer_expected(self) -> bool:
        """The sender waits for an answer."""
        return self.flags & ANSWER_MODE == ANSWER_EXPECTED

    @property
    def p_version_known(self) -> bool:
        """The application protocol is one of the published ones; others are served and logged."""
        return self.p_version in P_VERSIONS


def message_pack(*, fn_serial: str, p_version: bytes, container: bytes, flags: int = FLAGS_PLAIN) -> bytes:
    """A whole message of the OFD exchange: session header and container."""
    header = SessionHeader(
        SIGNATURE_OFD, S_VERSION_OFD, p_version, fn_serial, len(container), flags, 0
    ).with_crc(container)
    return header.pack() + container
