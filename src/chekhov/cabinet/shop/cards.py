"""A card per tariff, as the price list and the start page show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from chekhov.kkt.tariffs import TARIFFS, Tariff


@dataclass(frozen=True, slots=True)
class PriceCard:
    """A tariff for sale. Prices: kopecks for a year; `before_kopecks`, struck out, None if it was always so."""

    name: str
    services: str
    price_kopecks: int
    before_kopecks: int | None = None
    mark: str = ""


BEFORE_KOPECKS: Final = {"standard_plus": 450_000}
MARKS: Final = {"standard_plus": "Рекомендуем"}


def price_cards() -> list[PriceCard]:
    """What can be ordered, in the order of the price list."""
    return [_card(tariff) for tariff in TARIFFS.values() if tariff.is_sold]


def _card(tariff: Tariff) -> PriceCard:
    return PriceCard(
        name=tariff.name.upper(),
        services="Услуги ОФД +КЭП" if tariff.certificate else "Услуги ОФД",
        price_kopecks=tariff.price_kopecks,
        before_kopecks=BEFORE_KOPECKS.get(tariff.code),
        mark=MARKS.get(tariff.code, ""),
    )
