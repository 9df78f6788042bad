"""What the gallery `/ui/` shows: one of everything, with believable content."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest

from chekhov.face.cells import Action, Column, Digits, Empty, Link, Money, Selection, State, Table, Two
from chekhov.face.forms import HouseForm
from chekhov.face.navigation import Crumb, Tab
from chekhov.face.paper import paper_of
from chekhov.face.steps import Step
from chekhov.face.tables import asked_of
from chekhov.ffd.documents import document_decode, document_encode


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
    Column("document", "Документ", title=True, sort="name"),
    Column("issued_at", "Дата и время", sort="issued"),
    Column("fn", "ФН"),
    Column("state", "Состояние", hint="Что решила проверка"),
    Column("shift", "Смена", spare=True),
    Column("total", "Сумма", end=True, sort="total"),
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


RECEIPT: list[tuple[int, Any]] = [
    (1048, 'ООО "Чайка"'),
    (1018, "7707083893"),
    (1009, "101000, г. Москва, ул. Садовая, д. 3"),
    (1041, "9999078900001234"),
    (1040, 12),
    (1012, dt.datetime(2017, 10, 30, 11, 7)),  # noqa: DTZ001  # a register's clock has no zone
    (1077, bytes.fromhex("21040b1a2c3d")),
    (1038, 4),
    (1042, 7),
    (1054, 1),
    (1059, [(1030, "Чай чёрный"), (1079, 12_345), (1023, Decimal(2)), (1043, 24_690), (1199, 2)]),
    (1020, 24_690),
    (1081, 24_690),
    (1055, 1),
]


EMPTY = Empty(
    "Документов ещё нет",
    "Настройте кассу на адрес этого оператора, и первый документ появится здесь сам.",
    action_url="#",
    action="Как подключить кассу",
)


def gallery_context(request: HttpRequest) -> dict[str, Any]:
    """Everything the page needs."""
    moment = dt.datetime(2017, 10, 30, 11, 7)  # noqa: DTZ001  # a register's clock has no zone
    return {
        "crumbs": [Crumb("Главная", "#"), Crumb("Раздел", "#"), Crumb("Компоненты")],
        "tabs": [
            Tab("all", "Все", "#"),
            Tab("new", "Неопознанные", "#", 3, attention=True),
            Tab("old", "Накопители", "#", 12),
        ],
        "tab": "new",
        "states": STATES,
        **_tables(request, moment),
        "empty": EMPTY,
        "choices": GalleryChoicesForm(initial={"applicant": "company"}),
        "form": GalleryForm({"name": "Касса 1", "inn": "7707083894"}),
        "nodes": NODES,
        "paper": paper_of(document_decode(document_encode(3, RECEIPT)), footer=(("ОФД", "Оператор"),)),
        "steps": [
            Step("Получен", moment, "690 байт с адреса 127.0.0.1", State("fine", "сделано")),
            Step("Проверен", moment, "Замечаний нет", State("fine", "сделано")),
            Step("Передан в ФНС", None, "Ждёт очереди", State("quiet", "предстоит", "hourglass")),
        ],
    }


def _tables(request: HttpRequest, moment: dt.datetime) -> dict[str, Any]:
    """The table with everything it can do, a plain one, and one without rows."""
    asked = asked_of(request, COLUMNS, order="-issued")
    rows = [
        {
            "id": number,
            "label": f"Кассовый чек ФД {12 + number}",
            "document": Two(Link("#", "Кассовый чек"), f"ФД {12 + number}"),
            "issued_at": moment,
            "fn": Digits("9999078900001234", copy=True),
            "state": state,
            "shift": 3,
            "total": Money(123_456_789),
        }
        for number, state in enumerate(STATES)
    ]
    return {
        "table": Table(
            "Четыре документа",
            COLUMNS,
            rows,
            EMPTY,
            older_url="#older",
            note="Показано 4",
            asked=asked,
            select=Selection(
                "document",
                (
                    Action("Переместить", "/ui/window/"),
                    Action("Удалить", "/ui/window/", "trash", danger=True),
                ),
                hidden=asked.filters,
                every="Все найденные",
            ),
            choose_columns=True,
            export_url=asked.export_url("/ui/"),
        ),
        "table_plain": Table("Четыре документа без выбора", COLUMNS, rows, EMPTY),
        "table_empty": Table("Документы", COLUMNS, [], EMPTY),
    }
