"""Icons a group of registers may have: names in the set of the house, each with a word for those who do not see it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

ICONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "folder": "Папка",
        "map-pin": "Место",
        "world": "Регион",
        "building": "Здание",
        "building-store": "Магазин",
        "building-warehouse": "Склад",
        "building-hospital": "Больница",
        "home": "Дом",
        "shopping-cart": "Торговый зал",
        "tools-kitchen-2": "Кафе",
        "coffee": "Кофейня",
        "cake": "Кондитерская",
        "truck": "Доставка",
        "car": "Автосервис",
        "gas-station": "Заправка",
        "bed": "Гостиница",
        "plane": "Вокзал",
        "shirt": "Одежда",
        "scissors": "Салон",
        "book": "Книги",
        "school": "Учёба",
        "device-mobile": "Связь",
        "leaf": "Рынок",
        "star": "Главное",
    }
)
"""Name of the icon → its word."""
