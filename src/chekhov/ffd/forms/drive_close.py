"""Отчёт о закрытии фискального накопителя."""

from __future__ import annotations

from chekhov.ffd.forms.form import Row, Tables

# fmt: off
DRIVE_CLOSE_TABLES: Tables = {"1.05": "Таблица 31", "1.1": "Таблица 69", "1.2": "Таблица 124"}
DRIVE_CLOSE: tuple[Row, ...] = (
    # tag, FFD 1.05, 1.1, 1.2
    (1000, "1 P", "1 P", "1 P"),
    (1209, "1 E", "1 E", "1 E"),
    (1048, "1 PE", "1 PE", "1 PE"),
    (1018, "1 PE", "1 PE", "1 PE"),
    (1021, "2 PE", "2 PE", "2 PE"),
    (1203, "3 E", "3 E", "3 E"),
    (1009, "2 PE", "2 PE", "1 PE"),
    (1187, "2 PE", "2 PE", "1 PE"),
    (1012, "1 PE", "1 PE", "1 PE"),
    (1038, "1 PE", "1 PE", "1 PE"),
    (1037, "1 PE", "1 PE", "1 PE"),
    (1040, "1 PE", "1 PE", "1 PE"),
    (1041, "1 PE", "1 PE", "1 PE"),
    (1077, "1 PE", "1 PE", "1 PE"),
    (1157, "", "1 PE", "1 PE"),
    (1282, "", "", "2 E"),
    (1283, "", "", "2 E"),
)
# fmt: on
