from __future__ import annotations

import pytest

from chekhov.ffd.printing import tree
from ffd.checks import samples as s

DOCUMENTS = {**s.right_documents(), **s.published(), **s.exported()}


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_offsets_lead_to_the_bytes(name: str):
    document = DOCUMENTS[name]
    for row in tree(document):
        header = document.raw[row.offset : row.offset + 4]
        assert int.from_bytes(header[:2], "little") == row.tag
        assert int.from_bytes(header[2:], "little") == row.length
        if row.raw:
            assert document.raw[row.offset + 4 :][: row.length].hex() == row.raw


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_rows_of_the_top_cover_the_document(name: str):
    document = DOCUMENTS[name]
    top = [row for row in tree(document) if not row.depth]
    assert 4 + sum(4 + row.length for row in top) == len(document.raw)


def test_rows_of_a_published_receipt():
    rows = tree(DOCUMENTS["receipt-doc3-ffd105"])
    assert len(rows) == 29
    operation = next(row for row in rows if row.tag == 1054)
    assert operation.name == "признак расчета"
    assert (operation.key, operation.value, operation.raw) == ("operationType", "1 — приход", "01")
    assert (operation.length, operation.is_known, operation.defects) == (1, True, ())
    items = next(row for row in rows if row.tag == 1059)
    assert (items.value, items.raw, items.length) == ("", "", 69)
    assert [row.depth for row in rows if row.tag in {1059, 1030}] == [0, 1]
    assert next(row.value for row in rows if row.tag == 1077) == "2447729623"
    assert next(row.value for row in rows if row.tag == 1079) == "1,00"
    assert next(row.value for row in rows if row.tag == 1199) == "4 — НДС 10/110"


def test_unknown_tags_and_defects():
    document = s.document(3, s.drop(s.receipt(), 1054), s.tlv(9999, b"\xde\xad"), s.tlv(1054, b"\1\0"))
    unknown, spoilt = tree(document)[-2:]
    assert (unknown.tag, unknown.name, unknown.value, unknown.is_known) == (
        9999,
        "реквизит 9999",
        "dead",
        False,
    )
    assert spoilt.defects
    assert spoilt.raw == "0100"
