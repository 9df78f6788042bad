"""Who signs for a drive. `ofdwire.sealing.TestSealer` does, with test keys."""

from __future__ import annotations

from typing import Protocol

from chekhov.ofdwire.confirmation import Confirmation


class DriveSigner(Protocol):
    """The signs of one or many drives; keys are chosen by the drive's number."""

    def document_sign(self, fn_serial: str, document: bytes) -> bytes:
        """ФПД: 4 bytes over a document that has zeros in their place."""

    def message_trailer(self, fn_serial: str, document: bytes) -> bytes:
        """ФПС in the shape in which it follows the document: 10 bytes."""

    def confirmation_signed(
        self,
        fn_serial: str,
        document: bytes,
        trailer: bytes,
        confirmation: Confirmation,
        operator_sign: bytes,
    ) -> bool:
        """Whether ФПО and ФПП of an operator's confirmation are right."""
