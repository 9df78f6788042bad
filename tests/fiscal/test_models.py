from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from chekhov.fiscal.models import FiscalDocument
from chekhov.fiscal.verdicts import REASON_WORDS, SIGN_WORDS, VERDICT_WORDS, Reason, SignMark, Verdict
from chekhov.ofdwire.sealing import SignState
from fiscal.journalling import journal_write
from fiscal.messages import FN, receipt


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE fiscal_document SET verdict = 0",
        "UPDATE fiscal_document SET container = ''",
        "DELETE FROM fiscal_document",
        "TRUNCATE fiscal_document",
        "SET LOCAL chekhov.restamp = 'on'; UPDATE fiscal_document SET xid = '5', answer = ''",
        "SET LOCAL chekhov.restamp = 'on'; DELETE FROM fiscal_document",
    ],
)
def test_journal_is_append_only(test_database_url, sql):
    journal_write(test_database_url, [receipt()])
    before = FiscalDocument.objects.values_list().get()
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
    assert FiscalDocument.objects.values_list().get() == before


def test_row_reads_back_through_the_model(test_database_url):
    journal_write(test_database_url, [receipt(fd=3, total=12_345)])
    row = FiscalDocument.objects.get(pk=(FN, 3))
    assert (row.total_kopecks, row.operation, row.shift, row.code, row.ffd) == (12_345, 1, 1, 3, 4)
    assert (row.verdict_label, row.sign_label) == ("Без замечаний", "Подпись проверена тестовым ключом")
    assert isinstance(row.xid, int)
    assert row.issued_at.tzinfo is None
    assert FiscalDocument.objects.filter(xid=row.xid).exists()
    assert not FiscalDocument.objects.filter(xid__lt=row.xid).exists()


def test_every_number_has_its_words():
    assert set(VERDICT_WORDS) == set(Verdict)
    assert set(REASON_WORDS) == set(Reason)
    assert set(SIGN_WORDS) == set(SignMark)
    assert {mark.name for mark in SignMark} == {state.name for state in SignState}
