from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from chekhov.ffd.checks import check
from chekhov.ffd.versions import FfdVersion
from chekhov.fn.commands import Correction, Receipt
from chekhov.fn.errors import DocumentTooLong, ParameterWrong
from chekhov.fn.orders import CorrectionOrder
from chekhov.fn.registration import Condition
from fn.world import BOTH, KILO, REGISTRATION, START, Till, decoded, item, order, values_of

RICH = order(
    item(name="Вишня", price_kopecks=24_990, quantity=KILO, vat=2, measure=11, unit="кг", sum_kopecks=18_693),
    item(name="Самовар", price_kopecks=1_220_000, vat=11),
    item(name="Доставка", price_kopecks=30_000, vat=6, subject=4),
    cash_kopecks=200_000,
    cashless_kopecks=1_068_693,
    cashier="Фирс",
    cashier_inn="500100732259",
    buyer_contact="+79161234567",
    buyer_name="Лопахин Е. А.",
    buyer_inn="500100732259",
)


def sums_of(document) -> int:
    return sum(values_of(one)[1043] for one in document.all(1059))


@pytest.mark.parametrize("ffd", BOTH)
def test_receipt_says_what_was_ordered(ffd):
    till = Till.working(ffd)
    document = decoded(till.do(Receipt(RICH)))
    assert check(document) == []
    assert [node.tag for node in document.nodes][:10] == [
        *(1041, 1037, 1018, 1040, 1012, 1077),
        *(1038, 1042, 1054, 1020),
    ]
    assert document.code == 3
    assert (document.shift_number, document.get(1042), document.operation) == (1, 1, 1)
    assert document.total_kopecks == sums_of(document) == 1_268_693
    assert [document.get(tag) for tag in (1031, 1081, 1215, 1216, 1217)] == [200_000, 1_068_693, 0, 0, 0]
    assert document.get(1055) == 1
    assert document.get(1021) == "Фирс"
    assert document.get(1203) == "500100732259"
    assert document.get(1008) == "+79161234567"
    assert document.get(1117) == REGISTRATION.sender_email
    first, second, third = map(values_of, document.all(1059))
    assert (first[1030], first[1023], first[1079], first[1199], first[1200]) == (
        *("Вишня", KILO, 24_990),
        *(2, 1699),
    )
    assert second[1200] == 220_000
    assert 1200 not in third
    assert document.get(1103) == 1699
    assert document.get(1105) == 30_000
    ((_, _, _, rate),) = document.get(1115)
    assert values_of(rate) == {1199: 11, 1120: 220_000}


def test_buyer_and_measure_have_their_places_by_version():
    old = decoded(Till.working(FfdVersion.V1_05).do(Receipt(RICH)))
    assert (old.get(1227), old.get(1228).strip()) == ("Лопахин Е. А.", "500100732259")
    assert values_of(old.all(1059)[0])[1197] == "кг"
    assert 2108 not in values_of(old.all(1059)[0])
    new = decoded(Till.working().do(Receipt(RICH)))
    assert values_of(new.get(1256)) == {1227: "Лопахин Е. А.", 1228: "500100732259"}
    assert 1227 not in new.first
    assert [values_of(one)[2108] for one in new.all(1059)] == [11, 0, 0]


def test_new_rates_alone_bring_a_zero_turnover_with_them():
    document = decoded(Till.working().do(Receipt(order(item(vat=11), item(vat=7)))))
    assert document.get(1104) == 0
    assert [values_of(rate.value)[1199] for rate in document.get(1115)] == [7, 11]
    document = decoded(Till.working().do(Receipt(order(item(vat=1)))))
    assert 1104 not in document.first
    assert 1115 not in document.first


@pytest.mark.parametrize(("bso", "codes"), [(False, (3, 31)), (True, (4, 41))])
@pytest.mark.parametrize("ffd", BOTH)
def test_forms_of_receipts_and_corrections(ffd, bso, codes):
    till = Till.working(ffd)
    one = order(bso=bso, operation=3)
    document = decoded(till.do(Receipt(one)))
    assert document.code == codes[0]
    correction = CorrectionOrder(
        receipt=one, settled_on=dt.date(2026, 2, 20), by_order=True, order_number="17-08/4"
    )
    document = decoded(till.do(Correction(correction)))
    assert check(document) == []
    assert (document.code, document.get(1173), document.operation) == (codes[1], 1, 3)
    assert values_of(document.get(1174)) == {
        1178: dt.datetime.fromisoformat("2026-02-20T00:00:00"),
        1179: "17-08/4",
    }
    assert document.get(1042) == 2


def test_correction_of_own_will_has_a_number_in_105_only():
    correction = CorrectionOrder(receipt=order(), settled_on=START.date())
    old = decoded(Till.working(FfdVersion.V1_05).do(Correction(correction)))
    assert old.get(1173) == 0
    assert values_of(old.get(1174))[1179] == "б/н"
    new = decoded(Till.working().do(Correction(correction)))
    assert 1179 not in values_of(new.get(1174))


def test_correction_without_items_is_of_105():
    bare = order(total_kopecks=12_000, cash_kopecks=12_000)
    bare = CorrectionOrder(
        receipt=type(bare)(operation=1, items=(), total_kopecks=12_000, cash_kopecks=12_000, tax_system=1),
        settled_on=START.date(),
        whole_vat=2,
    )
    document = decoded(Till.working(FfdVersion.V1_05).do(Correction(bare)))
    assert (document.total_kopecks, document.get(1103), document.all(1059)) == (12_000, 1091, [])
    with pytest.raises(ParameterWrong):
        Till.working().do(Correction(bare))
    with pytest.raises(ParameterWrong):
        Till.working(FfdVersion.V1_05).do(
            Correction(CorrectionOrder(receipt=bare.receipt, settled_on=START.date()))
        )


@pytest.mark.parametrize("ffd", BOTH)
def test_receipt_needs_items(ffd):
    empty = type(RICH)(operation=1, items=(), total_kopecks=100, cash_kopecks=100, tax_system=1)
    with pytest.raises(ParameterWrong):
        Till.working(ffd).do(Receipt(empty))


def test_marked_goods_in_12():
    code = "0104650075195000215Hx'>6n"
    one = item(subject=33, product_code=(1305, code), mark_result=15, measure=0)
    document = decoded(Till.working().do(Receipt(order(one))))
    assert check(document) == []
    values = values_of(document.all(1059)[0])
    assert values_of(values[1163]) == {1305: code}
    assert (values[2102], values[2106]) == (0, 15)
    assert document.get(2107) == 0
    bad = item(subject=33, product_code=(1305, code), mark_result=1)
    assert decoded(Till.working().do(Receipt(order(one, bad)))).get(2107) == 1


def test_code_of_goods_belongs_to_its_version():
    old_code = (1162, bytes.fromhex("444d0000000000000000"))
    document = decoded(Till.working(FfdVersion.V1_05).do(Receipt(order(item(product_code=old_code)))))
    assert values_of(document.all(1059)[0])[1162] == old_code[1]
    with pytest.raises(ParameterWrong):
        Till.working().do(Receipt(order(item(product_code=old_code))))
    with pytest.raises(ParameterWrong):
        Till.working(FfdVersion.V1_05).do(Receipt(order(item(product_code=(1305, "x")))))


def test_settlement_in_the_internet():
    till = Till.working(conditions=Condition.INTERNET_ONLY)
    online = order(internet=True, buyer_contact="a@example.org")
    document = decoded(till.do(Receipt(online)))
    assert (document.get(1108), document.get(1125)) == (1, 1)


def test_internet_tag_waits_for_its_order():
    till = Till.in_shift_at("2025-08-31T10:00:00")
    online = order(internet=True, buyer_contact="a@example.org")
    assert 1125 not in decoded(till.do(Receipt(online))).first
    assert decoded(till.do(Receipt(online), hours=16)).get(1125) == 1


def test_further_requisites_are_written_as_given():
    till = Till.working()
    supplier = ((1224, [(1171, "+79160000000"), (1225, "Поставщик")]), (1226, "7704358518"), (1222, 64))
    one = order(item(extra=supplier), extra=((1192, "стол 5"), (1084, [(1085, "заказ"), (1086, "17")])))
    document = decoded(till.do(Receipt(one)))
    assert document.get(1192) == "стол 5"
    assert values_of(document.get(1084)) == {1085: "заказ", 1086: "17"}
    assert values_of(values_of(document.all(1059)[0])[1224])[1225] == "Поставщик"


def test_automatic_device_needs_no_cashier_and_names_itself():
    till = Till.working(automatic=True, machine_number="77", cashier="")
    document = decoded(till.do(Receipt(order())))
    assert document.get(1036) == "77"
    assert 1021 not in document.first
    with pytest.raises(ParameterWrong, match="кассир"):
        Till.working(cashier="")


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"name": "Чай «Липтон»"}, (1059, 1030)),
        ({"name": "ч" * 129}, (1059, 1030)),
        ({"measure": 256}, (1059, 2108)),
        ({"quantity": Decimal("1.0000000000000001"), "price_kopecks": 1}, (1059, 1023)),
        ({"extra": ((1191, "x" * 65),)}, (1059, 1191)),
    ],
)
def test_value_that_does_not_fit_is_named_with_its_path(change, path):
    till = Till.working()
    before = till.state
    with pytest.raises(ParameterWrong) as caught:
        till.do(Receipt(order(item(**change))))
    assert caught.value.details["path"] == path
    assert till.state is before


def test_receipt_longer_than_its_limit():
    with pytest.raises(DocumentTooLong) as caught:
        Till.working().do(Receipt(order(*[item(name="ч" * 128)] * 300)))
    assert caught.value.result == 0x10
