"""Lists of companies as people export them: good ones, spoilt ones, and what is no list at all."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chekhov.links.directory_csv import LINE_CHARACTERS_MAX, CsvLine, DirectoryFileBroken, cards_of_csv
from chekhov.links.directory_reading import CompanyCard, CompanyState
from chekhov.values.requisites import Inn

HEAD = "ИНН;КПП;ОГРН;Краткое наименование;Полное наименование;Адрес;Руководитель;Должность;Состояние"
LINE = (
    "7707083893;770701001;1027700132195;ООО «Ромашка»;Общество «Ромашка»;"
    '"117997, г. Москва; ул. Вавилова, д. 19";Иванов Иван Иванович;Директор;Действует'
)
CARD = CompanyCard(
    inn=Inn("7707083893"),
    name="ООО «Ромашка»",
    full_name="Общество «Ромашка»",
    kpp="770701001",
    ogrn="1027700132195",
    address="117997, г. Москва; ул. Вавилова, д. 19",
    head_surname="Иванов",
    head_name="Иван",
    head_patronymic="Иванович",
    head_position="Директор",
    state=CompanyState.ACTIVE,
)


@pytest.fixture
def read(tmp_path: Path):  # type: ignore[no-untyped-def]
    def run(content: str | bytes, encoding: str = "utf-8") -> list[CsvLine]:
        path = tmp_path / "list.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return list(cards_of_csv(path))

    return run


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_list(read, encoding, end):
    lines = read(end.join([HEAD, "", LINE, ";;;", LINE, ""]), encoding)
    assert lines == [CsvLine(3, CARD, ""), CsvLine(5, CARD, "")]


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_columns_in_any_order_with_strangers_between(read, delimiter):
    rows = [["Имя файла", " Наименование ", "инн", "state"], ["x", 'ООО "А"', " 7707083893 ", "LIQUIDATED"]]
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    (line,) = read(text.getvalue())
    assert line.card == CompanyCard(inn=CARD.inn, name='ООО "А"', state=CompanyState.LIQUIDATED)


def test_a_sole_trader_has_no_kpp(read):
    (line,) = read("ИНН;КПП;ОГРНИП;Наименование;Фамилия руководителя;Имя руководителя\n"
                   "500100732259;500101001;304500116000157;ИП Иванова;Иванова;Анна\n")  # fmt: skip
    assert line.card is not None
    assert (line.card.kpp, line.card.ogrn, line.card.head_surname) == ("", "304500116000157", "Иванова")
    assert line.card.state is CompanyState.UNKNOWN


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ("7707083894;А;;", "ИНН"),
        (";А;;", "ИНН"),
        ("7,7E+09;А;;", "spoilt by a spreadsheet"),
        ("7.70708E+9;А;;", "spoilt by a spreadsheet"),
        ("101000007;А;;", "lost its first zero"),
        ("7707083893;;;", "no name"),
        ("7707083893;А;77;", "КПП"),
        ("7707083893;А;;странно", "state “странно”"),
        ("7707083893;А;;;;x", "more cells"),
    ],
)
def test_what_is_wrong_with_a_line(read, cells, told):
    (line,) = read(f"ИНН;Наименование;КПП;Состояние\n{cells}\n")
    assert line.card is None
    assert line.number == 2
    assert told in line.trouble


@pytest.mark.parametrize(
    "content",
    [
        "",
        "\n",
        "7707083893;А\n",
        "ИНН;КПП\n",
        "ИНН;Наименование;Название\n",
        b"PK\x03\x04\x00\x00",
        f"ИНН;Наименование\n7707083893;{'а' * (LINE_CHARACTERS_MAX + 1)}\n",
    ],
)
def test_what_is_no_list(read, content):
    with pytest.raises(DirectoryFileBroken):
        read(content)


def test_a_field_without_end_does_not_eat_the_memory(read):
    with pytest.raises(DirectoryFileBroken):
        read('ИНН;Наименование\n7707083893;"' + "а;\n" * 100_000)


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=60)


@given(st.lists(st.lists(TEXT, max_size=6), max_size=6), st.sampled_from(";,\t"))
@settings(max_examples=150)
def test_any_table_is_read_or_refused(tmp_path_factory, rows, delimiter):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([["ИНН", "Наименование", "КПП", "Состояние"], *rows])
    path = tmp_path_factory.mktemp("csv") / "any.csv"
    path.write_bytes(text.getvalue().encode())
    try:
        lines = list(cards_of_csv(path))
    except DirectoryFileBroken:
        return
    assert all((line.card is None) == bool(line.trouble) for line in lines)
