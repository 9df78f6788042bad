import datetime as dt

from django.test import Client

from backoffice.conftest import DAY, project
from backoffice.journal import Register
from chekhov.fn import commands as cmd


def test_a_drive_without_gaps(staff: Client, register: Register) -> None:
    text = staff.get(f"/staff/drives/{register.fn}/").content.decode()
    assert "Пропусков нет" in text
    assert "Смена 1" in text
    assert "Смена 2" in text
    assert "Открыта" in text
    assert "Садовая-Спасская" in text


def test_missing_numbers_are_named(staff: Client, transactional_db: None) -> None:
    made = Register(3)
    made.register(DAY)
    at = dt.datetime.combine(DAY, dt.time(9))
    made.do(cmd.OpenShift(), at, stored=False)
    for minute in range(1, 4):
        made.do(cmd.StateReport(), at + dt.timedelta(minutes=minute), stored=minute == 3)
    project()
    text = staff.get(f"/staff/drives/{made.fn}/").content.decode()
    assert "Не пришло: 3" in text
    assert "ФД 2–4" in text


def test_a_drive_that_is_not_projected_yet(staff: Client, transactional_db: None) -> None:
    made = Register(4)
    made.register(DAY)
    text = staff.get(f"/staff/drives/{made.fn}/").content.decode()
    assert "Ещё не учтён" in text
    assert staff.get("/staff/drives/9999540000000999/").status_code == 404


def test_list_by_the_beginning_of_the_number(staff: Client, register: Register) -> None:
    assert register.fn in staff.get("/staff/drives/?number=9999 54").content.decode()
    assert register.fn in staff.get(f"/staff/drives/?number={register.rnm}").content.decode()
    assert register.fn in staff.get("/staff/drives/?number=7707083893").content.decode()
    assert "Такого накопителя нет" in staff.get("/staff/drives/?number=1234").content.decode()


def test_the_sums_of_a_shift(staff: Client, register: Register) -> None:
    text = staff.get(f"/staff/shifts/{register.fn}/1/").content.decode()
    assert "Приход" in text
    assert "НДС" in text
    assert "Закрыта" in text
    assert text.count("/staff/documents/") == 5
    assert staff.get(f"/staff/shifts/{register.fn}/99/").status_code == 404
