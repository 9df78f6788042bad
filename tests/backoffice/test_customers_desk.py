"""Staff pages about customers: the work list, decisions, the card, deeds on behalf, partners, the operator."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

import factories
from cabinet.papers_world import Papers, browser_of, papers_make
from chekhov.accounts.models import Consent, ConsentText, GuardKind, LogInGuard, StaffRole
from chekhov.audit.models import AuditEntry
from chekhov.contracts.models import ApplicationState, ContractState, OfferVersion
from chekhov.contracts.selectors import offer_current
from chekhov.orgs.models import Organisation, Partner, PartnerAccess, PartnerUser
from chekhov.orgs.selectors import operator_card

pytestmark = pytest.mark.django_db
REASON = "обращение № 15 по телефону"


@pytest.fixture
def papers() -> Papers:
    return papers_make()


@pytest.fixture
def manager(papers: Papers) -> Client:
    return browser_of(papers.people.manager)


@pytest.fixture
def boss(papers: Papers) -> Client:
    return browser_of(papers.people.staff[StaffRole.ADMINISTRATOR])


def customers_journal(papers: Papers) -> str:
    return browser_of(papers.people.owner).get("/cabinet/journal/").content.decode()


def test_the_work_list_and_an_approval(manager: Client, papers: Papers) -> None:
    application = papers.change(head_position="Председатель")
    text = manager.get("/staff/applications/").content.decode()
    assert f"/staff/applications/{application.pk}/" in text
    assert papers.organisation.name in text
    card = manager.get(f"/staff/applications/{application.pk}/").content.decode()
    assert "Председатель" in card
    assert "(Старое значение: Директор)" in card
    answer = manager.post(
        f"/staff/applications/{application.pk}/approve/", {"version": application.version, "note": ""}
    )
    assert answer.status_code == 302
    papers.organisation.refresh_from_db()
    assert papers.organisation.head_position == "Председатель"
    assert (
        f"/staff/applications/{application.pk}/" not in manager.get("/staff/applications/").content.decode()
    )
    decided = manager.get("/staff/applications/?list=decided").content.decode()
    assert f"/staff/applications/{application.pk}/" in decided


def test_a_refusal_needs_a_reason(manager: Client, papers: Papers) -> None:
    application = papers.change()
    url = f"/staff/applications/{application.pk}/refuse/"
    answer = manager.post(url, {"version": application.version, "reason": " "})
    assert answer.status_code == 422
    assert "её увидит клиент" in answer.content.decode()
    assert manager.post(url, {"version": application.version, "reason": "Нет приказа"}).status_code == 302
    application.refresh_from_db()
    assert (application.state, application.reason) == (ApplicationState.REFUSED, "Нет приказа")


def test_a_form_without_its_version_is_told(manager: Client, papers: Papers) -> None:
    application = papers.change()
    answer = manager.post(f"/staff/applications/{application.pk}/approve/", {"note": "x"})
    assert answer.status_code == 422
    assert "откройте её заново" in answer.content.decode()


def test_the_second_of_two_managers_is_told(manager: Client, papers: Papers) -> None:
    application = papers.change()
    colleague = browser_of(papers.people.staff[StaffRole.ADMINISTRATOR])
    form = {"version": application.version, "reason": "Нет приказа"}
    assert manager.post(f"/staff/applications/{application.pk}/refuse/", form).status_code == 302
    answer = colleague.post(f"/staff/applications/{application.pk}/approve/", form)
    assert answer.status_code == 422
    assert "изменил кто-то другой" in answer.content.decode()
    application.refresh_from_db()
    assert application.state == ApplicationState.REFUSED


def test_a_paper_original_is_registered_and_the_contract_ended(manager: Client, papers: Papers) -> None:
    application = papers.ending()
    assert f"/{application.pk}/" in manager.get("/staff/applications/?list=paper").content.decode()
    url = f"/staff/applications/{application.pk}"
    today = timezone.localdate(papers.now)
    early = {"version": application.version, "arrived_on": (today - dt.timedelta(days=9)).isoformat()}
    answer = manager.post(f"{url}/arrival/", early)
    assert answer.status_code == 422
    assert "Дата получения" in answer.content.decode()
    arrived = {"version": application.version, "arrived_on": today.isoformat(), "note": "РПО 61404500000001"}
    assert manager.post(f"{url}/arrival/", arrived).status_code == 302
    application.refresh_from_db()
    past = {"version": application.version, "ends_on": (today - dt.timedelta(days=1)).isoformat()}
    assert manager.post(f"{url}/approve/", past).status_code == 422
    ends = {"version": application.version, "ends_on": today.isoformat()}
    assert manager.post(f"{url}/approve/", ends).status_code == 302
    papers.contract.refresh_from_db()
    assert (papers.contract.state, papers.contract.ends_on) == (ContractState.TERMINATED, today)


def test_only_mine_and_only_one_kind(manager: Client, papers: Papers) -> None:
    application = papers.change()
    url = f"/staff/applications/{application.pk}/"
    assert url not in manager.get("/staff/applications/?mine=1").content.decode()
    papers.people.account.manager = papers.people.manager
    papers.people.account.save()
    assert url in manager.get("/staff/applications/?mine=1").content.decode()
    assert url not in manager.get("/staff/applications/?kind=termination").content.decode()
    assert manager.get("/staff/applications/?before=x").status_code == 400


def test_an_accountant_sees_and_decides_nothing(papers: Papers) -> None:
    application = papers.change()
    accountant = browser_of(papers.people.staff[StaffRole.ACCOUNTANT])
    assert "Одобрить" not in accountant.get(f"/staff/applications/{application.pk}/").content.decode()
    answer = accountant.post(
        f"/staff/applications/{application.pk}/approve/", {"version": application.version}
    )
    assert answer.status_code == 403
    application.refresh_from_db()
    assert application.state == ApplicationState.SENT


@pytest.mark.parametrize("text", ["9999100018", "Старое имя", "№ 249", "249", "раневская"])
def test_a_customer_is_found(manager: Client, papers: Papers, text: str) -> None:
    found = manager.get("/staff/customers/", {"text": text}).content.decode()
    assert f'href="/staff/customers/{papers.people.account.pk}/"' in found


def test_customers_are_paged_each_once(
    manager: Client, papers: Papers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chekhov.backoffice.views.customers.ROWS", 1)
    first = manager.get("/staff/customers/").context["table"]
    second = manager.get(first.older_url).context["table"]
    assert [len(first.rows), len(second.rows), second.older_url] == [1, 1, ""]
    assert first.rows[0]["customer"] != second.rows[0]["customer"]


def test_the_responsible_manager_is_assigned(manager: Client, papers: Papers) -> None:
    url = f"/staff/customers/{papers.people.account.pk}/manager/"
    assert manager.post(url, {"manager": papers.people.staff[StaffRole.ENGINEER].pk}).status_code == 422
    assert manager.post(url, {"manager": papers.people.manager.pk}).status_code == 302
    papers.people.account.refresh_from_db()
    assert papers.people.account.manager == papers.people.manager
    assert "Назначен ответственный менеджер" in customers_journal(papers)


def test_a_phone_is_changed_with_a_note_only(manager: Client, papers: Papers) -> None:
    place = papers.people.owner.memberships.get()
    url = f"/staff/customers/{papers.people.account.pk}/people/{place.pk}/phone/"
    wrong = manager.post(url, {"phone": "12", "note": "паспорт, проверил Иванов"})
    assert wrong.status_code == 422
    assert "паспорт, проверил Иванов" in wrong.content.decode(), "nothing typed is lost"
    assert manager.post(url, {"phone": "+7 912 345-67-89", "note": ""}).status_code == 422
    assert (
        manager.post(url, {"phone": "8 (912) 345-67-89", "note": "паспорт гражданина РФ"}).status_code == 302
    )
    papers.people.owner.refresh_from_db()
    assert papers.people.owner.phone == "+79123456789"
    entry = AuditEntry.objects.get(action="accounts.phone_changed")
    assert entry.reason == "паспорт гражданина РФ"
    assert "912" not in str(entry.facts)
    foreign = f"/staff/customers/{papers.people.other_account.pk}/people/{place.pk}/phone/"
    assert manager.get(foreign).status_code == 404


def test_on_behalf_needs_a_reason_which_the_customer_reads(manager: Client, papers: Papers) -> None:
    url = f"/staff/organisations/{papers.organisation.pk}/partners/{papers.people.partner.pk}/"
    short = manager.post(url, {"reason": "так"})
    assert short.status_code == 422
    assert PartnerAccess.objects.get().revoked_at is None
    assert manager.post(url, {"reason": REASON}).status_code == 302
    assert PartnerAccess.objects.get().revoked_at is not None
    journal = customers_journal(papers)
    assert REASON in journal
    assert papers.people.manager.email not in journal


def test_requisites_on_behalf_wait_for_a_decision(manager: Client, papers: Papers) -> None:
    url = f"/staff/organisations/{papers.organisation.pk}/requisites/"
    form = manager.get(url).context["form"]
    sent = {name: str(form[name].value() or "") for name in form.fields}
    assert manager.post(url, sent | {"head_position": "Президент", "reason": ""}).status_code == 422
    assert manager.post(url, sent | {"head_position": "Президент", "reason": REASON}).status_code == 302
    papers.organisation.refresh_from_db()
    assert papers.organisation.head_position == "Директор"
    again = manager.post(url, sent | {"head_position": "Царь", "reason": REASON})
    assert again.status_code == 422
    assert "уже есть открытая заявка" in again.content.decode()
    assert REASON in customers_journal(papers)


def test_a_termination_on_behalf_waits_for_the_paper(manager: Client, papers: Papers) -> None:
    url = f"/staff/organisations/{papers.organisation.pk}/termination/"
    assert manager.post(url, {"reason": REASON}).status_code == 302
    papers.contract.refresh_from_db()
    assert papers.contract.state == ContractState.ACTIVE
    assert "Ожидается оригинал" in manager.get("/staff/applications/?list=paper").content.decode()


def test_an_unclaimed_company_is_handed_over(manager: Client, papers: Papers) -> None:
    row = factories.organisation_make()
    assert row.name in manager.get("/staff/organisations/").content.decode()
    url = f"/staff/organisations/{row.pk}/hand-over/"
    assert manager.post(url, {"account": papers.people.account.pk, "reason": "нет"}).status_code == 422
    form = {"account": papers.people.account.pk, "reason": REASON}
    assert manager.post(url, form).status_code == 302
    assert Organisation.objects.get(pk=row.pk).account == papers.people.account
    assert manager.post(url, form).status_code == 404, "it is somebody's now"


def test_partners_are_kept(manager: Client, papers: Papers) -> None:
    wrong = manager.post("/staff/partners/add/", {"name": "", "inn": "123"})
    assert wrong.status_code == 422
    assert "не заполнено" in wrong.content.decode()
    form = {"name": "ООО «Сервис»", "inn": str(factories.inn_make(777)), "kpp": "770001001"}
    assert manager.post("/staff/partners/add/", form).status_code == 302
    partner = Partner.objects.get(name="ООО «Сервис»")
    url = f"/staff/partners/{partner.pk}"
    changed = manager.post(f"{url}/change/", form | {"version": partner.version, "phone": "9123456789"})
    assert changed.status_code == 302
    stale = manager.post(f"{url}/change/", form | {"version": partner.version})
    assert stale.status_code == 422
    invited = manager.post(f"{url}/people/add/", {"full_name": "Лопахин Ермолай", "email": "l@example.test"})
    assert invited.status_code == 302
    person = PartnerUser.objects.get(partner=partner)
    assert "Лопахин Ермолай" in manager.get(f"{url}/").content.decode()
    again = manager.post(f"{url}/people/add/", {"full_name": "Лопахин Ермолай", "email": "L@example.test"})
    assert again.status_code == 422
    assert manager.post(f"{url}/people/{person.pk}/remove/").status_code == 302
    person.refresh_from_db()
    assert person.removed_at is not None
    assert not person.user.is_active


def test_a_closed_partner_is_out_at_once(manager: Client, papers: Papers) -> None:
    partner = browser_of(papers.people.partner_user)
    assert partner.get("/partner/").status_code == 200
    url = f"/staff/partners/{papers.people.partner.pk}/close/"
    assert manager.post(url, {"reason": ""}).status_code == 422
    assert manager.post(url, {"reason": "договор окончен"}).status_code == 302
    assert partner.get("/partner/").status_code == 404


def test_the_operators_card(boss: Client, papers: Papers) -> None:
    form = boss.get("/staff/operator/").context["form"]
    sent = {name: str(form[name].value()) for name in form.fields}
    wrong = boss.post("/staff/operator/", sent | {"inn": "9999999990", "email": "не почта"})
    assert wrong.status_code == 422
    assert "Это не адрес электронной почты" in wrong.content.decode()
    good = sent | {"postal_address": "614045, г. Пермь, ул. Ленина, д. 26, офис 503"}
    assert boss.post("/staff/operator/", good).status_code == 302
    assert operator_card().postal_address.startswith("614045")
    stale = boss.post("/staff/operator/", good)
    assert stale.status_code == 422
    assert "изменил кто-то другой" in stale.content.decode()
    page = browser_of(papers.people.owner).get(
        f"/cabinet/documents/contracts/{papers.contract.pk}/termination/?method=paper"
    )
    assert "614045, г. Пермь" in page.content.decode()


def test_a_new_version_of_the_consent(boss: Client, papers: Papers) -> None:
    root = "/staff/operator/consents/"
    assert "Редакция 1" in boss.get(root).content.decode()
    assert "персональных данных" in boss.get(f"{root}1/").content.decode()
    form = {"version": "1", "text": "Согласие\r\n\r\nЯ согласен, {operator}. <script>1</script>\r\n"}
    wrong = boss.post(f"{root}new/", form | {"text": "Пароль: {password}"})
    assert wrong.status_code == 422
    assert "может стоять только" in wrong.content.decode()
    assert boss.post(f"{root}new/", form).status_code == 302
    stale = boss.post(f"{root}new/", form)
    assert stale.status_code == 422
    assert "опубликована другая редакция" in stale.content.decode()
    public = Client().get("/entry/consent/").content.decode()
    assert "&lt;script&gt;1" in public
    assert "Редакция 2" in public
    assert boss.get(f"{root}3/").status_code == 404
    Consent.objects.create(
        user=papers.people.owner,
        consent_text=ConsentText.objects.get(version=2),
        operator_name="АО «Прежний»",
        given_at=papers.now,
        address="10.0.0.9",
    )
    text = boss.get(f"{root}2/").content.decode()
    for shown in (papers.people.owner.email, "АО «Прежний»", "10.0.0.9", "&lt;script&gt;1"):
        assert shown in text
    assert papers.people.owner.email in boss.get(f"{root}2/?text=РАНЕВСКАЯ").content.decode()
    assert "Никого не нашлось" in boss.get(f"{root}2/?text=никто").content.decode()
    assert boss.get(f"{root}2/?before=x").status_code == 400


def test_a_new_version_of_the_offer(boss: Client, papers: Papers) -> None:
    before = offer_current()
    assert before is not None
    form = {
        "version": before.number,
        "title": before.title,
        "text": "# 1. Новое\r\n\r\n<script>1</script>\r\n",
    }
    assert boss.post("/staff/operator/offers/new/", form | {"text": "\x07"}).status_code == 422
    assert boss.post("/staff/operator/offers/new/", form).status_code == 302
    assert boss.post("/staff/operator/offers/new/", form).status_code == 422, "another version came between"
    after = offer_current()
    assert after is not None
    assert after.number == before.number + 1
    assert OfferVersion.objects.get(pk=before.pk).text == before.text
    assert "<script>1" not in boss.get("/staff/operator/offers/new/").content.decode()
    assert boss.get(f"/staff/operator/offers/{after.number}.pdf").content.startswith(b"%PDF-")
    assert boss.get("/staff/operator/offers/99.pdf").status_code == 404


def test_the_journal_is_narrowed_and_paged(
    manager: Client, papers: Papers, monkeypatch: pytest.MonkeyPatch
) -> None:
    papers.change()
    papers.ending()
    url = "/staff/journal/"
    account = papers.people.account.pk
    everything = manager.get(url, {"account": account}).context["table"].rows
    assert len(everything) == 3
    one = (
        manager.get(url, {"account": account, "action": "contracts.termination_asked"}).context["table"].rows
    )
    assert [row["what"] for row in one] == ["Подготовлено заявление о расторжении договора"]
    assert manager.get(url, {"account": papers.people.other_account.pk}).context["table"].rows == []
    tomorrow = timezone.localdate(papers.now) + dt.timedelta(days=1)
    assert manager.get(url, {"account": account, "since": tomorrow.isoformat()}).context["table"].rows == []
    today = timezone.localdate(papers.now).isoformat()
    assert len(manager.get(url, {"account": account, "until": today}).context["table"].rows) == 3
    monkeypatch.setattr("chekhov.backoffice.views.journal.ROWS", 2)
    first = manager.get(url, {"account": account}).context["table"]
    assert f"account={account}" in first.older_url
    assert len(manager.get(first.older_url).context["table"].rows) == 1


def test_text_of_customers_is_shown_as_text(manager: Client, papers: Papers) -> None:
    Organisation.objects.filter(pk=papers.organisation.pk).update(name="<script>alert(1)</script>")
    application = papers.change()
    for url in (
        "/staff/applications/",
        f"/staff/applications/{application.pk}/",
        f"/staff/applications/{application.pk}/approve/",
        "/staff/customers/",
        f"/staff/customers/{papers.people.account.pk}/",
        f"/staff/organisations/{papers.organisation.pk}/",
        "/staff/journal/",
    ):
        assert "<script>alert" not in manager.get(url).content.decode(), url


def test_a_closed_log_in_is_opened_with_a_reason(manager: Client, papers: Papers) -> None:
    lock = LogInGuard.objects.create(
        kind=GuardKind.EMAIL,
        key="a@example.test",
        failures=5,
        window_started_at=papers.now,
        locked_until=papers.now + dt.timedelta(minutes=15),
    )
    assert "a@example.test" in manager.get("/staff/locks/").content.decode()
    url = f"/staff/locks/{lock.pk}/"
    assert manager.post(url, {"reason": ""}).status_code == 422
    assert manager.post(url, {"reason": REASON}).status_code == 302
    assert not LogInGuard.objects.exists()
    assert AuditEntry.objects.get(action="accounts.lock_lifted").reason == REASON
    assert manager.post(url, {"reason": REASON}).status_code == 404
