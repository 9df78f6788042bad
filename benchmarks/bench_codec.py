"""How many documents a second the codec reads and writes, on one core, in pure Python.

Run: `python benchmarks/bench_codec.py`. Figures are medians of three runs over several hundred different
receipts of FFD 1.2, so that what repeats in life (goods, addresses) repeats and what does not (numbers,
times, signs, sums) does not. With PEER_OFD set to a folder that holds the public library's package `ofd`,
that library reads the same receipts in the same run.
"""

from __future__ import annotations

import datetime as dt
import importlib
import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from decimal import Decimal

from chekhov.ffd.documents import document_decode, document_encode, document_peek, fields_of
from chekhov.values.money import line_sum, vat_inside

RECEIPTS = 400
RUNS = 3
SECONDS_A_RUN = 0.5

_NOUNS = ("Тыква", "Арбуз", "Хлеб", "Молоко", "Порог-угол", "Саморез", "Краска", "Кофе", "Чай", "Батарейка")
_KINDS = (
    "свежий",
    "отечественный",
    "весовой",
    "Д3 24х18мм",
    "2,5%",
    "в зернах",
    "матовый",
    "чёрный",
    "0,5 л",
)

_OPENED_AT = dt.datetime(2026, 3, 14, 9, 26)  # noqa: DTZ001 - local clock time is what documents carry

Figure = tuple[str, float]


def receipts(items: int, count: int = RECEIPTS) -> list[bytes]:
    """Different receipts of twenty shops with `items` lines each, with their trailers."""
    dice = random.Random(items)
    goods = [
        (f"{noun} {kind} арт.{dice.randrange(9999)}", dice.randrange(900, 99_999))
        for noun in _NOUNS
        for kind in _KINDS
    ]
    shops = [
        (f"ООО «Магазин {number}»".replace("«", '"').replace("»", '"'), f"{7800000000 + number}")
        for number in range(20)
    ]
    return [_receipt(dice, number, shops[number % 20], goods, items) for number in range(count)]


def _receipt(
    dice: random.Random, number: int, shop: tuple[str, str], goods: list[tuple[str, int]], items: int
) -> bytes:
    lines, total = [], 0
    for name, price in dice.sample(goods, items):
        weighed = dice.random() < 0.5
        quantity = Decimal(dice.randrange(100, 9000)).scaleb(-3) if weighed else Decimal(dice.randrange(1, 5))
        amount = line_sum(price, quantity)
        total += amount
        lines.append(
            (1059, [(1030, name), (1079, price), (1023, quantity), (2108, 11 if weighed else 0), (1043, amount),
                    (1199, 2), (1200, vat_inside(amount, 10)), (1214, 4), (1212, 1)])
        )  # fmt: skip
    fields = [
        (1041, f"99990789{number % 1000:08}"), (1037, f"{number % 1000:010}012345"), (1018, shop[1]),
        (1040, 30_000 + number), (1012, _OPENED_AT + dt.timedelta(seconds=7 * number)),
        (1077, b"\x21\x04" + dice.randbytes(4)), (1038, 205), (1042, number), (1054, 1), (1020, total),
        (1209, 4), (1048, shop[0]), (1009, "191186, г. Санкт-Петербург, Невский проспект, д. 20"),
        (1187, "Магазин у моста"), (1021, "Кассир Иванова М. И."), (1203, "500100732259"), (1060, "www.nalog.gov.ru"),
        (1117, "check@shop.example"), (1055, 1), (1008, "+79110000000"), *lines,
        (1031, 0), (1081, total), (1215, 0), (1216, 0), (1217, 0), (1103, vat_inside(total, 10)),
    ]  # fmt: skip
    return document_encode(3, fields) + b"\x81\x06" + dice.randbytes(6) + b"\0\0"


def per_second(work: Callable[[object], object], inputs: Iterable[object]) -> float:
    """Median of three: how many inputs a second."""
    batch = list(inputs)
    figures = []
    for _ in range(RUNS):
        done, began = 0, time.perf_counter()
        while (spent := time.perf_counter() - began) < SECONDS_A_RUN:
            for one in batch:
                work(one)
            done += len(batch)
        figures.append(done / spent)
    return statistics.median(figures)


def codec() -> list[Figure]:
    """Our own figures."""
    small, large = receipts(4), receipts(20)
    trees = [(one.code, fields_of(one.nodes)) for one in map(document_decode, small)]
    return [
        (f"decode, 4 items ({len(small[0])} bytes)", per_second(document_decode, small)),
        (f"decode, 20 items ({len(large[0])} bytes)", per_second(document_decode, large)),
        ("peek, 4 items", per_second(document_peek, small)),
        ("encode, 4 items", per_second(lambda tree: document_encode(*tree), trees)),
    ]


def peer() -> list[Figure]:
    """Figures of the public library, if PEER_OFD names its folder."""
    folder = os.environ.get("PEER_OFD")
    if not folder:
        return []
    sys.path.insert(0, folder)
    documents = importlib.import_module("ofd.protocol").DOCUMENTS
    end = -10  # the trailer is not its business
    small, large = ([one[4:end] for one in receipts(items)] for items in (4, 20))
    return [
        ("peer: decode, 4 items", per_second(documents[3].unpack, small)),
        ("peer: decode, 20 items", per_second(documents[3].unpack, large)),
    ]


def main() -> None:
    for name, figure in codec() + peer():
        print(f"{name:32} {figure:12,.0f} /s {1e6 / figure:9.2f} µs")


if __name__ == "__main__":
    main()
