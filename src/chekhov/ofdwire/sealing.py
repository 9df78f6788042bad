"""The narrow interface of the operator's cipher module, and the test sealer that ships with us.

A real module opens what real drives closed and makes the signs ФПО and ФПП; its keys and algorithms are
not public. `TestSealer` stands in for it with HMAC under per-drive test keys, and only for drive numbers
that begin with 9999, which no real drive has (docs/formats/identifiers.md section 2).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from hmac import compare_digest, digest
from typing import Final, NamedTuple, Protocol

from chekhov.ofdwire import testsigns
from chekhov.ofdwire.confirmation import (
    DOCUMENT_CODE,
    Confirmation,
    confirmation_document,
    parts_of,
    protected_bytes,
)
from chekhov.ofdwire.container import FORMAT_VERSION, FROM_OPERATOR, Container, framed
from chekhov.ofdwire.errors import CipherUnavailable, PayloadMalformed, RealDriveRefused
from chekhov.ofdwire.limits import CACHED_KEYS_MAX

TEST_PREFIX: Final = "9999"
OWN_PREFIX: Final = "999954"
"""Drives that this program emulates: their keys follow from the keyring's secret."""

PUBLISHED_SECRET: Final = b"chekhov test keyring: published, protects nothing"
"""The default secret. It is public on purpose: test signs are not a protection against forgery."""

ENCRYPTED: Final = 0x01
"""Bit 0 of the first byte of «служебные данные 1» (section 3.1, uncertain)."""

ANSWER_START: Final = bytes((FROM_OPERATOR, DOCUMENT_CODE, FORMAT_VERSION))


class SignState(StrEnum):
    """What is known of a document's signs; stored with the document and shown."""

    VERIFIED = "verified"
    """Подпись проверена тестовым ключом."""
    UNVERIFIED = "unverified"
    """A foreign test drive whose key we do not hold; accepted, «подпись не проверена»."""
    MISMATCH = "mismatch"
    """We hold the key, and the signs are not of this document."""


class Unsealed(NamedTuple):
    """An opened container: the TLV document with its 4-byte header, what followed it, and its signs."""

    document_bytes: bytes
    trailer: bytes
    sign_state: SignState


class CipherModule(Protocol):
    """What the operator's cipher module does for us; a real one stands behind `chekhov.links`."""

    def unseal(self, container: Container) -> Unsealed:
        """Open a drive's container and judge its signs.

        Raises: RealDriveRefused, CipherUnavailable, PayloadMalformed.
        """

    def seal_confirmation(self, request: Container, confirmation: Confirmation) -> bytes:
        """The container of the answer to `request`, with ФПО and ФПП.

        Raises: RealDriveRefused, CipherUnavailable.
        """


class Keyring:
    """Test keys by drive number.

    Keys of our own emulated drives (999954…) are HMAC(secret, number). Keys of other test drives may be
    given; without one there is nothing to verify with.
    """

    __slots__ = ("_derived", "_given", "_secret")

    def __init__(self, secret: bytes = PUBLISHED_SECRET, given: Mapping[str, bytes] | None = None) -> None:
        """`given`: keys of foreign test drives by their number.

        Raises: RealDriveRefused when a key is given for a number outside the test range.
        """
        self._secret = secret
        self._given = {fn_serial: testsigns.SignKey(key) for fn_serial, key in (given or {}).items()}
        self._derived: dict[str, testsigns.SignKey] = {}
        for fn_serial in self._given:
            require_test_drive(fn_serial)

    def verifying_key(self, fn_serial: str) -> testsigns.SignKey | None:
        """The key to verify this drive's signs with; None when we hold none."""
        if fn_serial.startswith(OWN_PREFIX) or fn_serial in self._given:
            return self.sealing_key(fn_serial)
        return None

    def sealing_key(self, fn_serial: str) -> testsigns.SignKey:
        """The key to sign with.

        A foreign drive without a given key gets a derived one: harmless, and the same every time.
        """
        key = self._given.get(fn_serial) or self._derived.get(fn_serial)
        if key is None:
            if len(self._derived) >= CACHED_KEYS_MAX:
                self._derived.clear()
            derived = digest(self._secret, fn_serial.encode(), "sha256")
            key = self._derived[fn_serial] = testsigns.SignKey(derived)
        return key


def require_test_drive(fn_serial: str) -> None:
    """Raise RealDriveRefused unless the number is of the test range."""
    if not fn_serial.startswith(TEST_PREFIX):
        raise RealDriveRefused(
            f"ФН {fn_serial}: реальные накопители требуют модуля шифрования", fn_serial=fn_serial
        )


class TestSealer:
    """The test cipher module, and the same signs for the emulated drive's side."""

    __slots__ = ("keyring",)
    __test__ = False  # pytest must not take it for a test

    def __init__(self, keyring: Keyring | None = None) -> None:
        """Without a keyring: the published secret and no foreign keys."""
        self.keyring = keyring or Keyring()

    def unseal(self, container: Container) -> Unsealed:
        """See `CipherModule.unseal`."""
        fn_serial = container.fn_serial
        if not fn_serial.startswith(TEST_PREFIX):
            require_test_drive(fn_serial)
        if container.service1[0] & ENCRYPTED:
            raise CipherUnavailable(
                "документ зашифрован, модуль шифрования не подключён", fn_serial=fn_serial
            )
        payload = container.payload
        end = 4 + (payload[2] | payload[3] << 8) if len(payload) >= 4 else 0
        if not 4 < end <= len(payload):
            raise PayloadMalformed(
                f"no TLV document fits the {len(payload)} bytes after the container's header",
                fn_serial=fn_serial,
            )
        document, trailer = payload[:end], payload[end:]
        key = self.keyring.verifying_key(fn_serial)
        if key is None:
            state = SignState.UNVERIFIED
        elif compare_digest(
            testsigns.trailer(testsigns.message_sign(key, document)), trailer
        ) and testsigns.document_signed(key, document):
            state = SignState.VERIFIED
        else:
            state = SignState.MISMATCH
        return Unsealed(document, trailer, state)

    def seal_confirmation(self, request: Container, confirmation: Confirmation) -> bytes:
        """See `CipherModule.seal_confirmation`.

        Type 5A, document code 7; the request's header is repeated from offset 7 to its end, which covers
        the bytes 10..25 that a real operator repeats (section 6.1).
        """
        fn_serial = request.fn_serial
        if not fn_serial.startswith(TEST_PREFIX):
            require_test_drive(fn_serial)
        key = self.keyring.sealing_key(fn_serial)
        parts = parts_of(confirmation)
        sign = testsigns.operator_sign(key, protected_bytes(confirmation, parts))
        document = confirmation_document(confirmation, sign, parts)
        tail = testsigns.trailer(testsigns.transport_sign(key, document))
        return framed(ANSWER_START + request.raw[7:32] + document + tail)

    # The drive's side.

    def document_sign(self, fn_serial: str, document: bytes) -> bytes:
        """ФПД: 4 bytes; `document` has zeros in their place."""
        return testsigns.document_sign(self.keyring.sealing_key(fn_serial), document)

    def message_trailer(self, fn_serial: str, document: bytes) -> bytes:
        """ФПС as it follows the document on the wire: 10 bytes."""
        return testsigns.trailer(testsigns.message_sign(self.keyring.sealing_key(fn_serial), document))

    def confirmation_signed(
        self,
        fn_serial: str,
        document: bytes,
        trailer: bytes,
        confirmation: Confirmation,
        operator_sign: bytes,
    ) -> bool:
        """Answer the drive's question whether ФПО and ФПП of this document 7 are right."""
        key = self.keyring.sealing_key(fn_serial)
        expected = testsigns.operator_sign(key, protected_bytes(confirmation))
        expected_trailer = testsigns.trailer(testsigns.transport_sign(key, document))
        return compare_digest(expected, operator_sign) and compare_digest(expected_trailer, trailer)
