"""Rows of a table as HTML: lists are long, and a template takes several times as long over them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from chekhov.face.cells import Head, Selection, Table, cell


def rows_html(table: Table, heads: Sequence[Head]) -> SafeString:
    """The rows, for `components/table.html`. heads: of the columns that are shown, in their order."""
    shown = [(head.column.key, _cell_opened(head)) for head in heads]
    lines = []
    for row in table.rows:
        box = "" if table.select is None else _box(table.select, row)
        cells = "".join(f"{opened}{cell(row.get(key))}</td>" for key, opened in shown)
        lines.append(f'<tr role="row">{box}{cells}</tr>\n')
    return mark_safe("".join(lines))  # noqa: S308  # its parts are safe: `cell` and `format_html` escape


def _cell_opened(head: Head) -> SafeString:
    column = head.column
    places = {"cell-title": column.title, "end": column.end, "cell-wide": column.wide}
    place = next((f' class="{word}"' for word, so in places.items() if so), "")
    return format_html('<td role="cell" data-label="{}"{}>', column.label, mark_safe(place))  # noqa: S308  # constants


def _box(select: Selection, row: Mapping[str, object]) -> SafeString:
    return format_html(
        '<td role="cell" class="cell-choose"><label class="choose"><input type="checkbox" class="form-check-input"'
        ' name="{}" value="{}" form="{}" data-choose autocomplete="off">'
        '<span class="visually-hidden">Выбрать: {}</span></label></td>',
        select.name,
        row.get(select.key),
        select.form_id,
        row.get(select.label_key),
    )
