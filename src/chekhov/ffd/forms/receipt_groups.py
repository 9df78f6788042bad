"""Groups of a receipt outside its items."""

from __future__ import annotations

from chekhov.ffd.forms.form import Row, Tables

# fmt: off
USER_PROPERTY_TABLES: Tables = {"1.05": "Таблица 10", "1.1": "Таблица 10", "1.2": "Таблица 10"}
USER_PROPERTY: tuple[Row, ...] = (
    # tag, FFD 1.05, 1.1, 1.2
    (1085, "3 PE", "3 PE", "3 PE"),
    (1086, "3 PE", "3 PE", "3 PE"),
)
BUYER_TABLES: Tables = {"1.2": "Таблица 115"}
BUYER: tuple[Row, ...] = (
    # tag, FFD 1.05, 1.1, 1.2
    (1227, "", "", "2 PE"),
    (1228, "", "", "2 E"),
    (1243, "", "", "2 E"),
    (1244, "", "", "3 E"),
    (1245, "", "", "2 E"),
    (1246, "", "", "2 E"),
    (1254, "", "", "3 PE"),
)
OPERATIONAL_TABLES: Tables = {"1.2": "Таблица 119"}
OPERATIONAL: tuple[Row, ...] = (
    # tag, FFD 1.05, 1.1, 1.2
    (1273, "", "", "2 E"),
    (1271, "", "", "2 E"),
    (1272, "", "", "2 E"),
)
VAT_SUMS_LATER: tuple[Row, ...] = (
    (1119, "? ?*", "? ?*", "? ?*"),
)
VAT_SUM_LATER: tuple[Row, ...] = (
    (1120, "? ?", "? ?", "? ?"),
    (1199, "? ?", "? ?", "? ?"),
)
CASHLESS_LATER: tuple[Row, ...] = (
    (1235, "? ?*", "? ?*", "? ?*"),
)
CASHLESS_ONE_LATER: tuple[Row, ...] = (
    (1082, "? ?", "? ?", "? ?"),
    (1236, "? ?", "? ?", "? ?"),
    (1237, "? ?", "? ?", "? ?"),
    (1238, "? ?", "? ?", "? ?"),
)
# fmt: on
