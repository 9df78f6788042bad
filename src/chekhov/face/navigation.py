"""Sections of the top bar. Each door adds its own when its app is ready; the frame shows those a person may enter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser

    Person = AbstractBaseUser | AnonymousUser


@dataclass(frozen=True, slots=True)
class Section:
    """A section: its name in code, its word, where it begins, its icon, who may see it, its place in the row."""

    name: str
    label: str
    url_name: str
    icon: str
    visible_to: Callable[[Person], bool]
    order: int = 100

    @property
    def url(self) -> str:
        """Where the section begins."""
        return reverse(self.url_name)


@dataclass(frozen=True, slots=True)
class Crumb:
    """A step of the way back; without `url` it is the page itself."""

    label: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Tab:
    """A page of a section; `count` (None: not shown) stands beside the word, `attention` colours it."""

    name: str
    label: str
    url: str
    count: int | None = None
    attention: bool = False


@dataclass(frozen=True, slots=True)
class SearchBox:
    """The one box of the frame: where it asks (`?q=`), its word, what may be typed, who sees it."""

    url_name: str
    label: str
    hint: str
    visible_to: Callable[[Person], bool]

    @property
    def url(self) -> str:
        """Where it asks."""
        return reverse(self.url_name)


_sections: dict[str, Section] = {}
_searches: dict[str, SearchBox] = {}
_own_pages: dict[str, Section] = {}
_deeds: dict[str, Section] = {}


def section_add(section: Section) -> None:
    """Add a section; the same name replaces it, so that reloading does no harm."""
    _sections[section.name] = section


def own_page_add(page: Section) -> None:
    """Add a line to the window at the person's name; the same name replaces it."""
    _own_pages[page.name] = page


def deed_add(deed: Section) -> None:
    """Add a button of the top bar, such as «Добавить кассу»; the same name replaces it."""
    _deeds[deed.name] = deed


def search_add(box: SearchBox) -> None:
    """Add a box of search; a person is shown the first that is his. The same address replaces it."""
    _searches[box.url_name] = box


def search_for(person: Person) -> SearchBox | None:
    """The box of this person's frame."""
    return next((box for box in _searches.values() if box.visible_to(person)), None)


def own_pages_for(person: Person) -> list[Section]:
    """The lines of the window at this person's name."""
    return _visible(_own_pages, person)


def deeds_for(person: Person) -> list[Section]:
    """The buttons of this person's top bar."""
    return _visible(_deeds, person)


def sections_for(person: Person) -> list[Section]:
    """The sections this person may enter, in their order."""
    return _visible(_sections, person)


def home_for(person: Person) -> str:
    """Where the person's work begins: the first section, or the start page."""
    sections = sections_for(person)
    return sections[0].url if sections else reverse("start")


def _visible(kept: dict[str, Section], person: Person) -> list[Section]:
    seen = [one for one in kept.values() if one.visible_to(person)]
    return sorted(seen, key=lambda one: (one.order, one.name))
