"""What a list of registers is narrowed to, as its address says it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chekhov.face.forms import HouseForm
from chekhov.kkt.selectors_lists import KktsWanted
from chekhov.kkt.stages import STAGES, Stage
from chekhov.kkt.tariffs import TARIFFS

NO_GROUP: Final = "none"
DRIVE_ENDS: Final = {"0": 0, "10": 10, "30": 30, "60": 60, "90": 90}
SILENT_HOURS: Final = {"24": 24, "48": 48, "168": 168, "720": 720}
DRIVE_WORDS = (
    ("", _("Любой срок")),
    ("0", _("Уже закончился")),
    ("10", _("Закончится за 10 дней")),
    ("30", _("Закончится за 30 дней")),
    ("60", _("Закончится за 60 дней")),
    ("90", _("Закончится за 90 дней")),
)
SILENT_WORDS = (
    ("", _("Все")),
    ("24", _("Молчит больше суток")),
    ("48", _("Молчит больше 2 суток")),
    ("168", _("Молчит больше недели")),
    ("720", _("Молчит больше месяца")),
)
NUMBER_DIGITS_MAX: Final = 18


@dataclass(frozen=True, slots=True)
class FilterChoices:
    """What there is to choose from: pairs of value and word. models: None while nobody has asked for them."""

    companies: list[tuple[str, str]]
    groups: list[tuple[str, str]]
    models: list[tuple[str, str]] | None


class KktFilterForm(HouseForm):
    """The filters above the list. What the address says amiss narrows nothing."""

    q = forms.CharField(
        label=_("Поиск"),
        required=False,
        max_length=128,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": _("Название, адрес, РНМ, номер ККТ или ФН")}
        ),
    )
    company = forms.ChoiceField(label=_("Компания"), required=False)
    group = forms.ChoiceField(label=_("Группа"), required=False)
    stage = forms.ChoiceField(label=_("Состояние"), required=False)
    tariff = forms.ChoiceField(label=_("Тариф"), required=False)
    model = forms.ChoiceField(label=_("Модель или версия ККТ"), required=False)
    drive = forms.ChoiceField(label=_("Действие ФН"), required=False, choices=DRIVE_WORDS)
    silent = forms.ChoiceField(label=_("Связь"), required=False, choices=SILENT_WORDS)

    def __init__(self, query: QueryDict, *, choices: FilterChoices) -> None:
        """Bound to the address; fields with nothing to choose from are left out."""
        super().__init__(query)
        lists = {
            "company": [("", _("Все мои компании")), *choices.companies],
            "group": [("", _("Все группы")), *choices.groups],
            "stage": [("", _("Любое")), *((str(one), STAGES[one].word) for one in Stage)],
            "tariff": [("", _("Любой")), *((one.code, one.name) for one in TARIFFS.values())],
        }
        for name, pairs in lists.items():
            self.fields[name].choices = pairs  # type: ignore[attr-defined]  # stubs
            if len(pairs) == 1:
                del self.fields[name]
        self.models_known = choices.models is not None
        self.fields["model"].choices = _models(choices.models, query.get("model", ""))  # type: ignore[attr-defined]  # stubs

    def full_clean(self) -> None:
        """What is amiss is as if it were not said: a kept address may name what is no more."""
        super().full_clean()
        if self.is_bound:
            self._errors = forms.utils.ErrorDict()

    def wanted(self, now: dt.datetime) -> KktsWanted:
        """For the selector."""
        self.is_valid()
        data = self.cleaned_data
        group = data.get("group", "")
        drive, silent = data.get("drive", ""), data.get("silent", "")
        return KktsWanted(
            organisation_id=_number(data.get("company", "")),
            group_id=_number(group),
            no_group=group == NO_GROUP,
            stage=Stage(data["stage"]) if data.get("stage") else None,
            tariff=data.get("tariff") or None,
            model=data.get("model") or None,
            drive_ends_before=_day_after(now, DRIVE_ENDS[drive]) if drive else None,
            silent_since=now - dt.timedelta(hours=SILENT_HOURS[silent]) if silent else None,
            text=data.get("q", ""),
        )

    @property
    def narrowed(self) -> bool:
        """Whether anything is narrowed at all."""
        self.is_valid()
        return any(self.cleaned_data.values())

    @property
    def narrowed_more(self) -> int:
        """By how many filters besides the search."""
        self.is_valid()
        return sum(bool(value) for name, value in self.cleaned_data.items() if name != "q")

    @property
    def more(self) -> list[forms.BoundField]:
        """All but the search."""
        return [self[name] for name in self.fields if name != "q"]


def filters_open(query: QueryDict) -> bool:
    """Whether anything but the search is narrowed, or the list of models is asked for: filters are shown then."""
    return any(query.get(name) for name in ("models", *KktFilterForm.base_fields) if name != "q")


def _models(known: list[tuple[str, str]] | None, chosen: str) -> list[tuple[str, str]]:
    """The chosen one stands in the list even if no register has it any more, or the list is not there yet."""
    found = known or []
    kept = [(chosen, chosen)] if chosen and (chosen, chosen) not in found else []
    return [("", str(_("Любая"))), *kept, *found]


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= NUMBER_DIGITS_MAX else None


def _day_after(now: dt.datetime, days: int) -> dt.date:
    """The first day that is beyond: a drive that ends today has ended for the filter «уже закончился»."""
    return timezone.localdate(now) + dt.timedelta(days=days + 1)
