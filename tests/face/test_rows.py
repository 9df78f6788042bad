"""Rows of tables and options of lists, which are written without templates."""

from __future__ import annotations

import re

from django import forms
from django.template.loader import render_to_string

from chekhov.face.cells import Column, Empty, Head, Link, Money, Selection, State, Table
from chekhov.face.forms import HouseForm
from chekhov.face.rows import rows_html

EVIL = '"><script>alert(1)</script>'
COLUMNS = (
    Column("name", EVIL, title=True),
    Column("sum", "Сумма", end=True),
    Column("state", "Состояние"),
    Column("more", "Ещё", spare=True),
)
NOTHING = Empty("Пусто", "")


def table_of(**row: object) -> Table:
    return Table("Таблица", COLUMNS, [row], NOTHING)


def test_a_row_has_its_cells_in_the_order_of_the_heads() -> None:
    table = table_of(
        id=7, name=Link("/x/", "Касса"), sum=Money(150), state=State("fine", "Принят"), more="ещё"
    )
    html = rows_html(table, table.heads)
    assert re.findall(r'<td role="cell" data-label="([^"]*)"( class="[^"]*")?>', html) == [
        ("&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;", ' class="cell-title"'),
        ("Сумма", ' class="end"'),
        ("Состояние", ""),
    ]
    assert '<a href="/x/">Касса</a></td>' in html
    assert '<span class="state tone-fine"><svg' in html
    assert "ещё" not in html
    assert 'class="cell-wide"' in rows_html(table, [Head(Column("more", "Ещё", wide=True))])
    assert (
        rows_html(table, [Head(COLUMNS[3])])
        == '<tr role="row"><td role="cell" data-label="Ещё">ещё</td></tr>\n'
    )


def test_what_a_row_does_not_have_is_a_dash() -> None:
    table = table_of(name="Касса")
    assert rows_html(table, table.heads).count("—") == 2


def test_rows_can_be_chosen() -> None:
    row = {"id": 1234567, "label": "Касса", "name": "Касса"}
    table = Table("Таблица", COLUMNS, [row], NOTHING, select=Selection("kkt", ()))
    html = render_to_string("components/table.html", {"table": table})
    assert 'name="kkt" value="1234567" form="chosen-kkt"' in html
    assert '<span class="visually-hidden">Выбрать: Касса</span>' in html


def test_rows_escape_everything() -> None:
    table = Table(
        EVIL,
        COLUMNS,
        [
            {
                "id": EVIL,
                "label": EVIL,
                "name": EVIL,
                "sum": Link(EVIL, EVIL, EVIL),
                "state": State("fine", EVIL),
            }
        ],
        NOTHING,
        select=Selection(EVIL, ()),
    )
    html = render_to_string("components/table.html", {"table": table})
    assert EVIL not in html
    assert "<script>" not in html


class ChoiceForm(HouseForm):
    """One list of each kind."""

    one = forms.ChoiceField(
        choices=[("", "Любой"), (EVIL, EVIL), ("Группа", [("1", "Первый"), ("2", "Второй")])], required=False
    )
    many = forms.MultipleChoiceField(choices=[(1, "Раз"), (2, "Два"), (3, "Три")])


def test_options_are_escaped_grouped_and_chosen() -> None:
    form = ChoiceForm({"one": "2", "many": ["1", "3"]})
    one, many = str(form["one"]), str(form["many"])
    assert '<select name="one" class="form-select" id="id_one">' in one
    assert re.findall(r'<option value="([^"]*)"( selected)?>([^<]*)</option>', one) == [
        ("", "", "Любой"),
        (
            "&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;",
            "",
            "&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;",
        ),
        ("1", "", "Первый"),
        ("2", " selected", "Второй"),
    ]
    assert re.search(r'<optgroup label="Группа">\s*<option value="1">', one)
    assert one.count("</optgroup>") == 1
    assert re.search(r'<select name="many"[^>]* multiple', many)
    assert re.findall(r'<option value="(\d)" selected>', many) == ["1", "3"]
