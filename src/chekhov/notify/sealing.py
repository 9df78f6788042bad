"""Sealing what a letter must carry and nobody may read: bytes at rest that only this installation opens.

Encrypt-then-MAC from the standard library: the key stream is HMAC-SHA-256 of a counter under a key made for
one row and one fresh nonce, the tag is HMAC-SHA-256 under another key over everything and over the name of
the row, so that a seal moved to another row does not open. Keys are derived from SECRET_KEY and its fallbacks.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.encoding import force_bytes

from chekhov.notify.errors import SealBroken

VERSION = b"\x01"
NONCE_BYTES = 16
TAG_BYTES = 32
BLOCK_BYTES = 32
PURPOSE = b"chekhov.notify.sealing"


def seal(content: Mapping[str, Any], *, name: str) -> bytes:
    """Seal JSON values for the row `name`."""
    plain = json.dumps(dict(content), ensure_ascii=False, separators=(",", ":")).encode()
    nonce = secrets.token_bytes(NONCE_BYTES)
    key = _root_keys()[0]
    body = VERSION + nonce + _mixed(plain, key, nonce)
    return body + _tag(key, body, name)


def unseal(sealed: bytes, *, name: str) -> dict[str, Any]:
    """Open a seal of the row `name`. Raises: SealBroken."""
    sealed = bytes(sealed)
    body, tag = sealed[:-TAG_BYTES], sealed[-TAG_BYTES:]
    if len(body) < len(VERSION) + NONCE_BYTES or not body.startswith(VERSION):
        raise SealBroken("the seal is of no known form")
    nonce = body[len(VERSION) : len(VERSION) + NONCE_BYTES]
    for key in _root_keys():
        if hmac.compare_digest(_tag(key, body, name), tag):
            plain = _mixed(body[len(VERSION) + NONCE_BYTES :], key, nonce)
            content: dict[str, Any] = json.loads(plain)
            return content
    raise SealBroken("the seal does not open: it was changed, or is another row's, or another key's")


def _root_keys() -> list[bytes]:
    given = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [hmac.digest(force_bytes(key), PURPOSE, "sha256") for key in given]


def _mixed(data: bytes, root: bytes, nonce: bytes) -> bytes:
    key = hmac.digest(root, b"stream" + nonce, "sha256")
    blocks = -(-len(data) // BLOCK_BYTES)
    stream = b"".join(hmac.digest(key, number.to_bytes(8, "big"), "sha256") for number in range(blocks))
    return bytes(one ^ other for one, other in zip(data, stream, strict=False))


def _tag(root: bytes, body: bytes, name: str) -> bytes:
    key = hmac.digest(root, b"tag", "sha256")
    # The body's length comes first, so that body and name cannot be cut at another place.
    return hmac.digest(key, len(body).to_bytes(8, "big") + body + name.encode(), "sha256")
