"""Making a document: encoded, signed, put into a container; and the message that carries it."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

from chekhov.ffd.documents import document_encode
from chekhov.ffd.errors import UnwritableDocument
from chekhov.fn.errors import DocumentTooLong, ParameterWrong, WrongState
from chekhov.fn.registration import Registration
from chekhov.fn.sign import DriveSigner
from chekhov.fn.state import FnState
from chekhov.ofdwire.container import Container
from chekhov.ofdwire.header import message_pack
from chekhov.ofdwire.testsigns import DOCUMENT_SIGN_PREFIX, document_sign_offset
from chekhov.tlv import Unencodable

Pairs = list[tuple[int, Any]]
UNSIGNED = DOCUMENT_SIGN_PREFIX + bytes(4)


class IssuedDocument(NamedTuple):
    """One document as it leaves the drive; the caller stores it.

    `raw`: the TLV document with its header. `trailer`: ФПС and what goes with it. `container`: both inside
    the container that goes to the operator.
    """

    fd_number: int
    code: int
    raw: bytes
    trailer: bytes
    container: bytes
    issued_at: dt.datetime
    fiscal_sign: int


def registered(state: FnState) -> Registration:
    """The registration of a drive in use. Raises: WrongState."""
    if state.registration is None:
        raise WrongState("ФН не фискализирован")
    return state.registration


def issue(
    state: FnState, code: int, fields: Pairs, *, now: dt.datetime, signer: DriveSigner, owner: Registration
) -> IssuedDocument:
    """The next document: what the drive writes itself, then `fields`; signed.

    The order is that of real drives (docs/formats/wire.md section 4): 1041, 1037, 1018, 1040, 1012, 1077 first.
    Raises: ParameterWrong for a value that does not fit its requisite, DocumentTooLong.
    """
    fd_number = state.last_fd + 1
    head: Pairs = [
        (1041, state.serial),
        (1037, owner.rnm),
        (1018, owner.user_inn),
        (1040, fd_number),
        (1012, now),
        (1077, UNSIGNED),
    ]
    try:
        unsigned = document_encode(code, head + fields)
    except Unencodable as error:
        where = ".".join(map(str, error.path))
        raise ParameterWrong(f"реквизит {where}: {error.message}", path=error.path) from error
    except UnwritableDocument as error:
        raise DocumentTooLong(f"документ слишком длинный: {error.message}") from error
    at = document_sign_offset(unsigned)
    if at is None:
        raise AssertionError("every document has 1077")
    sign = signer.document_sign(state.serial, unsigned)
    raw = unsigned[:at] + sign + unsigned[at + 4 :]
    trailer = signer.message_trailer(state.serial, raw)
    container = Container.build(
        document_code=code, fn_serial=state.serial, fd_number=fd_number, payload=raw + trailer
    )
    return IssuedDocument(fd_number, code, raw, trailer, container, now, int.from_bytes(sign, "big"))


def message_bytes(state: FnState, container: bytes) -> bytes:
    """A stored document's container as a message ready for the stream (flags 0x0014, no CRC)."""
    return message_pack(fn_serial=state.serial, p_version=state.p_version, container=container)
