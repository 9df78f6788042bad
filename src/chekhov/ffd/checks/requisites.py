"""Masks, check digits, moments: requisites looked at one by one."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from chekhov.errors import Malformed
from chekhov.ffd.checks.case import Case, Values
from chekhov.ffd.versions import FfdVersion
from chekhov.values import Inn, RegistrationNumber

FUTURE_MAX: Final = timedelta(hours=12 + 24)
"""How far the register's local time may be ahead of UTC: the easternmost zone, and a day for a wrong clock."""

DATA_SENT_FROM: Final = datetime(2016, 7, 15)  # noqa: DTZ001  # local, as in 1012; 290-ФЗ

_PHONE: Final = re.compile(r"\+?[0-9][0-9 ()\-]{2,17}")
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+")
_DAY: Final = re.compile(r"(0[1-9]|[12][0-9]|3[01])\.(0[1-9]|1[0-2])\.[0-9]{4}")
_FN_DIGITS: Final = frozenset({15, 16})
_RNM_DIGITS: Final = frozenset({16})
_COUNTRY_DIGITS: Final = frozenset({3})
_INN_DIGITS: Final = frozenset({10, 12})
_REMEMBERED: Final = 16_384

_PHONES: Final = frozenset({1073, 1074, 1075, 1171})
_PARTY_INNS: Final = frozenset({1016, 1226, 1228})
_COUNTRIES: Final = frozenset({1230, 1244})
_DAYS: Final = frozenset({1243, 1263})

MASKED_TAGS: Final = _PHONES | _PARTY_INNS | _COUNTRIES | _DAYS
"""What `text_masks` looks at."""


def _digits(text: str, lengths: frozenset[int]) -> bool:
    return len(text) in lengths and text.isascii() and text.isdigit()


@lru_cache(_REMEMBERED)
def check_digits_match(inn: str) -> bool:
    """Whether the check digits of an ИНН of right length add up."""
    try:
        Inn.parse(inn)
    except Malformed:
        return False
    return True


@lru_cache(_REMEMBERED)
def requisites_fine(fn_serial: object, rnm: object, inn: object, cashier_inn: object) -> bool:
    """Whether the four that a register repeats in every document are in order; absent (None) is in order.

    Remembered: a register sends the same four thousands of times.
    """
    return (
        (fn_serial is None or (isinstance(fn_serial, str) and _digits(fn_serial.rstrip(), _FN_DIGITS)))
        and (rnm is None or (isinstance(rnm, str) and _digits(rnm.strip(), _RNM_DIGITS)))
        and (inn is None or _inn_fine(inn))
        and (cashier_inn is None or _inn_fine(cashier_inn))
    )


def _inn_fine(value: object) -> bool:
    if not isinstance(value, str):
        return False
    text = value.strip()
    return _digits(text, _INN_DIGITS) and check_digits_match(text)


def repeated_requisites(case: Case, version: FfdVersion | None) -> None:
    """1041, 1037, 1018, 1203: say what is wrong, once `requisites_fine` has said that something is.

    Before FFD 1.05 a РНМ could have another length.
    """
    first = case.first
    if isinstance(fn_serial := first.get(1041), str) and not _digits(fn_serial.rstrip(), _FN_DIGITS):
        case.add("fn_serial_mask", 1041, f"получено «{fn_serial.rstrip()}»")
    modern = version is not None and version >= FfdVersion.V1_05
    if modern and isinstance(rnm := first.get(1037), str) and not _digits(rnm.strip(), _RNM_DIGITS):
        case.add("rnm_mask", 1037, f"получено «{rnm.strip()}»")
    if isinstance(inn := first.get(1018), str):
        _inn_judge(case, 1018, inn.strip(), "inn_mask")
    if isinstance(cashier := first.get(1203), str):
        party_inn(case, 1203, cashier, "")


def _inn_judge(case: Case, tag: int, inn: str, mask_code: str, within: str = "") -> None:
    if not _digits(inn, _INN_DIGITS):
        case.add(mask_code, tag, f"получено «{inn}»", within=within)
    elif not check_digits_match(inn):
        case.add("inn_check_digits", tag, f"получено «{inn}»", within=within)


def party_inn(case: Case, tag: int, value: object, within: str) -> None:
    """ИНН of a party: of a supplier, a buyer, an operator of transfers. All zeros stand for «нет ИНН»."""
    if not isinstance(value, str):
        return
    inn = value.strip()
    if inn.strip("0"):
        _inn_judge(case, tag, inn, "party_inn_mask", within)


def text_masks(case: Case, values: Values, within: str) -> None:
    """Phones, addresses, countries, days on one level of nesting. All of them notices."""
    for tag, value in values.items():
        if not isinstance(value, str):
            continue
        text = value.strip()
        if tag in _PHONES:
            if text and not _PHONE.fullmatch(text):
                case.add("phone_mask", tag, f"получено «{text}»", within=within)
        elif tag in _COUNTRIES:
            if not _digits(text, _COUNTRY_DIGITS):
                case.add("country_mask", tag, f"получено «{text}»", within=within)
        elif tag in _DAYS:
            if not _DAY.fullmatch(text):
                case.add("day_mask", tag, f"получено «{text}»", within=within)
        elif tag in _PARTY_INNS:
            party_inn(case, tag, text, within)


@lru_cache(_REMEMBERED)
def sender_fine(text: str) -> bool:
    """Whether 1117, the same in all receipts of a register, is empty or looks like an address."""
    text = text.strip()
    return not text or _EMAIL.fullmatch(text) is not None


def addresses(case: Case) -> None:
    """1117 is an e-mail address; 1008 an e-mail address or a phone."""
    sender = case.first.get(1117)
    if isinstance(sender, str) and not sender_fine(sender):
        case.add("email_mask", 1117, f"получено «{sender.strip()}»")
    buyer = case.first.get(1008)
    if isinstance(buyer, str) and (text := buyer.strip()) and "@" not in text and not _PHONE.fullmatch(text):
        case.add("phone_mask", 1008, "ожидался телефон или адрес электронной почты")


def operator_inn(case: Case) -> None:
    """1017, ИНН of the operator: in registration reports and confirmations."""
    inn = case.first.get(1017)
    if isinstance(inn, str) and inn.strip():
        _inn_judge(case, 1017, inn.strip(), "inn_mask")


def rnm_check_digits(case: Case) -> None:
    """Check digits of РНМ, where ИНН and the register's serial number are known (in a registration report)."""
    first = case.first
    serial = first.get(1013) or case.known.kkt_serial
    rnm, inn = first.get(1037), first.get(1018)
    if not (isinstance(serial, str) and isinstance(rnm, str) and isinstance(inn, str)):
        return
    try:
        matches = RegistrationNumber.parse(rnm).check_digits_match(inn.strip(), serial.strip())
    except Malformed:
        return  # the masks have said it
    if not matches:
        case.add("rnm_check_digits", 1037, f"получено «{rnm.strip()}»")


def issued_at_bounds(case: Case) -> None:
    """1012, which is there: not before data were sent at all, and not after the document was received."""
    issued_at: datetime = case.first[1012]
    if issued_at < DATA_SENT_FROM:
        case.add("issued_before_law", 1012, f"получено {issued_at:%d.%m.%Y %H:%M}")
    received_at = case.known.received_at
    if received_at is not None and issued_at.toordinal() > received_at.toordinal():
        offset = received_at.utcoffset() or timedelta()
        if issued_at > received_at.replace(tzinfo=None) - offset + FUTURE_MAX:
            case.add("issued_in_future", 1012, f"получено {issued_at:%d.%m.%Y %H:%M}")
