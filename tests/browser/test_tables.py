"""A table under a person's hands: choosing rows, the bar of actions, columns; with script and without."""

import pytest
from playwright.sync_api import Page, expect


@pytest.fixture(autouse=True)
def _sandbox(settings) -> None:
    settings.SANDBOX = True


def box(page: Page, fd: int):
    return page.get_by_label(f"Выбрать: Кассовый чек ФД {fd}")


def test_rows_are_chosen_and_an_action_opens_its_window(logged_in) -> None:
    page = logged_in()
    page.goto("/ui/")
    move = page.get_by_role("button", name="Переместить")
    expect(move).to_be_disabled()
    box(page, 12).check()
    box(page, 14).click(modifiers=["Shift"])
    expect(page.get_by_text("Выбрано: 3 строки")).to_be_visible()
    expect(box(page, 13)).to_be_checked()
    expect(box(page, 15)).not_to_be_checked()
    everything = page.get_by_label("Все на странице")
    assert everything.evaluate("box => box.indeterminate")
    everything.check()
    expect(box(page, 15)).to_be_checked()
    move.click()
    window = page.get_by_role("dialog", name="Переместить документы")
    expect(window).to_contain_text("Выбрано: 4 документа")
    assert page.url.endswith("/ui/")
    window.get_by_role("link", name="Закрыть", exact=True).click()
    everything.uncheck()
    expect(move).to_be_disabled()
    page.get_by_label("Все найденные").check()
    expect(move).to_be_enabled()


def test_without_script_it_is_a_form_like_any_other(open_browser) -> None:
    page = open_browser(script=False, width=390).new_page()
    page.goto("/ui/?order=total")
    expect(page.get_by_label("Все на странице")).to_be_hidden()
    box(page, 13).check()
    page.get_by_role("button", name="Переместить").click()
    expect(page.get_by_role("heading", name="Переместить документы")).to_be_visible()
    expect(page.get_by_text("Выбрано: 1 документ.")).to_be_visible()


def test_columns_are_chosen_and_the_address_tells_it(logged_in) -> None:
    page = logged_in()
    page.goto("/ui/?order=total")
    page.get_by_text("Столбцы", exact=True).click()
    page.get_by_label("ФН", exact=True).uncheck()
    page.get_by_label("Смена").check()
    page.get_by_role("button", name="Показать").click()
    page.wait_for_url("**columns=**")
    table = page.get_by_role("table", name="Четыре документа", exact=True)
    expect(table.get_by_role("columnheader", name="Смена")).to_be_visible()
    expect(table.get_by_role("columnheader", name="ФН")).to_have_count(0)
    expect(table.get_by_role("columnheader", name="Сумма")).to_have_attribute("aria-sort", "ascending")
    table.get_by_role("link", name="Сумма").click()
    page.wait_for_url("**order=-total**")
    expect(table.get_by_role("columnheader", name="Смена")).to_be_visible()
