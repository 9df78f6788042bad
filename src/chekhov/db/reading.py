"""Answers of the database that hold while one page is made.

A page that is only looked at asks who stands before it from many places, all alike. Inside `read_once` each of them
gets the first answer; outside, and in every other request, the database is asked anew. Nothing outlives the block,
and nothing that changes data runs inside one: it would go on with what it has changed itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

Answer = TypeVar("Answer")

_answers: ContextVar[dict[tuple[str, int], Any] | None] = ContextVar("chekhov_answers", default=None)


@contextmanager
def read_once() -> Iterator[None]:
    """Keep the answers of `answered` to the end of the block; blocks within it have their own."""
    token = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(token)


def answered(question: str, of: int, ask: Callable[[], Answer]) -> Answer:
    """What `ask` gives; inside `read_once`, what it gave the first time. `question` and `of` (a number) name it."""
    kept = _answers.get()
    if kept is None:
        return ask()
    key = (question, of)
    if key not in kept:
        kept[key] = ask()
    answer: Answer = kept[key]
    return answer
