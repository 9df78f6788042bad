"""«Отчёты»: leads only where the person may go."""

import re

import pytest
from django.test import Client

from cabinet.papers_world import browser_of, papers_make
from cabinets import membership_make
from chekhov.orgs.sections import Section

pytestmark = pytest.mark.django_db


def links(client: Client) -> set[str]:
    main = client.get("/cabinet/reports/").content.decode().split("<main")[1]
    return set(re.findall(r'href="(/cabinet/[^"#]+|/[a-z]+/)"', main)) - {"/cabinet/", "/help/"}


def test_every_line_leads_to_an_open_page() -> None:
    people = papers_make().people
    clerk = membership_make(account=people.account, sections=[Section.REPORTS]).user
    assert links(browser_of(clerk)) == set()
    seen = {}
    for user in (people.owner, people.administrator):
        client = browser_of(user)
        seen[user] = links(client)
        assert all(client.get(url).status_code == 200 for url in seen[user])
    assert {"/cabinet/kkt/", "/cabinet/documents/"} <= seen[people.owner]
    assert "/cabinet/documents/" not in seen[people.administrator]
