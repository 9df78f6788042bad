from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from chekhov.ffd.checks import check
from chekhov.ffd.versions import FfdVersion
from chekhov.fn.commands import CloseDrive, CloseShift, Correction, OpenShift, Receipt, StateReport
from chekhov.fn.orders import CorrectionOrder
from chekhov.fn.reports import single_reasons
from fn.world import BOTH, REGISTRATION, START, Till, decoded, item, order, values_of

CORRECTION = Correction(CorrectionOrder(receipt=order(operation=2), settled_on=START.date()))


def busy(ffd: FfdVersion) -> Till:
    """A shift with three receipts, a correction and a state report."""
    till = Till.working(ffd)
    till.do(Receipt(order(item(vat=1))))
    till.do(Receipt(order(item(vat=2), operation=2)))
    till.do(Receipt(order(item(vat=6), cash_kopecks=0, cashless_kopecks=12_345)))
    till.do(CORRECTION)
    till.do(StateReport())
    return till


@pytest.mark.parametrize("ffd", BOTH)
def test_opening(ffd):
    till = Till.working(ffd)
    till.do(CloseShift())
    document = decoded(till.do(OpenShift(cashier="Фирс", cashier_inn="500100732259"), minutes=1))
    assert check(document) == []
    assert (document.code, document.shift_number, document.get(1021)) == (2, 2, "Фирс")
    assert document.get(1203) == "500100732259"
    assert document.get(1188) == "001"
    assert not {1050, 1051, 1052, 1053, 1206} & document.first.keys()
    assert till.state.shift is not None
    assert till.state.shift.opened_at == till.now


@pytest.mark.parametrize("ffd", BOTH)
def test_closing_counts_the_shift(ffd):
    till = busy(ffd)
    document = decoded(till.do(CloseShift(), hours=3))
    assert check(document) == []
    assert (document.code, document.shift_number) == (5, 1)
    assert document.get(1118) == 4
    assert document.get(1111) == 7
    assert document.get(1097) == 7
    assert document.get(1098) == START
    assert document.get(1213) == 470
    if ffd is FfdVersion.V1_05:
        assert not {1194, 1157} & document.first.keys()
        return
    shift = values_of(document.get(1194))
    raw = {node.tag: node.raw for node in document.nodes}
    assert raw[1194] == raw[1157]  # the first shift of the drive
    assert shift[1134] == 4
    sell = values_of(shift[1129])
    assert sell == {1135: 2, 1201: 24_690, 1136: 12_345, 1138: 12_345, 1139: 2058, 1183: 12_345}
    assert values_of(shift[1130]) == {1135: 1, 1201: 12_345, 1136: 12_345, 1140: 1122}
    assert values_of(shift[1131]) == {1135: 0, 1201: 0}
    corrections = values_of(shift[1133])
    assert corrections[1144] == 1
    assert values_of(corrections[1232]) == {1135: 1, 1201: 12_345, 1136: 12_345}


def test_drive_counters_go_on_where_those_of_the_shift_begin_anew():
    till = busy(FfdVersion.V1_2)
    till.do(CloseShift())
    till.do(OpenShift())
    till.do(Receipt(order(operation=4)))
    document = decoded(till.do(CloseShift()))
    assert values_of(document.get(1194))[1134] == 1
    assert values_of(document.get(1157))[1134] == 5
    assert document.get(1118) == 1
    assert document.get(1111) == 3


@pytest.mark.parametrize("ffd", BOTH)
def test_state_report_tells_what_is_unsent(ffd):
    till = busy(ffd)
    for _ in range(4):  # registration, opening, two receipts
        till.accept(till.answer())
    document = decoded(till.do(StateReport(), minutes=10))
    assert check(document) == []
    assert document.code == 21
    assert (document.get(1116), document.get(1097), document.get(1098)) == (5, 3, START)
    assert document.shift_number == 1
    if ffd is FfdVersion.V1_2:
        unsent = values_of(document.get(1158))
        assert unsent[1144] == 2
        assert values_of(unsent[1145]) == {1135: 1, 1201: 12_345, 1138: 12_345}
        assert values_of(unsent[1232])[1135] == 1
        assert values_of(document.get(1157))[1134] == 4
    else:
        assert not {1157, 1158} & document.first.keys()


def test_state_report_when_all_is_sent_says_nothing_of_it():
    till = busy(FfdVersion.V1_2)
    till.confirm_all()
    document = decoded(till.do(StateReport()))
    assert not {1116, 1097, 1098, 1158} & document.first.keys()


def test_state_report_of_an_offline_register():
    till = Till.working(offline=True)
    till.do(Receipt(order()))
    document = decoded(till.do(StateReport()))
    assert check(document) == []
    assert document.get(1002) == 1
    assert not {1116, 1097, 1098, 1158} & document.first.keys()


@pytest.mark.parametrize("ffd", BOTH)
def test_close_of_the_drive(ffd):
    till = busy(ffd)
    till.do(CloseShift())
    document = decoded(till.do(CloseDrive()))
    assert check(document) == []
    assert (document.code, document.shift_number) == (6, 1)
    assert (1157 in document.first) == (ffd is FfdVersion.V1_2)


@pytest.mark.parametrize(
    ("later", "flags"),
    [
        ({"days": 2}, set()),
        ({"days": 2, "seconds": 1}, {1053}),
    ],
)
def test_flag_of_a_silent_operator(later, flags):
    till = Till.working()
    till.do(CloseShift())
    document = decoded(till.do(OpenShift(), **later))
    assert {1050, 1051, 1052, 1053} & document.first.keys() == flags


@pytest.mark.parametrize(
    ("days", "flags"),
    [(440, set()), (441, {1050}), (467, {1050}), (468, {1050, 1051}), (480, {1050, 1051})],
)
def test_flags_of_the_term(days, flags):
    till = Till.working()
    till.confirm_all()
    document = decoded(till.do(CloseShift(), days=days))
    assert {1050, 1051, 1052, 1053} & document.first.keys() == flags
    assert document.get(1213) == max(470 - days, 0)


@pytest.mark.parametrize(("issued", "flags"), [(247_500, set()), (247_501, {1052})])
def test_flag_of_a_full_memory(issued, flags):
    till = Till.working()
    till.state = dataclasses.replace(till.state, last_fd=issued, unsent_from=issued + 1, unsent_at=None)
    document = decoded(till.do(CloseShift()))
    assert {1050, 1051, 1052, 1053} & document.first.keys() == flags


def test_operators_message_is_repeated_until_the_shift_is_closed():
    till = Till.working()
    till.accept(till.answer(message_bits=16))
    till.confirm_all()
    assert till.state.operator_message == 16
    till.do(Receipt(order()))
    assert decoded(till.do(CloseShift())).get(1206) == 16
    assert 1206 not in decoded(till.do(OpenShift())).first
    till.accept(till.answer(message_bits=2))
    till.do(CloseShift())
    till.accept(till.answer(message_bits=8))
    assert decoded(till.do(OpenShift())).get(1206) == 8


def test_message_has_no_place_in_105():
    till = Till.working(FfdVersion.V1_05)
    till.state = dataclasses.replace(till.state, operator_message=16)
    assert 1206 not in decoded(till.do(CloseShift())).first


@pytest.mark.parametrize(
    ("bits", "codes"),
    [(1, [1]), (2, [2]), (4, [3]), (8, [3]), (12, [3]), (128, [4]), (1 << 31, [4]), (6, [2, 3])],
)
def test_many_reasons_have_one_code_in_105(bits, codes):
    assert single_reasons(bits) == codes


def test_reports_repeat_the_registration():
    till = Till.working()
    for issued in (till.archive[2], till.do(CloseShift())):
        document = decoded(issued)
        assert (document.get(1048), document.get(1009), document.get(1187)) == (
            REGISTRATION.user_name,
            REGISTRATION.address,
            REGISTRATION.place,
        )


def test_moment_of_a_document_has_whole_seconds():
    till = Till.working()
    till.now += dt.timedelta(microseconds=999_999)
    assert decoded(till.do(StateReport())).issued_at == START
