"""The registers of a fleet: drives in memory, registered, a shift open, receipts made beforehand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from random import Random
from typing import Final

from chekhov.errors import Malformed
from chekhov.ffd.documents import document_decode
from chekhov.ffd.versions import FfdVersion
from chekhov.fn.commands import OpenShift, Receipt, Register
from chekhov.fn.drive import apply
from chekhov.fn.issue import message_bytes
from chekhov.fn.registration import Registration
from chekhov.fn.state import FnState, new_drive, serial_compose
from chekhov.ofdwire.confirmation import CODE_ACCEPTED, FFD_1_1, MESSAGE_CHECK_FAILED, Confirmation
from chekhov.ofdwire.container import Container
from chekhov.ofdwire.limits import SESSION_HEADER_BYTES
from chekhov.ofdwire.sealing import TestSealer
from chekhov.simulator.receiptmill import Mill, Template, local_seconds
from chekhov.simulator.shop import Shop, receipt
from chekhov.values import RegistrationNumber

SEQUENCES: Final = 10**10 - 10**6
"""Where the numbers of a fleet's drives may begin."""
TEMPLATES: Final = 32
TEMPLATE_LINES: Final = 4
"""A receipt of four lines has some 690 bytes, the size for which the project's figures are stated."""
OPENING_SECONDS: Final = 60
"""Between the registration report and the first receipt."""
RECEIPTS_PER_CLOCK_SECOND: Final = 8

USER_INN: Final = "7799000005"
OPERATOR_INN: Final = "9999999998"
SHOP: Final = Shop("grocery")


class FleetRegister:
    """A register of the fleet: first its two opening documents, then receipts without end."""

    __slots__ = ("_clock", "_mill", "_next_fd", "_opening", "_prepared", "made_on_the_fly", "message_bytes")

    def __init__(self, mill: Mill, opening: Sequence[bytes], clock_seconds: int) -> None:
        """`opening`: messages of the first documents; `clock_seconds`: local clock of the first receipt."""
        self._mill = mill
        self._opening: list[bytes] | None = list(reversed(opening))
        self._next_fd = len(opening) + 1
        self._clock = clock_seconds
        self._prepared: list[bytes] = []
        self.made_on_the_fly = 0
        self.message_bytes = mill.message_bytes_max

    def next_message(self) -> bytes | None:
        """The next message in order; None while the opening is done and not yet over."""
        if self._opening is not None:
            return self._opening.pop() if self._opening else None
        if self._prepared:
            return self._prepared.pop()
        self.made_on_the_fly += 1
        return self._made()

    def opening_over(self) -> None:
        """From now on receipts."""
        self._opening = None

    def prepare(self, receipts: int) -> None:
        """Make that many messages beforehand; once, before the first is taken."""
        if self._prepared:
            raise AssertionError("receipts are prepared once")
        prepared = [self._made() for _ in range(receipts)]
        prepared.reverse()
        self._prepared = prepared

    def _made(self) -> bytes:
        fd_number = self._next_fd
        self._next_fd = fd_number + 1
        receipt_number = fd_number - 2
        moment = self._clock + receipt_number // RECEIPTS_PER_CLOCK_SECOND
        return self._mill.message(fd_number, receipt_number, moment)


def registers_make(
    ffd: FfdVersion, numbers: Iterable[int], *, seed: int, started_at: dt.datetime
) -> list[FleetRegister]:
    """Registers with these numbers in the fleet of that seed, all opened at `started_at`."""
    first = Random(seed).randrange(SEQUENCES)  # noqa: S311
    sealer = TestSealer()
    started_at = started_at.replace(microsecond=0)
    templates = templates_make(ffd, seed=seed, started_at=started_at)
    clock_seconds = local_seconds(started_at) + OPENING_SECONDS
    made = []
    for number in numbers:
        registration = registration_of(first + number)
        state, opening = _opened(ffd, first + number, registration, started_at, sealer)
        mill = Mill(
            fn_serial=state.serial,
            rnm=registration.rnm,
            p_version=state.p_version,
            templates=templates,
            keyring=sealer.keyring,
        )
        made.append(FleetRegister(mill, opening, clock_seconds))
    return made


def templates_make(ffd: FfdVersion, *, seed: int, started_at: dt.datetime) -> list[Template]:
    """Receipts of a drive of its own, all different, for the mills of the fleet."""
    sealer = TestSealer()
    state, _ = _opened(ffd, 0, registration_of(0), started_at, sealer)
    rng = Random(seed)  # noqa: S311
    templates: list[Template] = []
    while len(templates) < TEMPLATES:
        order = receipt(SHOP, started_at, rng)
        if len(order.items) != TEMPLATE_LINES:
            continue
        outcome = apply(state, Receipt(order), started_at, sealer)
        assert outcome.document is not None
        state = outcome.state
        templates.append(Template(outcome.document.raw))
    return templates


def _opened(
    ffd: FfdVersion, sequence: int, registration: Registration, at: dt.datetime, sealer: TestSealer
) -> tuple[FnState, list[bytes]]:
    """A drive in its first shift, and the messages of its two reports."""
    state = new_drive(serial_compose(sequence), model="15", ffd=ffd)
    messages = []
    for command in (Register(registration), OpenShift()):
        outcome = apply(state, command, at, sealer)
        assert outcome.document is not None
        state = outcome.state
        messages.append(message_bytes(state, outcome.document.container))
    return state, messages


def registration_of(sequence: int) -> Registration:
    """What a register of the fleet is registered with."""
    serial = f"{sequence % 10**14:014d}"
    return Registration(
        rnm=RegistrationNumber.compose(sequence % 10**10, USER_INN, serial),
        user_inn=USER_INN,
        user_name='ООО "Нагрузка"',
        kkt_serial=serial,
        address="125009, г. Москва, ул. Испытателей, д. 1",
        place="Стенд",
        tax_systems=1,
        operator_inn=OPERATOR_INN,
        operator_name="Оператор стенда",
        cashier="Раневская Л. А.",
        sender_email="shop@example.ru",
    )


def answer_verified(message: bytes, answer: bytes, sealer: TestSealer | None = None) -> str | None:
    """Judge an operator's answer as the drive does; None when it is right, else what is wrong, in a word.

    `message`: at least the headers of what was sent. The response must also be that nothing is wrong with
    the document.
    """
    sealer = sealer or SEALER
    try:
        container = Container.parse(answer[SESSION_HEADER_BYTES:])
        document = document_decode(container.payload)
    except Malformed:
        return "answer_unreadable"
    issued_at, inn, sign = document.issued_at, document.get(1017), document.get(1078)
    asked = message[SESSION_HEADER_BYTES : SESSION_HEADER_BYTES + 32]
    fd_number = int.from_bytes(asked[17:20], "big")
    if container.raw[7:32] != asked[7:32] or document.fd_number != fd_number or issued_at is None:
        return "answer_of_another_document"
    if document.fn_serial != container.fn_serial or not isinstance(inn, str) or not isinstance(sign, bytes):
        return "answer_incomplete"
    group = document.get(1068)
    code = next((node.value for node in group if node.tag == 1022), CODE_ACCEPTED) if group else CODE_ACCEPTED
    bits = document.get(1206, 0)
    confirmation = Confirmation(
        FFD_1_1 - 1 if group else FFD_1_1, inn.rstrip(), document.fn_serial, fd_number, issued_at, code, bits
    )
    if not sealer.confirmation_signed(document.fn_serial, document.raw, document.trailer, confirmation, sign):
        return "answer_sign_wrong"
    return "document_found_faulty" if code != CODE_ACCEPTED or bits & MESSAGE_CHECK_FAILED else None


SEALER: Final = TestSealer()
