"""What all pages of «Приём» share: tabs with their counts, the way back, addresses of lists."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.urls import reverse

from chekhov.face.navigation import Crumb, Tab
from chekhov.fiscal.selectors import quarantine_counts
from chekhov.fiscal.selectors_pages import unidentified_count

ROWS = 50


def section_context(tab: str, *crumbs: Crumb) -> dict[str, Any]:
    """Section, tabs and crumbs of a page of «Приём»; without crumbs the page heads the section itself."""
    unidentified = unidentified_count()
    quarantined = sum(quarantine_counts().values())
    return {
        "section": "intake",
        "tab": tab,
        "tabs": [
            Tab("documents", "Документы", reverse("intake")),
            Tab(
                "registers",
                "Неопознанные",
                reverse("registers_unidentified"),
                unidentified,
                attention=unidentified > 0,
            ),
            Tab("quarantine", "Карантин", reverse("quarantine"), quarantined, attention=quarantined > 0),
            Tab("drives", "Накопители", reverse("drives")),
        ],
        "crumbs": [Crumb("Приём", reverse("intake")), *crumbs] if crumbs else [],
    }


def paged_url(path: str, query: QueryDict, before: object) -> str:
    """The address of the same list further on; `before` None: there is nothing further."""
    if before is None:
        return ""
    changed = query.copy()
    changed["before"] = str(before)
    return f"{path}?{changed.urlencode()}"


def first_url(path: str, query: QueryDict) -> str:
    """The address of the list's beginning; empty when it is shown already."""
    if "before" not in query:
        return ""
    changed = query.copy()
    changed.pop("before")
    return f"{path}?{changed.urlencode()}" if changed else path


def filtered(query: QueryDict) -> bool:
    """Whether anything narrows the list."""
    return any(str(value).strip() for key, value in query.items() if key != "before")
