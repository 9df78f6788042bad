from __future__ import annotations

from decimal import Decimal

import pytest

from chekhov.ffd.printing import human, tag_name
from chekhov.ffd.printing.order import (
    HEAD,
    NUMBERS,
    RECEIPT_HEAD,
    RECEIPT_TAIL,
    RECEIPT_TOTALS,
    RECEIPT_VAT,
    REPORTS,
)
from chekhov.ffd.printing.wording import FLAG_TAGS, MONEY_TAGS, human_with_code
from chekhov.ffd.tags import TAGS
from chekhov.tlv import Kind
from ffd.checks import samples as s

NUMBERS_IN_VLN = {1096, 1121, 1123, 1293, 1294}


@pytest.mark.parametrize(
    ("tag", "value", "words"),
    [
        (1020, 128521, "1 285,21"),
        (1054, 2, "возврат прихода"),
        (1054, 9, "9"),
        (1055, 32, "Патент"),
        (1055, 0, "нет"),
        (1062, 1 | 2, "ОСН, УСН доход"),
        (1002, 1, "да"),
        (1002, 0, "нет"),
        (1002, 7, "7"),
        (1023, Decimal("7.4450"), "7,445"),
        (1012, s.local(2024, 9, 17, 18, 1), "17.09.2024 18:01"),
        (1178, s.local(2024, 9, 17), "17.09.2024"),
        (1077, bytes.fromhex("2104001c6b81"), "0001862529"),
        (1077, b"\1\2", "0102"),
        (1037, "0007795807005569    ", "0007795807005569"),
        (1262, "030", "030 (Минпромторг)"),
        (1245, "21", "21 (паспорт гражданина РФ)"),
        (1163, (), ""),
        (2108, 11, "кг"),
        (1209, 4, "1.2"),
    ],
)
def test_human(tag: int, value: object, words: str):
    assert human(tag, value) == words


def test_code_stands_beside_its_meaning():
    assert human_with_code(1054, 1) == "1 — приход"
    assert human_with_code(1040, 132) == "132"
    assert human_with_code(1020, 100) == "1,00"


@pytest.mark.parametrize(
    ("tag", "issued_at", "name"),
    [
        (1102, s.local(2018, 1, 1), "сумма НДС чека по ставке 18%"),
        (1102, s.local(2024, 1, 1), "сумма НДС чека по ставке 20%"),
        (1106, s.local(2018, 1, 1), "сумма НДС чека по расч. ставке 18/118"),
        (1139, s.local(2018, 1, 1), "сумма НДС по ставке 18%"),
        (1141, s.local(2025, 1, 1), "сумма НДС по расч. ставке 20/120"),
        (1103, s.local(2018, 1, 1), "сумма НДС чека по ставке 10%"),
        (9999, None, "реквизит 9999"),
    ],
)
def test_names_follow_the_day(tag: int, issued_at, name: str):
    assert tag_name(tag, issued_at) == name


def test_every_sum_is_money():
    vln = {tag.number for tag in TAGS.values() if tag.kind is Kind.VLN}
    assert vln - NUMBERS_IN_VLN == MONEY_TAGS - {1011}


def test_flags_are_bytes():
    assert {TAGS[tag].kind for tag in FLAG_TAGS} == {Kind.BYTE}


def test_no_table_prints_a_requisite_twice():
    receipts = (HEAD, RECEIPT_HEAD, RECEIPT_TOTALS, RECEIPT_VAT, RECEIPT_TAIL, NUMBERS)
    for sections in (receipts, *REPORTS.values()):
        tags = [row.tag for section in sections for row in section]
        assert len(tags) == len(set(tags))
        assert set(tags) <= set(TAGS)
