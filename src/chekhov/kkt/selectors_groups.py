"""Questions about groups of registers: the tree with its counts, who sees which."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Count

from chekhov.kkt.access import Person, groups_for_user
from chekhov.kkt.models import Group, Kkt
from chekhov.orgs.models import GroupAccess, Membership
from chekhov.orgs.sections import Section

PATH_SIGN = " → "


@dataclass(frozen=True, slots=True)
class GroupNode:
    """A group in the tree, with how many registers and groups it holds: itself, and with all below it.

    `depth` 0: at the root, or the topmost that the asker sees. `path`: names from the top, this one too.
    """

    group: Group
    depth: int
    path: tuple[str, ...]
    kkts: int
    kkts_total: int
    groups: int
    groups_total: int

    @property
    def path_text(self) -> str:
        """«Пермский край → Кунгурский район»."""
        return PATH_SIGN.join(self.path)


@dataclass(frozen=True, slots=True)
class GroupAccessOf:
    """Which groups an employee sees: all, or those named, each with all below."""

    everything: bool
    groups: tuple[Group, ...] = ()


def groups_for_account(*, account_id: int) -> list[Group]:
    """All groups of a cabinet, by name."""
    return list(Group.objects.filter(account_id=account_id).order_by("name", "id"))


def groups_tree(*, account_id: int, group_ids: Collection[int] | None = None) -> list[GroupNode]:
    """The tree, each group before those below it, neighbours by name. Two queries, whatever its size.

    group_ids: those to show, None for all; a group whose parent is not shown stands at the top.
    """
    groups = groups_for_account(account_id=account_id)
    if group_ids is not None:
        shown = set(group_ids)
        groups = [group for group in groups if group.pk in shown]
    held = dict(
        Kkt.objects.filter(group__account_id=account_id)
        .order_by()
        .values_list("group_id")
        .annotate(Count("id"))
    )
    return _nodes(groups, held)


def groups_tree_for_user(
    *, user: Person, account_id: int, now: dt.datetime, section: Section = Section.MANAGEMENT
) -> list[GroupNode]:
    """The part of a cabinet's tree the person sees."""
    seen = groups_for_user(user=user, now=now, section=section).filter(account_id=account_id)
    return groups_tree(account_id=account_id, group_ids=set(seen.order_by().values_list("pk", flat=True)))


def group_access_of(membership: Membership) -> GroupAccessOf:
    """The groups open to an employee, by name."""
    if membership.all_groups:
        return GroupAccessOf(everything=True)
    ids = GroupAccess.objects.filter(membership=membership).values_list("group_id", flat=True)
    groups = Group.objects.filter(pk__in=list(ids), account_id=membership.account_id).order_by("name", "id")
    return GroupAccessOf(everything=False, groups=tuple(groups))


def _nodes(groups: list[Group], held: Mapping[int | None, int]) -> list[GroupNode]:
    """Preorder without recursion: a tree may be deeper than Python's stack."""
    known = {group.pk: group for group in groups}
    below: dict[int | None, list[Group]] = defaultdict(list)
    for group in groups:
        below[group.parent_id if group.parent_id in known else None].append(group)
    order: list[tuple[Group, int, tuple[str, ...]]] = []
    stack: list[tuple[Group, int, tuple[str, ...]]]
    stack = [(group, 0, (group.name,)) for group in reversed(below[None])]
    while stack:
        group, depth, path = stack.pop()
        order.append((group, depth, path))
        stack.extend((child, depth + 1, (*path, child.name)) for child in reversed(below.get(group.pk, [])))
    kkts_total: dict[int, int] = {}
    groups_total: dict[int, int] = {}
    for group, _depth, _path in reversed(order):
        children = below.get(group.pk, [])
        kkts_total[group.pk] = held.get(group.pk, 0) + sum(kkts_total[child.pk] for child in children)
        groups_total[group.pk] = sum(1 + groups_total[child.pk] for child in children)
    return [
        GroupNode(
            group=group,
            depth=depth,
            path=path,
            kkts=held.get(group.pk, 0),
            kkts_total=kkts_total[group.pk],
            groups=len(below.get(group.pk, [])),
            groups_total=groups_total[group.pk],
        )
        for group, depth, path in order
    ]
