"""A customer's way: registration, letter, log-in, password, contract, «Управление», employees; then every page."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from accounts.post import letters, secrets_of
from browser.test_accessibility import looked_at, walk, watch
from cabinets import NOW, acts, cabinets_make, offer_ensure, requisites_make
from chekhov.contracts.services import JoiningForm, contract_join

PASSWORD = "чайка-и-дядя-Ваня"
OWNER = "ranevskaya@example.test"
EMPLOYEE = "gaev@example.test"


@pytest.fixture(autouse=True)
def _ready(settings, transactional_db: None) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    offer_ensure()


def link_of(template: str, email: str) -> str:
    """The path of the link in the newest letter."""
    url = str(secrets_of(letters(template, to=email)[-1])["link"])
    return "/" + url.split("/", 3)[3]


def enter_first_time(page: Page) -> None:
    """From the shown credentials to a password of one's own."""
    shown = page.locator("[data-password]").inner_text()
    page.get_by_role("main").get_by_role("button", name="Войти").click()
    page.wait_for_url("**/password/")
    page.get_by_label("Текущий пароль").fill(shown)
    page.get_by_label("Новый пароль", exact=True).fill(PASSWORD)
    page.get_by_label("Новый пароль ещё раз").fill(PASSWORD)
    page.get_by_role("button", name="Сменить пароль").click()


def register(page: Page) -> None:
    """From the start page to «Присоединение к договору»."""
    page.goto("/")
    page.get_by_role("link", name="Подключиться").first.click()
    page.get_by_label("Фамилия").fill("Раневская")
    page.get_by_label("Имя").fill("Любовь")
    page.get_by_label("E-mail").fill(OWNER)
    page.get_by_label("Номер телефона").fill("8 (912) 345-67-89")
    page.get_by_label("Отправляя заявку").check()
    page.get_by_role("button", name="Далее >").click()
    expect(page.get_by_role("heading", name="Проверьте почту")).to_be_visible()
    page.goto(link_of("registration", OWNER))
    page.get_by_role("button", name="Подтвердить адрес").click()
    enter_first_time(page)
    page.wait_for_url("**/cabinet/joining/")


def test_from_registration_to_management(open_browser: Callable[..., BrowserContext]) -> None:
    complaints: list[str] = []
    page = open_browser().new_page()
    watch(page, complaints)
    register(page)
    expect(page.get_by_text("0 / 10")).to_be_visible()
    page.get_by_label("Индивидуальный предприниматель").check()
    expect(page.get_by_text("0 / 12")).to_be_visible()
    page.get_by_label("Юридическое лицо").check()
    page.get_by_label("ИНН организации").press_sequentially("9999100018")
    expect(page.get_by_text("10 / 10")).to_be_visible()
    expect(page.get_by_text("Данные загружены из реестра")).to_be_visible()
    expect(page.get_by_label("Краткое наименование")).not_to_be_visible()
    page.get_by_text("Если данные указаны неверно, измените их").click()
    page.get_by_label("Должность").fill("Управляющий")
    expect(page.get_by_label("Адрес корреспонденции", exact=True)).not_to_be_visible()
    page.get_by_label("Адрес корреспонденции совпадает с юридическим").uncheck()
    page.get_by_label("Адрес корреспонденции", exact=True).fill("614000, г. Пермь, а/я 7")
    with page.expect_download() as download:
        page.get_by_role("link", name="Договора-оферты на обработку фискальных данных").click()
    assert download.value.path().read_bytes().startswith(b"%PDF")
    page.get_by_label("Подтверждаю корректность").check()
    page.get_by_role("button", name="Присоединиться к договору").click()
    page.wait_for_url("**/cabinet/management/")
    expect(page.get_by_role("heading", name="Управление", level=1)).to_be_visible()
    expect(page.get_by_text(re.compile("Договор № 1 заключён"))).to_be_visible()
    expect(page.get_by_role("link", name="Добавить кассу").first).to_be_visible()
    expect(page.get_by_text("Любовь Р.")).to_be_visible()
    page.get_by_text("Любовь Р.").click()
    page.get_by_role("link", name="Личные данные").click()
    expect(page.get_by_text("+7 912 345-67-89")).to_be_visible()
    assert complaints == []


def test_an_employee_is_invited_and_sees_only_what_is_granted(open_browser) -> None:
    world = joined()
    page = logged_in_as(open_browser, world.owner)
    page.goto("/cabinet/employees/")
    page.get_by_role("link", name="Добавить сотрудника").click()
    page.get_by_label("ФИО").fill("Гаев Леонид Андреевич")
    page.get_by_label("E-mail").fill(EMPLOYEE)
    page.get_by_label("Роль").select_option(label="Администратор")
    expect(page.get_by_label("Баланс")).to_be_checked()
    expect(page.get_by_label("Документы")).not_to_be_checked()
    page.get_by_label("Баланс").uncheck()
    expect(page.get_by_label("Роль")).to_have_value("user")
    expect(page.get_by_text("роль стала «Пользователь»").first).to_be_visible()
    for name in ("Отчёты", "Сотрудники", "Управление"):
        page.get_by_label(name, exact=True).uncheck()
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_text("Не подтвердил почту").first).to_be_visible()

    theirs = open_browser().new_page()
    theirs.goto(link_of("employee_invitation", EMPLOYEE))
    theirs.get_by_role("button", name="Подтвердить адрес").click()
    enter_first_time(theirs)
    theirs.wait_for_url("**/cabinet/kkt/")
    bar = theirs.get_by_role("navigation", name="Разделы", exact=True)
    expect(bar.get_by_role("link", name="ККТ")).to_be_visible()
    expect(bar.get_by_role("link", name="Документы")).to_have_count(0)
    theirs.goto("/cabinet/management/")
    expect(theirs.get_by_role("heading", name="Нет доступа")).to_be_visible()

    page.get_by_role("link", name="Изменить: Гаев Леонид Андреевич").click()
    page.get_by_role("link", name="Удалить сотрудника").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Гаев Леонид Андреевич")
    dialog.get_by_role("button", name="Удалить сотрудника").click()
    expect(page.get_by_text("больше не сотрудник")).to_be_visible()
    theirs.goto("/cabinet/kkt/")
    theirs.wait_for_url("**/login/**")


def test_joining_works_without_script(open_browser) -> None:
    page = open_browser(script=False).new_page()
    register(page)
    page.get_by_label("ИНН организации").fill("9999100018")
    page.get_by_role("button", name="Найти").click()
    expect(page.get_by_text("Данные загружены из реестра")).to_be_visible()
    page.get_by_label("Подтверждаю корректность").check()
    page.get_by_role("button", name="Присоединиться к договору").click()
    page.wait_for_url("**/cabinet/management/")


def joined():
    """A cabinet with a contract."""
    world = cabinets_make()
    contract_join(
        actor=acts(world.owner),
        account_id=world.account.pk,
        form=JoiningForm(
            sole_trader=False, requisites=requisites_make(), accepted=True, offer_number=offer_ensure().number
        ),
        now=NOW,
    )
    world.owner.set_password(PASSWORD)
    world.owner.save()
    return world


def logged_in_as(open_browser, user) -> Page:
    page: Page = open_browser().new_page()
    page.goto("/login/")
    page.get_by_label("Электронная почта").fill(user.email)
    page.get_by_label("Пароль").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Войти").click()
    page.wait_for_url("**/cabinet/**")
    return page


def test_pages_of_a_customer(open_browser) -> None:
    world = joined()
    page = logged_in_as(open_browser, world.owner)
    addresses = [
        "/cabinet/management/",
        "/cabinet/kkt/",
        "/cabinet/kkt/add/",
        "/help/",
        "/cabinet/profile/",
        "/cabinet/profile/edit/",
        "/cabinet/companies/add/",
        f"/cabinet/companies/{world.organisation.pk}/",
        "/cabinet/employees/",
        "/cabinet/employees/add/",
        f"/cabinet/employees/{world.invited.pk}/",
        f"/cabinet/employees/{world.invited.pk}/remove/",
        "/cabinet/journal/",
        "/cabinet/sessions/",
        "/password/",
    ]
    assert walk(page, addresses) == []


def test_pages_of_the_way_in(open_browser) -> None:
    page = open_browser().new_page()
    addresses = ["/", "/login/", "/entry/registration/", "/entry/consent/", "/entry/recovery/"]
    addresses += ["/entry/recovery/sent/", "/entry/confirm/unknown/"]
    assert walk(page, addresses) == []
    page.goto("/entry/registration/")
    page.get_by_label("Номер телефона").fill("12")
    page.get_by_role("button", name="Далее >").click()
    expect(page.get_by_text("десять цифр после +7")).to_be_visible()
    assert looked_at(page) == []
    register(page)
    page.get_by_label("ИНН организации").fill("9999100018")
    expect(page.get_by_text("Данные загружены из реестра")).to_be_visible()
    page.get_by_text("Если данные указаны неверно, измените их").click()
    page.get_by_label("ОГРН").fill("1")
    assert looked_at(page) == []
    page.get_by_role("button", name="Присоединиться к договору").click()
    expect(page.get_by_text("Подтвердите согласие")).to_be_visible()
    expect(page.get_by_text("ОГРН: проверьте цифры")).to_be_visible()
    assert looked_at(page) == []
