"""Whatever a drive is told, in whatever order: its counters agree with an independent bookkeeper.

The bookkeeper keeps a plain list of what was ordered and adds up anew each time; the drive keeps sums.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from chekhov.ffd.checks import check
from chekhov.ffd.versions import FfdVersion
from chekhov.fn import commands as cmd
from chekhov.fn.drive import apply
from chekhov.fn.errors import ShiftTooLong
from chekhov.fn.orders import CorrectionOrder, Item, ReceiptOrder
from chekhov.fn.state import new_drive, state_from_json, state_to_json
from chekhov.fn.totals import Turnover
from fn.world import REGISTRATION, SEALER, SERIAL, START, Till, decoded, values_of

MEANS = ("cash_kopecks", "cashless_kopecks", "prepaid_kopecks", "credit_kopecks", "provision_kopecks")
MEANS_TAGS = (1031, 1081, 1215, 1216, 1217)

items = st.builds(
    Item,
    name=st.text("абв ABC№", min_size=1, max_size=20).filter(lambda name: name.strip() != ""),
    price_kopecks=st.integers(0, 10**7),
    vat=st.integers(1, 12).filter(lambda code: code not in {1, 3}),  # 20 % is not in force in 2026
    quantity=st.one_of(st.integers(1, 20).map(Decimal), st.decimals("0.001", "99", places=3)),
    payment_method=st.integers(1, 7),
    subject=st.sampled_from([1, 3, 4, 10]),
)


@st.composite
def orders(draw: Any) -> ReceiptOrder:
    lines = tuple(draw(st.lists(items, min_size=1, max_size=4)))
    total = sum(line_of(line) for line in lines)
    edges = sorted(draw(st.lists(st.integers(0, total), min_size=4, max_size=4)))
    parts = [high - low for low, high in zip([0, *edges], [*edges, total], strict=True)]
    return ReceiptOrder(
        operation=draw(st.integers(1, 4)),
        items=lines,
        tax_system=draw(st.sampled_from([1, 4])),
        bso=draw(st.booleans()),
        **dict(zip(MEANS, parts, strict=True)),
    )


def line_of(line: Item) -> int:
    """Price × quantity, half up: said here once more, in other words than those of the drive."""
    return int(
        (Decimal(line.price_kopecks) * line.quantity + Decimal("0.5")).to_integral_value("ROUND_FLOOR")
    )


@dataclasses.dataclass
class Entry:
    """What the bookkeeper writes down of one document."""

    code: int
    issued_at: dt.datetime
    shift: int
    order: ReceiptOrder | None = None
    correction: bool = False


class DriveMachine(RuleBasedStateMachine):
    @initialize(ffd=st.sampled_from([FfdVersion.V1_05, FfdVersion.V1_2]))
    def begin(self, ffd: FfdVersion) -> None:
        self.till = Till(new_drive(SERIAL, ffd=ffd))
        self.book: list[Entry] = []
        self.shift = 0
        self.is_open = False
        self.confirmed = 0
        self.issue(cmd.Register(REGISTRATION), Entry(1, START, 0))

    def issue(self, command: cmd.Command, entry: Entry) -> None:
        issued = self.till.do(command)
        self.book.append(dataclasses.replace(entry, issued_at=self.till.now))
        document = decoded(issued)
        assert document.code == issued.code == entry.code
        assert document.fd_number == len(self.book)
        assert [finding for finding in check(document) if finding.severity == "error"] == []

    @rule(minutes=st.integers(0, 300))
    def wait(self, minutes: int) -> None:
        self.till.now += dt.timedelta(minutes=minutes)

    @precondition(lambda self: not self.is_open)
    @rule()
    def open_shift(self) -> None:
        self.issue(cmd.OpenShift(), Entry(2, START, self.shift + 1))
        self.shift += 1
        self.is_open = True

    @precondition(lambda self: self.is_open)
    @rule(order=orders(), correction=st.booleans())
    def settle(self, order: ReceiptOrder, correction: bool) -> None:
        opened_at = next(entry.issued_at for entry in reversed(self.book) if entry.code == 2)
        command: cmd.Command = cmd.Receipt(order)
        code = 4 if order.bso else 3
        if correction:
            command = cmd.Correction(CorrectionOrder(receipt=order, settled_on=START.date()))
            code = 41 if order.bso else 31
        if self.till.now - opened_at > dt.timedelta(hours=24):
            with pytest.raises(ShiftTooLong):
                apply(self.till.state, command, self.till.now, SEALER)
            return
        self.issue(command, Entry(code, START, self.shift, order, correction))
        document = decoded(self.till.archive[len(self.book)])
        lines = [values_of(line) for line in document.all(1059)]
        assert [line[1043] for line in lines] == [line_of(line) for line in order.items]
        assert [line[1023] for line in lines] == [line.quantity for line in order.items]
        assert document.total_kopecks == sum(line_of(line) for line in order.items)
        assert tuple(document.get(tag) for tag in MEANS_TAGS) == tuple(getattr(order, name) for name in MEANS)
        assert document.get(1042) == sum(
            1 for entry in self.book if entry.shift == self.shift and entry.order is not None
        )

    @rule()
    def report(self) -> None:
        self.issue(cmd.StateReport(), Entry(21, START, self.shift if self.is_open else 0))
        document = decoded(self.till.archive[len(self.book)])
        assert document.get(1097, 0) == len(self.book) - 1 - self.confirmed
        if document.get(1158) is not None:
            unsent = [entry for entry in self.book[self.confirmed :] if entry.order is not None]
            assert values_of(document.get(1158))[1144] == len(unsent)

    @precondition(lambda self: self.is_open)
    @rule()
    def close_shift(self) -> None:
        self.issue(cmd.CloseShift(), Entry(5, START, self.shift))
        self.is_open = False
        document = decoded(self.till.archive[len(self.book)])
        mine = [entry for entry in self.book if entry.shift == self.shift]
        receipts = [entry for entry in mine if entry.order is not None]
        assert document.get(1111) == len(mine)
        assert document.get(1118) == len(receipts)
        if self.till.state.ffd is FfdVersion.V1_2:
            assert values_of(document.get(1194))[1134] == len(receipts)

    @precondition(lambda self: not self.is_open)
    @rule()
    def change(self) -> None:
        self.issue(cmd.Reregister(REGISTRATION, 1 << 31), Entry(11, START, 0))

    @precondition(lambda self: self.confirmed < len(self.book))
    @rule()
    def confirm(self) -> None:
        outcome = self.till.accept(self.till.answer())
        assert outcome.result is not None
        assert outcome.result.accepted
        self.confirmed += 1

    @rule(data=st.data())
    def confirm_out_of_order(self, data: st.DataObject) -> None:
        fd_number = data.draw(st.integers(1, len(self.book)))
        if fd_number == self.confirmed + 1:
            return
        before = self.till.state
        outcome = self.till.accept(self.till.answer(fd_number))
        assert outcome.result is not None
        assert outcome.result.refusal == 3
        assert self.till.state is before

    @invariant()
    def numbers_have_no_gaps(self) -> None:
        assert sorted(self.till.archive) == list(range(1, len(self.book) + 1))
        assert self.till.state.last_fd == len(self.book)
        assert self.till.state.unsent_from == self.confirmed + 1
        waiting = self.book[self.confirmed :]
        assert self.till.state.unsent_at == (waiting[0].issued_at if waiting else None)

    @invariant()
    def counters_agree_with_the_book(self) -> None:
        state = self.till.state
        assert summary(state.turnover) == added_up(self.book)
        if state.shift is not None:
            mine = [entry for entry in self.book if entry.shift == self.shift]
            assert summary(state.shift.turnover) == added_up(mine)
            assert state.shift.documents == len(mine)
        unsent = Counter[tuple[int, int]]()
        for entry in self.book[self.confirmed :]:
            if entry.order is not None:
                unsent[entry.order.operation, 0] += 1
                unsent[entry.order.operation, 1] += sum(entry.order.means)
        kept = Counter[tuple[int, int]]()
        for operation, totals in enumerate(state.unsent, 1):
            kept[operation, 0] += totals.documents
            kept[operation, 1] += totals.total
            assert totals.total == sum(totals[2:7])
        assert +kept == +unsent

    @invariant()
    def json_gives_the_state_back(self) -> None:
        assert state_from_json(json.loads(json.dumps(state_to_json(self.till.state)))) == self.till.state


Summary = Counter[tuple[bool, int, int]]


def summary(turnover: Turnover) -> Summary:
    """(correction, operation, place): 0 the count, 1 the total, 2..6 the means."""
    result: Summary = Counter()
    for correction, four in ((False, turnover.receipts), (True, turnover.corrections)):
        for operation, totals in enumerate(four, 1):
            for place, amount in enumerate(totals[:7]):
                result[correction, operation, place] += amount
    return +result


def added_up(book: list[Entry]) -> Summary:
    result: Summary = Counter()
    for entry in book:
        if entry.order is None:
            continue
        amounts = [1, sum(line_of(line) for line in entry.order.items), *entry.order.means]
        for place, amount in enumerate(amounts):
            result[entry.correction, entry.order.operation, place] += amount
    return +result


TestDrive = DriveMachine.TestCase
TestDrive.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
