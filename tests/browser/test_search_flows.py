"""The one box of the frame and «Что остановится» as a person uses them; and how they look."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from browser.test_accessibility import walk, watch
from cabinet.receipts.conftest import Shop, shop_make
from chekhov.fiscal.digest import digest_of
from chekhov.fiscal.models import FiscalDocument


@pytest.fixture
def shop(transactional_db: None) -> Shop:
    return shop_make()


def receipt_of(shop: Shop) -> FiscalDocument:
    return FiscalDocument.objects.get(fn=shop.register.fn, fd=3)


def test_what_is_found_stands_under_the_box_while_typing(enter, shop: Shop) -> None:
    complaints: list[str] = []
    page = enter(shop.people.owner)
    watch(page, complaints)
    page.goto("/help/")
    page.keyboard.press("/")
    box = page.get_by_role("searchbox", name="Поиск по кабинету")
    expect(box).to_be_focused()
    box.press_sequentially("у входа", delay=20)
    found = page.locator("[data-search-found]")
    expect(found.get_by_role("link", name="Касса у входа")).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(found.get_by_role("link").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(box).to_be_focused()
    expect(found).to_be_hidden()
    box.fill(f"{receipt_of(shop).fpd:010}")
    found.get_by_role("link", name="Кассовый чек № 3").click()
    page.wait_for_url(f"**{shop.document_url(3)}")
    assert complaints == []


@pytest.mark.parametrize("script", [True, False])
def test_enter_opens_the_page(enter, shop: Shop, script: bool) -> None:
    page = enter(shop.people.owner, script=script, width=390)
    row = receipt_of(shop)
    assert row.issued_at is not None
    page.goto("/cabinet/kkt/")
    box = page.get_by_role("searchbox", name="Поиск по кабинету")
    box.fill(
        f"{(row.total_kopecks or 0) // 100},{(row.total_kopecks or 0) % 100:02} {row.issued_at:%d.%m.%Y}"
    )
    box.press("Enter")
    page.wait_for_url("**/cabinet/search/?q=*")
    expect(page.get_by_role("main").get_by_role("link", name="Кассовый чек № 3").last).to_be_visible()


def test_a_stranger_of_the_group_finds_nothing(enter, shop: Shop) -> None:
    page = enter(shop.people.clerk_of_no_group)
    page.goto(f"/cabinet/search/?q={receipt_of(shop).fpd}")
    expect(page.get_by_role("main")).to_contain_text("Ничего не найдено")


def test_a_reminder_leads_on_and_the_letter_is_chosen(enter, shop: Shop) -> None:
    page = enter(shop.people.owner)
    page.goto("/cabinet/attention/")
    page.get_by_role("link", name="Письмо каждый день").click()
    window = page.get_by_role("dialog")
    window.get_by_label("Присылать письмо, если есть о чём напомнить").uncheck()
    window.get_by_label("Считать кассу молчащей через, часов").fill("12")
    window.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_role("main")).to_contain_text("Сохранено")
    kept = digest_of(shop.people.owner)
    assert (kept.wanted, kept.silence_hours) == (False, 12)
    page.get_by_role("main").get_by_role("link", name="Касса у входа").first.click()
    page.wait_for_url(f"**/cabinet/kkt/{shop.kkt.pk}/")


def test_how_they_look(enter, shop: Shop) -> None:
    page = enter(shop.people.owner)
    addresses = [
        "/cabinet/search/",
        "/cabinet/search/?q=a",
        "/cabinet/search/?q=%D1%83+%D0%B2%D1%85%D0%BE%D0%B4%D0%B0",
        f"/cabinet/search/?q={receipt_of(shop).fpd}",
        "/cabinet/search/?q=nothing",
        "/cabinet/attention/",
        "/cabinet/attention/?kind=tariff",
        "/cabinet/attention/letter/",
    ]
    assert walk(page, addresses) == []
