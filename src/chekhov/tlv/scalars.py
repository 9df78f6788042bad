"""Reading of single values, the careful way: every length, every twin, every defect.

`decode` takes the short cuts; whatever is unusual about a value comes here.
"""

from __future__ import annotations

import codecs
import datetime as dt
from decimal import Decimal

from chekhov.tlv.spec import FVLN_BYTES_MAX, FVLN_DECIMALS_MAX, SIZES, VLN_BYTES_MAX, Field, Kind

EPOCH = dt.datetime(1970, 1, 1)  # noqa: DTZ001 - local clock time without a zone is what the format carries
CP866_TABLE = bytes(range(256)).decode("cp866")
"""Character of each byte; all 256 are defined, so reading text cannot fail."""

Scalar = int | str | bytes | Decimal | dt.datetime
Trouble = tuple[str, str] | None
"""Code and sentence of a defect, or None."""


def text_read(raw: bytes) -> str:
    """Decode CP866; spaces are kept."""
    return codecs.charmap_decode(raw, "strict", CP866_TABLE)[0]


def moment_read(raw: bytes) -> dt.datetime:
    """Read seconds of local clock time."""
    return EPOCH + dt.timedelta(seconds=int.from_bytes(raw, "little"))


def fvln_read(raw: bytes) -> Decimal | None:
    """Read the number of decimals and the digits; None if the bytes cannot be meant so."""
    if not raw:
        return Decimal(0)
    if len(raw) > FVLN_BYTES_MAX or raw[0] > FVLN_DECIMALS_MAX:
        return None
    return Decimal(f"{int.from_bytes(raw[1:], 'little')}e-{raw[0]}")


def field_of(field: Field, raw: bytes) -> Field:
    """The field itself, or its older twin when the bytes are of that one."""
    if field.twin is not None and field.is_twin is not None and field.is_twin(raw):
        return field.twin
    return field


def scalar_read(field: Field, raw: bytes) -> tuple[Scalar, Trouble]:
    """Read a value that is not a group.

    Returns the value and what is wrong with it. A value that can be read in spite of its length is given
    as what it is; otherwise it stays bytes.
    """
    kind = field.kind
    if kind is Kind.STRING:
        return text_read(raw), _length_trouble(field, raw)
    if kind is Kind.VLN:
        return _vln_read(field, raw)
    if kind is Kind.FVLN:
        value = fvln_read(raw)
        if value is None:
            return raw, ("bad_number", f"{raw.hex()} is not a number with decimals")
        return value, _length_trouble(field, raw)
    if kind is Kind.UNIXTIME:
        if len(raw) != SIZES[kind]:
            return raw, ("wrong_length", f"a moment has 4 bytes, not {len(raw)}")
        return moment_read(raw), None
    if kind in (Kind.BYTES, Kind.RAW):
        return raw, _length_trouble(field, raw)
    return _number_read(field, raw)


def _vln_read(field: Field, raw: bytes) -> tuple[Scalar, Trouble]:
    """Trailing zero bytes change nothing, so they do not count towards the length."""
    significant = len(raw.rstrip(b"\0"))
    longest = max(field.max_len or VLN_BYTES_MAX, VLN_BYTES_MAX)
    if significant > longest:
        return raw, ("too_long", f"{len(raw)} bytes where at most {field.max_len} are allowed")
    trouble = None
    if field.max_len is not None and significant > field.max_len:
        trouble = ("too_long", f"{significant} bytes where at most {field.max_len} are allowed")
    return int.from_bytes(raw, "little"), trouble


def _number_read(field: Field, raw: bytes) -> tuple[Scalar, Trouble]:
    """A number or bit field of a stated size; none at all means zero."""
    size = SIZES.get(field.kind) or field.max_len
    if not raw or len(raw) == size:
        return int.from_bytes(raw, "little"), None
    if size is None and len(raw) <= VLN_BYTES_MAX:
        return int.from_bytes(raw, "little"), None
    trouble = ("wrong_length", f"{len(raw)} bytes where {size} are expected")
    if len(raw) > VLN_BYTES_MAX:
        return raw, trouble
    return int.from_bytes(raw, "little"), trouble


def _length_trouble(field: Field, raw: bytes) -> Trouble:
    if field.max_len is None:
        return None
    if field.fixed and len(raw) != field.max_len:
        return ("wrong_length", f"{len(raw)} bytes where exactly {field.max_len} are expected")
    if len(raw) > field.max_len:
        return ("too_long", f"{len(raw)} bytes where at most {field.max_len} are allowed")
    return None
