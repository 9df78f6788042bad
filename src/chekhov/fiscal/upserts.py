"""Statements of the projector: what a range of the journal adds to the derived tables.

Each takes one array a column. All of them add, take the least or the greatest, or let the document with the
highest number speak; GREATEST and LEAST pass over NULL.
"""

from __future__ import annotations

from typing import Final

from chekhov.fiscal.upserts_sums import DAY_TABLES, sum_grown

DERIVED_TABLES: Final = (
    "fiscal_drive_state",
    "fiscal_document_run",
    "fiscal_shift",
    "fiscal_shift_total",
    "fiscal_shift_vat",
    "fiscal_intake_minute",
    *DAY_TABLES,
)

DRIVES_SQL: Final = """
INSERT INTO fiscal_drive_state AS d (fn, rnm, inn, ffd, described_fd, first_fd, last_fd, documents, findings,
    unrecognised, first_received_at, last_received_at, last_issued_at, last_shift, registered_fd, closed_fd)
SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::smallint[], %s::bigint[], %s::bigint[], %s::bigint[],
    %s::bigint[], %s::bigint[], %s::bigint[], %s::timestamptz[], %s::timestamptz[], %s::timestamp[], %s::int[],
    %s::bigint[], %s::bigint[])
ON CONFLICT (fn) DO UPDATE SET
    rnm = CASE WHEN excluded.described_fd > coalesce(d.described_fd, -1) THEN excluded.rnm ELSE d.rnm END,
    inn = CASE WHEN excluded.described_fd > coalesce(d.described_fd, -1) THEN excluded.inn ELSE d.inn END,
    ffd = CASE WHEN excluded.described_fd > coalesce(d.described_fd, -1) THEN excluded.ffd ELSE d.ffd END,
    described_fd = greatest(d.described_fd, excluded.described_fd),
    first_fd = least(d.first_fd, excluded.first_fd),
    last_fd = greatest(d.last_fd, excluded.last_fd),
    documents = d.documents + excluded.documents,
    findings = d.findings + excluded.findings,
    unrecognised = d.unrecognised + excluded.unrecognised,
    first_received_at = least(d.first_received_at, excluded.first_received_at),
    last_received_at = greatest(d.last_received_at, excluded.last_received_at),
    last_issued_at = greatest(d.last_issued_at, excluded.last_issued_at),
    last_shift = greatest(d.last_shift, excluded.last_shift),
    registered_fd = least(d.registered_fd, excluded.registered_fd),
    closed_fd = least(d.closed_fd, excluded.closed_fd)
"""

RUNS_NEAR_SQL: Final = """
SELECT r.fn, r.first_fd, r.last_fd
FROM unnest(%s::text[], %s::bigint[], %s::bigint[]) AS fresh (fn, first_fd, last_fd)
JOIN fiscal_document_run AS r
    ON r.fn = fresh.fn AND r.first_fd <= fresh.last_fd + 1 AND r.last_fd >= fresh.first_fd - 1
"""
RUNS_DELETE_SQL: Final = """
DELETE FROM fiscal_document_run AS r USING unnest(%s::text[], %s::bigint[]) AS gone (fn, first_fd)
WHERE r.fn = gone.fn AND r.first_fd = gone.first_fd
"""
RUNS_INSERT_SQL: Final = """
INSERT INTO fiscal_document_run (fn, first_fd, last_fd)
SELECT * FROM unnest(%s::text[], %s::bigint[], %s::bigint[])
ON CONFLICT (fn, first_fd) DO UPDATE SET last_fd = excluded.last_fd
"""

SHIFTS_SQL: Final = """
INSERT INTO fiscal_shift AS s (fn, number, rnm, inn, open_fd, close_fd, opened_at, closed_at, first_fd, last_fd,
    first_issued_at, last_issued_at, documents, receipts, corrections)
SELECT * FROM unnest(%s::text[], %s::int[], %s::text[], %s::text[], %s::bigint[], %s::bigint[], %s::timestamp[],
    %s::timestamp[], %s::bigint[], %s::bigint[], %s::timestamp[], %s::timestamp[], %s::bigint[], %s::bigint[],
    %s::bigint[])
ON CONFLICT (fn, number) DO UPDATE SET
    inn = CASE WHEN s.rnm IS NULL OR (excluded.rnm, excluded.inn) < (s.rnm, s.inn) THEN excluded.inn ELSE s.inn END,
    rnm = least(s.rnm, excluded.rnm),
    opened_at = CASE WHEN excluded.open_fd < coalesce(s.open_fd, 9223372036854775807) THEN excluded.opened_at
        ELSE s.opened_at END,
    open_fd = least(s.open_fd, excluded.open_fd),
    closed_at = CASE WHEN excluded.close_fd < coalesce(s.close_fd, 9223372036854775807) THEN excluded.closed_at
        ELSE s.closed_at END,
    close_fd = least(s.close_fd, excluded.close_fd),
    first_fd = least(s.first_fd, excluded.first_fd),
    last_fd = greatest(s.last_fd, excluded.last_fd),
    first_issued_at = least(s.first_issued_at, excluded.first_issued_at),
    last_issued_at = greatest(s.last_issued_at, excluded.last_issued_at),
    documents = s.documents + excluded.documents,
    receipts = s.receipts + excluded.receipts,
    corrections = s.corrections + excluded.corrections
"""

TOTALS_SQL: Final = f"""
INSERT INTO fiscal_shift_total AS t (fn, number, operation, correction, receipts, total_kopecks, cash_kopecks,
    ecash_kopecks, prepaid_kopecks, credit_kopecks, provision_kopecks)
SELECT * FROM unnest(%s::text[], %s::int[], %s::smallint[], %s::bool[], %s::bigint[], %s::bigint[], %s::bigint[],
    %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[])
ON CONFLICT (fn, number, operation, correction) DO UPDATE SET
    receipts = t.receipts + excluded.receipts,
    {sum_grown("total_kopecks")},
    {sum_grown("cash_kopecks")},
    {sum_grown("ecash_kopecks")},
    {sum_grown("prepaid_kopecks")},
    {sum_grown("credit_kopecks")},
    {sum_grown("provision_kopecks")}
"""  # noqa: S608 - names of columns only

VAT_SQL: Final = f"""
INSERT INTO fiscal_shift_vat AS t (fn, number, operation, correction, rate, amount_kopecks)
SELECT * FROM unnest(%s::text[], %s::int[], %s::smallint[], %s::bool[], %s::smallint[], %s::bigint[])
ON CONFLICT (fn, number, operation, correction, rate) DO UPDATE SET
    {sum_grown("amount_kopecks")}
"""  # noqa: S608 - names of columns only

MINUTES_SQL: Final = """
INSERT INTO fiscal_intake_minute AS m (minute_at, documents, findings, unrecognised)
SELECT * FROM unnest(%s::timestamptz[], %s::bigint[], %s::bigint[], %s::bigint[])
ON CONFLICT (minute_at) DO UPDATE SET
    documents = m.documents + excluded.documents,
    findings = m.findings + excluded.findings,
    unrecognised = m.unrecognised + excluded.unrecognised
"""
