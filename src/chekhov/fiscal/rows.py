"""Rows of the journal in the form in which PostgreSQL receives them.

A batch goes over as one binary parameter: an array of the composite type `fiscal_document_row`. Packing a
row is one `struct` call; the driver's own adaptation of nineteen arrays costs several times as much.

Source: PostgreSQL, binary formats of `array_recv`, `record_recv`, `inet_recv`, `timestamp_recv`.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
from collections.abc import Iterable
from struct import Struct, pack

POSTGRES_EPOCH = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - local time has no zone
POSTGRES_EPOCH_UNIX_SECONDS = 946_684_800

_INT8, _INT4, _INT2, _TEXT, _BYTEA = 20, 23, 21, 25, 17
_TIMESTAMP, _TIMESTAMPTZ, _INET = 1114, 1184, 869

COLUMNS = (
    *(("fd", _INT8), ("received_at", _TIMESTAMPTZ), ("issued_at", _TIMESTAMP)),
    *(("fpd", _INT8), ("total_kopecks", _INT8)),
    *(("shift", _INT4), ("p_version", _INT4), ("flags", _INT4)),
    *(("code", _INT2), ("ffd", _INT2), ("operation", _INT2), ("verdict", _INT2), ("sign_state", _INT2)),
    *(("fn", _TEXT), ("rnm", _TEXT), ("inn", _TEXT), ("peer", _INET)),
    *(("container", _BYTEA), ("answer", _BYTEA)),
)
"""Fields of the type `fiscal_document_row`, in its order, with the numbers of PostgreSQL's types."""

_SIZES = {_INT8: 8, _INT4: 4, _INT2: 2, _TIMESTAMP: 8, _TIMESTAMPTZ: 8}
_LETTERS = {8: "q", 4: "i", 2: "h"}


def _head(oid: int, size: int) -> int:
    """Type and length of a field as the one 64-bit number they form."""
    return oid << 32 | (size & 0xFFFFFFFF)


_HEADS = [_head(oid, _SIZES[oid]) for _, oid in COLUMNS[:13]]
_BYTEA_HEAD = Struct(">ii")
_structs: dict[tuple[int, int, int, int], Struct] = {}


JournalRow = tuple[
    int, int, int | None, int | None, int | None, int | None, int, int,
    int, int | None, int | None, int, int,
    str, str | None, str | None, bytes | None, bytes, bytes,
]  # fmt: skip
"""What the journal keeps of a document, in the order of `COLUMNS`.

Moments are microseconds since 2000-01-01: `received_at` counts in UTC, `issued_at` in the register's local
time. `peer` is packed by `peer_pack`.
"""


def peer_pack(address: str) -> bytes | None:
    """An IP address in the form of `inet_recv`; None if it is none (a Unix socket's peer)."""
    try:
        ip = ipaddress.ip_address(address.split("%", 1)[0])
    except ValueError:
        return None
    family = 2 if ip.version == 4 else 3
    return bytes((family, ip.max_prefixlen, 0, len(ip.packed))) + ip.packed


def row_pack(row: JournalRow) -> bytes:
    """One row as `record_recv` takes it.

    Raises struct.error when a number does not fit its column: callers hand over checked numbers.
    """
    (
        fd, received_us, issued_us, fpd, total, shift, p_version, flags, code, ffd, operation, verdict,
        sign_state, fn, rnm, inn, peer, container, answer,
    ) = row  # fmt: skip
    if (
        issued_us is None
        or fpd is None
        or total is None
        or shift is None
        or ffd is None
        or operation is None
        or rnm is None
        or inn is None
        or peer is None
    ):
        return _pack_with_nulls(row)
    fn_bytes, rnm_bytes, inn_bytes = fn.encode(), rnm.encode(), inn.encode()
    sizes = (len(fn_bytes), len(rnm_bytes), len(inn_bytes), len(peer))
    layout = _structs.get(sizes) or _struct_of(sizes)
    h = _HEADS
    head = layout.pack(
        19, h[0], fd, h[1], received_us, h[2], issued_us, h[3], fpd, h[4], total,
        h[5], shift, h[6], p_version, h[7], flags,
        h[8], code, h[9], ffd, h[10], operation, h[11], verdict, h[12], sign_state,
        _TEXT, sizes[0], fn_bytes, _TEXT, sizes[1], rnm_bytes, _TEXT, sizes[2], inn_bytes, _INET, sizes[3], peer,
        _BYTEA, len(container),
    )  # fmt: skip
    return b"".join((head, container, _BYTEA_HEAD.pack(_BYTEA, len(answer)), answer))


def _struct_of(sizes: tuple[int, int, int, int]) -> Struct:
    """The layout of a row without empty fields, whose texts have these lengths."""
    letters = "".join("q" + _LETTERS[_SIZES[oid]] for _, oid in COLUMNS[:13])
    layout = Struct(">i" + letters + "".join(f"ii{size}s" for size in sizes) + "ii")
    if len(_structs) > 500:
        _structs.clear()
    _structs[sizes] = layout
    return layout


def _pack_with_nulls(row: JournalRow) -> bytes:
    """The general way: some field is empty."""
    parts = [pack(">i", len(COLUMNS))]
    for (_, oid), value in zip(COLUMNS, row, strict=True):
        if value is None:
            parts.append(pack(">ii", oid, -1))
        elif isinstance(value, int):
            size = _SIZES[oid]
            parts.append(pack(f">ii{_LETTERS[size]}", oid, size, value))
        else:
            data = value.encode() if isinstance(value, str) else value
            parts.append(pack(">ii", oid, len(data)))
            parts.append(data)
    return b"".join(parts)


_LENGTH = Struct(">i").pack


def array_pack(rows: Iterable[bytes], row_type_oid: int) -> bytes:
    """Packed rows as one array of the composite type with this number."""
    parts: list[bytes] = [b""]
    count = 0
    for row in rows:
        parts.append(_LENGTH(len(row)))
        parts.append(row)
        count += 1
    parts[0] = pack(">iiiii", 1, 0, row_type_oid, count, 1)
    return b"".join(parts)
