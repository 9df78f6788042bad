from __future__ import annotations

import datetime as dt

import pytest

from chekhov.ffd.documents import document_decode
from chekhov.ofdwire.answers import answer_bytes
from chekhov.ofdwire.confirmation import Confirmation
from chekhov.ofdwire.container import Container
from chekhov.ofdwire.header import SessionHeader
from chekhov.ofdwire.sealing import TestSealer
from ofdwire.world import OWN_SERIAL, message, vector

NOON = dt.datetime.fromisoformat("2026-03-03T12:00:00")


def parts(raw: bytes) -> tuple[SessionHeader, Container]:
    return SessionHeader.parse(raw[:30]), Container.parse(raw[30:])


def confirm(request: Container, **change: object) -> Confirmation:
    return Confirmation(2, "7704358518", request.fn_serial, request.fd_number, NOON)._replace(**change)


@pytest.mark.parametrize("raw", [vector("session-doc11-ffd105.bin"), message(0xABCDEF)])
def test_answer_has_the_published_shape(raw):
    header, request = parts(raw)
    answer_header, answer = parts(answer_bytes(TestSealer(), header, request, confirm(request)))
    assert answer_header == header._replace(body_size=len(answer.raw), flags=0x0014, crc=0)
    assert answer.message_type == 0x5A
    assert answer.document_code == 7
    assert answer.raw[7:32] == request.raw[7:32]
    assert answer.raw[17:20] == request.fd_number.to_bytes(3, "big")
    assert int.from_bytes(answer.raw[:2], "little") == len(answer.raw)


def test_constructed_answer_of_the_vectors_differs_only_in_its_document():
    header, request = parts(vector("session-doc11-ffd105.bin"))
    _, expected = parts(vector("operator-ack-constructed.bin"))
    _, answer = parts(answer_bytes(TestSealer(), header, request, confirm(request)))
    assert answer[1:8] == expected[1:8]


@pytest.mark.parametrize(
    ("version", "code", "bits", "tags"),
    [
        (2, 14, 2, [1012, 1017, 1041, 1040, 1068, 1078]),
        (3, 0, 0, [1012, 1017, 1041, 1040, 1078]),
        (4, 14, 2, [1012, 1017, 1041, 1040, 1206, 1078]),
    ],
)
def test_contents_follow_the_version(version, code, bits, tags):
    header, request = parts(message())
    confirmation = confirm(request, ffd_version=version, response_code=code, message_bits=bits)
    _, answer = parts(answer_bytes(TestSealer(), header, request, confirmation))
    document = document_decode(answer.payload)
    assert [node.tag for node in document.nodes] == tags
    assert len(document.trailer) == 10
    assert document.fn_serial == OWN_SERIAL


def test_signs_of_the_answer_are_right_and_depend_on_all_they_cover():
    sealer = TestSealer()
    header, request = parts(message())
    confirmation = confirm(request, response_code=0)
    _, answer = parts(answer_bytes(sealer, header, request, confirmation))
    document = document_decode(answer.payload)
    sign = document.get(1078)
    good = (OWN_SERIAL, document.raw, document.trailer, confirmation, sign)
    assert sealer.confirmation_signed(*good)
    assert not sealer.confirmation_signed("9999541234567891", *good[1:])
    assert not sealer.confirmation_signed(*good[:1], document.raw[:-1] + b"\0", *good[2:])
    assert not sealer.confirmation_signed(*good[:2], bytes(10), *good[3:])
    assert not sealer.confirmation_signed(*good[:4], bytes(18))
    for change in (
        {"response_code": 14},
        {"fd_number": 6},
        {"operator_inn": "7704358519"},
        {"issued_at": NOON + dt.timedelta(seconds=1)},
        {"fn_serial": "9999541234567891"},
    ):
        assert not sealer.confirmation_signed(*good[:3], confirmation._replace(**change), sign)


def test_same_question_same_answer():
    header, request = parts(message())
    first = answer_bytes(TestSealer(), header, request, confirm(request))
    assert first == answer_bytes(TestSealer(), header, request, confirm(request))
