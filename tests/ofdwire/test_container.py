from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chekhov.ofdwire.container import Container, crc16
from chekhov.ofdwire.errors import ContainerCrcWrong, ContainerMalformed
from ofdwire.world import OWN_SERIAL, VECTORS, document, vector

CAPTURES = {
    "session-doc11-ffd105": 30,
    "container-doc1-ffd10": 0,
    "operator-ack-constructed": 30,
}


def test_crc_check_value():
    assert crc16(b"123456789") == 0x29B1


@pytest.mark.parametrize(("name", "start"), CAPTURES.items())
def test_capture_is_read_as_published_and_built_again(name, start):
    raw = vector(f"{name}.bin")[start:]
    expected = json.loads((VECTORS / f"{name}.json").read_text())["expected"]["container_header"]
    container = Container.parse(raw)
    assert container.raw == raw
    assert container.message_type == int(expected["message_type"], 16)
    assert container.document_code == expected["document_code"]
    assert container.format_version == expected["format_version"]
    assert container.fn_serial == expected["fn_number_bcd"].rstrip("f")
    assert container.fd_number == expected["fd_number"]
    assert container.service1.hex() == expected["extra1"]
    assert container.service2.hex() == expected["extra2"]
    again = Container.build(
        document_code=container.document_code,
        fn_serial=container.fn_serial,
        fd_number=container.fd_number,
        payload=container.payload,
        message_type=container.message_type,
        service1=container.service1,
        service2=container.service2,
    )
    assert again == raw


def _with_length(raw: bytes, length: int) -> bytes:
    """The same container with another length field and its right CRC."""
    field = length.to_bytes(2, "little")
    return field + crc16(raw[4:], crc16(field)).to_bytes(2, "little") + raw[4:]


def test_length_may_count_the_data_only():
    raw = vector("container-doc1-ffd10.bin")
    assert Container.parse(_with_length(raw, len(raw) - 32)).fd_number == 1


@pytest.mark.parametrize("difference", [-1, 1, -31, -33])
def test_any_other_length_is_refused(difference):
    raw = vector("container-doc1-ffd10.bin")
    with pytest.raises(ContainerMalformed):
        Container.parse(_with_length(raw, len(raw) + difference))


def test_crc_with_its_field_zeroed_is_wrong():
    raw = vector("session-doc11-ffd105.bin")[30:]
    zeroed = crc16(raw[:2] + b"\0\0" + raw[4:])
    assert zeroed == 0x3329
    with pytest.raises(ContainerCrcWrong) as caught:
        Container.parse(raw[:2] + zeroed.to_bytes(2, "little") + raw[4:])
    assert caught.value.code == "container_crc_wrong"


@given(at=st.integers(0, 304), bit=st.integers(0, 7))
def test_any_flipped_bit_is_noticed(at, bit):
    raw = bytearray(vector("container-doc1-ffd10.bin"))
    raw[at] ^= 1 << bit
    with pytest.raises(ContainerMalformed):
        Container.parse(bytes(raw))


@given(st.binary(max_size=80))
def test_garbage_is_our_error(data):
    with pytest.raises(ContainerMalformed):
        Container.parse(data)


@pytest.mark.parametrize(("at", "value"), [(4, 0x55), (6, 0x11), (9, 0xAA), (9, 0xFF)])
def test_unknown_type_format_and_number_are_refused(at, value):
    raw = bytearray(vector("container-doc1-ffd10.bin"))
    raw[at] = value
    raw[2:4] = crc16(bytes(raw[4:]), crc16(bytes(raw[:2]))).to_bytes(2, "little")
    with pytest.raises(ContainerMalformed) as caught:
        Container.parse(bytes(raw))
    assert not isinstance(caught.value, ContainerCrcWrong)


def test_default_service_data_has_the_shape_of_the_captures():
    container = Container.parse(
        Container.build(
            document_code=3, fn_serial=OWN_SERIAL, fd_number=0x01_02_03, payload=document() + bytes(10)
        )
    )
    assert container.service2[5:8].hex() == "010203"
    assert int.from_bytes(container.service2[10:], "big") == len(document())


@pytest.mark.parametrize(
    "change",
    [
        {"fn_serial": "99995412345678901"},
        {"fn_serial": "12x"},
        {"fd_number": 1 << 24},
        {"document_code": 256},
        {"payload": bytes(65_504)},
    ],
)
def test_values_that_do_not_fit_are_not_built(change):
    values = {"document_code": 3, "fn_serial": OWN_SERIAL, "fd_number": 1, "payload": b""}
    with pytest.raises(ContainerMalformed):
        Container.build(**{**values, **change})


@given(
    code=st.integers(0, 255),
    serial=st.text("0123456789", min_size=15, max_size=16),
    fd_number=st.integers(0, (1 << 24) - 1),
    payload=st.binary(max_size=300),
)
def test_what_is_built_is_read(code, serial, fd_number, payload):
    container = Container.parse(
        Container.build(document_code=code, fn_serial=serial, fd_number=fd_number, payload=payload)
    )
    assert (container.document_code, container.fn_serial, container.fd_number) == (code, serial, fd_number)
    assert container.payload == payload
