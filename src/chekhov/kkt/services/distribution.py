"""«Распределить ККТ автоматически»: ordered rules, a preview of every move, and the moves themselves."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db import transaction

from chekhov.kkt.entering import line_trouble
from chekhov.kkt.errors import BeyondOwnGroups, RulesWrong
from chekhov.kkt.masks import mask_matches
from chekhov.kkt.models import DistributionRule, Group, Kkt, RuleKind
from chekhov.kkt.regions import REGIONS, region_of
from chekhov.kkt.selectors_lists import Statement
from chekhov.kkt.services.groups import kkts_move
from chekhov.kkt.services.power import power_in_account
from chekhov.kkt.tariffs import TARIFFS
from chekhov.orgs.actor import Actor, deed_record
from chekhov.orgs.errors import ChangedMeanwhile
from chekhov.orgs.models import Organisation
from chekhov.orgs.services import account_lock

RULES_MAX = 100
VALUE_CHARACTERS_MAX = 128
CHANGED = "Пока вы смотрели, кассы, группы или правила изменились: проверьте перемещения ещё раз"


@dataclass(frozen=True, slots=True)
class RuleForm:
    """A line of the form of rules."""

    kind: str
    value: str
    group_id: int


class _Register(NamedTuple):
    kkt_id: int
    name: str
    rnm: str | None
    organisation_id: int
    group_id: int | None
    tariff: str
    address: str


@dataclass(frozen=True, slots=True)
class Move:
    """A register, where it is, where it goes, by which rule (its place, from 1)."""

    kkt_id: int
    name: str
    rnm: str | None
    address: str
    before: Group | None
    after: Group
    rule_place: int


@dataclass(frozen=True, slots=True)
class Preview:
    """Every move the rules make now. `staying`: are where their rule puts them; `unmatched`: no rule fits.

    `token`: to be given with «Применить», so that nothing is done but what was shown.
    """

    moves: list[Move]
    staying: int
    unmatched: int
    token: str


def rules_of_account(*, account_id: int) -> list[DistributionRule]:
    """The rules in their order."""
    return list(
        DistributionRule.objects.filter(account_id=account_id).select_related("group").order_by("place")
    )


def rules_token(rules: Sequence[DistributionRule]) -> str:
    """What a form of rules is shown with, to be given back with it."""
    return _digest([(rule.kind, rule.value, rule.group_id) for rule in rules])


@transaction.atomic
def rules_set(
    *, actor: Actor, account_id: int, rules: Sequence[RuleForm], token: str | None = None, now: dt.datetime
) -> list[DistributionRule]:
    """Make the rules exactly these, in this order. token: of those the form was shown with; None overwrites.

    Raises: RulesWrong, ChangedMeanwhile, BeyondOwnGroups to an employee of some groups, SectionClosed.
    """
    account_lock(account_id)
    _whole_check(actor, account_id)
    before = rules_of_account(account_id=account_id)
    if token is not None and rules_token(before) != token:
        raise ChangedMeanwhile("Правила уже изменил кто-то другой: посмотрите, какие они теперь")
    if len(rules) > RULES_MAX:
        raise RulesWrong(f"Правил может быть не больше {RULES_MAX}")
    groups = set(Group.objects.filter(account_id=account_id).values_list("pk", flat=True))
    rows = [
        DistributionRule(account_id=account_id, place=place, **_rule_clean(place, rule, account_id, groups))
        for place, rule in enumerate(rules, 1)
    ]
    if rules_token(rows) == rules_token(before):
        return before
    DistributionRule.objects.filter(account_id=account_id).delete()
    DistributionRule.objects.bulk_create(rows)
    deed_record(
        actor,
        "kkt.rules_changed",
        now=now,
        object_kind="kkt_rules",
        object_id=account_id,
        account_id=account_id,
        facts={"count": len(rows), "rules": [f"{row.kind}: {row.value}"[:60] for row in rows[:40]]},
    )
    return rules_of_account(account_id=account_id)


def distribution_preview(
    *, actor: Actor, account_id: int, now: dt.datetime, only_unassigned: bool = True
) -> Preview:
    """What the rules would do now. only_unassigned: leave registers that are in a group where they are.

    Raises: BeyondOwnGroups, SectionClosed.
    """
    _whole_check(actor, account_id)
    rules = rules_of_account(account_id=account_id)
    groups = {group.pk: group for group in Group.objects.filter(account_id=account_id)}
    tests = [(rule, _test_of(rule)) for rule in rules]
    moves, staying, unmatched = [], 0, 0
    for register in _registers(account_id, now, only_unassigned=only_unassigned):
        rule = next((rule for rule, fits in tests if fits(register)), None)
        if rule is None:
            unmatched += 1
        elif rule.group_id == register.group_id:
            staying += 1
        else:
            before = None if register.group_id is None else groups[register.group_id]
            moves.append(
                Move(
                    register.kkt_id, register.name, register.rnm, register.address, before,
                    groups[rule.group_id], rule.place,
                )
            )  # fmt: skip
    token = _digest([(move.kkt_id, move.before and move.before.pk, move.after.pk) for move in moves])
    return Preview(moves, staying, unmatched, token)


@transaction.atomic
def distribution_apply(
    *, actor: Actor, account_id: int, token: str, only_unassigned: bool = True, now: dt.datetime
) -> int:
    """Make the moves that were shown; says how many.

    Raises: ChangedMeanwhile if they are others by now, BeyondOwnGroups, SectionClosed.
    """
    account_lock(account_id)
    preview = distribution_preview(
        actor=actor, account_id=account_id, now=now, only_unassigned=only_unassigned
    )
    if preview.token != token:
        raise ChangedMeanwhile(CHANGED)
    moves = {move.kkt_id: move.after for move in preview.moves}
    return kkts_move(actor, account_id, moves, now=now, facts={"by_rules": True})


def regions_of_account(*, account_id: int, now: dt.datetime) -> list[str]:
    """The regions the cabinet's registers stand in, to choose from."""
    return sorted({region_of(one.address) for one in _registers(account_id, now)} - {""})


def _whole_check(actor: Actor, account_id: int) -> None:
    if not power_in_account(actor, account_id).is_whole:
        raise BeyondOwnGroups("Автоматически распределяет тот, кому открыты все группы")


def _registers(account_id: int, now: dt.datetime, *, only_unassigned: bool = False) -> list[_Register]:
    rows = Kkt.objects.filter(account_id=account_id)
    if only_unassigned:
        rows = rows.filter(group__isnull=True)
    columns = "k.id, k.name, k.rnm, k.organisation_id, k.group_id, k.tariff, coalesce(k.told_address, '')"
    return [_Register(*row) for row in Statement(rows, now).run(columns, "ORDER BY k.name, k.id")]


def _test_of(rule: DistributionRule) -> Callable[[_Register], bool]:
    value = rule.value
    match RuleKind(rule.kind):
        case RuleKind.ORGANISATION:
            return lambda register: str(register.organisation_id) == value
        case RuleKind.REGION:
            return lambda register: region_of(register.address) == value
        case RuleKind.NAME:
            return lambda register: mask_matches(value, register.name)
        case RuleKind.ADDRESS:
            return lambda register: mask_matches(value, register.address)
        case RuleKind.TARIFF:
            return lambda register: register.tariff == value


def _rule_clean(place: int, rule: RuleForm, account_id: int, groups: set[int]) -> dict[str, object]:
    value = " ".join(rule.value.split())
    trouble = ""
    if rule.kind not in RuleKind.values:
        trouble = "выберите признак"
    elif not value:
        trouble = "не указано значение"
    elif wrong := line_trouble(value, "значение", VALUE_CHARACTERS_MAX):
        trouble = wrong
    elif not _is_known(RuleKind(rule.kind), value, account_id):
        trouble = "такого значения нет"
    elif rule.group_id not in groups:
        trouble = "выберите группу"
    if trouble:
        raise RulesWrong(f"Правило {place}: {trouble}", place=place)
    return {"kind": rule.kind, "value": value, "group_id": rule.group_id}


def _is_known(kind: RuleKind, value: str, account_id: int) -> bool:
    match kind:
        case RuleKind.ORGANISATION:
            ids = Organisation.objects.filter(account_id=account_id).values_list("pk", flat=True)
            return value in {str(number) for number in ids}
        case RuleKind.REGION:
            return value in REGIONS
        case RuleKind.TARIFF:
            return value in TARIFFS
        case RuleKind.NAME | RuleKind.ADDRESS:
            return True


def _digest(rows: Sequence[tuple[object, ...]]) -> str:
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:32]
