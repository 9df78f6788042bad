"""«Партнеры»: the customer lets them in and out; the partner's own cabinet."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from cabinet.papers_world import Papers, browser_of, papers_make
from cabinets import partner_access_make
from chekhov.audit.models import AuditEntry
from chekhov.orgs.models import PartnerAccess

pytestmark = pytest.mark.django_db


@pytest.fixture
def papers() -> Papers:
    return papers_make()


@pytest.fixture
def owner(papers: Papers) -> Client:
    return browser_of(papers.people.owner)


@pytest.fixture
def partner(papers: Papers) -> Client:
    return browser_of(papers.people.partner_user)


def window(papers: Papers) -> str:
    return f"/cabinet/partners/{papers.people.partner.pk}/"


def names(papers: Papers) -> tuple[str, str]:
    return f"allowed_{papers.organisation.pk}", f"until_{papers.organisation.pk}"


def test_the_table_shows_requisites_registers_and_access(owner: Client, papers: Papers) -> None:
    text = owner.get("/cabinet/partners/").content.decode()
    assert papers.people.partner.name.replace("«", "«") in text
    assert f"ИНН {papers.people.partner.inn}" in text
    assert "Полное" not in text.replace("Полный доступ", "")
    assert "Полный доступ" in text
    assert '<span class="digits">1</span>' in text


def test_unticked_the_partner_is_out_with_his_next_request(
    owner: Client, partner: Client, papers: Papers
) -> None:
    page = f"/partner/customers/{papers.organisation.pk}/"
    assert "Касса у входа" in partner.get(page).content.decode()
    assert owner.post(window(papers), {}).status_code == 302
    assert partner.get(page).status_code == 404
    assert "Касса у входа" not in partner.get("/partner/kkts/").content.decode()
    assert "Нет доступа" in owner.get("/cabinet/partners/").content.decode()
    entry = AuditEntry.objects.get(action="orgs.partner_access_revoked")
    assert entry.account_id == papers.people.account.pk


def test_ticked_with_an_end_date(owner: Client, partner: Client, papers: Papers) -> None:
    allowed, until = names(papers)
    today = timezone.localdate(papers.now)
    answer = owner.post(window(papers), {allowed: "on", until: today.isoformat()})
    assert answer.status_code == 302
    access = PartnerAccess.objects.get(revoked_at=None)
    assert timezone.localtime(access.until).date() == today + dt.timedelta(days=1), "the whole of the day"
    assert timezone.localtime(access.until).time() == dt.time()
    assert f"{today:%d.%m.%Y}" in partner.get("/partner/").content.decode()
    assert f'value="{today.isoformat()}"' in owner.get(window(papers)).content.decode()


def test_an_end_in_the_past_is_told_beside_the_field(owner: Client, papers: Papers) -> None:
    allowed, until = names(papers)
    day = timezone.localdate(papers.now) - dt.timedelta(days=1)
    answer = owner.post(window(papers), {allowed: "on", until: day.isoformat()})
    assert answer.status_code == 422
    assert "уже прошёл" in answer.content.decode()
    assert day.isoformat() in answer.content.decode(), "nothing typed is lost"
    assert PartnerAccess.objects.get().until is None


def test_companies_of_others_cannot_be_opened(owner: Client, papers: Papers) -> None:
    foreign = papers.people.other_organisation.pk
    owner.post(window(papers), {names(papers)[0]: "on", f"allowed_{foreign}": "on"})
    assert not PartnerAccess.objects.filter(organisation_id=foreign).exists()


def test_grants_of_others_are_not_told(papers: Papers) -> None:
    text = browser_of(papers.people.other_owner).get("/cabinet/partners/").content.decode()
    assert "Нет доступа" in text
    assert "Полный доступ" not in text


def test_the_partner_sees_his_customers_only(partner: Client, papers: Papers) -> None:
    text = partner.get("/partner/").content.decode()
    assert papers.organisation.name in text.replace("&quot;", '"')
    assert papers.people.other_organisation.name not in text
    assert "Чужая касса" not in partner.get("/partner/kkts/").content.decode()
    assert partner.get(f"/partner/customers/{papers.people.other_organisation.pk}/").status_code == 404
    assert partner.get("/cabinet/documents/").status_code == 404
    assert partner.get("/login/", follow=True).redirect_chain[-1][0] == "/partner/"


def test_access_that_ran_out_is_gone(papers: Papers, partner: Client) -> None:
    other = papers.people.other_organisation
    partner_access_make(
        partner=papers.people.partner, organisation=other, until=papers.now - dt.timedelta(seconds=1)
    )
    assert partner.get(f"/partner/customers/{other.pk}/").status_code == 404
    assert other.name not in partner.get("/partner/").content.decode()


def test_registers_are_paged_each_once(
    papers: Papers, partner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    import factories  # noqa: PLC0415

    monkeypatch.setattr("chekhov.cabinet.partners.own.ROWS", 2)
    made = {factories.kkt_make(organisation=papers.organisation).name for _ in range(3)} | {"Касса у входа"}
    seen: list[str] = []
    url = "/partner/kkts/"
    for _ in range(4):
        table = partner.get(url).context["table"]
        seen += [row["name"].value for row in table.rows]
        if not table.older_url:
            break
        url = table.older_url
    assert sorted(seen) == sorted(made)


def test_an_icon_opens_the_requisites_alone(owner: Client, papers: Papers) -> None:
    partner = papers.people.partner
    url = f"/cabinet/partners/{partner.pk}/requisites/"
    table = owner.get("/cabinet/partners/").content.decode()
    assert f'href="{url}" title="Реквизиты: {partner.name}" data-modal' in table
    text = owner.get(url).content.decode()
    assert "data-modal-body" in text
    assert f'data-copy="{partner.inn}"' in text
    assert "allowed_" not in text, "requisites, and nothing to change"
    assert owner.post(url).status_code == 405
    assert owner.get("/cabinet/partners/999999/requisites/").status_code == 404
