"""Forms of «Личные данные». They parse; what is right is decided by services."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chekhov.face.forms import HouseForm
from chekhov.orgs.models import Membership
from chekhov.orgs.sections import ROLE_SECTIONS, Role, Section, role_chosen
from chekhov.orgs.services import EmployeeForm as EmployeeSent


class NamesForm(HouseForm):
    """What a person may correct of himself."""

    last_name = forms.CharField(label=_("Фамилия"), max_length=64)
    first_name = forms.CharField(label=_("Имя"), max_length=64)
    middle_name = forms.CharField(label=_("Отчество"), max_length=64, required=False)


class EmployeeForm(HouseForm):
    """An employee's window. `rights_shown` is what the form was shown with, see `rights`."""

    full_name = forms.CharField(label=_("ФИО"), max_length=200)
    position = forms.CharField(label=_("Должность"), max_length=128, required=False)
    email = forms.CharField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=_("Станет логином. На него придёт приглашение."),
    )
    phone = forms.CharField(
        label=_("Телефон"), max_length=40, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    role = forms.ChoiceField(label=_("Роль"), choices=Role.choices, initial=Role.USER)
    sections = forms.MultipleChoiceField(
        label=_("Доступ к разделам"),
        choices=Section.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Если изменить разделы владельца или администратора, роль станет «Пользователь»."),
    )
    all_groups = forms.BooleanField(
        label=_("Все группы ККТ"),
        required=False,
        initial=True,
        help_text=_("Без отметки сотрудник видит только кассы открытых ему групп."),
    )
    rights_shown = forms.CharField(required=False, widget=forms.HiddenInput, max_length=300)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, known: Membership | None = None, **kwargs: Any) -> None:
        """`known`: the employee that is edited; his e-mail cannot be."""
        initial: dict[str, Any] = {"rights_shown": rights_text(Role.USER, [])}
        if known is not None:
            opened = sorted(known.open_sections)
            initial |= {
                "full_name": known.full_name,
                "position": known.position,
                "phone": known.phone,
                "role": known.role,
                "sections": opened,
                "all_groups": known.all_groups,
                "version": known.version,
                "rights_shown": rights_text(known.role, opened),
            }
        super().__init__(*args, initial=initial, **kwargs)
        if known is not None:
            del self.fields["email"]
        self.fields["role"].widget.attrs["data-rights-role"] = ""
        # Groups have a window of their own; what is open stays as it is.
        held = [] if known is None else known.group_accesses.values_list("group_id", flat=True)
        self._group_ids = frozenset(held)

    @property
    def role_sections(self) -> str:
        """Sections of the roles that have theirs, for the script of the form: the same data as the service's."""
        return json.dumps({str(role): sorted(sections) for role, sections in ROLE_SECTIONS.items()})

    def sent(self) -> EmployeeSent:
        """For the service; only of a valid form.

        Without script a role may be chosen while the boxes stand as they were: then the role speaks.
        """
        data = self.cleaned_data
        role, sections = Role(data["role"]), frozenset(Section(name) for name in data["sections"])
        shown_role, _colon, shown = data["rights_shown"].partition(":")
        if role != shown_role and set(filter(None, shown.split(","))) == {str(one) for one in sections}:
            role, sections = role_chosen(role, sections)
        return EmployeeSent(
            full_name=data["full_name"],
            position=data["position"],
            phone=data["phone"],
            role=role,
            sections=sections,
            all_groups=data["all_groups"] or role == Role.OWNER,
            group_ids=self._group_ids,
        )


def rights_text(role: str, sections: list[Section]) -> str:
    """A role with its sections in one line."""
    return f"{role}:{','.join(str(section) for section in sections)}"
