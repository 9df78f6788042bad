"""The imported list, and requisites brought up to date from a directory."""

from __future__ import annotations

import datetime as dt

import pytest

import cabinets
import factories
from cabinets import NOW, requisites_make
from chekhov.audit.models import AuditEntry
from chekhov.links.directory import CouldNotAsk, Found
from chekhov.links.directory_reading import CompanyCard, CompanyState
from chekhov.orgs.errors import ChangedMeanwhile, FieldsWrong, OrganisationNotFound, OrganisationThere
from chekhov.orgs.lookup import company_lookup
from chekhov.orgs.models import DirectoryEntry, Organisation
from chekhov.orgs.requisites import Requisites, requisites_clean
from chekhov.orgs.selectors import SOURCE_LIFE, directory_extent, organisations_stale, source_stale
from chekhov.orgs.services import directory_import, organisation_refresh
from chekhov.values.requisites import Inn

pytestmark = pytest.mark.django_db
INN = Inn("7707083893")
CARD = CompanyCard(
    inn=INN,
    name="ООО «Ромашка»",
    kpp="770701001",
    ogrn="1027700132195",
    address="117997, г. Москва, ул. Вавилова, д. 19",
    head_surname="Иванов",
    head_name="Иван",
    state=CompanyState.ACTIVE,
)
DAY = dt.timedelta(days=1)


def named(name: str, inn: Inn = INN) -> CompanyCard:
    return CompanyCard(inn=inn, name=name)


def test_what_is_imported_is_found_as_of_its_day():
    user = factories.user_make()
    assert directory_extent() is None
    assert isinstance(company_lookup(user=user, inn=str(INN), now=NOW), CouldNotAsk)
    assert directory_import(cards=[CARD], as_of=NOW - DAY) == 1
    assert company_lookup(user=user, inn=str(INN), now=NOW) == Found(CARD, "imported", NOW - DAY)
    other = Inn(str(factories.inn_make(77)))
    assert directory_import(cards=[named("Другая", other)], as_of=NOW) == 1
    extent = directory_extent()
    assert extent is not None
    assert (extent.companies, extent.oldest, extent.newest) == (2, NOW - DAY, NOW)


def test_newer_stays_and_the_last_of_two_is_taken():
    assert directory_import(cards=[named("Первая"), named("Вторая")], as_of=NOW) == 1
    assert directory_import(cards=[named("Старая")], as_of=NOW - DAY) == 0
    assert DirectoryEntry.objects.get().card["name"] == "Вторая"
    assert directory_import(cards=[named("Новая")], as_of=NOW + DAY) == 1
    assert DirectoryEntry.objects.get().card["name"] == "Новая"


def test_many_at_once():
    inns = [Inn(str(factories.inn_make(200_000 + number))) for number in range(2500)]
    assert directory_import(cards=(named("А", inn) for inn in inns), as_of=NOW) == 2500
    assert DirectoryEntry.objects.count() == 2500


def company(**fields) -> Organisation:
    told = requisites_make(inn=str(INN), postal_address="101000, а/я 5", **fields)
    return Organisation.objects.create(account=cabinets.account_make(), **told.as_data())


def refresh(row: Organisation, requisites: Requisites, **fields) -> Organisation:
    actor = cabinets.acts_as_staff(factories.staff_make("manager"))
    values = {"source": "imported", "source_at": NOW, "expected_version": row.version, "now": NOW} | fields
    return organisation_refresh(actor=actor, organisation_id=row.pk, requisites=requisites, **values)


def test_the_directory_tells_all_but_the_inn_and_the_post():
    row = company(head_position="Директор")
    told = Requisites.of_organisation(row).refreshed(CARD)
    assert (told.name, told.legal_address, told.head_surname) == (CARD.name, CARD.address, "Иванов")
    assert (told.postal_address, told.head_position) == ("101000, а/я 5", "Директор"), (
        "what it does not tell stays"
    )
    fresh = refresh(row, requisites_clean(told, sole_trader=False, complete=False))
    assert Requisites.of_organisation(fresh) == told
    assert (fresh.source, fresh.source_at, fresh.version) == ("imported", NOW, row.version + 1)
    entry = AuditEntry.objects.get(action="orgs.requisites_refreshed")
    assert entry.facts["source"] == "imported"
    assert "legal_address" in entry.facts["changed"]
    assert entry.account_id == row.account_id


def test_nothing_differs_only_the_day_is_kept():
    row = company()
    fresh = refresh(row, Requisites.of_organisation(row))
    assert (fresh.source_at, fresh.version) == (NOW, row.version)
    assert AuditEntry.objects.get(action="orgs.requisites_refreshed").facts["changed"] == []


def test_incomplete_is_enough_but_wrong_is_not():
    bare = Requisites(inn=str(INN), name="ООО «А»", full_name="ООО «А»")
    assert requisites_clean(bare, sole_trader=False, complete=False) == bare
    for wrong in ({"kpp": "77"}, {"ogrn": "1"}, {"head_surname": "я" * 65}, {"name": "а\0"}):
        with pytest.raises(FieldsWrong):
            requisites_clean(requisites_make(**wrong), sole_trader=False, complete=False)


def test_who_comes_second_is_told():
    row = company()
    with pytest.raises(ChangedMeanwhile):
        refresh(row, Requisites.of_organisation(row), expected_version=row.version + 1)
    twin = company(kpp="770701002")
    twin.account_id = row.account_id
    twin.save()
    with pytest.raises(OrganisationThere):
        refresh(twin, Requisites.of_organisation(row))
    row.pk += 1000
    with pytest.raises(OrganisationNotFound):
        refresh(row, Requisites.of_organisation(row))


def test_older_than_a_quarter():
    row = company()
    assert not source_stale(row, now=NOW), "typed by hand: nothing to compare"
    for age, stale in ((SOURCE_LIFE, False), (SOURCE_LIFE + DAY, True)):
        row.source, row.source_at = "dadata", NOW - age
        row.save()
        assert source_stale(row, now=NOW) is stale
        assert list(organisations_stale(now=NOW)) == ([row] if stale else [])
    row.account = None
    row.save()
    assert not organisations_stale(now=NOW).exists(), "nobody's cabinet"
