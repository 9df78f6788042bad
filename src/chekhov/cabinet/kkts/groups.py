"""Groups of registers as a list to choose from: children stand under their parents, set in."""

from __future__ import annotations

import datetime as dt
from typing import Final

from chekhov.cabinet.kkts.filters import NO_GROUP
from chekhov.cabinet.kkts.section import Visitor
from chekhov.kkt.access import groups_for_user
from chekhov.kkt.models import Group

STEP: Final = "\N{EM SPACE}"


def group_choices(visitor: Visitor, now: dt.datetime) -> list[tuple[str, str]]:
    """Number and name of the groups he sees, in the order of the tree; partners see no customer's groups."""
    if visitor.place is None:
        return []
    groups = groups_for_user(user=visitor.person, now=now, section=visitor.section_seen)
    return _tree(list(groups.only("name", "parent_id")))


def _tree(groups: list[Group]) -> list[tuple[str, str]]:
    """Each group before those below it; whose parent is not seen stands at the top. Nothing is counted."""
    seen = {group.pk for group in groups}
    below: dict[int | None, list[Group]] = {}
    for group in groups:
        below.setdefault(group.parent_id if group.parent_id in seen else None, []).append(group)
    found: list[tuple[str, str]] = []
    stack = [(group, 0) for group in reversed(below.get(None, []))]
    while stack:
        group, depth = stack.pop()
        found.append((str(group.pk), f"{STEP * depth}{group.name}"))
        stack += [(child, depth + 1) for child in reversed(below.get(group.pk, []))]
    return found


def group_filters(visitor: Visitor, now: dt.datetime) -> list[tuple[str, str]]:
    """What a list can be narrowed by: also «Без группы», for those who see such registers."""
    found = group_choices(visitor, now)
    everything = visitor.place is not None and visitor.place.all_groups
    return [(NO_GROUP, "Без группы"), *found] if found and everything else found


def group_wanted_choices(visitor: Visitor, now: dt.datetime) -> list[tuple[str, str]]:
    """Where registers can be put: into none too, by those who would still see them. Empty: there are no groups."""
    found = group_choices(visitor, now)
    everything = visitor.place is not None and visitor.place.all_groups
    return [("", "Без группы"), *found] if found and everything else found
