"""A column chart as SVG of attributes only: the page's rules let no styles in. The same figures stand in a table.

The drawing has no text, so it stretches to any width; numbers and names of the axes stand around it as HTML, in rows
and columns of equal size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from chekhov.face.figures import FIXED, MINUS, count_text, sum_text

WIDTH, HEIGHT = 720, 200
LABELS_MAX: Final = 8
ROWS_WANTED: Final = 4
SHARE_OF_STEP: Final = 0.72
"""How much of its place a column fills."""
LEAST_HEIGHT: Final = 1.5
UNITS: Final = ((10**11, 10**11, "млрд"), (10**8, 10**8, "млн"), (10**6, 10**5, "тыс."))
"""From how many kopecks on a unit is used, and kopecks in it: thousands begin with ten of them."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A column to draw: its name under the axis, its full name, what else it tells."""

    short: str
    full: str
    kopecks: int
    more: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """A drawn column, in units of the view box. `below`: it goes down from the axis."""

    x: str
    y: str
    width: str
    height: str
    below: bool
    spoken: str


@dataclass(frozen=True, slots=True)
class Chart:
    """The chart. `ticks`: words from top to bottom, at equal heights; `lines` are their heights in the drawing.

    labels: a word for each column, most of them empty. axis: the height of zero.
    """

    view_box: str
    bars: list[Bar]
    ticks: list[str]
    lines: list[str]
    labels: list[str]
    axis: str
    spoken: str


def chart_of(title: str, entries: Sequence[Entry]) -> Chart | None:
    """The chart of a series in its order; None when there is nothing to see."""
    if len(entries) < 2 or not any(entry.kopecks for entry in entries):
        return None
    most = max(0, *(entry.kopecks for entry in entries))
    least = min(0, *(entry.kopecks for entry in entries))
    step = step_of(most - least)
    above, below = -(-most // step), -(least // step)
    rows = above + below
    row_height = HEIGHT / rows
    axis = above * row_height
    place = WIDTH / len(entries)
    bars = []
    for number, entry in enumerate(entries):
        height = abs(entry.kopecks) / step * row_height
        height = max(LEAST_HEIGHT, height) if entry.kopecks else 0.0
        bars.append(
            Bar(
                x=f"{(number + (1 - SHARE_OF_STEP) / 2) * place:.2f}",
                y=f"{axis if entry.kopecks < 0 else axis - height:.2f}",
                width=f"{place * SHARE_OF_STEP:.2f}",
                height=f"{height:.2f}",
                below=entry.kopecks < 0,
                spoken=f"{entry.full}: {sum_text(entry.kopecks)}{entry.more}",
            )
        )
    greatest = max(entries, key=lambda entry: entry.kopecks)
    return Chart(
        view_box=f"0 0 {WIDTH} {HEIGHT}",
        bars=bars,
        ticks=ticks_of(step, above, below),
        lines=[f"{number * row_height:.2f}" for number in range(rows + 1)],
        labels=labels_of([entry.short for entry in entries]),
        axis=f"{axis:.2f}",
        spoken=f"{title}. Больше всего: {greatest.full}, {sum_text(greatest.kopecks)}. Все числа — в таблице ниже.",
    )


def step_of(span: int) -> int:
    """A round step, of which about ROWS_WANTED make up the span; not less than a rouble."""
    power = 100
    while True:
        for digit in (1, 2, 5):
            if digit * power * ROWS_WANTED >= span:
                return digit * power
        power *= 10


def ticks_of(step: int, above: int, below: int) -> list[str]:
    """Words of the axis from top to bottom, all in one unit."""
    far = max(above, below) * step
    size, unit = next(((size, unit) for least, size, unit in UNITS if far >= least), (100, ""))
    return [_tick(number * step, size, unit) for number in range(above, -below - 1, -1)]


def labels_of(words: Sequence[str]) -> list[str]:
    """The words evenly thinned out, the others empty."""
    every = -(-len(words) // LABELS_MAX)
    return [word if number % every == 0 else "" for number, word in enumerate(words)]


def _tick(kopecks: int, size: int, unit: str) -> str:
    if kopecks == 0:
        return "0"
    whole, rest = divmod(abs(kopecks), size)
    tenth = f",{rest * 10 // size}" if rest else ""
    sign = MINUS if kopecks < 0 else ""
    return f"{sign}{count_text(whole)}{tenth}" + (f"{FIXED}{unit}" if unit else f"{FIXED}₽")
