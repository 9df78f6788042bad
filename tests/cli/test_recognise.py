"""What `chekhov decode` makes of its input: every layer, every writing, and one clear line otherwise."""

from __future__ import annotations

import base64
import textwrap
import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chekhov.cli.recognise import INPUT_BYTES_MAX, UnreadableInput, bytes_of, recognise
from chekhov.ofdwire.container import Container
from chekhov.ofdwire.header import SessionHeader

NAMES = {
    "session-doc11-ffd105": ("session message", 11),
    "container-doc1-ffd10": ("container", 1),
    "receipt-doc3-ffd105": ("bare document", 3),
    "operator-ack-constructed": ("session message", 7),
}


@pytest.fixture
def captured(vectors):
    return {name: (vectors / f"{name}.bin").read_bytes() for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_published_documents_are_recognised(captured, name):
    found = recognise(captured[name])
    (part,) = found.parts
    assert (part.what, part.document.code) == NAMES[name]
    assert found.encoding == "binary"
    assert part.notes == ()
    start = part.document_offset
    assert captured[name][start : start + len(part.document.raw)] == part.document.raw


def xxd(data):
    """As xxd prints it."""
    lines = []
    for at in range(0, len(data), 16):
        row = data[at : at + 16]
        pairs = " ".join(row[index : index + 2].hex() for index in range(0, len(row), 2))
        lines.append(
            f"{at:08x}: {pairs:<39}  {''.join(chr(byte) if 32 <= byte < 127 else '.' for byte in row)}"
        )
    return "\n".join(lines)


def hexdump(data):
    """As hexdump -C prints it, without its last line."""
    lines = []
    for at in range(0, len(data), 16):
        row = data[at : at + 16]
        text = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in row)
        lines.append(f"{at:08x}  {row[:8].hex(' ')}  {row[8:].hex(' ')}".rstrip() + f"  |{text}|")
    return "\n".join(lines)


WRITINGS = {
    "hex": lambda data: data.hex(),
    "upper": lambda data: data.hex().upper(),
    "spaces": lambda data: textwrap.fill(data.hex(" "), 60),
    "0x": lambda data: ", ".join(f"0x{byte:02X}" for byte in data),
    "one 0x": lambda data: "0x" + data.hex(),
    "colons": lambda data: data.hex(":"),
    "byte order mark": lambda data: "\ufeff" + data.hex(),
    "base64": lambda data: base64.b64encode(data).decode(),
    "base64 lines": lambda data: base64.encodebytes(data).decode(),
    "base64 of addresses": lambda data: base64.urlsafe_b64encode(data).decode().rstrip("="),
    "base64 in quotes": lambda data: f'"{base64.b64encode(data).decode()}"\n',
    "xxd": xxd,
    "hexdump": hexdump,
}


@pytest.mark.parametrize("writing", WRITINGS)
@pytest.mark.parametrize("name", NAMES)
def test_every_writing_gives_the_same_bytes(captured, name, writing):
    data = captured[name]
    assert bytes_of(WRITINGS[writing](data).encode())[0] == data


@given(st.binary(min_size=24, max_size=200))
def test_hex_and_base64_of_anything(data):
    assert bytes_of(data.hex(" ").encode()) == (data, "hex")
    text = base64.b64encode(data)
    if not all(character in b"0123456789abcdefABCDEF" for character in text):
        assert bytes_of(text) == (data, "base64")


def test_several_messages_in_both_directions(captured):
    data = (
        captured["session-doc11-ffd105"]
        + captured["operator-ack-constructed"]
        + captured["session-doc11-ffd105"]
    )
    found = recognise(data)
    assert [part.document.code for part in found.parts] == [11, 7, 11]
    assert [part.offset for part in found.parts] == [0, 466, 620]
    assert [part.document_offset for part in found.parts] == [62, 466 + 62, 620 + 62]


def test_a_connection_test_has_no_document():
    header = SessionHeader(
        bytes.fromhex("2a08410a"), bytes.fromhex("81a2"), b"\x00\x01", "9" * 16, 0, 0x10, 0
    )
    (part,) = recognise(header.pack()).parts
    assert "connection test" in part.what
    assert part.document is None


def test_the_marking_channel_is_named(captured):
    data = bytes.fromhex("dd80caa182a20001") + captured["session-doc11-ffd105"][8:]
    (part,) = recognise(data).parts
    assert "marking" in part.notes[0]
    assert part.document.code == 11


def test_headers_without_length_and_crc(captured):
    whole = captured["container-doc1-ffd10"]
    document = whole[32 : 32 + 263]
    for data, offset in (
        (whole[4:32] + document, 28),
        (b"\xff\xff\x00\x1c" + whole[4:32] + document + whole[-10:-2], 32),
        (b"\xff\xff\x00\x20" + whole[:32] + document + whole[-10:-2], 36),
    ):
        (part,) = recognise(data).parts
        assert (part.document.code, part.document_offset) == (1, offset)
        assert part.unwrapped_header == whole[4:32]


def test_a_length_that_counts_the_data_only(captured):
    whole = captured["container-doc1-ffd10"]
    body = (len(whole) - 32).to_bytes(2, "little")
    crc = Container.build(
        document_code=1, fn_serial="1", fd_number=1, payload=b""
    )  # only to have a valid shape
    assert len(crc) == 32
    with pytest.raises(UnreadableInput, match="CRC"):
        recognise(body + whole[2:])
    (part,) = recognise(body + whole[2:], crc_ignored=True).parts
    assert [note.split()[0] for note in part.notes] == ["container's", "container's"]
    assert "counts the data only" in part.notes[1]


def test_a_wrong_crc_is_told_with_both_numbers(captured):
    data = bytearray(captured["session-doc11-ffd105"])
    data[-1] ^= 1
    with pytest.raises(UnreadableInput, match=r"^offset 32: container's CRC is 7825, computed [0-9a-f]{4}"):
        recognise(bytes(data))
    (part,) = recognise(bytes(data), crc_ignored=True).parts
    assert part.document.code == 11
    assert "CRC" in part.notes[0]


def test_an_encrypted_document_is_shown_as_far_as_it_goes():
    data = Container.build(
        document_code=3, fn_serial="9999540000000001", fd_number=5, payload=b"\x99" * 40, service1=b"\x11\x09"
    )
    (part,) = recognise(data).parts
    assert part.document is None
    assert part.container.fd_number == 5
    assert "encrypted: 40 bytes" in part.notes[0]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the input is empty"),
        (b"\x00" * 100, "offset 0: neither a session message"),
        (b"root:x:0:0:", "text that is neither hex nor base64"),
        (b"abc", "odd number of digits"),
        (b"QQQQQ", "neither hex nor base64"),
        (b"\xff\xff\x00\x10" + b"\x01" * 60, "offset 4: after the export prefix"),
        (b"x" * (INPUT_BYTES_MAX + 1), "longer than"),
    ],
)
def test_what_is_nothing_is_said_to_be_nothing(data, message):
    with pytest.raises(UnreadableInput, match=message) as caught:
        recognise(data)
    assert "\n" not in caught.value.message


@pytest.mark.parametrize("name", NAMES)
def test_every_cut_gives_a_line_with_an_offset_or_less(captured, name):
    data = captured[name]
    end = 262 if name == "receipt-doc3-ffd105" else len(data)  # after a bare document anything may follow
    for size in range(1, end):
        with pytest.raises(UnreadableInput) as caught:
            recognise(data[:size])
        assert "\n" not in caught.value.message
        assert 0 <= caught.value.details.get("offset", 0) <= size


def test_a_broken_element_is_told_with_its_path(captured):
    data = bytearray(captured["receipt-doc3-ffd105"])
    group = data.index(bytes.fromhex("2304"))  # 1059
    data[group + 6 : group + 8] = b"\xff\xff"  # length of its first member
    with pytest.raises(UnreadableInput, match=rf"^offset {group + 4} under 1059: document: "):
        recognise(bytes(data))


@given(st.binary(max_size=300), st.sampled_from(sorted(NAMES)), st.data())
def test_garbage_gives_our_error_or_parts(tail, name, data):
    whole = bytearray((Path(__file__).parent.parent / "vectors" / f"{name}.bin").read_bytes())
    for _ in range(data.draw(st.integers(0, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    for each in (tail, bytes(whole), bytes(whole) + tail):
        with suppress(UnreadableInput):
            assert recognise(each, crc_ignored=True).parts


@pytest.mark.parametrize(
    "text", [b"12" * 200_000 + b"g", b"a1 " * 200_000 + b"!", b"0x" * 200_000, b"ab:" * 99_999 + b"="]
)
def test_long_text_is_read_in_linear_time(text):
    began_at = time.process_time()
    with pytest.raises(UnreadableInput):
        recognise(text)
    assert time.process_time() - began_at < 5  # of our own work; a square of it would be hours
