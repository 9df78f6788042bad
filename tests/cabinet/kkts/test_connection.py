"""The page of the register's connection: parameters, instruction, waiting; the window of a state."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

import factories
from backoffice.conftest import project
from backoffice.journal import Register
from cabinet.papers_world import Papers, browser_of
from chekhov.kkt.catalogue import families
from chekhov.kkt.models import ApplicationKind, Kkt, Standing
from chekhov.values import Inn, KktSerial, RegistrationNumber

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 16)


@pytest.fixture
def kkt(shop: Papers, register: Register) -> Kkt:
    return factories.kkt_make(organisation=shop.organisation, name="Новая", rnm=register.rnm, serial="")


def test_parameters_can_be_copied_one_by_one_and_all(shop: Papers, kkt: Kkt, settings) -> None:
    settings.OFD_PUBLIC, settings.OPERATOR_INN = ("ofd.example.test", 7777), "9999999998"
    text = browser_of(shop.people.owner).get(f"/cabinet/kkt/{kkt.pk}/connect/").content.decode()
    for value in ("ofd.example.test", "7777", "9999999998", kkt.rnm, shop.organisation.inn):
        assert f'data-copy="{value}"' in text
    everything = text.split('id="all-parameters"')[1].split("</pre>")[0]
    assert "Адрес сервера: ofd.example.test\nIP" not in everything
    for line in ("Адрес сервера: ofd.example.test", "Порт: 7777", f"РНМ: {kkt.rnm}"):
        assert line in everything


def test_the_instruction_of_each_family(shop: Papers, kkt: Kkt) -> None:
    client = browser_of(shop.people.owner)
    assert len(families()) >= 20
    for family in families():
        text = client.get(
            f"/cabinet/kkt/{kkt.pk}/connect/?family={family.key}",
            HTTP_HX_REQUEST="true",
            HTTP_HX_TARGET="kkt-guide",
        ).content.decode()
        assert "<html" not in text
        assert f"/cabinet/kkt/{kkt.pk}/connect/{family.key}.pdf" in text
    pdf = client.get(f"/cabinet/kkt/{kkt.pk}/connect/{families()[0].key}.pdf")
    assert pdf.content.startswith(b"%PDF")
    assert client.get(f"/cabinet/kkt/{kkt.pk}/connect/nothing.pdf").status_code == 404
    assert client.get(f"/cabinet/kkt/{kkt.pk}/connect/?family=nothing").status_code == 200


def waiting(client, kkt: Kkt) -> str:
    answer = client.get(
        f"/cabinet/kkt/{kkt.pk}/connect/", HTTP_HX_REQUEST="true", HTTP_HX_TARGET="kkt-waiting"
    )
    return answer.content.decode()


def test_the_waiting_part_asks_for_itself_until_the_report_came(
    shop: Papers, register: Register, kkt: Kkt
) -> None:
    client = browser_of(shop.people.owner)
    text = waiting(client, kkt)
    assert 'hx-trigger="every 3s, live-refresh"' in text
    assert "Проверить получение отчета еще раз" in text
    register.register(DAY)
    project()
    text = waiting(client, kkt)
    assert "ККТ зарегистрирована" in text
    assert "hx-trigger" not in text
    assert register.serial in text
    assert "РНМ и ИНН в отчете совпали" in text


def test_another_report_is_awaited_for_a_reregistration(shop: Papers, register: Register) -> None:
    kkt = factories.kkt_make(
        organisation=shop.organisation,
        rnm=register.rnm,
        serial="",
        application_kind=ApplicationKind.REREGISTRATION,
    )
    register.register(DAY - dt.timedelta(days=300))
    project()
    text = waiting(browser_of(shop.people.owner), kkt)
    assert "Ожидается отчет об изменении параметров регистрации" in text
    assert "hx-trigger" in text


def test_the_report_of_another_company_is_told_without_naming_it(shop: Papers, register: Register) -> None:
    foreign = factories.inn_make(777_001)
    register.rnm = str(RegistrationNumber.compose(1, Inn(foreign), KktSerial(register.serial)))
    register.registration = dataclasses.replace(
        register.registration, rnm=register.rnm, user_inn=str(foreign), user_name='ООО "Соседи"'
    )
    kkt = factories.kkt_make(organisation=shop.organisation, rnm=register.rnm, serial="")
    register.register(DAY)
    project()
    client = browser_of(shop.people.owner)
    for url in ("connect/", "state/", ""):
        text = client.get(f"/cabinet/kkt/{kkt.pk}/{url}").content.decode()
        assert "Отчет другой организации" in text
        for secret in (str(foreign), "Соседи", register.serial, register.fn, "Садовая-Спасская"):
            assert secret not in text
    assert "Сверьте РНМ" in waiting(client, kkt)


def test_a_serial_number_that_differs_is_a_remark(shop: Papers, register: Register) -> None:
    kkt = factories.kkt_make(organisation=shop.organisation, rnm=register.rnm, serial="0000555")
    register.register(DAY)
    project()
    text = waiting(browser_of(shop.people.owner), kkt)
    assert "Заводской номер: указан 0000555" in text
    assert "ККТ зарегистрирована" in text


@pytest.mark.parametrize(
    ("fields", "word", "leads"),
    [
        ({}, "Ожидается отчет о регистрации", "connect/"),
        ({"rnm": None}, "Не указан РНМ", ""),
        ({"stopped_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)}, "Обслуживание прекращено", ""),
        ({"served_until": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)}, "Тариф закончился", ""),
    ],
)
def test_each_state_opens_what_is_to_be_done(
    papers: Papers, fields: dict[str, object], word: str, leads: str
) -> None:
    kkt = factories.kkt_make(organisation=papers.organisation, **fields)
    text = browser_of(papers.people.clerk).get(f"/cabinet/kkt/{kkt.pk}/state/").content.decode()
    assert word in text
    assert f'class="btn btn-deed" href="/cabinet/kkt/{kkt.pk}/{leads}"' in text


def test_a_mistyped_number_is_put_right_in_a_window(papers: Papers) -> None:
    kkt = factories.kkt_make(organisation=papers.organisation, rnm="0000000001012345", serial="")
    browser = browser_of(papers.people.owner)
    url = f"/cabinet/kkt/{kkt.pk}/number/"
    assert url in browser.get(f"/cabinet/kkt/{kkt.pk}/connect/").content.decode()
    assert "Исправить РНМ" in browser.get(f"/cabinet/kkt/{kkt.pk}/").content.decode()
    wrong = browser.post(url, {"rnm": "12", "serial": "", "version": kkt.version})
    assert wrong.status_code == 422
    assert "В РНМ должно быть 16 цифр, а указано 2" in wrong.content.decode()
    answer = browser.post(url, {"rnm": "0000 0000 0201 2345", "serial": "", "version": kkt.version})
    assert answer.headers["Location"] == f"/cabinet/kkt/{kkt.pk}/connect/"
    kkt.refresh_from_db()
    assert kkt.rnm == "0000000002012345"


def test_the_number_of_a_working_register_stays(papers: Papers) -> None:
    kkt = factories.kkt_make(organisation=papers.organisation)
    Standing.objects.create(rnm=kkt.rnm, inn=kkt.organisation.inn, fn="9999540000000001", documents=1)
    browser = browser_of(papers.people.owner)
    assert "РНМ изменить нельзя" in browser.get(f"/cabinet/kkt/{kkt.pk}/number/").content.decode()
    assert "/number/" not in browser.get(f"/cabinet/kkt/{kkt.pk}/").content.decode()
    sent = {"rnm": "0000000002012345", "serial": "", "version": kkt.version}
    assert browser.post(f"/cabinet/kkt/{kkt.pk}/number/", sent).status_code == 422


def test_a_register_without_a_number_is_given_one_from_its_state(papers: Papers) -> None:
    kkt = factories.kkt_make(organisation=papers.organisation, rnm=None, serial="")
    text = browser_of(papers.people.owner).get(f"/cabinet/kkt/{kkt.pk}/state/").content.decode()
    assert f"/cabinet/kkt/{kkt.pk}/number/" in text
    assert "Указать РНМ" in text
