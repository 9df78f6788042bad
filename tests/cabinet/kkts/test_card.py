"""The card: four blocks, history, name, and the end of the service."""

from __future__ import annotations

import dataclasses
import datetime as dt
from types import SimpleNamespace

import pytest

import factories
from backoffice.conftest import project
from backoffice.journal import Register
from cabinet.papers_world import Papers, browser_of
from cabinets import acts_as_staff
from chekhov.contracts.models import Application, ApplicationState
from chekhov.contracts.services import application_approve, paper_arrive
from chekhov.fn import commands as cmd
from chekhov.kkt.models import Kkt, Standing
from chekhov.values import Inn, KktSerial, RegistrationNumber

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 16)


@pytest.fixture
def kkt(shop: Papers, register: Register) -> Kkt:
    """A register that is at work: a report, a closed shift, an open one."""
    made = factories.kkt_make(organisation=shop.organisation, name="Настоящая", rnm=register.rnm, serial="")
    register.register(DAY)
    register.day(DAY, 3)
    register.day(DAY + dt.timedelta(days=1), 2, close=False)
    project()
    return made


def facts(answer, block: str) -> dict[str, object]:
    return dict(answer.context[block])


def test_the_four_blocks(shop: Papers, register: Register, kkt: Kkt) -> None:
    answer = browser_of(shop.people.owner).get(f"/cabinet/kkt/{kkt.pk}/")
    text = answer.content.decode()
    heads = (
        "Сведения о кассе",
        "Сведения о договоре",
        "Сведения о фискальном накопителе",
        "Адрес установки кассы",
    )
    assert all(f"<h2>{head}</h2>" in text for head in heads)
    about = facts(answer, "about")
    assert about["РНМ"].text == register.rnm
    assert about["Заводской номер"].text == register.serial
    assert about["Версия ФФД"] == "1.2"
    assert "Открыта с 17.11.2026 09:00, № 2" in about["Смена"].word
    assert facts(answer, "drive")["Номер ФН"].text == register.fn
    assert facts(answer, "place")["Место расчётов"] == 'Магазин "Чайка"'
    assert "№ 249 от" in str(facts(answer, "contract")["Договор"])
    life = answer.context["life"]
    assert "занято 9" in next(bar.text for bar in life["bars"] if bar.word == "Память")
    assert "Остаток ФН" in text
    [row] = answer.context["history"].rows
    assert (row["report"].value, row["drive"].text) == ("О регистрации", register.fn)


def test_missing_numbers_are_shown(shop: Papers, register: Register, kkt: Kkt) -> None:
    at = dt.datetime.combine(DAY + dt.timedelta(days=1), dt.time(20))
    register.do(cmd.CloseShift(), at)
    register.do(cmd.StateReport(), at + dt.timedelta(minutes=1), stored=False)
    register.do(cmd.StateReport(), at + dt.timedelta(minutes=2), stored=False)
    register.do(cmd.StateReport(), at + dt.timedelta(minutes=3))
    project()
    answer = browser_of(shop.people.owner).get(f"/cabinet/kkt/{kkt.pk}/")
    [gap] = answer.context["gaps"]
    assert gap.documents == 2
    assert f"ФД {gap.first_fd}–{gap.last_fd}" in answer.content.decode()


def test_what_others_report_under_the_number_is_not_in_the_history(
    shop: Papers, register: Register, kkt: Kkt
) -> None:
    foreign = factories.inn_make(777_002)
    intruder = Register(2)
    intruder.registration = dataclasses.replace(intruder.registration, user_inn=str(foreign))
    intruder.rnm = str(RegistrationNumber.compose(2, Inn(foreign), KktSerial(intruder.serial)))
    intruder.registration = dataclasses.replace(intruder.registration, rnm=intruder.rnm)
    intruder.register(DAY)
    project()
    Kkt.objects.filter(pk=kkt.pk).update(rnm=intruder.rnm)
    answer = browser_of(shop.people.owner).get(f"/cabinet/kkt/{kkt.pk}/")
    assert list(answer.context["history"].rows) == []
    assert intruder.fn not in answer.content.decode()


def test_the_drive_that_ends_soon_is_told(shop: Papers, kkt: Kkt) -> None:
    today = dt.date.today()  # noqa: DTZ011  # the day of this machine: the page's own clock
    Standing.objects.update(drive_until=today + dt.timedelta(days=20), drive_marks=[1051])
    answer = browser_of(shop.people.owner).get(f"/cabinet/kkt/{kkt.pk}/")
    assert answer.context["life"]["soon"]
    assert "Нужна срочная замена ФН" in answer.content.decode()


def test_renaming(papers: Papers, browsers: SimpleNamespace) -> None:
    url = f"/cabinet/kkt/{papers.kkt.pk}/rename/"
    assert 'value="Касса у входа"' in browsers.owner.get(url).content.decode()
    answer = browsers.owner.post(url, {"name": "  Касса   у выхода ", "version": "1"})
    assert answer.headers["Location"] == f"/cabinet/kkt/{papers.kkt.pk}/"
    assert "<h1>Касса у выхода</h1>" in browsers.owner.get(answer.headers["Location"]).content.decode()
    late = browsers.administrator.post(url, {"name": "Касса у окна", "version": "1"})
    assert late.status_code == 422
    assert "уже изменил" in late.content.decode()
    papers.kkt.refresh_from_db()
    assert papers.kkt.name == "Касса у выхода"
    wrong = browsers.owner.post(url, {"name": "\u202eкасса", "version": "2"})
    assert wrong.status_code == 422
    assert "нельзя напечатать" in wrong.content.decode()
    assert browsers.clerk.post(url, {"name": "Чужая", "version": "2"}).status_code == 403


def test_a_partner_sees_the_card_and_neither_contract_nor_groups(
    papers: Papers, browsers: SimpleNamespace
) -> None:
    text = browsers.partner.get(f"/cabinet/kkt/{papers.kkt.pk}/").content.decode()
    assert "Касса у входа" in text
    assert "№ 249" not in text
    assert "Изменить группу" not in text
    assert "Прекращение обслуживания" not in text
    for url in ("rename/", "stop/"):
        assert browsers.partner.get(f"/cabinet/kkt/{papers.kkt.pk}/{url}").status_code == 404


class TestStopping:
    @pytest.fixture
    def url(self, papers: Papers) -> str:
        return f"/cabinet/kkt/{papers.kkt.pk}/stop/"

    def test_by_electronic_signature_it_says_that_it_is_to_come(
        self, browsers: SimpleNamespace, url: str
    ) -> None:
        text = browsers.owner.get(url).content.decode()
        assert 'value="electronic" checked' in text
        answer = browsers.owner.post(url, {"method": "electronic"})
        assert answer.status_code == 422
        assert "пока не подключено" in answer.content.decode()
        assert not Application.objects.filter(kkt_id__isnull=False).exists()
        assert browsers.owner.get(f"{url}draft.pdf").content.startswith(b"%PDF")

    def test_on_paper_to_the_end(self, papers: Papers, browsers: SimpleNamespace, url: str) -> None:
        assert browsers.owner.get(f"{url}application.pdf").status_code == 404
        assert browsers.owner.post(url, {"method": "paper"}).headers["Location"] == f"{url}application.pdf"
        assert browsers.owner.get(f"{url}application.pdf").content.startswith(b"%PDF")
        browsers.owner.post(url, {"method": "paper"})
        row = Application.objects.get(kkt_id=papers.kkt.pk)
        card = f"/cabinet/kkt/{papers.kkt.pk}/"
        assert "Ожидается оригинал заявления" in browsers.clerk.get(card).content.decode()
        staff = acts_as_staff(papers.people.manager)
        row = paper_arrive(
            actor=staff, application_id=row.pk, expected_version=row.version,
            arrived_on=papers.now.date(), now=papers.now,
        )  # fmt: skip
        assert browsers.owner.get(f"{url}withdraw/").status_code == 404, "the original is with the operator"
        application_approve(
            actor=staff, application_id=row.pk, expected_version=row.version, ends_on=None, now=papers.now
        )
        text = browsers.owner.get(card).content.decode()
        assert "Обслуживание прекращено" in text
        assert "Прекращение обслуживания</a>" not in text
        assert browsers.owner.get(url).status_code == 422

    def test_it_is_taken_back_while_the_original_has_not_come(
        self, papers: Papers, browsers: SimpleNamespace, url: str
    ) -> None:
        browsers.owner.post(url, {"method": "paper"})
        row = Application.objects.get(kkt_id=papers.kkt.pk)
        assert browsers.owner.post(f"{url}withdraw/", {"version": "99"}).status_code == 422
        answer = browsers.owner.post(f"{url}withdraw/", {"version": row.version})
        assert answer.headers["Location"] == f"/cabinet/kkt/{papers.kkt.pk}/"
        row.refresh_from_db()
        assert row.state == ApplicationState.WITHDRAWN
        assert (
            "Прекращение обслуживания"
            in browsers.owner.get(f"/cabinet/kkt/{papers.kkt.pk}/").content.decode()
        )
