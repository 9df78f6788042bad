"""What a person of the operator does all day, found by role and label as he would find it."""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.sync_api import Locator, Page, expect

from backoffice.conftest import project
from browser.scenes import DAY, Scene
from chekhov.fiscal.models import Quarantined
from chekhov.fn import commands as cmd
from chekhov.kkt.models import Kkt


def state_report(scene: Scene, minute: int) -> int:
    """One more document of the known register; gives its number."""
    scene.known.do(cmd.StateReport(), dt.datetime.combine(DAY + dt.timedelta(days=1), dt.time(22, minute)))
    project()
    return scene.known.state.last_fd


def row_of(page: Page, scene: Scene, fd: int) -> Locator:
    """The row of a document of the known register."""
    link = page.locator(f'a[href="/staff/documents/{scene.known.fn}/{fd}/"]')
    return page.get_by_role("row").filter(has=link)


def test_log_in_and_out(logged_in) -> None:
    page: Page = logged_in()
    expect(page.get_by_role("heading", name="Приём", level=1)).to_be_visible()
    page.get_by_text("Инженеров А. П.").click()
    page.get_by_role("button", name="Выйти").click()
    page.wait_for_url("**/")
    expect(page.get_by_role("link", name="Войти в личный кабинет").first).to_be_visible()
    page.goto("/staff/intake/")
    assert "/login/?next=/staff/intake/" in page.url


def test_a_document_is_followed_from_the_list_to_its_bytes(logged_in) -> None:
    scene = Scene()
    page: Page = logged_in()
    page.goto("/staff/intake/")
    page.get_by_label("Номер ФН или РНМ").fill("9999 5400 0000 0001")
    page.get_by_label("Вид документа").select_option(label="Кассовый чек")
    page.get_by_role("button", name="Показать").click()
    assert "code=3" in page.url
    page.get_by_role("link", name="Кассовый чек").first.click()
    expect(page.get_by_role("article", name="Кассовый чек")).to_contain_text("ТЕСТОВЫЙ НАКОПИТЕЛЬ")
    expect(page.get_by_role("img", name="QR-код чека")).to_be_visible()
    tree = page.locator("#tree")
    assert not tree.get_by_text("смещение").first.is_visible()
    page.get_by_role("button", name="Раскрыть все").click()
    expect(tree.get_by_text("смещение").first).to_be_visible()
    page.get_by_role("button", name="Свернуть все").click()
    expect(tree.locator("details[open]")).to_have_count(0)
    with page.expect_download() as download:
        page.get_by_role("link", name="Скачать .bin").click()
    content = download.value.path().read_bytes()
    assert content in scene.known.containers


def test_a_number_is_copied_whole(logged_in) -> None:
    scene = Scene()
    page: Page = logged_in()
    page.goto(f"/staff/documents/{scene.known.fn}/3/")
    page.get_by_role("button", name=f"Скопировать {scene.known.fn}").click()
    expect(page.get_by_text("Скопировано").first).to_be_attached()
    assert page.evaluate("navigator.clipboard.readText()") == scene.known.fn
    page.get_by_role("button", name="Скопировать", exact=True).click()
    assert page.evaluate("navigator.clipboard.readText()").startswith("{")


def test_an_unknown_register_is_put_into_a_cabinet(logged_in) -> None:
    scene = Scene()
    page: Page = logged_in()
    page.goto("/staff/intake/")
    page.get_by_role("navigation", name="Страницы раздела").get_by_role("link", name="Неопознанные").click()
    page.get_by_role("link", name=f"Добавить кассу с РНМ {scene.unknown.rnm}").click()
    page.get_by_label("Название кассы").fill("Кафе на углу")
    page.get_by_role("button", name="Добавить кассу").click()
    expect(page.get_by_text("добавлена")).to_be_visible()
    assert Kkt.objects.get(rnm=scene.unknown.rnm).name == "Кафе на углу"
    page.goto(f"/staff/documents/{scene.unknown.fn}/1/")
    expect(page.get_by_text("Кафе на углу").first).to_be_visible()


def test_the_window_holds_the_focus_and_gives_it_back(logged_in) -> None:
    scene = Scene()
    page: Page = logged_in()
    page.goto(f"/staff/drives/{scene.unknown.fn}/")
    opener = page.get_by_role("link", name="Добавить кассу")
    opener.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Добавить кассу в кабинет")
    expect(dialog).to_be_visible()
    for _ in range(12):
        page.keyboard.press("Tab")
        inside = page.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
        )
        assert inside
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()
    opener.click()
    dialog.get_by_label("Название кассы").fill("Из окна")
    dialog.get_by_role("button", name="Добавить кассу").click()
    expect(page.get_by_text("добавлена")).to_be_visible()


def test_a_double_click_does_the_deed_once(logged_in) -> None:
    scene = Scene()
    page: Page = logged_in()
    row = scene.quarantined[1]
    posts: list[str] = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    page.goto(f"/staff/quarantine/{row.pk}/")
    page.get_by_label("Что выяснено и сделано").fill("Это был браузер.")
    page.get_by_role("button", name="Отметить разобранным").dblclick()
    expect(page.get_by_text("Отмечено как разобранное.")).to_be_visible()
    assert len(posts) == 1
    assert Quarantined.objects.get(pk=row.pk).resolution == "Это был браузер."


class TestLive:
    def test_a_new_document_appears_by_itself(self, logged_in) -> None:
        scene = Scene()
        page: Page = logged_in()
        page.goto("/staff/intake/")
        loads: list[str] = []
        page.on("load", lambda: loads.append(page.url))
        fd = state_report(scene, 30)
        expect(row_of(page, scene, fd)).to_contain_text("Отчёт о текущем состоянии")
        assert loads == []

    def test_filters_hold_through_refreshes(self, logged_in) -> None:
        scene = Scene()
        page: Page = logged_in()
        page.goto(f"/staff/intake/?number={scene.known.fn}&code=21")
        expect(page.get_by_text("Ничего не нашлось")).to_be_visible()
        state_report(scene, 31)
        expect(page.get_by_role("link", name="Отчёт о текущем состоянии")).to_have_count(1)

    @pytest.mark.parametrize("way", ["hidden", "paused", "selected"])
    def test_it_stops_when_it_would_disturb_or_is_not_seen(self, logged_in, way: str) -> None:
        scene = Scene()
        page: Page = logged_in()
        page.goto("/staff/intake/")
        if way == "hidden":
            page.evaluate("Object.defineProperty(document, 'hidden', {configurable: true, get: () => true})")
        elif way == "paused":
            page.get_by_role("button", name="Не обновлять").click()
        else:
            page.evaluate(
                "getSelection().selectAllChildren(document.querySelector('#intake-documents tbody tr'))"
            )
        page.wait_for_timeout(500)  # what was under way arrives
        asked: list[str] = []
        page.on(
            "request",
            lambda request: (
                asked.append(request.headers["hx-target"]) if "hx-target" in request.headers else None
            ),
        )
        fd = state_report(scene, 40)
        page.wait_for_timeout(4000)
        quiet = {"hidden": set(), "paused": set(), "selected": {"intake-figures"}}[way]
        assert set(asked) <= quiet
        assert row_of(page, scene, fd).count() == 0
        if way == "hidden":
            page.evaluate("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")
        elif way == "paused":
            page.get_by_role("button", name="Не обновлять").click()
        else:
            page.evaluate("getSelection().removeAllRanges()")
        expect(row_of(page, scene, fd)).to_be_visible()

    def test_a_lost_connection_is_told_and_mends_itself(self, logged_in) -> None:
        Scene()
        page: Page = logged_in()
        page.goto("/staff/intake/")
        page.context.set_offline(True)
        expect(page.get_by_text("Нет связи с сервером")).to_be_visible()
        page.context.set_offline(False)
        expect(page.get_by_text("Нет связи с сервером")).to_be_hidden()

    def test_a_session_that_ended_leads_to_log_in(self, logged_in) -> None:
        page: Page = logged_in()
        page.goto("/staff/intake/")
        page.context.clear_cookies()
        page.wait_for_url("**/login/?next=/staff/intake/")


class TestNarrow:
    def test_the_drawer(self, logged_in) -> None:
        page: Page = logged_in(width=390)
        page.goto("/staff/quarantine/")
        opener = page.get_by_role("button", name="Разделы")
        opener.click()
        drawer = page.get_by_role("dialog", name="Разделы")
        expect(drawer.get_by_role("link", name="Приём")).to_be_visible()
        page.keyboard.press("Escape")
        expect(drawer).to_be_hidden()
        expect(opener).to_be_focused()
        opener.click()
        drawer.get_by_role("link", name="Приём").click()
        page.wait_for_url("**/staff/intake/")

    def test_rows_are_cards_and_still_a_table(self, logged_in) -> None:
        Scene()
        page: Page = logged_in(width=390)
        page.goto("/staff/intake/")
        row = page.get_by_role("row").nth(1)
        assert row.evaluate("element => getComputedStyle(element).display") == "grid"
        assert row.get_by_role("cell").count() == 7
        assert page.get_by_role("table", name="Последние документы").count() == 1


class TestWithoutScript:
    def test_everything_can_be_done(self, logged_in) -> None:
        scene = Scene()
        page: Page = logged_in(script=False, width=390)
        page.get_by_role("navigation", name="Разделы").get_by_role("link", name="Приём").click()
        page.get_by_label("Номер ФН или РНМ").fill(scene.known.fn)
        page.get_by_label("Вид документа").select_option(label="Кассовый чек")
        page.get_by_role("button", name="Показать").click()
        page.get_by_role("link", name="Кассовый чек").first.click()
        expect(page.get_by_role("article", name="Кассовый чек")).to_be_visible()
        assert page.get_by_role("button", name="Раскрыть все").count() == 0
        page.goto(f"/staff/drives/{scene.unknown.fn}/")
        page.get_by_role("link", name="Добавить кассу").click()
        page.get_by_label("Название кассы").fill("Без скриптов")
        page.get_by_role("button", name="Добавить кассу").click()
        expect(page.get_by_text("добавлена")).to_be_visible()

    def test_dark_follows_the_system(self, open_browser) -> None:
        page = open_browser(script=False, theme="dark").new_page()
        page.goto("/")
        assert page.evaluate("1") == 1
        assert (
            page.locator("body").evaluate("body => getComputedStyle(body).backgroundColor")
            == "rgb(20, 25, 26)"
        )


def test_the_first_tab_leads_past_the_frame(logged_in) -> None:
    page: Page = logged_in()
    page.goto("/staff/quarantine/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="К содержанию")
    expect(skip).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_only_the_paper_is_printed(logged_in) -> None:
    scene = Scene()
    page: Page = logged_in()
    page.goto(f"/staff/documents/{scene.known.fn}/3/")
    page.emulate_media(media="print")
    expect(page.get_by_role("article", name="Кассовый чек")).to_be_visible()
    for hidden in (
        page.get_by_role("banner"),
        page.locator(".tabs"),
        page.locator(".crumbs"),
        page.locator("#tree"),
    ):
        expect(hidden).to_be_hidden()
