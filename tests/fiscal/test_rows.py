from __future__ import annotations

import datetime as dt

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chekhov.fiscal.journal import PackedRows, _dumper_for
from chekhov.fiscal.rows import COLUMNS, POSTGRES_EPOCH, array_pack, peer_pack, row_pack

INT8, INT4, INT2 = st.integers(0, 2**63 - 1), st.integers(0, 2**31 - 1), st.integers(0, 2**15 - 1)
MICROSECONDS = st.integers(0, 10**15)
TEXT = st.text(st.characters(min_codepoint=1, codec="utf-8"), max_size=20)
PEERS = st.sampled_from(["127.0.0.1", "10.20.30.40", "2001:db8::7", "fe80::1"])


def optional(strategy):
    return st.none() | strategy


ROWS = st.tuples(
    INT8, MICROSECONDS, optional(MICROSECONDS), optional(INT8), optional(INT8), optional(INT4), INT4, INT4,
    INT2, optional(INT2), optional(INT2), INT2, INT2, TEXT, optional(TEXT), optional(TEXT), optional(PEERS),
    st.binary(max_size=60), st.binary(max_size=60),
)  # fmt: skip


@pytest.fixture
def connection(test_database_url):
    with psycopg.connect(test_database_url, autocommit=True) as opened:
        yield opened


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(ROWS, min_size=1, max_size=4))
def test_packed_rows_are_read_back_as_they_were(connection, rows):
    oids = connection.execute(
        "SELECT 'fiscal_document_row'::regtype::oid::int, 'fiscal_document_row[]'::regtype::oid::int"
    ).fetchone()
    connection.adapters.register_dumper(PackedRows, _dumper_for(oids[1]))
    packed = [
        row_pack((*row[:16], None if row[16] is None else peer_pack(row[16]), *row[17:])) for row in rows
    ]
    cursor = connection.cursor(binary=True)
    cursor.execute(
        "SELECT * FROM unnest(%s::fiscal_document_row[])", [PackedRows(array_pack(packed, oids[0]))]
    )
    assert [column.name for column in cursor.description] == [name for name, _ in COLUMNS]
    microsecond = dt.timedelta(microseconds=1)
    aware_epoch = POSTGRES_EPOCH.replace(tzinfo=dt.UTC)
    for row, read in zip(rows, cursor.fetchall(), strict=True):
        values = list(read)
        values[1] = (values[1] - aware_epoch) // microsecond
        values[2] = None if values[2] is None else (values[2] - POSTGRES_EPOCH) // microsecond
        values[16] = None if values[16] is None else str(values[16])
        assert values == list(row)


def test_peers_that_are_no_addresses_are_none():
    assert peer_pack("") is None
    assert peer_pack("@socket") is None
    assert peer_pack("fe80::1%eth0") == peer_pack("fe80::1")
