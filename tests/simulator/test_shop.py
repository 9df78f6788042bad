"""Receipts of the demo shops: repeatable, lawful, taken by a drive."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from random import Random

import pytest

from chekhov.ffd.checks.vat import in_force
from chekhov.fn.orders import receipt_sums
from chekhov.simulator import shop as shop_module
from chekhov.simulator.goods import BUYERS, CASHIERS, KILOGRAMS, PIECES, REDUCED, STANDARD
from chekhov.simulator.shop import CATALOGUES, Shop, correction, day_moments, receipt, vat_code

NOW = dt.datetime(2026, 11, 20, 12, 0)  # noqa: DTZ001


@pytest.mark.parametrize("kind", CATALOGUES)
def test_the_same_chance_gives_the_same_receipts(kind):
    shop = Shop(kind)
    first = [receipt(shop, NOW, Random(5)) for _ in range(3)]
    assert first == [receipt(shop, NOW, Random(5)) for _ in range(3)]
    assert first[0] != receipt(shop, NOW, Random(6))


@pytest.mark.parametrize("kind", CATALOGUES)
def test_sums_agree_and_rates_are_in_force(kind):
    shop, rng = Shop(kind), Random(1)
    operations = set()
    for _ in range(400):
        order = receipt(shop, NOW, rng)
        operations.add(order.operation)
        sums = receipt_sums(order, NOW)
        assert sum(order.means) == sums.total_kopecks > 0
        assert all(in_force(item.vat, NOW.date()) for item in order.items)
        assert len({item.name for item in order.items}) == len(order.items) <= 10
        for item in order.items:
            assert item.measure in {PIECES, KILOGRAMS}
            assert item.measure == KILOGRAMS or item.quantity == int(item.quantity)
            assert Decimal("0.1") < item.quantity <= 6
    assert operations == {1, 2}


def test_vat_follows_the_law_of_the_day():
    assert vat_code(STANDARD, dt.datetime(2025, 12, 31, 23, 59)) == 1  # noqa: DTZ001
    assert vat_code(STANDARD, dt.datetime(2026, 1, 1)) == 11  # noqa: DTZ001
    assert vat_code(REDUCED, NOW) == 2


@pytest.mark.parametrize("kind", CATALOGUES)
def test_a_day_keeps_its_hours(kind):
    shop = Shop(kind)
    day = dt.date(2026, 11, 20)
    moments = day_moments(shop, day, 50, Random(3))
    assert len(moments) == 50 == len(set(moments))
    assert moments == sorted(moments)
    assert dt.datetime.combine(day, shop.opens_at) < moments[0]
    assert moments[-1] < dt.datetime.combine(day, shop.closes_at)


def test_more_receipts_than_a_day_holds_are_not_waited_for():
    shop = Shop("cafe")
    hours = len(shop_module.HOURS["cafe"])
    assert len(day_moments(shop, dt.date(2026, 11, 20), 10**6, Random(1))) == hours * 1800


def test_a_correction_is_of_days_ago():
    for seed in range(20):
        order = correction(Shop("books"), NOW, Random(seed))
        assert NOW.date() - dt.timedelta(days=5) <= order.settled_on < NOW.date()
        assert sum(order.receipt.means) == receipt_sums(order.receipt, NOW).total_kopecks


def test_every_word_is_in_the_alphabet_of_fiscal_documents():
    words = [good.name for catalogue in CATALOGUES.values() for good in catalogue]
    for word in [*words, *CASHIERS, *BUYERS]:
        word.encode("cp866")
    assert len(words) == len(set(words))


def test_buyers_are_nobody():
    for buyer in BUYERS:
        domain = buyer.partition("@")[2]
        assert domain in {"example.ru", "example.com", "example.org", "example.net"} or buyer.startswith(
            "+7999"
        )
