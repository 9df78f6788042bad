"""The operator's whole answer to one message: session header, container, document 7, signs."""

from __future__ import annotations

from chekhov.ofdwire.confirmation import Confirmation
from chekhov.ofdwire.container import Container
from chekhov.ofdwire.header import FLAGS_PLAIN, HEADER_STRUCT, S_VERSION_OFD, SIGNATURE_OFD, SessionHeader
from chekhov.ofdwire.sealing import CipherModule


def answer_bytes(
    cipher: CipherModule, header: SessionHeader, request: Container, confirmation: Confirmation
) -> bytes:
    """The answer to the message (`header`, `request`), ready for the stream and for storage.

    The application protocol's version and the drive's number are echoed; flags 0x0014, CRC 0, as in the
    answers of operators (docs/formats/wire.md section 2.2).
    Raises: RealDriveRefused, CipherUnavailable.
    """
    container = cipher.seal_confirmation(request, confirmation)
    serial = header.fn_serial.ljust(16).encode("ascii")
    return (
        HEADER_STRUCT.pack(
            SIGNATURE_OFD, S_VERSION_OFD, header.p_version, serial, len(container), FLAGS_PLAIN, 0
        )
        + container
    )
