"""«Группы» in a real browser: moving by mouse, keyboard and touch, without script, by two people, without a net."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, BrowserContext, FloatRect, Locator, Page, expect

from browser.conftest import WAIT_MS
from browser.test_accessibility import axe_findings, looked_at, walk, watch
from cabinet.groups.shop import Shop, shop_make
from cabinet.papers_world import browser_of
from cabinets import offer_ensure
from chekhov.accounts.models import User
from chekhov.kkt.models import Group, Kkt

BOARD = "/cabinet/groups/"


@pytest.fixture
def shop(transactional_db: None) -> Shop:
    offer_ensure()
    return shop_make()


@pytest.fixture
def opened(open_browser: Callable[..., BrowserContext], live_server) -> Callable[..., Page]:
    """A page of a person who has logged in: `opened(user, address, script=False)`."""

    def make(user: User, address: str = BOARD, **options) -> Page:
        context = open_browser(**options)
        session_into(context, user, live_server.url)
        page: Page = context.new_page()
        page.goto(address)
        return page

    return make


def session_into(context: BrowserContext, user: User, url: str) -> None:
    """Log the person in without the form."""
    context.add_cookies(
        [{"name": "sessionid", "value": browser_of(user).cookies["sessionid"].value, "url": url}]
    )


def open_address(shop: Shop, *groups: Group) -> str:
    return f"{BOARD}?open=" + ",".join(str(group.pk) for group in groups or (shop.region, shop.district))


def register(page: Page, name: str) -> Locator:
    return page.locator(f'[data-drag="kkt"][data-name="{name}"]')


def group(page: Page, name: str) -> Locator:
    return page.locator(f'li.group[data-name="{name}"]')


def row(page: Page, name: str) -> Locator:
    return group(page, name).locator("> .group-row")


def group_of(shop: Shop, name: str) -> Group | None:
    return Kkt.objects.select_related("group").get(pk=shop.kkts[name].pk).group


def told(page: Page, text: str) -> None:
    expect(page.locator(".notice").filter(has_text=text)).to_be_visible()


def box(locator: Locator) -> FloatRect:
    found = locator.bounding_box()
    assert found
    return found


def frames(page: Page) -> None:
    """What is carried looks once a frame where it is."""
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def carry(page: Page, target: Locator, move: Callable[[float, float], None]) -> None:
    """Go to the target until its place is marked: near an edge of the window the page scrolls away under the hand."""
    place = target.locator("xpath=ancestor-or-self::*[@data-into][1]")
    for _ in range(20):
        end = box(target)
        move(end["x"] + 60, end["y"] + min(end["height"] / 2, 24))
        frames(page)
        if "drop-here" in (place.get_attribute("class") or ""):
            return
    pytest.fail("the place never took what was carried")


def take(page: Page, source: Locator) -> None:
    begin = box(source)
    page.mouse.move(begin["x"] + begin["width"] / 2, begin["y"] + begin["height"] - 6)
    page.mouse.down()
    page.mouse.move(begin["x"] + begin["width"] / 2 + 20, begin["y"] + begin["height"] - 14, steps=4)
    expect(page.locator(".ghost")).to_be_visible()


def drag(page: Page, source: Locator, target: Locator) -> None:
    """By mouse, as a hand does it: press, move in steps, let go."""
    take(page, source)
    carry(page, target, lambda x, y: page.mouse.move(x, y, steps=12))
    page.mouse.up()


def test_a_register_is_dragged_between_groups_by_mouse(opened, shop: Shop) -> None:
    complaints: list[str] = []
    page = opened(shop.owner, open_address(shop))
    watch(page, complaints)
    drag(page, register(page, "Сказка"), row(page, "Александровский район"))
    told(page, "Касса «Сказка» теперь в группе")
    expect(row(page, "Александровский район")).to_contain_text("2 ККТ")
    expect(row(page, "Кунгурский район")).to_contain_text("1 ККТ")
    assert group_of(shop, "Сказка") == shop.other_district
    drag(page, register(page, "Ничья"), row(page, "Кунгурский район"))
    expect(row(page, "Кунгурский район")).to_contain_text("2 ККТ")
    expect(group(page, "Кунгурский район").get_by_role("link", name="Ничья")).to_be_visible()
    drag(page, register(page, "Ничья"), page.get_by_role("heading", name="Нераспределенные ККТ"))
    told(page, "Касса «Ничья» теперь без группы")
    assert group_of(shop, "Ничья") is None
    assert complaints == []


def test_ticked_registers_go_together(opened, shop: Shop) -> None:
    page = opened(shop.owner, open_address(shop))
    for name in ("Ничья", "Касса у входа"):
        page.get_by_label(f"Выбрать: {name}").check()
    drag(page, register(page, "Ничья"), row(page, "Кунгурский район"))
    told(page, "2 кассы теперь в группе")
    expect(page.get_by_text("Все Ваши кассы распределены по группам")).to_be_visible()
    assert Kkt.objects.filter(group=shop.district).count() == 4


def test_a_group_is_dragged_and_opens_under_the_hand(opened, shop: Shop) -> None:
    page = opened(shop.owner, open_address(shop))
    drag(page, row(page, "Кунгурский район"), row(page, "Александровский район"))
    told(page, "Группа «Кунгурский район» перенесена в группу «Александровский район».")
    shop.district.refresh_from_db()
    assert shop.district.parent == shop.other_district
    page.goto(BOARD)
    take(page, register(page, "Ничья"))
    carry(page, row(page, "Пермский край"), lambda x, y: page.mouse.move(x, y, steps=10))
    expect(row(page, "Александровский район")).to_be_visible()
    carry(page, row(page, "Александровский район"), lambda x, y: page.mouse.move(x, y, steps=10))
    page.mouse.up()
    told(page, "Касса «Ничья» теперь в группе")
    assert group_of(shop, "Ничья") == shop.other_district


def test_a_register_is_moved_by_keyboard(opened, shop: Shop) -> None:
    page = opened(shop.owner, open_address(shop))
    said = page.locator("[data-board-says]")
    grip = page.get_by_role("button", name="Переместить кассу «Сказка»")
    grip.focus()
    page.keyboard.press("Space")
    expect(said).to_contain_text("Взято: Сказка")
    expect(said).to_contain_text("Пермский край, 1 из 3")
    page.keyboard.press("ArrowDown")
    expect(said).to_contain_text("Пермский край → Александровский район, 2 из 3")
    page.keyboard.press("Escape")
    expect(said).to_contain_text("Перенос отменён")
    assert group_of(shop, "Сказка") == shop.district
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(said).to_contain_text("Касса «Сказка» теперь в группе «Пермский край → Александровский район»")
    assert group_of(shop, "Сказка") == shop.other_district
    assert page.evaluate("document.activeElement !== document.body"), "the focus is not lost"


def test_a_group_is_moved_by_keyboard_to_the_root_and_never_into_itself(opened, shop: Shop) -> None:
    page = opened(shop.owner, open_address(shop))
    page.get_by_role("button", name="Переместить группу «Пермский край»").focus()
    page.keyboard.press("Space")
    said = page.locator("[data-board-says]")
    expect(said).to_contain_text("Переносить некуда")
    page.get_by_role("button", name="Переместить группу «Кунгурский район»").focus()
    page.keyboard.press("Space")
    expect(said).to_contain_text("Корневая, 1 из 2")
    page.keyboard.press("Space")
    expect(said).to_contain_text("Группа «Кунгурский район» перенесена в корень")
    shop.district.refresh_from_db()
    assert shop.district.parent is None


def test_a_finger_holds_and_drags(browser: Browser, live_server, shop: Shop) -> None:
    context = browser.new_context(
        base_url=live_server.url,
        viewport={"width": 390, "height": 900},
        has_touch=True,
        is_mobile=True,
        locale="ru-RU",
    )
    context.set_default_timeout(WAIT_MS)
    session_into(context, shop.owner, live_server.url)
    page = context.new_page()
    page.goto(open_address(shop))
    touch = context.new_cdp_session(page)

    def finger(kind: str, x: float = 0, y: float = 0) -> None:
        points = [] if kind == "touchEnd" else [{"x": x, "y": y}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    at = (0.0, 0.0)

    def put(source: Locator) -> None:
        nonlocal at
        source.scroll_into_view_if_needed()
        begin = box(source)
        at = begin["x"] + begin["width"] / 2, begin["y"] + begin["height"] / 2
        finger("touchStart", *at)

    def move(x: float, y: float) -> None:
        nonlocal at
        for step in range(1, 11):
            finger("touchMove", at[0] + (x - at[0]) * step / 10, at[1] + (y - at[1]) * step / 10)
            frames(page)
        at = x, y

    numbers = register(page, "Сказка").locator(".register-numbers")
    place = row(page, "Александровский район")
    put(numbers)
    end = box(place)
    move(end["x"] + 80, end["y"] + 24)
    expect(page.locator(".ghost")).to_have_count(0)
    finger("touchEnd")
    page.wait_for_timeout(300)
    assert group_of(shop, "Сказка") == shop.district, "a finger that does not hold scrolls the page"
    page.evaluate("scrollTo(0, 0)")
    put(numbers)
    expect(page.locator(".ghost")).to_be_visible()
    carry(page, place, move)
    finger("touchEnd")
    told(page, "Касса «Сказка» теперь в группе")
    assert group_of(shop, "Сказка") == shop.other_district
    page.evaluate("scrollTo(0, 0)")
    put(page.get_by_role("button", name="Переместить кассу «Ромашка»"))
    carry(page, place, move)
    finger("touchEnd")
    expect(row(page, "Александровский район")).to_contain_text("3 ККТ")
    assert group_of(shop, "Ромашка") == shop.other_district
    context.close()


def test_without_a_net_all_is_put_back(opened, shop: Shop) -> None:
    page = opened(shop.owner, open_address(shop))
    page.context.set_offline(True)
    drag(page, register(page, "Сказка"), row(page, "Александровский район"))
    expect(page.get_by_role("alert").get_by_text("Нет связи с сервером")).to_be_visible()
    expect(group(page, "Кунгурский район").get_by_role("link", name="Сказка")).to_be_visible()
    expect(page.locator(".ghost, .carried, .moving")).to_have_count(0)
    page.context.set_offline(False)
    drag(page, register(page, "Сказка"), row(page, "Александровский район"))
    told(page, "Касса «Сказка» теперь в группе")
    expect(page.get_by_role("alert")).to_have_count(0)


def test_two_people_move_one_register(opened, shop: Shop) -> None:
    page = opened(shop.owner, open_address(shop))
    Kkt.objects.filter(pk=shop.kkts["Сказка"].pk).update(group=shop.region)
    drag(page, register(page, "Сказка"), row(page, "Александровский район"))
    told(page, "Кто-то другой только что перенёс эту кассу")
    assert group_of(shop, "Сказка") == shop.region
    expect(row(page, "Кунгурский район")).to_contain_text("1 ККТ")


def test_a_group_that_went_meanwhile_is_told(opened, shop: Shop) -> None:
    page = opened(shop.owner, open_address(shop))
    Kkt.objects.filter(group=shop.other_district).update(group=None)
    shop.other_district.delete()
    drag(page, row(page, "Александровский район"), row(page, "Кунгурский район"))
    told(page, "Такой группы или кассы уже нет")
    expect(group(page, "Александровский район")).to_have_count(0)


def test_a_group_is_added_and_chosen_without_dragging(opened, shop: Shop) -> None:
    page = opened(shop.owner)
    page.get_by_role("link", name="Добавить группу").click()
    window = page.get_by_role("dialog")
    mark = window.locator(".field-mark")
    expect(mark).not_to_be_visible()
    window.get_by_label("Название группы").press_sequentially("Вокзалы")
    window.get_by_label("Код").fill("ВК")
    expect(mark).to_be_visible()
    window.get_by_label("Вокзал", exact=True).check()
    expect(window.get_by_label("Родительская группа")).to_have_value("")
    window.get_by_text("Добавить", exact=True).first.click()
    window.get_by_label("Пермский край → Кунгурский район").check()
    assert axe_findings(page) == []
    window.get_by_role("button", name="Добавить").click()
    told(page, "Группа «Вокзалы» добавлена")
    expect(row(page, "Вокзалы")).to_contain_text("1 группа 2 ККТ")
    choose = page.get_by_role("button", name="Присвоить группу")
    expect(choose).to_be_disabled()
    page.get_by_label("Выбрать: Ничья").check()
    choose.click()
    window.get_by_label("Группа").select_option(label="Вокзалы")
    window.get_by_role("button", name="Присвоить группу").click()
    told(page, "Касса «Ничья» теперь в группе «Вокзалы».")


def test_folding_stays_in_place_and_in_the_address(opened, shop: Shop) -> None:
    page = opened(shop.owner)
    page.get_by_role("link", name="Пермский край", exact=True).click()
    page.get_by_role("link", name="Кунгурский район", exact=True).click()
    expect(page.get_by_role("link", name="Сказка")).to_be_visible()
    expect(page.get_by_role("link", name="Кунгурский район", exact=True)).to_be_focused()
    assert page.url.endswith(f"?open={shop.region.pk}%2C{shop.district.pk}")
    page.reload()
    expect(page.get_by_role("link", name="Сказка")).to_be_visible()
    page.get_by_role("link", name="Пермский край", exact=True).click()
    expect(page.get_by_role("link", name="Сказка")).to_have_count(0)
    page.get_by_label("Название, адрес, РНМ").fill("Рябинка")
    page.get_by_label("Название, адрес, РНМ").press("Enter")
    expect(group(page, "Александровский район").get_by_role("link", name="Рябинка")).to_be_visible()
    page.get_by_role("link", name="Очистить поиск в группах").click()
    expect(page.get_by_role("link", name="Рябинка")).to_have_count(0)


def test_all_of_it_without_script(opened, shop: Shop) -> None:
    page = opened(shop.owner, script=False)
    page.get_by_role("link", name="Пермский край", exact=True).click()
    page.get_by_role("link", name="Кунгурский район", exact=True).click()
    expect(page.get_by_role("link", name="Сказка")).to_be_visible()
    page.get_by_label("Выбрать: Ничья").check()
    page.get_by_role("button", name="Присвоить группу").click()
    page.get_by_label("Группа").select_option(label="Пермский край → Кунгурский район")
    page.get_by_role("button", name="Присвоить группу").click()
    told(page, "Касса «Ничья» теперь в группе")
    expect(group(page, "Кунгурский район").get_by_role("link", name="Ничья")).to_be_visible()
    page.get_by_label("Выбрать: Сказка").check()
    page.get_by_role("button", name="Перенести").click()
    page.get_by_label("Группа").select_option(label="Без группы")
    page.get_by_role("button", name="Присвоить группу").click()
    told(page, "Касса «Сказка» теперь без группы.")
    page.get_by_role("link", name="Изменить группу «Кунгурский район»").click()
    page.get_by_role("link", name="Удалить группу").click()
    expect(page.get_by_text("перейдут в группу «Пермский край»")).to_be_visible()
    page.get_by_role("button", name="Удалить группу").click()
    told(page, "Группа «Кунгурский район» удалена.")


def test_rules_are_made_looked_at_and_applied(opened, shop: Shop) -> None:
    page = opened(shop.owner)
    page.get_by_role("link", name="Распределить ККТ автоматически").click()
    page.get_by_role("link", name="Добавить правило").click()
    window = page.get_by_role("dialog")
    expect(window.get_by_label("Образец")).not_to_be_visible()
    window.get_by_label("Название", exact=True).check()
    expect(window.get_by_label("Регион", exact=True).nth(1)).not_to_be_visible()
    window.get_by_label("Образец").fill("касса * вход?")
    window.get_by_label("В группу").select_option(label="Пермский край")
    window.get_by_role("button", name="Добавить").click()
    moves = page.get_by_role("table", name="Перемещения")
    expect(moves.get_by_role("row")).to_have_count(2)
    expect(moves).to_contain_text("1. Название: касса * вход?")
    page.get_by_role("button", name="Применить").click()
    expect(page.get_by_text("1 касса отнесена к группам")).to_be_visible()
    expect(page.get_by_text("Перемещать нечего")).to_be_visible()
    assert looked_at(page) == []


def test_an_employee_of_one_group_has_no_more_than_it(opened, shop: Shop) -> None:
    page = opened(shop.clerk, open_address(shop))
    expect(page.get_by_role("link", name="Сказка")).to_be_visible()
    expect(page.get_by_role("link", name="Рябинка")).to_have_count(0)
    expect(page.get_by_role("heading", name="Нераспределенные ККТ")).to_have_count(0)
    expect(page.get_by_role("button", name="Переместить группу «Кунгурский район»")).to_have_count(0)
    page.get_by_role("link", name="Добавить группу").click()
    parent = page.get_by_role("dialog").get_by_label("Родительская группа")
    expect(parent.get_by_role("option")).to_have_text(["Кунгурский район"])
    page.get_by_role("dialog").get_by_label("Название группы").fill("Центр")
    page.get_by_role("dialog").get_by_role("button", name="Добавить").click()
    expect(row(page, "Центр")).to_be_visible()
    drag(page, register(page, "Сказка"), row(page, "Центр"))
    expect(row(page, "Центр")).to_contain_text("1 ККТ")
    assert looked_at(page) == []


def test_access_of_an_employee_is_changed(opened, shop: Shop) -> None:
    page = opened(shop.owner, "/cabinet/employees/")
    page.get_by_role("link", name=f"Изменить: {shop.clerk.full_name}").click()
    page.get_by_role("link", name="Изменить доступ к группам").click()
    window = page.get_by_role("dialog")
    expect(window.get_by_label("Кунгурский район")).to_be_checked()
    window.get_by_label("Все группы ККТ").check()
    expect(window.get_by_label("Кунгурский район")).not_to_be_visible()
    window.get_by_label("Все группы ККТ").uncheck()
    window.get_by_label("Александровский район").check()
    assert axe_findings(page) == []
    window.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_text("открыто 2 группы ККТ").first).to_be_visible()


def test_pages_of_groups(opened, shop: Shop) -> None:
    page = opened(shop.owner)
    addresses = [
        BOARD,
        open_address(shop),
        f"{BOARD}?q=Сказка&free=нет",
        f"{BOARD}add/",
        f"{BOARD}{shop.region.pk}/",
        f"{BOARD}{shop.region.pk}/remove/",
        f"{BOARD}assign/",
        f"{BOARD}assign/?kkt={shop.kkts['Ничья'].pk}",
        f"{BOARD}rules/",
        f"{BOARD}rules/add/",
    ]
    assert walk(page, addresses) == []


def test_pages_of_groups_with_nothing(opened, shop: Shop) -> None:
    Kkt.objects.filter(organisation=shop.papers.organisation).delete()
    for one in (shop.district, shop.other_district, shop.region):
        one.delete()
    page = opened(shop.owner)
    assert walk(page, [BOARD, f"{BOARD}rules/", f"{BOARD}rules/add/", f"{BOARD}assign/"]) == []


def test_a_group_is_changed_and_removed_in_windows(opened, shop: Shop) -> None:
    complaints: list[str] = []
    page = opened(shop.owner, open_address(shop))
    watch(page, complaints)
    page.get_by_role("link", name="Изменить группу «Кунгурский район»").click()
    window = page.get_by_role("dialog")
    expect(window.get_by_label("Родительская группа").locator("option:checked")).to_have_text("Пермский край")
    window.get_by_label("Название группы").fill("Кунгур")
    window.get_by_role("button", name="Сохранить").click()
    told(page, "Группа «Кунгур» сохранена.")
    page.get_by_role("link", name="Изменить группу «Кунгур»").click()
    window.get_by_role("link", name="Удалить группу").click()
    expect(window.get_by_text("перейдут в группу «Пермский край»")).to_be_visible()
    window.get_by_role("button", name="Удалить группу").click()
    told(page, "Группа «Кунгур» удалена. 2 ККТ теперь в группе «Пермский край».")
    expect(group(page, "Пермский край").get_by_role("link", name="Сказка")).to_be_visible()
    assert complaints == []
