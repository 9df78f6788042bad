"""What a drive does with the operator's answer (docs/formats/wire.md section 6.4)."""

from __future__ import annotations

import dataclasses
import datetime as dt
from enum import IntEnum
from typing import Any, NamedTuple

from chekhov.errors import Malformed
from chekhov.ffd.documents import Document, document_decode, document_peek
from chekhov.ffd.versions import RECEIPTS
from chekhov.fn.commands import AcceptConfirmation
from chekhov.fn.errors import StoredDocumentWrong
from chekhov.fn.sign import DriveSigner
from chekhov.fn.state import FnState, Phase
from chekhov.fn.totals import Totals
from chekhov.ofdwire.confirmation import DOCUMENT_CODE, FFD_1_1, OPERATOR_SIGN_BYTES, Confirmation
from chekhov.ofdwire.container import Container
from chekhov.ofdwire.errors import ContainerCrcWrong, ContainerLengthWrong, ContainerMalformed

TOTAL_TAGS = (1020, 1031, 1081, 1215, 1216, 1217)


class Refusal(IntEnum):
    """Reason bytes with which a drive refuses an answer (result 0x20); 6 was found in no source."""

    SIGN = 1
    FORMAT = 2
    FD_NUMBER = 3
    FN_SERIAL = 4
    CRC = 5
    LENGTH = 7


class ConfirmationResult(NamedTuple):
    """What became of an answer. `refusal` None: accepted. Codes are those of 1022 and 1206."""

    refusal: Refusal | None
    fd_number: int = 0
    response_code: int = 0
    message_bits: int = 0
    confirmed_at: dt.datetime | None = None

    @property
    def accepted(self) -> bool:
        """The document is confirmed."""
        return self.refusal is None


class Read(NamedTuple):
    """A confirmation that could be read."""

    confirmation: Confirmation
    document: Document
    operator_sign: bytes


def confirmation_accept(
    state: FnState, command: AcceptConfirmation, signer: DriveSigner
) -> tuple[FnState, ConfirmationResult]:
    """Judge the answer; accepted, it confirms the first unsent document. A refusal changes nothing.

    Raises: StoredDocumentWrong when the caller's documents are not those that are asked for.
    """
    read = _read(state, command.container)
    if isinstance(read, Refusal):
        return state, ConfirmationResult(read)
    confirmation, document, operator_sign = read
    if not signer.confirmation_signed(
        state.serial, document.raw, document.trailer, confirmation, operator_sign
    ):
        return state, ConfirmationResult(Refusal.SIGN)
    state = _confirmed(state, command, confirmation)
    result = ConfirmationResult(
        None,
        confirmation.fd_number,
        confirmation.response_code,
        confirmation.message_bits,
        confirmation.issued_at,
    )
    return state, result


def _read(state: FnState, data: bytes) -> Read | Refusal:
    """The confirmation inside a container, if it is one for the first unsent document."""
    try:
        container = Container.parse(data)
        document = document_decode(container.payload)
    except ContainerLengthWrong:
        return Refusal.LENGTH
    except ContainerCrcWrong:
        return Refusal.CRC
    except (ContainerMalformed, Malformed):
        return Refusal.FORMAT
    if container.document_code != DOCUMENT_CODE or document.code != DOCUMENT_CODE:
        return Refusal.FORMAT
    fields = _fields(document)
    if fields is None:
        return Refusal.FORMAT
    if container.fn_serial != state.serial or document.fn_serial != state.serial:
        return Refusal.FN_SERIAL
    waiting = state.unsent_from if state.unsent_count else None
    if container.fd_number != waiting or document.fd_number != waiting:
        return Refusal.FD_NUMBER
    return fields


def _fields(document: Document) -> Read | None:
    """The requisites of a confirmation; None when one is missing or is not of its kind."""
    inn, sign, issued_at = document.get(1017), document.get(1078), document.issued_at
    bits = document.get(1206, 0)
    message = document.get(1068)
    code: Any = 0
    if message is not None:
        if not isinstance(message, tuple):
            return None
        code = next((node.value for node in message if node.tag == 1022), 0)
    if not (isinstance(inn, str) and isinstance(sign, bytes) and len(sign) == OPERATOR_SIGN_BYTES):
        return None
    if issued_at is None or not isinstance(bits, int) or not isinstance(code, int):
        return None
    if not inn.isascii() or not 0 <= code <= 0xFF:
        return None
    # 1068 makes the form of FFD 1.05; without it the protected code is zero in either form.
    version = FFD_1_1 if message is None else FFD_1_1 - 1
    confirmation = Confirmation(
        version, inn.rstrip(" "), document.fn_serial, document.fd_number, issued_at, code, bits
    )
    return Read(confirmation, document, sign)


def _confirmed(state: FnState, command: AcceptConfirmation, confirmation: Confirmation) -> FnState:
    """The state without the first unsent document."""
    unsent = _unsent_without(state, command.document)
    unsent_at = None
    if state.unsent_count > 1:
        unsent_at = _issued_at(state, command.following, state.unsent_from + 1)
    state = dataclasses.replace(
        state,
        unsent_from=state.unsent_from + 1,
        unsent_at=unsent_at,
        unsent=unsent,
        response_code=confirmation.response_code,
        operator_message=confirmation.message_bits or state.operator_message,
        confirmed_at=confirmation.issued_at,
    )
    if state.phase is Phase.CLOSED_SENDING and not state.unsent_count:
        return dataclasses.replace(state, phase=Phase.CLOSED_SENT)
    return state


def _unsent_without(state: FnState, stored: bytes) -> tuple[Totals, ...]:
    """Sums of unsent receipts without the document that is being confirmed."""
    _issued_at(state, stored, state.unsent_from)
    document = document_decode(stored)
    if document.code not in RECEIPTS:
        return state.unsent
    at = (document.operation or 0) - 1
    sums = Totals(1, *(document.get(tag, 0) for tag in TOTAL_TAGS))
    try:
        return (*state.unsent[:at], state.unsent[at].minus(sums), *state.unsent[at + 1 :])
    except (ValueError, IndexError) as error:
        raise StoredDocumentWrong(f"документ {state.unsent_from} не тот, что выпущен") from error


def _issued_at(state: FnState, stored: bytes | None, fd_number: int) -> dt.datetime:
    """The moment of a stored document, which must be this drive's with this number."""
    if stored is None:
        raise StoredDocumentWrong(f"нужен сохранённый документ {fd_number}", fd_number=fd_number)
    try:
        peek = document_peek(stored)
    except Malformed as error:
        raise StoredDocumentWrong(f"документ {fd_number} не читается", fd_number=fd_number) from error
    if (peek.fn_serial, peek.fd_number) != (state.serial, fd_number) or peek.issued_at is None:
        raise StoredDocumentWrong(
            f"это документ {peek.fn_serial} № {peek.fd_number}, нужен {state.serial} № {fd_number}"
        )
    return peek.issued_at
