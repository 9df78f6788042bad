"""Believable receipts: what people buy, how much, when, and how they pay. Randomness is injected.

The same `Random` in the same state gives the same receipts for ever; demo data and load tests rest on it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Final

from chekhov.ffd.checks.vat import in_force
from chekhov.fn.orders import CorrectionOrder, Item, ReceiptOrder
from chekhov.simulator.goods import (
    BOOKS,
    BUYERS,
    CAFE,
    CASHIERS,
    GROCERY,
    KILOGRAMS,
    NO_VAT,
    PIECES,
    REDUCED,
    STANDARD,
    Good,
)
from chekhov.values import line_sum

SALE: Final = 1
SALE_RETURN: Final = 2

STANDARD_CODES: Final = (11, 1)
"""Codes of 1199 for the general rate, newest first; the one in force at the moment is taken."""
VAT_CODES: Final = {REDUCED: 2, NO_VAT: 6}
UNITS_1_05: Final = {PIECES: "шт.", KILOGRAMS: "кг"}

CARD_SHARE: Final = 0.74
CONTACT_SHARE: Final = 0.12
RETURN_SHARE: Final = 0.012
LINES_WEIGHTS: Final = (18, 20, 18, 14, 10, 7, 5, 3, 2, 1)
"""How often a basket has one line, two, three and so on."""

HOURS: Final = {
    "grocery": ((9, 4), (10, 5), (11, 6), (12, 7), (13, 7), (14, 6), (15, 6), (16, 7), (17, 9), (18, 12), (19, 12),
                (20, 8), (21, 4)),
    "cafe": ((8, 10), (9, 12), (10, 9), (11, 7), (12, 10), (13, 12), (14, 8), (15, 7), (16, 7), (17, 8), (18, 7),
             (19, 5), (20, 3)),
    "books": ((10, 3), (11, 5), (12, 6), (13, 7), (14, 7), (15, 7), (16, 8), (17, 9), (18, 9), (19, 5)),
}  # fmt: skip
"""Hours of trade and how busy each is."""

CATALOGUES: Final = {"grocery": GROCERY, "cafe": CAFE, "books": BOOKS}


@dataclass(frozen=True, slots=True)
class Shop:
    """A kind of trade at one till. `kind`: a key of `CATALOGUES`. `cashiers`: who may stand there."""

    kind: str
    cashiers: Sequence[str] = CASHIERS

    @property
    def opens_at(self) -> dt.time:
        """When the shift is opened: twenty minutes before the first hour of trade."""
        return dt.time(HOURS[self.kind][0][0] - 1, 40)

    @property
    def closes_at(self) -> dt.time:
        """When the shift is closed: soon after the last hour of trade."""
        return dt.time(HOURS[self.kind][-1][0] + 1, 12)


def vat_code(vat: str, on: dt.datetime) -> int:
    """Code of tag 1199 for a class of goods at a moment: the general rate is 22 % from 2026 on."""
    if vat != STANDARD:
        return VAT_CODES[vat]
    return next(code for code in STANDARD_CODES if in_force(code, on.date()))


def day_moments(shop: Shop, day: dt.date, receipts: int, rng: Random) -> list[dt.datetime]:
    """When that many receipts are made on a day: ascending, different, within the hours of trade."""
    hours = HOURS[shop.kind]
    weights = [weight for _, weight in hours]
    seconds: set[int] = set()
    capacity = len(hours) * 3600 // 2
    while len(seconds) < min(receipts, capacity):
        hour = rng.choices(hours, weights)[0][0]
        seconds.add(hour * 3600 + rng.randrange(3600))
    midnight = dt.datetime.combine(day, dt.time())
    return [midnight + dt.timedelta(seconds=each) for each in sorted(seconds)]


def basket(shop: Shop, on: dt.datetime, rng: Random) -> tuple[Item, ...]:
    """The lines of one receipt, each good once."""
    catalogue = CATALOGUES[shop.kind]
    wanted = rng.choices(range(1, len(LINES_WEIGHTS) + 1), LINES_WEIGHTS)[0]
    weights = [good.weight for good in catalogue]
    chosen: dict[str, Good] = {}
    for _ in range(4 * wanted):
        good = rng.choices(catalogue, weights)[0]
        chosen.setdefault(good.name, good)
        if len(chosen) == wanted:
            break
    return tuple(_line(good, on, rng) for good in chosen.values())


def _line(good: Good, on: dt.datetime, rng: Random) -> Item:
    if good.measure == KILOGRAMS:
        quantity = Decimal(rng.randrange(120, 2400)) / 1000
    else:
        quantity = Decimal(rng.choices((1, 2, 3, 4, 6), (70, 18, 6, 3, 1))[0])
    return Item(
        name=good.name,
        price_kopecks=good.price_kopecks,
        vat=vat_code(good.vat, on),
        quantity=quantity,
        subject=good.subject,
        measure=good.measure,
        unit=UNITS_1_05[good.measure],
    )


def total_kopecks(items: Sequence[Item]) -> int:
    """Sum of the lines in kopecks."""
    return sum(line_sum(item.price_kopecks, item.quantity) for item in items)


def receipt(shop: Shop, on: dt.datetime, rng: Random, *, cashier: str = "") -> ReceiptOrder:
    """One receipt: mostly a sale, now and then a return; card or cash, sometimes both."""
    items = basket(shop, on, rng)
    operation = SALE_RETURN if rng.random() < RETURN_SHARE else SALE
    total = total_kopecks(items)
    share = rng.random()
    if share < CARD_SHARE:
        cash = 0
    elif share < 0.985 or total < 20_000:
        cash = total
    else:
        cash = total // 2 // 10_000 * 10_000 or 5_000  # part in notes, the rest by card
    return ReceiptOrder(
        operation=operation,
        items=items,
        cash_kopecks=cash,
        cashless_kopecks=total - cash,
        cashier=cashier or rng.choice(shop.cashiers),
        buyer_contact=rng.choice(BUYERS) if rng.random() < CONTACT_SHARE else "",
    )


def correction(shop: Shop, on: dt.datetime, rng: Random, *, cashier: str = "") -> CorrectionOrder:
    """A sale of some days ago that was not rung up, corrected by own initiative."""
    items = basket(shop, on, rng)
    days = dt.timedelta(days=rng.randrange(1, 6))
    return CorrectionOrder(
        receipt=ReceiptOrder(
            operation=SALE,
            items=items,
            cashless_kopecks=total_kopecks(items),
            cashier=cashier or rng.choice(shop.cashiers),
        ),
        settled_on=(on - days).date(),
    )
