"""Answers that hold while one page is made."""

from __future__ import annotations

import threading

import pytest

from chekhov.db.reading import answered, read_once


class Asker:
    """Counts how often it is asked."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> int:
        self.times += 1
        return self.times


def test_outside_everything_is_asked_anew() -> None:
    ask = Asker()
    assert [answered("place", 1, ask), answered("place", 1, ask)] == [1, 2]


def test_inside_a_question_is_asked_once_and_forgotten_with_the_block() -> None:
    ask = Asker()
    with read_once():
        assert [answered("place", 1, ask), answered("place", 1, ask)] == [1, 1]
    assert answered("place", 1, ask) == 2


def test_questions_and_whom_they_are_of_are_told_apart() -> None:
    ask = Asker()
    with read_once():
        asked = [answered("place", 1, ask), answered("place", 2, ask), answered("partner", 1, ask)]
    assert asked == [1, 2, 3]


def test_nothing_is_an_answer_too() -> None:
    asked: list[int] = []
    with read_once():
        for _ in range(2):
            assert answered("place", 1, lambda: asked.append(1)) is None
    assert asked == [1]


def test_what_failed_is_asked_again_and_the_block_leaves_nothing() -> None:
    ask = Asker()

    def fail() -> int:
        raise LookupError

    with pytest.raises(LookupError), read_once():
        answered("place", 1, fail)
    with read_once():
        with pytest.raises(LookupError):
            answered("place", 1, fail)
        assert answered("place", 1, ask) == 1
    assert answered("place", 1, ask) == 2


def test_another_thread_has_its_own_answers() -> None:
    ask = Asker()
    found: list[int] = []
    with read_once():
        answered("place", 1, ask)
        other = threading.Thread(target=lambda: found.append(answered("place", 1, ask)))
        other.start()
        other.join()
    assert found == [2]
