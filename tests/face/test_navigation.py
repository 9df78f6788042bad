from collections.abc import Iterator

import pytest
from django.contrib.auth.models import AnonymousUser

from chekhov.face import navigation
from chekhov.face.navigation import (
    Section,
    deed_add,
    deeds_for,
    home_for,
    own_page_add,
    own_pages_for,
    section_add,
    sections_for,
)


@pytest.fixture(autouse=True)
def _own_sections(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for kept in ("_sections", "_own_pages", "_deeds"):
        monkeypatch.setattr(navigation, kept, {})
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


def test_own_pages_and_deeds_are_shown_to_those_who_may() -> None:
    own_page_add(Section("own", "Личные данные", "start", "home", lambda _: True))
    own_page_add(Section("closed", "Закрытая", "start", "home", lambda _: False))
    deed_add(Section("add", "Добавить кассу", "login", "plus", lambda _: True))
    assert [one.name for one in own_pages_for(AnonymousUser())] == ["own"]
    assert [one.url for one in deeds_for(AnonymousUser())] == ["/login/"]
    assert sections_for(AnonymousUser()) == []
