"""axe-core on every page, in both themes, wide and narrow; and what else can be measured of a page."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import ConsoleMessage, Page

from browser.conftest import PASSWORD
from browser.scenes import EMPTY_ADDRESSES, STRANGER_ADDRESSES, Scene

AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
WIDTHS = (1280, 390)
PARTS = 3
"""The longest walk is shared out, so that processes of the suite end at the same time."""
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
THEMED_RULES = ["color-contrast", "link-in-text-block"]
"""The only rules whose verdict depends on colours; the others are asked once for both themes."""


LOOK = """
async ([options, theme]) => {
  if (!("axe" in window)) return null;
  for (let frame = 0; theme && document.documentElement.dataset.bsTheme !== theme; frame++) {
    if (frame === 1000) throw new Error(`the page does not become ${theme}`);
    await new Promise(requestAnimationFrame);
  }
  const { violations } = await axe.run(document, options);
  const findings = violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help} — ${node.html.slice(0, 160)} ${(node.failureSummary ?? "").slice(0, 200)}`));
  const { scrollWidth, clientWidth } = document.documentElement;
  return { findings, wider: scrollWidth - clientWidth };
}
"""
"""All questions to a page in one, for each costs the browser as much as a small page: gives null where axe is not yet."""


def ask(page: Page, theme: str = "", only: dict[str, Any] | None = None) -> dict[str, Any]:
    """What axe-core has against the page in this theme, and by how much it is wider than its window.

    Evaluated past the content policy, which lets nothing foreign in.
    """
    options = {"runOnly": only or {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
    answer: dict[str, Any] | None = page.evaluate(LOOK, [options, theme])
    if answer is None:
        page.evaluate(axe_source())
        answer = page.evaluate(LOOK, [options, theme])
        assert answer is not None
    return answer


@functools.cache
def axe_source() -> str:
    if not AXE.exists():
        pytest.fail("axe-core is not there: make assets (or npm ci in frontend/)", pytrace=False)
    return AXE.read_text(encoding="utf-8")


def axe_findings(page: Page) -> list[str]:
    """What axe-core has against the page as it stands."""
    return [f"{page.url} {finding}" for finding in ask(page)["findings"]]


def looked_at(page: Page) -> list[str]:
    """Everything that is wrong with the page as it stands, wide and narrow, light and dark."""
    complaints: list[str] = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # no colour half-way
            answer = ask(page, theme, {"type": "rule", "values": THEMED_RULES} if theme == "dark" else None)
            complaints += [f"{width} {theme} {page.url} {finding}" for finding in answer["findings"]]
            if answer["wider"] > 0:
                complaints.append(f"{theme} {page.url}: {answer['wider']} px wider than a screen of {width}")
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


@pytest.mark.parametrize("part", range(PARTS))
def test_full_pages(logged_in, part: int) -> None:
    scene = Scene()
    assert walk(logged_in(), scene.addresses[part::PARTS]) == []


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
