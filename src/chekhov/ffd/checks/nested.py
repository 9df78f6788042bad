"""Listed values of any level, and groups with all that is in them."""

from __future__ import annotations

from typing import Any, Final

from chekhov.ffd.checks import receipts, requisites
from chekhov.ffd.checks.case import Case, Values, key_of, values_of
from chekhov.ffd.checks.plans import Listed, Plan, group_plan
from chekhov.ffd.versions import FfdVersion
from chekhov.tlv import Nodes, Plain

GOOD_KEPT: Final = 512
"""Handfuls of listed values remembered as good, for each shape."""

_DIGITS_MAX: Final = 9


def faults_tell(case: Case, plan: Plan, within: str) -> None:
    """What the shape of a level deserves."""
    for code, tag, detail in plan.faults:
        case.add(code, tag, detail, within=within)


def values_judge(case: Case, plan: Plan, values: Values, within: str) -> None:
    """Judge the listed values of one level; remember the handful if all of it is in order.

    Items of marked goods are not remembered: there is more to be asked of them.
    """
    before = len(case.found)
    for listed in plan.listed:
        if listed.tag in values:
            _value_judge(case, listed, values[listed.tag], within)
    if (
        len(case.found) == before
        and plan.pick is not None
        and not case.document.defects
        and values.get(1212) not in receipts.MARKED_KINDS
    ):
        if len(plan.good) >= GOOD_KEPT:
            plan.good.clear()
        plan.good.add(plan.pick(values))


def nodes_judge(case: Case, plan: Plan, nodes: Nodes, within: str) -> None:
    """Judge the listed values of a level in which a tag may come twice."""
    listed_by_tag = {one.tag: one for one in plan.listed}
    for node in nodes.plain():
        listed = listed_by_tag.get(node[0])
        if listed is not None:
            _value_judge(case, listed, node[3], within)


def _value_judge(case: Case, listed: Listed, value: Any, within: str) -> None:
    """One value against its list. Bytes could not be read, which is told elsewhere."""
    if isinstance(value, (bytes, tuple)):
        return
    if isinstance(value, str):
        value = _code_of(listed, value.strip())
    bits = value & ~listed.mask if listed.mask and isinstance(value, int) else 0
    if bits or (not listed.mask and value not in listed.allowed):
        code = listed.code
        if code == "taxation_not_single" and value in receipts.TAXATION_UNSURE:
            code = "bits_unlisted"
        case.add(code, listed.tag, f"получено {value}", within=within)


def _code_of(listed: Listed, text: str) -> int | str:
    """A code that is sent as text (1245, 1262) in the type its list has."""
    if any(isinstance(code, str) for code in listed.allowed):
        return text
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS_MAX else text


def group_check(case: Case, node: Plain, version: FfdVersion | None, within: str) -> None:
    """Shape, values and masks inside a group, and in the groups inside it. Depth is bounded by decoding."""
    members = node[3]
    if not isinstance(members, Nodes):
        return
    within = f"{within}.{key_of(node[0])}" if within else key_of(node[0])
    plan = group_plan(node[0], version, members.columns()[0])
    faults_tell(case, plan, within)
    if plan.listed:
        nodes_judge(case, plan, members, within)
    if plan.masked:
        requisites.text_masks(case, values_of(members), within)
    if plan.groups:
        for member in members.plain():
            if member[0] in plan.groups:
                group_check(case, member, version, within)
