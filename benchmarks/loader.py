"""Fills a journal with millions of honest documents: registers of one account, year after year of trade.

Every register is an emulated drive that was registered, opened its shift every morning, made its receipts and closed
the shift in the evening; counters of the reports are true. Receipts are receipts of such a drive given again under
their own number, moment and shift and signed anew, so no two documents have the same bytes. Answers are true too.
Rows go into the journal by COPY, in the order of their moments, as if so many registers had sent them.

Usage: loader.py CONNINFO DOCUMENTS [--registers 50] [--processes 2]: prints what was made, as JSON.
"""

from __future__ import annotations

import argparse
import copy
import dataclasses
import datetime as dt
import json
import multiprocessing
import random
import sys
import time
from collections.abc import Iterator
from struct import Struct
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import psycopg

from chekhov.ffd.documents import document_decode, document_peek
from chekhov.ffd.versions import FfdVersion
from chekhov.fn.commands import CloseShift, OpenShift, Receipt, Register
from chekhov.fn.drive import apply
from chekhov.fn.issue import message_bytes
from chekhov.fn.orders import ReceiptOrder
from chekhov.fn.registration import Registration
from chekhov.fn.state import FnState, new_drive, serial_compose
from chekhov.fn.totals import FOUR, NOTHING, Totals
from chekhov.ofdwire.answers import answer_bytes
from chekhov.ofdwire.confirmation import Confirmation
from chekhov.ofdwire.container import Container
from chekhov.ofdwire.header import SessionHeader
from chekhov.ofdwire.limits import SESSION_HEADER_BYTES
from chekhov.ofdwire.sealing import TestSealer
from chekhov.simulator.goods import CASHIERS, GROCERY
from chekhov.simulator.receiptmill import Mill, Template, local_seconds
from chekhov.simulator.shop import Shop, day_moments, receipt, total_kopecks
from chekhov.values import RegistrationNumber

USER_INN = "7702203276"
OPERATOR_INN = "9999999998"
OPERATOR_NAME = "Оператор стенда"
SEQUENCE_FIRST = 7_000_000_000
LAST_DAY = dt.date(2026, 11, 21)
RECEIPTS_A_DAY = 500
TEMPLATES = 256
CASHIERS_OF_A_REGISTER = 4
GOODS = 600
ZONE = ZoneInfo("Europe/Moscow")
SHOP = Shop("grocery")
SHIFT_NUMBER = 1038
U32 = Struct("<I")
COPY_SQL = (
    "COPY fiscal_document (fn, fd, received_at, issued_at, fpd, total_kopecks, shift, p_version, flags, code, ffd,"
    " operation, verdict, sign_state, rnm, inn, container, answer) FROM STDIN (FORMAT BINARY)"
)
COPY_TYPES = (
    "text", "int8", "timestamptz", "timestamp", "int8", "int8", "int4", "int4", "int4", "int2", "int2", "int2", "int2",
    "int2", "text", "text", "bytea", "bytea",
)  # fmt: skip
ROWS_A_TRANSACTION = 2_000


class ShiftTemplate(Template):
    """A receipt whose shift is overwritten too, and what it adds to the drive's counters."""

    __slots__ = ("at_shift", "operation", "total", "totals")

    def __init__(self, document: bytes, operation: int, totals: Totals) -> None:
        super().__init__(document)
        self.operation, self.total, self.totals = operation, totals.total, totals
        node = next(node for node in document_decode(document).nodes if node.tag == SHIFT_NUMBER)
        assert len(node.raw) == 4
        self.at_shift = node.offset + 4

    def in_shift(self, number: int) -> ShiftTemplate:
        """The same receipt in another shift."""
        moved = copy.copy(self)
        document = bytearray(self.document)
        U32.pack_into(document, self.at_shift, number)
        moved.document = bytes(document)
        return moved


class Row(NamedTuple):
    """A row of the journal, sortable by its moment."""

    issued_at: dt.datetime
    fn: str
    fd: int
    columns: tuple[Any, ...]


class Till:
    """A register of the account."""

    def __init__(self, number: int, first_day: dt.date) -> None:
        self.random = random.Random(number)
        self.sealer = TestSealer()
        sequence = SEQUENCE_FIRST + number
        self.state: FnState = new_drive(serial_compose(sequence), model="36", ffd=FfdVersion.V1_2)
        self.registration = registration_of(number)
        self.templates = templates_make(number, first_day)
        self.opening = self._issued(Register(self.registration), dt.datetime.combine(first_day, dt.time(7)))

    def day(self, day: dt.date, receipts: int) -> Iterator[Row]:
        """The documents of one day, in order."""
        number = self.state.last_shift + 1
        yield self._issued(OpenShift(), dt.datetime.combine(day, SHOP.opens_at))
        self.random.shuffle(self.templates)  # the mill takes them round by the document's number
        mill = Mill(
            fn_serial=self.state.serial,
            rnm=self.registration.rnm,
            p_version=self.state.p_version,
            templates=[one.in_shift(number) for one in self.templates],
            keyring=self.sealer.keyring,
        )
        sold: dict[int, Totals] = {}
        moments = day_moments(SHOP, day, receipts, self.random)
        for index, at in enumerate(moments, 1):
            fd = self.state.last_fd + index
            template = self.templates[fd % TEMPLATES]
            sold[template.operation] = sold.get(template.operation, NOTHING).plus(template.totals)
            facts = template.total, number, template.operation
            yield self._row(mill.message(fd, index, local_seconds(at)), at, facts)
        self._advance(moments, sold)
        yield self._issued(CloseShift(), dt.datetime.combine(day, SHOP.closes_at))

    def _advance(self, moments: list[dt.datetime], sold: dict[int, Totals]) -> None:
        """The drive's state as if it had made these receipts itself."""
        state, shift = self.state, self.state.shift
        assert shift is not None
        of_shift, of_drive = shift.turnover, state.turnover
        for operation, totals in sold.items():
            of_shift = of_shift.plus(operation, totals, correction=False)
            of_drive = of_drive.plus(operation, totals, correction=False)
        receipts = len(moments)
        last_fd = state.last_fd + receipts
        shift = dataclasses.replace(
            shift, receipts=receipts, documents=shift.documents + receipts, turnover=of_shift
        )
        self.state = dataclasses.replace(
            state,
            last_fd=last_fd,
            unsent_from=last_fd + 1,
            last_at=moments[-1],
            turnover=of_drive,
            shift=shift,
        )

    def _issued(self, command: Any, at: dt.datetime) -> Row:
        outcome = apply(self.state, command, at, self.sealer)
        assert outcome.document is not None
        # Everything is confirmed at once, so nothing waits unsent.
        self.state = dataclasses.replace(
            outcome.state, unsent_from=outcome.state.last_fd + 1, unsent_at=None, unsent=FOUR
        )
        document = document_decode(outcome.document.raw)
        facts = document.total_kopecks, document.shift_number, document.operation
        return self._row(message_bytes(outcome.state, outcome.document.container), at, facts)

    def _row(self, message: bytes, at: dt.datetime, facts: tuple[int | None, int | None, int | None]) -> Row:
        """`facts`: total, shift, operation."""
        header = SessionHeader.parse(message[:SESSION_HEADER_BYTES])
        container = Container.parse(message[SESSION_HEADER_BYTES:])
        fn, fd = container.fn_serial, container.fd_number
        total, shift, operation = facts
        answered_at = at + dt.timedelta(seconds=2)
        confirmation = Confirmation(int(FfdVersion.V1_2), OPERATOR_INN, fn, fd, answered_at)
        answer = answer_bytes(self.sealer, header, container, confirmation)
        fpd = document_peek(container.payload).fiscal_sign
        columns = (
            fn, fd, answered_at.replace(tzinfo=ZONE), at, fpd, total, shift, 0x0120, header.flags,
            container.document_code, int(FfdVersion.V1_2), operation, 0, 1, str(self.registration.rnm), USER_INN,
            container.raw, answer,
        )  # fmt: skip
        return Row(at, fn, fd, columns)


def registration_of(number: int) -> Registration:
    """What a register of the account is registered with."""
    sequence = SEQUENCE_FIRST + number
    serial = f"{sequence % 10**14:014d}"
    return Registration(
        rnm=RegistrationNumber.compose(sequence % 10**10, USER_INN, serial),
        user_inn=USER_INN,
        user_name='ООО "Вишнёвый сад"',
        kkt_serial=serial,
        address=f"125009, г. Москва, ул. Садовая, д. {number + 1}",
        place=f"Магазин № {number + 1}",
        tax_systems=1,
        operator_inn=OPERATOR_INN,
        operator_name=OPERATOR_NAME,
        cashier=CASHIERS[0],
        sender_email="shop@example.ru",
    )


def templates_make(number: int, first_day: dt.date) -> list[ShiftTemplate]:
    """Receipts of four lines from a list of some hundreds of goods, by the cashiers of this register."""
    dice = random.Random(1_000 + number)
    sealer = TestSealer()
    at = dt.datetime.combine(first_day, dt.time(8, 0))
    state = new_drive(serial_compose(SEQUENCE_FIRST + number), model="36", ffd=FfdVersion.V1_2)
    for command in (Register(registration_of(number)), OpenShift()):
        state = apply(state, command, at, sealer).state
    people = [CASHIERS[(number + place) % len(CASHIERS)] for place in range(CASHIERS_OF_A_REGISTER)]
    made: list[ShiftTemplate] = []
    while len(made) < TEMPLATES:
        order = _order(at, dice, people)
        before = state.shift
        outcome = apply(state, Receipt(order), at, sealer)
        state = outcome.state
        assert before is not None
        assert state.shift is not None
        assert outcome.document is not None
        place = order.operation - 1
        totals = state.shift.turnover.receipts[place].minus(before.turnover.receipts[place])
        made.append(ShiftTemplate(outcome.document.raw, order.operation, totals))
    return made


def _order(at: dt.datetime, dice: random.Random, people: list[str]) -> ReceiptOrder:
    """A receipt of the shop, its goods in so many kinds, each with a price of its own."""
    while len((order := receipt(SHOP, at, dice, cashier=dice.choice(people))).items) != 4:
        pass
    items = []
    for item in order.items:
        kind = dice.randrange(GOODS // len(GROCERY)) + 1
        price = item.price_kopecks + 10 * kind
        items.append(dataclasses.replace(item, name=f"{item.name}, вид {kind}", price_kopecks=price))
    total = total_kopecks(items)
    cash = total if order.cash_kopecks else 0
    return dataclasses.replace(order, items=tuple(items), cash_kopecks=cash, cashless_kopecks=total - cash)


def load(conninfo: str, numbers: list[int], days: int, receipts: int) -> int:
    """Documents of these registers; returns how many."""
    first_day = LAST_DAY - dt.timedelta(days=days - 1)
    tills = [Till(number, first_day) for number in numbers]
    count = 0
    with psycopg.connect(conninfo) as connection:
        connection.execute("SET synchronous_commit = off")
        rows = [till.opening for till in tills]
        for offset in range(days):
            day = first_day + dt.timedelta(days=offset)
            for till in tills:
                rows.extend(till.day(day, receipts))
            rows.sort(key=lambda row: row[:3])
            for start in range(0, len(rows), ROWS_A_TRANSACTION):
                piece = rows[start : start + ROWS_A_TRANSACTION]
                with connection.cursor() as cursor, cursor.copy(COPY_SQL) as stream:
                    stream.set_types(COPY_TYPES)
                    for row in piece:
                        stream.write_row(row.columns)
                connection.commit()
                count += len(piece)
            rows = []
    return count


def _load_share(arguments: tuple[str, list[int], int, int]) -> int:
    return load(*arguments)


def fill(conninfo: str, documents: int, *, registers: int = 50, processes: int = 2) -> dict[str, Any]:
    """Fill the journal with about so many documents; tells what was made."""
    days = max(1, round(documents / registers / (RECEIPTS_A_DAY + 2)))
    receipts = RECEIPTS_A_DAY if days > 1 else max(1, documents // registers - 3)
    began = time.perf_counter()
    shares = [
        (conninfo, list(range(part, registers, processes)), days, receipts) for part in range(processes)
    ]
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        made = sum(pool.map(_load_share, shares, chunksize=1))
    return {
        "documents": made,
        "days": days,
        "seconds": time.perf_counter() - began,
    }


def registers_of(count: int) -> list[tuple[str, str]]:
    """РНМ and ИНН of the registers that `fill` makes."""
    return [(str(registration_of(number).rnm), USER_INN) for number in range(count)]


def main() -> None:
    """Fill and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("conninfo")
    parser.add_argument("documents", type=int)
    parser.add_argument("--registers", type=int, default=50)
    parser.add_argument("--processes", type=int, default=2)
    chosen = parser.parse_args()
    made = fill(chosen.conninfo, chosen.documents, registers=chosen.registers, processes=chosen.processes)
    json.dump(made, sys.stdout)


if __name__ == "__main__":
    main()
