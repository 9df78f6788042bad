"""All tags of fiscal documents and the tables of their coded values.

The rows are in `tag_table` and `enum_table`; where tags may occur and must occur is in `forms`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chekhov.ffd import enum_table, tag_table
from chekhov.ffd.twins import NEW_ONLY_INSIDE, OLDER, OLDER_BY_BYTES
from chekhov.tlv import Field, Kind, Spec

LENGTHS_NOT_ENFORCED = frozenset({1129, 1130, 1131, 1132, 1133, 1145, 1146, 1157, 1158, 1194})
"""Groups of counters: the stated lengths assume sums of at most five bytes, though six are allowed."""

_KINDS = {
    "byte": Kind.BYTE,
    "u16": Kind.U16,
    "u32": Kind.U32,
    "unixtime": Kind.UNIXTIME,
    "vln": Kind.VLN,
    "fvln": Kind.FVLN,
    "string": Kind.STRING,
    "bits": Kind.BITS,
    "bytes": Kind.BYTES,
    "stlv": Kind.STLV,
}


@dataclass(frozen=True, slots=True)
class OldMeaning:
    """What a number meant in older documents."""

    name_ru: str
    kind: Kind
    max_len: int | None
    key: str | None
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag («тег», «реквизит»).

    `max_len`: bytes of the value, None where no source states a limit. `fixed`: always exactly that many (not known
    counts as no).
    `padded`: filled with spaces on the right. `repeated`: may occur more than once.
    `key`: name in the tax service's JSON, None where none is known; `key_aliases`: names seen elsewhere.
    `status`: current, legacy (FFD 1.0 and older, drafts), legacy-1.05 (dropped after 1.05), draft.
    `versions`: labels of the FFD versions that have it, None where unknown.
    `parents`: groups it stands in; None for tags of the document itself (some stand in both places).
    `enum`: name of its table in ENUMS. `confidence`: verified, stated or uncertain.
    """

    number: int
    kind: Kind
    max_len: int | None
    fixed: bool
    padded: bool
    repeated: bool
    status: str
    versions: tuple[str, ...] | None
    key: str | None
    name_en: str
    name_ru: str
    confidence: str
    sources: tuple[str, ...]
    parents: tuple[int, ...] | None = None
    key_aliases: tuple[str, ...] = ()
    enum: str | None = None
    note: str | None = None
    legacy_meaning: OldMeaning | None = None


@dataclass(frozen=True, slots=True)
class EnumTable:
    """Values of coded tags. `is_bits`: a value is a sum of the codes. `extras`: what else is known of a code."""

    name: str
    is_bits: bool
    tags: tuple[int, ...]
    names_ru: dict[int | str, str]
    extras: dict[int | str, dict[str, Any]]
    note: str | None

    def name_ru(self, value: int | str) -> str | None:
        """Name of one code, None if it is not known."""
        return self.names_ru.get(value)

    def names_of_bits(self, value: int) -> list[str]:
        """Names of the bits set in `value`, lowest first; a bit without a name gives its number."""
        bits = (1 << place for place in range(value.bit_length()))
        return [self.names_ru.get(bit, f"бит {bit.bit_length() - 1}") for bit in bits if value & bit]

    @property
    def mask(self) -> int:
        """All known bits together."""
        return sum(code for code in self.names_ru if isinstance(code, int)) if self.is_bits else 0


def _tag(row: tag_table.Row) -> Tag:
    number, kind, max_len, flags, status, versions, key, name_en, name_ru, confidence, sources, rest = row
    old = rest.get("legacy")
    return Tag(
        number=number,
        kind=_KINDS[kind],
        max_len=max_len,
        fixed="F" in flags,
        padded="P" in flags,
        repeated="R" in flags,
        status=status,
        versions=versions,
        key=key,
        name_en=name_en,
        name_ru=name_ru,
        confidence=confidence,
        sources=tuple(sources.split()),
        parents=rest.get("parents"),
        key_aliases=rest.get("aliases", ()),
        enum=rest.get("enum"),
        note=rest.get("note"),
        legacy_meaning=old
        and OldMeaning(
            old["name_ru"], _KINDS[old["type"]], old.get("max_len"), old.get("key"), old["sources"]
        ),
    )


TAGS: dict[int, Tag] = {row[0]: _tag(row) for row in tag_table.ROWS}

ENUMS: dict[str, EnumTable] = {
    name: EnumTable(
        name,
        kind == "bits",
        tags,
        {code: name_ru for code, name_ru, _ in values},
        {code: extras for code, _, extras in values if extras},
        note,
    )
    for name, kind, tags, values, note in enum_table.ROWS
}


def enum_of(tag: int) -> EnumTable | None:
    """Table of the values of a tag, None if it has none or is unknown."""
    known = TAGS.get(tag)
    return ENUMS[known.enum] if known is not None and known.enum is not None else None


def name_ru(tag: int) -> str:
    """Name of a tag for people; of an unknown one its number."""
    known = TAGS.get(tag)
    return known.name_ru if known is not None else f"тег {tag}"


def _field(tag: Tag) -> Field:
    max_len = None if tag.number in LENGTHS_NOT_ENFORCED else tag.max_len
    by_bytes = OLDER_BY_BYTES.get(tag.number)
    twin = OLDER[tag.number] if by_bytes is not None else None
    return Field(
        tag.number, tag.kind, max_len, fixed=tag.fixed, padded=tag.padded, twin=twin, is_twin=by_bytes
    )


def _spec() -> Spec:
    """The spec of a document's content: inside the groups of NEW_ONLY_INSIDE their tags have the new meaning."""
    new = {number: _field(tag) for number, tag in TAGS.items()}
    outside = new | {number: OLDER[number] for number in NEW_ONLY_INSIDE}

    def inside(parent: int) -> Spec:
        fields = outside | {
            number: new[number] for number, group in NEW_ONLY_INSIDE.items() if group == parent
        }
        below = {
            group: inside(group) for number, group in NEW_ONLY_INSIDE.items() if group in fields_new(parent)
        }
        return Spec.of(fields.values(), below)

    def fields_new(parent: int) -> set[int]:
        return {number for number, group in NEW_ONLY_INSIDE.items() if group == parent}

    return Spec.of(outside.values(), {group: inside(group) for group in (1115, 1235)})


TAG_SPEC: Spec = _spec()
"""What `tlv` needs to read and write the content of any document."""
