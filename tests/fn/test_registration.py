from __future__ import annotations

import dataclasses

import pytest

from chekhov.ffd.checks import check
from chekhov.ffd.versions import FfdVersion
from chekhov.fn.commands import CloseShift, Receipt, Register, Reregister
from chekhov.fn.errors import ParameterWrong, WrongState
from chekhov.fn.registration import ChangeReason, Condition
from chekhov.fn.state import Phase, new_drive
from fn.world import BOTH, REGISTRATION, SERIAL, START, Till, decoded, order, values_of


def fresh(ffd: FfdVersion = FfdVersion.V1_2) -> Till:
    return Till(new_drive(SERIAL, ffd=ffd))


def closed(ffd: FfdVersion = FfdVersion.V1_2) -> Till:
    till = Till.working(ffd)
    till.do(Receipt(order()))
    till.do(CloseShift())
    return till


HEAD = [1041, 1037, 1018, 1040, 1012, 1077]


@pytest.mark.parametrize("ffd", BOTH)
def test_report_carries_the_parameters_in_the_order_of_real_drives(ffd):
    till = fresh(ffd)
    document = decoded(till.do(Register(REGISTRATION)))
    assert check(document) == []
    assert [node.tag for node in document.nodes][:6] == HEAD
    assert document.code == 1
    assert (document.fd_number, document.fn_serial, document.rnm) == (1, SERIAL, REGISTRATION.rnm)
    assert document.inn == REGISTRATION.user_inn
    assert document.issued_at == START
    assert document.get(1209) == document.get(1189) == document.get(1190) == int(ffd)
    assert document.get(1062) == REGISTRATION.tax_systems
    assert document.get(1213) == 470
    assert document.get(1187) == REGISTRATION.place
    assert till.state.phase is Phase.FISCAL
    assert till.state.registration == REGISTRATION


def test_conditions_are_single_tags_in_105_and_bits_in_12():
    changed = dataclasses.replace(
        REGISTRATION,
        conditions=Condition.BSO | Condition.INTERNET_ONLY | Condition.EXCISE | Condition.PRINTER_IN_MACHINE,
        automatic=True,
        machine_number="A-1",
        agent=64,
    )
    old = decoded(fresh(FfdVersion.V1_05).do(Register(changed)))
    singles = {tag: old.get(tag) for tag in (1109, 1110, 1108, 1193, 1126, 1221, 1207, 1057, 1001)}
    assert singles == {1109: 0, 1110: 1, 1108: 1, 1193: 0, 1126: 0, 1221: 1, 1207: 1, 1057: 64, 1001: 1}
    assert old.get(1290) is None
    new = decoded(fresh().do(Register(changed)))
    assert new.get(1290) == 4 + 32 + 64 + 2
    assert new.get(1036) == "A-1"
    assert not {1109, 1110, 1108, 1193, 1126, 1221, 1207, 1057} & new.first.keys()


def test_offline_register_names_no_operator():
    till = fresh()
    document = decoded(till.do(Register(dataclasses.replace(REGISTRATION, offline=True, operator_inn=""))))
    assert document.get(1002) == 1
    assert 1017 not in document.first
    assert 1046 not in document.first
    assert till.state.unsent_count == 0


BAD = [
    {"rnm": "0000000017000000"},
    {"rnm": "12"},
    {"rnm": "0000 0000 1700 0000"},
    {"user_inn": "7702203277"},
    {"kkt_serial": "000000000018"},
    {"kkt_serial": " "},
    {"user_name": ""},
    {"address": ""},
    {"place": ""},
    {"tax_systems": 0},
    {"tax_systems": 64},
    {"operator_inn": ""},
    {"operator_name": ""},
    {"cashier_inn": "1"},
    {"automatic": True},
    {"conditions": 1},
    {"conditions": 1 << 17},
    {"agent": 128},
    {"user_name": "Café"},
    {"address": "а" * 257},
]


@pytest.mark.parametrize("change", BAD, ids=lambda change: next(iter(change)))
def test_parameters_that_cannot_be_registered(change):
    till = fresh()
    with pytest.raises(ParameterWrong) as caught:
        till.do(Register(dataclasses.replace(REGISTRATION, **change)))
    assert caught.value.result == 0x09
    assert till.state == fresh().state


@pytest.mark.parametrize("ffd", BOTH)
def test_change_of_parameters_with_reasons(ffd):
    till = closed(ffd)
    changed = dataclasses.replace(REGISTRATION, address="Тверь", operator_name="Другой", tax_systems=1)
    reasons = ChangeReason.ADDRESS | ChangeReason.OPERATOR_REPLACED | ChangeReason.TAX_SYSTEMS
    document = decoded(till.do(Reregister(changed, reasons)))
    assert check(document) == []
    assert document.code == 11
    assert document.get(1009) == "Тверь"
    if ffd is FfdVersion.V1_05:
        assert document.all(1101) == [2, 3, 4]
        assert 1157 not in document.first
    else:
        assert document.get(1205) == 8 + 2 + 128
        assert values_of(document.get(1157))[1134] == 1
    assert till.state.registration == changed
    assert till.state.registered_at == START


def test_new_drive_may_begin_with_the_report_of_its_replacement():
    till = fresh()
    document = decoded(till.do(Reregister(REGISTRATION, ChangeReason.DRIVE_REPLACED)))
    assert (document.code, document.fd_number, document.get(1205)) == (11, 1, 1)
    assert values_of(document.get(1157))[1134] == 0
    assert till.state.phase is Phase.FISCAL
    old = Till(new_drive(SERIAL, ffd=FfdVersion.V1_05))
    assert decoded(old.do(Reregister(REGISTRATION, 1))).all(1101) == [1]


def test_replacement_is_the_only_reason_on_a_new_drive_and_none_on_a_used_one():
    with pytest.raises(WrongState):
        fresh().do(Reregister(REGISTRATION, ChangeReason.ADDRESS))
    with pytest.raises(WrongState):
        closed().do(Reregister(REGISTRATION, ChangeReason.DRIVE_REPLACED))


def test_no_change_in_an_open_shift():
    with pytest.raises(WrongState):
        Till.working().do(Reregister(REGISTRATION, ChangeReason.ADDRESS))


@pytest.mark.parametrize("reasons", [0, -1, 1 << 40, 1 << 22])
def test_reasons_must_be_known(reasons):
    with pytest.raises(ParameterWrong):
        closed().do(Reregister(REGISTRATION, reasons))


def test_what_a_drive_keeps_for_life():
    for change in ({"rnm": "1" * 16}, {"user_inn": "500100732259"}, {"kkt_serial": "5"}):
        with pytest.raises(ParameterWrong, match="не меняются"):
            closed().do(Reregister(dataclasses.replace(REGISTRATION, **change), ChangeReason.OTHER))


def test_second_registration_is_refused():
    with pytest.raises(WrongState) as caught:
        closed().do(Register(REGISTRATION))
    assert caught.value.result == 0x02


def test_offline_mode_begins_only_when_all_is_sent():
    till = closed()
    offline = dataclasses.replace(REGISTRATION, offline=True)
    with pytest.raises(WrongState):
        till.do(Reregister(offline, ChangeReason.TO_OFFLINE))
    till.confirm_all()
    till.do(Reregister(offline, ChangeReason.TO_OFFLINE))
    assert till.state.unsent_count == 0
    back = till.do(Reregister(REGISTRATION, ChangeReason.TO_TRANSMITTING))
    assert till.state.unsent_count == 1
    assert till.state.unsent_from == back.fd_number
