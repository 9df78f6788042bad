import datetime as dt
from decimal import Decimal, localcontext

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chekhov.tlv import Nodes, Unencodable, decode, encode
from chekhov.tlv.scalars import EPOCH
from tlv.specs import (
    BITS,
    BYTE,
    BYTES,
    CHOICE,
    FIXED,
    FVLN,
    GROUP,
    INNER,
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

NOON = dt.datetime(2026, 3, 14, 12, 0)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("tag", "value", "raw"),
    [
        (BYTE, 0, "00"),
        (BYTE, True, "01"),
        (U16, 90, "5a00"),
        (U32, 1, "01000000"),
        (BITS, 1 << 31, "00000080"),
        (VLN, 0, ""),
        (VLN, 527, "0f02"),
        (VLN, 404969, "e92d06"),
        (FVLN, Decimal("5.2700"), "04dccd"),
        (FVLN, Decimal("1234567.89"), "0215cd5b07"),
        (FVLN, 1, "0001"),
        (FVLN, 0, "0000"),
        (FVLN, Decimal("1E+2"), "0064"),
        (FVLN, Decimal("-0.00"), "0200"),
        (TEXT, "Тест", "92a5e1e2"),
        (PADDED, "7804067632", "373830343036373633322020"),
        (FIXED, "12345", "3132333435"),
        (MOMENT, dt.datetime(2015, 7, 9, 5, 11, 38, 999), "8a029e55"),  # noqa: DTZ001
        (BYTES, b"\0\1", "0001"),
        (UNKNOWN, b"\xff", "ff"),
        (BYTE, b"\1\2\3", "010203"),
        (TWIN, 7, "07"),
        (TWIN, "ABC", "414243"),
        (CHOICE, "ABC", "414243"),
        (CHOICE, [(BYTE, 9)], "0100010009"),
        (GROUP, [], ""),
        (GROUP, [(INNER, 65)], "0d00010041"),
    ],
)
def test_canonical_bytes(tag, value, raw):
    assert encode([(tag, value)], SPEC) == tlv(tag, bytes.fromhex(raw))


@pytest.mark.parametrize(
    ("tag", "value"),
    [
        (BYTE, 256),
        (BYTE, -1),
        (BYTE, "1"),
        (U32, 1 << 32),
        (VLN, -1),
        (VLN, 1 << 48),
        (VLN, 1 << 64),
        (VLN, 1.0),
        (FVLN, Decimal(-1)),
        (FVLN, Decimal("NaN")),
        (FVLN, Decimal("Infinity")),
        (FVLN, Decimal("1E-16")),
        (FVLN, Decimal("1E+999999")),
        (FVLN, 1 << 56),
        (FVLN, 0.5),
        (TEXT, "₽"),
        (TEXT, "A" * 101),
        (TEXT, b"A" * 70_000),
        (TEXT, 5),
        (FIXED, "1234"),
        (FIXED, "123456"),
        (PADDED, "1" * 13),
        (MOMENT, NOON.replace(tzinfo=dt.UTC)),
        (MOMENT, dt.datetime(1969, 12, 31)),  # noqa: DTZ001
        (MOMENT, dt.datetime(2106, 2, 8)),  # noqa: DTZ001
        (MOMENT, 5),
        (BYTES, "A"),
        (UNKNOWN, 5),
        (70_000, b""),
        (-1, b""),
        (GROUP, 5),
        (GROUP, "A"),
        (TWIN, "A" * 21),
        (GROUP, [(TEXT, "A" * 100)] * 10),
    ],
)
def test_what_cannot_be_written_is_refused_with_its_path(tag, value):
    with pytest.raises(Unencodable) as caught:
        encode([(BYTE, 1), (GROUP, [(tag, value)])], SPEC)
    assert caught.value.path == (GROUP, tag)
    assert caught.value.code == "unencodable_tlv"


def test_nesting_is_bounded():
    fields = []
    for _ in range(7):
        fields = [(GROUP, fields)]
    assert decode(encode(fields, SPEC), SPEC)[1] == []
    with pytest.raises(Unencodable, match="too deep"):
        encode([(GROUP, fields)], SPEC)


def test_a_narrow_decimal_context_changes_nothing():
    with localcontext(prec=2):
        data = encode([(FVLN, Decimal("1234567.89"))], SPEC)
        assert decode(data, SPEC)[0][0].value == Decimal("1234567.89")


CP866 = bytes(range(256)).decode("cp866")
VALUES = {
    BYTE: st.integers(0, 255),
    U16: st.integers(0, 0xFFFF),
    U32: st.integers(0, 0xFFFFFFFF),
    BITS: st.integers(0, 0xFFFFFFFF),
    MOMENT: st.integers(0, 0xFFFFFFFF).map(lambda seconds: EPOCH + dt.timedelta(seconds=seconds)),
    VLN: st.integers(0, (1 << 48) - 1),
    FVLN: st.builds(
        lambda digits, places: Decimal(digits).scaleb(-places),
        st.integers(0, (1 << 56) - 1),
        st.integers(0, 15),
    ),
    TEXT: st.text(CP866, max_size=100),
    FIXED: st.text(CP866, min_size=5, max_size=5),
    BYTES: st.binary(max_size=32),
    UNKNOWN: st.binary(max_size=40),
}
SCALAR_FIELDS = st.one_of([st.tuples(st.just(tag), values) for tag, values in VALUES.items()])
FIELDS = st.lists(
    st.recursive(
        SCALAR_FIELDS, lambda inner: st.tuples(st.just(GROUP), st.lists(inner, max_size=4)), max_leaves=8
    ),
    max_size=8,
)


def pairs(nodes):
    return [(one.tag, pairs(one.value) if isinstance(one.value, Nodes) else one.value) for one in nodes]


@given(FIELDS)
@settings(max_examples=200)
def test_what_is_written_reads_back_as_itself(fields):
    try:
        data = encode(fields, SPEC)
    except Unencodable as error:
        too_long = str(error)
        assert "at most 1000" in too_long
        return
    nodes, defects = decode(data, SPEC)
    assert defects == []
    assert pairs(nodes) == fields
    assert encode(nodes, SPEC) == data
    decimals = [(one, two) for one, two in zip(fields, pairs(nodes), strict=True) if one[0] == FVLN]
    assert all(one[1].as_tuple().exponent == two[1].as_tuple().exponent for one, two in decimals)


@given(st.text(CP866, max_size=12))
def test_padding_is_of_spaces_on_the_right(text):
    value = decode(encode([(PADDED, text)], SPEC), SPEC)[0][0].value
    assert value == text.ljust(12)
