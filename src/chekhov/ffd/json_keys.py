"""Names of tags in the tax service's JSON, by the group they stand in: some names mean several tags.

Where the form has no name of its own for a tag or a document (messages about marked goods, tags nobody names)
ours is `tag2001` and `document81`; only our own reader knows it.
"""

from __future__ import annotations

from functools import cache

from chekhov.ffd.forms import form, group_form
from chekhov.ffd.forms.form import COLUMNS
from chekhov.ffd.tags import TAGS
from chekhov.ffd.versions import DOCUMENT_KINDS, DocumentCode

REASON_MASK, REASON_CODE = 1205, 1101
FISCAL_SIGN, GOODS_CODE_OLD, GOODS_CODE = 1077, 1162, 1163
AGENT_SIGNS = frozenset({1057, 1222})

LISTS = frozenset({1005, 1016, 1026, 1044, 1059, 1073, 1074, 1075, 1119, 1171, 1235, 1260, 2007})
"""Written as arrays even when there is one."""

RECEIPTS = frozenset(
    {
        DocumentCode.RECEIPT,
        DocumentCode.RECEIPT_CORRECTION,
        DocumentCode.BSO,
        DocumentCode.BSO_CORRECTION,
    }
)

ROOTS: dict[str, int] = {
    kind.json_name or f"document{kind.code.value}": kind.code for kind in DOCUMENT_KINDS.values()
}
"""Name of the root to the code of the document."""

ROOT_OF: dict[int, str] = {code: root for root, code in ROOTS.items()}

_PREFIX = "tag"


@cache
def key_of(tag: int, parent: int | None, code: int) -> str:
    """Name under which a tag inside `parent` (None: the document itself) of such a document is written.

    Where the proper name would be read as another tag, which happens to tags out of their place, ours is used.
    """
    if tag == 1213 and parent is None and code == DocumentCode.STATE_REPORT:
        return "keyResource"
    known = TAGS.get(tag)
    if known is not None and known.key is not None and tag_of(known.key, parent, code) == tag:
        return known.key
    return f"{_PREFIX}{tag}"


def tag_of(key: str, parent: int | None, code: int) -> int | None:
    """Tag that a name means inside `parent` (None: the document itself); None for a name that means none."""
    if parent is None and key == "taxationType":
        return 1055 if code in RECEIPTS else 1062
    tag = _names(parent).get(key) or _ELSEWHERE.get(key)
    if tag is None and key.startswith(_PREFIX):
        number = key.removeprefix(_PREFIX)
        tag = int(number) if number.isascii() and number.isdigit() and int(number) in TAGS else None
    return tag


_ELSEWHERE: dict[str, int] = {
    tag.key: tag.number
    for tag in TAGS.values()
    if tag.key is not None
    and not any(tag.key in (one.key, *one.key_aliases) for one in TAGS.values() if one != tag)
}
"""Names that mean one tag wherever they stand."""


@cache
def _names(parent: int | None) -> dict[str, int]:
    """Name to tag on one level: the proper names first, then other names seen for the same tags."""
    tags = _level(parent)
    names: dict[str, int] = {}
    for tag in tags:
        if (key := TAGS[tag].key) is not None:
            names.setdefault(key, tag)
    for tag in tags:
        for alias in TAGS[tag].key_aliases:
            names.setdefault(alias.split()[0], tag)
    return names


def _level(parent: int | None) -> list[int]:
    """Tags of one level, current ones first."""
    found: dict[int, None] = {}
    codes = [code for code in DOCUMENT_KINDS if parent is None]
    forms = [form(code, version) for version in reversed(COLUMNS) for code in codes]
    if parent is not None:
        forms = [group_form(parent, version) for version in reversed(COLUMNS)]
    for one in forms:
        found.update(dict.fromkeys(row.tag for row in one or ()))
    stated = [
        tag.number
        for tag in TAGS.values()
        if (parent in (tag.parents or ()) if parent else tag.parents is None)
    ]
    found.update(dict.fromkeys(stated))
    return sorted(found, key=lambda number: TAGS[number].status != "current")
