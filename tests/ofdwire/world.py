"""What the tests of the wire share: vectors, messages of an emulated drive, ways to cut a stream."""

from __future__ import annotations

from pathlib import Path

from chekhov.ofdwire.container import Container
from chekhov.ofdwire.header import message_pack

VECTORS = Path(__file__).parents[1] / "vectors"
OWN_SERIAL = "9999541234567890"
FOREIGN_SERIAL = "9999078900005488"


def vector(name: str) -> bytes:
    return (VECTORS / name).read_bytes()


def document(body: bytes = b"\x10\x04\x04\x00\x05\x00\x00\x00", code: int = 3) -> bytes:
    """A smallest TLV document: one tag 1040."""
    return code.to_bytes(2, "little") + len(body).to_bytes(2, "little") + body


def message(
    fd_number: int = 5, payload: bytes | None = None, serial: str = OWN_SERIAL, flags: int = 0x14
) -> bytes:
    container = Container.build(
        document_code=3,
        fn_serial=serial,
        fd_number=fd_number,
        payload=document() + b"\x81\x06" + bytes(8) if payload is None else payload,
    )
    return message_pack(fn_serial=serial, p_version=b"\x01\x20", container=container, flags=flags)


def cuts(data: bytes) -> list[list[bytes]]:
    """The same stream whole, byte by byte, in halves, and with its first bytes apart."""
    return [
        [data],
        [data[i : i + 1] for i in range(len(data))],
        [data[: len(data) // 2], data[len(data) // 2 :]],
        [data[:29], data[29:31], data[31:]],
    ]
