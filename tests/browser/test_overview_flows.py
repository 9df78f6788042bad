"""«Обзор» as a person reads it: chips, filters, the chart's table, files; and how it looks."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from browser.test_accessibility import walk, watch
from cabinet.overview.conftest import DAYS, Stand, stand_make
from chekhov.face.figures import sum_text

ADDRESS = f"/cabinet/overview/?since={DAYS['since']}&until={DAYS['until']}"


@pytest.fixture
def stand(transactional_db: None, test_database_url: str) -> Stand:
    return stand_make(test_database_url)


@pytest.mark.parametrize(("script", "width"), [(True, 1280), (False, 390)])
def test_the_sums_are_narrowed_and_taken_away(enter, stand: Stand, script: bool, width: int) -> None:
    complaints: list[str] = []
    page = enter(stand.people.owner, script=script, width=width)
    watch(page, complaints)
    page.goto("/cabinet/kkt/")
    page.get_by_role("navigation", name="Страницы раздела").get_by_role("link", name="Обзор").click()
    page.get_by_label("С", exact=True).fill(DAYS["since"])
    page.get_by_label("По", exact=True).fill(DAYS["until"])
    page.get_by_role("button", name="Показать", exact=True).click()
    figure = page.locator(".figure").first
    expect(figure).to_contain_text(sum_text(stand.revenue("grouped", "loose", "other")))
    expect(page.get_by_role("img", name="Выручка по дням.")).to_be_visible()
    days = page.get_by_role("region", name="По дням")
    days.get_by_text("Таблица", exact=True).click()
    expect(days.get_by_role("table", name="По дням")).to_contain_text("18.11.2026")
    page.get_by_label("Группа", exact=True).select_option(label="Центр")
    page.get_by_role("button", name="Показать", exact=True).click()
    expect(figure).to_contain_text(sum_text(stand.revenue("grouped")))
    with page.expect_download() as download:
        page.get_by_role("region", name="По кассам").get_by_role("link", name="Скачать таблицу").click()
    assert download.value.suggested_filename == "overview-registers-20261118-20261125.csv"
    with page.expect_download() as download:
        page.get_by_role("link", name="Скачать всё (XLSX)").click()
    assert download.value.suggested_filename == "overview-20261118-20261125.xlsx"
    page.get_by_role("link", name="Прошлый месяц").click()
    page.wait_for_url(f"**/cabinet/overview/?period=last_month&group={stand.group.pk}")
    assert complaints == []


def test_how_it_looks(enter, stand: Stand) -> None:
    page = enter(stand.people.owner)
    assert (
        walk(
            page,
            [
                ADDRESS,
                f"{ADDRESS}&kkt={stand.kkts['loose'].pk}",
                "/cabinet/overview/?since=2026-11-18&until=2026-11-10",
            ],
        )
        == []
    )
    assert walk(enter(stand.people.clerk_of_no_group), [ADDRESS]) == []
