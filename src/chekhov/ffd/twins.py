"""Tags whose number was given a second meaning. The one place that tells the meanings apart.

Since 2025 the numbers 1011, 1082, 1115, 1119, 1120, 1125 and 1126 mean something else than in documents of
FFD 1.0 and drafts. Where the parent tells, the parent decides; otherwise the length and the first bytes do.
"""

from __future__ import annotations

from collections.abc import Callable

from chekhov.tlv import Field, Kind

_TAG_1119 = (1119).to_bytes(2, "little")

OLDER: dict[int, Field] = {
    1011: Field(1011, Kind.VLN, 8),
    1082: Field(1082, Kind.STRING, 19),
    1115: Field(1115, Kind.STRING, 256),
    1119: Field(1119, Kind.STRING, 19),
    1120: Field(1120, Kind.VLN, 16),
    1125: Field(1125, Kind.STRING, 256),
    1126: Field(1126, Kind.U32, 4, fixed=True),
}
"""The older meaning of each."""

NEW_ONLY_INSIDE: dict[int, int] = {1119: 1115, 1120: 1119, 1082: 1235}
"""Tag to the group in which it has the new meaning; anywhere else it has the older one."""


def _longer_than_a_byte(raw: bytes) -> bool:
    return len(raw) > 1


def _is_a_number_of_four_bytes(raw: bytes) -> bool:
    return len(raw) == 4


def _is_a_site(raw: bytes) -> bool:
    """1115: a group begins with the tag 1119; the site that it once held does not."""
    return bool(raw) and not raw.startswith(_TAG_1119)


OLDER_BY_BYTES: dict[int, Callable[[bytes], bool]] = {
    1011: _longer_than_a_byte,
    1115: _is_a_site,
    1125: _longer_than_a_byte,
    1126: _is_a_number_of_four_bytes,
}
"""Whether a value, wherever it stands, is of the older meaning."""
