"""«Распределить ККТ автоматически»: ordered rules, what they would move, «Применить»."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chekhov import clock
from chekhov.cabinet.access import customer_page
from chekhov.cabinet.formerrors import error_place
from chekhov.cabinet.groups.section import actor_managing, groups_context, nodes_of, place_of_whole
from chekhov.errors import AccessDenied, Conflict, Malformed, NotFound, RuleBroken
from chekhov.face.cells import Column, Digits, Empty, Table, Two
from chekhov.face.figures import count_text, plural
from chekhov.face.forms import HouseForm
from chekhov.face.navigation import Crumb
from chekhov.face.pages import page, sent_of
from chekhov.kkt.models import DistributionRule, RuleKind
from chekhov.kkt.selectors_groups import GroupNode
from chekhov.kkt.services.distribution import (
    Move,
    Preview,
    RuleForm,
    distribution_apply,
    distribution_preview,
    regions_of_account,
    rules_of_account,
    rules_set,
    rules_token,
)
from chekhov.kkt.tariffs import TARIFFS, tariff_name
from chekhov.orgs.models import Membership
from chekhov.orgs.selectors import organisations_of_account

ROWS: Final = 100
TROUBLES = (AccessDenied, Conflict, Malformed, NotFound, RuleBroken)
COLUMNS = (
    Column("kkt", "Касса", title=True),
    Column("rnm", "РНМ"),
    Column("before", "Сейчас"),
    Column("after", "Станет"),
    Column("rule", "Правило"),
)
NO_RULES = "Добавьте правило: оно скажет, какие кассы в какую группу отнести."


class RuleAddForm(HouseForm):
    """A rule: by what, which value, into which group. Of the values only that of the chosen kind is read."""

    kind = forms.ChoiceField(
        label=_("Что сравнивать"), choices=RuleKind.choices, initial=RuleKind.REGION, widget=forms.RadioSelect
    )
    organisation = forms.ChoiceField(label=_("Компания"), required=False)
    region = forms.ChoiceField(label=_("Регион"), required=False, help_text=_("По адресам ваших касс."))
    mask = forms.CharField(
        label=_("Образец"),
        max_length=128,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "Касса * у входа"}),
        help_text=_(
            "Звёздочка — любые знаки, «?» — один знак. Без них ищется как часть. Регистр букв не важен."
        ),
    )
    tariff = forms.ChoiceField(label=_("Тариф"), required=False)
    group = forms.ChoiceField(label=_("В группу"))
    token = forms.CharField(required=False, widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, account_id: int, nodes: list[GroupNode], **kwargs: Any) -> None:
        """What there is to choose from."""
        super().__init__(*args, **kwargs)
        regions = regions_of_account(account_id=account_id, now=clock.now())
        lists: dict[str, list[tuple[str, str]]] = {
            "organisation": [
                (str(one.pk), one.name) for one in organisations_of_account(account_id=account_id)
            ],
            "region": [(name, name) for name in regions],
            "tariff": [(code, tariff_name(code)) for code in TARIFFS],
            "group": [(str(node.group.pk), node.path_text) for node in nodes],
        }
        for name, pairs in lists.items():
            self.fields[name].choices = pairs  # type: ignore[attr-defined]  # stubs

    def rule(self) -> RuleForm:
        """For the service; only of a valid form."""
        data = self.cleaned_data
        kind = RuleKind(data["kind"])
        name = "mask" if kind in {RuleKind.NAME, RuleKind.ADDRESS} else str(kind)
        return RuleForm(kind=kind, value=data[name], group_id=int(data["group"]))


@customer_page("GET", "HEAD", "POST")
def rules(request: HttpRequest) -> HttpResponse:
    """The rules with their order, and every move they would make."""
    place, actor = place_of_whole(request), actor_managing(request)
    now, everywhere = clock.now(), request.GET.get("all") == "1"
    if request.method == "POST":
        return _done(request, place)
    held = rules_of_account(account_id=place.account_id)
    preview = distribution_preview(
        actor=actor, account_id=place.account_id, now=now, only_unassigned=not everywhere
    )
    words = rules_words(held, place)
    context = {
        **groups_context(Crumb("Автоматически")),
        "rules_open": True,
        "rules": [(rule, words[rule.place]) for rule in held],
        "token": rules_token(held),
        "preview": preview,
        "everywhere": everywhere,
        "table": _table(request, preview, words, bool(held)),
        "summary": _summary(preview),
        "has_groups": bool(nodes_of(request, place)),
    }
    return page(request, "cabinet/groups/rules.html", context)


@customer_page("GET", "HEAD", "POST")
def add(request: HttpRequest) -> HttpResponse:
    """The window of a new rule; it goes to the end."""
    place, actor = place_of_whole(request), actor_managing(request)
    held = rules_of_account(account_id=place.account_id)
    nodes = nodes_of(request, place)
    form = RuleAddForm(
        sent_of(request), account_id=place.account_id, nodes=nodes, initial={"token": rules_token(held)}
    )
    if request.method == "POST" and form.is_valid():
        try:
            rules_set(
                actor=actor,
                account_id=place.account_id,
                rules=[*_forms(held), form.rule()],
                token=form.cleaned_data["token"],
                now=clock.now(),
            )
        except TROUBLES as error:
            error_place(form, error)
        else:
            messages.success(request, "Правило добавлено.", extra_tags="fine")
            return redirect("group_rules")
    context = {
        **groups_context(Crumb("Автоматически", reverse("group_rules")), Crumb("Добавить правило")),
        "form": form,
        "has_groups": bool(nodes),
    }
    return page(request, "cabinet/groups/rule.html", context, status=422 if form.errors else 200)


def rules_words(held: list[DistributionRule], place: Membership) -> dict[int, str]:
    """Place of a rule → «Регион: Пермский край»."""
    companies = {str(one.pk): one.name for one in organisations_of_account(account_id=place.account_id)}
    words = {}
    for rule in held:
        value = rule.value
        if rule.kind == RuleKind.ORGANISATION:
            value = companies.get(value, value)
        elif rule.kind == RuleKind.TARIFF:
            value = tariff_name(value)
        words[rule.place] = f"{rule.get_kind_display()}: {value}"
    return words


def _done(request: HttpRequest, place: Membership) -> HttpResponse:
    """A button of the page: up, down, remove, apply."""
    here = reverse("group_rules") + ("?all=1" if request.GET.get("all") == "1" else "")
    try:
        if "apply" in request.POST:
            _apply(request, place)
        else:
            _reorder(request, place)
    except TROUBLES as error:
        messages.error(request, f"{error.message}.", extra_tags="danger")
    return redirect(here)


def _apply(request: HttpRequest, place: Membership) -> None:
    count = distribution_apply(
        actor=actor_managing(request),
        account_id=place.account_id,
        token=request.POST.get("token", ""),
        only_unassigned=request.GET.get("all") != "1",
        now=clock.now(),
    )
    noun = plural(count, "касса отнесена", "кассы отнесены", "касс отнесено")
    messages.success(request, f"Готово: {count_text(count)} {noun} к группам.", extra_tags="fine")


def _reorder(request: HttpRequest, place: Membership) -> None:
    """Move one rule a step up or down, or take it away."""
    held = rules_of_account(account_id=place.account_id)
    order = _forms(held)
    for deed in ("up", "down", "remove"):
        number = request.POST.get(deed, "")
        if not (number.isascii() and number.isdigit() and len(number) < 4 and 1 <= int(number) <= len(order)):
            continue
        at = int(number) - 1
        rule = order.pop(at)
        if deed != "remove":
            order.insert(max(at - 1, 0) if deed == "up" else at + 1, rule)
    rules_set(
        actor=actor_managing(request),
        account_id=place.account_id,
        rules=order,
        token=request.POST.get("token", ""),
        now=clock.now(),
    )


def _forms(held: list[DistributionRule]) -> list[RuleForm]:
    return [RuleForm(kind=rule.kind, value=rule.value, group_id=rule.group_id) for rule in held]


def _table(request: HttpRequest, preview: Preview, words: dict[int, str], ruled: bool) -> Table:  # noqa: FBT001
    """A page of the moves; the list is computed anew for each, so its place is a number."""
    sent = request.GET.get("from", "")
    start = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 8 else 0
    start = start if start < len(preview.moves) else 0
    shown = preview.moves[start : start + ROWS]
    base = f"{request.path}?" + ("all=1&" if request.GET.get("all") == "1" else "")
    title = "Перемещать нечего" if ruled else "Правил пока нет"
    text = "Все кассы, к которым подходят правила, уже в своих группах." if ruled else NO_RULES
    return Table(
        "Перемещения",
        COLUMNS,
        [_move_row(move, words) for move in shown],
        Empty(title, text, "circle-check" if ruled else "folder"),
        older_url=f"{base}from={start + ROWS}" if start + ROWS < len(preview.moves) else "",
        first_url=base.rstrip("?&") if start else "",
        note=f"{start + 1}–{start + len(shown)} из {count_text(len(preview.moves))}" if shown else "",
    )


def _move_row(move: Move, words: dict[int, str]) -> dict[str, object]:
    return {
        "kkt": Two(move.name, move.address) if move.address else move.name,
        "rnm": Digits(move.rnm) if move.rnm else None,
        "before": move.before.name if move.before else "без группы",
        "after": move.after.name,
        "rule": f"{move.rule_place}. {words.get(move.rule_place, '')}",
    }


def _summary(preview: Preview) -> str:
    """What stays as it is."""
    parts = []
    if preview.staying:
        noun = plural(preview.staying, "касса уже", "кассы уже", "касс уже")
        parts.append(f"{count_text(preview.staying)} {noun} на месте")
    if preview.unmatched:
        noun = plural(preview.unmatched, "кассе", "кассам", "кассам")
        parts.append(f"{count_text(preview.unmatched)} {noun} не подходит ни одно правило")
    return "; ".join(parts)
