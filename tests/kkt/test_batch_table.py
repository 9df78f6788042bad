import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from chekhov.kkt import batch_table
from chekhov.kkt.batch_table import COLUMNS, EXAMPLE, ROWS_MAX, table_read, template_build
from chekhov.kkt.errors import TableRefused


def xlsx(*rows, heading=True):
    book = Workbook()
    for row in ([COLUMNS] if heading else []) + list(rows):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def texts(content):
    return [
        (row.number, row.rnm.text, row.name.text, row.serial.text, row.drive_serial.text, row.action.text)
        for row in table_read(content)
    ]


def repacked(content, **parts):
    """The same package with some parts put in or put instead."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            if part.filename not in parts:
                new.writestr(part.filename, old.read(part.filename))
        for name, data in parts.items():
            if data is not None:
                new.writestr(name, data)
    return out.getvalue()


# ── the template ─────────────────────────────────────────────────────────────────────────────────────


def test_template_is_what_it_promises():
    book = load_workbook(io.BytesIO(template_build()))
    sheet, told = book.worksheets
    assert [cell.value for cell in sheet[1]] == list(COLUMNS)
    assert [cell.value for cell in sheet[2]] == list(EXAMPLE)
    assert {sheet.column_dimensions[letter].number_format for letter in "ABCDE"} == {"@"}
    assert {cell.number_format for cell in sheet[2]} == {"@"}
    assert {cell.data_type for cell in sheet[2]} == {"s"}
    [choice] = sheet.data_validations.dataValidation
    assert (choice.type, choice.formula1, str(choice.sqref)) == ("list", '"1,2"', f"E2:E{ROWS_MAX + 2}")
    assert told.title == "Инструкция"
    assert told.max_row > 5


def test_untouched_template_holds_nothing():
    with pytest.raises(TableRefused, match="ни одной заполненной строки"):
        table_read(template_build())


def test_filled_template_without_and_with_the_example():
    book = load_workbook(io.BytesIO(template_build()))
    for column, text in enumerate(("0000000001000001", "Касса", "17", "9999078900007432", "2"), 1):
        book.worksheets[0].cell(3, column, text)
    out = io.BytesIO()
    book.save(out)
    assert texts(out.getvalue()) == [(3, "0000000001000001", "Касса", "17", "9999078900007432", "2")]


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────

CELL = st.text(
    st.characters(codec="cp1251", exclude_categories=("C", "Z"), exclude_characters="'=\"; \t,"), max_size=20
)
# The example's own number is passed over wherever it stands.
ROWS = st.lists(
    st.tuples(*[CELL] * 5).filter(lambda row: any(row) and row[0] != EXAMPLE[0]), min_size=1, max_size=8
)


@settings(max_examples=60, deadline=None)
@given(ROWS)
def test_what_is_written_is_read_from_every_kind_of_file(rows):
    expected = [(number, *row) for number, row in enumerate(rows, 2)]
    assert texts(xlsx(*rows)) == expected
    heading = ("РНМ", "Название", "Номер", "ФН", "Действие")
    for delimiter in ";,\t":
        text = "\r\n".join(delimiter.join(row) for row in [heading, *rows])
        for encoding in ("utf-8", "utf-8-sig", "cp1251", "utf-16"):
            content = text.encode(encoding)
            if encoding == "cp1251" and _also_utf8(content):
                continue
            assert texts(content) == expected, (delimiter, encoding)


def _also_utf8(content):
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def test_empty_rows_between_keep_the_numbers_people_see():
    assert [row[0] for row in texts(xlsx(["1"], [], [None, " "], ["2"]))] == [2, 5]
    assert [row[0] for row in texts("РНМ;Название\n1;а\n\n;;\n2;б".encode())] == [2, 5]


def test_file_without_a_heading_and_with_quotes():
    assert texts(xlsx(["0000000001000001"], heading=False)) == [(1, "0000000001000001", "", "", "", "")]
    assert texts('"0000000001000001";"Касса; ""У Фирса"""\n'.encode())[0][1:3] == (
        "0000000001000001",
        'Касса; "У Фирса"',
    )
    assert texts(b"sep=|\nRNM|x\n1|y")[0][:3] == (1, "RNM", "x")


def test_numbers_a_spreadsheet_program_has_spoilt_are_told_from_text():
    rows = table_read(
        xlsx([1234567890123456, 5, 17.5, True, 1], ["1.23E+15", "1,23e15", "1E5", "Е5", "2"], ["0012"])
    )
    first, second, third = rows
    assert all(
        cell.spoilt for cell in (first.rnm, first.name, first.serial, first.drive_serial, first.action)
    )
    assert (first.rnm.text, first.action.text) == ("1234567890123456", "1")
    assert [cell.spoilt for cell in (second.rnm, second.name, second.serial, second.drive_serial)] == [
        True,
        True,
        True,
        False,
    ]
    assert third.rnm == ("0012", False)


def test_ways_to_keep_a_number_whole():
    rows = table_read(b'="0012";\'0034')
    assert (rows[0].rnm, rows[0].name) == (("0012", False), ("0034", False))


# ── what is refused ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "пуст"),
        (b" \r\n ", "пуст"),
        (b"x" * (5 * 1024 * 1024 + 1), "больше 5 МБ"),
        (b"PK\x03\x04broken", "не читается"),
        (b"PK\x05\x06" + b"\0" * 18, "не читается"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "XLS"),
        (b"%PDF-1.7 ...", "не читается"),
        (b"\x89PNG....", "не читается"),
        (b"\xff\xfe\x00", "Кодировка"),
        (b"\x98\x98\x98", "Кодировка"),
        (b"1;2\x00;3", "не читается"),
        (b'"' + b"x" * 200_000 + b'"', "не читается"),
    ],
)
def test_refused_in_words(content, words):
    with pytest.raises(TableRefused, match=words):
        table_read(content)


def test_macros_encryption_and_other_packages():
    good = xlsx(["1"])
    with pytest.raises(TableRefused, match="макрос"):
        table_read(repacked(good, **{"xl/vbaProject.bin": b"\0"}))
    with pytest.raises(TableRefused, match="макрос"):
        table_read(repacked(good, **{"xl/macrosheets/sheet1.xml": b"<a/>"}))
    with pytest.raises(TableRefused, match="не читается"):
        table_read(repacked(good, **{"xl/workbook.xml": None}))
    with pytest.raises(TableRefused, match="не читается"):
        table_read(repacked(good, **{"xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row"}))
    broken = bytearray(good)
    broken[len(broken) // 2] ^= 0xFF
    with pytest.raises(TableRefused):
        table_read(bytes(broken[: len(broken) // 2]))


def test_bomb_is_not_unpacked(monkeypatch):
    zeros = b"<x>" + b"0" * (batch_table.UNPACKED_BYTES_MAX + 1)
    packed = repacked(xlsx(["1"]), **{"xl/media/image1.xml": zeros})
    assert len(packed) < 200_000
    monkeypatch.setattr(batch_table, "load_workbook", lambda *_, **__: pytest.fail("unpacked"))
    with pytest.raises(TableRefused, match="слишком большой"):
        table_read(packed)
    with pytest.raises(TableRefused, match="слишком большой"):
        table_read(repacked(xlsx(["1"]), **{f"xl/x{number}.txt": b"" for number in range(300)}))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_wherever_they_hide(encoding):
    laughs = (
        f'<?xml version="1.0" encoding="{encoding}"?>' + "<!--" + " " * 100_000 + "-->"
        '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><worksheet/>'
    ).encode(encoding)
    with pytest.raises(TableRefused, match="не читается"):
        table_read(repacked(xlsx(["1"]), **{"xl/worksheets/sheet1.xml": laughs}))


def test_too_many_rows():
    many = "\n".join(f"{number:016}" for number in range(20_000, 20_000 + ROWS_MAX + 1)).encode()
    with pytest.raises(TableRefused, match="больше 50000 строк"):
        table_read(many)
    assert len(table_read(many[: 17 * ROWS_MAX])) == ROWS_MAX


def test_row_that_says_it_is_the_last_of_a_million_is_not_believed():
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:XFD1048576"/>'
        '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>0000000001000001</t></is></c></row>'
        '<row r="{last}"><c r="A{last}" t="inlineStr"><is><t>0000000001000002</t></is></c></row></sheetData></worksheet>'
    )
    near = repacked(xlsx(["1"]), **{"xl/worksheets/sheet1.xml": sheet.format(last=90_000).encode()})
    assert [row[0] for row in texts(near)] == [1, 90_000]
    far = repacked(xlsx(["1"]), **{"xl/worksheets/sheet1.xml": sheet.format(last=1_048_576).encode()})
    with pytest.raises(TableRefused, match="больше 50000 строк"):
        table_read(far)
