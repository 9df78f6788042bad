"""«Подключение кассы»: the operator's parameters and the steps for one family of registers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from chekhov.papers import typeset
from chekhov.papers.guide import Guide

LEAD = "Параметры ниже вводят в кассу до отчёта о регистрации. Адрес сервера набирайте латинскими буквами, без пробелов."


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionParameters:
    """What a register is told of its operator. `address`: the host's IP, for registers that take digits only."""

    operator_name: str
    operator_inn: str
    host: str
    port: int
    address: str = ""
    check_url: str = ""

    def lines(self) -> list[tuple[str, str]]:
        """Word and value, in the order registers ask for them; without what is empty."""
        rows = (
            ("Название ОФД", self.operator_name),
            ("ИНН ОФД", self.operator_inn),
            ("Адрес сервера", self.host),
            ("IP-адрес", self.address if self.address != self.host else ""),
            ("Порт", str(self.port)),
            ("Адрес для проверки чека", self.check_url),
        )
        return [(word, value) for word, value in rows if value]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionGuideSheet:
    """`family`: «АТОЛ: кнопочные 90Ф, 91Ф, 92Ф»; `sections`: of `RegisterFamily.guide`; `caution`: of its menus.

    `rnm` and `name` of the register, if the instruction is for one.
    """

    family: str
    parameters: ConnectionParameters
    sections: Sequence[tuple[str, Sequence[str]]]
    caution: str = ""
    name: str = ""
    rnm: str = ""

    def as_data(self) -> dict[str, object]:
        """What the template gets."""
        title = f"Подключение кассы к {self.parameters.operator_name}"
        return Guide(
            title=title,
            lead=f"{self.family}. {LEAD}",
            footer=". ".join(part for part in (self.family, f"РНМ {self.rnm}" if self.rnm else "") if part),
            facts_title="Параметры подключения",
            facts=(*self.parameters.lines(), ("Касса", self.name), ("РНМ", self.rnm)),
            sections=self.sections,
            remark=self.caution,
        ).as_data()


def connection_guide_pdf(sheet: ConnectionGuideSheet, *, made_at: dt.datetime) -> bytes:
    """The instruction as PDF. Raises: PaperNotSet."""
    return typeset.pdf("guide", sheet.as_data(), made_at=made_at)
