"""Text of the QR code of a receipt (tag 1196), both ways.

`t=20240917T1801&s=1285.21&fn=7281440500751551&i=30526&fp=1168453787&n=1`: local date and time, total in
roubles, drive, number of the document, its fiscal sign, признак расчёта.
Source: order ЕД-7-20/662@, tag 1196; samples of real receipts.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple

from chekhov.errors import RuleBroken
from chekhov.ffd.documents import Document
from chekhov.ffd.errors import MalformedQr
from chekhov.values.money import roubles_point

TEXT_CHARACTERS_MAX = 512

_MOMENT = re.compile(r"(\d{8})T(\d{4})(\d{2})?", re.ASCII | re.IGNORECASE)
_SUM = re.compile(r"(\d{1,15})(?:[.,](\d{1,2}))?", re.ASCII)
_NUMBER = re.compile(r"\d{1,20}", re.ASCII)
_SIGN_MASK = 0xFFFF_FFFF


class NoQr(RuleBroken):
    """The document lacks what the QR code is made of; only receipts have it all."""

    code = "no_qr"


class QrFields(NamedTuple):
    """What the QR code tells. `issued_at`: naive, local. `fiscal_sign`: the four-byte number that is printed."""

    issued_at: dt.datetime
    total_kopecks: int
    fn_serial: str
    fd_number: int
    fiscal_sign: int
    operation: int


def qr_text(doc: Document) -> str:
    """Text for the QR code of a receipt, to the minute as registers print it. Raises NoQr."""
    issued_at, total, operation = doc.issued_at, doc.total_kopecks, doc.operation
    if issued_at is None or total is None or operation is None or not doc.fn_serial or not doc.fd_number:
        raise NoQr("the document has no date, sum, operation, drive or number")
    return qr_text_of(QrFields(issued_at, total, doc.fn_serial, doc.fd_number, doc.fiscal_sign, operation))


def qr_text_of(fields: QrFields) -> str:
    """Text for the QR code out of the fields, to the minute."""
    moment = fields.issued_at.strftime("%Y%m%dT%H%M")
    return (
        f"t={moment}&s={roubles_point(fields.total_kopecks)}&fn={fields.fn_serial}&i={fields.fd_number}"
        f"&fp={fields.fiscal_sign}&n={fields.operation}"
    )


def qr_parse(text: str) -> QrFields:
    """Read the text of a QR code: keys in any order, with or without seconds, also behind an address.

    A fiscal sign of six bytes is cut to the four that are printed. Raises MalformedQr.
    """
    if len(text) > TEXT_CHARACTERS_MAX:
        raise MalformedQr("the text is too long for a QR code of a receipt")
    pairs: dict[str, str] = {}
    for part in text.strip().rpartition("?")[2].split("&"):
        key, sign, value = part.partition("=")
        key = key.strip().lower()
        if not sign or key in pairs:
            raise MalformedQr("the text is not made of key=value, each key once")
        pairs[key] = value.strip()
    missing = [key for key in ("t", "s", "fn", "i", "fp", "n") if key not in pairs]
    if missing:
        raise MalformedQr(f"no {', '.join(missing)} in the text")
    return QrFields(
        issued_at=_moment(pairs["t"]),
        total_kopecks=_kopecks(pairs["s"]),
        fn_serial=str(_matched(_NUMBER, "fn", pairs["fn"])[0]),
        fd_number=int(_matched(_NUMBER, "i", pairs["i"])[0]),
        fiscal_sign=int(_matched(_NUMBER, "fp", pairs["fp"])[0]) & _SIGN_MASK,
        operation=int(_matched(_NUMBER, "n", pairs["n"])[0]),
    )


def _matched(pattern: re.Pattern[str], key: str, text: str) -> re.Match[str]:
    match = pattern.fullmatch(text)
    if match is None:
        raise MalformedQr(f"{key}={text[:40]!r} cannot be read")
    return match


def _moment(text: str) -> dt.datetime:
    match = _matched(_MOMENT, "t", text)
    try:
        return dt.datetime.strptime(match[1] + match[2] + (match[3] or "00"), "%Y%m%d%H%M%S")  # noqa: DTZ007
    except ValueError:
        raise MalformedQr(f"t={text[:40]!r} is no date and time") from None


def _kopecks(text: str) -> int:
    match = _matched(_SUM, "s", text)
    return int(match[1]) * 100 + int((match[2] or "").ljust(2, "0"))
