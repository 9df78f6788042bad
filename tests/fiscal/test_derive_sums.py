from __future__ import annotations

import datetime as dt
from decimal import Decimal

from chekhov.fiscal.derive import JournalFact, derive
from chekhov.fiscal.derive_sums import QUANTITY_MAX, settlement_read
from chekhov.fiscal.verdicts import Verdict
from chekhov.fiscal.words import name_number
from fiscal.messages import FN, INN, MOMENT, RNM, message, parts, receipt, receipt_fields

AT = dt.datetime(2026, 11, 20, 9, 30, tzinfo=dt.UTC)
DAY = MOMENT.date()
MILK = name_number("Молоко")


def container(whole):
    return parts(whole)[1]


def fact(whole, fd=1, code=3, *, operation=1, at=MOMENT, **change):
    row = JournalFact(FN, fd, AT, at, code, 4, operation, 0, RNM, INN, 1, None, container(whole))
    return row._replace(**change)


def item(name="Хлеб", quantity="1", amount=100):
    return (1059, [(1030, name), (1023, Decimal(quantity)), (1043, amount), (1199, 2)])


def with_items(*items):
    return message(3, fields=[*(one for one in receipt_fields() if one[0] != 1059), *items], shift=1)


def test_a_receipt_is_read_whole():
    read = settlement_read(container(receipt(total=10_000, cash=4_000, cashier="  Раневская \0 Л. А. ")))
    assert read.sums == {1020: 10_000, 1031: 4_000, 1081: 6_000, 1215: 0, 1216: 0, 1217: 0, 1103: 909}
    assert read.vat == [(2, 909)]
    assert read.cashier == "Раневская Л. А."
    assert read.items == [(MILK, "Молоко", Decimal(1), 10_000)]


def test_what_cannot_be_read_is_no_receipt():
    whole = container(receipt())
    assert settlement_read(b"") is None
    assert settlement_read(whole[:60]) is None
    broken = bytearray(whole)
    broken[38:40] = b"\xff\xff"  # the first element claims more than there is
    assert settlement_read(bytes(broken)) is None


def test_lines_that_say_nothing_sensible_add_nothing():
    read = settlement_read(
        container(
            with_items(
                item(quantity=str(QUANTITY_MAX + 1)), item(amount=(1 << 50).to_bytes(7, "little")), item(name=" \0 "), (1059, []),
            )
        )
    )  # fmt: skip
    assert [(line.name, line.quantity, line.amount_kopecks) for line in read.items] == [
        ("Хлеб", Decimal(0), 100),
        ("Хлеб", Decimal(1), 0),
        ("", Decimal(1), 100),
        ("", Decimal(0), 0),
    ]


def test_sums_of_a_day():
    derived = derive(
        [
            fact(receipt(fd=1, total=1_000, cash=1_000)),
            fact(receipt(fd=2, total=500, operation=2), 2, operation=2),
            fact(receipt(fd=3, total=700, code=31), 3, 31),
            fact(receipt(fd=4, total=300, cashier="Гаев"), 4, at=MOMENT + dt.timedelta(hours=2)),
            fact(receipt(fd=5, total=200), 5, at=MOMENT + dt.timedelta(days=1)),
        ]
    )
    assert set(derived.days) == {(RNM, INN, DAY), (RNM, INN, DAY + dt.timedelta(days=1))}
    day = derived.days[RNM, INN, DAY]
    assert day.totals == {
        (1, False): [2, 1_300, 1_000, 300, 0, 0, 0],
        (2, False): [1, 500, 0, 500, 0, 0, 0],
        (1, True): [1, 700, 0, 700, 0, 0, 0],
    }
    assert day.hours == {(12, 1): [1, 1_000], (12, 2): [1, 500], (14, 1): [1, 300]}
    assert day.cashiers == {
        ("Кассир", 1, False): [1, 1_000],
        ("Кассир", 2, False): [1, 500],
        ("Кассир", 1, True): [1, 700],
        ("Гаев", 1, False): [1, 300],
    }
    assert day.vat == {(1, False, 2): 91 + 27, (2, False, 2): 45, (1, True, 2): 64}
    # sold less returned; the correction has a line, too
    assert day.items == {MILK: [Decimal(1), 1_300 - 500, 4]}
    assert derived.item_names == {MILK: "Молоко"}


def test_purchases_are_no_goods_sold():
    derived = derive([fact(receipt(total=900, operation=3), operation=3)])
    assert derived.days[RNM, INN, DAY].items == {MILK: [Decimal(0), 0, 1]}


def test_a_document_that_is_of_no_register_or_day_is_in_no_sum():
    whole = receipt()
    for change in (
        {"rnm": None},
        {"inn": None},
        {"at": None},
        {"operation": None},
        {"verdict": Verdict.UNRECOGNISED},
    ):
        derived = derive([fact(whole, **change)])
        assert derived.days == {}, change
        assert derived.item_names == {}


def test_a_register_is_alive_by_any_of_its_documents():
    derived = derive([fact(receipt(fd=7), 7), fact(receipt(fd=9), 9, at=None)])
    standing = derived.standings[RNM, INN]
    assert (standing.documents, standing.last_issued_at, standing.last_received_at) == (2, MOMENT, AT)
    assert standing.registered is None
    assert derive([fact(receipt(), verdict=Verdict.UNRECOGNISED)]).standings == {}


def told(code, fields, fd=3, at=MOMENT):
    row = fact(message(code, fd=fd, fields=fields, shift=5), fd, code, operation=None, at=at)
    return derive([row]).standings[RNM, INN]


def test_what_reports_tell_of_a_register():
    registration = [(1188, "1.0"), (1013, "0001"), (1009, "Москва"), (1187, "Зал"), (1048, "ООО"), (1017, "9999999998"),
                    (1213, 410)]  # fmt: skip
    first = told(1, registration)
    assert first.registered[:4] == (MOMENT, FN, 3, 1)
    assert (first.registered.serial, first.registered.ofd_inn, first.registered.ffd) == (
        "0001",
        "9999999998",
        4,
    )
    assert first.keys == (MOMENT, FN, DAY + dt.timedelta(days=410))
    assert first.reregistered_at is None
    assert told(11, registration).reregistered_at == MOMENT
    opened = told(2, [(1052, 1), (1050, 0)])
    assert opened.shift == (MOMENT, FN, 3, 5, MOMENT, (1052,))
    assert opened.unsent is None
    closed = told(5, [(1097, 4), (1098, MOMENT), (1051, 1), (1213, 1)])
    assert closed.shift == (MOMENT, FN, 3, 5, None, (1051,))
    assert closed.unsent == (MOMENT, 3, 4, MOMENT)
    assert closed.keys.drive_until == DAY + dt.timedelta(days=1)
    assert told(21, []).unsent == (MOMENT, 3, 0, None)
    assert told(6, []).closed == (MOMENT, FN)
