from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from chekhov.errors import RuleBroken
from chekhov.fn import commands as cmd
from chekhov.fn.drive import DEEDS, apply
from chekhov.fn.errors import (
    ArchiveFull,
    ClockWrong,
    ConfirmationWaitOver,
    DriveRefused,
    LifetimeOver,
    ShiftTooLong,
    WrongState,
)
from chekhov.fn.orders import CorrectionOrder
from chekhov.fn.registration import ChangeReason
from chekhov.fn.state import Phase, new_drive
from fn.world import REGISTRATION, SEALER, SERIAL, START, Till, order

RECEIPT = cmd.Receipt(order())
CORRECTION = cmd.Correction(CorrectionOrder(receipt=order(), settled_on=START.date()))
CHANGE = cmd.Reregister(REGISTRATION, ChangeReason.OTHER)
COMMANDS = {
    "register": cmd.Register(REGISTRATION),
    "change": CHANGE,
    "open": cmd.OpenShift(),
    "receipt": RECEIPT,
    "correction": CORRECTION,
    "report": cmd.StateReport(),
    "close": cmd.CloseShift(),
    "close_drive": cmd.CloseDrive(),
}


def in_state(name: str) -> Till:
    if name == "new":
        return Till(new_drive(SERIAL))
    till = Till.working()
    if name == "open":
        return till
    till.do(cmd.CloseShift())
    if name == "closed":
        return till
    till.do(cmd.CloseDrive())
    if name == "sent":
        till.confirm_all()
    return till


ALLOWED = {
    "new": {"register"},
    "closed": {"change", "open", "report", "close_drive"},
    "open": {"receipt", "correction", "report", "close"},
    "sending": set(),
    "sent": set(),
}


@pytest.mark.parametrize("state", ALLOWED)
@pytest.mark.parametrize("command", COMMANDS)
def test_what_may_be_done_in_which_state(state, command):
    till = in_state(state)
    before = till.state
    if command in ALLOWED[state]:
        issued = till.do(COMMANDS[command])
        assert issued.fd_number == before.last_fd + 1 == till.state.last_fd
    else:
        with pytest.raises(WrongState) as caught:
            till.do(COMMANDS[command])
        assert caught.value.result == 0x02
        assert till.state is before


def test_every_command_has_a_deed():
    assert {type(command) for command in COMMANDS.values()} == set(DEEDS)
    assert {cmd.AcceptConfirmation, *DEEDS} == set(cmd.Command.__args__)


def test_results_are_those_of_real_drives():
    codes = {error.__name__: error.result for error in DriveRefused.__subclasses__()}
    assert codes == {
        "WrongState": 0x02,
        "LifetimeOver": 0x05,
        "ArchiveFull": 0x06,
        "ClockWrong": 0x07,
        "ParameterWrong": 0x09,
        "DocumentTooLong": 0x10,
        "ConfirmationWaitOver": 0x15,
        "ShiftTooLong": 0x16,
    }
    assert len({error.code for error in DriveRefused.__subclasses__()}) == len(codes)
    assert issubclass(DriveRefused, RuleBroken)


@pytest.mark.parametrize("command", [RECEIPT, CORRECTION])
def test_shift_lasts_24_hours(command):
    till = Till.working()
    till.do(command, hours=24)
    with pytest.raises(ShiftTooLong):
        till.do(command, seconds=1)
    till.do(cmd.StateReport())
    till.do(cmd.CloseShift(), days=1)
    till.do(cmd.OpenShift())
    till.do(command)


def test_unconfirmed_for_30_days_blocks_work_and_not_its_end():
    till = Till.working()
    till.do(cmd.CloseShift(), days=30)
    till.do(cmd.OpenShift())
    for command in (RECEIPT, CORRECTION):
        with pytest.raises(ConfirmationWaitOver):
            till.do(command, seconds=1)
    till.do(cmd.StateReport())
    till.do(cmd.CloseShift())
    for command in (cmd.OpenShift(), CHANGE):
        with pytest.raises(ConfirmationWaitOver):
            till.do(command)
    till.accept(till.answer())  # the opening report of that day is as old
    with pytest.raises(ConfirmationWaitOver):
        till.do(cmd.OpenShift())
    till.accept(till.answer())
    till.do(cmd.OpenShift())


def test_unconfirmed_drive_may_be_closed():
    till = in_state("closed")
    till.do(cmd.CloseDrive(), days=40)
    assert till.state.phase is Phase.CLOSED_SENDING


@pytest.mark.parametrize(("model", "days"), [("13", 410), ("15", 470), ("36", 1110)])
def test_keys_live_for_their_days(model, days):
    till = Till.working(model=model)
    till.confirm_all()
    till.do(cmd.CloseShift(), days=days)
    till.do(cmd.OpenShift())
    till.confirm_all()
    till.do(RECEIPT)
    with pytest.raises(LifetimeOver) as caught:
        till.do(RECEIPT, hours=23 - till.now.hour, minutes=60)
    assert caught.value.result == 0x05
    till.do(cmd.CloseShift())
    for command in (cmd.OpenShift(), CHANGE):
        with pytest.raises(LifetimeOver):
            till.do(command)
    till.do(cmd.StateReport())
    till.do(cmd.CloseDrive())


def nearly_full(till: Till, left: int) -> Till:
    last_fd = 250_000 - left
    till.state = dataclasses.replace(till.state, last_fd=last_fd, unsent_from=last_fd + 1, unsent_at=None)
    return till


def test_last_places_are_kept_for_closing():
    till = nearly_full(in_state("open"), 3)
    till.do(RECEIPT)
    for command in (RECEIPT, CORRECTION, cmd.StateReport()):
        with pytest.raises(ArchiveFull) as caught:
            till.do(command)
        assert caught.value.result == 0x06
    till.do(cmd.CloseShift())
    for command in (cmd.OpenShift(), CHANGE, cmd.StateReport()):
        with pytest.raises(ArchiveFull):
            till.do(command)
    assert till.do(cmd.CloseDrive()).fd_number == 250_000


@pytest.mark.parametrize(("state", "command"), [("open", cmd.CloseShift()), ("closed", cmd.CloseDrive())])
def test_no_number_is_beyond_the_last(state, command):
    till = nearly_full(in_state(state), 0)
    with pytest.raises(ArchiveFull):
        till.do(command)


@pytest.mark.parametrize("command", [RECEIPT, cmd.StateReport(), cmd.CloseShift()])
def test_clock_may_stand_but_not_go_back(command):
    till = in_state("open")
    till.do(command)
    till = in_state("open")
    before = till.state
    with pytest.raises(ClockWrong) as caught:
        till.do(command, seconds=-1)
    assert caught.value.result == 0x07
    assert till.state is before


@pytest.mark.parametrize(
    "moment", ["2015-12-31T23:59:59", "2100-01-01T00:00:00", "2026-03-02T09:00:00+03:00"]
)
def test_moments_no_drive_writes(moment):
    with pytest.raises(ClockWrong):
        apply(new_drive(SERIAL), cmd.Register(REGISTRATION), dt.datetime.fromisoformat(moment), SEALER)


def test_new_drive_has_nothing_to_confirm():
    till = in_state("new")
    answer = in_state("open").answer()
    outcome = till.accept(answer)
    assert outcome.result is not None
    assert outcome.result.refusal == 3


def test_thousands_of_unsent_documents_do_not_weigh():
    till = in_state("open")
    sample = till.do(RECEIPT)
    for _ in range(200):
        till.do(RECEIPT)
    assert till.state.unsent_count == 203
    assert till.state.unsent[0].documents == 201
    grown = len(repr(till.state)) - len(repr(in_state("open").state))
    assert grown < 200
    assert len(sample.container) < 1000
