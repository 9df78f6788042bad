"""Documents as they should not be: for pages that show what was found wrong."""

from __future__ import annotations

from chekhov.ffd.documents import document_decode
from chekhov.fn.issue import UNSIGNED, IssuedDocument
from chekhov.fn.sign import DriveSigner
from chekhov.ofdwire.confirmation import Confirmation
from chekhov.ofdwire.container import Container
from chekhov.ofdwire.sealing import Keyring, TestSealer

TOTAL = 1020
FISCAL_SIGN = 1077
DIFFERENCE_KOPECKS = 100


def retold(document: IssuedDocument, signer: DriveSigner, fn_serial: str) -> bytes:
    """The container of the same receipt under the same number, but with another total; rightly signed.

    Such a document fails format control; beside the first one it is a conflict.
    """
    raw = bytearray(document.raw)
    places = {node.tag: (node.offset + 4, node.raw) for node in document_decode(document.raw).nodes}
    at, value = places[TOTAL]
    total = int.from_bytes(value, "little")
    for other in (total + DIFFERENCE_KOPECKS, total - DIFFERENCE_KOPECKS):
        if 0 < other < 1 << (8 * len(value)):
            raw[at : at + len(value)] = other.to_bytes(len(value), "little")
            break
    at, _ = places[FISCAL_SIGN]
    raw[at : at + 6] = UNSIGNED
    raw[at + 2 : at + 6] = signer.document_sign(fn_serial, bytes(raw))
    trailer = signer.message_trailer(fn_serial, bytes(raw))
    return Container.build(
        document_code=document.code,
        fn_serial=fn_serial,
        fd_number=document.fd_number,
        payload=bytes(raw) + trailer,
    )


class ForeignSigner:
    """A test drive of somebody else: it signs under a key the operator does not hold."""

    def __init__(self, fn_serial: str, key: bytes) -> None:
        """`key`: the drive's own."""
        self._own = TestSealer(Keyring(given={fn_serial: key}))
        self._operator = TestSealer()

    def document_sign(self, fn_serial: str, document: bytes) -> bytes:
        """ФПД under the drive's own key."""
        return self._own.document_sign(fn_serial, document)

    def message_trailer(self, fn_serial: str, document: bytes) -> bytes:
        """ФПС under the drive's own key."""
        return self._own.message_trailer(fn_serial, document)

    def confirmation_signed(
        self,
        fn_serial: str,
        document: bytes,
        trailer: bytes,
        confirmation: Confirmation,
        operator_sign: bytes,
    ) -> bool:
        """The operator seals under the key that follows from the number."""
        return self._operator.confirmation_signed(fn_serial, document, trailer, confirmation, operator_sign)


def foreign_signer(fn_serial: str) -> DriveSigner:
    """The signer of a foreign test drive; its key is invented from its number."""
    return ForeignSigner(fn_serial, b"a key of somebody else: " + fn_serial.encode())
