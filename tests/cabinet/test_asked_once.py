"""Who stands before a page is asked once for the page, and anew for the next; what changes data asks every time."""

from __future__ import annotations

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cabinet.receipts.conftest import Shop, shop_make
from chekhov.accounts.sessions import SessionStore
from chekhov.cabinet.access import person_page
from chekhov.db.reading import answered
from chekhov.orgs.models import Membership
from chekhov.orgs.sections import Section

RIGHTS = ("orgs_membership", "orgs_partner", "orgs_groupaccess")


@pytest.fixture
def shop(transactional_db: None) -> Shop:
    return shop_make()


def test_a_page_asks_for_rights_once(shop: Shop) -> None:
    browser = shop.browser()
    addresses = (
        *("/cabinet/kkt/", "/cabinet/management/", "/cabinet/overview/", "/cabinet/attention/"),
        *(shop.list_url, shop.document_url(3), shop.shift_url(1), f"/cabinet/kkt/{shop.kkt.pk}/"),
    )
    for address in addresses:
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(address).status_code == 200, address
        for table in RIGHTS:
            times = sum(f'FROM "{table}"' in one["sql"] for one in asked)
            assert times <= 1, (address, table, times)


def test_a_right_that_is_taken_away_is_gone_with_the_next_request(shop: Shop) -> None:
    browser = shop.browser(shop.people.clerk)
    place = Membership.objects.filter(user=shop.people.clerk)
    place.update(sections=[Section.KKT], all_groups=True)
    assert browser.get(shop.document_url(3)).status_code == 200
    place.update(sections=[Section.DOCUMENTS])
    assert browser.get(shop.document_url(3)).status_code == 403
    place.update(sections=[Section.KKT], all_groups=False)
    assert browser.get(shop.document_url(3)).status_code == 404


@pytest.mark.parametrize(("method", "asked"), [("GET", 1), ("HEAD", 1), ("POST", 2)])
def test_only_what_looks_keeps_answers(shop: Shop, method: str, asked: int) -> None:
    times: list[int] = []

    @person_page("GET", "HEAD", "POST")
    def view(request: HttpRequest) -> HttpResponse:
        for _ in range(2):
            answered("place", 1, lambda: times.append(1))
        return HttpResponse()

    request = RequestFactory().generic(method, reverse("start"))
    request.user, request.session = shop.people.owner, SessionStore()
    assert view(request).status_code == 200
    assert len(times) == asked
