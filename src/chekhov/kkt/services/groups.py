"""Groups of registers: adding, changing, moving, removing; putting registers into them; opening them to employees.

Every deed holds the cabinet's lock, so two moves at once never make a ring, and a group never goes while registers
come into it. An employee of some groups deals with those, with what is below them, and with nothing else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from chekhov.kkt.access import kkts_for_user
from chekhov.kkt.entering import line_trouble
from chekhov.kkt.errors import (
    GroupCodeTaken,
    GroupInsideItself,
    GroupNameTaken,
    GroupNotFound,
    KktNotFound,
)
from chekhov.kkt.icons import ICONS
from chekhov.kkt.models import Group, Kkt
from chekhov.kkt.services.power import Power, group_held, power_in_account, section_of
from chekhov.orgs.actor import Actor, deed_record
from chekhov.orgs.errors import ChangedMeanwhile, FieldsWrong
from chekhov.orgs.services import account_lock, group_forget

NAME_CHARACTERS_MAX = 128
CODE_CHARACTERS_MAX = 20
MOVES_AN_ENTRY = 250  # an entry of the journal holds 8 kB of facts
CHANGED = "Группу уже изменил кто-то другой: посмотрите, какая она теперь"


@dataclass(frozen=True, slots=True)
class GroupRemoved:
    """What became of what a removed group held: how many registers and groups went to its parent."""

    kkts: int
    groups: int
    parent: Group | None


@transaction.atomic
def group_add(
    *,
    actor: Actor,
    account_id: int,
    name: str,
    code: str = "",
    icon: str = "",
    parent_id: int | None = None,
    child_ids: Collection[int] = (),
    now: dt.datetime,
) -> Group:
    """Add a group under `parent_id` (None: at the root); `child_ids` leave their old parents and come under it.

    Raises: FieldsWrong (name, code, icon), GroupNameTaken, GroupCodeTaken, GroupNotFound, GroupInsideItself,
    BeyondOwnGroups, SectionClosed.
    """
    power, tree = _begin(actor, account_id)
    _parent_check(power, tree, parent_id)
    group = Group(account_id=account_id, parent_id=parent_id, created_at=now)
    _fill(group, name, code, icon)
    above = {None, *_upwards(parent_id, tree)}
    _children_check(power, tree, child_ids, above)
    _save(group)
    _children_move([tree[number] for number in sorted(set(child_ids))], group.pk)
    _record(actor, "kkt.group_added", group, now, facts=_facts(group, child_ids))
    return group


@transaction.atomic
def group_change(
    *,
    actor: Actor,
    account_id: int,
    group_id: int,
    name: str,
    code: str = "",
    icon: str = "",
    parent_id: int | None = None,
    child_ids: Collection[int] | None = None,
    version: int,
    now: dt.datetime,
) -> Group:
    """Change all of a group at once. version: what the form was shown with.

    child_ids: exactly its children, None leaves them; who is left out goes to the group's parent.
    Raises: as `group_add`, and ChangedMeanwhile.
    """
    power, tree = _begin(actor, account_id)
    group = _held(power, account_id, group_id, version)
    if parent_id != group.parent_id:
        _parent_check(power, tree, parent_id)
    _fill(group, name, code, icon)
    before = group.parent_id
    group.parent_id = parent_id
    children = {one.pk for one in tree.values() if one.parent_id == group.pk}
    wanted = children if child_ids is None else set(child_ids)
    if parent_id in wanted:
        raise GroupInsideItself("Группа не может входить в группу, которую сама содержит")
    leaving = [tree[number] for number in sorted(children - wanted)]
    _ring_check(group, parent_id, tree)
    _children_check(power, tree, wanted - children, {group.pk, *_upwards(parent_id, tree)})
    if leaving:
        power.group_check(parent_id)
    group.version += 1
    _save(group)
    _children_move(leaving, parent_id)
    _children_move([tree[number] for number in sorted(wanted - children)], group.pk)
    facts = _facts(group, wanted - children) | {"parent_before_id": before}
    _record(actor, "kkt.group_changed", group, now, facts=facts)
    return group


@transaction.atomic
def group_move(
    *,
    actor: Actor,
    account_id: int,
    group_id: int,
    parent_id: int | None,
    version: int | None = None,
    now: dt.datetime,
) -> Group:
    """Put a group, with all it holds, under another (None: at the root). Moving where it stands changes nothing.

    version: what it was shown with; None moves whatever it has become. Raises: as `group_add`, ChangedMeanwhile.
    """
    power, tree = _begin(actor, account_id)
    group = _held(power, account_id, group_id, version)
    if group.parent_id == parent_id:
        return group
    _parent_check(power, tree, parent_id)
    power.group_check(group.parent_id)  # it leaves that one
    _ring_check(group, parent_id, tree)
    before, group.parent_id = group.parent_id, parent_id
    group.version += 1
    _save(group)
    facts = _facts(group) | {"parent_before_id": before}
    _record(actor, "kkt.group_moved", group, now, facts=facts)
    return group


@transaction.atomic
def group_remove(
    *, actor: Actor, account_id: int, group_id: int, version: int | None = None, now: dt.datetime
) -> GroupRemoved:
    """Remove a group: its registers and the groups in it go to its parent, or to the root and into no group.

    Who saw it only by its own name sees its registers no more. Rules of distribution into it go with it.
    Raises: GroupNotFound, GroupNameTaken if a group of that name stands at the parent already, ChangedMeanwhile,
    BeyondOwnGroups, SectionClosed.
    """
    power, tree = _begin(actor, account_id)
    group = _held(power, account_id, group_id, version)
    power.group_check(group.parent_id)
    parent = None if group.parent_id is None else tree[group.parent_id]
    children = sorted((one for one in tree.values() if one.parent_id == group.pk), key=lambda one: one.pk)
    kkts = Kkt.objects.filter(group=group).update(group=parent)
    group_forget(group_id=group.pk)
    # A child may have the name of the group itself, which stands at the parent until it is gone.
    Group.objects.filter(pk=group.pk).update(name=f"\x7f{group.pk}")
    _children_move(children, group.parent_id)
    facts = _facts(group) | {"kkts": kkts, "groups": len(children)}
    _record(actor, "kkt.group_removed", group, now, facts=facts)
    removed = GroupRemoved(kkts, len(children), parent)
    group.delete()
    return removed


@transaction.atomic
def kkts_assign(
    *, actor: Actor, account_id: int, group_id: int | None, kkt_ids: Collection[int], now: dt.datetime
) -> int:
    """Put registers into a group, or into none; says how many were elsewhere. All of them or none.

    Raises: KktNotFound if the doer may not see one of them, GroupNotFound, BeyondOwnGroups, SectionClosed.
    """
    power, tree = _begin(actor, account_id)
    _parent_check(power, tree, group_id)
    wanted = set(kkt_ids)
    seen = kkts_for_user(user=actor.user, now=now, section=section_of(actor))
    seen = seen.filter(pk__in=wanted, organisation__account_id=account_id)
    if seen.count() != len(wanted):
        raise KktNotFound("Среди выбранных касс есть такие, которых вы не видите или которых уже нет")
    group = None if group_id is None else tree[group_id]
    return kkts_move(actor, account_id, dict.fromkeys(wanted, group), now=now)


def kkts_move(
    actor: Actor,
    account_id: int,
    moves: Mapping[int, Group | None],
    *,
    now: dt.datetime,
    facts: Mapping[str, object] | None = None,
) -> int:
    """Put each register into its group and write every move to the journal; says how many were elsewhere.

    The caller holds the cabinet's lock and has checked what the doer may.
    """
    rows = Kkt.objects.select_for_update(no_key=True).filter(pk__in=moves).order_by("pk")
    before = dict(rows.values_list("pk", "group_id"))
    moved: dict[int | None, list[tuple[int, int | None]]] = {}
    for number, left in before.items():
        group = moves[number]
        target = None if group is None else group.pk
        if left != target:
            moved.setdefault(target, []).append((number, left))
    for target, pairs in moved.items():
        Kkt.objects.filter(pk__in=[number for number, _left in pairs]).update(group_id=target)
        for start in range(0, len(pairs), MOVES_AN_ENTRY):
            part = pairs[start : start + MOVES_AN_ENTRY]
            deed_record(
                actor,
                "kkt.assigned",
                now=now,
                object_kind="kkt_group",
                object_id=target or "none",
                account_id=account_id,
                facts={**(facts or {}), "count": len(part), "kkts_and_groups_before": part},
            )
    return sum(map(len, moved.values()))


def _begin(actor: Actor, account_id: int) -> tuple[Power, dict[int, Group]]:
    """Lock the cabinet, read what the doer may and the whole tree."""
    account_lock(account_id)
    power = power_in_account(actor, account_id)
    return power, {group.pk: group for group in Group.objects.filter(account_id=account_id)}


def _held(power: Power, account_id: int, group_id: int, version: int | None) -> Group:
    group = group_held(account_id, group_id)
    if power.group_ids is not None and group_id not in power.group_ids:
        raise GroupNotFound("Такой группы нет", group_id=group_id)
    if version is not None and group.version != version:
        raise ChangedMeanwhile(CHANGED)
    return group


def _parent_check(power: Power, tree: Mapping[int, Group], parent_id: int | None) -> None:
    """The place something is put into. The root is not for an employee of some groups."""
    if parent_id is None:
        power.group_check(None)
    elif parent_id not in tree or (power.group_ids is not None and parent_id not in power.group_ids):
        raise GroupNotFound("Такой группы нет", group_id=parent_id)


def _children_check(
    power: Power, tree: Mapping[int, Group], child_ids: Iterable[int], above: Collection[int | None]
) -> None:
    for number in child_ids:
        _parent_check(power, tree, number)
        if number in above:
            raise GroupInsideItself(f"Группа «{tree[number].name}» сама содержит эту группу")
        power.group_check(tree[number].parent_id)  # it leaves that one


def _ring_check(group: Group, parent_id: int | None, tree: Mapping[int, Group]) -> None:
    if group.pk in _upwards(parent_id, tree):
        raise GroupInsideItself("Группа не может входить в саму себя или в группу, которую содержит")


def _upwards(group_id: int | None, tree: Mapping[int, Group]) -> list[int]:
    """The group and all above it."""
    found: list[int] = []
    while group_id is not None and group_id not in found:
        found.append(group_id)
        group_id = tree[group_id].parent_id
    return found


def _fill(group: Group, name: str, code: str, icon: str) -> None:
    name, code, wrong = " ".join(name.split()), " ".join(code.split()), {}
    if not name:
        wrong["name"] = "Укажите название группы"
    elif trouble := line_trouble(name, "Название", NAME_CHARACTERS_MAX):
        wrong["name"] = trouble
    if trouble := line_trouble(code, "Код", CODE_CHARACTERS_MAX):
        wrong["code"] = trouble
    if icon and icon not in ICONS:
        wrong["icon"] = "Выберите иконку из списка"
    if wrong:
        raise FieldsWrong(wrong)
    group.name, group.code, group.icon = name, code, icon


def _save(group: Group) -> None:
    try:
        with transaction.atomic():
            group.save()
    except IntegrityError as error:
        if "kkt_group_code_once" in str(error):
            raise GroupCodeTaken(
                f"Код «{group.code}» уже есть у другой группы", group_code=group.code
            ) from error
        if "kkt_group_name_once" in str(error):
            raise GroupNameTaken(f"Группа «{group.name}» здесь уже есть", name=group.name) from error
        raise


def _children_move(children: Sequence[Group], parent_id: int | None) -> None:
    for child in children:
        child.parent_id = parent_id
        child.version += 1
        _save(child)


def _facts(group: Group, child_ids: Collection[int] = ()) -> dict[str, object]:
    facts: dict[str, object] = {"name": group.name, "code": group.code, "parent_id": group.parent_id}
    return facts | ({"children_ids": sorted(child_ids)[:MOVES_AN_ENTRY]} if child_ids else {})


def _record(
    actor: Actor, action: str, group: Group, now: dt.datetime, *, facts: Mapping[str, object]
) -> None:
    deed_record(
        actor,
        action,
        now=now,
        object_kind="kkt_group",
        object_id=group.pk,
        account_id=group.account_id,
        facts=facts,
    )
