from __future__ import annotations

import pytest

from chekhov.ffd.checks import NOTHING_KNOWN, Known, check
from chekhov.ffd.checks.receipts import mark_failed
from ffd.checks import samples as s


def codes(fields: s.Fields, code: int = 3, known: Known = NOTHING_KNOWN) -> set[str]:
    return {finding.code for finding in check(s.document(code, fields), known)}


@pytest.mark.parametrize("serial", ["9999078900011918", "7281440500751551", "999907890001191"])
def test_serials_of_drives(serial: str):
    assert codes(s.put(s.receipt(), 1041, serial)) == set()


@pytest.mark.parametrize("inn", ["7707083893", "500100732259"])
def test_right_inn(inn: str):
    assert codes(s.put(s.receipt(), 1018, inn)) == set()


def test_absent_inn_of_a_supplier_is_written_in_zeros():
    fields = s.receipt()
    item = [*s.item(4), (1222, 64), (1226, "000000000000")]
    assert codes([*s.drop(fields, 1059), (1059, item), (1059, s.item(4))]) == set()


def test_rnm_is_checked_where_the_serial_is_known():
    wrong = s.put(s.receipt(), 1037, "0007795807005568")
    assert codes(wrong) == set()
    assert codes(wrong, known=Known(kkt_serial=s.SERIAL)) == set()  # receipts are not about the register
    assert codes(s.put(s.registration(), 1037, "0007795807005568"), 1) == {"rnm_check_digits"}
    assert codes(
        s.put(s.drop(s.registration(), 1013), 1018, "7707083893"), 1, Known(kkt_serial=s.SERIAL)
    ) >= {"rnm_check_digits"}


@pytest.mark.parametrize("buyer", ["+79991234567", "a@b.ru", "8 (999) 123-45-67", ""])
def test_buyer_may_be_a_phone_or_an_address(buyer: str):
    assert codes([*s.receipt(), (1008, buyer)]) == set()


def test_buyer_is_not_repeated_in_a_finding():
    findings = check(s.document(3, [*s.receipt(), (1008, "Василий Пупкин")]))
    assert [one.code for one in findings] == ["phone_mask"]
    assert "Василий" not in findings[0].text_ru


@pytest.mark.parametrize(
    ("result", "failed"),
    [(15, False), (3, False), (0, False), (1, True), (5, True), (7, True), (17, True), (16, False)],
)
def test_failed_marks(result: int, failed: bool):
    assert mark_failed(result) is failed
