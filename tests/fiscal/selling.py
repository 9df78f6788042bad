"""Registers that sell, for tests of lists and sums: receipts of every kind in the journal, and what they say.

What is asked of the database is compared with a plain list of entries; nothing here knows how it answers.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass

from fiscal.journalling import journal_write
from fiscal.messages import message, receipt

MORNING = dt.datetime(2026, 11, 18, 9)  # noqa: DTZ001 - a register's clock
CASHIERS = ("Раневская Л. А.", "Гаев Л. А.", "")
GOODS = ("Молоко луговое", "Хлеб ржаной", "Чай чёрный", "Сыр, вес", "Молоток")


@dataclass(frozen=True)
class Register:
    """A register with its drive."""

    fn: str
    rnm: str
    inn: str

    @property
    def pair(self) -> tuple[str, str]:
        return self.rnm, self.inn


@dataclass(frozen=True)
class Entry:
    """A document, as the one who made it knows it."""

    register: Register
    fd: int
    code: int
    at: dt.datetime
    operation: int | None = None
    total: int = 0
    cash: int = 0
    cashier: str = ""
    item: str = ""
    shift: int = 1

    @property
    def key(self) -> tuple[str, int]:
        return self.register.fn, self.fd

    @property
    def order(self) -> tuple[float, str, int]:
        """Newest first."""
        return -self.at.timestamp(), self.register.fn, self.fd

    @property
    def message(self) -> bytes:
        register = self.register
        numbers = {"rnm": register.rnm, "inn": register.inn, "at": self.at, "shift": self.shift}
        if self.operation is None:
            return message(
                self.code, register.fn, self.fd, [(1021, self.cashier)] if self.cashier else [], **numbers
            )
        return receipt(
            register.fn, self.fd, code=self.code, operation=self.operation, total=self.total, cash=self.cash,
            cashier=self.cashier, name=self.item, **numbers,
        )  # fmt: skip


def entries_make(registers: list[Register], count: int, seed: int, *, days: int = 4) -> list[Entry]:
    """So many documents of each register: most are sales, many at the same second."""
    dice = random.Random(seed)
    made = []
    for register in registers:
        at, shift = MORNING, 1
        for fd in range(1, count + 1):
            at += dt.timedelta(minutes=dice.choice([0, 0, 1, 7, 5 * 60 * 24 * days // count]))
            code = dice.choices([3, 4, 31, 2, 5, 21], [12, 2, 2, 1, 1, 1])[0]
            if code == 2:
                shift += 1
            cashier = dice.choice(CASHIERS)
            if code in {3, 4, 31}:
                total = dice.randrange(1, 40) * 500
                made.append(
                    Entry(
                        register, fd, code, at, dice.choices([1, 2, 3, 4], [9, 3, 1, 1])[0], total,
                        dice.choice([0, total, total // 2]), cashier, dice.choice(GOODS), shift,
                    )
                )  # fmt: skip
            else:
                made.append(Entry(register, fd, code, at, cashier=cashier, shift=shift))
    return made


def entries_write(url: str, entries: list[Entry], seed: int = 0) -> None:
    """Into the journal, in any order."""
    dice = random.Random(seed)
    rest = [entry.message for entry in dice.sample(entries, len(entries))]
    batches = [rest[start : start + 40] for start in range(0, len(rest), 40)]
    journal_write(url, *batches)
