"""The board of groups and its windows: add, change, remove, move; registers into groups."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from chekhov import clock
from chekhov.cabinet.access import customer_page, person_of
from chekhov.cabinet.formerrors import error_place
from chekhov.cabinet.groups.asked import BoardAsked, board_asked, numbers_asked
from chekhov.cabinet.groups.board import counts_words
from chekhov.cabinet.groups.forms import AssignForm, GroupForm
from chekhov.cabinet.groups.section import (
    HEADER,
    actor_managing,
    board_answer,
    done_answer,
    groups_context,
    nodes_of,
    place_managing,
)
from chekhov.errors import AccessDenied, ChekhovError, Conflict, Malformed, NotFound, RuleBroken
from chekhov.face.errors import status_of
from chekhov.face.figures import count_text, plural
from chekhov.face.navigation import Crumb
from chekhov.face.pages import page, sent_of
from chekhov.kkt.access import group_for_user, kkts_for_user
from chekhov.kkt.errors import BeyondOwnGroups, GroupCodeTaken, GroupInsideItself, GroupNameTaken
from chekhov.kkt.icons import ICONS
from chekhov.kkt.models import Group, Kkt
from chekhov.kkt.services.groups import group_add, group_change, group_move, group_remove, kkts_assign
from chekhov.orgs.models import Membership
from chekhov.orgs.sections import Section

ERROR_FIELDS: dict[type[ChekhovError], str] = {
    GroupNameTaken: "name",
    GroupCodeTaken: "code",
    GroupInsideItself: "parent",
    BeyondOwnGroups: "parent",
}
TROUBLES = (AccessDenied, Conflict, Malformed, NotFound, RuleBroken)
NAMES_MAX = 10


@customer_page()
def groups(request: HttpRequest) -> HttpResponse:
    """«Группы», by hand."""
    return board_answer(request, place_managing(request))


@customer_page("GET", "HEAD", "POST")
def add(request: HttpRequest) -> HttpResponse:
    """«Добавление группы»."""
    place, actor, asked = place_managing(request), actor_managing(request), board_asked(request.GET)
    nodes = nodes_of(request, place)
    if not place.all_groups and not nodes:
        raise BeyondOwnGroups("Вам не открыта ни одна группа касс")
    form = GroupForm(sent_of(request), nodes=nodes, whole=place.all_groups)
    if request.method == "POST" and form.is_valid():
        try:
            made = group_add(
                actor=actor,
                account_id=place.account_id,
                name=form.cleaned_data["name"],
                code=form.cleaned_data["code"],
                icon=form.cleaned_data["icon"],
                parent_id=form.parent_id(None),
                child_ids=form.child_ids,
                now=clock.now(),
            )
        except TROUBLES as error:
            error_place(form, error, ERROR_FIELDS)
        else:
            opened = asked.without_text().with_open(made.parent_id)
            return done_answer(request, place, f"Группа «{made.name}» добавлена.", asked=opened)
    return _window(request, form, asked, None)


@customer_page("GET", "HEAD", "POST")
def change(request: HttpRequest, group_id: int) -> HttpResponse:
    """«Изменение группы»: all of it at once."""
    place, actor, asked = place_managing(request), actor_managing(request), board_asked(request.GET)
    group = group_for_user(user=person_of(request), group_id=group_id, now=clock.now())
    nodes = nodes_of(request, place)
    form = GroupForm(sent_of(request), nodes=nodes, whole=place.all_groups, group=group)
    if request.method == "POST" and form.is_valid():
        try:
            changed = group_change(
                actor=actor,
                account_id=place.account_id,
                group_id=group.pk,
                name=form.cleaned_data["name"],
                code=form.cleaned_data["code"],
                icon=form.cleaned_data["icon"],
                parent_id=form.parent_id(group.parent_id),
                child_ids=form.child_ids if "children" in form.fields else None,
                version=form.cleaned_data["version"] or 0,
                now=clock.now(),
            )
        except TROUBLES as error:
            error_place(form, error, ERROR_FIELDS)
        else:
            return done_answer(request, place, f"Группа «{changed.name}» сохранена.")
    return _window(request, form, asked, group)


@customer_page("GET", "HEAD", "POST")
def remove(request: HttpRequest, group_id: int) -> HttpResponse:
    """Asked once: says where its registers and groups go."""
    place, actor, asked = place_managing(request), actor_managing(request), board_asked(request.GET)
    group = group_for_user(user=person_of(request), group_id=group_id, now=clock.now())
    node = next(node for node in nodes_of(request, place) if node.group.pk == group.pk)
    trouble = ""
    if request.method == "POST":
        sent = request.POST.get("version", "")
        try:
            removed = group_remove(
                actor=actor,
                account_id=place.account_id,
                group_id=group.pk,
                version=int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else None,
                now=clock.now(),
            )
        except TROUBLES as error:
            trouble = error.message
        else:
            return done_answer(
                request,
                place,
                f"Группа «{group.name}» удалена." + _gone_where(removed.kkts, removed.groups, group),
            )
    context = {
        **groups_context(Crumb("Удалить группу"), url=asked.url),
        "group": group,
        "kkts": node.kkts,
        "groups_inside": node.groups,
        "removable": place.all_groups or node.depth > 0,
        "trouble": trouble,
        "action": asked.at("group_remove", group.pk),
        "back": asked.url,
    }
    return page(request, "cabinet/groups/remove.html", context, status=422 if trouble else 200)


@customer_page("POST")
def move(request: HttpRequest, group_id: int) -> HttpResponse:
    """A group put elsewhere by dragging."""
    place, actor = place_managing(request), actor_managing(request)
    group = group_for_user(user=person_of(request), group_id=group_id, now=clock.now())
    parent, version = request.POST.get("parent", ""), numbers_asked([request.POST.get("version", "")])
    parents = numbers_asked([parent])
    if parent and not parents:
        return done_answer(request, place, "Такой группы нет.", tone="danger", status=409)
    try:
        moved = group_move(
            actor=actor,
            account_id=place.account_id,
            group_id=group.pk,
            parent_id=parents[0] if parents else None,
            version=version[0] if version else None,
            now=clock.now(),
        )
    except TROUBLES as error:
        return _refused(request, place, error)
    where = f"в группу «{moved.parent.name}»" if moved.parent else "в корень"
    asked = board_asked(request.GET).with_open(moved.parent_id)
    return done_answer(request, place, f"Группа «{moved.name}» перенесена {where}.", asked=asked)


@customer_page("GET", "HEAD", "POST")
def assign(request: HttpRequest) -> HttpResponse:
    """«Присвоить группу»: the window of the chosen registers, and what dragging does."""
    place, actor, asked = place_managing(request), actor_managing(request), board_asked(request.GET)
    now = clock.now()
    sent = request.POST if request.method == "POST" else request.GET
    seen = kkts_for_user(user=person_of(request), now=now, section=Section.MANAGEMENT)
    chosen = list(seen.filter(pk__in=numbers_asked(sent.getlist("kkt"))).order_by("name", "pk"))
    form = AssignForm(sent_of(request), nodes=nodes_of(request, place), whole=place.all_groups)
    scripted = request.headers.get(HEADER) == "true"
    if scripted and _moved_meanwhile(chosen, request.POST.getlist("was")):
        told = "Кто-то другой только что перенёс эту кассу: посмотрите, где она теперь."
        return done_answer(request, place, told, tone="danger", status=409)
    if request.method == "POST" and chosen and form.is_valid():
        try:
            kkts_assign(
                actor=actor,
                account_id=place.account_id,
                group_id=form.group_id,
                kkt_ids=[kkt.pk for kkt in chosen],
                now=now,
            )
        except TROUBLES as error:
            if scripted:
                return _refused(request, place, error)
            error_place(form, error, {type(error): "group"})
        else:
            return done_answer(request, place, _assigned_words(chosen, form), asked=_kept(asked))
    if request.method == "POST" and scripted:
        told = "Такой группы или кассы уже нет: список обновлён."
        return done_answer(request, place, told, tone="danger", status=409)
    context = {
        **groups_context(Crumb("Присвоить группу"), url=asked.url),
        "form": form,
        "chosen": chosen[:NAMES_MAX],
        "count": len(chosen),
        "more": max(len(chosen) - NAMES_MAX, 0),
        "ids": [kkt.pk for kkt in chosen],
        "has_groups": bool(form.fields["group"].choices),  # type: ignore[attr-defined]  # stubs
        "action": asked.at("group_assign"),
        "add_url": asked.at("group_add"),
        "back": asked.url,
    }
    return page(request, "cabinet/groups/assign.html", context, status=422 if form.errors else 200)


def _moved_meanwhile(chosen: list[Kkt], was: list[str]) -> bool:
    """Whether a register is not where it was shown («number:group») any more."""
    now = {str(kkt.pk): "" if kkt.group_id is None else str(kkt.group_id) for kkt in chosen}
    pairs = (one.partition(":") for one in was)
    return any(now.get(number, group) != group for number, _colon, group in pairs)


def _kept(asked: BoardAsked) -> BoardAsked:
    """The right list begins anew: what stood before its place may be gone."""
    return asked.with_free()


def _assigned_words(chosen: list[Kkt], form: AssignForm) -> str:
    """«Касса «Зал» теперь в группе «Пермский край».»."""
    count = len(chosen)
    place = dict(form.fields["group"].choices).get(form.cleaned_data["group"], "")  # type: ignore[attr-defined]  # stubs
    where = f"в группе «{place}»" if form.group_id is not None else "без группы"
    if count == 1:
        return f"Касса «{chosen[0]}» теперь {where}."
    return f"{count_text(count)} {plural(count, 'касса', 'кассы', 'касс')} теперь {where}."


def _refused(request: HttpRequest, place: Membership, error: ChekhovError) -> HttpResponse:
    """Nothing was done: the board as it is now, and why."""
    told = error.message if error.message.endswith(".") else f"{error.message}."
    status = status_of(error) if isinstance(error, RuleBroken | Conflict) else 409
    return done_answer(request, place, told, tone="danger", status=status)


def _gone_where(kkts: int, groups: int, group: Group) -> str:
    """Where what it held has gone."""
    if not kkts and not groups:
        return ""
    where = f"в группе «{group.parent.name}»" if group.parent else "в корне и без группы"
    return f" {counts_words(groups, kkts)} теперь {where}."


def _window(request: HttpRequest, form: GroupForm, asked: BoardAsked, group: Group | None) -> HttpResponse:
    title = "Добавление группы" if group is None else "Изменение группы"
    context = {
        **groups_context(Crumb(title), url=asked.url),
        "form": form,
        "group": group,
        "title": title,
        "icons": ICONS,
        "action": asked.at("group_add") if group is None else asked.at("group", group.pk),
        "remove_url": "" if group is None else asked.at("group_remove", group.pk),
        "back": asked.url,
    }
    return page(request, "cabinet/groups/group.html", context, status=422 if form.errors else 200)
