"""Whatever a drive issues, in whatever order it arrives: sums of the projections are the sums of the orders.

The drive is the emulated one and takes any sequence of commands; the bookkeeper keeps the orders and adds them up
himself. Its own counters in closing reports are compared, too.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from decimal import Decimal

import pytest

from chekhov.ffd.versions import FfdVersion
from chekhov.fiscal import projector
from chekhov.fiscal.differences import shift_differences
from chekhov.fiscal.models import (
    DayCashier,
    DayItem,
    DayTotal,
    DayVat,
    HourTotal,
    ItemName,
    MonthItem,
    Shift,
    ShiftTotal,
    ShiftVat,
)
from chekhov.fiscal.selectors import shift_card
from chekhov.fiscal.services import projections_rebuild
from chekhov.fn import commands as cmd
from chekhov.fn.issue import message_bytes
from chekhov.fn.orders import CorrectionOrder, Item, ReceiptOrder, receipt_sums
from chekhov.fn.state import new_drive
from chekhov.kkt.models import Standing
from fiscal.journalling import journal_write
from fn.world import REGISTRATION, SERIAL, START, Till

CASHIERS = ("Раневская Л. А.", "Гаев Л. А.")
NAMES = ("Чай чёрный", "Сахар", "Вишня, кг")
MEANS = ("cash_kopecks", "cashless_kopecks", "prepaid_kopecks", "credit_kopecks", "provision_kopecks")
OLD_RATES, ALL_RATES = (2, 4, 5, 6), (2, 4, 5, 6, 7, 8, 11, 12)


def order_make(dice: random.Random, rates: tuple[int, ...]) -> ReceiptOrder:
    items = tuple(
        Item(
            name=dice.choice(NAMES), price_kopecks=dice.randrange(1, 50_000), vat=dice.choice(rates),
            quantity=dice.choice([Decimal(1), Decimal(3), Decimal("0.748")]),
        )
        for _ in range(dice.randrange(1, 4))
    )  # fmt: skip
    order = ReceiptOrder(
        operation=dice.randrange(1, 5), items=items, tax_system=1, bso=dice.random() < 0.2,
        cashier=dice.choice(CASHIERS),
    )  # fmt: skip
    total = sum(
        int((one.price_kopecks * one.quantity + Decimal("0.5")).to_integral_value("ROUND_FLOOR"))
        for one in items
    )
    edges = sorted(dice.randrange(total + 1) for _ in range(4))
    parts = [high - low for low, high in zip([0, *edges], [*edges, total], strict=True)]
    return ReceiptOrder(
        **{name: getattr(order, name) for name in order.__slots__} | dict(zip(MEANS, parts, strict=True))
    )


class Bookkeeper:
    """What was ordered, added up in plain counters."""

    def __init__(self) -> None:
        self.shift: Counter = Counter()
        self.shift_vat: Counter = Counter()
        self.day: Counter = Counter()
        self.day_vat: Counter = Counter()
        self.hour: Counter = Counter()
        self.cashier: Counter = Counter()
        self.item: Counter = Counter()

    def book(self, at: dt.datetime, shift: int, order: ReceiptOrder, *, correction: bool) -> None:
        sums = receipt_sums(order, at)
        kind = (order.operation, correction)
        figures = (1, sums.total_kopecks, *order.means)
        for place, figure in enumerate(figures):
            self.shift[shift, *kind, place] += figure
            self.day[at.date(), *kind, place] += figure
        for rate, amount in sums.by_rate.items():
            self.shift_vat[shift, *kind, rate] += amount
            self.day_vat[at.date(), *kind, rate] += amount
        for place in (0, 1):
            self.cashier[at.date(), order.cashier, *kind, place] += figures[place]
            if not correction:
                hour_at = at.replace(minute=0, second=0)
                self.hour[hour_at, order.operation, place] += figures[place]
        sign = 0 if correction else {1: 1, 2: -1}.get(order.operation, 0)
        for item, (amount, _) in zip(order.items, sums.lines, strict=True):
            for place, figure in enumerate((sign * item.quantity, sign * amount, 1)):
                self.item[at.date(), item.name, place] += figure


def lived(seed: int) -> tuple[Till, Bookkeeper]:
    """A drive after some hundred commands, and what the bookkeeper wrote."""
    dice = random.Random(seed)
    till = Till(new_drive(SERIAL, ffd=dice.choice([FfdVersion.V1_05, FfdVersion.V1_2])))
    rates = dice.choice([OLD_RATES, ALL_RATES])
    book = Bookkeeper()
    till.do(cmd.Register(REGISTRATION))
    for _ in range(60):
        till.now += dt.timedelta(minutes=dice.choice([0, 1, 10, 45, 200]))
        shift = till.state.shift
        if dice.random() < 0.05:
            till.do(cmd.StateReport())
        elif shift is None:
            till.do(cmd.OpenShift())
        elif till.now - shift.opened_at > dt.timedelta(hours=23) or dice.random() < 0.12:
            till.do(cmd.CloseShift())
        else:
            order, correction = order_make(dice, rates), dice.random() < 0.2
            command: cmd.Command = cmd.Receipt(order)
            if correction:
                command = cmd.Correction(CorrectionOrder(receipt=order, settled_on=START.date()))
            till.do(command)
            book.book(till.now, shift.number, order, correction=correction)
    return till, book


def messages(till: Till) -> list[bytes]:
    return [message_bytes(till.state, issued.container) for _, issued in sorted(till.archive.items())]


def write(url: str, sent: list[bytes], dice: random.Random) -> None:
    """In any order, cut anywhere."""
    rest = dice.sample(sent, len(sent))
    while rest:
        size = dice.randrange(1, 25)
        journal_write(url, rest[:size])
        rest = rest[size:]
        if dice.random() < 0.3:
            projector.step(rows_max=dice.choice([1, 7, 100]))
    while projector.step(rows_max=dice.choice([1, 7, 100])):
        pass


SEVEN = (
    "receipts", "total_kopecks", "cash_kopecks", "ecash_kopecks", "prepaid_kopecks", "credit_kopecks",
    "provision_kopecks",
)  # fmt: skip


def flat(model, key, fields):
    return {
        (*row[: len(key)], place): value
        for row in model.objects.values_list(*key, *fields)
        for place, value in enumerate(row[len(key) :])
    }


def plain(counter):
    """Rows that are there with nothing in them are as good as none."""
    return {key: value for key, value in counter.items() if value}


def compare(book: Bookkeeper) -> None:
    assert plain(flat(ShiftTotal, ("number", "operation", "correction"), SEVEN)) == plain(book.shift)
    assert plain(flat(DayTotal, ("day", "operation", "correction"), SEVEN)) == plain(book.day)
    vat = ("operation", "correction", "rate", "amount_kopecks")
    assert plain({row[:-1]: row[-1] for row in ShiftVat.objects.values_list("number", *vat)}) == plain(
        book.shift_vat
    )
    assert plain({row[:-1]: row[-1] for row in DayVat.objects.values_list("day", *vat)}) == plain(
        book.day_vat
    )
    assert plain(flat(HourTotal, ("hour_at", "operation"), SEVEN[:2])) == plain(book.hour)
    assert plain(flat(DayCashier, ("day", "cashier", "operation", "correction"), SEVEN[:2])) == plain(
        book.cashier
    )
    months: Counter = Counter()
    for (day, name, place), value in book.item.items():
        months[day.replace(day=1), name, place] += value
    names = dict(ItemName.objects.values_list("id", "name"))
    items = flat(DayItem, ("day", "item_id"), ("quantity", "total_kopecks", "lines"))
    assert plain({(day, names[item], place): value for (day, item, place), value in items.items()}) == plain(
        book.item
    )
    items = flat(MonthItem, ("month", "item_id"), ("quantity", "total_kopecks", "lines"))
    assert plain(
        {(month, names[item], place): value for (month, item, place), value in items.items()}
    ) == plain(months)


def snapshot():
    models = (
        ShiftTotal,
        ShiftVat,
        DayTotal,
        DayVat,
        HourTotal,
        DayCashier,
        DayItem,
        ItemName,
        MonthItem,
        Shift,
        Standing,
    )
    return {model.__name__: sorted(map(repr, model.objects.values_list())) for model in models}


@pytest.mark.parametrize("seed", range(5))
def test_sums_are_those_of_the_orders(test_database_url, seed):
    till, book = lived(seed)
    dice = random.Random(seed)
    write(test_database_url, messages(till), dice)
    assert sum(value for (*_, place), value in book.shift.items() if place == 0) > 20
    compare(book)
    closed = Shift.objects.exclude(close_fd=None)
    assert closed.exists()
    for shift in closed:
        assert shift_differences(shift_card(fn=SERIAL, number=shift.number)) == []
    standing = Standing.objects.get()
    shift = till.state.shift
    assert standing.documents == till.state.last_fd
    assert standing.shift_opened_at == (shift and shift.opened_at)
    assert (standing.fn, standing.registered_fd) == (SERIAL, 1)
    before = snapshot()
    assert projections_rebuild() == till.state.last_fd
    assert snapshot() == before


def test_a_document_that_has_not_come_is_told_as_a_difference(test_database_url):
    till = Till(new_drive(SERIAL, ffd=FfdVersion.V1_2))
    till.do(cmd.Register(REGISTRATION))
    till.do(cmd.OpenShift())
    dice = random.Random(1)
    orders = [order_make(dice, OLD_RATES) for _ in range(3)]
    for order in orders:
        till.do(cmd.Receipt(order))
    till.do(cmd.CloseShift())
    sent = messages(till)
    journal_write(test_database_url, [*sent[:3], *sent[4:]])
    projector.step()
    found = {one.word: one for one in shift_differences(shift_card(fn=SERIAL, number=1))}
    assert (found["Документов за смену"].report, found["Документов за смену"].sum) == ("5", "4")
    assert (found["Чеков за смену"].report, found["Чеков за смену"].sum) == ("3", "2")
    lost = orders[1]
    word = {1: "Приход", 2: "Возврат прихода", 3: "Расход", 4: "Возврат расхода"}[lost.operation]
    total = found[f"{word}: всего"]
    assert total.is_money
    assert total.report_value - total.sum_value == receipt_sums(lost, START).total_kopecks
    journal_write(test_database_url, [sent[3]])
    projector.step()
    assert shift_differences(shift_card(fn=SERIAL, number=1)) == []


def test_without_a_closing_report_there_is_nothing_to_compare(test_database_url):
    till = Till.working()
    journal_write(test_database_url, messages(till))
    projector.step()
    assert shift_differences(shift_card(fn=SERIAL, number=1)) == []
