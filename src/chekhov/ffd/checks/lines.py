"""Items of a receipt: shape, listed values and arithmetic of each, in one pass.

The hot loop of format control. An item is not made into a dictionary unless something about it asks for that:
the columns of its nodes are taken apart at one stroke, the tags are looked up as a whole, and the plan of the
shape tells at which places the sum, the price, the quantity and the rate stand.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from chekhov.ffd.checks import receipts, requisites, sums
from chekhov.ffd.checks.case import Case, Values, unreadable_dropped, values_of
from chekhov.ffd.checks.nested import faults_tell, group_check, nodes_judge, values_judge
from chekhov.ffd.checks.plans import ITEM_TAG, USUAL_ITEMS, Plan, group_plan
from chekhov.ffd.checks.vat import vat_table
from chekhov.ffd.versions import FfdVersion
from chekhov.tlv import Nodes, Plain

_HALF: Final = Decimal("0.5")
_MINUS_HALF: Final = Decimal("-0.5")

_Money = tuple[Any, Any, Any, Any, Any]  # 1043, 1079, 1023, 1199, 1200 of an item; None for what is absent


def lines_check(case: Case, version: FfdVersion, nodes: list[Plain]) -> None:
    """Each item (1059) by itself, then all of them against the totals of the receipt. `nodes`: the items."""
    bases: dict[int, int] = {}
    counts: dict[int, int] = {}
    table = vat_table(case.first.get(1012))
    in_force = table.in_force
    usual = USUAL_ITEMS[version]
    spoilt = bool(case.document.defects)
    lines_kopecks = 0
    whole = True
    for index, node in enumerate(nodes):
        members: Any = node[3]
        money = None
        if not spoilt and members and isinstance(members, Nodes):
            tags, _, _, values = zip(*members.plain())  # noqa: B905  # all of one length
            money = usual[tags]
        if money is not None and money.pick(values) in money.good:
            line, price, quantity, code = money.take(values)
            vat = values[money.vat_at] if money.vat_at is not None else 0
        else:
            line, price, quantity, code, vat = _item_slowly(case, version, index, members)
        if line is None:
            whole = False
            continue
        lines_kopecks += line
        if (
            price is not None
            and quantity is not None
            and not (_MINUS_HALF < line - price * quantity <= _HALF and quantity)
        ):
            sums.line_judge(case, index, values_of(members))
        percent = in_force.get(code)
        if percent is None:
            if code is None:
                continue
            percent = table.percents.get(code)
            if percent is None:
                whole = False
                continue
            sums.rate_date_judge(case, index, values_of(members))
        bases[code] = bases.get(code, 0) + line
        counts[code] = counts.get(code, 0) + 1
        if vat:
            # |vat − line·r/(100+r)| ≤ 1½ kopecks, without a division: a kopeck of tolerance, and rounding
            divisor = 100 + percent
            if not -3 * divisor <= 2 * (vat * divisor - line * percent) <= 3 * divisor:
                sums.vat_line_judge(case, index, values_of(members), percent)
    if whole:
        sums.totals_check(case, table.percents, bases, counts, lines_kopecks)


def _item_slowly(case: Case, version: FfdVersion, index: int, members: Any) -> _Money:
    """An item of an unusual shape, or with a value not met yet, or in a document that was hard to read."""
    within = f"items[{index}]"
    if not isinstance(members, Nodes):
        return None, None, None, None, None
    item = values_of(members)
    if case.document.defects:
        item = unreadable_dropped(item)
    plan = group_plan(ITEM_TAG, version, members.columns()[0])
    faults_tell(case, plan, within)
    if plan.repeats:
        nodes_judge(case, plan, members, within)
    else:
        values_judge(case, plan, item, within)
    if plan.ruled or item.get(1212) in receipts.MARKED_KINDS:
        _item_rules(case, index, item, plan)
        for member in members.plain():
            if member[0] in plan.groups:
                group_check(case, member, version, within)
    if 1198 in item:
        sums.vat_unit_judge(case, index, item)
    return item.get(1043), item.get(1079), item.get(1023), item.get(1199), item.get(1200)


def _item_rules(case: Case, index: int, item: Values, plan: Plan) -> None:
    if item.get(1212) in receipts.MARKED_KINDS:
        receipts.item_kind(case, index, item)
    if not receipts.AGENT_TAGS.isdisjoint(item):
        receipts.item_agent(case, index, item)
    if not receipts.MARKING_TAGS.isdisjoint(item):
        receipts.item_marking(case, index, item)
    if plan.masked:
        requisites.text_masks(case, item, f"items[{index}]")
