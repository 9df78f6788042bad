"""What is the same of all registers of a family: who makes them, how the operator's data are entered.

The steps are ours. `Certainty` tells how far the words in «» are those on the register itself: makers change
menus between versions, so where they were not known for sure a step says what to look for, and no key.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class RegisterKind(StrEnum):
    """How a register is set up."""

    TOUCH = "touch"
    BUTTON = "button"
    DRIVER = "driver"


class Certainty(StrEnum):
    """How far menu names can be taken literally."""

    NAMED = "named"
    MEANING = "meaning"


KIND_WORDS = {
    RegisterKind.TOUCH: "Смарт-терминал: настройки на экране кассы",
    RegisterKind.BUTTON: "Кнопочная касса: настройки с её клавиатуры",
    RegisterKind.DRIVER: "Фискальный регистратор: настройки с компьютера",
}
CERTAINTY_WORDS = {
    Certainty.NAMED: "Названия в кавычках — как у производителя; в вашей версии они могут немного отличаться.",
    Certainty.MEANING: (
        "Названия пунктов у разных версий отличаются: ищите их по смыслу или в руководстве к вашей кассе. "
        "Если пункта нет или он закрыт паролем, обратитесь в свой сервисный центр."
    ),
}


@dataclass(frozen=True, slots=True)
class GuideSection:
    """A part of the instruction: its heading and steps in their order."""

    title: str
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterFamily:
    """Registers that are set up in one way.

    `maker`: the maker, or the mark they are sold under. `models`: names as in the tax service's register of ККТ
    («АТОЛ 91Ф»). `sold_as`: other names people know them by. `steps`: where the operator's data are entered;
    `checks`: how the register itself tells that the link works.
    """

    key: str
    maker: str
    name: str
    kind: RegisterKind
    models: tuple[str, ...]
    steps: tuple[str, ...]
    checks: tuple[str, ...] = ()
    sold_as: tuple[str, ...] = ()
    certainty: Certainty = Certainty.MEANING

    @property
    def kind_words(self) -> str:
        """«Кнопочная касса: настройки с её клавиатуры»."""
        return KIND_WORDS[self.kind]

    @property
    def certainty_words(self) -> str:
        """How far to trust the names of menus; stands beside the steps."""
        return CERTAINTY_WORDS[self.certainty]

    @property
    def shown(self) -> str:
        """«АТОЛ: кнопочные 90Ф, 91Ф, 92Ф»; the maker is not said twice."""
        return (
            self.name
            if self.name.casefold().startswith(self.maker.casefold())
            else f"{self.maker}: {self.name}"
        )

    def guide(self) -> tuple[GuideSection, ...]:
        """The whole instruction, from what to prepare to what to check at the end."""
        return (
            GuideSection("Что подготовить", PREPARATION + PREPARATION_OF_KIND[self.kind]),
            GuideSection("Где указать оператора", self.steps),
            GuideSection("Отчёт о регистрации", REPORT + REPORT_OF_KIND[self.kind]),
            GuideSection("Что проверить", self.checks + CHECKS),
        )


PREPARATION = (
    (
        "Узнайте РНМ: 16 цифр из личного кабинета ФНС. Держите под рукой ИНН и название пользователя, адрес и место "
        "расчётов, систему налогообложения — они должны совпасть с заявлением в ФНС буква в букву."
    ),
    "Проверьте дату, время и часовой пояс кассы: исправить их в отчёте о регистрации уже нельзя.",
    "Подключите кассу к интернету. Сеть должна пропускать исходящие соединения на адрес и порт оператора.",
)
PREPARATION_OF_KIND: dict[RegisterKind, tuple[str, ...]] = {
    RegisterKind.TOUCH: (
        "Зарядите кассу или включите её в сеть, вставьте бумагу, обновите её программу до последней версии.",
    ),
    RegisterKind.BUTTON: (
        "Включите кассу в сеть, вставьте бумагу. Узнайте пароль администратора: без него настройки закрыты.",
    ),
    RegisterKind.DRIVER: (
        (
            "Подключите регистратор к компьютеру, установите драйвер производителя, закройте кассовую программу: "
            "с регистратором одновременно работает только одна программа."
        ),
    ),
}
REPORT = (
    (
        "Если РНМ получен впервые, выберите регистрацию. Если касса уже зарегистрирована и меняется оператор, "
        "фискальный накопитель или другие данные, выберите изменение параметров регистрации (перерегистрацию)."
    ),
    "Если меняется накопитель, сначала напечатайте на старом отчёт о закрытии фискального накопителя.",
)
REPORT_OF_KIND: dict[RegisterKind, tuple[str, ...]] = {
    RegisterKind.TOUCH: (
        "Пройдите шаги на экране: РНМ, данные пользователя, адрес, система налогообложения, режимы, оператор.",
        "Перечитайте все данные на последнем шаге и подтвердите. Касса напечатает отчёт: сохраните его.",
    ),
    RegisterKind.BUTTON: (
        "Введите РНМ, данные пользователя, адрес, систему налогообложения и режимы, как их спросит касса.",
        "Перечитайте введённое, если касса его печатает или показывает, и подтвердите. Сохраните отчёт.",
    ),
    RegisterKind.DRIVER: (
        (
            "В программе производителя откройте регистрацию ККТ и заполните РНМ, данные пользователя, адрес, систему "
            "налогообложения, режимы и оператора."
        ),
        "Перечитайте данные и подтвердите. Регистратор напечатает отчёт: сохраните его.",
    ),
}
CHECKS = (
    (
        "В отчёте о регистрации стоят РНМ и ИНН пользователя, название и ИНН оператора. Данные оператора исправляет "
        "отчёт об изменении параметров регистрации; РНМ и ИНН пользователя — только новый накопитель."
    ),
    "Касса передала отчёт: в личном кабинете её состояние — «ККТ зарегистрирована».",
    (
        "Внесите номер, дату, время и фискальный признак отчёта в личный кабинет ФНС не позднее следующего рабочего "
        "дня после получения РНМ."
    ),
)
