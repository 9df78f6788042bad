"""Rows of the operator's side.

Journal (facts, append-only): `FiscalDocument`. Set aside: `Quarantined`, `QuarantineOverflow`.
Derived from the journal by the projector and rebuildable by `chekhov rebuild`: `DriveState`, `DocumentRun`,
`Shift`, `ShiftTotal`, `ShiftVat`, `IntakeMinute`, the days and hours of `models_sums`, and in `kkt` the
`Registration` and the `Standing`. Where the projector stands: `ProjectorCursor`.

What belongs to a drive has the drive's number first in its key, so that the same tables can be
distributed by drive. Sums: kopecks. Moments: aware UTC, save `issued_at` and its kin, which are the
register's local clock without a zone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.postgres.indexes import HashIndex
from django.db import models
from django.db.models.expressions import Func

from chekhov.db.fields import LocalTimestampField
from chekhov.fiscal.models_sums import DayCashier, DayItem, DayTotal, DayVat, HourTotal, ItemName, MonthItem
from chekhov.fiscal.verdicts import Reason, SignMark, Verdict

__all__ = [
    "DayCashier",
    "DayItem",
    "DayTotal",
    "DayVat",
    "DocumentRun",
    "DriveState",
    "FiscalDocument",
    "HourTotal",
    "IntakeMinute",
    "ItemName",
    "MonthItem",
    "ProjectorCursor",
    "QuarantineOverflow",
    "Quarantined",
    "Shift",
    "ShiftTotal",
    "ShiftVat",
]

if TYPE_CHECKING:
    _IntField = models.Field[int, int]
else:
    _IntField = models.Field


class Xid8Field(_IntField):
    """PostgreSQL's 64-bit transaction number, an int in Python; ordered as transactions began."""

    def db_type(self, connection: Any) -> str:  # noqa: ARG002
        """The column type."""
        return "xid8"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> int | None:  # noqa: ARG002
        """The driver gives this type as text."""
        return None if value is None else int(value)

    def get_prep_value(self, value: Any) -> Any:
        """Text again: PostgreSQL knows no cast from bigint to xid8."""
        return None if value is None else str(int(value))


def drive_field() -> models.TextField[str, str]:
    """The number of a fiscal drive («номер ФН»), compared byte by byte."""
    return models.TextField(db_collation="C")


class FiscalDocument(models.Model):
    """A fiscal document as it came, and the answer it was given. Never changed, never removed.

    `xid` orders rows safely for readers: everything below the oldest running transaction is final.
    `container` is the container as received; `answer` the whole answer with its session header.
    """

    pk = models.CompositePrimaryKey("fn", "fd")
    fn = drive_field()
    fd = models.BigIntegerField()
    xid = Xid8Field(db_default=Func(function="pg_current_xact_id"))
    received_at = models.DateTimeField()
    issued_at = LocalTimestampField(null=True)
    fpd = models.BigIntegerField(null=True)
    total_kopecks = models.BigIntegerField(null=True)
    shift = models.IntegerField(null=True)
    p_version = models.IntegerField()
    flags = models.IntegerField()
    code = models.SmallIntegerField()
    ffd = models.SmallIntegerField(null=True)
    operation = models.SmallIntegerField(null=True)
    verdict = models.SmallIntegerField()
    sign_state = models.SmallIntegerField()
    rnm = models.TextField(null=True, db_collation="C")
    inn = models.TextField(null=True, db_collation="C")
    peer = models.GenericIPAddressField(null=True)
    container = models.BinaryField()
    answer = models.BinaryField()

    class Meta:
        db_table = "fiscal_document"
        indexes = (
            models.Index(fields=["xid"], name="fiscal_document_xid"),
            models.Index(fields=["rnm", "issued_at"], name="fiscal_document_rnm_issued"),
            models.Index(fields=["xid"], name="fiscal_document_odd", condition=models.Q(verdict__gt=0)),
            # Receipts are almost all of it; whatever else is looked for by kind is rare.
            models.Index(fields=["code", "xid"], name="fiscal_document_kind", condition=~models.Q(code=3)),
            # Of a register too: returns and reports stand far apart among its sales.
            models.Index(
                fields=["rnm", "issued_at"],
                name="fiscal_document_rare",
                condition=~models.Q(code=3) | ~models.Q(operation=1),
            ),
            # Signs come in no order, so a tree would be written all over; by hash it costs the gateway less.
            HashIndex(fields=["fpd"], name="fiscal_document_fpd"),
        )

    def __str__(self) -> str:
        return f"ФН {self.fn} ФД {self.fd}"

    @property
    def verdict_label(self) -> str:
        """What format control said, in Russian."""
        return Verdict(self.verdict).label

    @property
    def sign_label(self) -> str:
        """What is known of the signs, in Russian."""
        return SignMark(self.sign_state).label


class Quarantined(models.Model):
    """Bytes that were not accepted, with the reason, until a person looks at them."""

    received_at = models.DateTimeField(db_index=True)
    reason = models.TextField()
    detail = models.TextField(default="")
    alarm = models.BooleanField(default=False)
    fn = models.TextField(null=True, db_collation="C")
    fd = models.BigIntegerField(null=True)
    peer = models.GenericIPAddressField(null=True)
    raw = models.BinaryField()
    raw_size = models.IntegerField()
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    resolution = models.TextField(default="")

    class Meta:
        db_table = "fiscal_quarantined"
        indexes = (
            models.Index(
                fields=["-id"], name="fiscal_quarantined_open", condition=models.Q(resolved_at__isnull=True)
            ),
            models.Index(fields=["fn", "fd"], name="fiscal_quarantined_key"),
        )

    def __str__(self) -> str:
        return f"{self.reason_label} ({self.raw_size} байт)"

    @property
    def reason_label(self) -> str:
        """Why it is here, in Russian."""
        return Reason(self.reason).label


class QuarantineOverflow(models.Model):
    """How many refused messages were counted but not kept, because a cap was reached, hour by hour."""

    pk = models.CompositePrimaryKey("hour_at", "reason")
    hour_at = models.DateTimeField()
    reason = models.TextField()
    dropped = models.BigIntegerField()

    class Meta:
        db_table = "fiscal_quarantine_overflow"

    def __str__(self) -> str:
        return f"{self.hour_at:%Y-%m-%d %H}: {self.reason} {self.dropped}"


class DriveState(models.Model):
    """What is known of a drive from all its documents, in whatever order they came. Derived."""

    fn = models.TextField(primary_key=True, db_collation="C")
    rnm = models.TextField(null=True, db_collation="C", db_index=True)
    inn = models.TextField(null=True, db_collation="C")
    ffd = models.SmallIntegerField(null=True)
    described_fd = models.BigIntegerField(null=True)
    first_fd = models.BigIntegerField()
    last_fd = models.BigIntegerField()
    documents = models.BigIntegerField()
    findings = models.BigIntegerField()
    unrecognised = models.BigIntegerField()
    first_received_at = models.DateTimeField()
    last_received_at = models.DateTimeField(db_index=True)
    last_issued_at = LocalTimestampField(null=True)
    last_shift = models.IntegerField(null=True)
    registered_fd = models.BigIntegerField(null=True)
    closed_fd = models.BigIntegerField(null=True)

    class Meta:
        db_table = "fiscal_drive_state"

    def __str__(self) -> str:
        return f"ФН {self.fn}"

    @property
    def is_closed(self) -> bool:
        """Whether the report of closing the drive («закрытие ФН») has come."""
        return self.closed_fd is not None


class DocumentRun(models.Model):
    """An unbroken run of received document numbers of a drive; what is missing lies between runs. Derived."""

    pk = models.CompositePrimaryKey("fn", "first_fd")
    fn = drive_field()
    first_fd = models.BigIntegerField()
    last_fd = models.BigIntegerField()

    class Meta:
        db_table = "fiscal_document_run"

    def __str__(self) -> str:
        return f"ФН {self.fn}: {self.first_fd}–{self.last_fd}"


class Shift(models.Model):
    """A shift («смена») of a drive, put together from its documents in whatever order they came. Derived.

    `receipts` counts receipts and БСО, `corrections` their corrections; `documents` everything of the shift.
    """

    pk = models.CompositePrimaryKey("fn", "number")
    fn = drive_field()
    number = models.IntegerField()
    rnm = models.TextField(null=True, db_collation="C")
    inn = models.TextField(null=True, db_collation="C")
    open_fd = models.BigIntegerField(null=True)
    close_fd = models.BigIntegerField(null=True)
    opened_at = LocalTimestampField(null=True)
    closed_at = LocalTimestampField(null=True)
    first_fd = models.BigIntegerField()
    last_fd = models.BigIntegerField()
    first_issued_at = LocalTimestampField(null=True)
    last_issued_at = LocalTimestampField(null=True)
    documents = models.BigIntegerField()
    receipts = models.BigIntegerField()
    corrections = models.BigIntegerField()

    class Meta:
        db_table = "fiscal_shift"
        indexes = (models.Index(fields=["rnm", "number"], name="fiscal_shift_rnm"),)

    def __str__(self) -> str:
        return f"ФН {self.fn} смена {self.number}"

    @property
    def is_open(self) -> bool:
        """Opened and not closed, as far as the documents received tell."""
        return self.open_fd is not None and self.close_fd is None


class ShiftTotal(models.Model):
    """Sums of a shift by operation («признак расчёта», 1–4), receipts apart from corrections. Derived."""

    pk = models.CompositePrimaryKey("fn", "number", "operation", "correction")
    fn = drive_field()
    number = models.IntegerField()
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
        db_table = "fiscal_shift_total"

    def __str__(self) -> str:
        return f"ФН {self.fn} смена {self.number} признак {self.operation}"


class ShiftVat(models.Model):
    """VAT of a shift by operation and code of rate (1199's numbering). Derived.

    `amount_kopecks` is the tax itself; for code 5 (0 %) and 6 (no VAT) it is the sum of the settlements,
    as tags 1104 and 1105 carry it.
    """

    pk = models.CompositePrimaryKey("fn", "number", "operation", "correction", "rate")
    fn = drive_field()
    number = models.IntegerField()
    operation = models.SmallIntegerField()
    correction = models.BooleanField()
    rate = models.SmallIntegerField()
    amount_kopecks = models.BigIntegerField()

    class Meta:
        db_table = "fiscal_shift_vat"

    def __str__(self) -> str:
        return f"ФН {self.fn} смена {self.number} признак {self.operation} НДС {self.rate}"


class IntakeMinute(models.Model):
    """Documents accepted in a minute. Derived."""

    minute_at = models.DateTimeField(primary_key=True)
    documents = models.BigIntegerField()
    findings = models.BigIntegerField()
    unrecognised = models.BigIntegerField()

    class Meta:
        db_table = "fiscal_intake_minute"

    def __str__(self) -> str:
        return f"{self.minute_at:%Y-%m-%d %H:%M}: {self.documents}"


class ProjectorCursor(models.Model):
    """Up to where the projector has read the journal. One row, changed with what it derived.

    `system_identifier` is the database cluster's: transaction numbers mean nothing in another cluster.
    """

    name = models.TextField(primary_key=True)
    xid = Xid8Field()
    system_identifier = models.BigIntegerField()
    documents = models.BigIntegerField()
    moved_at = models.DateTimeField()

    class Meta:
        db_table = "fiscal_projector_cursor"

    def __str__(self) -> str:
        return f"{self.name}: {self.xid}"
