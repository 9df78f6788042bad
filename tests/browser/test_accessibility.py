"""axe-core on every page, in both themes, wide and narrow; and what else can be measured of a page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import ConsoleMessage, Page

from browser.conftest import PASSWORD
from browser.scenes import EMPTY_ADDRESSES, STRANGER_ADDRESSES, Scene

AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
WIDTHS = (1280, 390)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
THEMED_RULES = ["color-contrast", "link-in-text-block"]
"""The only rules whose verdict depends on colours; the others are asked once for both themes."""


def axe_findings(page: Page, only: dict[str, Any] | None = None) -> list[str]:
    """What axe-core has against the page; evaluated past the content policy, which lets nothing foreign in."""
    if not AXE.exists():
        pytest.fail("axe-core is not there: make assets (or npm ci in frontend/)", pytrace=False)
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    options = {"runOnly": only or {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
    result: dict[str, Any] = page.evaluate("async options => await axe.run(document, options)", options)
    return [
        f"{page.url} {violation['id']}: {violation['help']} — {node['html'][:160]} {node['failureSummary'][:200]}"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]


def looked_at(page: Page) -> list[str]:
    """Everything that is wrong with the page as it stands, wide and narrow, light and dark."""
    complaints: list[str] = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # no colour half-way
            page.wait_for_function("theme => document.documentElement.dataset.bsTheme === theme", arg=theme)
            only = {"type": "rule", "values": THEMED_RULES} if theme == "dark" else None
            complaints += [f"{width} {theme} {finding}" for finding in axe_findings(page, only)]
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            complaints.append(f"{page.url}: {wide} px wider than a screen of {width}")
    return complaints


def watch(page: Page, complaints: list[str]) -> None:
    """Collect what the browser itself complains of: the content policy, failed files, faults of scripts."""

    def console(message: ConsoleMessage) -> None:
        # The statuses of pages that are errors on purpose.
        expected = any(f"status of {status}" in message.text for status in (404, 422))
        if message.type in {"error", "warning"} and not expected:
            complaints.append(f"{page.url} {message.type}: {message.text}")

    page.on("console", console)
    page.on("pageerror", lambda error: complaints.append(f"{page.url} {error}"))


def walk(page: Page, addresses: list[str]) -> list[str]:
    complaints: list[str] = []
    watch(page, complaints)
    for address in addresses:
        page.goto(address)
        page.evaluate("document.fonts.ready.then(() => true)")
        complaints += looked_at(page)
    return complaints


def test_full_pages(logged_in) -> None:
    scene = Scene()
    assert walk(logged_in(), scene.addresses) == []


def test_empty_pages(logged_in) -> None:
    assert walk(logged_in(), EMPTY_ADDRESSES) == []


def test_pages_before_log_in(open_browser) -> None:
    page = open_browser().new_page()
    found = walk(page, STRANGER_ADDRESSES)
    page.goto("/login/")
    page.get_by_label("Электронная почта").fill("nobody@example.test")
    page.get_by_label("Пароль").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Войти").click()
    page.get_by_role("alert").wait_for()
    assert found + looked_at(page) == []


def test_pages_with_mistakes_windows_and_open_trees(logged_in) -> None:
    scene = Scene()
    page = logged_in()
    page.goto(f"/staff/registers/add/{scene.unknown.fn}/")
    page.get_by_label("ИНН организации").fill("7707083894")
    page.get_by_role("button", name="Добавить кассу").click()
    page.get_by_text("Такого ИНН не бывает").wait_for()
    found = looked_at(page)
    page.goto(f"/staff/drives/{scene.unknown.fn}/")
    page.get_by_role("link", name="Добавить кассу").click()
    page.get_by_role("dialog").get_by_label("ИНН организации").wait_for()
    found += looked_at(page)
    page.goto(f"/staff/documents/{scene.known.fn}/3/")
    page.get_by_role("button", name="Раскрыть все").click()
    page.get_by_text("Байты ответа").click()
    page.get_by_role("group").filter(has_text="Учётная запись").locator("summary").first.click()
    found += looked_at(page)
    page.goto("/staff/intake/")
    page.get_by_role("button", name="Разделы").click()
    page.get_by_role("dialog").wait_for()
    found += axe_findings(page)
    assert found == []


@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 390)])
def test_nothing_moves_to_the_right_theme_after_the_first_paint(open_browser, theme: str, width: int) -> None:
    page = open_browser(theme=theme, width=width).new_page()
    page.goto("/", wait_until="commit")
    page.wait_for_selector("body")
    assert page.evaluate("document.documentElement.dataset.bsTheme") == theme
