"""Receipts of a register as a person opens, reads, sends and takes them away."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from playwright.sync_api import expect

import factories
from backoffice.conftest import project
from browser.test_accessibility import looked_at, walk, watch
from cabinet.receipts.conftest import DAY, Shop, shop_make
from chekhov.fn import commands as cmd
from chekhov.notify.models import Letter
from fn.world import item, order

BUYER = "anna@example.test"


@pytest.fixture
def shop(transactional_db: None) -> Shop:
    return shop_make()


def test_a_receipt_is_opened_read_and_sent_in_its_window(enter, shop: Shop) -> None:
    complaints: list[str] = []
    page = enter(shop.people.owner)
    watch(page, complaints)
    page.goto(shop.list_url)
    page.get_by_role("link", name="Кассовый чек № 3", exact=True).click()
    window = page.get_by_role("dialog", name="Печать чека")
    expect(window.get_by_text("ИТОГ")).to_be_visible()
    expect(window.get_by_role("img", name="QR-код чека")).to_be_visible()
    window.get_by_role("link", name="Теги").click()
    expect(window.get_by_text("Номер ФН").or_(window.get_by_text("номер ФН")).first).to_be_visible()
    expect(window.get_by_text("ИТОГ")).to_have_count(0)
    window.get_by_role("link", name="JSON").click()
    expect(window.get_by_role("region", name="Документ в JSON")).to_contain_text(shop.register.fn)
    window.get_by_role("link", name="Чек", exact=True).click()
    expect(window.get_by_text("ИТОГ")).to_be_visible()
    window.get_by_label("Email:").fill("anna")
    window.get_by_role("button", name="Отправить по электронной почте").click()
    expect(window.get_by_text("Это не адрес электронной почты.")).to_be_visible()
    window.get_by_label("Email:").fill(BUYER)
    window.get_by_role("button", name="Отправить по электронной почте").dblclick()
    expect(window.get_by_text(f"Документ отправлен на {BUYER}.")).to_be_visible()
    assert Letter.objects.filter(recipient=BUYER).count() == 1
    with page.expect_download() as download:
        window.get_by_role("link", name="Скачать").click()
    assert download.value.suggested_filename == f"{shop.register.fn}-3.pdf"
    page.keyboard.press("Escape")
    expect(window).to_be_hidden()
    assert page.url.endswith(shop.list_url)
    assert complaints == []


def test_without_script_the_window_is_a_page(enter, shop: Shop) -> None:
    page = enter(shop.people.owner, script=False, width=390)
    page.goto(shop.list_url)
    page.get_by_role("link", name="Кассовый чек № 3", exact=True).click()
    page.wait_for_url(f"**{shop.document_url(3)}")
    expect(page.get_by_role("heading", name="Печать чека")).to_be_visible()
    page.get_by_role("link", name="Теги").click()
    page.wait_for_url("**?view=tags")
    page.get_by_role("link", name="Чек", exact=True).click()
    page.get_by_label("Email:").fill(BUYER)
    page.get_by_role("button", name="Отправить по электронной почте").click()
    expect(page.get_by_text(f"Документ отправлен на {BUYER}.")).to_be_visible()
    page.get_by_role("navigation", name="Вы здесь").get_by_role("link", name="Чеки").click()
    page.wait_for_url(f"**{shop.list_url}")


@pytest.mark.parametrize("width", [1280, 390])
def test_no_sum_stands_in_two_lines(enter, shop: Shop, width: int) -> None:
    page = enter(shop.people.owner, width=width)
    for fd in (3, 6):
        page.goto(shop.document_url(fd))
        values = page.eval_on_selector_all(
            ".paper-pair span:last-child",
            "all => all.map(one => [one.textContent.trim(),"
            " one.getBoundingClientRect().height / parseFloat(getComputedStyle(one).lineHeight)])",
        )
        sums = [(text, lines) for text, lines in values if re.fullmatch(r"[\d\s]+(,\d\d)?", text)]
        assert len(sums) > 4
        assert [text for text, lines in sums if lines > 1.5] == []


def test_the_list_is_narrowed_and_taken_away(enter, shop: Shop) -> None:
    page = enter(shop.people.owner)
    page.goto(shop.list_url)
    page.get_by_label("Вид документа").select_option(label="Кассовые чеки и БСО")
    page.get_by_label("По", exact=True).fill(f"{DAY:%Y-%m-%d}")
    page.get_by_role("button", name="Показать", exact=True).click()
    expect(page.get_by_role("link", name=re.compile("Кассовый чек №"))).to_have_count(3)
    assert "kind=receipts" in page.url
    with page.expect_download() as download:
        page.get_by_role("link", name="Скачать таблицу").click()
    assert download.value.suggested_filename.endswith(".csv")
    page.get_by_text("Ещё условия").click()
    page.get_by_label("Сумма от").fill("много")
    page.get_by_role("button", name="Показать", exact=True).click()
    expect(page.get_by_text("Напишите сумму в рублях, например 1234,50.")).to_be_visible()
    page.get_by_role("link", name="Сбросить").click()
    expect(page.get_by_role("row")).to_have_count(10)


def test_a_shift_leads_to_its_documents(enter, shop: Shop) -> None:
    page = enter(shop.people.clerk, width=390)
    page.goto(shop.list_url)
    page.get_by_role("link", name="Смена № 1").first.click()
    expect(page.get_by_role("heading", name="Смена № 1")).to_be_visible()
    expect(page.get_by_text("Итоги отчёта о закрытии смены сходятся с документами.")).to_be_visible()
    page.get_by_role("link", name="Кассовый чек № 4", exact=True).click()
    expect(page.get_by_role("dialog", name="Печать чека").get_by_text("ИТОГ")).to_be_visible()


def test_only_the_paper_is_printed(enter, shop: Shop) -> None:
    page = enter(shop.people.owner)
    page.goto(shop.list_url)
    page.get_by_role("link", name="Кассовый чек № 3", exact=True).click()
    window = page.get_by_role("dialog", name="Печать чека")
    expect(window.get_by_text("ИТОГ")).to_be_visible()
    page.emulate_media(media="print")
    expect(window.get_by_text("ИТОГ")).to_be_visible()
    expect(page.get_by_role("main")).to_be_hidden()
    expect(window.get_by_label("Email:")).to_be_hidden()
    expect(window.get_by_role("link", name="Теги")).to_be_hidden()
    page.goto(shop.document_url(3))
    page.emulate_media(media="print")
    expect(page.get_by_text("ИТОГ")).to_be_visible()
    expect(page.get_by_label("Email:")).to_be_hidden()


def test_pages_of_receipts_are_readable_to_all(enter, shop: Shop) -> None:
    at = dt.datetime.combine(DAY + dt.timedelta(days=1), dt.time(18))
    many = [item(name=f"Сыр твёрдый {n} " + "выдержанный " * 6, price_kopecks=100) for n in range(60)]
    shop.register.do(cmd.Receipt(order(*many)), at)
    shop.register.do(cmd.Receipt(order()), at + dt.timedelta(minutes=1), stored=False)
    shop.register.do(cmd.CloseShift(), at + dt.timedelta(minutes=2))
    project()
    silent = factories.kkt_make(organisation=shop.people.organisation, name="Новая")
    page = enter(shop.people.owner)
    found = walk(
        page,
        [
            *(shop.list_url, f"{shop.list_url}?cashier=x&sum_from=y", f"/cabinet/kkt/{silent.pk}/receipts/"),
            *(shop.document_url(fd) for fd in (1, 3, 6, 10)),
            *(shop.document_url(3, "?view=tags"), shop.document_url(3, "?view=json")),
            *(shop.shift_url(1), shop.shift_url(2)),
        ],
    )
    page.goto(shop.list_url)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_role("link", name="Кассовый чек № 3", exact=True).click()
    page.get_by_role("dialog", name="Печать чека").get_by_text("ИТОГ").wait_for()
    assert found + looked_at(page) == []
