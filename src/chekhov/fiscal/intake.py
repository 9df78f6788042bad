"""What a register's message is worth: examined without a database, a clock or a socket.

`examine` takes a message as the session read it, `examine_batch` several, and says for each either `Accepted` (a row for the journal and the
answer that may be sent once that row is committed) or `Refused` (a reason for the quarantine; nothing is
answered). In order: container and its CRC, agreement of the drive's numbers, the cipher module, the document,
format control («ФЛК»), the answer.

Source: docs/formats/wire.md sections 3, 6, 9.4 and 9.5.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from chekhov.errors import Malformed
from chekhov.ffd.checks import Finding, check
from chekhov.ffd.documents import Document, document_decode
from chekhov.fiscal.rows import POSTGRES_EPOCH, POSTGRES_EPOCH_UNIX_SECONDS, row_pack
from chekhov.fiscal.verdicts import Reason, SignMark, Verdict
from chekhov.ofdwire.answers import answer_bytes
from chekhov.ofdwire.confirmation import (
    CODE_ACCEPTED,
    CODE_CHECK_FAILED,
    CODE_NOT_RECOGNISED,
    MESSAGE_CHECK_FAILED,
    Confirmation,
)
from chekhov.ofdwire.container import Container
from chekhov.ofdwire.errors import (
    CipherUnavailable,
    ContainerCrcWrong,
    ContainerMalformed,
    RealDriveRefused,
)
from chekhov.ofdwire.header import SessionHeader
from chekhov.ofdwire.sealing import CipherModule, SignState

CODES_FOREIGN: Final = frozenset({7, 81, 82, 83, 84})
"""Documents that a register does not pass to the operator: 7 is ours, 81–84 are of the marking exchange."""

SIGN_MARKS: Final = {state.value: int(SignMark[state.name]) for state in SignState}
VERIFIED: Final = int(SignMark.VERIFIED)
UNVERIFIED: Final = int(SignMark.UNVERIFIED)
MISMATCH: Final = int(SignMark.MISMATCH)

FFD_BY_P_VERSION: Final = {b"\x01\x00": 1, b"\x01\x05": 2, b"\x01\x10": 3, b"\x01\x20": 4}
FFD_DEFAULT: Final = 2
"""In which form to answer a document whose own version could not be read: the one every drive knows."""

INT4_MAX: Final = 0x7FFF_FFFF
INT8_MAX: Final = 0x7FFF_FFFF_FFFF_FFFF
RNM_DIGITS_MAX: Final = 20
DIGITS_KEPT_MAX: Final = 20_000
_clocks: dict[ZoneInfo, dict[int, dt.datetime]] = {}


class Operator(NamedTuple):
    """Who answers: the operator's ИНН and the zone of his clock."""

    inn: str
    zone: ZoneInfo


class Accepted(NamedTuple):
    """A document to be stored; `answer` may leave only after the row is committed.

    `packed` is the journal's row as PostgreSQL takes it, `container` what came, for comparing repeats.
    """

    fn: str
    fd: int
    packed: bytes
    container: bytes
    answer: bytes
    verdict: int
    code: int


class Refused(NamedTuple):
    """A message that is set aside unanswered; `fn` and `fd` as far as they are known."""

    reason: Reason
    detail: str
    fn: str | None
    fd: int | None
    raw: bytes


class Message(NamedTuple):
    """What a session read: its header and container, and the peer's address packed by `rows.peer_pack`."""

    header: SessionHeader
    container_bytes: bytes
    peer: bytes | None


class _Case:
    """A message on its way through the stages. `refused` ends it."""

    __slots__ = (
        "answer", "code", "container", "document", "document_bytes", "facts", "message", "refused", "sign_mark",
        "verdict",
    )  # fmt: skip

    def __init__(self, message: Message) -> None:
        self.message = message
        self.container: Container = _NO_CONTAINER
        self.document_bytes: bytes | None = None
        self.sign_mark = UNVERIFIED
        self.document: Document | None = None
        self.code = 0
        self.verdict = UNRECOGNISED
        self.facts = _NO_FACTS
        self.answer = b""
        self.refused: Refused | None = None

    def refuse(self, reason: Reason, detail: str) -> None:
        """Set the message aside. Before the container is read, only the session's drive number is known."""
        raw, _, _, _, fn, fd, _, _, _ = self.container
        if raw:
            self.refused = Refused(reason, detail, fn, fd, raw)
        else:
            header, container_bytes, _ = self.message
            self.refused = Refused(reason, detail, header.fn_serial, None, container_bytes)


def examine(
    *,
    header: SessionHeader,
    container_bytes: bytes,
    cipher: CipherModule,
    operator: Operator,
    received_at: float,
    peer: bytes | None,
) -> Accepted | Refused:
    """Judge one message. `received_at`: Unix seconds. Never raises for what a register may send."""
    message = Message(header, container_bytes, peer)
    return examine_batch([message], cipher=cipher, operator=operator, received_at=received_at)[0]


def examine_batch(
    messages: Sequence[Message], *, cipher: CipherModule, operator: Operator, received_at: float
) -> list[Accepted | Refused]:
    """Judge messages that arrived together; a verdict for each, in order.

    Stage by stage over all of them, rather than one after another: the code of one stage stays in the
    processor's caches, which makes the whole a quarter cheaper (measured with sixteen and more).
    """
    cases = [_Case(message) for message in messages]
    _containers_read(cases)
    going = [case for case in cases if case.refused is None]
    _unseal(going, cipher)
    _decode(going)
    going = [case for case in going if case.refused is None]
    _judge(going)
    _answer(going, cipher, operator, received_at)
    received_us = int(received_at * 1_000_000) - _EPOCH_US
    return [_accepted(case, received_us) if case.refused is None else case.refused for case in cases]


def _containers_read(cases: list[_Case]) -> None:
    for case in cases:
        header, container_bytes, _ = case.message
        try:
            container = Container.parse(container_bytes)
        except ContainerCrcWrong as error:
            case.refuse(Reason.CONTAINER_CRC, error.message)
            continue
        except ContainerMalformed as error:
            case.refuse(Reason.UNREADABLE, error.message)
            continue
        case.container = container
        case.code = container.document_code
        if header.fn_serial != container.fn_serial:
            case.refuse(
                Reason.DRIVE_DISAGREES, f"сеанс: {header.fn_serial}, контейнер: {container.fn_serial}"
            )
        elif container.document_code in CODES_FOREIGN:
            case.refuse(Reason.UNEXPECTED_KIND, f"код документа {container.document_code}")


def _unseal(cases: list[_Case], cipher: CipherModule) -> None:
    verified, unseal = SignState.VERIFIED, cipher.unseal
    for case in cases:
        try:
            document_bytes, trailer, state = unseal(case.container)
        except RealDriveRefused as error:
            case.refuse(Reason.REAL_DRIVE, error.message)
        except CipherUnavailable as error:
            case.refuse(Reason.CIPHER_MISSING, error.message)
        except Malformed:
            pass  # stored all the same and answered «not recognised» (section 9.4)
        else:
            case.document_bytes = document_bytes + trailer
            case.sign_mark = VERIFIED if state is verified else SIGN_MARKS[state.value]
            if case.sign_mark == MISMATCH:
                case.refuse(Reason.SIGN_MISMATCH, "ФПД или ФПС не сходится")


def _decode(cases: list[_Case]) -> None:
    for case in cases:
        if case.document_bytes is None or case.refused is not None:
            continue
        try:
            document = document_decode(case.document_bytes)
        except Malformed:
            continue  # likewise
        case.document = document
        if document.code <= CODE_MAX:
            case.code = document.code
        if document.code in CODES_FOREIGN:
            case.refuse(Reason.UNEXPECTED_KIND, f"код документа {document.code}")
            continue
        container = case.container
        disagreement = _numbers_disagree(document, container.fn_serial, container.fd_number)
        if disagreement is not None:
            case.refuse(*disagreement)


def _judge(cases: list[_Case]) -> None:
    for case in cases:
        document = case.document
        if document is not None:
            findings = check(document)
            case.verdict = FINDINGS if findings and has_errors(findings) else CLEAN
    for case in cases:
        if case.document is not None:
            case.facts = _facts(case.document)


def _answer(cases: list[_Case], cipher: CipherModule, operator: Operator, received_at: float) -> None:
    clock = _local_clock(int(received_at), operator.zone)
    inn = operator.inn
    for case in cases:
        container, header = case.container, case.message.header
        ffd = case.facts[4] or FFD_BY_P_VERSION.get(header.p_version, FFD_DEFAULT)
        code, bits = RESPONSE_CODES[case.verdict], MESSAGE_BITS[case.verdict]
        confirmation = Confirmation(ffd, inn, container.fn_serial, container.fd_number, clock, code, bits)
        try:
            case.answer = answer_bytes(cipher, header, container, confirmation)
        except CipherUnavailable as error:
            case.refuse(Reason.CIPHER_MISSING, error.message)


def _accepted(case: _Case, received_us: int) -> Accepted:
    raw, _, _, _, fn, fd, _, _, _ = case.container
    header, _, peer = case.message
    issued_us, fpd, total_kopecks, shift, ffd, operation, rnm, inn = case.facts
    p_version = header.p_version
    row = (
        fd, received_us, issued_us, fpd, total_kopecks, shift, p_version[0] << 8 | p_version[1], header.flags,
        case.code, ffd, operation, case.verdict, case.sign_mark, fn, rnm, inn, peer, raw, case.answer,
    )  # fmt: skip
    return Accepted(fn, fd, row_pack(row), raw, case.answer, case.verdict, case.code)


CODE_MAX: Final = 0x7FFF
"""What the journal's column holds. A document of a greater code is of no kind; its container's code is kept."""
_EPOCH_US: Final = POSTGRES_EPOCH_UNIX_SECONDS * 1_000_000
# Plain numbers: the hash of an enum's member is a call, and these are asked for every document.
CLEAN, FINDINGS, UNRECOGNISED = int(Verdict.CLEAN), int(Verdict.FINDINGS), int(Verdict.UNRECOGNISED)
RESPONSE_CODES: Final = {
    CLEAN: CODE_ACCEPTED,
    FINDINGS: CODE_CHECK_FAILED,
    UNRECOGNISED: CODE_NOT_RECOGNISED,
}
MESSAGE_BITS: Final = {CLEAN: 0, FINDINGS: MESSAGE_CHECK_FAILED, UNRECOGNISED: MESSAGE_CHECK_FAILED}

Facts = tuple[int | None, int | None, int | None, int | None, int | None, int | None, str | None, str | None]
"""issued_us, fpd, total_kopecks, shift, ffd, operation, rnm, inn."""

_NO_FACTS: Final[Facts] = (None,) * 8
_NO_CONTAINER: Final = Container(b"", 0, 0, 0, "", 0, b"", b"", b"")


def has_errors(findings: list[Finding]) -> bool:
    """Whether format control has an error against the document; warnings and notices confirm it clean."""
    return any(finding.severity == "error" for finding in findings)


def _numbers_disagree(document: Document, fn: str, fd: int) -> tuple[Reason, str] | None:
    """Drive and document number stand in the document too, and are the true ones (section 9.5)."""
    first = document.first
    if first.get(1041) == fn and first.get(1040) == fd and fd:
        return None
    fn_inside, fd_inside = document.fn_serial, document.fd_number
    if fn_inside and fn_inside != fn:
        return Reason.DRIVE_DISAGREES, f"контейнер: {fn}, документ: {fn_inside}"
    if fd_inside != fd or not fd:
        return Reason.NUMBER_DISAGREES, f"контейнер: ФД {fd}, документ: ФД {fd_inside}"
    return None


def _facts(document: Document) -> Facts:
    """What the journal's columns hold, each only if it is of its kind and fits its column."""
    get = document.first.get
    issued_at = get(1012)
    issued_us = None
    if isinstance(issued_at, dt.datetime):
        since = issued_at - POSTGRES_EPOCH
        issued_us = (since.days * 86_400 + since.seconds) * 1_000_000
    sign = get(1077)
    return (
        issued_us,
        int.from_bytes(sign[2:6], "big") if isinstance(sign, bytes) and len(sign) >= 6 else None,
        _whole(get(1020), INT8_MAX),
        _whole(get(1038), INT4_MAX),
        _whole(get(1209), 255),
        _whole(get(1054), 255),
        _RNMS[get(1037)],
        _INNS[get(1018)],
    )


def _whole(value: object, maximum: int) -> int | None:
    return value if isinstance(value, int) and 0 <= value <= maximum else None


class _Digits(dict[Any, str | None]):
    """Fixed fields of digits without the spaces that fill them; anything else is nobody's number.

    The same few repeat in every document of a register, so they are remembered, up to a bound.
    """

    def __init__(self, length_max: int) -> None:
        super().__init__()
        self.length_max = length_max

    def __missing__(self, value: Any) -> str | None:
        digits = None
        if isinstance(value, str):
            text = value.rstrip(" ")
            if text.isdigit() and text.isascii() and len(text) <= self.length_max:
                digits = text
        if len(self) >= DIGITS_KEPT_MAX:
            self.clear()
        self[value] = digits
        return digits


_RNMS, _INNS = _Digits(RNM_DIGITS_MAX), _Digits(12)


def _local_clock(unix_seconds: int, zone: ZoneInfo) -> dt.datetime:
    """The operator's local clock, naive; asked thousands of times within the same second."""
    clocks = _clocks.get(zone)
    if clocks is None:
        clocks = _clocks[zone] = {}
    clock = clocks.get(unix_seconds)
    if clock is None:
        clocks.clear()
        clock = clocks[unix_seconds] = dt.datetime.fromtimestamp(unix_seconds, zone).replace(tzinfo=None)
    return clock
