"""The demo's plan and its run: the same plan, the same bytes; interrupted and repeated without doubles."""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter

import pytest

from chekhov.errors import Malformed
from chekhov.ffd.checks import check
from chekhov.ffd.documents import document_decode
from chekhov.fn.commands import CloseShift, OpenShift, Receipt, Register
from chekhov.fn.state import Phase
from chekhov.ofdwire.container import Container
from chekhov.ofdwire.sealing import SignState, TestSealer
from chekhov.simulator import demo_run
from chekhov.simulator.demo_plan import (
    COMPANIES,
    DAYS_LEFT_OF_OLD,
    MONTHS_MAX,
    REGISTERS,
    STRANGER,
    DemoPlan,
    Oddity,
    plan_of_rnm,
)
from chekhov.simulator.demo_run import Filler, Notes, documents_planned, fill, filled
from chekhov.simulator.errors import OperatorSilent
from chekhov.values import Inn, Kpp, Ogrn, RegistrationNumber
from simulator.tiny_operator import TinyOperator, tiny_operator

LAST_DAY = dt.date(2026, 11, 20)
OPERATOR = {"operator_inn": "9999999998", "operator_name": "Оператор"}
PLAN = DemoPlan(LAST_DAY, 1, **OPERATOR)


def test_requisites_are_valid():
    for company in (*COMPANIES, STRANGER):
        assert Inn(company.inn), Kpp(company.kpp)
        assert Ogrn(company.ogrn)
    for register in REGISTERS:
        number = RegistrationNumber(PLAN.rnm(register))
        assert number.check_digits_match(register.company.inn, PLAN.kkt_serial(register))
        assert PLAN.fn_serial(register).startswith("9999")
    assert len({PLAN.fn_serial(register) for register in REGISTERS}) == 9
    assert sum(register.listed for register in REGISTERS) == 8
    assert [
        len([each for each in REGISTERS if each.listed and each.company is company]) for company in COMPANIES
    ] == [5, 3]


def test_the_plan_can_be_read_from_a_registration_number():
    for months in (1, 3, MONTHS_MAX):
        plan = DemoPlan(LAST_DAY, months, **OPERATOR)
        for register in REGISTERS:
            assert plan_of_rnm(plan.rnm(register), **OPERATOR) == plan
    assert plan_of_rnm("0000000005008570", **OPERATOR) is None
    assert plan_of_rnm("2611200301000000", **OPERATOR) is None
    with pytest.raises(Malformed):
        plan_of_rnm("words", **OPERATOR)


@pytest.mark.parametrize("register", REGISTERS, ids=lambda register: str(register.number))
def test_days_are_in_order_and_repeatable(register):
    earlier = None
    for index in range(PLAN.days):
        commands = list(PLAN.commands(register, index))
        assert commands == list(PLAN.commands(register, index))
        moments = [moment for moment, _ in commands]
        assert moments == sorted(moments)
        assert earlier is None or earlier < moments[0]
        earlier = moments[-1]
        kinds = [type(command) for _, command in commands]
        assert kinds[:-1].count(CloseShift) == 0
        assert kinds[-1] is CloseShift
        assert kinds[:2] == [Register, OpenShift] if index == 0 else kinds[0] is OpenShift
        assert kinds.count(Receipt) == PLAN.receipts_on(register, index)
        for number in PLAN.odd_on(register, index):
            assert kinds[number - 1] is Receipt
        assert (moments[-1] - moments[kinds.index(OpenShift)]) < dt.timedelta(hours=24)


def test_each_oddity_happens_once():
    for months in (1, 3):
        plan = DemoPlan(LAST_DAY, months, **OPERATOR)
        odd = Counter(
            oddity
            for register in REGISTERS
            for index in range(plan.days)
            for oddity in plan.odd_on(register, index).values()
        )
        assert odd == dict.fromkeys(Oddity, 1)


def test_months_have_bounds():
    for months in (0, MONTHS_MAX + 1):
        with pytest.raises(ValueError):
            DemoPlan(LAST_DAY, months, **OPERATOR)


@pytest.fixture(scope="module")
def filled_operator(tmp_path_factory):
    """An operator that a whole month of demo was sent to, and the notes."""
    notes = Notes(tmp_path_factory.mktemp("demo"))
    told = Counter()
    lock = threading.Lock()

    def on_document(documents):
        with lock:
            told["documents"] += documents

    with tiny_operator() as operator:
        sent = fill(PLAN, notes, host=operator.host, port=operator.port, on_document=on_document)
        assert sent == told["documents"]
        yield operator, notes


def test_all_is_there_but_for_the_gap(filled_operator):
    operator, notes = filled_operator
    assert filled(PLAN, notes)
    missing = {}
    for register in REGISTERS:
        serial = PLAN.fn_serial(register)
        place = notes.read(PLAN, register)
        numbers = {fd for fn, fd in operator.stored if fn == serial}
        missing[register.number] = len(set(range(1, place.drive.last_fd + 1)) - numbers)
        assert (place.drive.unsent_count, place.drive.shift, place.drive.phase) == (0, None, Phase.FISCAL)
        assert place.drive.last_shift == PLAN.days
    assert missing == {1: 0, 2: 1} | dict.fromkeys(range(3, 10), 0)
    assert len(operator.stored) == pytest.approx(documents_planned(PLAN), rel=0.02)


def test_one_receipt_is_faulty_one_drive_foreign_one_conflict(filled_operator):
    operator, _ = filled_operator
    sealer = TestSealer()
    faulty = Counter()
    states = {register.number: set() for register in REGISTERS}
    by_serial = {PLAN.fn_serial(register): register.number for register in REGISTERS}
    for (serial, _), (container, _) in operator.stored.items():
        unsealed = sealer.unseal(Container.parse(container))
        states[by_serial[serial]].add(unsealed.sign_state)
        findings = check(document_decode(unsealed.document_bytes))
        if any(finding.severity == "error" for finding in findings):
            faulty[by_serial[serial]] += 1
    assert faulty == {4: 1}
    assert states == {number: {SignState.VERIFIED} for number in range(1, 10)} | {8: {SignState.UNVERIFIED}}
    assert [by_serial[serial] for serial, _ in operator.conflicts] == [1]


def test_one_drive_is_near_its_end(filled_operator):
    _, notes = filled_operator
    left = {
        register.number: notes.read(PLAN, register).drive.days_left(
            dt.datetime.combine(LAST_DAY, dt.time(12))
        )
        for register in REGISTERS
    }
    assert 0 < left[5] <= DAYS_LEFT_OF_OLD + 1
    assert min(days for number, days in left.items() if number != 5) > 300


def test_again_there_is_nothing_to_do(filled_operator):
    operator, notes = filled_operator
    before = len(operator.received)
    assert fill(PLAN, notes, host=operator.host, port=operator.port) == 0
    assert len(operator.received) == before


def test_with_lost_notes_the_same_bytes_are_sent_again(filled_operator, tmp_path):
    operator, _ = filled_operator
    stored, conflicts = dict(operator.stored), len(operator.conflicts)
    register = REGISTERS[3]
    Filler(PLAN, register, Notes(tmp_path)).run(operator.host, operator.port, threading.Event())
    assert operator.stored == stored
    assert len(operator.conflicts) == conflicts


def test_interrupted_it_goes_on(tmp_path, monkeypatch):
    register = REGISTERS[8]
    with tiny_operator() as operator:
        stop = threading.Event()
        done = Counter()

        def told(documents):
            done["documents"] += documents
            if done["documents"] == 100:
                stop.set()

        first = Filler(PLAN, register, Notes(tmp_path), told).run(operator.host, operator.port, stop)
        assert first == 100
        assert 0 < Notes(tmp_path).read(PLAN, register).days_done < PLAN.days
        rest = Filler(PLAN, register, Notes(tmp_path)).run(operator.host, operator.port, threading.Event())
        assert operator.conflicts == []
        assert len(operator.stored) < first + rest <= len(operator.stored) + demo_run.NOTED_DAYS * 16
        assert Notes(tmp_path).read(PLAN, register).days_done == PLAN.days


def test_a_note_of_something_else_is_no_note(tmp_path):
    notes, register = Notes(tmp_path), REGISTERS[0]
    path = tmp_path / f"{PLAN.fn_serial(register)}.json"
    for text in ("", "{}", "[]", '{"days_done": 3, "drive": {}}', "\x00"):
        path.write_text(text)
        assert notes.read(PLAN, register) is None
    assert not filled(PLAN, notes)


def test_an_operator_that_goes_away_ends_the_run(tmp_path, monkeypatch):
    monkeypatch.setattr(demo_run, "RETRY_PAUSE_SECONDS", 0)
    operator = TinyOperator()
    closer = threading.Timer(0.5, operator.close)
    closer.start()
    with pytest.raises(OperatorSilent, match="5 attempts"):
        fill(
            DemoPlan(LAST_DAY, MONTHS_MAX, **OPERATOR),
            Notes(tmp_path),
            host=operator.host,
            port=operator.port,
        )
    closer.join()
