"""The board of groups as its template draws it: the tree at the left, what is in no group at the right.

The tree becomes a flat row of parts (a group begins, a register, a group ends), for it may be of any depth. Registers
are read only of groups that are open, fifty at a time.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from chekhov import clock
from chekhov.cabinet.access import person_of
from chekhov.cabinet.groups.asked import SHOWN_MAX, STEP, BoardAsked
from chekhov.face.figures import count_text, plural
from chekhov.kkt.access import kkts_for_user
from chekhov.kkt.models import Kkt
from chekhov.kkt.selectors_groups import GroupNode, groups_tree_for_user
from chekhov.kkt.selectors_lists import KktLine, KktsWanted, kkts_page
from chekhov.orgs.models import Membership
from chekhov.orgs.sections import Section

DEFAULT_ICON = "folder"
FOUND_MAX = 200


@dataclass(frozen=True, slots=True)
class Register:
    """A register in the tree or at the right."""

    id: int
    group_id: int | None
    name: str
    url: str
    address: str
    numbers: tuple[tuple[str, str], ...]

    @property
    def origin(self) -> str:
        """The number of its group; "" for none."""
        return "" if self.group_id is None else str(self.group_id)


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group in the tree. `movable`: the person may move it, for he sees where it stands."""

    id: int
    name: str
    code: str
    icon: str
    version: int
    counts: str
    opened: bool
    toggle_url: str
    change_url: str
    move_url: str
    origin: str
    movable: bool
    place: str


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the tree, in the order it is written. `url`: where «more» leads."""

    kind: Literal["begin", "kkt", "more", "all", "empty", "end"]
    group: GroupRow | None = None
    register: Register | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Board:
    """All of it. `free` is None for an employee of some groups only: what is in no group is not his."""

    asked: BoardAsked
    whole: bool
    parts: list[Part]
    has_groups: bool
    kkts: int
    free: list[Register] | None = None
    free_older: str = ""
    free_first: str = ""
    note: str = ""

    @property
    def has_registers(self) -> bool:
        """Whether registers are seen in the tree."""
        return any(part.kind == "kkt" for part in self.parts)

    @property
    def all_done(self) -> bool:
        """«Все Ваши кассы распределены по группам»."""
        return self.free == [] and not self.asked.free_text and not self.asked.free_before and self.kkts > 0


def board_of(request: HttpRequest, place: Membership, asked: BoardAsked) -> Board:
    """The board as this person sees it now."""
    person, now = person_of(request), clock.now()
    nodes = groups_tree_for_user(user=person, account_id=place.account_id, now=now)
    seen = kkts_for_user(user=person, now=now, section=Section.MANAGEMENT)
    if asked.text:
        parts, note = _found(nodes, seen, asked, now, whole=place.all_groups)
    else:
        parts, note = list(_parts(nodes, _Opened(seen, asked, now), whole=place.all_groups)), ""
    free, older = _free(seen, asked, now) if place.all_groups else (None, "")
    return Board(
        asked=asked,
        whole=place.all_groups,
        parts=parts,
        has_groups=bool(nodes),
        kkts=sum(node.kkts_total for node in nodes if node.depth == 0) + len(free or []),
        free=free,
        free_older=older,
        free_first=asked.with_free().url if asked.free_before else "",
        note=note,
    )


def counts_words(groups: int, kkts: int) -> str:
    """«2 группы 3 ККТ»; what there is none of is left out."""
    words = [f"{count_text(groups)} {plural(groups, 'группа', 'группы', 'групп')}"] if groups else []
    if kkts or not groups:
        words.append(f"{count_text(kkts)} ККТ")
    return " ".join(words)


def register_of(line: KktLine) -> Register:
    """The register as the board writes it: name, address, «РНМ: … ККТ: … ФН: …»."""
    kkt = line.kkt
    numbers = (("РНМ", kkt.rnm or ""), ("ККТ", line.serial), ("ФН", line.drive_serial))
    return Register(
        id=kkt.pk,
        group_id=kkt.group_id,
        name=kkt.name,
        url=_card_url(kkt.pk),
        address=line.address,
        numbers=tuple((word, number) for word, number in numbers if number),
    )


def _card_url(kkt_id: int) -> str:
    try:
        return reverse("kkt", args=(kkt_id,))
    except NoReverseMatch:
        return ""


def _free(seen: QuerySet[Kkt], asked: BoardAsked, now: dt.datetime) -> tuple[list[Register], str]:
    """A page of the right list, and where it goes on."""
    wanted = KktsWanted(no_group=True, text=asked.free_text)
    found = kkts_page(seen, wanted, now, before=asked.free_before or None, limit=STEP)
    older = asked.with_free(before=found.next_cursor).url if found.next_cursor else ""
    return [register_of(line) for line in found.rows], older


@dataclass(slots=True)
class _Opened:
    """Which groups are open, and the registers of each."""

    seen: QuerySet[Kkt]
    asked: BoardAsked
    now: dt.datetime

    def shows(self, node: GroupNode) -> bool:
        """Whether the group is unfolded."""
        return node.group.pk in self.asked.opened

    def toggle_url(self, node: GroupNode) -> str:
        """Where the group is folded or unfolded."""
        return self.asked.toggled(node.group.pk).url

    def inside(self, node: GroupNode, row: GroupRow) -> Iterator[Part]:
        """The registers of the group itself, and where the rest is."""
        if node.kkts:
            limit = self.asked.opened[node.group.pk]
            found = kkts_page(self.seen.filter(group_id=node.group.pk), KktsWanted(), self.now, limit=limit)
            yield from (Part("kkt", row, register_of(line)) for line in found.rows)
            if found.next_cursor and limit < SHOWN_MAX:
                yield Part("more", row, url=self.asked.with_more(node.group.pk).url)
            elif found.next_cursor:
                yield Part("all", row, url=f"{reverse('management')}?group={node.group.pk}")
        elif not node.groups:
            yield Part("empty", row)


@dataclass(slots=True)
class _Found:
    """The search: groups on the way to what was found are open, with the registers that were found."""

    asked: BoardAsked
    opened: set[int]
    registers: dict[int, list[Register]]

    def shows(self, node: GroupNode) -> bool:
        """Whether something was found inside."""
        return node.group.pk in self.opened

    def toggle_url(self, node: GroupNode) -> str:
        """Out of the search into the group."""
        return self.asked.found_open(node.group.pk).url

    def inside(self, node: GroupNode, row: GroupRow) -> Iterator[Part]:
        """What was found in the group itself."""
        yield from (Part("kkt", row, one) for one in self.registers.get(node.group.pk, []))


def _found(
    nodes: list[GroupNode], seen: QuerySet[Kkt], asked: BoardAsked, now: dt.datetime, *, whole: bool
) -> tuple[list[Part], str]:
    """Groups called so, registers called so, and the way to them."""
    page = kkts_page(seen.filter(group__isnull=False), KktsWanted(text=asked.text), now, limit=FOUND_MAX)
    registers: dict[int, list[Register]] = defaultdict(list)
    for line in page.rows:
        registers[line.kkt.group_id or 0].append(register_of(line))
    word = asked.text.casefold()
    named = {
        node.group.pk
        for node in nodes
        if word in node.group.name.casefold() or word in node.group.code.casefold()
    }
    known = {node.group.pk: node for node in nodes}
    kept, opened = set(named) | set(registers), set(registers)
    for number in list(kept):
        node = known.get(number)
        parent = node.group.parent_id if node else None
        while parent is not None and parent in known and parent not in opened:
            opened.add(parent)
            kept.add(parent)
            parent = known[parent].group.parent_id
    shown = [node for node in nodes if node.group.pk in kept]
    state = _Found(asked, opened, registers)
    note = f"Показаны первые {FOUND_MAX} касс: уточните поиск." if page.next_cursor else ""
    return list(_parts(shown, state, whole=whole)), note


def _parts(nodes: Iterable[GroupNode], state: _Opened | _Found, *, whole: bool) -> Iterator[Part]:
    """The tree as a row of parts; nodes come each before those below it."""
    stack: list[tuple[GroupNode, GroupRow]] = []

    def close() -> Iterator[Part]:
        node, row = stack.pop()
        if row.opened:
            yield from state.inside(node, row)
        yield Part("end", row)

    links = Links(state.asked)
    hidden: int | None = None
    for node in nodes:
        if hidden is not None and node.depth > hidden:
            continue
        hidden = None
        while stack and stack[-1][0].depth >= node.depth:
            yield from close()
        row = _row(node, state, links, whole=whole)
        yield Part("begin", row)
        stack.append((node, row))
        if not row.opened:
            hidden = node.depth
    while stack:
        yield from close()


class Links:
    """Addresses of a group's pages. They are in every row of the tree, so what they share is made once."""

    def __init__(self, asked: BoardAsked) -> None:
        """Leading back to the board in this state."""
        self._query = f"?{query}" if (query := asked.query) else ""
        self._change = reverse("group", args=(0,)).rpartition("0")
        self._move = reverse("group_move", args=(0,)).rpartition("0")

    def change_url(self, group_id: int) -> str:
        """The window of a change."""
        return f"{self._change[0]}{group_id}{self._change[2]}{self._query}"

    def move_url(self, group_id: int) -> str:
        """Where a drag is sent."""
        return f"{self._move[0]}{group_id}{self._move[2]}"


def _row(node: GroupNode, state: _Opened | _Found, links: Links, *, whole: bool) -> GroupRow:
    group = node.group
    return GroupRow(
        id=group.pk,
        name=group.name,
        code=group.code,
        icon=group.icon or DEFAULT_ICON,
        version=group.version,
        counts=counts_words(node.groups_total, node.kkts_total),
        opened=state.shows(node),
        toggle_url=state.toggle_url(node),
        change_url=links.change_url(group.pk),
        move_url=links.move_url(group.pk),
        origin="root" if group.parent_id is None else str(group.parent_id),
        movable=whole or node.depth > 0,
        place=node.path_text,
    )
