"""Names of deeds and their Russian words. A name that is not here cannot be written to the journal.

Names are `room.deed_done`, and never change their meaning: old entries are read with today's words.
A room keeps its own words in `<room>/actions.py` and registers them there, at import.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from chekhov.audit.errors import UnknownAction

NAME_CHARACTERS_MAX = 64
NAME_FORM = re.compile(r"[a-z]+\.[a-z][a-z_]+\Z")

ACTIONS: dict[str, str] = {}
"""Name of the deed → what the journal says, in the past and without a person: «Изменён телефон»."""


def actions_register(words: Mapping[str, str]) -> None:
    """Add a room's deeds. Raises: UnknownAction for a name of another form or one that has other words."""
    for name, wording in words.items():
        if not NAME_FORM.match(name) or len(name) > NAME_CHARACTERS_MAX or not wording.strip():
            raise UnknownAction(f"not a name of a deed with its words: {name!r}", action=name)
        if ACTIONS.setdefault(name, wording) != wording:
            raise UnknownAction(f"{name} already means «{ACTIONS[name]}»", action=name)


def wording(action: str) -> str:
    """What the journal says of a deed; the name itself for one that a later version has dropped."""
    return ACTIONS.get(action, action)
