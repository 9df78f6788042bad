"""«Сверить реквизиты» and «Обновить из справочника»."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from cabinet.papers_world import Papers, browser_of, papers_make
from chekhov import clock
from chekhov.accounts.models import StaffRole
from chekhov.audit.models import AuditEntry
from chekhov.links.directory_reading import CompanyCard, CompanyState
from chekhov.orgs.models import DirectoryEntry
from chekhov.orgs.services import directory_import
from chekhov.values.requisites import Inn

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def papers(settings: Any) -> Papers:
    settings.COMPANY_DIRECTORIES = ("imported",)
    return papers_make()


@pytest.fixture
def manager(papers: Papers) -> Client:
    return browser_of(papers.people.staff[StaffRole.MANAGER])


def told(papers: Papers, **fields: object) -> None:
    """The directory knows the company, with another address."""
    row = papers.organisation
    card = {"inn": Inn(row.inn), "name": row.name, "kpp": row.kpp, "address": "199000, Новый адрес, д. 1"}
    DirectoryEntry.objects.all().delete()
    directory_import(cards=[CompanyCard(**(card | fields))], as_of=clock.now() - DAY)  # type: ignore[arg-type]


def test_differences_are_shown_and_written(manager: Client, papers: Papers) -> None:
    row = papers.organisation
    told(papers)
    url = f"/staff/organisations/{row.pk}/refresh/"
    answer = manager.get(url)
    text = answer.content.decode()
    assert "199000, Новый адрес, д. 1" in text
    assert f"сейчас: {row.legal_address}" in text
    row.refresh_from_db()
    assert row.source_at is None, "looking changes nothing"
    form = {name: str(answer.context["form"][name].value()) for name in ("version", "seen")}
    assert manager.post(url, form).status_code == 302
    row.refresh_from_db()
    assert (row.legal_address, row.source) == ("199000, Новый адрес, д. 1", "imported")
    entry = AuditEntry.objects.get(action="orgs.requisites_refreshed")
    assert entry.facts["changed"] == ["legal_address"]
    again = manager.get(url).content.decode()
    assert "Отличий нет" in again
    assert manager.post(url, form).headers["Location"] == url, "sent twice: the second is told"
    assert AuditEntry.objects.filter(action="orgs.requisites_refreshed").count() == 1


def test_what_was_not_shown_is_not_written(manager: Client, papers: Papers) -> None:
    row = papers.organisation
    told(papers)
    url = f"/staff/organisations/{row.pk}/refresh/"
    answer = manager.get(url)
    form = {name: str(answer.context["form"][name].value()) for name in ("version", "seen")}
    told(papers, address="Третий адрес")
    text = manager.post(url, form, follow=True).content.decode()
    assert "отвечает уже иначе" in text
    assert "Третий адрес" in text
    row.refresh_from_db()
    assert row.source_at is None
    for broken in ({}, {"version": "x", "seen": "1"}, {"seen": form["seen"]}):
        assert "повреждена" in manager.post(url, broken, follow=True).content.decode()


def test_the_customers_own_change_goes_first(manager: Client, papers: Papers) -> None:
    papers.change()
    told(papers)
    url = f"/staff/organisations/{papers.organisation.pk}/refresh/"
    answer = manager.get(url)
    form = {name: str(answer.context["form"][name].value()) for name in ("version", "seen")}
    assert "Сначала рассмотрите заявку" in manager.post(url, form, follow=True).content.decode()
    papers.organisation.refresh_from_db()
    assert papers.organisation.source_at is None


def test_unknown_and_ended_companies(manager: Client, papers: Papers) -> None:
    url = f"/staff/organisations/{papers.organisation.pk}/refresh/"
    text = manager.get(url, follow=True).content.decode()
    assert "Справочник сейчас не отвечает или не знает" in text
    told(papers, state=CompanyState.LIQUIDATED)
    assert "прекратила деятельность" in manager.get(url).content.decode()
    told(papers, head_surname="Я" * 65)
    assert "Данные справочника не подходят" in manager.get(url, follow=True).content.decode()
    told(papers, name="<script>1</script>")
    assert "<script>1" not in manager.get(url).content.decode()


def test_old_requisites_are_noticed(manager: Client, papers: Papers) -> None:
    row = papers.organisation
    card, stale = f"/staff/organisations/{row.pk}/", "/staff/organisations/stale/"
    assert "не сверялись" in manager.get(card).content.decode()
    assert "Сверять нечего" in manager.get(stale).content.decode()
    row.source, row.source_at = "dadata", clock.now() - 93 * DAY
    row.save()
    assert "больше квартала назад" in manager.get(card).content.decode()
    text = manager.get(stale).content.decode()
    assert f"/staff/organisations/{row.pk}/refresh/" in text
    assert "Сверить реквизиты" in manager.get("/staff/customers/").content.decode()
    accountant = browser_of(papers.people.staff[StaffRole.ACCOUNTANT])
    seen = accountant.get(card).content.decode()
    assert "больше квартала назад" in seen
    assert "/refresh/" not in seen
    assert "Сверить реквизиты" not in accountant.get("/staff/customers/").content.decode()
