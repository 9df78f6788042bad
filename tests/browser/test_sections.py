"""Sections that tell rather than do, the top bar that holds them all, and «Проверить чек» as a person uses it."""

import pytest
from playwright.sync_api import Page, expect

import factories
from browser.conftest import PASSWORD
from browser.scenes import Scene
from browser.test_accessibility import looked_at, walk
from cabinet.papers_world import Papers, papers_make
from chekhov.accounts.models import StaffRole, User
from chekhov.fiscal.models import FiscalDocument


@pytest.fixture
def papers(transactional_db: None) -> Papers:
    made = papers_make()
    factories.organisation_make(account=made.people.account, name="ООО «Чайка»")
    return made


def log_in(page: Page, user: User) -> None:
    user.set_password(PASSWORD)
    user.save()
    page.goto("/login/")
    page.get_by_label("Электронная почта").fill(user.email)
    page.get_by_label("Пароль").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Войти").click()
    page.wait_for_function("location.pathname !== '/login/'")


def bar_holds(page: Page, width: int) -> list[str]:
    """What of the top bar is not seen whole at this width."""
    page.set_viewport_size({"width": width, "height": 900})
    trouble = page.evaluate(
        """() => {
            const cut = element => element.scrollWidth > element.clientWidth + 1
                || element.scrollHeight > element.clientHeight + 2;
            const parts = [".topbar-brand span", ".topbar-user-name", ".topbar-sections-nav"];
            const found = parts.filter(part => cut(document.querySelector(part)));
            const end = document.querySelector(".topbar-end").getBoundingClientRect();
            return end.right > innerWidth ? [...found, "the end"] : found;
        }"""
    )
    return [f"{width}: {part}" for part in trouble]


def test_every_section_is_seen_in_the_bar(open_browser, papers: Papers) -> None:
    page = open_browser().new_page()
    log_in(page, papers.people.owner)
    page.goto("/cabinet/prices/")
    expected = ["ККТ", "Документы", "Отчёты", "Прайс-лист", "Управление", "Баланс", "Помощь"]
    shown = page.get_by_role("navigation", name="Разделы", exact=True).get_by_role("link").all_inner_texts()
    assert [word.strip() for word in shown] == expected
    assert bar_holds(page, 1280) + bar_holds(page, 1024) == []


def test_staff_of_all_sections_see_the_operators_name(open_browser, papers: Papers) -> None:
    page = open_browser().new_page()
    log_in(page, factories.staff_make(StaffRole.ADMINISTRATOR, full_name="Лопахин Ермолай Алексеевич"))
    page.goto("/staff/intake/")
    assert bar_holds(page, 1280) + bar_holds(page, 1024) == []


def test_the_sections_are_without_complaints(open_browser, papers: Papers) -> None:
    page = open_browser().new_page()
    log_in(page, papers.people.owner)
    addresses = [
        "prices/",
        "balance/",
        "reports/",
        "partners/",
        f"partners/{papers.people.partner.pk}/requisites/",
    ]
    assert walk(page, [f"/cabinet/{address}" for address in addresses]) == []
    page.goto("/cabinet/partners/")
    page.get_by_role("link", name=f"Реквизиты: {papers.people.partner.name}").click()
    window = page.get_by_role("dialog", name=papers.people.partner.name)
    expect(window).to_contain_text(papers.people.partner.inn)
    expect(window.get_by_role("button", name="Сохранить")).to_have_count(0)


def test_a_buyer_checks_his_receipt(open_browser, transactional_db: None) -> None:
    scene = Scene()
    receipt = FiscalDocument.objects.filter(fn=scene.known.fn, code=3).first()
    assert receipt is not None
    page = open_browser(width=390).new_page()
    page.goto("/")
    page.get_by_label("ФН", exact=True).fill(receipt.fn)
    page.get_by_label("ФД", exact=True).fill(str(receipt.fd))
    page.get_by_label("ФПД (ФП)").fill("1")
    page.get_by_role("button", name="Проверить чек").click()
    expect(page.get_by_text("Такого чека у оператора нет")).to_be_visible()
    page.get_by_label("ФПД (ФП)").fill(str(receipt.fpd))
    page.get_by_role("button", name="Проверить чек").click()
    expect(page.get_by_text("Чек есть у оператора")).to_be_visible()
    expect(page.get_by_role("article")).to_contain_text(str(receipt.fpd))
    assert looked_at(page) == []
