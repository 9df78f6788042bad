from __future__ import annotations

import dataclasses
import json

import pytest

from chekhov.ffd.versions import FfdVersion
from chekhov.fn.commands import Receipt
from chekhov.fn.state import (
    FnState,
    Phase,
    StateMalformed,
    new_drive,
    serial_compose,
    state_from_json,
    state_to_json,
    unsent,
)
from chekhov.ofdwire.errors import RealDriveRefused
from chekhov.values import BadRequisite
from fn.world import SERIAL, START, Till, order


def through_json(state: FnState) -> FnState:
    return state_from_json(json.loads(json.dumps(state_to_json(state))))


def test_new_drive_has_issued_nothing():
    state = new_drive(SERIAL)
    assert state.phase is Phase.READY
    assert state.ffd is FfdVersion.V1_2
    assert list(unsent(state)) == []
    assert state.unsent_count == 0
    assert state.expires_on is None
    assert state.days_left(START) == 470


def test_numbers_of_our_drives():
    assert serial_compose(0) == "9999540000000000"
    assert serial_compose(1234567890) == "9999541234567890"
    for sequence in (-1, 10**10):
        with pytest.raises(StateMalformed):
            serial_compose(sequence)


def test_real_numbers_are_refused():
    with pytest.raises(RealDriveRefused):
        new_drive("7380440812345678")
    with pytest.raises(BadRequisite):
        new_drive("99995412")


@pytest.mark.parametrize("change", [{"model": "7"}, {"ffd": FfdVersion.V1_1}, {"ffd": FfdVersion.V1_0}])
def test_only_known_models_and_issued_versions(change):
    with pytest.raises(StateMalformed):
        new_drive(SERIAL, **change)


@pytest.mark.parametrize(("model", "days"), [("13", 410), ("15", 470), ("36", 1110)])
def test_term_runs_from_registration(model, days):
    till = Till.working(model=model)
    assert till.state.expires_on is not None
    assert (till.state.expires_on - START.date()).days == days
    assert till.state.days_left(START) == days


def test_json_gives_the_same_state():
    assert through_json(new_drive(SERIAL)) == new_drive(SERIAL)
    till = Till.working()
    till.do(Receipt(order()))
    till.accept(till.answer(message_bits=4))
    assert through_json(till.state) == till.state
    assert through_json(till.state) != dataclasses.replace(till.state, last_fd=77)


@pytest.mark.parametrize(
    "change",
    [
        {"format": 2},
        {"phase": 2},
        {"ffd": "1.3"},
        {"model": "99"},
        {"serial": "12"},
        {"unsent_from": 0},
        {"unsent_from": 9},
        {"last_at": "вчера"},
        {"unsent": [[1]]},
        {"shift": {}},
        {"registration": {"rnm": "1"}},
        {"turnover": None},
    ],
)
def test_json_of_something_else_is_our_error(change):
    value = {**state_to_json(Till.working().state), **change}
    with pytest.raises(StateMalformed):
        state_from_json(value)


@pytest.mark.parametrize("key", list(state_to_json(new_drive(SERIAL))))
def test_nothing_may_be_missing(key):
    value = state_to_json(new_drive(SERIAL))
    del value[key]
    with pytest.raises(StateMalformed):
        state_from_json(value)
