"""A register as an application to stop serving it names it: plain data of the day it was asked.

Registers stand above contracts on the ladder, so an application keeps a copy and not a reference.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterFacts:
    """What the paper says of the register. Texts are empty while nobody has told them.

    `serial` of the register («ЗН ККТ»), `drive_serial` of its drive («ЗН ФН»), `address` where it stands;
    `user_name` and `user_inn` («Пользователь», «ИНН пользователя»).
    """

    name: str
    user_name: str
    user_inn: str
    rnm: str = ""
    serial: str = ""
    drive_serial: str = ""
    address: str = ""

    def as_data(self) -> dict[str, str]:
        """A flat dictionary, to be kept as JSON."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, object]) -> RegisterFacts:
        """The inverse of `as_data`; keys of a later version are left out, those that are missing are empty."""
        return cls(**{field.name: str(data.get(field.name, "")) for field in fields(cls)})

    def lines(self) -> list[tuple[str, str]]:
        """Word and value, in the order of the window «Прекратить обслуживание ККТ»; without what is empty."""
        rows = (
            ("РНМ", self.rnm),
            ("ЗН ККТ", self.serial),
            ("ЗН ФН", self.drive_serial),
            ("Место установки", self.address),
            ("Пользователь", self.user_name),
            ("ИНН пользователя", self.user_inn),
        )
        return [(word, value) for word, value in rows if value]
