"""Sums of a register's days and hours, derived by the projector and rebuilt by `chekhov rebuild`.

A register is a pair of РНМ and ИНН (1018). Day and hour are of the register's own clock; documents without a moment,
a РНМ or an ИНН are in none of these. `operation` is the «признак расчёта» (1054). Sums: kopecks.
What the sums mean: docs/adr/0017-revenue-and-day-sums.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from chekhov.db.fields import LocalTimestampField

if TYPE_CHECKING:
    _AnyField = models.Field[Any, Any]
else:
    _AnyField = models.Field


class WordsField(_AnyField):
    """PostgreSQL's `tsvector`, filled and asked by statements of ours only."""

    def db_type(self, connection: Any) -> str:  # noqa: ARG002
        """The column type."""
        return "tsvector"


class DayTotal(models.Model):
    """A day of a register by operation, receipts apart from corrections."""

    pk = models.CompositePrimaryKey("rnm", "inn", "day", "operation", "correction")
    rnm = models.TextField(db_collation="C")
    inn = models.TextField(db_collation="C")
    day = models.DateField()
    operation = models.SmallIntegerField()
    correction = models.BooleanField()
    receipts = models.BigIntegerField()
    total_kopecks = models.BigIntegerField()
    cash_kopecks = models.BigIntegerField()
    ecash_kopecks = models.BigIntegerField()
    prepaid_kopecks = models.BigIntegerField()
    credit_kopecks = models.BigIntegerField()
    provision_kopecks = models.BigIntegerField()

    class Meta:
        db_table = "fiscal_day_total"

    def __str__(self) -> str:
        return f"РНМ {self.rnm} {self.day} признак {self.operation}"


class HourTotal(models.Model):
    """An hour of a register by operation; without corrections."""

    pk = models.CompositePrimaryKey("rnm", "inn", "hour_at", "operation")
    rnm = models.TextField(db_collation="C")
    inn = models.TextField(db_collation="C")
    hour_at = LocalTimestampField()
    operation = models.SmallIntegerField()
    receipts = models.BigIntegerField()
    total_kopecks = models.BigIntegerField()

    class Meta:
        db_table = "fiscal_hour_total"

    def __str__(self) -> str:
        return f"РНМ {self.rnm} {self.hour_at:%Y-%m-%d %H} признак {self.operation}"


class DayVat(models.Model):
    """VAT of a day by operation and code of rate (1199's numbering); see `ShiftVat` for codes 5 and 6."""

    pk = models.CompositePrimaryKey("rnm", "inn", "day", "operation", "correction", "rate")
    rnm = models.TextField(db_collation="C")
    inn = models.TextField(db_collation="C")
    day = models.DateField()
    operation = models.SmallIntegerField()
    correction = models.BooleanField()
    rate = models.SmallIntegerField()
    amount_kopecks = models.BigIntegerField()

    class Meta:
        db_table = "fiscal_day_vat"

    def __str__(self) -> str:
        return f"РНМ {self.rnm} {self.day} признак {self.operation} НДС {self.rate}"


class DayCashier(models.Model):
    """A day of a cashier (1021) at a register by operation. Without a cashier: the empty name."""

    pk = models.CompositePrimaryKey("rnm", "inn", "day", "cashier", "operation", "correction")
    rnm = models.TextField(db_collation="C")
    inn = models.TextField(db_collation="C")
    day = models.DateField()
    cashier = models.TextField(db_collation="C")
    operation = models.SmallIntegerField()
    correction = models.BooleanField()
    receipts = models.BigIntegerField()
    total_kopecks = models.BigIntegerField()

    class Meta:
        db_table = "fiscal_day_cashier"

    def __str__(self) -> str:
        return f"РНМ {self.rnm} {self.day} {self.cashier}"


class ItemName(models.Model):
    """A name that stood in a receipt's line (1030). `id` is made of the name, so it never has to be asked.

    The names are everybody's together; nobody sees one but through the days of his registers. `words`: its words in
    lower case, for searching by their beginnings.
    """

    id = models.BigIntegerField(primary_key=True)
    name = models.TextField()
    words = WordsField()

    class Meta:
        db_table = "fiscal_item_name"
        indexes = (GinIndex(fields=["words"], name="fiscal_item_name_words"),)

    def __str__(self) -> str:
        return self.name


class DayItem(models.Model):
    """A name in the receipts of a day of a register.

    `quantity` and `total_kopecks`: sold less returned. `lines`: all lines with that name, whatever the operation and
    in corrections too, so that a search misses none.
    """

    pk = models.CompositePrimaryKey("rnm", "inn", "day", "item_id")
    rnm = models.TextField(db_collation="C")
    inn = models.TextField(db_collation="C")
    day = models.DateField()
    item_id = models.BigIntegerField()
    quantity = models.DecimalField(max_digits=38, decimal_places=15)
    total_kopecks = models.BigIntegerField()
    lines = models.BigIntegerField()

    class Meta:
        db_table = "fiscal_day_item"

    def __str__(self) -> str:
        return f"РНМ {self.rnm} {self.day} {self.item_id}"


class MonthItem(models.Model):
    """A name in the receipts of a month of a register, as `DayItem`. `month`: its first day.

    The goods of a shop are most of all derived rows; over months they are added up from here.
    """

    pk = models.CompositePrimaryKey("rnm", "inn", "month", "item_id")
    rnm = models.TextField(db_collation="C")
    inn = models.TextField(db_collation="C")
    month = models.DateField()
    item_id = models.BigIntegerField()
    quantity = models.DecimalField(max_digits=38, decimal_places=15)
    total_kopecks = models.BigIntegerField()
    lines = models.BigIntegerField()

    class Meta:
        db_table = "fiscal_month_item"

    def __str__(self) -> str:
        return f"РНМ {self.rnm} {self.month:%Y-%m} {self.item_id}"
