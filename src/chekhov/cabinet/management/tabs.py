"""The tabs of «Управление», the same on all its pages."""

from __future__ import annotations

from typing import Any, Literal

from django.urls import reverse

from chekhov.face.navigation import Crumb, Tab

ROOT = "Личный кабинет"
Place = Literal["management", "partners", "groups"]


def management_tabs() -> list[Tab]:
    """«Управление ККТ», «Партнеры», «Группы»."""
    return [
        Tab("management", "Управление ККТ", reverse("management")),
        Tab("partners", "Партнеры", reverse("partners")),
        Tab("groups", "Группы", reverse("groups")),
    ]


def management_context(place: Place, *crumbs: Crumb) -> dict[str, Any]:
    """Section, tabs and crumbs of a page of «Управление»; `crumbs` are the steps below it, the page itself last."""
    back = Crumb("Управление", reverse("management") if crumbs else "")
    return {
        "section": "management",
        "tabs": management_tabs(),
        "tab": place,
        "crumbs": [Crumb(ROOT, reverse("cabinet")), back, *crumbs],
    }
