"""The tables of «Обзор»: rows of plain values, from which pages and files are made alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, TypeVar

from django.urls import reverse

from chekhov.cabinet.overview.asked import Asked
from chekhov.cabinet.overview.chart import Chart, Entry, chart_of
from chekhov.face.cells import Column, Money
from chekhov.face.figures import FIXED, count_text, plural
from chekhov.ffd.checks.vat import vat_label
from chekhov.fiscal.dashboard import Dashboard, Period, Takings, by_group
from chekhov.fiscal.payments import Payment
from chekhov.values.money import round_half_up

Key = TypeVar("Key")
MONTHS: Final = (
    *("январь", "февраль", "март", "апрель", "май", "июнь"),
    *("июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь"),
)
WITHOUT_TAX: Final = {5: "Сумма с НДС 0%", 6: "Сумма без НДС"}
"""Codes of rates at which the sum is of the settlements themselves."""
ALWAYS_SHOWN: Final = (Payment.CASH, Payment.ELECTRONIC)


@dataclass(frozen=True, slots=True)
class Share:
    """Percent of the whole; None: not to be said."""

    percent: int | None


Value = int | Decimal | Money | Share | None


@dataclass(frozen=True, slots=True)
class Row:
    """A line: its name, what stands under the name, its values; `url`: where the name leads."""

    label: str
    values: tuple[Value, ...]
    under: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A table with its word in addresses. head: over the names; under_head: over what stands under them, in files."""

    key: str
    title: str
    head: str
    columns: tuple[Column, ...]
    rows: list[Row]
    under_head: str = ""
    chart: Chart | None = None

    @property
    def is_wide(self) -> bool:
        """Whether it needs the page's whole width."""
        return self.columns == SHARED


TAKEN: Final = (
    Column("revenue", "Выручка", end=True),
    Column("receipts", "Чеков", end=True),
    Column("average", "Средний чек", end=True),
    Column("returns", "Возвраты", end=True),
)
SHARE: Final = Column("share", "Доля", end=True)
SHARED: Final = (TAKEN[0], SHARE, *TAKEN[1:])


@dataclass(frozen=True, slots=True)
class Names:
    """How what the sums know by numbers is called, as far as the visitor sees it.

    kkts: by РНМ, number and name. companies: by ИНН, numbers and names. groups: of a РНМ its group's number and name.
    """

    kkts: dict[str, tuple[int, str]] = field(default_factory=dict)
    companies: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    groups: dict[str, tuple[int, str]] = field(default_factory=dict)


def parts_of(board: Dashboard, names: Names, asked: Asked) -> list[Part]:
    """All tables that have something to say, in their order."""
    total = board.summary.now.revenue_kopecks
    companies = _companies(board)
    made = [
        *_series(board),
        _shared(
            "registers",
            "По кассам",
            head="Касса",
            found=board.registers,
            total=total,
            row=_register_row(names),
            under_head="РНМ",
        ),
        _shared(
            "cashiers", "По кассирам", head="Кассир", found=board.cashiers, total=total, row=_cashier_row
        ),
        _payments(board, total),
        _vat(board),
        _goods(board),
    ]
    if len(companies) > 1:
        made.append(
            _shared(
                "companies",
                "По компаниям",
                head="Компания",
                found=companies,
                total=total,
                row=_company_row(names, asked),
                under_head="ИНН",
            )
        )
    if names.groups:
        groups = by_group(board.registers, names.groups)
        made.append(
            _shared("groups", "По группам", head="Группа", found=groups, total=total, row=_group_row(asked))
        )
    return [part for part in made if part.rows]


def series_head(period: Period) -> str:
    """The part that the page begins with."""
    return "hours" if period.days == 1 else "days"


def _series(board: Dashboard) -> list[Part]:
    """Days, months and hours; of one day only its hours."""
    hours = [(f"{hour}", f"{hour:02}:00–{hour:02}:59", takings) for hour, takings in board.hours]
    if board.period.days == 1:
        return [_line("hours", "По часам", "Час", hours)]
    days = [(f"{day:%d.%m}", f"{day:%d.%m.%Y}", takings) for day, takings in board.days]
    made = [_line("days", "По дням", "День", days)]
    months: dict[tuple[int, int], Takings] = {}
    for day, takings in board.days:
        key = (day.year, day.month)
        months[key] = months.get(key, Takings()) + takings
    if len(months) > 1:
        named = [
            (MONTHS[month - 1][:3], f"{MONTHS[month - 1].capitalize()} {year}", takings)
            for (year, month), takings in months.items()
        ]
        made.append(_line("months", "По месяцам", "Месяц", named))
    return [*made, _line("hours", "По часам суток", "Час", hours)]


def _line(key: str, title: str, head: str, points: list[tuple[str, str, Takings]]) -> Part:
    entries = [
        Entry(short, full, takings.revenue_kopecks, f", {_receipts_text(takings.receipts)}")
        for short, full, takings in points
    ]
    return Part(
        key=key,
        title=title,
        head=head,
        columns=TAKEN,
        rows=[Row(full, _taken(takings)) for _, full, takings in points],
        chart=chart_of(f"Выручка {title[0].lower()}{title[1:]}", entries),
    )


def _shared(
    key: str,
    title: str,
    *,
    head: str,
    found: Sequence[tuple[Key, Takings]],
    total: int,
    row: Callable[[Key, tuple[Value, ...]], Row],
    under_head: str = "",
) -> Part:
    rows = []
    for one, takings in found:
        revenue, *others = _taken(takings)
        rows.append(row(one, (revenue, share_of(takings.revenue_kopecks, total), *others)))
    return Part(key, title, head, SHARED, rows, under_head)


def share_of(kopecks: int, total: int) -> Share:
    """Of the whole; nothing to say where returns outweigh sales."""
    if total <= 0 or kopecks < 0:
        return Share(None)
    return Share(round_half_up(Decimal(100 * kopecks) / total))


def _taken(takings: Takings) -> tuple[Value, ...]:
    return (
        Money(takings.revenue_kopecks),
        takings.receipts,
        Money(takings.average_kopecks),
        Money(takings.returns_kopecks),
    )


def _register_row(names: Names) -> Callable[[tuple[str, str], tuple[Value, ...]], Row]:
    def row(pair: tuple[str, str], values: tuple[Value, ...]) -> Row:
        rnm, _inn = pair
        number, name = names.kkts.get(rnm, (0, ""))
        return Row(name or f"РНМ {rnm}", values, rnm, reverse("kkt", args=(number,)) if number else "")

    return row


def _cashier_row(name: str, values: tuple[Value, ...]) -> Row:
    return Row(name or "Без кассира", values)


def _company_row(names: Names, asked: Asked) -> Callable[[str, tuple[Value, ...]], Row]:
    def row(inn: str, values: tuple[Value, ...]) -> Row:
        found = names.companies.get(inn, [])
        url = f"{reverse('overview')}?{asked.query_narrowed(company=found[0][0])}" if len(found) == 1 else ""
        return Row(", ".join(name for _, name in found) or f"ИНН {inn}", values, inn, url)

    return row


def _group_row(asked: Asked) -> Callable[[tuple[int, str] | None, tuple[Value, ...]], Row]:
    def row(group: tuple[int, str] | None, values: tuple[Value, ...]) -> Row:
        if group is None:
            return Row("Без группы", values)
        return Row(group[1], values, "", f"{reverse('overview')}?{asked.query_narrowed(group=group[0])}")

    return row


def _companies(board: Dashboard) -> list[tuple[str, Takings]]:
    found: dict[str, Takings] = {}
    for (_, inn), takings in board.registers:
        found[inn] = found.get(inn, Takings()) + takings
    return sorted(found.items(), key=lambda one: (-one[1].revenue_kopecks, one[0]))


def _payments(board: Dashboard, total: int) -> Part:
    rows = [
        Row(one.payment.label, (Money(one.revenue_kopecks), share_of(one.revenue_kopecks, total)))
        for one in board.payments
        if one.revenue_kopecks or one.payment in ALWAYS_SHOWN
    ]
    return Part("payments", "По видам оплаты", "Оплата", (TAKEN[0], SHARE), rows)


def _vat(board: Dashboard) -> Part:
    rows = [Row(rate_text(one.rate, board.period), (Money(one.amount_kopecks),)) for one in board.vat]
    return Part("vat", "НДС", "Ставка", (Column("amount", "Сумма", end=True),), rows)


def rate_text(code: int, period: Period) -> str:
    """The rate in the words of the period; both, if the law changed its percent within it."""
    if code in WITHOUT_TAX:
        return WITHOUT_TAX[code]
    return " и ".join(dict.fromkeys((vat_label(code, period.first), vat_label(code, period.last))))


def _goods(board: Dashboard) -> Part:
    columns = (Column("quantity", "Количество", end=True), TAKEN[0])
    rows = [Row(one.name, (one.quantity, Money(one.revenue_kopecks))) for one in board.goods]
    return Part("goods", "Товары с наибольшей выручкой", "Товар", columns, rows)


def _receipts_text(number: int) -> str:
    return f"{count_text(number)}{FIXED}{plural(number, 'чек', 'чека', 'чеков')}"


def arranged(parts: Iterable[Part]) -> list[Part]:
    """The order of a page of two columns: a pair of narrow parts that has a series in it, the wide ones, the rest."""
    narrow = [part for part in parts if not part.is_wide]
    begin = narrow[:2] if any(part.chart for part in narrow[:2]) else []
    return [*begin, *(part for part in parts if part.is_wide), *narrow[len(begin) :]]


def part_named(parts: Iterable[Part], key: str) -> Part | None:
    """The table of this word."""
    return next((part for part in parts if part.key == key), None)
