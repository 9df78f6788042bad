"""A small column chart drawn as SVG with attributes only; the same figures stand in a table under it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

WIDTH, HEIGHT, GAP = 300, 40, 1


@dataclass(frozen=True, slots=True)
class Bar:
    """A column: place and size in the units of the view box, and what it tells."""

    x: str
    y: str
    width: str
    height: str
    at: dt.datetime
    number: int


@dataclass(frozen=True, slots=True)
class Bars:
    """The chart; `most` is the highest column's number."""

    view_box: str
    columns: list[Bar]
    most: int


def bars(series: Sequence[tuple[dt.datetime, int]]) -> Bars:
    """Columns for a series in order; an empty minute keeps a line's height, so that the axis is seen."""
    most = max((number for _, number in series), default=0)
    step = WIDTH / max(len(series), 1)
    columns = []
    for place, (at, number) in enumerate(series):
        height = max(1.0, (HEIGHT - 2) * number / most) if most else 1.0
        columns.append(
            Bar(
                f"{place * step:.2f}",
                f"{HEIGHT - height:.2f}",
                f"{max(step - GAP, 0.5):.2f}",
                f"{height:.2f}",
                timezone.localtime(at),
                number,
            )
        )
    return Bars(f"0 0 {WIDTH} {HEIGHT}", columns, most)
