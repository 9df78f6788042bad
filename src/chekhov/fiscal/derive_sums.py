"""What a receipt adds to the sums of its register's day. Pure: a row of the journal in, facts out.

A receipt is read once, for its shift and for its day. Day and hour are of the register's clock; a register is a pair
of РНМ and ИНН. Sums: kopecks.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, NamedTuple

from chekhov.ffd.tags import TAG_SPEC
from chekhov.fiscal.words import name_clean, name_number
from chekhov.ofdwire.limits import CONTAINER_HEADER_BYTES
from chekhov.tlv import MalformedTlv, Nodes, decode

SALE, SALE_RETURN = 1, 2

PAYMENT_TAGS: Final = (1031, 1081, 1215, 1216, 1217)
"""Cash, electronic, prepaid, credit, provision."""

VAT_TAGS: Final = {1102: 1, 1103: 2, 1106: 3, 1107: 4, 1104: 5, 1105: 6}
"""Tags of totals by rate, to the rate's code in 1199."""

TOTAL, CASHIER, ITEM = 1020, 1021, 1059
ITEM_NAME, ITEM_QUANTITY, ITEM_AMOUNT = 1030, 1023, 1043
VAT_GROUP, VAT_LINE, VAT_RATE, VAT_AMOUNT = 1115, 1119, 1199, 1120

SUM_MAX: Final = 0xFFFF_FFFF_FFFF
"""Six bytes, as the tables declare; more is not a sum and is not added."""
QUANTITY_MAX: Final = Decimal(10**9)
"""More of anything on one line is a mistake and is not added."""
CASHIER_CHARACTERS_MAX: Final = 64
NAMES_KEPT_MAX: Final = 100_000

NOTHING: Final = Decimal(0)


class ItemLine(NamedTuple):
    """A line of a receipt, as far as sums and search need it. `item_id`: made of the name."""

    item_id: int
    name: str
    quantity: Decimal
    amount_kopecks: int


class Settlement(NamedTuple):
    """What is read of a receipt or a correction. `sums`: by tag, those of TOTAL, PAYMENT_TAGS and VAT_TAGS."""

    sums: dict[int, int]
    vat: list[tuple[int, int]]
    cashier: str
    items: list[ItemLine]


@dataclass(slots=True)
class DayFacts:
    """Of one day of one register."""

    totals: dict[tuple[int, bool], list[int]] = field(default_factory=dict)
    """By operation and correction: receipts, total, then the sums of PAYMENT_TAGS."""
    hours: dict[tuple[int, int], list[int]] = field(default_factory=dict)
    """By hour and operation, without corrections: receipts, total."""
    vat: dict[tuple[int, bool, int], int] = field(default_factory=dict)
    cashiers: dict[tuple[str, int, bool], list[int]] = field(default_factory=dict)
    items: dict[int, list[Any]] = field(default_factory=dict)
    """Quantity, total, lines."""


DayKey = tuple[str, str, dt.date]


class _Names(dict[str, tuple[int, str]]):
    """Of each text of tag 1030 its number and how it is kept; bounded, as goods repeat."""

    def __missing__(self, text: str) -> tuple[int, str]:
        name = name_clean(text)
        if len(self) >= NAMES_KEPT_MAX:
            self.clear()
        known = self[text] = (name_number(name), name)
        return known


class _Cashiers(dict[str, str]):
    """Of each text of tag 1021 how it is kept; bounded."""

    def __missing__(self, text: str) -> str:
        if len(self) >= NAMES_KEPT_MAX:
            self.clear()
        known = self[text] = name_clean(text, CASHIER_CHARACTERS_MAX)
        return known


_NAMES, _CASHIERS = _Names(), _Cashiers()
_SUM_TAGS: Final = frozenset({TOTAL, *PAYMENT_TAGS, *VAT_TAGS})


def settlement_read(container: bytes) -> Settlement | None:
    """Read a container's receipt; None when it cannot be read. The first of a repeated requisite counts."""
    start = CONTAINER_HEADER_BYTES + 4
    if len(container) < start:
        return None
    end = start + (container[start - 2] | container[start - 1] << 8)
    try:
        nodes, _ = decode(container, TAG_SPEC, start=start, end=min(end, len(container)))
    except MalformedTlv:
        return None
    sums: dict[int, int] = {}
    vat: list[tuple[int, int]] = []
    items: list[ItemLine] = []
    cashier: str | None = None
    for tag, _, _, value in nodes.plain():
        if tag in _SUM_TAGS:
            if tag not in sums and isinstance(value, int) and value <= SUM_MAX:
                sums[tag] = value
        elif tag == ITEM:
            if isinstance(value, Nodes):
                items.append(_item(value))
        elif tag == CASHIER:
            if cashier is None and isinstance(value, str):
                cashier = _CASHIERS[value]
        elif tag == VAT_GROUP and isinstance(value, Nodes):
            vat.extend(_vat_lines(value))
    for tag, rate in VAT_TAGS.items():
        if amount := sums.get(tag):
            vat.append((rate, amount))
    return Settlement(sums, vat, cashier or "", items)


def _item(nodes: Nodes) -> ItemLine:
    name, quantity, amount = "", NOTHING, 0
    for tag, _, _, value in nodes.plain():
        if tag == ITEM_NAME:
            if not name and isinstance(value, str):
                name = value
        elif tag == ITEM_QUANTITY:
            if isinstance(value, Decimal) and value <= QUANTITY_MAX:
                quantity = value
        elif tag == ITEM_AMOUNT and isinstance(value, int) and value <= SUM_MAX:
            amount = value
    item_id, kept = _NAMES[name]
    return ItemLine(item_id, kept, quantity, amount)


def _vat_lines(group: Nodes) -> Iterable[tuple[int, int]]:
    """Rate and amount of each line of «суммы НДС чека»."""
    for line_tag, _, _, line in group.plain():
        if line_tag != VAT_LINE or not isinstance(line, Nodes):
            continue
        members = line.first()
        rate, amount = members.get(VAT_RATE), members.get(VAT_AMOUNT)
        if isinstance(rate, int) and isinstance(amount, int) and rate <= 255 and amount <= SUM_MAX:
            yield rate, amount


def sums_row(receipt: Settlement) -> tuple[int, ...]:
    """One receipt, its total, and the sums of PAYMENT_TAGS."""
    get = receipt.sums.get
    return (1, get(TOTAL, 0), get(1031, 0), get(1081, 0), get(1215, 0), get(1216, 0), get(1217, 0))


def day_add(
    day: DayFacts,
    names: dict[int, str],
    receipt: Settlement,
    row: tuple[int, ...],
    *,
    hour: int,
    operation: int,
    correction: bool,
) -> None:
    """Add a receipt to its register's day, and the names of its lines to `names`. `row`: of `sums_row`."""
    added(day.totals, (operation, correction), row)
    two = row[:2]
    added(day.cashiers, (receipt.cashier, operation, correction), two)
    if not correction:
        added(day.hours, (hour, operation), two)
    vat = day.vat
    for rate, amount in receipt.vat:
        key = (operation, correction, rate)
        vat[key] = vat.get(key, 0) + amount
    sign = 0 if correction else 1 if operation == SALE else -1 if operation == SALE_RETURN else 0
    items = day.items
    for item_id, name, quantity, amount in receipt.items:
        if not name:
            continue
        known = items.get(item_id)
        if known is None:
            names[item_id] = name
            items[item_id] = [sign * quantity, sign * amount, 1]
        else:
            known[0] += sign * quantity
            known[1] += sign * amount
            known[2] += 1


def added(sums: dict[Any, list[int]], key: Any, row: Iterable[int]) -> None:
    """Add a row to the sums under a key."""
    known = sums.get(key)
    if known is None:
        sums[key] = list(row)
    else:
        for place, value in enumerate(row):
            known[place] += value
