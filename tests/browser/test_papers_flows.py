"""Documents and partners as people go through them: customer, manager and partner at once."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from browser.test_accessibility import walk
from cabinet.papers_world import Papers, papers_make
from chekhov import clock
from chekhov.accounts.models import StaffRole
from chekhov.notify.sending import letters_send
from chekhov.notify.services import letter_send


@pytest.fixture
def papers(transactional_db: None) -> Papers:
    return papers_make()


def test_requisites_are_changed_approved_and_seen(enter, papers: Papers) -> None:
    customer = enter(papers.people.owner)
    customer.get_by_role("navigation", name="Разделы", exact=True).get_by_role(
        "link", name="Документы"
    ).click()
    customer.get_by_role("link", name="№ 249 от").click()
    customer.get_by_role("link", name="Изменить реквизиты договора").click()
    expect(customer.get_by_label("ИНН")).to_have_attribute("readonly", "")
    customer.get_by_label("Должность").fill("Председатель")
    customer.get_by_role("button", name="Далее").click()
    expect(customer.get_by_role("heading", name="Проверьте указанные данные")).to_be_visible()
    expect(customer.get_by_text("(Старое значение: Директор)")).to_be_visible()
    customer.get_by_role("button", name="Далее").click()
    expect(customer.get_by_text("Заявка отправлена менеджеру на рассмотрение.")).to_be_visible()
    manager = enter(papers.people.manager)
    manager.goto("/staff/applications/")
    manager.get_by_role("link", name="Изменение реквизитов").click()
    manager.get_by_role("link", name="Одобрить").click()
    manager.get_by_role("dialog").get_by_role("button", name="Одобрить").click()
    expect(manager.get_by_text("Реквизиты изменены.")).to_be_visible()
    customer.reload()
    expect(customer.get_by_role("main").get_by_text("Одобрена").first).to_be_visible()
    customer.goto(f"/cabinet/documents/contracts/{papers.contract.pk}/")
    expect(customer.get_by_text("Председатель")).to_be_visible()


def test_a_partner_works_and_is_out_at_once(enter, papers: Papers) -> None:
    partner = enter(papers.people.partner_user)
    partner.get_by_role("link", name=papers.organisation.name).click()
    expect(partner.get_by_text("Касса у входа")).to_be_visible()
    customer = enter(papers.people.owner, width=390)
    customer.goto("/cabinet/management/")
    customer.get_by_role("link", name="Партнеры").click()
    customer.get_by_role("link", name=papers.people.partner.name, exact=True).click()
    customer.get_by_label("Партнерский доступ").uncheck()
    customer.get_by_role("button", name="Сохранить").click()
    expect(customer.get_by_text("Нет доступа")).to_be_visible()
    partner.reload()
    expect(partner.get_by_role("heading", name="Страница не найдена")).to_be_visible()


@pytest.mark.parametrize("script", [True, False])
def test_termination_by_paper(enter, papers: Papers, script: bool) -> None:
    customer = enter(papers.people.owner, script=script)
    customer.goto(f"/cabinet/documents/contracts/{papers.contract.pk}/")
    customer.get_by_role("link", name="Расторгнуть договор").click()
    expect(customer.get_by_role("button", name="Расторгнуть договор")).to_be_disabled()
    customer.get_by_label("Бумажное заявление").check()
    if not script:
        customer.get_by_role("button", name="Выбрать").click()
    expect(customer.get_by_text("Скачайте заявление, подпишите и отправьте по адресу:")).to_be_visible()
    with customer.expect_download() as download:
        customer.get_by_role("button", name="Скачать заявление").click()
    assert download.value.suggested_filename == "termination-249.pdf"
    customer.goto(f"/cabinet/documents/contracts/{papers.contract.pk}/")
    expect(customer.get_by_text("Ожидается оригинал заявления")).to_be_visible()


def test_a_visitor_of_a_sandbox_reads_his_letter(open_browser, settings, tmp_path, transactional_db) -> None:
    settings.HOME = tmp_path
    link = "http://127.0.0.1:8000/entry/confirm/abcdef/"
    letter_send(
        template="registration",
        recipient="ranevskaya@example.test",
        context={"name": "Любовь", "hours": 48},
        secrets={"link": link},
        now=clock.now(),
    )
    letters_send(now=clock.now)
    page = open_browser(width=390, theme="dark").new_page()
    page.goto("/")
    page.get_by_role("link", name="Письма").click()
    page.get_by_role("link", name="Подтвердите адрес электронной почты").click()
    expect(page.get_by_role("link", name=link)).to_have_attribute("href", link)
    page.locator("iframe").scroll_into_view_if_needed()
    # Nothing runs in the frame, so nothing but its presence can be asked of it.
    expect(page.frame_locator("iframe").get_by_role("link", name="Подтвердить адрес")).to_have_count(1)
    assert walk(page, ["/sandbox/letters/", page.url]) == []


def test_pages_of_documents_and_partners_are_readable_to_all(enter, papers: Papers) -> None:
    people = papers.people
    contract = f"/cabinet/documents/contracts/{papers.contract.pk}/"
    found = walk(
        enter(people.owner),
        [
            *("/cabinet/documents/", "/cabinet/documents/invoices/", "/cabinet/documents/acts/"),
            *(contract, f"{contract}requisites/", f"{contract}termination/"),
            f"{contract}termination/?method=paper",
            f"/cabinet/documents/applications/{papers.change(send=False).pk}/check/",
            f"/cabinet/documents/applications/{papers.ending().pk}/",
            *("/cabinet/partners/", f"/cabinet/partners/{people.partner.pk}/"),
        ],
    )
    found += walk(
        enter(people.partner_user),
        ["/partner/", f"/partner/customers/{papers.organisation.pk}/", "/partner/kkts/"],
    )
    assert found == []


def test_pages_of_the_desk_are_readable_to_all(enter, papers: Papers) -> None:
    people = papers.people
    ending = papers.ending()
    organisation = f"/staff/organisations/{papers.organisation.pk}/"
    found = walk(
        enter(people.staff[StaffRole.ADMINISTRATOR]),
        [
            *("/staff/applications/", "/staff/applications/?list=paper", "/staff/applications/?list=decided"),
            *(f"/staff/applications/{ending.pk}/", f"/staff/applications/{ending.pk}/arrival/"),
            *("/staff/customers/", f"/staff/customers/{people.account.pk}/", "/staff/organisations/"),
            "/staff/locks/",
            *(organisation, f"{organisation}requisites/", f"{organisation}partners/{people.partner.pk}/"),
            *("/staff/partners/", f"/staff/partners/{people.partner.pk}/", "/staff/partners/add/"),
            *("/staff/journal/", "/staff/letters/", "/sandbox/letters/"),
            *("/staff/operator/", "/staff/operator/offers/", "/staff/operator/offers/new/"),
            *("/staff/operator/consents/", "/staff/operator/consents/1/", "/staff/operator/consents/new/"),
            *("/staff/organisations/stale/", f"{organisation}refresh/"),
        ],
    )
    assert found == []
