"""The chart's drawing against its figures."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from chekhov.cabinet.overview.chart import (
    HEIGHT,
    LABELS_MAX,
    LEAST_HEIGHT,
    WIDTH,
    Entry,
    chart_of,
    labels_of,
    step_of,
    ticks_of,
)
from chekhov.face.figures import FIXED, MINUS, THIN

SUMS = st.lists(st.integers(-(10**13), 10**13), min_size=2, max_size=40).filter(any)


def entries(sums: list[int]) -> list[Entry]:
    return [Entry(str(number), f"День {number}", kopecks) for number, kopecks in enumerate(sums)]


@given(SUMS)
def test_columns_are_as_high_as_their_sums(sums: list[int]) -> None:
    chart = chart_of("Выручка", entries(sums))
    assert chart is not None
    axis = float(chart.axis)
    greatest = max(map(abs, sums))
    scale = max(float(bar.height) for bar in chart.bars) / greatest
    for bar, kopecks in zip(chart.bars, sums, strict=True):
        top, height = float(bar.y), float(bar.height)
        assert bar.below == (kopecks < 0)
        assert abs((top if bar.below else top + height) - axis) < 0.02
        assert top >= -2
        assert top + height <= HEIGHT + 2
        assert 0 <= float(bar.x) <= float(bar.x) + float(bar.width) <= WIDTH
        assert abs(height - abs(kopecks) * scale) < 0.02 or height == LEAST_HEIGHT


@given(SUMS)
def test_words_of_the_axis_stand_at_its_lines(sums: list[int]) -> None:
    chart = chart_of("Выручка", entries(sums))
    assert chart is not None
    assert len(chart.ticks) == len(chart.lines)
    assert chart.lines[chart.ticks.index("0")] == chart.axis
    assert len(set(chart.ticks)) == len(chart.ticks)
    assert len(chart.labels) == len(sums)
    assert 0 < sum(map(bool, chart.labels)) <= LABELS_MAX


@given(st.integers(0, 10**19))
def test_a_step_is_round_and_not_too_small(span: int) -> None:
    step = step_of(span)
    assert step * 4 >= span
    assert str(step).rstrip("0") in {"1", "2", "5"}
    assert step == 100 or step * 8 <= 5 * span


def test_words_of_the_axis() -> None:
    def plain(step: int, above: int, below: int) -> list[str]:
        ticks = ticks_of(step, above, below)
        return [tick.replace(FIXED, " ").replace(THIN, " ").replace(MINUS, "-") for tick in ticks]

    assert plain(500_00, 2, 1) == ["1 000 ₽", "500 ₽", "0", "-500 ₽"]
    assert plain(5_000_00, 2, 0) == ["10 тыс.", "5 тыс.", "0"]
    assert plain(500_000_00, 3, 0) == ["1,5 млн", "1 млн", "0,5 млн", "0"]


def test_nothing_is_drawn_of_nothing() -> None:
    assert chart_of("Выручка", entries([0, 0, 0])) is None
    assert chart_of("Выручка", entries([5])) is None


def test_labels_are_thinned_out_evenly() -> None:
    assert labels_of(["1", "2", "3"]) == ["1", "2", "3"]
    kept = [number for number, word in enumerate(labels_of([str(day) for day in range(31)])) if word]
    assert {after - before for before, after in pairwise(kept)} == {4}
