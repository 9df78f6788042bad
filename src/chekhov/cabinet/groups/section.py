"""What pages of «Группы» share: who asks, where deeds lead back, how the board answers the script."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from chekhov import clock
from chekhov.cabinet.access import address_of, person_of
from chekhov.cabinet.groups.asked import BoardAsked, board_asked
from chekhov.cabinet.groups.board import board_of
from chekhov.cabinet.management.tabs import management_context
from chekhov.face.cells import Tone
from chekhov.face.navigation import Crumb
from chekhov.face.pages import page
from chekhov.face.templatetags.house import icon
from chekhov.kkt.errors import BeyondOwnGroups
from chekhov.kkt.icons import ICONS
from chekhov.kkt.selectors_groups import GroupNode, groups_tree_for_user
from chekhov.orgs.access import actor_member, require_section
from chekhov.orgs.actor import Actor
from chekhov.orgs.models import Membership
from chekhov.orgs.sections import Section

HEADER = "HX-Request"
DRAWN = ("chevron-right", "edit", "grip-vertical", *ICONS)  # in every row of the board
CRUMB = "Группы"


def place_managing(request: HttpRequest) -> Membership:
    """The asker's place, if «Управление» is his. Raises: NotMember, SectionClosed."""
    return require_section(user=request.user, section=Section.MANAGEMENT)


def place_of_whole(request: HttpRequest) -> Membership:
    """The same, for what concerns all registers of the cabinet. Raises also: BeyondOwnGroups."""
    place = place_managing(request)
    if not place.all_groups:
        raise BeyondOwnGroups("Вам открыты не все группы касс: распределяет тот, кто видит все")
    return place


def actor_managing(request: HttpRequest) -> Actor:
    """The asker about to do something in «Управление». Raises: NotMember, SectionClosed."""
    return actor_member(user=request.user, section=Section.MANAGEMENT, address=address_of(request))


def nodes_of(request: HttpRequest, place: Membership) -> list[GroupNode]:
    """The tree the asker sees."""
    return groups_tree_for_user(user=person_of(request), account_id=place.account_id, now=clock.now())


def groups_context(*crumbs: Crumb, url: str = "") -> dict[str, Any]:
    """Section, tabs and crumbs; `url`: the board, as it stood."""
    return management_context("groups", Crumb(CRUMB, (url or reverse("groups")) if crumbs else ""), *crumbs)


def board_answer(
    request: HttpRequest,
    place: Membership,
    *,
    asked: BoardAsked | None = None,
    told: str = "",
    tone: Tone = "fine",
    status: int = 200,
) -> HttpResponse:
    """The page of the board, or only the board when the script asks; `told`: what has just happened."""
    asked = asked or board_asked(request.GET)
    board = board_of(request, place, asked)
    context = {
        **groups_context(),
        "board": board,
        "told": told,
        "tone": tone,
        "add_url": asked.at("group_add"),
        "icons": {name: icon(name) for name in DRAWN},
        "free_clear_url": asked.with_free(text="").url,
    }
    return page(
        request,
        "cabinet/groups/groups.html",
        context,
        fragments={"groups-board": "cabinet/groups/board.html"},
        status=status,
    )


def done_answer(
    request: HttpRequest,
    place: Membership,
    told: str,
    *,
    asked: BoardAsked | None = None,
    tone: Tone = "fine",
    status: int = 200,
) -> HttpResponse:
    """After a deed: the board at once for the script, or the way back to it with a notice."""
    asked = asked or board_asked(request.GET)
    if request.headers.get(HEADER) == "true":
        return board_answer(request, place, asked=asked, told=told, tone=tone, status=status)
    messages.add_message(request, messages.INFO, told, extra_tags=tone)
    return redirect(asked.url)
