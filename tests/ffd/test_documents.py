import datetime as dt
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chekhov.ffd.documents import (
    DOCUMENT_KINDS,
    TRAILER_BYTES_MAX,
    DocumentCode,
    FfdVersion,
    Peek,
    document_decode,
    document_encode,
    document_peek,
    fields_of,
)
from chekhov.ffd.errors import MalformedDocument, UnwritableDocument
from chekhov.tlv import Nodes, Unencodable
from ffd.made import CAPTURES, NOON, RECEIPT, SHIFT_CLOSE, VECTORS, capture, content, document


def described(nodes):
    """Nodes the way the vectors describe them."""
    rows = []
    for node in nodes:
        value = node.value
        if isinstance(value, Nodes):
            value = described(value)
        elif isinstance(value, bytes):
            value = value.hex()
        elif isinstance(value, dt.datetime):
            value = int(value.replace(tzinfo=dt.UTC).timestamp())
        elif not isinstance(value, (int, str)):
            value = str(value)
        rows.append({"tag": node.tag, "len": len(node.raw), "hex": node.raw.hex(), "value": value})
    return rows


@pytest.mark.parametrize("name", CAPTURES)
def test_published_captures_are_read_as_described(name):
    expected = json.loads((VECTORS / f"{name}.json").read_text("utf-8"))
    expected = expected.get("expected", expected)
    body = expected.get("body", expected)
    doc = document_decode(capture(name))
    assert described(doc.nodes) == body["tlv"]
    assert doc.defects == []
    assert doc.trailer.hex() == body.get("trailer", "")
    if "message_fiscal_sign_u64_be" in body:
        assert int.from_bytes(doc.message_sign, "big") == body["message_fiscal_sign_u64_be"]
    if "fiscal_sign_printed" in expected:
        assert doc.fiscal_sign == expected["fiscal_sign_printed"]


@pytest.mark.parametrize("name", CAPTURES)
def test_published_captures_are_written_back_byte_for_byte(name):
    data = capture(name)
    doc = document_decode(data)
    assert document_encode(doc.code, [(node.tag, node.value) for node in doc.nodes]) == doc.raw
    assert document_encode(doc.code, fields_of(doc.nodes)) == doc.raw
    assert doc.raw + doc.trailer == data


@pytest.mark.parametrize("name", CAPTURES)
def test_peek_agrees_with_the_whole_reading(name):
    data = capture(name)
    doc = document_decode(data)
    expected = Peek(doc.code, doc.fn_serial, doc.fd_number, doc.rnm, doc.inn, doc.issued_at, doc.fiscal_sign)
    assert document_peek(data) == expected
    assert document_peek(doc.raw) == expected


def test_properties_of_a_receipt():
    doc = document_decode(capture("receipt-doc3-ffd105"))
    assert doc.code == DocumentCode.RECEIPT
    assert doc.version is FfdVersion.V1_05
    assert (doc.fn_serial, doc.fd_number, doc.rnm, doc.inn) == (
        "9999078900011918",
        132,
        "0000000001005209",
        "7804067632",
    )
    assert doc.issued_at == dt.datetime(2019, 4, 1, 18, 27)  # noqa: DTZ001
    assert (doc.operation, doc.total_kopecks, doc.shift_number) == (1, 527, 4)
    assert doc.kind.json_name == "receipt"
    assert doc.get(1008, "none") == "none"
    assert doc.get(1081) == 0
    assert [item.first()[1079] for item in doc.all(1059)] == [100]


def test_an_empty_document_has_nothing_and_does_not_fail():
    doc = document_decode(document(99, b""))
    assert (doc.code, doc.kind, doc.version, doc.fn_serial, doc.fd_number) == (99, None, None, "", 0)
    assert (doc.rnm, doc.inn, doc.issued_at, doc.fiscal_sign, doc.operation) == ("", "", None, 0, None)
    assert (doc.total_kopecks, doc.shift_number, doc.message_sign, list(doc.nodes)) == (None, None, b"", [])
    assert document_peek(document(99, b"")) == Peek(99, "", 0, "", "", None, 0)


def test_values_of_another_type_are_not_taken_for_properties():
    body = (
        content(1041, b"\xff" * 3) + content(1012, b"\1\2") + content(1077, b"\1") + content(1040, b"\1" * 9)
    )
    doc = document_decode(document(3, body))
    assert {defect.path for defect in doc.defects} == {(1041,), (1012,), (1077,), (1040,)}
    assert (doc.issued_at, doc.fd_number, doc.fiscal_sign) == (None, 0, 0)


def test_documents_are_equal_by_their_bytes_and_cannot_be_changed():
    one, two = (
        document_decode(capture("receipt-doc3-ffd105")),
        document_decode(capture("receipt-doc3-ffd105")),
    )
    assert one == two
    assert hash(one) == hash(two)
    assert one != document_decode(one.raw)
    assert one != one.raw
    with pytest.raises(AttributeError):
        one.code = 4


@pytest.mark.parametrize(("code", "fields"), [(3, RECEIPT), (31, RECEIPT), (5, SHIFT_CLOSE)])
def test_every_group_goes_both_ways(code, fields):
    data = document_encode(code, fields)
    doc = document_decode(data)
    assert doc.defects == []
    assert fields_of(doc.nodes) == fields
    assert doc.raw == data
    assert document_decode(document_encode(code, doc.nodes)) == doc


def test_peek_finds_its_tags_in_any_order():
    shuffled = RECEIPT[::-1]
    data = document_encode(3, shuffled)
    assert document_peek(data) == document_peek(document_encode(3, RECEIPT))
    assert document_peek(data) == Peek(
        3, "9999078900011918", 132, "0000000042009571", "7707083893", NOON, 2853205313
    )


def test_peek_looks_no_further_than_it_must():
    data = bytearray(document_encode(3, RECEIPT))
    data[-3:] = b"\xff\xff\xff"
    assert document_peek(bytes(data)).fd_number == 132
    with pytest.raises(MalformedDocument):
        document_decode(document(3, content(1059, b"\x01")))
    for body in (b"\x11", content(1059, b"AB")[:-1]):
        with pytest.raises(MalformedDocument):
            document_peek(document(3, body))


@pytest.mark.parametrize(
    ("data", "offset", "path"),
    [
        (b"", 0, ()),
        (b"\x03\0\0", 0, ()),
        (document(3, b"AAAA")[:-1], 0, ()),
        (document(3, content(1059, content(1030, b"A")[:-1]) + content(1020, b"")), 8, (1059,)),
        (document(3, b"") + bytes(TRAILER_BYTES_MAX + 1), 4, ()),
    ],
)
def test_broken_structure_is_refused_with_its_place(data, offset, path):
    with pytest.raises(MalformedDocument) as caught:
        document_decode(data)
    assert (caught.value.offset, caught.value.path) == (offset, path)


@pytest.mark.parametrize("name", CAPTURES)
def test_every_truncation_is_refused_or_only_the_trailer_is_shorter(name):
    data = capture(name)
    whole = document_decode(data)
    for size in range(len(data)):
        if size < len(whole.raw):
            for read in (document_decode, document_peek):
                with pytest.raises(MalformedDocument):
                    read(data[:size])
        else:
            assert document_decode(data[:size]).raw == whole.raw


@pytest.mark.parametrize("kind", DOCUMENT_KINDS.values(), ids=lambda kind: int(kind.code))
def test_limits_of_every_form(kind):
    filler = [(65_000, bytes(1_000))] * ((kind.bytes_max - 8) // 1_004)
    left = kind.bytes_max - 1_004 * len(filler) - 4
    exact = document_encode(kind.code, [*filler, (65_000, bytes(left))])
    assert document_decode(exact).defects == []
    with pytest.raises(UnwritableDocument):
        document_encode(kind.code, [*filler, (65_000, bytes(left + 1))])
    body = exact[4:] + content(65_001, b"")
    assert [defect.code for defect in document_decode(document(kind.code, body)).defects] == [
        "document_too_long"
    ]


def test_unknown_codes_and_values_are_not_written():
    with pytest.raises(UnwritableDocument):
        document_encode(99, [])
    with pytest.raises(Unencodable) as caught:
        document_encode(3, [(1059, [(1030, "цена ₽")])])
    assert caught.value.path == (1059, 1030)


@given(
    st.sampled_from(sorted(CAPTURES)),
    st.lists(st.tuples(st.integers(0, 465), st.integers(0, 255)), min_size=1, max_size=8),
)
@settings(max_examples=200)
def test_spoilt_captures_are_read_or_malformed(name, changes):
    data = bytearray(capture(name))
    for place, value in changes:
        data[place % len(data)] = value
    data = bytes(data)
    try:
        document_peek(data)
        doc = document_decode(data)
    except MalformedDocument:
        return
    assert doc.raw + doc.trailer == data
    assert b"".join(content(node.tag, node.raw) for node in doc.nodes) == doc.raw[4:]
    assert (doc.fiscal_sign, doc.fd_number, doc.fn_serial) is not None


@given(st.binary(max_size=300))
def test_garbage_is_read_or_malformed(data):
    for read in (document_decode, document_peek):
        try:
            code = read(data).code
        except MalformedDocument as error:
            offset = error.offset
        else:
            offset = 0
            assert code == int.from_bytes(data[:2], "little")
        assert 0 <= offset <= len(data)
