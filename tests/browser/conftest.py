"""Real Chromium against a live server. It is looked for and never silently skipped: no browser is a failure."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

import factories
from chekhov.accounts.models import StaffRole, User
from chekhov.face.assets import assets

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
CHROMIUM_ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
PASSWORD = "три-сестры-1900"
WAIT_MS = 30_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session")
def chromium_path() -> str:
    given = os.environ.get("CHROMIUM")
    found = given or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if not found or not Path(found).exists():
        pytest.fail(
            "Chromium is not installed: apt-get install chromium, or set CHROMIUM to its path", pytrace=False
        )
    return found


@pytest.fixture(scope="session")
def browser(chromium_path: str) -> Iterator[Browser]:
    assets()  # says «make assets» at once rather than on every page
    # Playwright keeps an event loop in this thread; Django would take our own questions for asynchronous ones.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=WAIT_MS)
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=chromium_path, args=list(CHROMIUM_ARGUMENTS))
        yield made
        made.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def engineer(transactional_db: None) -> User:
    return factories.staff_make(
        StaffRole.ENGINEER,
        email="engineer@example.test",
        password=PASSWORD,
        full_name="Инженеров Антон Павлович",
    )


@pytest.fixture
def open_browser(browser: Browser, live_server) -> Iterator[Callable[..., BrowserContext]]:
    """Make a context: `open_browser(width=390, theme="dark", script=True)`; closed after the test."""
    made: list[BrowserContext] = []

    def make(*, width: int = 1280, theme: str = "light", script: bool = True) -> BrowserContext:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 900},
            color_scheme=theme,
            java_script_enabled=script,
            locale="ru-RU",
            timezone_id="Europe/Moscow",
            permissions=["clipboard-read", "clipboard-write"],
        )
        context.set_default_timeout(WAIT_MS)
        made.append(context)
        return context

    yield make
    for context in made:
        context.close()


@pytest.fixture
def logged_in(open_browser: Callable[..., BrowserContext], engineer: User) -> Callable[..., Page]:
    """A page of the engineer, logged in as a person would do it."""

    def make(**options) -> Page:
        page = open_browser(**options).new_page()
        page.goto("/login/")
        page.get_by_label("Электронная почта").fill(engineer.email)
        page.get_by_label("Пароль").fill(PASSWORD)
        page.get_by_role("main").get_by_role("button", name="Войти").click()
        page.wait_for_url("**/staff/intake/")
        return page

    return make


@pytest.fixture
def enter(open_browser: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """Log a person in as he would do it himself."""

    def make(user: User, **options) -> Page:
        user.set_password(PASSWORD)
        user.save()
        page = open_browser(**options).new_page()
        page.goto("/login/")
        page.get_by_label("E-mail").or_(page.get_by_label("Электронная почта")).first.fill(user.email)
        page.get_by_label("Пароль", exact=True).fill(PASSWORD)
        page.get_by_role("main").get_by_role("button", name="Войти").click()
        page.wait_for_url(lambda url: "/login/" not in url)
        return page

    return make
