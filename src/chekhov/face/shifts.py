"""Sums of a shift as tables: by operation and way of paying, and VAT by rate. For both doors."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Protocol

from chekhov.face.cells import Column, Empty, Money, Table
from chekhov.ffd.checks.vat import vat_label

OPERATIONS: dict[int, str] = {1: "Приход", 2: "Возврат прихода", 3: "Расход", 4: "Возврат расхода"}

TOTAL_COLUMNS = (
    Column("operation", "Признак расчёта", title=True),
    Column("receipts", "Чеков", end=True),
    Column("cash", "Наличными", end=True),
    Column("ecash", "Безналичными", end=True),
    Column("prepaid", "Предоплатой", end=True),
    Column("credit", "В кредит", end=True),
    Column("provision", "Встречно", end=True),
    Column("total", "Всего", end=True),
)
VAT_COLUMNS = (
    Column("operation", "Признак расчёта", title=True),
    Column("rate", "Ставка"),
    Column("amount", "Сумма", end=True),
)
EMPTY = Empty("Сумм нет", "В этой смене ещё не было чеков.", "receipt")


class SumsOfOperation(Protocol):
    """Sums of one operation («признак расчёта»), receipts apart from corrections; kopecks."""

    operation: int
    correction: bool
    receipts: int
    total_kopecks: int
    cash_kopecks: int
    ecash_kopecks: int
    prepaid_kopecks: int
    credit_kopecks: int
    provision_kopecks: int


class TaxOfOperation(Protocol):
    """VAT of one operation at one rate («ставка НДС», codes of tag 1199); kopecks."""

    operation: int
    correction: bool
    rate: int
    amount_kopecks: int


def totals_table(totals: Iterable[SumsOfOperation]) -> Table:
    """Sums by operation."""
    rows: list[dict[str, object]] = [
        {
            "operation": operation_word(total.operation, correction=total.correction),
            "receipts": total.receipts,
            "cash": Money(total.cash_kopecks),
            "ecash": Money(total.ecash_kopecks),
            "prepaid": Money(total.prepaid_kopecks),
            "credit": Money(total.credit_kopecks),
            "provision": Money(total.provision_kopecks),
            "total": Money(total.total_kopecks),
        }
        for total in totals
    ]
    return Table("Суммы по признаку расчёта", TOTAL_COLUMNS, rows, EMPTY)


def vat_table(taxes: Iterable[TaxOfOperation], on: dt.datetime | None) -> Table:
    """VAT by operation and rate. `on`: a moment of the shift, for the names of rates; None: not known."""
    rows: list[dict[str, object]] = [
        {
            "operation": operation_word(tax.operation, correction=tax.correction),
            "rate": vat_label(tax.rate, on.date()) if on else f"код ставки {tax.rate}",
            "amount": Money(tax.amount_kopecks),
        }
        for tax in taxes
    ]
    return Table("НДС", VAT_COLUMNS, rows, EMPTY)


def operation_word(operation: int, *, correction: bool = False) -> str:
    """«Возврат прихода, коррекция»."""
    name = OPERATIONS.get(operation, f"Признак {operation}")
    return f"{name}, коррекция" if correction else name
