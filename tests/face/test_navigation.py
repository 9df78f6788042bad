from collections.abc import Iterator

import pytest
from django.contrib.auth.models import AnonymousUser

from chekhov.face import navigation
from chekhov.face.navigation import Section, home_for, section_add, sections_for


@pytest.fixture(autouse=True)
def _own_sections(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(navigation, "_sections", {})
    return


def test_sections_stand_in_their_order_and_only_for_those_who_may_enter() -> None:
    section_add(Section("late", "Поздний", "start", "home", lambda _: True, order=20))
    section_add(Section("early", "Ранний", "login", "home", lambda _: True, order=10))
    section_add(Section("closed", "Закрытый", "start", "home", lambda _: False, order=1))
    assert [section.name for section in sections_for(AnonymousUser())] == ["early", "late"]
    assert home_for(AnonymousUser()) == "/login/"


def test_the_same_section_twice_stands_once() -> None:
    for _ in range(2):
        section_add(Section("one", "Один", "start", "home", lambda _: True))
    assert len(sections_for(AnonymousUser())) == 1


def test_without_sections_home_is_the_start_page() -> None:
    assert home_for(AnonymousUser()) == "/"
