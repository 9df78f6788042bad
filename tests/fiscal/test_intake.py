from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chekhov.ffd.documents import document_decode
from chekhov.fiscal.intake import Accepted, Operator, Refused, examine
from chekhov.fiscal.rows import POSTGRES_EPOCH
from chekhov.fiscal.verdicts import Reason, Verdict
from chekhov.ofdwire.container import Container
from chekhov.ofdwire.header import SessionHeader
from chekhov.ofdwire.sealing import TestSealer
from fiscal.messages import (
    FN,
    FOREIGN_FN,
    INN,
    MOMENT,
    RNM,
    crc_broken,
    crc_mended,
    document,
    message,
    parts,
    receipt,
    receipt_fields,
    sealed,
)

OPERATOR = Operator("9999999998", ZoneInfo("Europe/Moscow"))
CIPHER = TestSealer()
RECEIVED_AT = 1_795_000_000.25


def judged(whole, **changes):
    header, container = parts(whole)
    given_ = {
        "header": header,
        "container_bytes": container,
        "cipher": CIPHER,
        "operator": OPERATOR,
        "received_at": RECEIVED_AT,
        "peer": None,
    }
    return examine(**{**given_, **changes})


def confirmation_of(verdict):
    assert isinstance(verdict, Accepted), verdict
    header = SessionHeader.parse(verdict.answer[:30])
    container = Container.parse(verdict.answer[30:])
    return header, container, document_decode(container.payload)


def test_right_receipt_is_accepted_and_confirmed():
    whole = receipt(fd=17)
    verdict = judged(whole)
    header, container, answer = confirmation_of(verdict)
    assert (verdict.fn, verdict.fd, verdict.verdict, verdict.code) == (FN, 17, Verdict.CLEAN, 3)
    assert verdict.container == whole[30:]
    assert (header.fn_serial, header.p_version, header.flags) == (FN, b"\x01\x20", 0x14)
    assert (container.message_type, container.document_code, container.fd_number) == (0x5A, 7, 17)
    assert (answer.code, answer.fn_serial, answer.fd_number) == (7, FN, 17)
    assert answer.get(1206) is None
    # 2026-11-18 11:06:40 UTC is 14:06:40 in Moscow.
    assert str(answer.issued_at) == "2026-11-18 14:06:40"


def test_format_error_is_accepted_with_the_bit_in_1_2_and_the_code_in_1_05():
    wrong = [field for field in receipt_fields() if field[0] != 1054]
    verdict = judged(message(3, fields=wrong, shift=1))
    assert verdict.verdict == Verdict.FINDINGS
    assert confirmation_of(verdict)[2].get(1206) == 2
    old = judged(message(3, fields=wrong, shift=1, ffd=2))
    answer = confirmation_of(old)[2]
    assert [node.value for node in answer.get(1068)] == [14]


def test_clean_document_of_1_05_is_answered_with_code_0():
    answer = confirmation_of(judged(message(2, fields=[(1021, "Кассир")], shift=1, ffd=2)))[2]
    assert [node.value for node in answer.get(1068)] == [0]


@pytest.mark.parametrize(
    ("p_version", "tag"), [(b"\x01\x05", 1068), (b"\x00\x01", 1068), (b"\x01\x20", 1206)]
)
def test_undecodable_document_is_stored_and_answered_not_recognised(p_version, tag):
    body = b"\x12\x04\xff\x00" + b"\x00" * 8  # an element that runs past the document's end
    raw = b"\x03\x00" + len(body).to_bytes(2, "little") + body
    verdict = judged(sealed(raw, FOREIGN_FN, 5, 3, p_version=p_version))
    assert (verdict.verdict, verdict.fn, verdict.fd) == (Verdict.UNRECOGNISED, FOREIGN_FN, 5)
    value = confirmation_of(verdict)[2].get(tag)
    assert value == 2 if tag == 1206 else [node.value for node in value] == [11]


def test_payload_that_is_no_document_is_stored_as_not_recognised():
    verdict = judged(sealed(b"\x03\x00", FOREIGN_FN, 5, 3, trailer=b""))
    assert (verdict.verdict, verdict.code) == (Verdict.UNRECOGNISED, 3)


def refusals():
    whole = receipt(fd=3)
    header, container = parts(whole)
    flipped = container[:-40] + bytes((container[-40] ^ 1,)) + container[-39:]
    encrypted = crc_mended(container[:7] + b"\x11" + container[8:])
    real = receipt(fn="9289000100000001")
    yield "crc", crc_broken(whole), Reason.CONTAINER_CRC
    yield "length", whole[:30] + b"\x07\x00" + whole[32:], Reason.UNREADABLE
    yield "short", whole[:50], Reason.UNREADABLE
    yield (
        "session header of another drive",
        sealed(document(3, fd=3), FN, 3, header_fn=FOREIGN_FN),
        Reason.DRIVE_DISAGREES,
    )
    yield "another drive inside", sealed(document(3, FOREIGN_FN, 3), FN, 3), Reason.SIGN_MISMATCH
    yield "another number outside", sealed(document(3, fd=3), FN, 4), Reason.NUMBER_DISAGREES
    yield "flipped bit", header.pack() + crc_mended(flipped), Reason.SIGN_MISMATCH
    yield "encrypted", header.pack() + encrypted, Reason.CIPHER_MISSING
    yield "real drive", real, Reason.REAL_DRIVE
    yield "operator's document", sealed(document(7, fd=3), FN, 3), Reason.UNEXPECTED_KIND
    yield "marking", sealed(document(3, fd=3), FN, 3, 81), Reason.UNEXPECTED_KIND


@pytest.mark.parametrize(("whole", "reason"), [pytest.param(w, r, id=n) for n, w, r in refusals()])
def test_refused(whole, reason):
    verdict = judged(whole)
    assert isinstance(verdict, Refused)
    assert verdict.reason is reason
    assert verdict.raw == whole[30:]


def test_foreign_drive_inside_an_unverified_container_is_refused():
    whole = sealed(document(3, FN, 3), FOREIGN_FN, 3)
    verdict = judged(whole)
    assert (verdict.reason, verdict.fn) == (Reason.DRIVE_DISAGREES, FOREIGN_FN)


def test_fifteen_digit_drive_agrees_in_all_three_places():
    verdict = judged(receipt(fn="999907890001191", fd=2))
    assert isinstance(verdict, Accepted)
    assert verdict.fn == "999907890001191"


def test_repeated_message_gives_the_same_row_key_and_container():
    assert judged(receipt(fd=9))[:2] == judged(receipt(fd=9), received_at=RECEIVED_AT + 5)[:2]


def test_numbers_that_do_not_fit_their_columns_are_left_out_not_fatal():
    huge = [(1042, 1), (1054, 1), (1020, b"\xff" * 8), (1038, 0xFFFF_FFFF)]
    verdict = judged(message(3, fields=huge))
    assert isinstance(verdict, Accepted)


@given(st.binary(max_size=300), st.integers(0, 300), st.booleans())
@example(b"\x00\x80", 32, True)  # the code of no document, and more than its column holds
def test_any_bytes_give_a_verdict(noise, at, mend):
    header, container = parts(receipt(fn=FOREIGN_FN, fd=1))
    changed = container[: min(at, len(container))] + noise + container[at + len(noise) :]
    if mend and len(changed) >= 32:
        changed = crc_mended(len(changed).to_bytes(2, "little") + changed[2:])
    verdict = judged(header.pack() + changed)
    assert isinstance(verdict, Accepted | Refused)
    if isinstance(verdict, Accepted):
        assert (verdict.fn, verdict.container) == (FOREIGN_FN, changed)


def test_facts_of_the_row():
    packed = judged(receipt(fd=17, total=12_345)).packed
    for text in (FN, RNM, INN):
        assert text.encode() in packed
    assert (12_345).to_bytes(8, "big") in packed
    assert ((MOMENT - POSTGRES_EPOCH) // dt.timedelta(microseconds=1)).to_bytes(8, "big") in packed
