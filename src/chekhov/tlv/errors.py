"""What can be wrong with tag-length-value bytes and with values to be written as such."""

from __future__ import annotations

from enum import StrEnum

from chekhov.errors import Malformed


class Structure(StrEnum):
    """What is wrong with a structure."""

    TOO_BIG = "too_big"  # more bytes than the limit
    CUT_HEADER = "cut_header"  # fewer bytes than a header has
    OVERRUN = "overrun"  # an element longer than what holds it
    TOO_DEEP = "too_deep"  # more groups within groups than the limit
    TRAILING = "trailing"  # more bytes after the end than may follow


class MalformedTlv(Malformed):
    """The structure itself is broken: a header or a value runs past the end of what holds it.

    `offset` is that of the broken element's header from the start of the given bytes, `path` the numbers
    of the enclosing groups, outermost first. `trouble` says the same as the message for those who have words of
    their own.
    """

    code = "malformed_tlv"

    def __init__(self, message: str, *, offset: int, path: tuple[int, ...] = (), trouble: Structure) -> None:
        """Keep the place beside the message."""
        super().__init__(f"{message} (offset {offset}{_path_text(path)})", offset=offset, path=path)
        self.reason = message
        self.offset = offset
        self.path = path
        self.trouble = trouble


class Unencodable(Malformed):
    """A value that cannot be written under its tag. `path` ends with the tag itself."""

    code = "unencodable_tlv"

    def __init__(self, message: str, *, path: tuple[int, ...]) -> None:
        """Keep the path beside the message."""
        super().__init__(f"{message}{_path_text(path)}", path=path)
        self.reason = message
        self.path = path


def _path_text(path: tuple[int, ...]) -> str:
    return f", in {'/'.join(str(tag) for tag in path)}" if path else ""
