import datetime as dt
import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chekhov.tlv import Defect, Field, Kind, Limits, MalformedTlv, Node, Nodes, Spec, decode, encode
from chekhov.tlv.decode import MEMO_BYTES_MAX, MEMO_MAX, READINGS_MAX
from tlv.specs import (
    BITS,
    BYTE,
    BYTES,
    CHOICE,
    FIXED,
    FVLN,
    GROUP,
    INNER,
    LOOSE,
    MOMENT,
    PADDED,
    SPEC,
    TEXT,
    TWIN,
    U16,
    U32,
    UNKNOWN,
    VLN,
    tlv,
)

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "tlv-primitives.json").read_text("utf-8"))[
    "vectors"
]
SCALARS = {"u32": U32, "byte": BYTE, "vln": VLN, "fvln": FVLN, "string": TEXT, "unixtime": MOMENT}


def only(data, spec=SPEC):
    nodes, defects = decode(data, spec)
    assert len(nodes) == 1
    return nodes[0].value, [defect.code for defect in defects]


@pytest.mark.parametrize(
    "vector",
    [one for one in VECTORS if one["type"] in SCALARS],
    ids=lambda one: f"{one['type']}-{one['hex']}",
)
def test_published_values(vector):
    value, defects = only(tlv(SCALARS[vector["type"]], bytes.fromhex(vector["hex"])))
    expected = vector["value"]
    if vector["type"] == "fvln":
        expected = Decimal(expected)
    if vector["type"] == "unixtime":
        expected = dt.datetime.fromtimestamp(expected, dt.UTC).replace(tzinfo=None)
    assert value == expected
    assert defects == []


@pytest.mark.parametrize(
    "vector", [one for one in VECTORS if one["type"].startswith("string")], ids=lambda one: one["hex"]
)
def test_published_texts_keep_their_spaces(vector):
    assert only(tlv(TEXT, bytes.fromhex(vector["hex"])))[0] == vector["value"]


@pytest.mark.parametrize(
    ("tag", "raw", "value"),
    [
        (BYTE, "", 0),
        (BYTE, "ff", 255),
        (U16, "5a00", 90),
        (U32, "", 0),
        (VLN, "000000000000", 0),
        (VLN, "0500000000000000", 5),
        (FVLN, "", 0),
        (FVLN, "02", 0),
        (FVLN, "020000", 0),
        (BITS, "04000080", 0x80000004),
        (BYTES, "", b""),
        (TEXT, "", ""),
        (TEXT, "0d0a1d", "\r\n\x1d"),
        (UNKNOWN, "00ff", b"\0\xff"),
        (TWIN, "07", 7),
        (TWIN, "", 0),
        (TWIN, "414243", "ABC"),
        (CHOICE, "414243", "ABC"),
    ],
)
def test_values_read_leniently_and_without_defect(tag, raw, value):
    assert only(tlv(tag, bytes.fromhex(raw))) == (value, [])


@pytest.mark.parametrize(
    ("tag", "raw", "value", "code"),
    [
        (BYTE, "0100", 1, "wrong_length"),
        (U16, "5a000000", 90, "wrong_length"),
        (U32, "01", 1, "wrong_length"),
        (U32, "01" * 9, b"\x01" * 9, "wrong_length"),
        (MOMENT, "", b"", "wrong_length"),
        (MOMENT, "0102030405", bytes.fromhex("0102030405"), "wrong_length"),
        (VLN, "01000000000001", 0x1000000000001, "too_long"),
        (VLN, "01" * 9, b"\x01" * 9, "too_long"),
        (FVLN, "10ff", b"\x10\xff", "bad_number"),
        (FVLN, "02" + "01" * 8, b"\x02" + b"\x01" * 8, "bad_number"),
        (TEXT, "41" * 101, "A" * 101, "too_long"),
        (FIXED, "41", "A", "wrong_length"),
        (PADDED, "41" * 13, "A" * 13, "wrong_length"),
        (BYTES, "00" * 33, bytes(33), "too_long"),
        (TWIN, "41" * 21, "A" * 21, "too_long"),
    ],
)
def test_values_of_another_length_are_defects(tag, raw, value, code):
    raw = bytes.fromhex(raw)
    nodes, defects = decode(tlv(BYTE, b"\0") + tlv(tag, raw), SPEC)
    assert nodes[1] == Node(tag, 5, raw, value)
    assert [(one.path, one.offset, one.code) for one in defects] == [((tag,), 5, code)]
    assert decode(tlv(BYTE, b"\0") + tlv(tag, raw), SPEC) == (
        nodes,
        defects,
    )  # remembered, and still the same


def test_order_offsets_repeats_and_unknown_tags_are_kept():
    data = tlv(TEXT, b"\x92") + tlv(UNKNOWN, b"\x01\x02") + tlv(TEXT, b"B") + tlv(TEXT, b"\x92")
    nodes, defects = decode(data, SPEC)
    assert list(nodes) == [
        Node(TEXT, 0, b"\x92", "Т"),
        Node(UNKNOWN, 5, b"\x01\x02", b"\x01\x02"),
        Node(TEXT, 11, b"B", "B"),
        Node(TEXT, 16, b"\x92", "Т"),
    ]
    assert defects == []
    assert nodes.first() == {TEXT: "Т", UNKNOWN: b"\x01\x02"}


def test_groups_have_their_own_spec_and_absolute_offsets():
    inside = tlv(INNER, b"AB") + tlv(GROUP, tlv(INNER, b"\x01"))
    data = b"xyz" + tlv(INNER, b"AB") + tlv(GROUP, inside) + tlv(BYTE, b"\x05") + b"tail"
    nodes, defects = decode(data, SPEC, start=3, end=len(data) - 4)
    assert [(node.tag, node.offset) for node in nodes] == [
        (INNER, 3),
        (GROUP, 9),
        (BYTE, 9 + 4 + len(inside)),
    ]
    assert nodes[0].value == "AB"
    assert nodes[1].raw == inside
    assert nodes[1].value == (
        Node(INNER, 13, b"AB", 0x4241),
        Node(GROUP, 19, tlv(INNER, b"\x01"), (Node(INNER, 23, b"\x01", 1),)),
    )
    assert defects == []


def test_a_defect_tells_its_whole_path():
    data = tlv(GROUP, tlv(BYTE, b"\0") + tlv(GROUP, tlv(FIXED, b"A")))
    assert decode(data, SPEC)[1] == [
        Defect((GROUP, GROUP, FIXED), 13, "wrong_length", "1 bytes where exactly 5 are expected")
    ]


def test_a_group_too_long_is_a_defect_and_still_read():
    inside = tlv(TEXT, b"A" * 50) * 20
    nodes, defects = decode(tlv(GROUP, inside), SPEC)
    assert len(nodes[0].value) == 20
    assert [(one.path, one.code) for one in defects] == [((GROUP,), "too_long")]


def test_a_group_or_its_older_twin_is_told_by_the_bytes():
    nodes, defects = decode(tlv(CHOICE, tlv(BYTE, b"\x09")) + tlv(CHOICE, b"www.nalog.ru"), SPEC)
    assert nodes[0].value == (Node(BYTE, 4, b"\x09", 9),)
    assert nodes[1].value == "www.nalog.ru"
    assert defects == []


@pytest.mark.parametrize(
    ("data", "offset", "path"),
    [
        (b"\x01", 0, ()),
        (b"\x01\0\x05", 0, ()),
        (tlv(BYTE, b"\x01") + b"\x07\0\x02\0A", 5, ()),
        (tlv(BYTE, b"\x01") + b"\x01\0\x01\0", 5, ()),
        (tlv(GROUP, tlv(BYTE, b"\x01") + b"\x01\0\x02\0\x01") + tlv(TEXT, b"A" * 9), 9, (GROUP,)),
        (tlv(GROUP, b"\x01\0") + tlv(BYTE, b"\x01"), 4, (GROUP,)),
        (tlv(GROUP, tlv(GROUP, b"\x0c\0\x10\0") + tlv(BYTE, b"\x01")), 8, (GROUP, GROUP)),
        (b"\x0c\0\xff\xff\x00", 0, ()),
        (tlv(CHOICE, tlv(BYTE, b"\x01")[:-1]), 4, (CHOICE,)),
    ],
)
def test_broken_structure_is_refused_with_its_place(data, offset, path):
    for _ in range(2):  # the second time the headers are known
        with pytest.raises(MalformedTlv) as caught:
            decode(data, SPEC)
        assert (caught.value.offset, caught.value.path) == (offset, path)


def test_nesting_is_bounded():
    def nested(depth):
        data = b""
        for _ in range(depth):
            data = tlv(GROUP, data)
        return data

    assert decode(nested(7), LOOSE)[1] == []
    with pytest.raises(MalformedTlv, match="too deep") as caught:
        decode(nested(8), LOOSE)
    assert caught.value.path == (GROUP,) * 7
    assert decode(nested(3), LOOSE, limits=Limits(depth_max=4))[1] == []
    with pytest.raises(MalformedTlv):
        decode(nested(4), LOOSE, limits=Limits(depth_max=4))


def test_size_is_bounded():
    with pytest.raises(MalformedTlv, match="more than 65535"):
        decode(bytes(65_536), SPEC)
    nodes, _ = decode(bytes(65_532), SPEC)
    assert len(nodes) == 65_532 // 4


def test_memory_of_headers_and_values_is_bounded():
    spec = Spec.of([Field(1, Kind.STRING)])
    for tag in range(READINGS_MAX + 10):
        decode(tag.to_bytes(2, "little") + b"\0\0", spec)
    assert 0 < len(spec.readings) <= READINGS_MAX
    for number in range(MEMO_MAX + 10):
        text = f"unlike {number}"
        assert decode(tlv(1, text.encode()), spec)[0][0].value == text
    long = "Я" * (MEMO_BYTES_MAX + 1)
    assert decode(tlv(1, long.encode("cp866")), spec)[0][0].value == long


def test_a_tag_declared_twice_is_a_mistake():
    with pytest.raises(ValueError, match="twice"):
        Spec.of([Field(1, Kind.BYTE), Field(1, Kind.U32)])


@given(st.binary(max_size=200), st.integers(0, 20))
@example(tlv(GROUP, tlv(CHOICE, tlv(BYTE))), 0)
def test_any_bytes_are_read_or_malformed(data, start):
    try:
        nodes, defects = decode(data, SPEC, start=min(start, len(data)))
    except MalformedTlv as error:
        place = error.offset
    else:
        place = start
        assert b"".join(tlv(node.tag, node.raw) for node in nodes) == data[min(start, len(data)) :]
        assert all(data[one.offset : one.offset + 2] == one.path[-1].to_bytes(2, "little") for one in defects)
    assert 0 <= place <= max(len(data), start)


ELEMENTS = st.recursive(
    st.builds(tlv, st.sampled_from([*range(1, 16), UNKNOWN]), st.binary(max_size=12)),
    lambda inner: st.builds(tlv, st.sampled_from([GROUP, CHOICE]), st.lists(inner, max_size=4).map(b"".join)),
    max_leaves=12,
)


@given(st.lists(ELEMENTS, max_size=5).map(b"".join))
def test_what_is_read_can_be_written_back_from_raw_bytes(data):
    try:
        nodes, _ = decode(data, SPEC)
    except MalformedTlv:
        return

    def rebuilt(level):
        parts = [
            tlv(one.tag, rebuilt(one.value) if isinstance(one.value, Nodes) else one.raw) for one in level
        ]
        return b"".join(parts)

    assert rebuilt(nodes) == data
    assert encode([(one.tag, one.raw) for one in nodes], SPEC) == data


@given(st.lists(ELEMENTS, min_size=1, max_size=5).map(b"".join), st.data())
def test_cut_anywhere_it_is_whole_elements_or_malformed(data, draw):
    end = draw.draw(st.integers(0, len(data) - 1))
    try:
        nodes, _ = decode(data, SPEC, end=end)
    except MalformedTlv:
        return
    assert b"".join(tlv(one.tag, one.raw) for one in nodes) == data[:end]
