"""Values and a spec in, canonical bytes out: what is written here reads back as itself.

Canonical means: numbers of variable length without leading zeros (zero has no bytes at all, as real drives
send it), quantities with the decimals they were given with, padded text filled to its length.
"""

from __future__ import annotations

import datetime as dt
import struct
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, TypeAlias, Union

from chekhov.tlv.errors import Unencodable
from chekhov.tlv.scalars import EPOCH
from chekhov.tlv.spec import (
    FVLN_BYTES_MAX,
    FVLN_DECIMALS_MAX,
    SIZES,
    VLN_BYTES_MAX,
    Field,
    Kind,
    Limits,
    Node,
    Nodes,
    Spec,
)

SECONDS_MAX = 0xFFFF_FFFF
NUMBER_BYTES_MAX = 16

Encodable: TypeAlias = Union[
    int, str, bytes, Decimal, dt.datetime, "Iterable[tuple[int, Encodable]]", "Iterable[Node]"
]

_DEPTH_MAX = Limits().depth_max
_ONE_SECOND = dt.timedelta(seconds=1)
_header = struct.Struct("<HH").pack


class _UnwritableError(Exception):
    """A value that cannot be written; the path is added by who knows it."""


def encode(fields: Iterable[tuple[int, Encodable]] | Iterable[Node], spec: Spec) -> bytes:
    """Write fields in the given order; groups are given as iterables of pairs or of nodes.

    `bytes` are written as they are under any tag: that is how values that could not be read are carried
    along. Raises Unencodable with the path of the tag.
    """
    return _fields_write(fields, spec, ())


def _fields_write(
    fields: Iterable[tuple[int, Encodable]] | Iterable[Node], spec: Spec, path: tuple[int, ...]
) -> bytes:
    parts: list[bytes] = []
    one: Any
    for one in fields.plain() if isinstance(fields, Nodes) else fields:
        tag, value = one[0], one[-1]
        try:
            raw = value if type(value) is bytes else _value_write(tag, value, spec, path)
            parts += (_header(tag, len(raw)), raw)
        except _UnwritableError as error:
            raise Unencodable(str(error), path=(*path, tag)) from None
        except struct.error:
            raise Unencodable("tag and length have two bytes each", path=(*path, tag)) from None
    return b"".join(parts)


def _value_write(tag: int, value: Any, spec: Spec, path: tuple[int, ...]) -> bytes:
    """Write a value under the meaning of its tag that takes it."""
    field = spec.fields.get(tag)
    if field is None:
        raise _UnwritableError("an undeclared tag takes bytes only")
    if field.twin is None:
        return _field_write(field, value, spec, path)
    try:
        return _field_write(field, value, spec, path)
    except _UnwritableError:
        return _field_write(field.twin, value, spec, path)


def _field_write(field: Field, value: Any, spec: Spec, path: tuple[int, ...]) -> bytes:
    if field.kind is Kind.STLV:
        if not isinstance(value, Iterable) or isinstance(value, str):
            raise _UnwritableError(f"{type(value).__name__} is no group")
        if len(path) >= _DEPTH_MAX - 1:
            raise _UnwritableError("groups are nested too deep")
        raw = _fields_write(value, spec.child(field.tag), (*path, field.tag))
    else:
        raw = scalar_write(field, value)
    if field.max_len is not None and len(raw) > field.max_len:
        raise _UnwritableError(f"{len(raw)} bytes where at most {field.max_len} are allowed")
    return raw


def scalar_write(field: Field, value: Any) -> bytes:
    """Write one value that is not a group."""
    writer = _WRITERS.get(field.kind)
    if writer is None:
        raise _UnwritableError(f"{type(value).__name__} cannot be written as {field.kind.name}")
    return writer(field, value)


def _number_write(field: Field, value: Any) -> bytes:
    """A number of a stated size; a size that is not stated is as small as can be, but one byte at least."""
    if not isinstance(value, int):
        raise _UnwritableError(f"{type(value).__name__} cannot be written as a number")
    size = SIZES.get(field.kind) or field.max_len or max(_bytes_needed(value), 1)
    try:
        return int(value).to_bytes(size, "little")
    except OverflowError:
        raise _UnwritableError(f"{value} does not fit into {size} bytes") from None


def _vln_write(field: Field, value: Any) -> bytes:
    if not isinstance(value, int) or value < 0:
        raise _UnwritableError(f"{value!r} cannot be written as a number")
    size = _bytes_needed(value)
    if size > max(field.max_len or VLN_BYTES_MAX, VLN_BYTES_MAX):
        raise _UnwritableError(f"{value} does not fit into {VLN_BYTES_MAX} bytes")
    return int(value).to_bytes(size, "little")


def _bytes_needed(value: int) -> int:
    return (value.bit_length() + 7) // 8


def _text_write(field: Field, value: Any) -> bytes:
    if not isinstance(value, str):
        raise _UnwritableError(f"{type(value).__name__} cannot be written as text")
    try:
        raw = value.encode("cp866")
    except UnicodeEncodeError as error:
        raise _UnwritableError(f"U+{ord(value[error.start]):04X} is not in CP866") from None
    if field.fixed and field.max_len is not None and len(raw) < field.max_len:
        if not field.padded:
            raise _UnwritableError(f"{len(raw)} characters where exactly {field.max_len} are expected")
        return raw.ljust(field.max_len, b" ")
    return raw


def _moment_write(_field: Field, value: Any) -> bytes:
    """Seconds of local clock time; a fraction of a second is cut off."""
    if not isinstance(value, dt.datetime) or value.tzinfo is not None:
        raise _UnwritableError("a moment here is a datetime of local clock time, without a zone")
    seconds = (value - EPOCH) // _ONE_SECOND
    if not 0 <= seconds <= SECONDS_MAX:
        raise _UnwritableError(f"{value} is outside 1970..2106")
    return seconds.to_bytes(4, "little")


def _fvln_write(_field: Field, value: Any) -> bytes:
    if not isinstance(value, (Decimal, int)):
        raise _UnwritableError(f"{type(value).__name__} cannot be written as a quantity")
    number = Decimal(value)
    sign, digits, exponent = number.as_tuple()
    if not isinstance(exponent, int) or (sign and number):
        raise _UnwritableError(f"{number} is not a quantity")
    decimals = max(-exponent, 0)
    if decimals > FVLN_DECIMALS_MAX or exponent + len(digits) > NUMBER_BYTES_MAX + 2:
        raise _UnwritableError(f"{number} has too many digits")
    mantissa = 0
    for digit in digits:
        mantissa = mantissa * 10 + digit
    mantissa *= int(10 ** max(exponent, 0))
    size = max(_bytes_needed(mantissa), 1)
    if size >= FVLN_BYTES_MAX:
        raise _UnwritableError(f"{number} does not fit into {FVLN_BYTES_MAX} bytes")
    return bytes((decimals,)) + mantissa.to_bytes(size, "little")


_WRITERS: dict[Kind, Callable[[Field, Any], bytes]] = {
    Kind.BYTE: _number_write,
    Kind.U16: _number_write,
    Kind.U32: _number_write,
    Kind.BITS: _number_write,
    Kind.VLN: _vln_write,
    Kind.FVLN: _fvln_write,
    Kind.STRING: _text_write,
    Kind.UNIXTIME: _moment_write,
}
