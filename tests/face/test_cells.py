import datetime as dt

import pytest
from django.utils import timezone

from chekhov.face.cells import Digits, Link, Money, State, Two, cell

MSK = dt.timezone(dt.timedelta(hours=3))


@pytest.mark.parametrize(
    "value",
    [
        "<script>alert(1)</script>",
        Two("<script>", "<script>"),
        Link("/x/", "<script>"),
        Link('/"><script>', "x"),
        Link("/x/", "x", '"><script>'),
        State("fine", "<script>"),
        Digits("<script>", copy=True),
        ["<script>"],
    ],
)
def test_text_is_always_escaped(value: object) -> None:
    assert "<script>" not in cell(value)


def test_a_link_tells_its_full_words_and_may_open_a_window() -> None:
    assert cell(Link("/x/", "Открыть")) == '<a href="/x/">Открыть</a>'
    opened = cell(Link("/x/", "Открыть", "Открыть вход", modal=True))
    assert opened == '<a href="/x/" aria-label="Открыть вход" data-modal>Открыть</a>'


def test_nothing_is_a_dash() -> None:
    assert "—" in cell(None)
    assert "—" in cell("")
    assert "—" in cell(Money(None))


def test_zero_is_not_nothing() -> None:
    assert "0,00" in cell(Money(0))
    assert ">0<" in cell(0)


def test_a_state_has_a_word_and_an_icon() -> None:
    html = cell(State("attention", "Неопознанная"))
    assert "Неопознанная" in html
    assert "#alert-triangle" in html


def test_local_moments_stay_and_aware_ones_are_shown_in_the_operators_zone() -> None:
    local = cell(dt.datetime(2017, 10, 30, 11, 7))  # noqa: DTZ001
    assert ">30.10.2017 11:07<" in local
    with timezone.override("Europe/Moscow"):
        aware = cell(dt.datetime(2017, 10, 30, 8, 7, tzinfo=dt.UTC))
    assert ">30.10.2017 11:07<" in aware
    assert 'datetime="2017-10-30T08:07:00+00:00"' in aware


def test_digits_are_shown_in_blocks_and_copied_whole() -> None:
    html = cell(Digits("9999078900001234", copy=True))
    assert "9999\u00a00789\u00a00000\u00a01234" in html
    assert 'data-copy="9999078900001234"' in html
