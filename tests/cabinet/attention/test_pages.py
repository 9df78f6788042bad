"""«Что остановится и когда»: the page with its filters, and the window of the daily letter."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import factories
from cabinet.papers_world import browser_of, contract_make
from cabinets import Cabinets, cabinets_make
from chekhov import clock
from chekhov.fiscal.digest import digest_of
from chekhov.kkt.models import Kkt, Standing

pytestmark = pytest.mark.django_db
RNM = "0000000001000001"


@pytest.fixture
def people() -> Cabinets:
    people = cabinets_make()
    contract_make(people.organisation, people.account, 249)
    contract_make(people.other_organisation, people.other_account, 250)
    kkt = factories.kkt_make(organisation=people.organisation, name="Касса у входа", rnm=RNM)
    now = timezone.localtime(clock.now())
    Standing.objects.create(
        rnm=RNM,
        inn=people.organisation.inn,
        fn="9999540000000001",
        registered_at=now.replace(tzinfo=None) - dt.timedelta(days=80),
        drive_until=now.date() + dt.timedelta(days=3),
        shift_opened_at=now.replace(tzinfo=None) - dt.timedelta(hours=30),
        shift_number=7,
        last_issued_at=now.replace(tzinfo=None),
        last_received_at=now,
    )
    assert kkt.rnm == RNM
    return people


def main_of(client: Client, **query: str) -> str:
    answer = client.get(reverse("attention"), query)
    assert answer.status_code == 200
    return str(answer.content.decode()).split("<main")[1]


def test_the_list_and_its_filters(people: Cabinets) -> None:
    client = browser_of(people.owner)
    whole = main_of(client)
    assert "Смена № 7 открыта" in whole
    assert "Срок ключей ФН" in whole
    assert reverse("kkt", args=(Kkt.objects.get().pk,)) in whole
    shifts = main_of(client, kind="shift")
    assert "Смена № 7 открыта" in shifts
    assert "Срок ключей ФН" not in shifts
    assert main_of(client, kind="nonsense").count("<tr") == whole.count("<tr")


def test_nothing_is_told_of_foreign_registers(people: Cabinets) -> None:
    for user in (people.other_owner, people.clerk_of_no_group):
        assert "Всё спокойно" in main_of(browser_of(user))


def test_the_letter_is_chosen(people: Cabinets) -> None:
    client = browser_of(people.owner)
    url = reverse("digest")
    assert "checked" in client.get(url).content.decode().split('name="wanted"')[1][:200]
    assert client.post(url, {"silence_hours": "12"}).status_code == 302
    kept = digest_of(people.owner)
    assert (kept.wanted, kept.silence_hours) == (False, 12)
    assert digest_of(people.other_owner).wanted
    for odd in ("0", "721", "много", ""):
        answer = client.post(url, {"silence_hours": odd, "wanted": "on"})
        assert answer.status_code == 200, odd
    assert digest_of(people.owner).silence_hours == 12
