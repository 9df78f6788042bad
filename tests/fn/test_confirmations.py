from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chekhov.ffd.documents import document_encode
from chekhov.ffd.versions import FfdVersion
from chekhov.fn.commands import AcceptConfirmation, CloseDrive, CloseShift, Receipt
from chekhov.fn.confirmations import Refusal
from chekhov.fn.drive import apply
from chekhov.fn.errors import StoredDocumentWrong
from chekhov.fn.state import Phase, serial_compose
from chekhov.fn.totals import FOUR
from chekhov.ofdwire.container import FROM_OPERATOR, Container
from chekhov.ofdwire.sealing import Keyring, TestSealer
from fn.world import BOTH, OPERATOR_INN, SEALER, SERIAL, START, Till, order


def refused(till: Till, command: AcceptConfirmation) -> Refusal | None:
    """The reason; a refusal must not change the state."""
    before = till.state
    outcome = till.accept(command)
    assert outcome.result is not None
    assert outcome.document is None
    if not outcome.result.accepted:
        assert till.state is before
    return outcome.result.refusal


def rebuilt(command: AcceptConfirmation, payload: bytes, **change: object) -> AcceptConfirmation:
    """The answer with another payload, its container in order."""
    old = Container.parse(command.container)
    values = {
        "document_code": 7,
        "fn_serial": old.fn_serial,
        "fd_number": old.fd_number,
        "message_type": FROM_OPERATOR,
        **change,
    }
    return dataclasses.replace(command, container=Container.build(payload=payload, **values))


@pytest.mark.parametrize("ffd", BOTH)
def test_accepted_in_order_until_nothing_is_left(ffd):
    till = Till.working(ffd)
    till.do(Receipt(order()), minutes=1)
    for fd_number, left in ((1, 2), (2, 1), (3, 0)):
        outcome = till.accept(till.answer(response_code=0))
        assert outcome.result is not None
        assert outcome.result.accepted
        assert outcome.result.fd_number == fd_number
        assert till.state.unsent_count == left
    assert till.state.unsent_at is None
    assert till.state.unsent == FOUR
    assert till.state.confirmed_at == till.now


def test_first_unsent_is_dated_anew_after_each_answer():
    till = Till.working()
    till.do(Receipt(order()), minutes=7)
    till.accept(till.answer())
    assert till.state.unsent_at == START
    till.accept(till.answer())
    assert till.state.unsent_at == till.now


def test_codes_of_the_operator_are_told_and_kept():
    till = Till.working(FfdVersion.V1_05)
    outcome = till.accept(till.answer(response_code=14))
    assert outcome.result is not None
    assert (outcome.result.accepted, outcome.result.response_code) == (True, 14)
    assert till.state.response_code == 14
    till = Till.working()
    outcome = till.accept(till.answer(message_bits=2 + 64, response_code=14))
    assert outcome.result is not None
    assert (outcome.result.message_bits, outcome.result.response_code) == (66, 0)
    assert till.state.operator_message == 66
    till.accept(till.answer())
    assert till.state.operator_message == 66


def test_repeated_and_early_answers_are_refused_as_of_another_document():
    till = Till.working()
    first, second = till.answer(1), till.answer(2)
    assert refused(till, second) is Refusal.FD_NUMBER
    assert refused(till, first) is None
    assert refused(till, first) is Refusal.FD_NUMBER
    assert refused(till, second) is None
    assert refused(till, second) is Refusal.FD_NUMBER


def test_wrong_signs():
    till = Till.working()
    good = till.answer()
    stranger = TestSealer(Keyring(b"another"))
    outcome = apply(till.state, good, till.now, stranger)
    assert outcome.result is not None
    assert outcome.result.refusal is Refusal.SIGN
    payload = Container.parse(good.container).payload
    assert refused(till, rebuilt(good, payload)) is None
    good = till.answer()
    payload = Container.parse(good.container).payload
    for at in (10, len(payload) - 5, len(payload) - 11):  # the moment, ФПП, ФПО
        changed = bytearray(payload)
        changed[at] ^= 1
        assert refused(till, rebuilt(good, bytes(changed))) is Refusal.SIGN
    assert refused(till, rebuilt(good, payload[:-10])) is Refusal.SIGN


def test_wrong_numbers():
    till = Till.working()
    good = till.answer()
    payload = Container.parse(good.container).payload
    other = serial_compose(2)
    assert refused(till, rebuilt(good, payload, fn_serial=other)) is Refusal.FN_SERIAL
    assert refused(till, rebuilt(good, payload, fd_number=2)) is Refusal.FD_NUMBER
    foreign = payload.replace(SERIAL.encode(), other.encode())
    assert refused(till, rebuilt(good, foreign)) is Refusal.FN_SERIAL
    late = payload.replace(b"\x10\x04\x04\x00\x01\0\0\0", b"\x10\x04\x04\x00\x02\0\0\0")
    assert late != payload
    assert refused(till, rebuilt(good, late)) is Refusal.FD_NUMBER


def test_wrong_crc_and_length():
    till = Till.working()
    good = till.answer()
    changed = bytearray(good.container)
    changed[50] ^= 1
    assert refused(till, dataclasses.replace(good, container=bytes(changed))) is Refusal.CRC
    for container in (good.container[:-1], good.container + b"\0", good.container[:20], b""):
        assert refused(till, dataclasses.replace(good, container=container)) is Refusal.LENGTH


FIELDS = [
    (1012, START),
    (1017, OPERATOR_INN),
    (1041, SERIAL),
    (1040, 1),
    (1078, bytes(18)),
]


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\x07\x00\xff\xff",
        b"\x07\x00\x02\x00\x01\x02",
        document_encode(3, [(1041, SERIAL)]),
        *(document_encode(7, [pair for pair in FIELDS if pair[0] != tag]) for tag in (1012, 1017, 1078)),
        document_encode(7, [*FIELDS[:-1], (1078, bytes(16))]),
        document_encode(7, [*FIELDS[:-2], (1068, b"\x01"), *FIELDS[-2:]]),
        document_encode(7, [(1017, "Жуки"), *FIELDS[2:], FIELDS[0]]),
    ],
)
def test_wrong_format(payload):
    till = Till.working()
    command = rebuilt(till.answer(), payload)
    assert refused(till, command) is Refusal.FORMAT
    assert refused(till, rebuilt(till.answer(), b"\x07\x00\x00\x00", document_code=3)) is Refusal.FORMAT


def test_form_of_an_older_answer_is_understood():
    till = Till.working()
    assert refused(till, till.answer(ffd_version=2, response_code=11)) is None
    assert till.state.response_code == 11


@pytest.mark.parametrize("wrong", ["following", "absent", "other", "garbage", "foreign"])
def test_caller_must_give_back_the_right_documents(wrong):
    till = Till.working()
    till.do(Receipt(order()))
    command = till.answer(1)
    if wrong == "following":
        command = dataclasses.replace(command, following=till.archive[3].raw)
    elif wrong == "absent":
        command = dataclasses.replace(command, following=None)
    elif wrong == "other":
        command = dataclasses.replace(command, document=till.archive[2].raw)
    elif wrong == "garbage":
        command = dataclasses.replace(command, document=b"\x01")
    else:
        raw = till.archive[1].raw.replace(SERIAL.encode(), serial_compose(5).encode())
        command = dataclasses.replace(command, document=raw)
    before = till.state
    with pytest.raises(StoredDocumentWrong):
        till.accept(command)
    assert till.state is before


def test_changed_sums_of_a_stored_receipt_are_noticed():
    till = Till.working()
    till.do(Receipt(order()))
    till.accept(till.answer())
    till.accept(till.answer())
    command = till.answer()
    total = b"\xfc\x03\x02\x00"
    raw = command.document.replace(total + (12_345).to_bytes(2, "little"), total + b"\xff\xff")
    assert raw != command.document
    with pytest.raises(StoredDocumentWrong):
        till.accept(dataclasses.replace(command, document=raw))


def test_stored_document_may_come_with_its_trailer():
    till = Till.working()
    command = till.answer()
    issued = till.archive[1]
    assert refused(till, dataclasses.replace(command, document=issued.raw + issued.trailer)) is None


def test_closed_drive_is_done_when_its_last_document_is_confirmed():
    till = Till.working()
    till.do(CloseShift())
    till.do(CloseDrive())
    assert till.state.phase is Phase.CLOSED_SENDING
    till.accept(till.answer())
    assert till.state.phase is Phase.CLOSED_SENDING
    till.confirm_all()
    assert till.state.phase is Phase.CLOSED_SENT


def test_answer_may_come_at_any_hour():
    till = Till.working()
    till.now = START.replace(year=2025)
    assert refused(till, till.answer()) is None


@settings(max_examples=150)
@given(at=st.integers(0, 10_000), change=st.integers(1, 255), cut=st.booleans())
def test_damaged_answer_is_refused_with_a_reason_and_changes_nothing(at, change, cut):
    till = TILL
    good = till.answer()
    data = bytearray(good.container)
    at %= len(data)
    if cut:
        del data[at:]
    else:
        data[at] ^= change
    outcome = apply(till.state, dataclasses.replace(good, container=bytes(data)), till.now, SEALER)
    assert outcome.result is not None
    assert outcome.result.refusal in set(Refusal)
    assert outcome.state is till.state


TILL = Till.working()
