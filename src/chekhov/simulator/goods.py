"""What the demo shops sell, who works there and who buys: invented, believable data.

Prices are in kopecks, VAT included. Quantities: «шт.» are whole, «кг» come in grams. Names keep to the
characters of CP866, which has no «» among them.
"""

from __future__ import annotations

from typing import Final, NamedTuple

PIECES: Final = 0
KILOGRAMS: Final = 11
"""Codes of tag 2108 «мера количества»."""

GOODS: Final = 1
SERVICE: Final = 4
"""Values of tag 1212 «признак предмета расчета»."""

REDUCED: Final = "reduced"
STANDARD: Final = "standard"
NO_VAT: Final = "none"
"""VAT classes; the rate in force at the moment of sale is found by `shop.vat_code`."""


class Good(NamedTuple):
    """A line of a price list. `weight`: how often it is taken, relative to others."""

    name: str
    price_kopecks: int
    vat: str
    measure: int = PIECES
    weight: int = 10
    subject: int = GOODS


GROCERY: Final = (
    Good('Хлеб "Столичный" ржано-пшеничный, 700 г', 6490, REDUCED, weight=40),
    Good("Батон нарезной, 400 г", 5390, REDUCED, weight=36),
    Good('Молоко "Луговой край" 3,2 %, 930 мл', 9990, REDUCED, weight=42),
    Good('Кефир "Луговой край" 2,5 %, 930 г', 9490, REDUCED, weight=20),
    Good("Творог зернёный 5 %, 300 г", 16990, REDUCED, weight=14),
    Good("Сметана 20 %, 300 г", 11990, REDUCED, weight=16),
    Good("Масло сливочное 82,5 %, 180 г", 23990, REDUCED, weight=18),
    Good("Яйцо куриное С1, 10 шт.", 12990, REDUCED, weight=26),
    Good('Сыр "Российский", вес', 89900, REDUCED, KILOGRAMS, 15),
    Good('Колбаса "Докторская", вес', 67900, REDUCED, KILOGRAMS, 12),
    Good("Филе куриное охлаждённое, вес", 43900, REDUCED, KILOGRAMS, 16),
    Good("Фарш говяжий, вес", 59900, REDUCED, KILOGRAMS, 8),
    Good("Картофель молодой, вес", 5990, REDUCED, KILOGRAMS, 24),
    Good("Морковь мытая, вес", 6490, REDUCED, KILOGRAMS, 16),
    Good("Лук репчатый, вес", 4490, REDUCED, KILOGRAMS, 16),
    Good("Огурцы короткоплодные, вес", 18990, REDUCED, KILOGRAMS, 17),
    Good("Томаты розовые, вес", 27990, REDUCED, KILOGRAMS, 17),
    Good('Яблоки "Гренни", вес', 16990, REDUCED, KILOGRAMS, 18),
    Good("Бананы, вес", 14990, REDUCED, KILOGRAMS, 25),
    Good("Гречка ядрица, 900 г", 8990, REDUCED, weight=10),
    Good("Рис круглозёрный, 900 г", 10990, REDUCED, weight=9),
    Good('Макароны "Перья", 450 г', 7990, REDUCED, weight=14),
    Good("Сахар-песок, 1 кг", 7490, REDUCED, weight=12),
    Good("Масло подсолнечное, 1 л", 13490, REDUCED, weight=11),
    Good("Вода минеральная газированная, 1,5 л", 6990, STANDARD, weight=20),
    Good("Сок яблочный осветлённый, 1 л", 13990, STANDARD, weight=12),
    Good("Чай чёрный листовой, 100 г", 18990, STANDARD, weight=8),
    Good("Кофе молотый, 250 г", 42990, STANDARD, weight=7),
    Good("Шоколад тёмный 70 %, 90 г", 14990, STANDARD, weight=16),
    Good("Печенье овсяное, 400 г", 11990, STANDARD, weight=13),
    Good("Мороженое пломбир, 80 г", 8990, STANDARD, weight=15),
    Good("Средство для посуды, 450 мл", 12990, STANDARD, weight=5),
    Good("Бумажные полотенца, 2 рулона", 15990, STANDARD, weight=6),
    Good("Пакет-майка большой", 990, STANDARD, weight=45),
)

CAFE: Final = (
    Good("Эспрессо, 30 мл", 15000, NO_VAT, weight=10, subject=SERVICE),
    Good("Американо, 250 мл", 18000, NO_VAT, weight=25, subject=SERVICE),
    Good("Капучино, 300 мл", 24000, NO_VAT, weight=40, subject=SERVICE),
    Good("Латте, 350 мл", 26000, NO_VAT, weight=30, subject=SERVICE),
    Good("Раф ванильный, 350 мл", 31000, NO_VAT, weight=14, subject=SERVICE),
    Good("Чай с чабрецом, чайник", 28000, NO_VAT, weight=12, subject=SERVICE),
    Good("Какао с маршмеллоу, 300 мл", 27000, NO_VAT, weight=8, subject=SERVICE),
    Good("Круассан с миндалём", 22000, NO_VAT, weight=24, subject=SERVICE),
    Good("Сырники со сметаной, 3 шт.", 34000, NO_VAT, weight=16, subject=SERVICE),
    Good("Каша овсяная с ягодами", 26000, NO_VAT, weight=10, subject=SERVICE),
    Good("Суп дня", 32000, NO_VAT, weight=14, subject=SERVICE),
    Good("Сэндвич с индейкой", 36000, NO_VAT, weight=15, subject=SERVICE),
    Good("Салат с тёплой грушей", 43000, NO_VAT, weight=8, subject=SERVICE),
    Good("Чизкейк классический", 31000, NO_VAT, weight=15, subject=SERVICE),
    Good('Пирожное "Картошка"', 16000, NO_VAT, weight=12, subject=SERVICE),
    Good("Лимонад домашний, 400 мл", 25000, NO_VAT, weight=9, subject=SERVICE),
    Good('Кофе в зёрнах "Вишнёвый сад", 250 г', 69000, NO_VAT, weight=3),
    Good("Стакан многоразовый", 89000, NO_VAT, weight=1),
)

BOOKS: Final = (
    Good("А. П. Чехов. Рассказы", 45900, REDUCED, weight=12),
    Good("А. П. Чехов. Пьесы", 51900, REDUCED, weight=9),
    Good("Атлас русских усадеб", 189000, REDUCED, weight=3),
    Good("Учебник шахматной игры", 64900, REDUCED, weight=5),
    Good("Сказки для самых маленьких", 38900, REDUCED, weight=14),
    Good('Раскраска "Сад"', 14900, REDUCED, weight=10),
    Good("Тетрадь в клетку, 48 л.", 5900, STANDARD, weight=30),
    Good("Ручка гелевая синяя", 4900, STANDARD, weight=34),
    Good("Карандаши цветные, 24 цвета", 42900, STANDARD, weight=9),
    Good("Бумага А4, 500 л.", 41900, STANDARD, weight=8),
    Good("Папка-регистратор", 23900, STANDARD, weight=6),
    Good("Пластилин, 12 цветов", 19900, STANDARD, weight=7),
    Good("Открытка", 6900, STANDARD, weight=15),
    Good('Настольная игра "Вишнёвый сад"', 149000, STANDARD, weight=4),
    Good("Упаковка подарочная", 12900, STANDARD, weight=6),
)

CASHIERS: Final = (
    "Раневская Л. А.",
    "Лопахин Е. А.",
    "Трофимов П. С.",
    "Войницкая С. А.",
    "Астров М. Л.",
    "Прозорова И. С.",
    "Прозорова М. С.",
    "Тузенбах Н. Л.",
    "Шамраева М. И.",
    "Заречная Н. М.",
    "Медведенко С. С.",
    "Дорн Е. С.",
)

BUYERS: Final = (
    "anna.sergeevna@example.ru",
    "gurov.d@example.com",
    "ionych@example.org",
    "belikov.case@example.ru",
    "varenka@example.net",
    "ochumelov@example.com",
    "kashtanka@example.org",
    "m.startsev@example.ru",
    "vanka.zhukov@example.com",
    "+79990000101",
    "+79990000217",
    "+79990000333",
)
"""Addresses at domains reserved for examples, and numbers that nobody has been given here."""
