"""VAT rates of tag 1199 and 1115/1119: what each code means and when.

A code is an agreement between a register and the tax service, a rate is a law. Codes 1 and 3 were given
to «НДС 18 %» and silently became 20 % in 2019; in 2026 the 22 % rate got codes of its own, and codes 1 and 3
remained for what had been sold before. So a label or a check needs the date of the settlement.

Sources: НК РФ, ст. 164 п. 2, 3, 4 и ст. 168 п. 1 (inside the price: rate / (100 + rate));
303-ФЗ of 2018 (20 % from 2019-01-01); 176-ФЗ of 2024 (5 and 7 % from 2025-01-01);
425-ФЗ of 2025 (22 % from 2026-01-01).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final, NamedTuple


class VatRate(NamedTuple):
    """One meaning of one code, in force on the days `valid_from <= day < valid_until`.

    `percent`: of the price without tax; None where no tax is charged (code 6). `computed`: the
    «расчётная ставка» of a payment made before the goods, e.g. 20/120. `total_tag`: the top-level tag that sums
    it up, 0 where the sum stands in 1115.
    """

    code: int
    percent: int | None
    computed: bool
    valid_from: date
    valid_until: date
    total_tag: int
    label: str

    @property
    def is_turnover(self) -> bool:
        """Whether the total of this code is the turnover (0 %, no VAT) and not a tax."""
        return not self.percent


_EVER: Final = date.max
_LAW: Final = date(2016, 7, 15)  # 290-ФЗ: registers begin to send data
_TWENTY: Final = date(2019, 1, 1)
_SIMPLIFIED: Final = date(2025, 1, 1)
_TWENTY_TWO: Final = date(2026, 1, 1)

VAT_RATES: Final[tuple[VatRate, ...]] = (
    VatRate(1, 18, False, _LAW, _TWENTY, 1102, "НДС 18%"),
    VatRate(1, 20, False, _TWENTY, _TWENTY_TWO, 1102, "НДС 20%"),
    VatRate(2, 10, False, _LAW, _EVER, 1103, "НДС 10%"),
    VatRate(3, 18, True, _LAW, _TWENTY, 1106, "НДС 18/118"),
    VatRate(3, 20, True, _TWENTY, _TWENTY_TWO, 1106, "НДС 20/120"),
    VatRate(4, 10, True, _LAW, _EVER, 1107, "НДС 10/110"),
    VatRate(5, 0, False, _LAW, _EVER, 1104, "НДС 0%"),
    VatRate(6, None, False, _LAW, _EVER, 1105, "без НДС"),
    VatRate(7, 5, False, _SIMPLIFIED, _EVER, 0, "НДС 5%"),
    VatRate(8, 7, False, _SIMPLIFIED, _EVER, 0, "НДС 7%"),
    VatRate(9, 5, True, _SIMPLIFIED, _EVER, 0, "НДС 5/105"),
    VatRate(10, 7, True, _SIMPLIFIED, _EVER, 0, "НДС 7/107"),
    VatRate(11, 22, False, _TWENTY_TWO, _EVER, 0, "НДС 22%"),
    VatRate(12, 22, True, _TWENTY_TWO, _EVER, 0, "НДС 22/122"),
)

VAT_CODES: Final = frozenset(rate.code for rate in VAT_RATES)
VAT_TOTAL_TAGS: Final = {rate.code: rate.total_tag for rate in VAT_RATES}
# Tags of a counter group (1129..1132), in the order of codes 1..6.
VAT_COUNTER_TAGS: Final = {1139: 1, 1140: 2, 1141: 3, 1142: 4, 1143: 5, 1183: 6}


def vat_rate(code: int, on: date) -> VatRate | None:
    """The meaning of a code for a settlement of that day; None for a code nobody has named.

    Outside its days a code keeps the nearest meaning it had: a return in 2027 of what was sold in 2025 still
    carries 20 %. Whether it was in force is told by `in_force`.
    """
    found = None
    for rate in VAT_RATES:
        if rate.code == code and (found is None or on >= rate.valid_from):
            found = rate
    return found


def in_force(code: int, on: date) -> bool:
    """Whether the code may be used for a new settlement of that day."""
    rate = vat_rate(code, on)
    return rate is not None and rate.valid_from <= on < rate.valid_until


def vat_label(code: int, on: date) -> str:
    """The words of a printed document: «НДС 20%», «без НДС»; a number for a code nobody has named."""
    rate = vat_rate(code, on)
    return rate.label if rate else f"ставка НДС {code}"


class VatTable(NamedTuple):
    """What holds between two changes of the law: code -> percent, 0 for codes 5 and 6.

    `percents`: of every code ever named; `in_force`: of those that may be used for a new settlement.
    """

    percents: dict[int, int]
    in_force: dict[int, int]


def _table(on: date) -> VatTable:
    rates = [rate for code in sorted(VAT_CODES) if (rate := vat_rate(code, on))]
    return VatTable(
        {rate.code: rate.percent or 0 for rate in rates},
        {rate.code: rate.percent or 0 for rate in rates if rate.valid_from <= on < rate.valid_until},
    )


# Checked for each receipt, so the three changes of the law are laid out beforehand.
_FROM_2019: Final = datetime(2019, 1, 1)  # noqa: DTZ001  # local time of the register, as in 1012
_FROM_2025: Final = datetime(2025, 1, 1)  # noqa: DTZ001
_FROM_2026: Final = datetime(2026, 1, 1)  # noqa: DTZ001
_BEFORE_2019: Final = _table(_LAW)
_UNTIL_2025: Final = _table(_TWENTY)
_UNTIL_2026: Final = _table(_SIMPLIFIED)
_NOW: Final = _table(_TWENTY_TWO)


def vat_table(issued_at: datetime | None) -> VatTable:
    """The table for a moment of the register's local time; the newest where the moment is not known."""
    if issued_at is None or issued_at >= _FROM_2026:
        return _NOW
    if issued_at >= _FROM_2025:
        return _UNTIL_2026
    if issued_at >= _FROM_2019:
        return _UNTIL_2025
    return _BEFORE_2019
