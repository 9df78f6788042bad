"""Documents in the tax service's JSON, both ways.

Written is `{"receipt": {…}}` with `rawData`, which keeps the document bit for bit. Read are all envelopes seen
in life: root by name, `document`, `ticket`, the flat form of exports.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

from chekhov.ffd.documents import Document, document_decode, fields_of
from chekhov.ffd.errors import MalformedDocument, MalformedDocumentJson
from chekhov.ffd.json_keys import (
    AGENT_SIGNS,
    FISCAL_SIGN,
    LISTS,
    REASON_CODE,
    REASON_MASK,
    ROOT_OF,
    ROOTS,
    key_of,
    tag_of,
)
from chekhov.ffd.json_values import value_from_json, value_to_json
from chekhov.ffd.tags import TAGS
from chekhov.ffd.versions import FfdVersion
from chekhov.tlv import Kind, Nodes

Fields = list[tuple[int, Any]]
"""What `document_encode` takes."""

ENVELOPE_DEPTH_MAX = 4
GROUP_DEPTH_MAX = 6
RAW_DATA_CHARACTERS_MAX = 100_000
MESSAGE_SIGN_BYTES = 8

_ABSENT_AGENT = -1
_CONTAINER_HEADERS = (32, 28)
_DRIVE_FIRST = (1041, 1037, 1018, 1040, 1012, FISCAL_SIGN, 1038, 1042, 1054, 1020)
"""Drives write these first, in this order; then comes what the register gave."""


def document_to_json(doc: Document, *, raw_data: bool = True) -> dict[str, Any]:
    """A document under the name of its root, ready for json.dumps.

    `raw_data`: whether to add the bytes (base64). Values that could not be read and tags without a place in
    the form are in the bytes only.
    """
    root = ROOT_OF.get(doc.code, f"document{doc.code}")
    body: dict[str, Any] = {"code": int(doc.code)} | _group_to_json(doc.nodes, None, doc.code)
    _reasons_to_json(doc, body)
    if doc.message_sign:
        body["messageFiscalSign"] = int.from_bytes(doc.message_sign, "big")
    if raw_data:
        body["rawData"] = base64.b64encode(doc.raw + doc.message_sign).decode()
    return {root: body}


def _group_to_json(nodes: Nodes, parent: int | None, code: int) -> dict[str, Any]:
    """One level: repeated tags become arrays, in the order of their first occurrence."""
    level: dict[int, list[Any]] = {}
    for tag, _, _, value in nodes.plain():
        if tag not in TAGS:
            continue
        shown = _group_to_json(value, tag, code) if isinstance(value, Nodes) else value_to_json(tag, value)
        if shown is not None:
            level.setdefault(tag, []).append(shown)
    return {
        key_of(tag, parent, code): values if tag in LISTS or len(values) > 1 else values[0]
        for tag, values in level.items()
    }


def _reasons_to_json(doc: Document, body: dict[str, Any]) -> None:
    """Reasons of a re-registration: codes (1101) as an array; of a mask (1205) also the places of its bits."""
    codes, masks = doc.all(REASON_CODE), doc.all(REASON_MASK)
    if codes:
        body["correctionReasonCode"] = codes
    elif len(masks) == 1 and isinstance(masks[0], int):
        body["correctionReasonCode"] = [place + 1 for place in range(32) if masks[0] >> place & 1]


def document_from_json(obj: Any) -> tuple[int, Fields]:
    """Code and fields of the one document that the JSON holds, for `document_encode`.

    `rawData`, where it is present, is the document itself; the keys are read where it is not. Fields come
    in the order of drives. Raises MalformedDocumentJson with the path.
    """
    found = list(documents_from_json(obj))
    if len(found) != 1:
        raise MalformedDocumentJson(f"expected one document, got {len(found)}")
    return found[0]


def documents_from_json(obj: Any) -> Iterator[tuple[int, Fields]]:
    """The same for any number of documents: exports are arrays of tickets."""
    for index, one in enumerate(obj if isinstance(obj, list) else [obj]):
        prefix = f"[{index}]" if isinstance(obj, list) else ""
        code, body, path = _unwrapped(one, prefix)
        raw = _raw_data(body, path)
        if raw is None:
            yield code, _fields(code, body, path)
        elif raw.code != code:
            raise MalformedDocumentJson(f"rawData is document {raw.code}, not {code}", path=path)
        else:
            yield code, fields_of(raw.nodes)


def message_sign_from_json(obj: Any) -> bytes:
    """The eight bytes that follow the document (ФПС); b"" where absent or spoilt by a floating-point reader."""
    _, body, _ = _unwrapped(obj, "")
    value = body.get("messageFiscalSign")
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 64:
        return value.to_bytes(MESSAGE_SIGN_BYTES, "big")
    return b""


def _unwrapped(obj: Any, path: str) -> tuple[int, dict[str, Any], str]:
    """Code, object and path of the document inside its envelopes."""
    for _ in range(ENVELOPE_DEPTH_MAX):
        if not isinstance(obj, dict):
            break
        found = obj.get("data")  # the answer of a checking service, whose own code is no document's
        if isinstance(found, dict) and isinstance(found.get("json"), dict):
            obj, path = found["json"], _joined(path, "data.json")
        root = next((name for name in ROOTS if isinstance(obj.get(name), dict)), None)
        # a shift's counters have a group with the name of a root, so a stated code goes first
        if _is_code(obj.get("code")):
            return int(obj["code"]), obj, path or ROOT_OF[int(obj["code"])]
        if root is not None:
            body, path = obj[root], _joined(path, root)
            if _is_code(body.get("code")) and body["code"] != ROOTS[root]:
                raise MalformedDocumentJson(f"code {body['code']} is not that of {root}", path=path)
            return ROOTS[root], body, path
        inner = next((name for name in ("ticket", "document") if isinstance(obj.get(name), dict)), None)
        if inner is None:
            break
        obj, path = obj[inner], _joined(path, inner)
    raise MalformedDocumentJson("no document of a known name or code is there", path=path)


def _is_code(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value in ROOT_OF


def _raw_data(body: dict[str, Any], path: str) -> Document | None:
    """The document in `rawData`, also with a container's header in front; None where there is none."""
    text = body.get("rawData")
    if text is None or text == "":
        return None
    path = _joined(path, "rawData")
    if not isinstance(text, str) or len(text) > RAW_DATA_CHARACTERS_MAX:
        raise MalformedDocumentJson("expected base64 text", path=path)
    try:
        data = base64.b64decode("".join(text.split()), validate=True)
    except ValueError:
        raise MalformedDocumentJson("expected base64 text", path=path) from None
    starts = [4 + header for header in _CONTAINER_HEADERS] if data.startswith(b"\xff\xff") else [0]
    for start in starts:
        try:
            doc = document_decode(data[start:])
        except MalformedDocument:
            continue
        if doc.code in ROOT_OF:
            return doc
    raise MalformedDocumentJson("the bytes are no document", path=path)


def _fields(code: int, body: dict[str, Any], path: str) -> Fields:
    fields = _group_from_json(code, None, body, path, 0)
    fields += _reasons_from_json(body, {tag for tag, _ in fields}, path)
    place = {tag: index for index, tag in enumerate(_DRIVE_FIRST)}
    return sorted(fields, key=lambda field: place.get(field[0], len(place)))


def _group_from_json(code: int, parent: int | None, body: dict[str, Any], path: str, depth: int) -> Fields:
    """One level; keys that mean no tag are left alone, null is as good as absent."""
    if depth > GROUP_DEPTH_MAX:
        raise MalformedDocumentJson("nested too deep", path=path)
    fields: Fields = []
    taken: set[int] = set()
    for key, value in body.items():
        tag = tag_of(key, parent, code)
        if tag is None or value is None or key == "correctionReasonCode" or tag in taken:
            continue
        taken.add(tag)
        here = _joined(path, key)
        many = value if isinstance(value, list) else [value]
        for index, one in enumerate(many):
            spot = f"{here}[{index}]" if isinstance(value, list) else here
            if tag in AGENT_SIGNS and one == _ABSENT_AGENT:
                continue
            fields.append((tag, _value(code, tag, one, spot, depth)))
    return fields


def _value(code: int, tag: int, value: Any, path: str, depth: int) -> Any:
    if TAGS[tag].kind is not Kind.STLV:
        return value_from_json(tag, value, path)
    if not isinstance(value, dict):
        raise MalformedDocumentJson("expected an object", path=path)
    return _group_from_json(code, tag, value, path, depth + 1)


def _reasons_from_json(body: dict[str, Any], taken: set[int], path: str) -> Fields:
    """`correctionReasonCode`: codes (1101) in FFD 1.05, from 1.1 on places of the bits of 1205 from one."""
    given = body.get("correctionReasonCode")
    if given is None:
        return []
    path = _joined(path, "correctionReasonCode")
    values = given if isinstance(given, list) else [given]
    numbers = [value_from_json(REASON_CODE, one, f"{path}[{index}]") for index, one in enumerate(values)]
    version = body.get("fiscalDocumentFormatVer")
    if not isinstance(version, int) or version < FfdVersion.V1_1:
        return [(REASON_CODE, number) for number in numbers]
    if REASON_MASK in taken:
        return []
    if not all(1 <= number <= 32 for number in numbers):
        raise MalformedDocumentJson("expected places of bits, 1 to 32", path=path)
    return [(REASON_MASK, sum(1 << number - 1 for number in set(numbers)))]


def _joined(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
