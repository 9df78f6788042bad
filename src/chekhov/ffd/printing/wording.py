"""A requisite's value in words: sums in roubles, moments, enumerations, bits, flags.

Used by the paper and by the tag tree, so that both say the same.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from chekhov.ffd.checks.vat import VAT_TOTAL_TAGS, vat_label
from chekhov.ffd.tags import TAGS, enum_of
from chekhov.values import quantity_text, roubles

TITLES: Final = {
    1: "Отчёт о регистрации",
    11: "Отчёт об изменении параметров регистрации",
    2: "Отчёт об открытии смены",
    21: "Отчёт о текущем состоянии расчётов",
    3: "Кассовый чек",
    31: "Кассовый чек коррекции",
    4: "Бланк строгой отчётности",
    41: "БСО коррекции",
    5: "Отчёт о закрытии смены",
    6: "Отчёт о закрытии фискального накопителя",
    7: "Подтверждение оператора",
    81: "Запрос о коде маркировки",
    82: "Уведомление о реализации маркированного товара",
    83: "Ответ на запрос",
    84: "Квитанция на уведомление",
}
"""Names of the documents as they are printed (1000)."""

MONEY_TAGS: Final = frozenset(
    {
        1010, 1020, 1031, 1035, 1043, 1064, 1072, 1079, 1081, 1082, 1087, 1088, 1089, 1090, 1091, 1092, 1093, 1094,
        1095, 1099, 1102, 1103, 1104, 1105, 1106, 1107, 1120, 1136, 1138, 1139, 1140, 1141, 1142, 1143, 1150, 1151,
        1152, 1153, 1154, 1155, 1183, 1184, 1198, 1200, 1201, 1215, 1216, 1217, 1218, 1219, 1220, 1229,
    }
)  # fmt: skip
"""VLN tags that are kopecks; the other ones are counts and numbers."""

FLAG_TAGS: Final = frozenset(
    {
        1001,
        1002,
        1050,
        1051,
        1052,
        1053,
        1056,
        1108,
        1109,
        1110,
        1126,
        1193,
        1207,
        1221,
        1125,
        1257,
        1258,
        2103,
    }
)
"""Bytes that say yes or no."""

DAY_TAGS: Final = frozenset({1098, 1178})
"""Moments of which the day is meant."""

_FISCAL_SIGN: Final = 1077
_FISCAL_SIGN_BYTES: Final = 6
_VAT_CODE: Final = 1199
# Totals by rate whose name changed with the law: tag -> code of the rate.
_VAT_NAMED: Final = {1102: 1, 1106: 3, 1139: 1, 1141: 3}
_TOTAL_CODES: Final = {tag: code for code, tag in VAT_TOTAL_TAGS.items() if tag}
_MARK_PLUS: Final = frozenset({0x0B, 0x0F})
_MARK_MINUS: Final = frozenset({0x01, 0x05, 0x07, 0x11})


def title_of(code: int) -> str:
    """Name of a document by its code."""
    return TITLES.get(code, f"Документ с кодом {code}")


def moment(value: datetime) -> str:
    """Local moment as on paper: «08.10.2026 13:05»."""
    return f"{value:%d.%m.%Y %H:%M}"


def fiscal_sign_text(raw: bytes) -> str:
    """ФПД as printed: ten digits of bytes 2..5 of tag 1077; hexadecimal where the length is another."""
    if len(raw) != _FISCAL_SIGN_BYTES:
        return raw.hex()
    return f"{int.from_bytes(raw[2:], 'big'):010d}"


def mark_sign(result: int) -> str:
    """The sign after the name of a marked item by the result of its check (2106): «[M+]», «[M-]», «[M]»."""
    if result in _MARK_PLUS:
        return "[M+]"
    return "[M-]" if result in _MARK_MINUS else "[M]"


def total_name(tag: int, issued_at: datetime | None) -> str:
    """Word of a receipt's total by rate: «НДС 10%», «Сумма с НДС 0%», «Сумма без НДС»."""
    code = _TOTAL_CODES.get(tag)
    if code is None or issued_at is None:
        return tag_name(tag, issued_at)
    label = vat_label(code, issued_at.date())
    return {5: f"Сумма с {label}", 6: f"Сумма {label}"}.get(code, label)


def tame(text: str) -> str:
    """Text of a document without what would move a cursor: line breaks become spaces, control characters signs."""
    text = text.strip()
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else " " if char.isspace() else "\ufffd" for char in text)


def tag_name(tag: int, issued_at: datetime | None = None) -> str:
    """Name of a requisite in Russian; the names with «20%» in them follow the rate of the day."""
    known = TAGS.get(tag)
    if known is None:
        return f"реквизит {tag}"
    name: str = known.name_ru
    code = _VAT_NAMED.get(tag)
    if code is None or issued_at is None:
        return name
    label = vat_label(code, issued_at.date()).removeprefix("НДС ")
    return name.replace("20/120", label) if code == _VAT_NAMED[1106] else name.replace("20%", label)


def _listed(tag: int, value: int | str, on: date | None) -> str | None:
    """Meaning of a code or of a sum of bits; None where the tag has no list."""
    if tag == _VAT_CODE and on is not None and isinstance(value, int):
        return vat_label(value, on)
    table = enum_of(tag)
    if table is None:
        return None
    if table.is_bits:
        return (", ".join(table.names_of_bits(value)) or "нет") if isinstance(value, int) else None
    found = table.name_ru(value)
    if found is None and isinstance(value, str) and value.isascii() and value.isdigit():
        found = table.name_ru(int(value))
    return found


def human(tag: int, value: Any, issued_at: datetime | None = None) -> str:
    """A value in words, without its code. `issued_at`: moment of the document, for the names of rates.

    Groups give an empty text: their members speak. Bytes that are no number stay hexadecimal.
    """
    if isinstance(value, tuple):
        return ""
    if isinstance(value, bytes):
        return fiscal_sign_text(value) if tag == _FISCAL_SIGN else value.hex()
    if isinstance(value, datetime):
        return f"{value:%d.%m.%Y}" if tag in DAY_TAGS else moment(value)
    if isinstance(value, Decimal):
        return quantity_text(value)
    if isinstance(value, str):
        text = tame(value)
        meaning = _listed(tag, text, None)
        return f"{text} ({meaning})" if meaning else text
    if tag in MONEY_TAGS:
        return str(roubles(value))
    if tag in FLAG_TAGS and value in (0, 1):
        return "да" if value else "нет"
    return _listed(tag, value, issued_at.date() if issued_at else None) or str(value)


def human_with_code(tag: int, value: Any, issued_at: datetime | None = None) -> str:
    """Like `human`, with the number beside the meaning of an enumeration: «1 — приход»."""
    words = human(tag, value, issued_at)
    if isinstance(value, int) and tag not in MONEY_TAGS and words != str(value):
        return f"{value} — {words}"
    return words
