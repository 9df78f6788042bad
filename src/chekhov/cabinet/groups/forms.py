"""The window of a group: name, code, icon, where it belongs, what it holds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chekhov.face.forms import HouseForm
from chekhov.kkt.icons import ICONS
from chekhov.kkt.models import Group
from chekhov.kkt.selectors_groups import GroupNode

ROOT_WORD = _("Корневая")


class GroupForm(HouseForm):
    """It parses; what holds is decided by the service."""

    name = forms.CharField(
        label=_("Название группы"),
        max_length=128,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "placeholder": _("Например, Пермский край"), "pattern": r".*\S.*"}
        ),
    )
    code = forms.CharField(
        label=_("Код"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("Введите код группы"), "autocomplete": "off"}),
        help_text=_("Любое обозначение, например из вашей учётной системы. Не повторяется в кабинете."),
    )
    icon = forms.ChoiceField(
        label=_("Иконка"), choices=list(ICONS.items()), required=False, widget=forms.RadioSelect
    )
    parent = forms.ChoiceField(label=_("Родительская группа"), required=False)
    children = forms.MultipleChoiceField(
        label=_("Содержит группы"), required=False, widget=forms.CheckboxSelectMultiple
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=0)

    def __init__(
        self,
        *args: Any,
        nodes: Iterable[GroupNode],
        whole: bool,
        group: Group | None = None,
        parent_id: int | None = None,
        **kwargs: Any,
    ) -> None:
        """nodes: the groups the person sees. group: the one that is changed. whole: whether the root is his too."""
        nodes = list(nodes)
        known = {node.group.pk: node for node in nodes}
        super().__init__(*args, initial=_initial(nodes, group, parent_id), **kwargs)
        own = _below(nodes, group)
        places = [(str(node.group.pk), node.path_text) for node in nodes if node.group.pk not in own]
        self.fields["parent"].choices = [("", ROOT_WORD), *places] if whole else places  # type: ignore[attr-defined]  # stubs
        above = _above(known, group)
        inside = [
            (str(node.group.pk), node.path_text)
            for node in nodes
            if node.group.pk not in above and (whole or node.depth > 0)
        ]
        self.fields["children"].choices = inside  # type: ignore[attr-defined]  # stubs
        if group is not None and not whole and group.parent_id not in known:
            del self.fields["parent"]  # it stands where the person does not see
        if not inside:
            del self.fields["children"]

    def parent_id(self, otherwise: int | None) -> int | None:
        """Where it belongs; `otherwise` if the form does not ask."""
        if "parent" not in self.fields:
            return otherwise
        return int(self.cleaned_data["parent"]) if self.cleaned_data["parent"] else None

    @property
    def child_ids(self) -> list[int]:
        """What it holds; only of a valid form."""
        return [int(number) for number in self.cleaned_data.get("children", [])]


class AssignForm(HouseForm):
    """Where the chosen registers go."""

    group = forms.ChoiceField(label=_("Группа"), required=False)

    def __init__(self, *args: Any, nodes: Iterable[GroupNode], whole: bool, **kwargs: Any) -> None:
        """whole: whether they may also leave all groups."""
        super().__init__(*args, **kwargs)
        places = [(str(node.group.pk), node.path_text) for node in nodes]
        self.fields["group"].choices = [*places, *([("", _("Без группы"))] if whole else [])]  # type: ignore[attr-defined]  # stubs

    @property
    def group_id(self) -> int | None:
        """The group; None: out of all."""
        return int(self.cleaned_data["group"]) if self.cleaned_data["group"] else None


def _initial(nodes: list[GroupNode], group: Group | None, parent_id: int | None) -> dict[str, Any]:
    if group is None:
        return {"icon": next(iter(ICONS)), "parent": "" if parent_id is None else str(parent_id)}
    return {
        "name": group.name,
        "code": group.code,
        "icon": group.icon or next(iter(ICONS)),
        "parent": "" if group.parent_id is None else str(group.parent_id),
        "children": [str(node.group.pk) for node in nodes if node.group.parent_id == group.pk],
        "version": group.version,
    }


def _below(nodes: list[GroupNode], group: Group | None) -> set[int]:
    """The group and all below it: where it cannot go."""
    if group is None:
        return set()
    below = {group.pk}
    for node in nodes:  # each before those below it
        if node.group.parent_id in below:
            below.add(node.group.pk)
    return below


def _above(known: dict[int, GroupNode], group: Group | None) -> set[int]:
    """The group and all above it: what it cannot hold."""
    above: set[int] = set()
    number = None if group is None else group.pk
    while number is not None and number in known and number not in above:
        above.add(number)
        number = known[number].group.parent_id
    return above
