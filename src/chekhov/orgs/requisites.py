"""Requisites of a company as a form gives them, cleaned and checked all at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Final, NamedTuple

from chekhov.links.directory_reading import CompanyCard
from chekhov.orgs.errors import FieldsWrong
from chekhov.orgs.models import Organisation
from chekhov.values.errors import BadRequisite
from chekhov.values.requisites import Inn, Kpp, Ogrn

FIELD_WORDS: Final = {
    "inn": "ИНН",
    "kpp": "КПП",
    "ogrn": "ОГРН",
    "full_name": "Полное наименование",
    "name": "Краткое наименование",
    "legal_address": "Юридический адрес",
    "postal_address": "Почтовый адрес",
    "head_surname": "Фамилия руководителя",
    "head_name": "Имя руководителя",
    "head_patronymic": "Отчество руководителя",
    "head_position": "Должность",
}
"""Fields of the form in their order, with the manual's words."""

CHARACTERS_MAX: Final = {
    "full_name": 1000,
    "name": 256,  # as tag 1048, the user's name in fiscal documents
    "legal_address": 512,
    "postal_address": 512,
    "head_surname": 64,
    "head_name": 64,
    "head_patronymic": 64,
    "head_position": 128,
}
NUMBER_CHARACTERS_MAX: Final = 20  # as people type numbers, with spaces
HINTS: Final = {"postal_address": "Пусто: письма идут на юридический адрес."}
REQUIRED: Final = ("full_name", "name", "legal_address", "head_surname", "head_name")


class FormLine(NamedTuple):
    """A line of the form: which requisite, its word, the longest text, what stands under it."""

    name: str
    label: str
    characters_max: int
    hint: str


def form_lines(*, sole_trader: bool) -> tuple[FormLine, ...]:
    """The lines of the form in their order, for whatever door draws it; a sole trader has no КПП."""
    return tuple(
        FormLine(name, word, CHARACTERS_MAX.get(name, NUMBER_CHARACTERS_MAX), HINTS.get(name, ""))
        for name, word in FIELD_WORDS.items()
        if not (sole_trader and name == "kpp")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Requisites:
    """What a contract is made with. An empty `postal_address`: letters go to the legal one."""

    inn: str
    kpp: str = ""
    ogrn: str = ""
    full_name: str = ""
    name: str = ""
    legal_address: str = ""
    postal_address: str = ""
    head_surname: str = ""
    head_name: str = ""
    head_patronymic: str = ""
    head_position: str = ""

    @property
    def is_sole_trader(self) -> bool:
        """Whether the ИНН is of a person."""
        return len(self.inn) == 12

    def as_data(self) -> dict[str, str]:
        """A flat dictionary, to be kept as JSON."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, object]) -> Requisites:
        """The inverse of `as_data`; what is missing is empty, what is unknown is left out."""
        known = {field.name for field in fields(cls)}
        return cls(**{"inn": "", **{key: str(value) for key, value in data.items() if key in known}})

    @classmethod
    def of_organisation(cls, organisation: Organisation) -> Requisites:
        """As they are stored."""
        return cls(**{name: getattr(organisation, name) for name in FIELD_WORDS})

    @classmethod
    def of_card(cls, card: CompanyCard) -> Requisites:
        """As a directory tells them, to fill a form with. A sole trader is called in full, as he signs."""
        return cls(
            inn=str(card.inn),
            kpp=card.kpp,
            ogrn=card.ogrn,
            full_name=card.full_name or card.name,
            name=card.name[: CHARACTERS_MAX["name"]],
            legal_address=card.address[: CHARACTERS_MAX["legal_address"]],
            head_surname=card.head_surname,
            head_name=card.head_name,
            head_patronymic=card.head_patronymic,
            head_position=card.head_position[: CHARACTERS_MAX["head_position"]],
        )

    def refreshed(self, card: CompanyCard) -> Requisites:
        """With what a directory tells in place of what was known; the ИНН and the address for letters stay."""
        told = Requisites.of_card(card).as_data()
        kept = {"inn", "postal_address"} | (set() if card.full_name else {"full_name"})
        return replace(self, **{name: text for name, text in told.items() if text and name not in kept})


def requisites_clean(given: Requisites, *, sole_trader: bool, complete: bool = True) -> Requisites:
    """The same without stray spaces, every field checked.

    sole_trader: the applicant's type chosen in the form; the ИНН must be of that type. A sole trader's position
    and КПП are empty. complete: what a contract needs must be there. Raises: FieldsWrong with all that is wrong.
    """
    wrong: dict[str, str] = {}
    texts = {name: line_clean(getattr(given, name)) for name in CHARACTERS_MAX}
    texts["name"] = texts["name"] or texts["full_name"][: CHARACTERS_MAX["name"]]
    texts["full_name"] = texts["full_name"] or texts["name"]
    for name, characters_max in CHARACTERS_MAX.items():
        trouble = line_trouble(texts[name], characters_max)
        if complete and name in REQUIRED and not texts[name]:
            trouble = "не заполнено"
        if trouble:
            wrong[name] = f"{FIELD_WORDS[name]}: {trouble}"
    numbers = {
        "inn": _number("inn", Inn.parse, given.inn, wrong),
        "kpp": _number("kpp", Kpp.parse, given.kpp, wrong, may_miss=sole_trader or not complete),
        "ogrn": _number("ogrn", Ogrn.parse, given.ogrn, wrong, may_miss=not complete),
    }
    _kind_check(numbers, wrong, sole_trader=sole_trader)
    if wrong:
        raise FieldsWrong({name: wrong[name] for name in FIELD_WORDS if name in wrong})
    if texts["postal_address"] == texts["legal_address"]:
        texts["postal_address"] = ""
    return replace(given, **numbers, **texts)


def locked_fields(card: CompanyCard | None) -> frozenset[str]:
    """Fields of an application that cannot be edited: what the directory told. The ИНН never can.

    Names, post and the address for letters are the customer's to correct.
    """
    told = (
        set() if card is None else {name for name in ("kpp", "ogrn") if getattr(card, name)}
        | ({"legal_address"} if card.address else set())
    )  # fmt: skip
    return frozenset({"inn", *told})


def line_clean(text: str) -> str:
    """One line without stray spaces."""
    return " ".join(text.split())


def line_trouble(text: str, characters_max: int) -> str:
    """What is wrong with a line of text; empty if nothing."""
    if len(text) > characters_max:
        return f"не длиннее {characters_max} знаков"
    if not text.isprintable():
        return "есть непечатные знаки"
    return ""


def _number(
    field: str, parse: Callable[[str], str], text: str, wrong: dict[str, str], *, may_miss: bool = False
) -> str:
    if not text.strip():
        if not may_miss:
            wrong[field] = f"{FIELD_WORDS[field]}: не заполнено"
        return ""
    try:
        return str(parse(text))
    except BadRequisite:
        wrong[field] = {
            "inn": "ИНН: проверьте цифры, контрольное число не сходится",
            "kpp": "КПП: девять знаков, например 770101001",
            "ogrn": "ОГРН: проверьте цифры, контрольное число не сходится",
        }[field]
        return ""


def _kind_check(numbers: Mapping[str, str], wrong: dict[str, str], *, sole_trader: bool) -> None:
    inn, kpp, ogrn = numbers["inn"], numbers["kpp"], numbers["ogrn"]
    if inn and len(inn) != (12 if sole_trader else 10):
        wrong["inn"] = (
            "ИНН индивидуального предпринимателя — 12 цифр"
            if sole_trader
            else "ИНН юридического лица — 10 цифр"
        )
    if ogrn and len(ogrn) != (15 if sole_trader else 13):
        wrong["ogrn"] = "ОГРНИП — 15 цифр" if sole_trader else "ОГРН — 13 цифр"
    if kpp and sole_trader:
        wrong["kpp"] = "У индивидуального предпринимателя нет КПП"
