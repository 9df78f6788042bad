"""A format made up for these tests: a tag of every kind, a twin, a group with a spec of its own."""

from chekhov.tlv import Field, Kind, Spec

BYTE, U16, U32, MOMENT, VLN, FVLN, TEXT, FIXED, PADDED, BITS, BYTES, GROUP, INNER, TWIN, CHOICE = range(1, 16)
UNKNOWN = 999

FIELDS = [
    Field(BYTE, Kind.BYTE, 1, fixed=True),
    Field(U16, Kind.U16, 2, fixed=True),
    Field(U32, Kind.U32, 4, fixed=True),
    Field(MOMENT, Kind.UNIXTIME, 4, fixed=True),
    Field(VLN, Kind.VLN, 6),
    Field(FVLN, Kind.FVLN, 8),
    Field(TEXT, Kind.STRING, 100),
    Field(FIXED, Kind.STRING, 5, fixed=True),
    Field(PADDED, Kind.STRING, 12, fixed=True, padded=True),
    Field(BITS, Kind.BITS, 4, fixed=True),
    Field(BYTES, Kind.BYTES, 32),
    Field(GROUP, Kind.STLV, 1000),
    Field(INNER, Kind.STRING, 3),
    Field(
        TWIN,
        Kind.BYTE,
        1,
        fixed=True,
        twin=Field(TWIN, Kind.STRING, 20),
        is_twin=lambda raw: len(raw) > 1,
    ),
    Field(
        CHOICE,
        Kind.STLV,
        twin=Field(CHOICE, Kind.STRING, 20),
        is_twin=lambda raw: not raw.startswith(b"\x01\0"),
    ),
]

# Inside GROUP the tag INNER is a number, not a text.
INSIDE = Spec.of([*(field for field in FIELDS if field.tag != INNER), Field(INNER, Kind.VLN, 8)])
SPEC = Spec.of(FIELDS, {GROUP: INSIDE})
LOOSE = Spec.of([Field(GROUP, Kind.STLV)])


def tlv(tag, raw=b""):
    return tag.to_bytes(2, "little") + len(raw).to_bytes(2, "little") + raw
