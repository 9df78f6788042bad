import datetime as dt

import pytest
from django.test import Client

import factories
from backoffice.conftest import DAY, project
from backoffice.journal import SHOP_INN, Register
from chekhov.kkt.models import Kkt
from chekhov.orgs.models import Organisation

FORM = {
    "inn": SHOP_INN,
    "organisation_name": "ООО «Вишнёвый сад»",
    "name": "Касса у входа",
    "kpp": "",
    "serial": "",
}


def form_for(register: Register, **changes: str) -> dict[str, str]:
    return FORM | {"rnm": register.rnm} | changes


def test_no_unknown_registers_is_good_news(staff: Client) -> None:
    assert "Неопознанных касс нет" in staff.get("/staff/registers/").content.decode()


def test_an_unknown_register_is_listed_until_it_is_added(staff: Client, register: Register) -> None:
    url = f"/staff/registers/add/{register.fn}/"
    assert url in staff.get("/staff/registers/").content.decode()
    form = staff.get(url).content.decode()
    assert f'value="{register.rnm}"' in form
    assert f'value="{SHOP_INN}"' in form
    assert f'value="{register.serial}"' in form
    answer = staff.post(url, form_for(register, serial=register.serial), follow=True)
    assert "добавлена" in answer.content.decode()
    kkt = Kkt.objects.get()
    assert (kkt.rnm, kkt.name, kkt.serial) == (register.rnm, "Касса у входа", register.serial)
    assert kkt.organisation.inn == SHOP_INN
    assert url not in staff.get("/staff/registers/").content.decode()
    assert "Касса у входа" in staff.get("/staff/intake/").content.decode()


def test_an_organisation_that_is_there_is_taken(staff: Client, register: Register) -> None:
    known = factories.organisation_make(inn=SHOP_INN, kpp="770701001")
    staff.post(f"/staff/registers/add/{register.fn}/", form_for(register, organisation_name=""))
    assert Kkt.objects.get().organisation == known
    assert Organisation.objects.count() == 1


def test_of_several_branches_the_kpp_chooses(staff: Client, register: Register) -> None:
    factories.organisation_make(inn=SHOP_INN, kpp="770701001", name="Первый")
    second = factories.organisation_make(inn=SHOP_INN, kpp="770702002", name="Второй")
    url = f"/staff/registers/add/{register.fn}/"
    answer = staff.post(url, form_for(register))
    assert answer.status_code == 422
    assert "Укажите КПП" in answer.content.decode()
    assert not Kkt.objects.exists()
    assert staff.post(url, form_for(register, kpp="770702002")).status_code == 302
    assert Kkt.objects.get().organisation == second


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"inn": ""}, "обязательно"),
        ({"inn": "7707083894"}, "Такого ИНН не бывает"),
        ({"inn": "abc"}, "только цифры"),
        ({"kpp": "12"}, "КПП состоит"),
        ({"name": " "}, "Назовите кассу"),
        ({"rnm": "123"}, "16 цифр"),
        ({"organisation_name": ""}, "Название не указано"),
        ({"serial": "00000000000042"}, "не подходит"),
        ({"serial": "x" * 30}, "20"),
    ],
)
def test_mistakes_are_told_beside_the_field_and_nothing_typed_is_lost(
    staff: Client, register: Register, changes: dict[str, str], words: str
) -> None:
    answer = staff.post(f"/staff/registers/add/{register.fn}/", form_for(register, **changes))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert words in text
    if "name" not in changes:
        assert "Касса у входа" in text
    assert not Kkt.objects.exists()
    assert not Organisation.objects.exists(), "all or nothing"


def test_a_number_taken_meanwhile_is_told(staff: Client, register: Register) -> None:
    other = Register(7)
    other.register(DAY)
    project()
    factories.kkt_make(rnm=other.rnm)
    answer = staff.post(f"/staff/registers/add/{register.fn}/", form_for(register, rnm=other.rnm))
    assert answer.status_code == 422
    assert "уже добавлена" in answer.content.decode()


def test_added_already_leads_to_the_drive(staff: Client, register: Register) -> None:
    factories.kkt_make(rnm=register.rnm)
    answer = staff.get(f"/staff/registers/add/{register.fn}/")
    assert answer.status_code == 302
    assert answer["Location"] == f"/staff/drives/{register.fn}/"


def test_a_drive_nobody_heard_of(staff: Client) -> None:
    assert staff.get("/staff/registers/add/9999540000000777/").status_code == 404


def test_paging_of_drives_shows_each_once(staff: Client, transactional_db: None, monkeypatch) -> None:
    for number in range(1, 6):
        Register(number).register(DAY + dt.timedelta(days=number % 2))
    project()
    monkeypatch.setattr("chekhov.backoffice.views.registers.ROWS", 2)
    seen: list[str] = []
    url = "/staff/registers/"
    for _ in range(5):
        text = staff.get(url).content.decode()
        seen += [part.split("/")[0] for part in text.split("/staff/registers/add/")[1:]]
        if 'rel="next"' not in text:
            break
        url = text.split('" rel="next"')[0].rsplit('href="', 1)[1]
    assert len(seen) == len(set(seen)) == 5
    assert staff.get("/staff/registers/?before=x").status_code == 400
