"""Registers: connecting one until its report turns the page green, a table of 300, the list, the card, every page."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import re

import pytest
from openpyxl import Workbook
from playwright.sync_api import Page, expect

import factories
from backoffice.conftest import project
from backoffice.journal import SHOP_INN, Register
from browser.test_accessibility import looked_at, walk, watch
from browser.test_customer_flows import PASSWORD, joined, logged_in_as
from cabinets import Cabinets, acts, offer_ensure
from chekhov import clock
from chekhov.kkt.batch_table import COLUMNS
from chekhov.kkt.models import Group, Kkt
from chekhov.kkt.services import kkt_connect
from chekhov.kkt.services.batches import batches_step
from chekhov.orgs.models import Organisation
from chekhov.values import Inn, KktSerial, RegistrationNumber

DAY = dt.date(2026, 11, 16)
SERIAL = "00106900000001"


@pytest.fixture(autouse=True)
def _ready(settings, transactional_db: None) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    offer_ensure()


@pytest.fixture
def world() -> Cabinets:
    return joined()


@pytest.fixture
def shop(world: Cabinets) -> Organisation:
    """The company with a contract; it is the one that emulated registers print."""
    found = Organisation.objects.filter(account=world.account).exclude(pk=world.organisation.pk).get()
    Organisation.objects.filter(pk=found.pk).update(inn=SHOP_INN, kpp="770801001")
    found.refresh_from_db()
    return found


@pytest.fixture
def page(open_browser, world: Cabinets) -> Page:
    return logged_in_as(open_browser, world.owner)


def connected(world: Cabinets, shop: Organisation, name: str, rnm: str, **fields) -> Kkt:
    return kkt_connect(
        actor=acts(world.owner),
        organisation=shop,
        name=name,
        rnm=rnm,
        kind="registration",
        now=clock.now(),
        **fields,
    )


def foreign_register(sequence: int) -> Register:
    """A register of another company."""
    made, inn = Register(sequence), factories.inn_make(777_100 + sequence)
    made.rnm = str(RegistrationNumber.compose(sequence, Inn(inn), KktSerial(made.serial)))
    made.registration = dataclasses.replace(made.registration, rnm=made.rnm, user_inn=str(inn))
    return made


def test_connecting_until_the_report_turns_the_page_green(page: Page, shop: Organisation) -> None:
    complaints: list[str] = []
    watch(page, complaints)
    register = Register(1)
    page.get_by_role("banner").get_by_role("link", name="Добавить кассу").click()
    page.get_by_label("Внутреннее название ККТ").fill("Касса у входа")
    page.get_by_role("link", name="Выберите организацию").click()
    page.get_by_role("dialog").get_by_role("link", name=shop.name, exact=True).click()
    page.wait_for_url(re.compile(r"organisation="))
    expect(page.get_by_label("Внутреннее название ККТ")).to_have_value("Касса у входа")
    number = page.get_by_label("РНМ", exact=True)
    number.fill(f"РНМ {register.rnm}")
    page.get_by_label("Заводской номер кассы").fill("123")
    page.get_by_role("button", name="Подключить").click()
    expect(page.get_by_text("РНМ не подходит к заводскому номеру")).to_be_visible()
    page.get_by_label("Заводской номер кассы").fill(register.serial)
    number.fill("")
    number.press_sequentially(register.rnm)
    expect(number).to_have_value(re.compile(r"^\d{4} \d{4} \d{4} \d{4}$"))
    page.get_by_role("button", name="Подключить").click()

    page.wait_for_url("**/connect/")
    expect(page.get_by_role("heading", name="Ожидается отчет о регистрации")).to_be_visible()
    page.get_by_role("button", name="Скопировать всё").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert f"РНМ: {register.rnm}" in copied
    assert "Порт: 7777" in copied
    page.get_by_label("Модель кассы").select_option(index=3)
    expect(page.get_by_role("link", name="Скачать инструкцию")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Скачать инструкцию").click()
    assert download.value.path().read_bytes().startswith(b"%PDF")
    assert looked_at(page) == []

    page.evaluate("window.loadedOnce = true")
    register.register(DAY)
    project()
    expect(page.get_by_role("heading", name="ККТ зарегистрирована")).to_be_visible()
    assert page.evaluate("window.loadedOnce") is True, "the page was not loaded anew"
    expect(page.get_by_role("link", name="Проверить получение отчета еще раз")).to_have_count(0)
    assert looked_at(page) == []
    page.get_by_role("link", name="Открыть карточку кассы").click()
    expect(page.get_by_role("heading", name="Сведения о фискальном накопителе")).to_be_visible()
    page.goto("/cabinet/management/")
    expect(page.get_by_role("region", name="Мои кассы")).to_contain_text("1 касса")
    expect(page.get_by_role("row").filter(has_text="Касса у входа")).to_contain_text("ККТ зарегистрирована")
    assert complaints == []


def test_the_report_of_another_company_is_told(page: Page, world: Cabinets, shop: Organisation) -> None:
    register = foreign_register(3)
    kkt = connected(world, shop, "Касса с опечаткой", register.rnm)
    page.goto(f"/cabinet/kkt/{kkt.pk}/connect/")
    register.register(DAY)
    project()
    expect(page.get_by_role("heading", name="Отчет другой организации")).to_be_visible()
    expect(page.get_by_text("Сверьте РНМ с карточкой ККТ")).to_be_visible()
    assert register.registration.user_inn not in page.content()
    assert looked_at(page) == []
    page.goto("/cabinet/management/")
    page.get_by_role("link", name=re.compile("Отчет другой организации")).click()
    expect(page.get_by_role("dialog")).to_contain_text("С этим РНМ пришёл отчет")


def test_a_mistyped_number_is_put_right_where_the_report_is_awaited(
    page: Page, world: Cabinets, shop: Organisation
) -> None:
    register = Register(7)
    kkt = connected(world, shop, "Касса с опечаткой", f"{int(register.rnm) + 1:016}")
    page.goto(f"/cabinet/kkt/{kkt.pk}/connect/")
    page.get_by_role("link", name="Исправить РНМ").click()
    window = page.get_by_role("dialog")
    expect(window.get_by_label("РНМ", exact=True)).to_have_value(kkt.rnm or "")
    assert looked_at(page) == []
    window.get_by_label("РНМ", exact=True).fill(register.rnm)
    window.get_by_label("Заводской номер кассы").fill(register.serial)
    window.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_text("РНМ сохранён")).to_be_visible()
    register.register(DAY)
    project()
    expect(page.get_by_role("heading", name="ККТ зарегистрирована")).to_be_visible()
    expect(page.get_by_role("link", name="Исправить РНМ")).to_have_count(0)


def table_of(shop: Organisation, taken: str, foreign: str) -> tuple[bytes, int]:
    """Three hundred rows, seven of them wrong in seven ways; how many are right."""
    numbers = [
        str(RegistrationNumber.compose(number, Inn(shop.inn), KktSerial(SERIAL)))
        for number in range(1000, 1293)
    ]
    rows: list[tuple[object, ...]] = [
        (rnm, f"Павильон {place}", "", "", str(1 + place % 2)) for place, rnm in enumerate(numbers)
    ]
    rows += [
        ("", "Без номера", "", "", "1"),
        ("12345", "Короткий номер", "", "", "1"),
        (numbers[0], "Повторный номер", "", "", "1"),
        (taken, "Уже есть", "", "", "1"),
        (foreign, "У других", "", "", "1"),
        (1.234567890123456e15, "Испорченный номер", "", "", "1"),
        (str(RegistrationNumber.compose(5000, Inn(shop.inn), KktSerial(SERIAL))), "Опечатка", "77", "", "1"),
    ]
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(COLUMNS)
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    assert len(rows) == 300
    return out.getvalue(), len(numbers)


def test_a_table_of_300_with_seven_kinds_of_error(page: Page, world: Cabinets, shop: Organisation) -> None:
    taken = connected(world, shop, "Давняя касса", Register(1).rnm)
    foreign = factories.kkt_make(organisation=world.other_organisation)
    content, right = table_of(shop, str(taken.rnm), str(foreign.rnm))
    page.goto(f"/cabinet/kkt/add/batch/?organisation={shop.pk}")
    drop_file(page, content, "кассы.xlsx")
    expect(page.get_by_text("Выбран файл: кассы.xlsx")).to_be_visible()
    page.get_by_role("button", name="Подключить").click()
    page.wait_for_url("**/batches/*/")
    address = page.url
    expect(page.get_by_text(f"будет добавлено: {right} касс")).to_be_visible()
    page.get_by_role("link", name="Показать только строки с ошибками").click()
    for name, told in (
        ("Без номера", "Укажите РНМ"),
        ("Короткий номер", "16 цифр"),
        ("Повторный номер", "РНМ повторяется"),
        ("Уже есть", "уже подключена"),
        ("У других", "в другом личном кабинете"),
        ("Испорченный номер", "испорчен табличной программой"),
        ("Опечатка", "не подходит к заводскому номеру"),
    ):
        expect(page.get_by_role("row").filter(has_text=name).get_by_text(told)).to_be_visible()
    assert looked_at(page) == []
    page.get_by_role("link", name="Показать все строки").click()
    page.get_by_role("button", name="Применить").click()
    expect(page.get_by_role("progressbar", name="Подключаем кассы")).to_be_visible()
    assert looked_at(page) == []
    page.goto("/cabinet/kkt/add/batch/")
    page.get_by_role("link", name="кассы.xlsx").click()
    assert page.url == address, "it is found again at the same address"
    while batches_step(clock.now()):
        pass
    expect(page.get_by_text(f"Подключено: {right} касс")).to_be_visible()
    assert Kkt.objects.filter(organisation=shop).count() == right + 1
    assert looked_at(page) == []
    page.get_by_role("link", name="Перейти в «Управление»").click()
    expect(page.get_by_role("region", name="Мои кассы")).to_contain_text(f"{right + 1} кассы")


def drop_file(page: Page, content: bytes, name: str) -> None:
    """Drop a file where «Перетащите сюда файлы для загрузки» says."""
    transfer = page.evaluate_handle(
        """([bytes, name]) => {
            const made = new DataTransfer();
            made.items.add(new File([new Uint8Array(bytes)], name));
            return made;
        }""",
        [list(content), name],
    )
    area = page.locator("[data-drop]")
    for kind in ("dragenter", "dragover", "drop"):
        area.dispatch_event(kind, {"dataTransfer": transfer})


def test_the_list_and_the_card(page: Page, world: Cabinets, shop: Organisation) -> None:
    register = Register(1)
    kkt = connected(world, shop, "Касса у входа", register.rnm)
    connected(world, shop, "Касса в зале", Register(2).rnm)
    Group.objects.create(account=world.account, name="Пермский край")
    Kkt.objects.filter(pk=kkt.pk).update(model="АТОЛ 91Ф")
    page.goto("/cabinet/management/")
    page.get_by_text("Фильтры").click()
    page.get_by_role("search").get_by_label("Модель").select_option(label="АТОЛ 91Ф")
    page.get_by_role("button", name="Показать", exact=True).click()
    expect(page.get_by_role("row").filter(has_text="Касса в зале")).to_have_count(0)
    page.get_by_role("link", name="Сбросить").click()
    page.get_by_label("Поиск касс").fill("входа")
    page.get_by_role("button", name="Поиск").click()
    expect(page.get_by_role("row").filter(has_text="Касса в зале")).to_have_count(0)
    page.get_by_role("checkbox", name="Выбрать: Касса у входа").check()
    page.get_by_role("button", name="Присвоить группу").click()
    window = page.get_by_role("dialog")
    window.get_by_label("Группа").select_option(label="Пермский край")
    window.get_by_role("button", name="Присвоить группу").click()
    expect(page.get_by_text("группа «Пермский край»")).to_be_visible()
    expect(page.get_by_label("Поиск касс")).to_have_value("входа")
    page.get_by_role("checkbox", name="Выбрать: Касса у входа").check()
    page.get_by_role("button", name="Активировать тариф").click()
    expect(window).to_contain_text("Доступно для активации ККТ: 0")
    assert looked_at(page) == []
    window.get_by_role("link", name="Закрыть", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Выгрузить", exact=True).click()
    assert register.rnm in download.value.path().read_text("utf-8-sig")
    page.get_by_role("link", name=re.compile("Ожидается отчет о регистрации")).click()
    expect(window).to_contain_text("Введите в кассу параметры")
    window.get_by_role("link", name="Параметры и инструкция").click()
    page.wait_for_url("**/connect/")

    page.goto(f"/cabinet/kkt/{kkt.pk}/")
    page.get_by_role("link", name="Переименовать кассу").click()
    page.get_by_label("Название кассы").fill("Касса у выхода")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_role("heading", name="Касса у выхода", level=1)).to_be_visible()
    page.get_by_role("link", name="Прекращение обслуживания").click()
    expect(window.get_by_role("button", name="Подтвердить")).to_be_disabled()
    window.get_by_label("Бумажное заявление").check()
    with page.expect_download() as paper:
        window.get_by_role("button", name="Скачать заявление").click()
    assert paper.value.path().read_bytes().startswith(b"%PDF")
    page.reload()
    expect(page.get_by_text("Ожидается оригинал заявления")).to_be_visible()
    assert looked_at(page) == []


def test_without_script(open_browser, world: Cabinets, shop: Organisation) -> None:
    page = open_browser(script=False, width=390).new_page()
    page.goto("/login/")
    page.get_by_label("Электронная почта").fill(world.owner.email)
    page.get_by_label("Пароль").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Войти").click()
    page.goto("/cabinet/kkt/add/")
    page.get_by_role("link", name="Выберите организацию").click()
    page.get_by_role("link", name=shop.name, exact=True).click()
    register = Register(1)
    page.get_by_label("РНМ", exact=True).fill(register.rnm)
    page.get_by_role("button", name="Подключить").click()
    expect(page.get_by_role("heading", name="Ожидается отчет о регистрации")).to_be_visible()
    page.get_by_label("Модель кассы").select_option(index=1)
    page.get_by_role("button", name="Показать").click()
    expect(page.get_by_role("link", name="Скачать инструкцию")).to_be_visible()
    register.register(DAY)
    project()
    page.get_by_role("link", name="Проверить получение отчета еще раз").click()
    expect(page.get_by_role("heading", name="ККТ зарегистрирована")).to_be_visible()
    page.goto("/cabinet/management/")
    page.get_by_role("checkbox", name=re.compile("^Выбрать")).check()
    page.get_by_role("button", name="Активировать тариф").click()
    expect(page.get_by_text("Выбрано: 1 касса")).to_be_visible()


def test_a_restricted_employee_sees_his_group_only(open_browser, world: Cabinets, shop: Organisation) -> None:
    north = Group.objects.create(account=world.account, name="Север")
    register = Register(1)
    his = connected(world, shop, "Касса на севере", register.rnm, group_id=north.pk)
    other = connected(world, shop, "Касса на юге", Register(2).rnm)
    place = world.clerk_of_no_group.memberships.get()
    place.group_accesses.create(group_id=north.pk)
    world.clerk_of_no_group.set_password(PASSWORD)
    world.clerk_of_no_group.save()
    page = logged_in_as(open_browser, world.clerk_of_no_group)
    page.goto("/cabinet/kkt/")
    expect(page.get_by_role("link", name="Касса на севере", exact=True)).to_be_visible()
    expect(page.get_by_text("Касса на юге")).to_have_count(0)
    page.goto(f"/cabinet/kkt/{his.pk}/")
    expect(page.get_by_role("heading", name="Касса на севере")).to_be_visible()
    page.goto(f"/cabinet/kkt/{other.pk}/")
    expect(page.get_by_role("heading", name="Страница не найдена")).to_be_visible()


def test_every_page(page: Page, world: Cabinets, shop: Organisation) -> None:
    assert (
        walk(page, ["/cabinet/management/", "/cabinet/kkt/", "/cabinet/kkt/add/", "/cabinet/kkt/add/batch/"])
        == []
    )
    register = Register(1)
    at_work = connected(world, shop, "Касса у входа", register.rnm, tariff_next="standard", renewal=True)
    register.register(DAY)
    register.day(DAY, 3)
    register.day(DAY + dt.timedelta(days=1), 2, close=False)
    project()
    fresh = connected(world, shop, "Касса с очень длинным названием " + "в павильоне " * 7, Register(2).rnm)
    addresses = [
        "/cabinet/management/",
        "/cabinet/management/?q=нет-такой",
        "/cabinet/management/?columns=group&columns=model&columns=serial&columns=drive&columns=heard",
        "/cabinet/kkt/",
        f"/cabinet/management/group/?kkt={fresh.pk}",
        f"/cabinet/management/tariff/?kkt={fresh.pk}",
        f"/cabinet/kkt/add/?organisation={shop.pk}",
        "/cabinet/kkt/add/companies/",
        f"/cabinet/kkt/add/batch/?organisation={shop.pk}",
        "/cabinet/kkt/add/batch/help/",
        *(f"/cabinet/kkt/{kkt.pk}/{tail}" for kkt in (at_work, fresh) for tail in ("", "connect/", "state/")),
        *(f"/cabinet/kkt/{kkt.pk}/number/" for kkt in (at_work, fresh)),
        f"/cabinet/kkt/{at_work.pk}/rename/",
        f"/cabinet/kkt/{at_work.pk}/stop/",
        f"/cabinet/kkt/{at_work.pk}/stop/?method=paper",
        "/help/",
    ]
    assert walk(page, addresses) == []
