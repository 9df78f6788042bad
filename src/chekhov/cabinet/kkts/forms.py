"""Forms of pages of registers. They parse; what is right is decided by services."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chekhov.face.figures import sum_text
from chekhov.face.forms import HouseForm
from chekhov.kkt.models import ApplicationKind
from chekhov.kkt.tariffs import TARIFFS, Tariff

NO_TARIFF = ("", _("Выберу позже"))
RNM_WIDGET = {"inputmode": "numeric", "autocomplete": "off", "data-blocks": "16", "class": "digits"}
RNM_HELP = _("Регистрационный номер из личного кабинета ФНС, 16 цифр. Можно вставить с пробелами.")
SERIAL_WIDGET = {"autocomplete": "off", "class": "digits"}
SERIAL_HELP = _("Если указать, контрольные цифры РНМ будут проверены сразу.")


class ConnectForm(HouseForm):
    """«Подключение ККТ». Numbers are taken in any spelling: with spaces, in blocks, with a sign before."""

    organisation = forms.IntegerField(widget=forms.HiddenInput, min_value=1, required=False)
    name = forms.CharField(
        label=_("Внутреннее название ККТ"),
        max_length=128,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Как касса называется у вас: «Касса у входа», «Павильон 12». Пусто: «Касса №…»."),
    )
    rnm = forms.CharField(
        label=_("РНМ"),
        max_length=64,
        widget=forms.TextInput(attrs=RNM_WIDGET),
        help_text=RNM_HELP,
    )
    serial = forms.CharField(
        label=_("Заводской номер кассы"),
        max_length=64,
        required=False,
        widget=forms.TextInput(attrs=SERIAL_WIDGET),
        help_text=SERIAL_HELP,
    )
    kind = forms.ChoiceField(
        label=_("Тип заявления в ФНС"),
        choices=ApplicationKind.choices,
        initial=ApplicationKind.REGISTRATION,
        widget=forms.RadioSelect,
        help_text=_(
            "«Регистрация ККТ», если аппарат ещё не регистрировали; "
            "«Перерегистрация ККТ», если он уже зарегистрирован."
        ),
    )
    group = forms.ChoiceField(label=_("Группа"), required=False)
    tariff_next = forms.ChoiceField(
        label=_("Тариф"), required=False, help_text=_("Включится, когда закончится «Тестовый».")
    )
    renewal = forms.BooleanField(
        label=_("Включить автоматическое продление тарифа"),
        required=False,
        help_text=_(
            "Выбранный тариф включится сам, когда закончится «Тестовый», только если баланс пополнен: "
            "тариф нужно оплатить в течение 5 дней."
        ),
    )

    def __init__(self, *args: Any, groups: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        """Name the tariffs with their prices. `groups`: where the register can be put; without any, no field."""
        super().__init__(*args, **kwargs)
        groups_put(self, groups)
        self.fields["tariff_next"].choices = [NO_TARIFF, *tariff_choices()]  # type: ignore[attr-defined]  # stubs

    def clean(self) -> dict[str, Any] | None:
        """A tariff that is not chosen cannot be prolonged."""
        data = super().clean()
        if self.cleaned_data.get("renewal") and not self.cleaned_data.get("tariff_next"):
            self.add_error("tariff_next", _("Выберите тариф, который включится автоматически."))
        return data


class RenameForm(HouseForm):
    """The name of a register, and the version it was seen in."""

    name = forms.CharField(
        label=_("Название кассы"), max_length=128, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class NumberForm(HouseForm):
    """The number a register lacks, or has wrong, and the version it was seen in."""

    rnm = forms.CharField(
        label=_("РНМ"),
        max_length=64,
        widget=forms.TextInput(attrs=RNM_WIDGET),
        help_text=RNM_HELP,
    )
    serial = forms.CharField(
        label=_("Заводской номер кассы"),
        max_length=64,
        required=False,
        widget=forms.TextInput(attrs=SERIAL_WIDGET),
        help_text=SERIAL_HELP,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class GroupForm(HouseForm):
    """A group to put registers into; empty: into none."""

    to_group = forms.ChoiceField(label=_("Группа"), required=False)

    def __init__(self, *args: Any, groups: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        """`groups`: number and name, children indented."""
        super().__init__(*args, **kwargs)
        self.fields["to_group"].choices = groups  # type: ignore[attr-defined]  # stubs


class BatchForm(HouseForm):
    """«Загрузите шаблон»: the company and the file."""

    organisation = forms.IntegerField(widget=forms.HiddenInput, min_value=1, required=False)
    file = forms.FileField(
        label=_("Заполненный шаблон"),
        allow_empty_file=True,  # the service tells what is wrong with it
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
        error_messages={"required": _("Выберите файл или перетащите его сюда.")},
    )
    group = forms.ChoiceField(
        label=_("Группа"), required=False, help_text=_("Куда поставить все кассы файла.")
    )

    def __init__(self, *args: Any, groups: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        """`groups`: where the registers can be put; without any, no field."""
        super().__init__(*args, **kwargs)
        groups_put(self, groups)


def groups_put(form: forms.Form, groups: Iterable[tuple[str, str]]) -> None:
    """Give the field «Группа» what there is to choose from, or take it away."""
    choices = list(groups)
    form.fields["group"].choices = choices  # type: ignore[attr-defined]  # stubs
    if not choices:
        del form.fields["group"]


def tariff_choices() -> list[tuple[str, str]]:
    """Tariffs that can be chosen, with the price of a year."""
    return [(one.code, _tariff_words(one)) for one in TARIFFS.values() if one.is_sold]


def _tariff_words(tariff: Tariff) -> str:
    return f"{tariff.name}, {sum_text(tariff.price_kopecks)} за год"
