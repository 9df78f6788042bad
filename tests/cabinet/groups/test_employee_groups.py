"""«Изменить доступ к группам»: whom which groups are opened to, by whom."""

from __future__ import annotations

import pytest
from django.test import Client

from cabinet.groups.shop import Shop, shop_make
from cabinet.groups.test_board import plain, text_of
from cabinet.papers_world import browser_of
from chekhov.orgs.models import GroupAccess, Membership
from chekhov.orgs.sections import Section

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return shop_make()


@pytest.fixture
def owner(shop: Shop) -> Client:
    return browser_of(shop.owner)


def place_of(user: object) -> Membership:
    return Membership.objects.get(user=user)


def held(place: Membership) -> set[int]:
    return set(GroupAccess.objects.filter(membership=place).values_list("group_id", flat=True))


def url_of(place: Membership) -> str:
    return f"/cabinet/employees/{place.pk}/groups/"


def test_the_window_shows_what_is_open_and_saves_what_is_ticked(owner: Client, shop: Shop) -> None:
    place = place_of(shop.clerk)
    assert "открыта 1 группа ККТ. Изменить доступ к группам" in text_of(
        owner, f"/cabinet/employees/{place.pk}/"
    )
    page = owner.get(url_of(place)).content.decode()
    assert page.count("checked") == 1
    answer = owner.post(url_of(place), {"groups": [shop.district.pk, shop.other_district.pk]}, follow=True)
    assert "открыто 2 группы ККТ" in plain(answer.content.decode())
    assert held(place) == {shop.district.pk, shop.other_district.pk}
    assert "Рябинка" in text_of(browser_of(shop.clerk), "/cabinet/groups/", open=str(shop.other_district.pk))
    owner.post(url_of(place), {"groups": [shop.district.pk], "all_groups": "on"})
    place.refresh_from_db()
    assert place.all_groups
    assert "Нераспределенные" in text_of(browser_of(shop.clerk), "/cabinet/groups/")


def test_a_group_opens_all_below_it(owner: Client, shop: Shop) -> None:
    place = place_of(shop.clerk)
    owner.post(url_of(place), {"groups": [shop.region.pk]})
    asked = f"{shop.region.pk},{shop.other_district.pk}"
    assert "Рябинка" in text_of(browser_of(shop.clerk), "/cabinet/groups/", open=asked)


def test_nobody_opens_what_is_not_his(shop: Shop) -> None:
    clerk, other = browser_of(shop.clerk), place_of(shop.restrict(shop.other_district))
    page = text_of(clerk, url_of(other))
    assert "Кунгурский район" in page
    assert "Александровский" not in page
    answer = clerk.post(url_of(other), {"groups": [shop.district.pk]})
    assert answer.status_code == 302
    assert held(other) == {shop.district.pk, shop.other_district.pk}, "what the doer does not see stays"
    assert clerk.post(url_of(other), {"groups": [shop.region.pk]}).status_code == 422
    clerk.post(url_of(other), {"groups": [], "all_groups": "on"})
    other.refresh_from_db()
    assert not other.all_groups
    assert held(other) == {shop.other_district.pk}
    everything = place_of(shop.papers.people.clerk)
    clerk.post(url_of(everything), {"groups": [shop.district.pk]})
    everything.refresh_from_db()
    assert everything.all_groups


def test_an_owner_sees_all(owner: Client, shop: Shop) -> None:
    place = place_of(shop.owner)
    assert "Владелец кабинета видит все кассы" in text_of(owner, url_of(place))
    assert owner.post(url_of(place), {"groups": [shop.region.pk]}).status_code == 200
    place.refresh_from_db()
    assert place.all_groups


def test_changing_a_name_leaves_the_groups_as_they_are(owner: Client, shop: Shop) -> None:
    place = place_of(shop.clerk)
    sent = {
        "full_name": "Гаев Леонид Андреевич", "role": "user", "version": place.version,
        "sections": [Section.KKT, Section.MANAGEMENT],
        "rights_shown": "user:employees,kkt,management",
    }  # fmt: skip
    assert owner.post(f"/cabinet/employees/{place.pk}/", sent).status_code == 302
    place.refresh_from_db()
    assert place.full_name == "Гаев Леонид Андреевич"
    assert held(place) == {shop.district.pk}


def test_who_is_left_without_any_group_is_led_to_the_window(owner: Client, shop: Shop) -> None:
    place = place_of(shop.papers.people.clerk)
    sent = {
        "full_name": "Гаев Леонид Андреевич", "role": "user", "version": place.version,
        "sections": [Section.KKT], "rights_shown": "user:kkt",
    }  # fmt: skip
    answer = owner.post(f"/cabinet/employees/{place.pk}/", sent)
    assert answer["Location"] == url_of(place)
    assert "не открыта ни одна группа ККТ" in text_of(owner, f"/cabinet/employees/{place.pk}/")
