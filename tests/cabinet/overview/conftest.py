"""A cabinet of two companies whose registers sold for a week, one of them in a group; and a foreign register."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import reverse

import factories
from backoffice.conftest import project
from cabinet.papers_world import browser_of, contract_make
from cabinets import Cabinets, cabinets_make, membership_make
from chekhov.accounts.models import User
from chekhov.kkt.models import Group, Kkt
from chekhov.orgs.models import GroupAccess
from chekhov.orgs.sections import Section
from fiscal.selling import Entry, Register, entries_make, entries_write

FIRST, LAST = dt.date(2026, 11, 18), dt.date(2026, 11, 25)
DAYS = {"since": FIRST.isoformat(), "until": LAST.isoformat()}


@dataclass
class Stand:
    """`grouped` is in «Центр», `loose` in no group, `other` of the account's second company, `foreign` a stranger's.

    `of_centre` sees «Центр» only.
    """

    people: Cabinets
    registers: dict[str, Register]
    kkts: dict[str, Kkt]
    group: Group
    of_centre: User
    entries: list[Entry]

    def sold(self, *names: str) -> list[Entry]:
        """Receipts of sale and return of these registers, corrections left out."""
        asked = [self.registers[name] for name in names]
        return [
            one
            for one in self.entries
            if one.register in asked and one.operation in {1, 2} and one.code != 31 and one.at.date() <= LAST
        ]

    def revenue(self, *names: str) -> int:
        return sum(one.total if one.operation == 1 else -one.total for one in self.sold(*names))


def stand_make(url: str) -> Stand:
    """Store the world; the documents are projected."""
    people = cabinets_make()
    second = factories.organisation_make(account=people.account, kpp="770101002")
    contract_make(people.organisation, people.account, 249)
    contract_make(second, people.account, 250)
    contract_make(people.other_organisation, people.other_account, 251)
    group = Group.objects.create(account=people.account, name="Центр")
    kkts = {
        "grouped": factories.kkt_make(organisation=people.organisation, name="Касса в центре", group=group),
        "loose": factories.kkt_make(organisation=people.organisation, name="Касса на даче"),
        "other": factories.kkt_make(organisation=second, name="Касса второй компании"),
        "foreign": factories.kkt_make(organisation=people.other_organisation, name="Чужая касса"),
    }
    registers = {
        name: Register(f"999954000000005{number}", str(kkt.rnm), kkt.organisation.inn)
        for number, (name, kkt) in enumerate(kkts.items())
    }
    entries = entries_make(list(registers.values()), 40, seed=5, days=7)
    # In a thread of its own: tests in a browser keep an event loop in this one.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(entries_write, url, entries).result()
    project()
    place = membership_make(account=people.account, sections=[Section.KKT], all_groups=False)
    GroupAccess.objects.create(membership=place, group_id=group.pk)
    assert place.user is not None
    return Stand(people, registers, kkts, group, place.user, entries)


@pytest.fixture
def stand(transactional_db: None, test_database_url: str) -> Stand:
    return stand_make(test_database_url)


@pytest.fixture
def ask() -> Callable[..., str]:
    """The page of a person as text, of a period that holds all sales."""

    def make(user: User, **query: str) -> str:
        answer = browser_of(user).get(reverse("overview"), DAYS | query)
        assert answer.status_code == 200
        return str(answer.content.decode()).split("<main")[1]

    return make


def csv_rows(client: Client, part: str, **query: str) -> list[dict[str, str]]:
    """A table taken out."""
    answer = client.get(reverse("overview_csv", args=(part,)), DAYS | query)
    assert answer.status_code == 200, answer.status_code
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
