"""«Изменить доступ к группам»: which groups of registers an employee sees."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from chekhov import clock
from chekhov.cabinet.access import address_of, customer_page, person_of
from chekhov.cabinet.formerrors import error_place
from chekhov.cabinet.profile.section import section_context
from chekhov.errors import AccessDenied, Conflict, Malformed, NotFound, RuleBroken
from chekhov.face.figures import plural
from chekhov.face.forms import HouseForm
from chekhov.face.navigation import Crumb
from chekhov.face.pages import page, sent_of
from chekhov.kkt.selectors_groups import GroupNode, group_access_of, groups_tree_for_user
from chekhov.kkt.services.group_access import group_access_set
from chekhov.orgs.access import actor_member, employee_for_user
from chekhov.orgs.models import Membership
from chekhov.orgs.sections import Role, Section

FLOORS_MAX = 6


class GroupsForm(HouseForm):
    """A box for all, and a box for each group the doer sees himself."""

    all_groups = forms.BooleanField(
        label="Все группы ККТ", required=False, help_text="И кассы, которые ни в одну группу не входят."
    )
    groups = forms.MultipleChoiceField(
        label="Открытые группы", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, *args: Any, nodes: Iterable[GroupNode], whole: bool, place: Membership, **kwargs: Any
    ) -> None:
        """What holds now is ticked. whole: the doer sees all groups, and so may open all."""
        self._nodes = list(nodes)
        self._shown = {node.group.pk for node in self._nodes}
        held = group_access_of(place)
        self._hidden = {group.pk for group in held.groups} - self._shown
        initial = {
            "all_groups": held.everything,
            "groups": [str(group.pk) for group in held.groups],
        }
        # The window may stand over the page of the employee, whose form has such fields too.
        super().__init__(*args, initial=initial, auto_id="id_access_%s", **kwargs)
        choices = [(str(node.group.pk), node.group.name) for node in self._nodes]
        self.fields["groups"].choices = choices  # type: ignore[attr-defined]  # stubs
        if not whole:
            del self.fields["all_groups"]

    @property
    def rows(self) -> list[tuple[Any, int]]:
        """Each box with its floor in the tree."""
        floors = (min(node.depth, FLOORS_MAX) for node in self._nodes)
        return list(zip(self["groups"], floors, strict=True))

    @property
    def group_ids(self) -> set[int]:
        """What was ticked, and what the doer does not see, which stays."""
        return {int(number) for number in self.cleaned_data["groups"]} | self._hidden


@customer_page("GET", "HEAD", "POST")
def groups(request: HttpRequest, membership_id: int) -> HttpResponse:
    """The window of groups, «Сохранить»."""
    now, person = clock.now(), person_of(request)
    place = employee_for_user(user=person, membership_id=membership_id)
    actor = actor_member(user=person, section=Section.EMPLOYEES, address=address_of(request))
    assert actor.membership is not None
    whole = actor.membership.all_groups
    nodes = groups_tree_for_user(user=person, account_id=place.account_id, now=now, section=Section.EMPLOYEES)
    form = GroupsForm(sent_of(request), nodes=nodes, whole=whole, place=place)
    closed = _closed(place, whole=whole)
    if request.method == "POST" and not closed and form.is_valid():
        try:
            place = group_access_set(
                actor=actor,
                membership=place,
                all_groups=form.cleaned_data.get("all_groups", False),
                group_ids=form.group_ids,
                now=now,
            )
        except (AccessDenied, Conflict, Malformed, NotFound, RuleBroken) as error:
            error_place(form, error, {type(error): "groups"})
        else:
            messages.success(request, f"{place.full_name}: {access_words(place)}.", extra_tags="fine")
            return redirect("employee", place.pk)
    context = {
        **section_context(
            person,
            "employees",
            Crumb("Сотрудники", reverse("employees")),
            Crumb(place.full_name, reverse("employee", args=(place.pk,))),
            Crumb("Доступ к группам"),
        ),
        "form": form,
        "employee": place,
        "closed": closed,
        "has_groups": bool(nodes),
        "manages": Section.MANAGEMENT in actor.membership.open_sections,
    }
    return page(request, "cabinet/profile/employee_groups.html", context, status=422 if form.errors else 200)


def access_words(place: Membership) -> str:
    """«открыты все группы ККТ», «открыто 2 группы ККТ», «не открыта ни одна группа ККТ»."""
    held = group_access_of(place)
    if held.everything:
        return "открыты все группы ККТ"
    count = len(held.groups)
    if not count:
        return "не открыта ни одна группа ККТ"
    verb, noun = plural(count, "открыта", "открыто", "открыто"), plural(count, "группа", "группы", "групп")
    return f"{verb} {count} {noun} ККТ"


def _closed(place: Membership, *, whole: bool) -> str:
    """Why it cannot be changed here; "" if it can."""
    if place.role == Role.OWNER:
        return "Владелец кабинета видит все кассы. Чтобы ограничить доступ, сначала измените его роль."
    if place.all_groups and not whole:
        return "Сотруднику открыты все группы. Закрыть их может тот, кто сам видит все."
    return ""
