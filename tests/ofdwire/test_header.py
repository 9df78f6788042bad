from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chekhov.ofdwire.errors import HeaderMalformed
from chekhov.ofdwire.header import S_VERSION_OFD, SIGNATURE_OFD, SessionHeader, message_pack
from ofdwire.world import VECTORS, vector


def test_published_capture_is_read_and_written_back():
    raw = vector("session-doc11-ffd105.bin")[:30]
    header = SessionHeader.parse(raw)
    assert header == SessionHeader(
        SIGNATURE_OFD, S_VERSION_OFD, b"\x00\x01", "9999078900005488", 436, 0x0014, 0
    )
    assert header.pack() == raw
    assert header.container_present
    assert header.answer_expected
    assert header.p_version_known


@pytest.mark.parametrize("file", ["session-header-samples.json", "session-test-messages.json"])
def test_samples_are_written_back_byte_for_byte(file):
    samples = json.loads((VECTORS / file).read_text())["samples"]
    assert samples
    for sample in samples:
        raw = bytes.fromhex(sample["hex"])
        assert SessionHeader.parse(raw).pack() == raw


def test_serial_loses_its_padding_only():
    sample = json.loads((VECTORS / "session-header-samples.json").read_text())["samples"][0]
    header = SessionHeader.parse(bytes.fromhex(sample["hex"]))
    assert header.fn_serial == "9999078950"
    assert header.body_size == sample["expected"]["body_length"]


def test_crc_of_the_header_alone():
    samples = json.loads((VECTORS / "session-test-messages.json").read_text())["samples"]
    raw = next(bytes.fromhex(s["hex"]) for s in samples if s["name"].startswith("header-crc"))
    header = SessionHeader.parse(raw)
    assert header.crc == header.crc_of(b"") == header.crc_of(b"the body is not covered") != 0


def test_crc_of_header_and_body_covers_both():
    header = SessionHeader.parse(
        message_pack(fn_serial="1" * 16, p_version=b"\1\5", container=b"ab", flags=0x16)[:30]
    )
    assert header.crc == header.crc_of(b"ab") != header.crc_of(b"ac")
    assert header._replace(fn_serial="2" * 16).crc_of(b"ab") != header.crc


def test_no_crc_in_mode_00():
    assert SessionHeader.parse(vector("session-doc11-ffd105.bin")[:30]).crc_of(b"x") == 0


@pytest.mark.parametrize("size", [0, 29, 31])
def test_other_sizes_are_refused(size):
    with pytest.raises(HeaderMalformed):
        SessionHeader.parse(bytes(size))


def test_serial_must_be_ascii():
    raw = bytearray(vector("session-doc11-ffd105.bin")[:30])
    raw[8] = 0xFF
    with pytest.raises(HeaderMalformed):
        SessionHeader.parse(bytes(raw))


@pytest.mark.parametrize(
    "change",
    [
        {"signature": b"abc"},
        {"p_version": b""},
        {"fn_serial": "1" * 17},
        {"fn_serial": "Ж"},
        {"body_size": 65_536},
        {"flags": -1},
    ],
)
def test_values_that_do_not_fit_are_not_written(change):
    header = SessionHeader.parse(vector("session-doc11-ffd105.bin")[:30])
    with pytest.raises(HeaderMalformed):
        header._replace(**change).pack()


@given(
    serial=st.text("0123456789", min_size=1, max_size=16),
    p_version=st.binary(min_size=2, max_size=2),
    size=st.integers(0, 0xFFFF),
    flags=st.integers(0, 0xFFFF),
    crc=st.integers(0, 0xFFFF),
)
def test_what_is_written_is_read(serial, p_version, size, flags, crc):
    header = SessionHeader(SIGNATURE_OFD, S_VERSION_OFD, p_version, serial, size, flags, crc)
    assert SessionHeader.parse(header.pack()) == header
