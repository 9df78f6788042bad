"""Cards of companies as directories write them, made ours. Texts are offered as they are, but for the post."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from chekhov.values.errors import BadRequisite
from chekhov.values.requisites import Inn, Kpp, Ogrn

TEXT_CHARACTERS_MAX: Final = 1000


class CompanyState(StrEnum):
    """How the company stands in the tax service's register."""

    ACTIVE = "active"
    LIQUIDATING = "liquidating"
    LIQUIDATED = "liquidated"
    BANKRUPT = "bankrupt"
    REORGANIZING = "reorganizing"
    UNKNOWN = "unknown"


STATE_WORDS: Final = {
    CompanyState.ACTIVE: "Действует",
    CompanyState.LIQUIDATING: "Ликвидируется",
    CompanyState.LIQUIDATED: "Ликвидирована",
    CompanyState.BANKRUPT: "Банкротство",
    CompanyState.REORGANIZING: "Реорганизуется",
    CompanyState.UNKNOWN: "Неизвестно",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyCard:
    """What a register tells of a company or a sole trader. Empty: the register does not tell.

    `name` is the short one, as in contracts. `tax_office`: 4 digits.
    """

    inn: Inn
    name: str
    full_name: str = ""
    kpp: str = ""
    ogrn: str = ""
    address: str = ""
    head_surname: str = ""
    head_name: str = ""
    head_patronymic: str = ""
    head_position: str = ""
    state: CompanyState = CompanyState.UNKNOWN
    registered_on: dt.date | None = None
    tax_office: str = ""

    @property
    def is_sole_trader(self) -> bool:
        """Whether this is a person in business, not a company."""
        return self.inn.is_person


def card_of_local(row: Mapping[str, Any]) -> CompanyCard:
    """A row of the bundled file: the fields of `CompanyCard` by name. Raises: KeyError, BadRequisite."""
    return CompanyCard(
        inn=Inn(row["inn"]),
        name=_text(row["name"]),
        kpp=_kpp(row.get("kpp")),
        ogrn=_ogrn(row.get("ogrn")),
        full_name=_text(row.get("full_name")),
        address=_text(row.get("address")),
        head_surname=_text(row.get("head_surname")),
        head_name=_text(row.get("head_name")),
        head_patronymic=_text(row.get("head_patronymic")),
        head_position=_text(row.get("head_position")),
        state=CompanyState(row.get("state", "active")),
        tax_office=_text(row.get("tax_office")),
    )


def card_of_dadata(suggestion: Mapping[str, Any]) -> CompanyCard:
    """One suggestion of `findById/party`. A number of wrong form is left out, a wrong ИНН is an error.

    Raises: KeyError, TypeError, AttributeError.
    """
    data = suggestion["data"]
    try:
        inn = Inn.parse(str(data["inn"]))
    except BadRequisite as error:
        raise TypeError("no ИНН in the answer") from error
    names = data.get("name") or {}
    address = data.get("address") or {}
    details = address.get("data") or {}
    state = data.get("state") or {}
    surname, name, patronymic, position = _head(data)
    full_name = _text(names.get("full_with_opf") or suggestion.get("value"))
    return CompanyCard(
        inn=inn,
        name=_text(names.get("short_with_opf")) or full_name or _text(suggestion.get("value")),
        full_name=full_name,
        kpp=_kpp(data.get("kpp")) if not inn.is_person else "",
        ogrn=_ogrn(data.get("ogrn")),
        address=_text(address.get("unrestricted_value") or address.get("value")),
        head_surname=surname,
        head_name=name,
        head_patronymic=patronymic,
        head_position=position,
        state=_state(state.get("status")),
        registered_on=_day(state.get("registration_date")),
        tax_office=_text(details.get("tax_office"))[:4],
    )


def _head(data: Mapping[str, Any]) -> tuple[str, str, str, str]:
    """Surname, name, patronymic, post: of the sole trader himself, or of the company's management."""
    person = data.get("fio") or {}
    if person:
        return (
            _text(person.get("surname")),
            _text(person.get("name")),
            _text(person.get("patronymic")),
            "",
        )
    management = data.get("management") or {}
    words = _text(management.get("name")).split()
    if not 2 <= len(words) <= 4:  # a managing company, or nobody
        return "", "", "", ""
    return words[0], words[1], " ".join(words[2:]), _post(_text(management.get("post")))


def _post(text: str) -> str:
    """Registers shout: «ГЕНЕРАЛЬНЫЙ ДИРЕКТОР» is offered as «Генеральный директор»."""
    return text.capitalize() if text.isupper() else text


def _text(value: object) -> str:
    """Printable text on one line, of bounded length."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise TypeError("not a text")
    line = " ".join(value.split())
    return "".join(char for char in line if char.isprintable())[:TEXT_CHARACTERS_MAX]


def _kpp(value: object) -> str:
    try:
        return str(Kpp.parse(value)) if isinstance(value, str) and value.strip() else ""
    except BadRequisite:
        return ""


def _ogrn(value: object) -> str:
    try:
        return str(Ogrn.parse(value)) if isinstance(value, str) and value.strip() else ""
    except BadRequisite:
        return ""


def _state(value: object) -> CompanyState:
    try:
        return CompanyState(str(value).lower())
    except ValueError:
        return CompanyState.UNKNOWN


def _day(milliseconds: object) -> dt.date | None:
    if not isinstance(milliseconds, int | float) or isinstance(milliseconds, bool):
        return None
    try:
        return dt.datetime.fromtimestamp(milliseconds / 1000, tz=dt.UTC).date()
    except (ValueError, OverflowError, OSError):
        return None
