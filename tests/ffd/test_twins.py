"""Numbers with two meanings: the parent decides, otherwise length and first bytes."""

import pytest

from chekhov.ffd.documents import document_decode, document_encode, fields_of
from chekhov.tlv import Nodes
from ffd.made import content, document


def value_of(tag, raw, parents=()):
    body = content(tag, raw)
    for parent in reversed(parents):
        body = content(parent, body)
    doc = document_decode(document(3, body))
    assert doc.defects == []
    level = doc.nodes
    for _ in parents:
        level = level[0].value
    return level[0].value


@pytest.mark.parametrize(
    ("tag", "raw", "parents", "value"),
    [
        (1011, b"\x02", (), 2),
        (1011, b"\x10\x27", (), 10_000),
        (1125, b"\x01", (), 1),
        (1125, "ОФД".encode("cp866"), (), "ОФД"),
        (1126, b"\x01", (), 1),
        (1126, b"\x05\0\0\0", (), 5),
        (1115, b"www.nalog.ru", (), "www.nalog.ru"),
        (1115, b"", (), ()),
        (1119, b"+74950000000", (), "+74950000000"),
        (1120, b"\x01" * 16, (), int.from_bytes(b"\x01" * 16, "little")),
        (1120, b"\xde\x38", (1115, 1119), 14_558),
        (1082, b"+74950000000", (), "+74950000000"),
        (1082, b"+74950000000", (1059,), "+74950000000"),
        (1082, b"\xde\x38", (1234, 1235), 14_558),
        (1199, b"\x0b", (1115, 1119), 11),
    ],
)
def test_meaning(tag, raw, parents, value):
    assert value_of(tag, raw, parents) == value


def test_vat_of_the_new_rates_goes_both_ways():
    fields = [(1104, 0), (1115, [(1119, [(1199, 11), (1120, 14_558)]), (1119, [(1199, 7), (1120, 5)])])]
    doc = document_decode(document_encode(3, fields))
    assert fields_of(doc.nodes) == fields
    group = doc.get(1115)
    assert isinstance(group, Nodes)
    assert [one.value.first() for one in group] == [{1199: 11, 1120: 14_558}, {1199: 7, 1120: 5}]


@pytest.mark.parametrize(
    "field",
    [
        (1011, 5),
        (1011, 70_000),
        (1115, "www.nalog.ru"),
        (1125, "ОФД"),
        (1126, 1),
        (1126, 1_000),
        (1119, "+7495"),
    ],
)
def test_older_values_can_still_be_written(field):
    assert fields_of(document_decode(document_encode(3, [field])).nodes) == [field]
