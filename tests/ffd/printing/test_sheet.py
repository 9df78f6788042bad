"""The paper says all that the bytes say, in the words of the law."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from itertools import pairwise

import pytest

from chekhov.ffd.documents import Document
from chekhov.ffd.printing import PrintedLine, Sheet, printed
from ffd.checks import samples as s

DOCUMENTS = {**s.right_documents(), **s.published(), **s.exported()}


def pairs(sheet: Sheet) -> dict[str, str]:
    return {line.text: line.value for line in sheet.lines if line.kind in {"pair", "total"}}


def texts(sheet: Sheet) -> list[str]:
    return [line.text for line in sheet.lines if line.kind != "rule"]


def of(fields: s.Fields, code: int = 3, *extra: bytes) -> Sheet:
    return printed(s.document(code, fields, *extra))


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_every_requisite_is_printed_exactly_once(name: str):
    document: Document = DOCUMENTS[name]
    assert Counter(printed(document).tags) == Counter(node.tag for node in document.nodes)


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_a_sheet_begins_with_its_title_and_has_no_idle_strokes(name: str):
    sheet = printed(DOCUMENTS[name])
    headings = [line for line in sheet.lines if line.kind == "heading"]
    assert headings[0].text == sheet.title
    kinds = [line.kind for line in sheet.lines]
    assert "rule" not in (kinds[0], kinds[-1])
    assert ("rule", "rule") not in list(pairwise(kinds))


@pytest.mark.parametrize(
    ("code", "title"),
    [
        (1, "Отчёт о регистрации"),
        (11, "Отчёт об изменении параметров регистрации"),
        (2, "Отчёт об открытии смены"),
        (21, "Отчёт о текущем состоянии расчётов"),
        (3, "Кассовый чек"),
        (31, "Кассовый чек коррекции"),
        (4, "Бланк строгой отчётности"),
        (41, "БСО коррекции"),
        (5, "Отчёт о закрытии смены"),
        (6, "Отчёт о закрытии фискального накопителя"),
        (7, "Подтверждение оператора"),
        (81, "Запрос о коде маркировки"),
        (99, "Документ с кодом 99"),
    ],
)
def test_titles(code: int, title: str):
    assert of([], code).title == title


def test_title_sent_by_the_register_is_kept():
    assert of([*s.receipt(), (1000, "Товарный чек")]).title == "Товарный чек"


def test_published_receipt():
    sheet = printed(DOCUMENTS["receipt-doc3-ffd105"])
    found = pairs(sheet)
    assert found["ИТОГ"] == "5,27"
    assert found["Наличными"] == "5,27"
    assert found["НДС 10/110"] == "0,48"
    assert found["5,27 × 1,00"] == "5,27"
    assert found["ФП"] == "2447729623"
    assert found["Дата, время"] == "01.04.2019 18:27"
    assert found["Версия ФФД"] == "1.05"
    assert found["СНО"] == "ОСН"
    assert sheet.lines[-1] == PrintedLine(
        "qr", value="t=20190401T1827&s=5.27&fn=9999078900011918&i=132&fp=2447729623&n=1"
    )
    assert sheet.is_test
    assert sheet.lines[0].kind == "notice"


def test_published_report_of_changes():
    found = pairs(printed(DOCUMENTS["session-doc11-ffd105"]))
    assert found["Причина"] == "замена ФН"
    assert found["СНО"] == "УСН доход, УСН доход минус расход"
    assert found["Расчёты за услуги"] == "да"
    assert found["Шифрование"] == "нет"


def test_reasons_of_a_change_in_words():
    found = pairs(of(s.put(s.registration(code=11), 1205, 1 | 4 | 1 << 31), 11))
    assert found["Причины"] == "замена ФН, изменение наименования пользователя ККТ, иные причины"


def test_receipt_of_2026():
    sheet = printed(s.exported()["2026 receipt, FFD 1.2, НДС 22% in amountsReceiptNds, nds0 = 0"])
    found = pairs(sheet)
    assert found["ИТОГ"] == "807,30"
    assert sorted(line.value for line in sheet.lines if line.text == "НДС 22%") == ["", "145,58"]
    assert not sheet.is_test
    assert found["3 × 269,10"] == "807,30"
    zero = next(line for line in sheet.lines if line.text == "Сумма с НДС 0%")
    assert (zero.value, zero.weight) == ("0,00", "small")


@pytest.mark.parametrize(
    ("issued_at", "label"), [(s.local(2018, 12, 31), "НДС 18%"), (s.local(2019, 1, 1), "НДС 20%")]
)
def test_name_of_the_rate_is_that_of_the_day(issued_at, label: str):
    item = s.item(4, code=1, percent=18)
    sheet = of([*s.drop(s.receipt(issued_at=issued_at), 1059, 1103), (1102, 100), (1059, item)])
    assert [line.text for line in sheet.lines if line.text.startswith("НДС")] == [label, label]


def test_unit_by_its_name_before_ffd_12():
    item = [*s.drop(s.item(3), 2108), (1197, "кг")]
    assert "2,474 кг × 99,99" in pairs(of([*s.drop(s.receipt(3), 1059), (1059, item)]))


def test_marked_goods():
    marked = [(1305, "0104670540176099215'W9Um")]
    item = [*s.item(4), (1163, marked), (2106, 15), (2115, "abcd")]
    sheet = of([*s.drop(s.receipt(), 1059), (1059, item)])
    assert "1. Тыква свежая [M+]" in texts(sheet)
    assert pairs(sheet)["КТ GS1.М"] == "0104670540176099215'W9Um"
    assert pairs(sheet)["КК"] == "abcd"


@pytest.mark.parametrize(
    ("result", "sign"), [(11, "[M+]"), (5, "[M-]"), (17, "[M-]"), (0, "[M]"), (3, "[M]")]
)
def test_signs_of_checked_marks(result: int, sign: str):
    item = [*s.item(4), (1163, [(1306, "short")]), (2106, result)]
    assert f"1. Тыква свежая {sign}" in texts(of([*s.drop(s.receipt(), 1059), (1059, item)]))


def test_agent_and_supplier_under_the_item():
    item = [
        *s.item(4),
        (1222, 64),
        (1224, [(1171, "+79990000000"), (1225, "ООО Поставщик")]),
        (1226, "7707083893"),
    ]
    found = pairs(of([*s.drop(s.receipt(), 1059), (1059, item)]))
    assert found["Агент"] == "агент"
    assert found["Наименование"] == "ООО Поставщик"
    assert found["ИНН поставщика"] == "7707083893"


def test_correction():
    found = pairs(of(s.receipt(code=31), 31))
    assert found["Тип коррекции"] == "самостоятельно"
    assert found["дата совершения корректируемого расчета"] == "01.09.2024"


def test_counters_of_a_close_report():
    sheet = of(s.shift_close(), 5)
    assert pairs(sheet)["Чеков за смену"] == "3"
    members = [line for line in sheet.lines if line.depth]
    assert ("итоговая сумма в чеках (БСО) безналичными", "494,76") in {
        (one.text, one.value) for one in members
    }
    assert max(line.depth for line in members) == 3


def test_warnings_are_printed_when_sent():
    found = pairs(of([*s.shift_open(), (1050, 1), (1206, 2)], 2))
    assert found["Ресурс ФН исчерпан"] == "да"
    assert found["Сообщение оператора"] == "ошибка ФЛК документа"


def test_what_nobody_knows_stands_at_the_end_with_its_bytes():
    sheet = of(s.receipt(), 3, s.tlv(9999, b"\xde\xad"), s.tlv(1046, b"OFD"))
    tail = texts(sheet)[texts(sheet).index("Прочие реквизиты") :]
    assert tail[0] == "Прочие реквизиты"
    assert pairs(sheet)["9999 реквизит 9999"] == "dead"
    assert pairs(sheet)["1046 наименование ОФД"] == "OFD"


def test_repeated_requisites_are_printed_as_often_as_they_came():
    sheet = of([*s.receipt(2), (1073, "+79990000001"), (1073, "+79990000002")])
    assert [line.value for line in sheet.lines if line.tags == (1073,)] == ["+79990000001", "+79990000002"]


def test_a_requisite_that_came_twice_in_an_item_is_shown_twice():
    item = [*s.item(4), (1030, "Другое имя")]
    assert "Другое имя" in pairs(of([*s.drop(s.receipt(), 1059), (1059, item)])).values()


def test_control_characters_do_not_reach_the_paper():
    sheet = of(s.drop(s.receipt(), 1187), 3, s.tlv(1187, b"\x1b[31mred\r\nline\x00"))
    assert "\ufffd[31mred  line\ufffd" in texts(sheet)


def test_values_that_could_not_be_read_are_shown_as_bytes():
    sheet = of(s.drop(s.receipt(), 1059), 3, s.tlv(1059, s.tlv(1030, b"x") + s.tlv(1023, b"\xff\x01")))
    assert "1. x" in texts(sheet)
    assert any("ff01" in (line.text + line.value) for line in sheet.lines)


def test_quantity_of_a_whole_number_has_no_point():
    item = s.put(s.put(s.item(4, price=100, line=300), 1023, Decimal("3.000")), 2108, 0)
    assert "3 × 1,00" in pairs(of([*s.drop(s.receipt(), 1059), (1059, item)]))
