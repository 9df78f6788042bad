"""Bytes and a spec in, a tree of nodes out. The hot loop of the whole system: keep it in this one module.

Nothing is lost: unknown tags keep their bytes, repeated tags and order stay, `raw` is what came.
Only broken structure is refused (`MalformedTlv`); a value that is not what its tag declares is read as well
as it can be and reported as a `Defect`.

How it is made fast. The four bytes of a header tell tag and length together, so everything that depends
on them (way of reading, whether the length is right) is decided once for each distinct header and spec
and remembered. Texts, quantities and moments repeat, so they are remembered too. All memory is bounded.
What is unusual about an element is left to `scalars`.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, NoReturn

from chekhov.tlv.errors import MalformedTlv, Structure
from chekhov.tlv.scalars import field_of, fvln_read, moment_read, scalar_read, text_read
from chekhov.tlv.spec import (
    FVLN_BYTES_MAX,
    HEADER_BYTES,
    SIZES,
    VLN_BYTES_MAX,
    Defect,
    Field,
    Kind,
    Limits,
    Nodes,
    Plain,
    Spec,
)

LIMITS = Limits()

READINGS_MAX = 16_384
"""Distinct headers remembered for one spec; then all is forgotten and learnt anew."""

MEMO_MAX = 32_768
MEMO_BYTES_MAX = 64
"""Values remembered of one kind, and the longest: a memo stays below ten megabytes.

A gateway meets some ten texts of its own from each of thousands of registers, and the names of their goods.
"""

# Ways of reading an element, most frequent first.
_ONE, _MEMO, _NUMBER, _ZERO, _GROUP, _DECIMAL, _BYTES, _CAREFUL, _CAREFUL_GROUP = range(9)

_SINGLES = [bytes([number]) for number in range(256)]

_Reading = tuple[int, int, int, Any]
"""Tag, length, way, and what that way needs; by the bytes of a header."""

_Open = tuple[list[Plain], int, Spec, int, int, bytes]
"""Of each open group: what stands before it, where its parent ends, the parent's spec; tag, offset, raw."""


class _Memo(dict[bytes, Any]):
    """Values by their bytes, as far as they are short; others are read each time."""

    def __init__(self, read: Callable[[bytes], Any]) -> None:
        super().__init__()
        self.read = read

    def __missing__(self, raw: bytes) -> Any:
        value = self.read(raw)
        if len(raw) <= MEMO_BYTES_MAX:
            if len(self) >= MEMO_MAX:
                self.clear()
            self[raw] = value
        return value


_TEXTS, _DECIMALS, _MOMENTS = _Memo(text_read), _Memo(fvln_read), _Memo(moment_read)


def decode(
    data: bytes, spec: Spec, *, start: int = 0, end: int | None = None, limits: Limits = LIMITS
) -> tuple[Nodes, list[Defect]]:
    """Read the elements of data[start:end].

    Returns the nodes in the order of the wire and the defects of their values; offsets count from the
    start of `data`. Raises MalformedTlv for structure that does not add up and for what exceeds `limits`.
    """
    position, end = start, _bounded(data, start, end, limits)
    readings, from_bytes, singles, decimals = spec.readings, int.from_bytes, _SINGLES, _DECIMALS
    found: list[Plain] = []
    defects: list[Defect] = []
    outer: list[_Open] = []
    value: Any
    while True:
        try:
            while position < end:
                body = position + 4
                tag, length, way, needed = readings[data[position:body]]
                after = body + length
                if way == _ONE:
                    value = data[body]
                    raw = singles[value]
                elif way == _MEMO:
                    raw = data[body:after]
                    value = needed[raw]
                elif way == _NUMBER:
                    raw = data[body:after]
                    value = from_bytes(raw, "little")
                elif way == _ZERO:
                    raw, value = b"", 0
                elif way == _DECIMAL:
                    raw = data[body:after]
                    value = decimals[raw] or _zero_or_bad(raw, outer, tag, position, defects)
                else:
                    raw = data[body:after]
                    if way == _CAREFUL_GROUP:
                        way, needed = _resolved(needed, raw, outer, position, defects)
                    if way == _GROUP:
                        if after > end or len(outer) >= limits.depth_max - 1:
                            _refuse(data, position, end, outer)
                        outer.append((found, end, spec, tag, position, raw))
                        spec, found, end, position = needed, [], after, body
                        readings = spec.readings
                        continue
                    value = raw if way == _BYTES else _careful(needed, raw, outer, position, defects)
                found.append((tag, position, raw, value))
                position = after
        except (KeyError, IndexError):  # a header met for the first time, or a byte behind the end
            if not _learn(data, position, end, spec, outer):
                raise
            continue
        if position != end:
            _refuse(data, found[-1][1], end, outer)
        if not outer:
            return Nodes(found), defects  # type: ignore[arg-type]  # bare tuples are what it holds
        value = Nodes(found)  # type: ignore[arg-type]
        found, end, spec, tag, opened_at, raw = outer.pop()
        found.append((tag, opened_at, raw, value))
        readings = spec.readings


def _bounded(data: bytes, start: int, end: int | None, limits: Limits) -> int:
    """Where to stop. A header takes four bytes, so the limit of bytes is also one of elements."""
    stop = len(data) if end is None else min(end, len(data))
    if stop - start > limits.bytes_max:
        text = f"{stop - start} bytes, more than {limits.bytes_max}"
        raise MalformedTlv(text, offset=start, trouble=Structure.TOO_BIG)
    return stop


def _learn(data: bytes, position: int, end: int, spec: Spec, outer: list[_Open]) -> bool:
    """Decide how elements with the header at `position` are read; refuse it if it exceeds the end.

    Tells whether there was anything to learn.
    """
    header = data[position : position + HEADER_BYTES]
    length = int.from_bytes(header[2:], "little")
    if position + HEADER_BYTES + length > end:
        _refuse(data, position, end, outer)
    tag = int.from_bytes(header[:2], "little")
    way, needed = _way(spec.fields.get(tag) or Field(tag, Kind.RAW), length, spec)
    readings: dict[bytes, _Reading] = spec.readings
    if header in readings:
        return False
    if len(readings) >= READINGS_MAX:
        readings.clear()
    readings[header] = (tag, length, way, needed)
    return True


def _resolved(
    choice: tuple[Field, Spec], raw: bytes, outer: list[_Open], offset: int, defects: list[Defect]
) -> tuple[int, Any]:
    """Way of reading of what may be a group or its older twin, or is a group too long."""
    field, inside = choice
    if field_of(field, raw).kind is not Kind.STLV:
        return _CAREFUL, field
    if field.max_len is not None and len(raw) > field.max_len:
        trouble = ("too_long", f"{len(raw)} bytes where at most {field.max_len} are allowed")
        defects.append(_defect(outer, field.tag, offset, trouble))
    return _GROUP, inside


def _zero_or_bad(
    raw: bytes, outer: list[_Open], tag: int, offset: int, defects: list[Defect]
) -> Decimal | bytes:
    value = fvln_read(raw)
    if value is not None:
        return value
    defects.append(_defect(outer, tag, offset, ("bad_number", f"{raw.hex()} is no decimal number")))
    return raw


def _careful(field: Field, raw: bytes, outer: list[_Open], offset: int, defects: list[Defect]) -> Any:
    """Read a value that is unusual for its tag."""
    value, trouble = scalar_read(field_of(field, raw), raw)
    if trouble is not None:
        defects.append(_defect(outer, field.tag, offset, trouble))
    return value


def _way(field: Field, length: int, spec: Spec) -> tuple[int, Any]:
    """Decide how values of this field and length are read."""
    kind, max_len = field.kind, field.max_len
    if kind is Kind.STLV:
        if field.twin is not None or (max_len is not None and length > max_len):
            return _CAREFUL_GROUP, (field, spec.child(field.tag))
        return _GROUP, spec.child(field.tag)
    if field.twin is not None or _is_unusual(field, length):
        return _CAREFUL, field
    if kind is Kind.STRING:
        return _MEMO, _TEXTS
    if kind is Kind.FVLN:
        return _DECIMAL, None
    if kind is Kind.UNIXTIME:
        return _MEMO, _MOMENTS
    if kind in (Kind.BYTES, Kind.RAW):
        return _BYTES, None
    return (_ONE if length == 1 else _NUMBER if length else _ZERO), None


def _is_unusual(field: Field, length: int) -> bool:
    """Whether a value of this length needs the careful reading of `scalars`."""
    kind, max_len = field.kind, field.max_len
    if kind is Kind.UNIXTIME:
        return length != SIZES[kind]
    if kind is Kind.FVLN:
        return length > min(max_len or FVLN_BYTES_MAX, FVLN_BYTES_MAX)
    if kind is Kind.VLN:
        return length > min(max_len or VLN_BYTES_MAX, VLN_BYTES_MAX)
    if kind in (Kind.STRING, Kind.BYTES, Kind.RAW):
        return max_len is not None and (length > max_len or (field.fixed and length != max_len))
    return length not in (0, SIZES.get(kind) or max_len)


def _path(outer: list[_Open]) -> tuple[int, ...]:
    return tuple(one[3] for one in outer)


def _defect(outer: list[_Open], tag: int, offset: int, trouble: tuple[str, str]) -> Defect:
    return Defect((*_path(outer), tag), offset, *trouble)


def _refuse(data: bytes, position: int, end: int, outer: list[_Open]) -> NoReturn:
    """Tell what is wrong with the element at `position`: header or value beyond the end, or nesting."""
    left, path = end - position, _path(outer)
    if left < HEADER_BYTES:
        text = f"{left} bytes where a header has 4"
        raise MalformedTlv(text, offset=position, path=path, trouble=Structure.CUT_HEADER)
    tag = int.from_bytes(data[position : position + 2], "little")
    length = int.from_bytes(data[position + 2 : position + 4], "little")
    if length <= left - HEADER_BYTES:
        text = "groups are nested too deep"
        raise MalformedTlv(text, offset=position, path=path, trouble=Structure.TOO_DEEP)
    text = f"{tag} claims {length} bytes, {left - HEADER_BYTES} are there"
    raise MalformedTlv(text, offset=position, path=path, trouble=Structure.OVERRUN)
