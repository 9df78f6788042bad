"""What can go wrong on the wire."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from chekhov.errors import Malformed, RuleBroken, Unavailable

if TYPE_CHECKING:
    from chekhov.ofdwire.header import SessionHeader


class Reason(StrEnum):
    """Why a session with the peer cannot go on. Values are stable: logs and metrics carry them."""

    SIGNATURE = "signature"
    """The first four bytes are of no exchange we know."""
    S_VERSION = "s_version"
    """Not the session protocol `81 A2`."""
    FLAGS = "flags"
    """A forbidden mode: CRC 11, or request for an answer 10 or 11 (section 2.2)."""
    FN_SERIAL = "fn_serial"
    """The drive's number is not digits, or the answer names another drive."""
    BODY_TOO_LONG = "body_too_long"
    """Body size over the limit."""
    BODY_MISSING = "body_missing"
    """The flags promise a container, the size is zero."""
    BODY_UNEXPECTED = "body_unexpected"
    """The flags say there is no container, the size says there is."""
    CRC = "crc"
    """The session header's CRC is in use and wrong."""
    FLOOD = "flood"
    """More bytes than one message and one read were sent before our answer."""
    TRUNCATED = "truncated"
    """The stream ended inside a message."""
    ANSWER_UNASKED = "answer_unasked"
    """Bytes from the operator while nothing was asked."""


class RemoteProtocolError(Malformed):
    """The peer broke the protocol. The session is over; the caller closes the connection.

    `reason` is one of `Reason`; `header` and `body` are what could be read of the offending message, for
    the quarantine.
    """

    code = "remote_protocol_error"

    def __init__(
        self, reason: Reason, message: str, *, header: SessionHeader | None = None, body: bytes = b""
    ) -> None:
        """Keep the reason apart from the sentence."""
        super().__init__(message, reason=reason.value)
        self.reason = reason
        self.header = header
        self.body = body


class LocalProtocolError(RuleBroken):
    """We were about to break the protocol ourselves. Nothing was sent, nothing changed."""

    code = "local_protocol_error"


class HeaderMalformed(Malformed):
    """Thirty bytes that are no session header."""

    code = "session_header_malformed"


class ContainerMalformed(Malformed):
    """Bytes that are no container: too short, a wrong length, unknown type or format version."""

    code = "container_malformed"


class ContainerLengthWrong(ContainerMalformed):
    """The container is shorter than its header, or its length field is neither reading of section 3.2."""

    code = "container_length_wrong"


class ContainerCrcWrong(ContainerMalformed):
    """The container's CRC is not that of its bytes."""

    code = "container_crc_wrong"


class PayloadMalformed(Malformed):
    """What follows the container's header is no TLV document and is not marked as encrypted."""

    code = "container_payload_malformed"


class CipherUnavailable(Unavailable):
    """The document is encrypted, and no cipher module is configured that could open it."""

    code = "cipher_unavailable"


class RealDriveRefused(RuleBroken):
    """The number is not of a test drive: real drives need a real cipher module (docs/formats/wire.md 7)."""

    code = "real_drive_refused"
