"""Declarations: which tag carries which kind of value, and what a reading gives.

Nothing here knows a tag by number; a format is handed in as a `Spec`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import IntEnum
from itertools import repeat
from typing import Any, NamedTuple, SupportsIndex, TypeAlias, Union, overload

HEADER_BYTES = 4
"""Tag and length, each an unsigned 16-bit little-endian number."""

FVLN_DECIMALS_MAX = 15
"""More decimal digits than this in an FVLN cannot be meant: 7 bytes of digits hold 17 at most."""

FVLN_BYTES_MAX = 8
"""The byte that counts the decimals included."""

VLN_BYTES_MAX = 8
"""Longest number any table declares with a meaning; longer ones are kept as bytes."""


class Kind(IntEnum):
    """How the bytes of a value are to be read. Numbers are little-endian and unsigned."""

    BYTE = 1
    U16 = 2
    U32 = 3
    UNIXTIME = 4
    """u32: seconds since 1970-01-01 00:00:00 of local clock time; a naive datetime."""
    VLN = 5
    """As few bytes as needed; zero has none."""
    FVLN = 6
    """One byte: how many decimal digits; then a VLN. A Decimal that keeps its exponent."""
    STRING = 7
    """CP866, no terminator."""
    BITS = 8
    """A number whose bits mean something each."""
    BYTES = 9
    STLV = 10
    """Nested elements: a tuple of nodes."""
    RAW = 11
    """Not declared: bytes as they came."""


SIZES: Mapping[Kind, int] = {Kind.BYTE: 1, Kind.U16: 2, Kind.U32: 4, Kind.UNIXTIME: 4}
"""Bytes of the kinds that have a size of their own."""


class Node(NamedTuple):
    """One element as it was read.

    `offset`: of its 4-byte header from the start of the given bytes. `raw`: the value's bytes as received.
    """

    tag: int
    offset: int
    raw: bytes
    value: Value


Plain: TypeAlias = "tuple[int, int, bytes, Value]"
"""A node as a bare tuple: tag, offset, raw, value."""


class Nodes(tuple[Node, ...]):
    """The elements of one level: a document's, or a group's. A sequence of nodes.

    Inside they are bare tuples, and a `Node` is made when somebody looks at one: making them all would be
    a third of the time of reading, and most are asked for by tag only. Who reads many documents a second
    uses `plain`, `columns` or `first`, which make none.
    """

    __slots__ = ()

    def __iter__(self) -> Iterator[Node]:
        return map(_node, repeat(Node), tuple.__iter__(self))

    @overload
    def __getitem__(self, index: SupportsIndex) -> Node: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Node, ...]: ...

    def __getitem__(self, index: SupportsIndex | slice) -> Node | tuple[Node, ...]:
        if isinstance(index, slice):
            return tuple(self)[index]
        return _node(Node, tuple.__getitem__(self, index))

    def __add__(self, other: tuple[Any, ...]) -> tuple[Any, ...]:
        return (*self, *other)

    def __repr__(self) -> str:
        return repr(tuple(self))

    def plain(self) -> Iterator[Plain]:
        """The elements as bare tuples: tag, offset, raw, value."""
        return tuple.__iter__(self)

    def columns(self) -> tuple[tuple[int, ...], tuple[int, ...], tuple[bytes, ...], tuple[Value, ...]]:
        """Tags, offsets, raw bytes and values, each in the order of the elements."""
        return tuple(zip(*tuple.__iter__(self), strict=True)) or ((), (), (), ())  # type: ignore[return-value]

    def first(self) -> dict[int, Value]:
        """Of each tag the first value."""
        return {tag: value for tag, _, _, value in tuple.__getitem__(self, _BACKWARDS)}


_node: Callable[[type[Node], Any], Node] = tuple.__new__
_BACKWARDS = slice(None, None, -1)

Value: TypeAlias = Union[int, str, bytes, Decimal, dt.datetime, "Nodes"]


class Defect(NamedTuple):
    """A value that is not of its declared type or length; the structure around it is sound.

    `path`: tags from the outermost group down to the value's own. `offset`: as in `Node`.
    """

    path: tuple[int, ...]
    offset: int
    code: str
    text: str


class Limits(NamedTuple):
    """Bounds of one reading; beyond them the bytes are refused as malformed."""

    bytes_max: int = 65_535
    depth_max: int = 8


@dataclass(frozen=True)
class Field:
    """What one tag carries.

    `max_len`: bytes of the value, None where no limit is stated. `fixed`: always exactly `max_len`.
    `padded`: shorter text is filled with spaces on the right when written.
    `twin` and `is_twin`: an older meaning under the same number, chosen by looking at the value's bytes.
    """

    tag: int
    kind: Kind
    max_len: int | None = None
    fixed: bool = False
    padded: bool = False
    twin: Field | None = None
    is_twin: Callable[[bytes], bool] | None = None


@dataclass(frozen=True, eq=False)
class Spec(Mapping[int, Field]):
    """A mapping from tag to field, and the specs that hold inside groups.

    Inside a group without a spec of its own the same spec holds.
    `readings` belongs to `decode`: what it has learnt about the headers met so far.
    """

    fields: Mapping[int, Field]
    children: Mapping[int, Spec] = field(default_factory=dict)
    readings: dict[bytes, tuple[int, int, int, Any]] = field(default_factory=dict, repr=False, init=False)

    @classmethod
    def of(cls, fields: Iterable[Field], children: Mapping[int, Spec] | None = None) -> Spec:
        """Make a spec of fields; a tag declared twice is a mistake in the table."""
        table: dict[int, Field] = {}
        for one in fields:
            if one.tag in table:
                raise ValueError(f"tag {one.tag} is declared twice")
            table[one.tag] = one
        return cls(table, dict(children or {}))

    def child(self, tag: int) -> Spec:
        """The spec that holds inside the group `tag`."""
        return self.children.get(tag, self)

    def __getitem__(self, tag: int) -> Field:
        return self.fields[tag]

    def __iter__(self) -> Iterator[int]:
        return iter(self.fields)

    def __len__(self) -> int:
        return len(self.fields)
