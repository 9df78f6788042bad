"""«Документы»: the table, the card, change of requisites in two steps, termination on paper."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from cabinet.papers_world import Papers, browser_of, papers_make
from cabinets import acts_as_staff
from chekhov.audit.models import AuditEntry
from chekhov.contracts.models import Application, ApplicationState, ContractState
from chekhov.contracts.services import application_approve, application_refuse, paper_arrive
from chekhov.links.directory import CouldNotAsk
from chekhov.orgs.models import Organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def papers() -> Papers:
    return papers_make()


@pytest.fixture
def owner(papers: Papers) -> Client:
    return browser_of(papers.people.owner)


def url(papers: Papers, tail: str = "") -> str:
    return f"/cabinet/documents/contracts/{papers.contract.pk}/{tail}"


def fields(client: Client, address: str, **changes: str) -> dict[str, str]:
    """The form as the page shows it, with some fields typed over."""
    form = client.get(address).context["form"]
    return {name: str(form[name].value() or "") for name in form.fields} | changes


def test_the_table_tells_number_registers_state_and_organisation(owner: Client, papers: Papers) -> None:
    text = owner.get("/cabinet/documents/").content.decode()
    assert f"№ 249 от {papers.contract.signed_on:%d.%m.%Y}" in text
    assert "1/1" in text
    assert "Заключен" in text
    assert f"ИНН {papers.organisation.inn}, КПП {papers.organisation.kpp}" in text
    assert f'href="{url(papers)}"' in text
    assert f'href="{url(papers, "requisites/")}"' in text
    assert "№ 250" not in text, "a foreign contract"
    assert all(tab in text for tab in ("Счета", "Акты", "Договоры"))


def test_the_card_lists_registers_and_terms(owner: Client, papers: Papers) -> None:
    text = owner.get(url(papers)).content.decode()
    assert "Касса у входа" in text
    assert "Чужая касса" not in text
    assert "Начало обслуживания" in text
    assert "не ограничено" in text
    assert "Изменить реквизиты договора" in text
    assert "Расторгнуть договор" in text


def test_papers_are_pdf(owner: Client, papers: Papers) -> None:
    for tail in ("contract.pdf", "card.pdf", "termination/draft.pdf"):
        answer = owner.get(url(papers, tail))
        assert answer.content.startswith(b"%PDF-"), tail
        assert answer["Cache-Control"] == "no-store"
    assert not Application.objects.exists(), "reading asks for nothing"


def test_change_of_requisites_goes_through_the_manager(owner: Client, papers: Papers) -> None:
    address = url(papers, "requisites/")
    page = owner.get(address).content.decode()
    assert "Заявка на изменение реквизитов" in page
    assert "Данные загружены из ЕГРЮЛ (некоторые поля недоступны для редактирования)" in page
    sent = owner.post(address, fields(owner, address, head_position="Председатель", head_patronymic=""))
    application = Application.objects.get()
    assert sent["Location"] == f"/cabinet/documents/applications/{application.pk}/check/"
    check = owner.get(sent["Location"]).content.decode()
    assert "Проверьте указанные данные" in check
    assert "Председатель" in check
    assert "(Старое значение: Директор)" in check
    assert "ваша заявка будет отправлена менеджеру на рассмотрение" in check
    assert application.state == ApplicationState.DRAFT
    owner.post(sent["Location"], {"version": application.version})
    application.refresh_from_db()
    assert application.state == ApplicationState.SENT
    papers.organisation.refresh_from_db()
    assert papers.organisation.head_position == "Директор", "nothing changes before the manager decides"
    staff = acts_as_staff(papers.people.manager)
    application_approve(
        actor=staff, application_id=application.pk, expected_version=application.version, now=papers.now
    )
    assert "Одобрена" in owner.get(f"/cabinet/documents/applications/{application.pk}/").content.decode()
    assert "Председатель" in owner.get(url(papers)).content.decode()


def test_the_customer_reads_why_he_was_refused(owner: Client, papers: Papers) -> None:
    application = papers.change()
    application_refuse(
        actor=acts_as_staff(papers.people.manager),
        application_id=application.pk,
        expected_version=application.version,
        reason="Нет приказа о назначении",
        now=papers.now,
    )
    text = owner.get(url(papers)).content.decode()
    assert "Отказано" in text
    assert "Нет приказа о назначении" in text
    text = owner.get(f"/cabinet/documents/applications/{application.pk}/").content.decode()
    assert "Нет приказа о назначении" in text
    assert papers.people.manager.email not in text


def test_locked_fields_cannot_be_forged(owner: Client, papers: Papers) -> None:
    address = url(papers, "requisites/")
    form = owner.get(address).context["form"]
    assert {"inn", "ogrn", "legal_address"} <= form.locked
    told = {name: form[name].value() for name in form.locked}
    forged = dict.fromkeys(form.locked, "1027700132195")
    owner.post(address, fields(owner, address, **forged, head_position="Председатель"))
    new = Application.objects.get().new
    assert {name: new[name] for name in told} == told


def test_wrong_values_are_told_beside_the_fields_and_kept(owner: Client, papers: Papers) -> None:
    address = url(papers, "requisites/")
    answer = owner.post(address, fields(owner, address, head_surname="", head_position="<b>Он</b>"))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Фамилия руководителя: не заполнено" in text
    assert "&lt;b&gt;Он&lt;/b&gt;" in text
    assert "<b>Он</b>" not in text
    assert not Application.objects.exists()


def test_nothing_changed_is_told(owner: Client, papers: Papers) -> None:
    address = url(papers, "requisites/")
    owner.post(address, fields(owner, address))
    told = Application.objects.get().new
    Organisation.objects.filter(pk=papers.organisation.pk).update(**told)
    answer = owner.post(address, fields(owner, address))
    assert answer.status_code == 422
    assert "нет изменений" in answer.content.decode()


def test_the_second_of_two_editors_is_told(owner: Client, papers: Papers) -> None:
    address = url(papers, "requisites/")
    mine = fields(owner, address, head_position="Председатель")
    colleague = browser_of(papers.people.clerk_of_documents)
    theirs = fields(colleague, address, head_position="Президент")
    assert owner.post(address, mine).status_code == 302
    answer = colleague.post(address, theirs)
    assert answer.status_code == 422
    assert "изменил кто-то другой" in answer.content.decode()
    assert Application.objects.get().new["head_position"] == "Председатель"


def test_a_stale_second_step_sends_nothing(owner: Client, papers: Papers) -> None:
    draft = papers.change(send=False)
    answer = owner.post(f"/cabinet/documents/applications/{draft.pk}/check/", {"version": draft.version - 1})
    assert answer.status_code == 422
    draft.refresh_from_db()
    assert draft.state == ApplicationState.DRAFT
    assert (
        owner.post(f"/cabinet/documents/applications/{draft.pk}/check/", {"version": "x" * 9}).status_code
        == 422
    )


def test_a_double_click_sends_once(owner: Client, papers: Papers) -> None:
    draft = papers.change(send=False)
    for _ in range(2):
        assert (
            owner.post(
                f"/cabinet/documents/applications/{draft.pk}/check/", {"version": draft.version}
            ).status_code
            == 302
        )
    assert AuditEntry.objects.filter(action="contracts.requisites_asked").count() == 1


def test_without_the_directory_all_but_the_inn_is_typed(
    owner: Client, papers: Papers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "chekhov.cabinet.documents.requisites.company_lookup", lambda **_: CouldNotAsk("timeout")
    )
    address = url(papers, "requisites/")
    answer = owner.get(address)
    assert answer.context["form"].locked == {"inn"}
    assert "Данных из ЕГРЮЛ сейчас нет" in answer.content.decode()
    owner.post(address, fields(owner, address, legal_address="614000, г. Пермь, ул. Новая, д. 2"))
    assert Application.objects.get().new["legal_address"] == "614000, г. Пермь, ул. Новая, д. 2"


def test_the_customer_takes_his_application_back(owner: Client, papers: Papers) -> None:
    application = papers.change()
    address = f"/cabinet/documents/applications/{application.pk}/withdraw/"
    assert "Отозвать" in owner.get(address).content.decode()
    owner.post(address, {"version": application.version})
    application.refresh_from_db()
    assert application.state == ApplicationState.WITHDRAWN
    assert owner.post(address, {"version": application.version}).status_code == 422


def test_termination_on_paper(owner: Client, papers: Papers) -> None:
    address = url(papers, "termination/")
    page = owner.get(address).content.decode()
    assert "Выберите способ подписания:" in page
    assert "Подпишите заявление с помощью ЭЦП." in page, "«ЭЦП» is chosen at first"
    part = owner.get(
        f"{address}?method=paper", HTTP_HX_REQUEST="true", HTTP_HX_TARGET="termination-way"
    ).content.decode()
    assert "<html" not in part
    assert "Скачайте заявление, подпишите и отправьте по адресу:" in part
    assert "Расторгнуть договор" not in part, "the only button is «Отмена»"
    for _ in range(2):
        sent = owner.post(address, {"method": "paper"})
        paper = owner.get(sent["Location"])
        assert paper.content.startswith(b"%PDF-")
    application = Application.objects.get()
    assert application.state == ApplicationState.PAPER_AWAITED
    staff = acts_as_staff(papers.people.manager)
    application = paper_arrive(
        actor=staff,
        application_id=application.pk,
        expected_version=application.version,
        arrived_on=timezone.localdate(papers.now),
        now=papers.now,
    )
    application_approve(
        actor=staff, application_id=application.pk, expected_version=application.version, now=papers.now
    )
    text = owner.get(url(papers)).content.decode()
    assert "Расторгнут" in text
    assert "Изменить реквизиты договора" not in text
    assert owner.get(url(papers, "requisites/")).status_code == 422
    assert owner.post(address, {"method": "paper"}).status_code == 422
    assert "0/0" in owner.get("/cabinet/documents/").content.decode()


def test_electronic_signing_says_that_it_is_to_come(owner: Client, papers: Papers) -> None:
    answer = owner.post(url(papers, "termination/"), {"method": "electronic"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Подписание электронной подписью пока не подключено" in text
    assert 'type="button" disabled' in text, "«Расторгнуть договор» waits for the signature"
    papers.contract.refresh_from_db()
    assert papers.contract.state == ContractState.ACTIVE
    assert not Application.objects.exists()


def test_forged_forms_are_refused(papers: Papers) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(papers.people.owner)
    assert strict.post(url(papers, "termination/"), {"method": "paper"}).status_code == 403
    assert not Application.objects.exists()


def test_tabs_of_settlements_are_honestly_empty(owner: Client, papers: Papers) -> None:
    assert "Счетов пока нет" in owner.get("/cabinet/documents/invoices/").content.decode()
    text = owner.get("/cabinet/documents/acts/").content.decode()
    assert "Акт формируется согласно условиям вашего договора." in text


def test_service_ends_later_than_today(owner: Client, papers: Papers) -> None:
    application = papers.ending()
    staff = acts_as_staff(papers.people.manager)
    application = paper_arrive(
        actor=staff,
        application_id=application.pk,
        expected_version=application.version,
        arrived_on=timezone.localdate(papers.now),
        now=papers.now,
    )
    last = timezone.localdate(papers.now) + dt.timedelta(days=30)
    application_approve(
        actor=staff,
        application_id=application.pk,
        expected_version=application.version,
        ends_on=last,
        now=papers.now,
    )
    assert f"{last:%d.%m.%Y}" in owner.get(url(papers)).content.decode()
