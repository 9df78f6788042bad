"""The box of search in the frame: whose it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chekhov.cabinet.partners.access import is_partner
from chekhov.cabinet.sections import shown_to
from chekhov.face.navigation import SearchBox, search_add

if TYPE_CHECKING:
    from chekhov.face.navigation import Person


def searches(person: Person) -> bool:
    """Whether there is anything for this person to search: an employee with sections, or a partner's person."""
    return bool(shown_to(person).sections) or is_partner(person)


def search_box_register() -> None:
    """Put the box into the frame; called when the app is ready."""
    search_add(SearchBox("search", "Поиск по кабинету", "Касса, ФПД, сумма и дата, компания", searches))
