"""Подтверждение оператора, with its message for the drive."""

from __future__ import annotations

from chekhov.ffd.forms.form import Row, Tables

# fmt: off
OPERATOR_ACK_TABLES: Tables = {"1.05": "Таблица 32", "1.1": "Таблицы 70, 125", "1.2": "Таблицы 70, 125"}
OPERATOR_ACK: tuple[Row, ...] = (
    # tag, FFD 1.05, 1.1, 1.2
    (1000, "1 P", "3 P", "3 P"),
    (1017, "1 PE", "1 PE", "1 PE"),
    (1041, "1 PE", "1 PE", "1 PE"),
    (1040, "1 PE", "1 PE", "1 PE"),
    (1012, "1 PE", "1 PE", "1 PE"),
    (1068, "2 E", "", ""),
    (1078, "1 PE", "1 PE", "1 PE"),
    (1206, "", "2 PE", "2 PE"),
)
MESSAGE_TABLES: Tables = {"1.05": "Таблица 33"}
MESSAGE: tuple[Row, ...] = (
    # tag, FFD 1.05, 1.1, 1.2
    (1022, "1 E", "", ""),
)
# fmt: on
