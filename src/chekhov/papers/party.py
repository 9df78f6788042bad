"""One side of a contract, as it stands in a paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A company or a sole trader. Empty texts are left out of the paper.

    `head`: «Фамилия Имя Отчество». `bank`: one line, ready to print.
    """

    name: str
    inn: str
    full_name: str = ""
    kpp: str = ""
    ogrn: str = ""
    legal_address: str = ""
    postal_address: str = ""
    head: str = ""
    head_position: str = ""
    phone: str = ""
    email: str = ""
    bank: str = ""

    def facts(self) -> list[dict[str, str]]:
        """The table of requisites: word and value."""
        ogrn_word = "ОГРНИП" if len(self.inn) == 12 else "ОГРН"
        head = ", ".join(part for part in (self.head_position, self.head) if part)
        rows = (
            ("Полное наименование", self.full_name if self.full_name != self.name else ""),
            ("ИНН", self.inn),
            ("КПП", self.kpp),
            (ogrn_word, self.ogrn),
            ("Юридический адрес", self.legal_address),
            ("Почтовый адрес", self.postal_address),
            ("Руководитель", head),
            ("Телефон", self.phone),
            ("Электронная почта", self.email),
            ("Банк", self.bank),
        )
        return [{"word": word, "value": value} for word, value in rows if value]

    def as_data(self) -> dict[str, str]:
        """A flat dictionary, to be kept as JSON."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, object]) -> Party:
        """The inverse of `as_data`; keys of a later version are left out."""
        known = {field.name for field in fields(cls)}
        return cls(**{key: str(value) for key, value in data.items() if key in known})
