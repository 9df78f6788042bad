"""A step of a way something goes: what, when, a word about it, and whether it is done."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from chekhov.face.cells import State


@dataclass(frozen=True, slots=True)
class Step:
    """One step for `components/steps.html`; `at` None: not yet."""

    label: str
    at: dt.datetime | None
    text: str
    state: State
