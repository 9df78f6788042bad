"""A line of a receipt as it is printed: name, quantity × price, tax, signs of the settlement, agent, marking."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from chekhov.ffd.checks.vat import vat_label
from chekhov.ffd.printing.sheet import PrintedLine
from chekhov.ffd.printing.wording import human, mark_sign, tag_name
from chekhov.tlv import Node
from chekhov.values import quantity_text, roubles

_ITEM: Final = 1059
_PIECES: Final = 0  # 2108
_IN_NAME: Final = frozenset({1030, 2106})
_IN_SUM: Final = frozenset({1079, 1023, 1043, 1197, 2108})
_IN_VAT: Final = frozenset({1199, 1200})


def item_lines(number: int, node: Node, issued_at: datetime | None) -> Iterator[PrintedLine]:
    """Lines of one item (1059). `number`: its place in the receipt, from 1."""
    if not isinstance(node.value, tuple):
        yield PrintedLine("item", f"{number}. {human(_ITEM, node.value)}", weight="strong", tags=(_ITEM,))
        return
    values: dict[int, Any] = {}
    for member in node.value:
        values.setdefault(member.tag, member.value)
    name = human(1030, values[1030]) if 1030 in values else ""
    if isinstance(values.get(2106), int) and 1163 in values:
        name = f"{name} {mark_sign(values[2106])}"
    yield PrintedLine("item", f"{number}. {name}".rstrip(), weight="strong", tags=(_ITEM,))
    yield _sum_line(values)
    if _IN_VAT & values.keys():
        yield _vat_line(values, issued_at)
    seen: set[int] = set()
    for member in node.value:
        # what the lines above tell is not told again, unless it came twice
        told = member.tag in (_IN_NAME | _IN_SUM | _IN_VAT) and member.tag not in seen
        seen.add(member.tag)
        if not told or isinstance(member.value, bytes) or (member.tag == 2106 and 1163 not in values):
            yield from _member_lines(member, issued_at, 1)


def _sum_line(values: dict[int, Any]) -> PrintedLine:
    """«2,474 кг × 99,99» and the sum of the line."""
    quantity = values.get(1023)
    left = quantity_text(quantity) if isinstance(quantity, Decimal) else ""
    measure = values.get(2108)
    if left and isinstance(measure, int) and measure != _PIECES:
        left = f"{left} {human(2108, measure)}"
    elif left and isinstance(values.get(1197), str) and values[1197].strip():
        left = f"{left} {human(1197, values[1197])}"
    price = values.get(1079)
    if isinstance(price, int):
        left = f"{left} × {roubles(price)}" if left else roubles(price)
    line = values.get(1043)
    tags = tuple(tag for tag in sorted(_IN_SUM) if tag in values)
    return PrintedLine("pair", left, roubles(line) if isinstance(line, int) else "", tags=tags, depth=1)


def _vat_line(values: dict[int, Any], issued_at: datetime | None) -> PrintedLine:
    """«НДС 10%» and the tax of the line, empty where the register did not send it."""
    code = values.get(1199)
    word = human(1199, code, issued_at) if code is not None else "НДС"
    tax = values.get(1200)
    tags = tuple(tag for tag in sorted(_IN_VAT) if tag in values)
    return PrintedLine("pair", word, roubles(tax) if isinstance(tax, int) else "", "small", tags, 1)


def _member_lines(node: Node, issued_at: datetime | None, depth: int) -> Iterator[PrintedLine]:
    word = _WORDS.get(node.tag) or tag_name(node.tag, issued_at)
    if isinstance(node.value, tuple):
        yield PrintedLine("text", word, weight="small", tags=(node.tag,), depth=depth)
        for member in node.value:
            yield from _member_lines(member, issued_at, depth + 1)
    elif node.tag in _ALONE:
        yield PrintedLine("text", human(node.tag, node.value), weight="small", tags=(node.tag,), depth=depth)
    else:
        value = human(node.tag, node.value, issued_at)
        yield PrintedLine("pair", word, value, "small", (node.tag,), depth)


_ALONE: Final = frozenset({1214, 1212})
"""Signs that are printed as their words only: «полный расчет», «товар»."""

_WORDS: Final = {
    1222: "Агент",
    1223: "Данные агента",
    1224: "Поставщик",
    1225: "Наименование",
    1226: "ИНН поставщика",
    1162: "Код товара",
    1163: "Код товара",
    1198: "НДС за единицу",
    1229: "Акциз",
    1230: "Страна",
    1231: "Декларация на товар",
    1191: "Доп. реквизит предмета расчёта",
    2106: "Проверка кода маркировки",
    2115: "КК",
    1260: "Отраслевой реквизит",
    1291: "Дробное количество",
}


def vat_lines(node: Node, issued_at: datetime | None) -> Iterator[PrintedLine]:
    """Lines of 1115: «НДС 22%» and the sum, one for each 1119. The first of them stands for 1115 itself."""
    inside: Any = node.value
    tags: tuple[int, ...] = (node.tag,)
    told = False
    for member in inside:
        values = {inner.tag: inner.value for inner in member.value} if isinstance(member.value, tuple) else {}
        code, tax = values.get(1199), values.get(1120)
        if member.tag == 1119 and isinstance(code, int) and isinstance(tax, int):
            word = vat_label(code, issued_at.date()) if issued_at else human(1199, code)
            yield PrintedLine("pair", word, roubles(tax), tags=tags)
        else:
            if not told and tags:
                yield PrintedLine("text", tag_name(node.tag), tags=tags)
            yield from _member_lines(member, issued_at, 1)
        tags, told = (), True
    if tags:
        yield PrintedLine("text", tag_name(node.tag), tags=tags)
