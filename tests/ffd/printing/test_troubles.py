"""What reading found wrong, in words a person reads: Russian, with the place, and no word of the decoder's."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chekhov.ffd.documents import TRAILER_BYTES_MAX, document_decode
from chekhov.ffd.errors import MalformedDocument
from chekhov.ffd.printing import tree, trouble_words
from chekhov.ffd.printing.troubles import STRUCTURE_WORDS, defect_words
from chekhov.tlv import Structure
from ffd.made import content, document

LATIN = re.compile(r"[A-Za-z]")


def broken(data: bytes) -> MalformedDocument:
    with pytest.raises(MalformedDocument) as caught:
        document_decode(data)
    return caught.value


def nested(times: int) -> bytes:
    body = content(1008, b"x")
    for _time in range(times):
        body = content(1059, body)
    return body


def told(data: bytes) -> list[str]:
    """All that is said of the bytes."""
    try:
        found = document_decode(data)
    except MalformedDocument as error:
        return [trouble_words(error)]
    return [defect for row in tree(found) for defect in row.defects]


CASES = {
    Structure.CUT_HEADER: (b"\3\0", "данные обрываются на заголовке реквизита (байт 0)"),
    Structure.OVERRUN: (
        document(3, content(1059, b"\6\4\xff\0")),
        "заявленная длина больше, чем данных на самом деле (байт 8, внутри реквизита 1059)",
    ),
    Structure.TOO_DEEP: (document(3, nested(30)), "реквизиты вложены друг в друга слишком глубоко (байт "),
    Structure.TRAILING: (
        document(3, b"") + b"\0" * (TRAILER_BYTES_MAX + 1),
        "после документа стоят лишние байты (байт 4)",
    ),
}


@pytest.mark.parametrize("trouble", sorted(CASES))
def test_each_trouble_has_its_words_and_place(trouble: Structure):
    data, words = CASES[trouble]
    error = broken(data)
    assert error.trouble == trouble
    assert trouble_words(error).startswith(words)


def test_every_trouble_has_words():
    assert set(STRUCTURE_WORDS) == set(Structure)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60))
def test_whatever_comes_is_told_in_russian(data: bytes):
    assert not LATIN.search(" ".join(told(data)))


@pytest.mark.parametrize(
    ("tag", "raw", "words"),
    [
        (1012, b"\1\2", "Длина значения в байтах — 2, а должна быть 4"),
        (1054, b"\1\0", "Длина значения в байтах — 2, а должна быть 1"),
        (1077, b"\1", "Длина значения в байтах — 1, а должна быть 6"),
        (1023, b"\xff\1", "Байты не читаются как число"),
    ],
)
def test_values_that_are_not_what_their_tag_declares(tag: int, raw: bytes, words: str):
    (row,) = tree(document_decode(document(3, content(tag, raw))))
    assert row.defects == (words,)


def test_a_text_too_long_is_told_its_bound():
    (row,) = tree(document_decode(document(3, content(1021, b"a" * 65))))
    assert row.defects == ("Длина значения в байтах — 65, а должна быть не больше 64",)


def test_what_no_table_tells_is_not_invented():
    assert (
        defect_words("wrong_length", tag=9999, length=3)
        == "Длина значения в байтах — 3: формат такой не допускает"
    )
