"""Single values of documents in JSON, both ways. Source: conventions of the exchange with the tax service."""

from __future__ import annotations

import base64
import datetime as dt
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import Any

from chekhov.ffd.errors import MalformedDocumentJson
from chekhov.ffd.json_keys import FISCAL_SIGN, GOODS_CODE_OLD
from chekhov.ffd.tags import TAGS
from chekhov.tlv import Kind
from chekhov.tlv.scalars import EPOCH, text_read

SIGN_PREFIX = b"\x21\x04"
"""What stands before the four bytes of a fiscal sign in most samples; JSON mostly leaves it out."""

NUMBER_MAX = 1 << 64
TEXT_CHARACTERS_MAX = 65_535

_RAW_CODE = "rawProductCode"


def value_to_json(tag: int, value: Any) -> Any:
    """A scalar value as JSON has it; None for bytes under a tag that should have something else."""
    if isinstance(value, bytes):
        if tag == FISCAL_SIGN:
            return int.from_bytes(value[2:6], "big")
        known = TAGS.get(tag)
        return base64.b64encode(value).decode() if known is not None and known.kind is Kind.BYTES else None
    if isinstance(value, dt.datetime):
        return int((value - EPOCH).total_seconds())
    if isinstance(value, Decimal):
        return _number_to_json(value)
    return value


def _number_to_json(value: Decimal) -> int | float | str:
    """A JSON number if that keeps the value exactly, otherwise its digits as text."""
    if value == value.to_integral_value():
        return int(value)
    number = float(value)
    return number if Decimal(repr(number)) == value else f"{value:f}"


def value_from_json(tag: int, value: Any, path: str) -> Any:
    """A scalar value for the encoder. Raises MalformedDocumentJson with the path."""
    if tag == FISCAL_SIGN:
        return _sign_from_json(value, path)
    kind = TAGS[tag].kind
    if kind is Kind.STRING:
        return _text_from_json(tag, value, path)
    if kind is Kind.UNIXTIME:
        return _moment_from_json(value, path)
    if kind is Kind.FVLN:
        return _quantity_from_json(value, path)
    if kind is Kind.BYTES:
        return _bytes_from_json(value, path, is_goods_code=tag == GOODS_CODE_OLD)
    return _whole_from_json(value, path)


def _whole_from_json(value: Any, path: str) -> int:
    """A whole number: also true and false, 5.0, and digits as text."""
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit() and len(value) <= 20:
        value = int(value)
    if _is_finite_number(value) and -1 < value < NUMBER_MAX and value == int(value):
        value = int(value)
    if not isinstance(value, int) or not 0 <= value < NUMBER_MAX:
        raise MalformedDocumentJson(f"expected a whole number, got {_shown(value)}", path=path)
    return int(value)


def _is_finite_number(value: Any) -> bool:
    return value.is_finite() if isinstance(value, Decimal) else isinstance(value, float) and isfinite(value)


def _quantity_from_json(value: Any, path: str) -> Decimal:
    if isinstance(value, int) and abs(value) >= NUMBER_MAX:
        raise MalformedDocumentJson("expected a quantity, got a huge number", path=path)
    try:
        number = Decimal(repr(value) if isinstance(value, float) else str(value).strip().replace(",", "."))
    except InvalidOperation:
        number = Decimal("NaN")
    if isinstance(value, (bool, list, dict)) or not number.is_finite() or number < 0 or number >= NUMBER_MAX:
        raise MalformedDocumentJson(f"expected a quantity, got {_shown(value)}", path=path)
    return number


def _moment_from_json(value: Any, path: str) -> dt.datetime:
    """Seconds of local clock time, or a date and time without a zone as exports have it."""
    if isinstance(value, str) and not value.strip().isdigit():
        try:
            moment = dt.datetime.fromisoformat(value.strip())
        except ValueError:
            raise MalformedDocumentJson(f"expected a moment, got {_shown(value)}", path=path) from None
        if moment.tzinfo is not None:
            raise MalformedDocumentJson("expected a local time without a zone", path=path)
        return moment.replace(microsecond=0)
    seconds = _whole_from_json(value, path)
    if seconds >= 1 << 32:
        raise MalformedDocumentJson(f"expected seconds since 1970, got {seconds}", path=path)
    return EPOCH + dt.timedelta(seconds=seconds)


def _text_from_json(tag: int, value: Any, path: str) -> str:
    """Text; a code of goods may come as an object with its bytes in hex; numbers are taken as their digits."""
    if isinstance(value, dict):
        return text_read(_hex_from_json(value.get(_RAW_CODE), path))
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < NUMBER_MAX:
        value = str(value)
    if not isinstance(value, str) or len(value) > TEXT_CHARACTERS_MAX:
        raise MalformedDocumentJson(f"expected text, got {_shown(value)}", path=path)
    max_len = TAGS[tag].max_len
    return value.rstrip(" ") if max_len is not None and len(value) > max_len else value


def _bytes_from_json(value: Any, path: str, *, is_goods_code: bool) -> bytes:
    """Base64; an old code of goods also as an object with its bytes in hex."""
    if is_goods_code and isinstance(value, dict):
        return _hex_from_json(value.get(_RAW_CODE), path)
    if isinstance(value, str):
        try:
            return base64.b64decode(value, validate=True)
        except ValueError:
            pass
    raise MalformedDocumentJson(f"expected base64, got {_shown(value)}", path=path)


def _hex_from_json(value: Any, path: str) -> bytes:
    if isinstance(value, str):
        try:
            return bytes.fromhex(value)
        except ValueError:
            pass
    raise MalformedDocumentJson(f"expected {_RAW_CODE} in hex, got {_shown(value)}", path=path)


def _sign_from_json(value: Any, path: str) -> bytes:
    """The printed number of four bytes, or the number of all six."""
    number = _whole_from_json(value, path)
    if number >> 48:
        raise MalformedDocumentJson(f"expected a fiscal sign, got {number}", path=path)
    return number.to_bytes(6, "big") if number >> 32 else SIGN_PREFIX + number.to_bytes(4, "big")


def _shown(value: Any) -> str:
    """What was got instead, short and without nested content."""
    if isinstance(value, (dict, list)) or (isinstance(value, int) and abs(value) >= NUMBER_MAX):
        return type(value).__name__
    return repr(value)[:40]
