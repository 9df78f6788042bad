"""What the address of the board asks for: which groups are open, what is looked for, where the right list goes on.

The folding lives in the address, so that a page taken back, sent or reloaded is as it was, without script too.
What the address says amiss is taken as not said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

STEP: Final = 50
SHOWN_MAX: Final = 500
OPEN_MAX: Final = 300
TEXT_MAX: Final = 128
ID_DIGITS_MAX: Final = 18


@dataclass(frozen=True, slots=True)
class BoardAsked:
    """The state of the board. opened: number of a group → how many of its registers are shown."""

    opened: Mapping[int, int] = field(default_factory=dict)
    text: str = ""
    free_text: str = ""
    free_before: str = ""

    @property
    def query(self) -> str:
        """The same as the query of an address, without «?»."""
        return urlencode([(name, value) for name, value in self._values if value])

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """As hidden fields of a form; what is open always has its field, for the script keeps it up to date."""
        return [(name, value) for name, value in self._values if value or name == "open"]

    @property
    def _values(self) -> list[tuple[str, str]]:
        opened = (f"{one}-{shown}" if shown > STEP else str(one) for one, shown in self.opened.items())
        return [
            ("open", ",".join(opened)),
            ("q", self.text),
            ("free", self.free_text),
            ("before", self.free_before),
        ]

    @property
    def url(self) -> str:
        """The board in this state."""
        return self.at("groups")

    def at(self, name: str, *args: object) -> str:
        """A page of groups that leads back to the board in this state."""
        query = self.query
        return reverse(name, args=args) + (f"?{query}" if query else "")

    def toggled(self, group_id: int) -> BoardAsked:
        """With the group folded, or unfolded."""
        opened = dict(self.opened)
        if opened.pop(group_id, None) is None:
            opened[group_id] = STEP
        return replace(self, opened=opened)

    def with_open(self, *group_ids: int | None) -> BoardAsked:
        """With these groups unfolded."""
        fresh = {number: STEP for number in group_ids if number is not None and number not in self.opened}
        return replace(self, opened={**self.opened, **fresh})

    def with_more(self, group_id: int) -> BoardAsked:
        """With the next registers of the group shown too."""
        shown = min(self.opened.get(group_id, 0) + STEP, SHOWN_MAX)
        return replace(self, opened={**self.opened, group_id: shown})

    def found_open(self, group_id: int) -> BoardAsked:
        """Out of the search into the group."""
        return replace(self.with_open(group_id), text="")

    def without_text(self) -> BoardAsked:
        """Without the search at the left."""
        return replace(self, text="")

    def with_free(self, *, text: str | None = None, before: str = "") -> BoardAsked:
        """With the list at the right narrowed, or gone on."""
        return replace(self, free_text=self.free_text if text is None else text, free_before=before)


def board_asked(query: QueryDict) -> BoardAsked:
    """The state an address tells."""
    opened: dict[int, int] = {}
    for part in query.get("open", "").split(",")[:OPEN_MAX]:
        number, _dash, shown = part.partition("-")
        if _is_number(number):
            opened[int(number)] = min(max(int(shown), STEP), SHOWN_MAX) if _is_number(shown) else STEP
    return BoardAsked(
        opened=opened,
        text=_line(query.get("q", "")),
        free_text=_line(query.get("free", "")),
        free_before=query.get("before", "")[:1000],
    )


def numbers_asked(values: list[str]) -> list[int]:
    """Numbers of rows as a form sent them; what is no number is dropped."""
    return list(dict.fromkeys(int(value) for value in values if _is_number(value)))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= ID_DIGITS_MAX


def _line(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= TEXT_MAX and text.isprintable() else ""
