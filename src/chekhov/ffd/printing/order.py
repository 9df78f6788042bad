"""Words of the paper and their order: one table for each form. Tags that a document lacks are left out.

The order follows the tables of the order ЕД-7-20/662@ as registers print them: who and where, what the document
is about, numbers and the fiscal sign at the end. What is in a document and in no table here is printed after
it under «прочие реквизиты», so nothing is lost.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from chekhov.ffd.printing.sheet import Weight

Look = Literal["pair", "text", "heading", "group", "total"]
"""How a requisite is set: word and value; the value alone, on the left or in the middle; word and, under it, the
members; large."""


class Row(NamedTuple):
    """One requisite of the paper. `word`: on the left; empty: its name in the table of tags."""

    tag: int
    word: str = ""
    look: Look = "pair"
    weight: Weight = "normal"


Section = tuple[Row, ...]

HEAD: Final[Section] = (
    Row(1048, "", "heading", "strong"),
    Row(1018, "ИНН"),
    Row(1009, "Адрес расчётов", "text"),
    Row(1187, "Место расчётов", "text"),
)

NUMBERS: Final[Section] = (
    Row(1021, "Кассир"),
    Row(1203, "ИНН кассира"),
    Row(1012, "Дата, время"),
    Row(1037, "РН ККТ"),
    Row(1013, "ЗН ККТ"),
    Row(1041, "ФН №"),
    Row(1040, "ФД №"),
    Row(1077, "ФП"),
    Row(1209, "Версия ФФД"),
)

_MODES: Final[Section] = (
    Row(1062, "СНО"),
    Row(1001, "Автоматический режим"),
    Row(1036, "Номер автомата"),
    Row(1002, "Автономный режим"),
    Row(1056, "Шифрование"),
    Row(1108, "Расчёты только в Интернет"),
    Row(1109, "Расчёты за услуги"),
    Row(1110, "АС БСО"),
    Row(1221, "Принтер в автомате"),
    Row(1207, "Подакцизные товары"),
    Row(1193, "Азартные игры"),
    Row(1126, "Лотерея"),
    Row(1057, "Признак агента"),
    Row(1290, "Условия применения ККТ"),
)

_MACHINE: Final[Section] = (
    Row(1188, "Версия ККТ"),
    Row(1189, "Версия ФФД ККТ"),
    Row(1190, "Версия ФФД ФН"),
    Row(1213, "Ресурс ключей ФП, дней"),
)

_OPERATOR: Final[Section] = (
    Row(1046, "ОФД"),
    Row(1017, "ИНН ОФД"),
    Row(1060, "Сайт ФНС"),
    Row(1117, "Эл. адрес отправителя"),
)

_WARNINGS: Final[Section] = (
    Row(1053, "Превышено время ожидания ответа ОФД"),
    Row(1051, "Нужна срочная замена ФН"),
    Row(1052, "Память ФН заполнена"),
    Row(1050, "Ресурс ФН исчерпан"),
    Row(1206, "Сообщение оператора"),
)

_UNSENT: Final[Section] = (
    Row(1097, "Непереданных ФД"),
    Row(1116, "Первый непереданный ФД №"),
    Row(1098, "Не переданы с"),
    Row(2104, "Непереданных уведомлений"),
)

_COUNTERS: Final[Section] = (
    Row(1194, "Счётчики итогов смены", "group"),
    Row(1157, "Счётчики итогов ФН", "group"),
    Row(1158, "Счётчики непереданных ФД", "group"),
)

RECEIPT_HEAD: Final[Section] = (
    Row(1054, "", "heading", "strong"),
    Row(1173, "Тип коррекции"),
    Row(1174, "Основание для коррекции", "group"),
    Row(1042, "Чек №"),
    Row(1038, "Смена №"),
    Row(1036, "Номер автомата"),
)

RECEIPT_TOTALS: Final[Section] = (
    Row(1020, "ИТОГ", "total", "strong"),
    Row(1031, "Наличными"),
    Row(1081, "Безналичными"),
    Row(1215, "Предоплата (аванс)"),
    Row(1216, "Постоплата (кредит)"),
    Row(1217, "Встречное предоставление"),
    Row(1234, "Оплаты безналичными", "group"),
)

PAYMENTS: Final = frozenset({1031, 1081, 1215, 1216, 1217})
"""Ways of paying: one that was not used is set small."""

RECEIPT_VAT: Final[Section] = tuple(Row(tag) for tag in (1102, 1103, 1104, 1105, 1106, 1107, 1115))

RECEIPT_TAIL: Final[Section] = (
    Row(1055, "СНО"),
    Row(1057, "Признак агента"),
    Row(1075, "Телефон оператора перевода"),
    Row(1044, "Операция агента"),
    Row(1073, "Телефон платёжного агента"),
    Row(1074, "Телефон оператора по приёму платежей"),
    Row(1026, "Оператор перевода"),
    Row(1005, "Адрес оператора перевода"),
    Row(1016, "ИНН оператора перевода"),
    Row(1171, "Телефон поставщика"),
    Row(1008, "Тел./эл. адрес покупателя"),
    Row(1227, "Покупатель"),
    Row(1228, "ИНН покупателя"),
    Row(1256, "Сведения о покупателе", "group"),
    Row(1117, "Эл. адрес отправителя"),
    Row(1060, "Сайт ФНС"),
    Row(1108, "ККТ для Интернет"),
    Row(1125, "Расчёт в Интернет"),
    Row(1011, "Часовая зона"),
    Row(1084, "Доп. реквизит пользователя", "group"),
    Row(1192, "Доп. реквизит чека"),
    Row(1261, "Отраслевой реквизит чека", "group"),
    Row(1270, "Операционный реквизит чека", "group"),
    Row(2107, "Проверка маркированных товаров"),
)

REPORTS: Final[dict[int, tuple[Section, ...]]] = {
    1: (HEAD, _MODES, _MACHINE, _OPERATOR, (Row(1274), Row(1275)), NUMBERS),
    11: (
        HEAD,
        (Row(1101, "Причина"), Row(1205, "Причины", "pair", "strong")),
        _MODES,
        _MACHINE,
        _OPERATOR,
        (Row(1157, "Счётчики итогов ФН", "group"), Row(1274), Row(1275)),
        NUMBERS,
    ),
    2: (
        HEAD,
        (Row(1038, "Смена №", "pair", "strong"),),
        _WARNINGS,
        _MACHINE,
        (Row(1276), Row(1277)),
        NUMBERS,
    ),
    21: (
        HEAD,
        (Row(1038, "Смена №"), Row(1002, "Автономный режим")),
        _UNSENT,
        _COUNTERS,
        _MACHINE,
        (Row(1280), Row(1281)),
        NUMBERS,
    ),
    5: (
        HEAD,
        (
            Row(1038, "Смена №", "pair", "strong"),
            Row(1118, "Чеков за смену"),
            Row(1111, "ФД за смену"),
        ),
        _UNSENT,
        _WARNINGS,
        _COUNTERS,
        _MACHINE,
        (Row(2112), Row(2113), Row(1278), Row(1279)),
        NUMBERS,
    ),
    6: (
        HEAD,
        (Row(1038, "Смена №"),),
        (Row(1157, "Счётчики итогов ФН", "group"), Row(1282), Row(1283)),
        NUMBERS,
    ),
    7: (
        (
            Row(1046, "ОФД"),
            Row(1017, "ИНН ОФД"),
            Row(1022, "Код ответа ОФД"),
            Row(1068, "Сообщение для ФН", "group"),
        ),
        (Row(1206, "Сообщение оператора"),),
        (Row(1012, "Дата, время"), Row(1041, "ФН №"), Row(1040, "ФД №"), Row(1078, "ФПО")),
    ),
    81: (
        (
            Row(2001, "Запрос №", "pair", "strong"),
            Row(2114, "Дата, время запроса"),
            Row(1018, "ИНН"),
            Row(1041, "ФН №"),
        ),
        (Row(2000), Row(2100), Row(2003), Row(1023), Row(2108), Row(1291, "", "group"), Row(2102), Row(2004)),
    ),
    82: (
        (
            Row(2002, "Уведомление №", "pair", "strong"),
            Row(1012, "Дата, время"),
            Row(1018, "ИНН"),
            Row(1041, "ФН №"),
        ),
        (Row(1228), Row(1009), Row(1011), Row(1054), Row(1055), Row(2116), Row(2040)),
        (Row(2007, "", "group"), Row(1261, "", "group"), Row(1084, "", "group")),
    ),
    83: (
        (Row(2001, "Запрос №", "pair", "strong"), Row(2114, "Дата, время запроса")),
        (Row(2105), Row(2005), Row(2109), Row(2101), Row(2100), Row(2102)),
    ),
    84: ((Row(2002, "Уведомление №", "pair", "strong"), Row(1012, "Дата, время")), (Row(2111), Row(2006))),
}
"""Code of a document that is not a receipt -> its sections, with a stroke between each two."""
