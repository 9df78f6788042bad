"""What is made only when a letter is sent: files that go with it, and values too large to keep with its row.

A room that registers a kind of letter with `encloses` registers its maker here, when its app is ready. The maker gets
the letter's context and makes the same every time, for a letter may be tried again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from chekhov.notify.errors import BadLetter
from chekhov.notify.kinds import kind_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file. `media_type`: «application/pdf». `content_id`: a picture the HTML shows by `cid:`, not a file to save."""

    name: str
    media_type: str
    data: bytes
    content_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosed:
    """`context`: more values for the templates of the letter. `attachments`: files, in their order."""

    context: Mapping[str, Any] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()


Maker = Callable[[Mapping[str, Any]], Enclosed]
MAKERS: dict[str, Maker] = {}


def enclosures_register(template: str, maker: Maker) -> None:
    """Say who makes what goes with a kind of letter. Raises: UnknownLetter, BadLetter for a kind that has none."""
    if not kind_of(template).encloses or MAKERS.setdefault(template, maker) != maker:
        raise BadLetter(f"the letter {template} takes no such enclosure", template=template)


def enclosed(template: str, context: Mapping[str, Any]) -> Enclosed:
    """What goes with a letter; nothing for most kinds.

    Raises: BadLetter if nobody makes it, and whatever the maker raises.
    """
    if not kind_of(template).encloses:
        return Enclosed()
    maker = MAKERS.get(template)
    if maker is None:
        raise BadLetter(f"nobody makes what goes with {template}", template=template)
    return maker(context)
