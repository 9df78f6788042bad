import datetime as dt
import json

import pytest
from django.test import Client

import factories
from backoffice.conftest import DAY, project
from backoffice.journal import Register, faulty_receipt, store
from chekhov.fiscal.models import FiscalDocument
from chekhov.fn import commands as cmd
from chekhov.ofdwire.container import Container


def page(client: Client, fn: str, fd: int) -> str:
    answer = client.get(f"/staff/documents/{fn}/{fd}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_whole_life_of_a_receipt(staff: Client, register: Register) -> None:
    text = page(staff, register.fn, 3)
    assert "ТЕСТОВЫЙ НАКОПИТЕЛЬ" in text
    assert "ИТОГ" in text
    assert 'class="qr"' in text
    assert "Подпись проверена" in text
    assert "Проектор прочитал документ" in text
    assert "Касса не опознана" in text
    assert "Подтверждение оператора" in text
    for tag in (1041, 1037, 1059, 1030, 1078):
        assert f'class="tree-tag">{tag}<' in text
    assert f'data-copy="{register.fn}"' in text


def test_every_document_of_a_registers_life_has_its_page(staff: Client, register: Register) -> None:
    register.do(cmd.StateReport(), dt.datetime.combine(DAY + dt.timedelta(days=1), dt.time(20)))
    register.do(cmd.CloseShift(), dt.datetime.combine(DAY + dt.timedelta(days=1), dt.time(21)))
    register.do(cmd.CloseDrive(), dt.datetime.combine(DAY + dt.timedelta(days=1), dt.time(22)))
    for fd in range(1, register.state.last_fd + 1):
        assert "Реквизиты" in page(staff, register.fn, fd)


def test_before_the_projector_it_says_so(staff: Client, transactional_db: None) -> None:
    made = Register(5)
    made.register(DAY)
    assert "Проектор ещё не дошёл до документа" in page(staff, made.fn, 1)
    project()
    assert "Проектор прочитал документ" in page(staff, made.fn, 1)


def test_once_the_register_is_added_the_cabinet_is_named(staff: Client, register: Register) -> None:
    kkt = factories.kkt_make(rnm=register.rnm, name="Касса у входа")
    text = page(staff, register.fn, 1)
    assert "Касса у входа" in text
    assert kkt.organisation.name in text


def test_bytes_are_given_as_they_came(staff: Client, register: Register) -> None:
    answer = staff.get(f"/staff/documents/{register.fn}/3/container.bin")
    assert answer.content == register.containers[2]
    assert "attachment" in answer["Content-Disposition"]
    row = FiscalDocument.objects.get(fn=register.fn, fd=3)
    assert staff.get(f"/staff/documents/{register.fn}/3/answer.bin").content == bytes(row.answer)


def test_json_is_json(staff: Client, register: Register) -> None:
    answer = staff.get(f"/staff/documents/{register.fn}/3/document.json")
    assert answer["Content-Type"].startswith("application/json")
    assert json.loads(answer.content)


def test_content_that_cannot_be_read_is_said_so(staff: Client, transactional_db: None) -> None:
    made = Register(6)
    fn = "9999078900000012"  # a test drive we hold no key for
    container = Container.build(
        document_code=3, fn_serial=fn, fd_number=1, payload=bytes.fromhex("0300ff00") + b"\x01" * 255
    )
    store(container, fn=fn, received_at=dt.datetime.combine(DAY, dt.time(9)))
    assert made.fn != fn
    text = page(staff, fn, 1)
    assert "Содержимое не прочитано" in text
    assert "Подпись не проверена" in text
    assert staff.get(f"/staff/documents/{fn}/1/document.json").status_code == 404
    assert staff.get(f"/staff/documents/{fn}/1/container.bin").content == container


def test_findings_are_told_in_words_with_their_place_and_source(
    staff: Client, transactional_db: None
) -> None:
    fn, at = "9999078900000013", dt.datetime.combine(DAY, dt.time(9))
    store(faulty_receipt(fn, at), fn=fn, received_at=at)
    text = page(staff, fn, 1)
    assert "Принят, ошибки ФЛК" in text
    assert ">Ошибка<" in text
    assert "receipt.items[0]" in text
    assert "Подпись не проверена" in text
    assert "<i>Артист</i>" not in text, "names of goods are foreign text"
    assert "&lt;i&gt;Артист&lt;/i&gt;" in text
    assert "Замечаний нет" not in text


@pytest.mark.parametrize(
    "path",
    [
        "9999540000000001/999/",
        "9999540000000001/999/container.bin",
        "9999540000000001/999999999999999999999/",
        "123/1/",
        "99995400000000010/1/",
        "٩٩٩٩٥٤٠٠٠٠٠٠٠٠٠١/1/",
    ],
)
def test_what_is_not_there_is_a_404_of_the_house(staff: Client, register: Register, path: str) -> None:
    answer = staff.get(f"/staff/documents/{path}")
    assert answer.status_code == 404
    assert "На главную" in answer.content.decode()
