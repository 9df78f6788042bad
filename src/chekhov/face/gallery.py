"""What the gallery `/ui/` shows: one of everything, with believable content."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from chekhov.face.cells import Column, Digits, Empty, Link, Money, State, Table, Two
from chekhov.face.forms import HouseForm
from chekhov.face.navigation import Crumb, Tab
from chekhov.face.steps import Step


class GalleryForm(HouseForm):
    """A field of each kind."""

    name = forms.CharField(label="Название кассы", help_text="Как касса будет называться в списках.")
    inn = forms.CharField(label="ИНН", help_text="10 цифр у организации, 12 у предпринимателя.")
    kind = forms.ChoiceField(label="Режим", choices=[("", "Все"), ("auto", "Автоматический")], required=False)
    note = forms.CharField(label="Примечание", widget=forms.Textarea(attrs={"rows": 3}), required=False)

    def clean_inn(self) -> str:
        """The shown mistake."""
        raise forms.ValidationError("Контрольная цифра не сходится. Проверьте ИНН по свидетельству.")


class GalleryChoicesForm(HouseForm):
    """Fields that are chosen rather than typed, and one with a fixed beginning."""

    applicant = forms.ChoiceField(
        label="Тип заявителя",
        choices=[("company", "Юридическое лицо"), ("trader", "Индивидуальный предприниматель")],
        widget=forms.RadioSelect,
    )
    sections = forms.MultipleChoiceField(
        label="Доступ к разделам",
        choices=[("kkt", "ККТ"), ("documents", "Документы"), ("reports", "Отчёты")],
        widget=forms.CheckboxSelectMultiple,
    )
    accepted = forms.BooleanField(label="Адрес корреспонденции совпадает с юридическим")
    phone = forms.CharField(label="Номер телефона", help_text="Десять цифр.")


STATES = (
    State("fine", "Принят"),
    State("attention", "Неопознанная"),
    State("danger", "Ошибка ФЛК"),
    State("quiet", "Тестовый накопитель", "flask"),
)

COLUMNS = (
    Column("document", "Документ", title=True),
    Column("issued_at", "Дата и время"),
    Column("fn", "ФН"),
    Column("state", "Состояние"),
    Column("total", "Сумма", end=True),
)


NODES: list[dict[str, Any]] = [
    {
        "tag": 1059,
        "name": "Предмет расчёта",
        "key": "items",
        "value": "",
        "offset": 40,
        "length": 18,
        "children": [
            {
                "tag": 1030,
                "name": "Наименование предмета расчёта",
                "key": "name",
                "value": "Чайка, 1 шт.",
                "raw": "Чайка, 1 шт.".encode("cp866"),
                "offset": 44,
                "length": 12,
                "defects": [],
            },
            {
                "tag": 1079,
                "name": "Цена за единицу",
                "key": "price",
                "value": "?",
                "raw": b"\x01\x02",
                "offset": 60,
                "length": 2,
                "defects": ["Длина не та"],
            },
        ],
    },
]


def gallery_context() -> dict[str, Any]:
    """Everything the page needs."""
    moment = dt.datetime(2017, 10, 30, 11, 7)  # noqa: DTZ001  # a register's clock has no zone
    rows = [
        {
            "document": Two(Link("#", "Кассовый чек"), "ФД 12"),
            "issued_at": moment,
            "fn": Digits("9999078900001234", copy=True),
            "state": state,
            "total": Money(123_456_789),
        }
        for state in STATES
    ]
    empty = Empty(
        "Документов ещё нет",
        "Настройте кассу на адрес этого оператора, и первый документ появится здесь сам.",
        action_url="#",
        action="Как подключить кассу",
    )
    return {
        "crumbs": [Crumb("Главная", "#"), Crumb("Раздел", "#"), Crumb("Компоненты")],
        "tabs": [
            Tab("all", "Все", "#"),
            Tab("new", "Неопознанные", "#", 3, attention=True),
            Tab("old", "Накопители", "#", 12),
        ],
        "tab": "new",
        "states": STATES,
        "table": Table("Четыре документа", COLUMNS, rows, empty, older_url="#older", note="Показано 4"),
        "table_empty": Table("Документы", COLUMNS, [], empty),
        "empty": empty,
        "choices": GalleryChoicesForm(initial={"applicant": "company"}),
        "form": GalleryForm({"name": "Касса 1", "inn": "7707083894"}),
        "nodes": NODES,
        "steps": [
            Step("Получен", moment, "690 байт с адреса 127.0.0.1", State("fine", "сделано")),
            Step("Проверен", moment, "Замечаний нет", State("fine", "сделано")),
            Step("Передан в ФНС", None, "Ждёт очереди", State("quiet", "предстоит", "hourglass")),
        ],
    }
