"""What a set of tags alone tells: missing, foreign and repeated requisites, and which values to look at.

Registers of one make send documents of the same few shapes by the million, so the answer for a shape is kept:
a sequence of tags is looked up, not examined. The caches are bounded and hold nothing but the law; a shape that
is too long to be an honest one is examined anew each time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from itertools import product
from operator import itemgetter
from typing import Any, Final, NamedTuple

from chekhov.ffd.checks.case import Values
from chekhov.ffd.checks.parts import ITEM_RULED, Part, parts_of
from chekhov.ffd.checks.requisites import MASKED_TAGS
from chekhov.ffd.forms import Requirement, form, group_form
from chekhov.ffd.tags import TAGS, enum_of
from chekhov.ffd.versions import DOCUMENT_KINDS, FfdVersion
from chekhov.tlv import Kind

SHAPE_TAGS_MAX: Final = 64
"""Longer sequences of tags are not kept."""

_SHAPES_KEPT: Final = 1_024
_FORMS_KEPT: Final = 256

ITEM_TAG: Final = 1059
_MUST: Final = 1
_MONEY_ORDER: Final = (1043, 1079, 1023, 1199)
_MONEY: Final = frozenset(_MONEY_ORDER)
_MODERN: Final = FfdVersion.V1_05

IDENTITY_TAGS: Final = frozenset({1012, 1018, 1037, 1040, 1041, 1077})
TOTAL_TAGS: Final = frozenset({1020, 1054})
_IDENTITY_LEGACY: Final = frozenset({1012, 1040, 1041})

VAT_SUMS_TAG: Final = 1115

# Items, and the sums of VAT that almost every receipt has since 2026, have roads of their own.
_GROUP_TAGS: Final = frozenset(tag.number for tag in TAGS.values() if tag.kind is Kind.STLV) - {
    ITEM_TAG,
    VAT_SUMS_TAG,
}

# Enumerations whose unknown value has a rule of its own, because the list is closed or the law names each.
_CODES: Final = {
    1054: "operation_unknown",
    1055: "taxation_not_single",
    1173: "correction_type_unknown",
    1199: "vat_code_unknown",
    1214: "payment_method_unknown",
}
_FLAGS: Final = frozenset(
    {1001, 1002, 1050, 1051, 1052, 1053, 1056, 1108, 1109, 1110, 1125, 1193, 1207, 1221}
)
_SINGLE_BIT: Final = frozenset({1055})
_BYTE_BITS: Final = 8
# Judged against 1209 itself, before any form is known.
_UNJUDGED: Final = frozenset({1209})


class Listed(NamedTuple):
    """A tag whose values are listed. `allowed`: good values; `mask`: good bits, where they are too many to list."""

    tag: int
    allowed: frozenset[int | str]
    mask: int
    code: str


class Money(NamedTuple):
    """Where in a usual item its numbers stand. Both functions take the column of values of the item's nodes.

    `take`: 1043, 1079, 1023, 1199; `vat_at`: place of 1200, None without it; `pick`, `good`: as in `Plan`.
    """

    take: Callable[[tuple[Any, ...]], Any]
    vat_at: int | None
    pick: Callable[[tuple[Any, ...]], Any]
    good: set[Any]


class Plan(NamedTuple):
    """What is known of one shape: of the document's own tags, of an item's, of a group's.

    `faults`: (rule, tag, detail) of the findings the shape deserves. `listed`: its tags with listed values;
    `pick` takes those values at one stroke, `good` keeps the handfuls that were found in order (bounded by
    the caller). `groups`: its tags that hold others. `repeats`: whether a tag comes twice. `masked`: whether a tag
    has a mask. `ruled`: whether an item of this shape has more to it than arithmetic. `parts`: rules to ask.
    """

    faults: tuple[tuple[str, int, str], ...]
    listed: tuple[Listed, ...]
    pick: Callable[[Values], Any] | None
    good: set[Any]
    groups: tuple[int, ...]
    repeats: bool
    masked: bool
    ruled: bool
    parts: tuple[Part, ...]


@lru_cache(None)
def listed_of(tag: int) -> Listed | None:
    """The list of a tag's values; None where it has none. As many entries as there are such tags."""
    if tag in _UNJUDGED:
        return None
    if tag in _FLAGS:
        return Listed(tag, frozenset({0, 1}), 0, "flag_not_boolean")
    table = enum_of(tag)
    if table is None:
        return None
    codes = frozenset(table.names_ru)
    if not table.is_bits:
        return Listed(tag, codes, 0, _CODES.get(tag, "value_unlisted"))
    if tag in _SINGLE_BIT:
        return Listed(tag, codes, 0, _CODES[tag])
    bits = [code for code in codes if isinstance(code, int)]
    if table.mask < 1 << _BYTE_BITS:
        sums = frozenset(sum(chosen) for chosen in product(*((0, bit) for bit in bits)))
        return Listed(tag, sums, 0, "bits_unlisted")
    return Listed(tag, frozenset(), table.mask, "bits_unlisted")


@lru_cache(_FORMS_KEPT)
def _rows(code: int, version: FfdVersion) -> dict[int, Requirement] | None:
    """Tag -> row of the form; None for a form without a table."""
    found = form(code, version)
    return found.by_tag if found is not None else None


@lru_cache(_FORMS_KEPT)
def _group_rows(parent: int, version: FfdVersion) -> dict[int, Requirement] | None:
    found = group_form(parent, version)
    return found.by_tag if found is not None else None


def _faults(
    tags: tuple[int, ...], rows: dict[int, Requirement] | None, grave: frozenset[int]
) -> list[tuple[str, int, str]]:
    """Missing, unknown, foreign and repeated tags of one level, in that order."""
    faults: list[tuple[str, int, str]] = []
    present = set(tags)
    for row in (rows or {}).values():
        # a printed requisite (name of the document, QR code) is not sent at all
        if row.requirement == _MUST and row.is_electronic and row.tag not in present:
            code = "required_missing"
            if row.tag in grave:
                code = "total_missing" if row.tag in TOTAL_TAGS else "identity_missing"
            faults.append((code, row.tag, _named(row.tag)))
    counts = Counter(tags)
    for tag, count in counts.items():
        known = TAGS.get(tag)
        if known is None:
            faults.append(("tag_unknown", tag, f"получен {tag}"))
            continue
        row_there = rows.get(tag) if rows else None
        if rows and row_there is None:
            faults.append(("tag_not_in_form", tag, _named(tag)))
        if count > 1 and not known.repeated and not (row_there and row_there.repeated):
            faults.append(("tag_repeated", tag, f"{_named(tag)}, {count} раза"))
    return faults


def _named(tag: int) -> str:
    known = TAGS.get(tag)
    return f"{tag} «{known.name_ru}»" if known else str(tag)


def _plan(faults: list[tuple[str, int, str]], tags: tuple[int, ...], parts: tuple[Part, ...] = ()) -> Plan:
    present = dict.fromkeys(tags)
    listed = tuple(found for tag in present if (found := listed_of(tag)))
    groups = tuple(tag for tag in present if tag in _GROUP_TAGS)
    repeats = len(present) != len(tags)
    ruled = bool(groups) or not ITEM_RULED.isdisjoint(present)
    return Plan(
        faults=tuple(faults),
        listed=listed,
        pick=itemgetter(*(one.tag for one in listed)) if listed else None,
        good=set(),
        groups=groups,
        repeats=repeats,
        masked=not MASKED_TAGS.isdisjoint(present),
        ruled=ruled,
        parts=parts,
    )


def _document_plan(code: int, version: FfdVersion | None, tags: tuple[int, ...]) -> Plan:
    """Plan of the top level. A version before 1.05 has no table here."""
    if code not in DOCUMENT_KINDS:
        return _plan([], tags)
    if version is None or version < _MODERN:
        legacy = [
            ("identity_missing", tag, _named(tag)) for tag in sorted(_IDENTITY_LEGACY) if tag not in tags
        ]
        return _plan(legacy, tags)
    rows = _rows(code, version)
    return _plan(_faults(tags, rows, IDENTITY_TAGS | TOTAL_TAGS), tags, parts_of(code, frozenset(tags)))


def _group_plan(parent: int, version: FfdVersion | None, tags: tuple[int, ...]) -> Plan:
    """Plan of the inside of a group."""
    if version is None or version < _MODERN:
        return _plan([], tags)
    return _plan(_faults(tags, _group_rows(parent, version), frozenset()), tags)


class UsualItems(dict[tuple[int, ...], Money | None]):
    """Shape of an item -> places of its numbers; None for a shape that has something unusual about it.

    A dictionary, because a call for each item would cost as much as the rest of its examination.
    """

    def __init__(self, version: FfdVersion) -> None:
        """Nothing is known yet."""
        super().__init__()
        self.version = version

    def __missing__(self, tags: tuple[int, ...]) -> Money | None:
        """Work a shape out, and keep it unless it is too long to be an honest one."""
        plan = group_plan(ITEM_TAG, self.version, tags)
        money = None
        if (
            plan.listed
            and not (plan.faults or plan.repeats or plan.ruled or 1198 in tags)
            and _MONEY.issubset(tags)
        ):
            money = Money(
                take=itemgetter(*(tags.index(tag) for tag in _MONEY_ORDER)),
                vat_at=tags.index(1200) if 1200 in tags else None,
                pick=itemgetter(*(tags.index(one.tag) for one in plan.listed)),
                good=plan.good,
            )
        if len(tags) <= SHAPE_TAGS_MAX:
            if len(self) >= _SHAPES_KEPT:
                self.clear()
            self[tags] = money
        return money


USUAL_ITEMS: Final = {version: UsualItems(version) for version in FfdVersion}


_document_plan_kept = lru_cache(_SHAPES_KEPT)(_document_plan)
_group_plan_kept = lru_cache(_SHAPES_KEPT)(_group_plan)


def document_plan(code: int, version: FfdVersion | None, tags: tuple[int, ...]) -> Plan:
    """What the top-level tags tell, in any order; `tags` holds that of the items (1059) once at most."""
    if len(tags) > SHAPE_TAGS_MAX:
        return _document_plan(code, version, tags)
    return _document_plan_kept(code, version, tags)


def group_plan(parent: int, version: FfdVersion | None, tags: tuple[int, ...]) -> Plan:
    """What the tags inside the group `parent` tell."""
    if len(tags) > SHAPE_TAGS_MAX:
        return _group_plan(parent, version, tags)
    return _group_plan_kept(parent, version, tags)
