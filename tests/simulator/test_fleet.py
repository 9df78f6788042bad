"""The fleet as a whole: processes, stages, honest figures."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from chekhov.ffd.versions import FfdVersion
from chekhov.simulator.errors import OperatorSilent
from chekhov.simulator.fleet import FleetOrder, fleet_run
from chekhov.simulator.fleet_registers import registers_make
from simulator.tiny_operator import tiny_operator

NOW = dt.datetime(2026, 11, 20, 10, 0)  # noqa: DTZ001


def order(operator, **settings):
    return replace(
        FleetOrder(
            host=operator.host, port=operator.port, started_at=NOW, seed=11, registers=12, seconds=0.8
        ),
        **settings,
    )


@pytest.mark.parametrize("processes", [1, 2])
def test_every_document_is_there_and_every_answer_verified(processes):
    stages = []
    with tiny_operator() as operator:
        tally = fleet_run(
            order(operator, processes=processes),
            lambda progress: stages.append((progress.stage, progress.documents)),
        )
        serials = {fn for fn, _ in operator.received}
        assert len(serials) == 12
        for fn in serials:
            numbers = operator.numbers_of(fn)
            assert numbers == list(range(1, len(numbers) + 1))
        opening = 24
        assert len(operator.stored) == tally.documents + tally.documents_late + opening == tally.verified
    assert not tally.errors
    assert tally.made_on_the_fly == 0
    assert tally.connections == 12
    assert {stage for stage, _ in stages} >= {"running", "verifying"}
    if processes == 1:  # two of them pass from stage to stage each at its own time
        order_of_stages = ["preparing", "opening", "running", "verifying"]
        places = [order_of_stages.index(stage) for stage, _ in stages]
        assert places == sorted(places)


def test_when_the_prepared_receipts_run_out_it_is_told():
    with tiny_operator() as operator:
        tally = fleet_run(order(operator, prepared_per_second=1, ffd=FfdVersion.V1_05))
        assert tally.documents > 12
        assert tally.made_on_the_fly >= tally.documents - 12
        assert not tally.errors


def test_the_same_seed_is_the_same_fleet():
    def first_messages(seed):
        registers = registers_make(FfdVersion.V1_2, range(3), seed=seed, started_at=NOW)
        messages = [[register.next_message() for _ in range(2)] for register in registers]
        for register in registers:
            register.opening_over()
        return messages + [[register.next_message() for _ in range(40)] for register in registers]

    assert first_messages(1) == first_messages(1)
    assert first_messages(1) != first_messages(2)


def test_prepared_receipts_are_those_made_on_the_fly():
    one, other = (registers_make(FfdVersion.V1_2, [0], seed=1, started_at=NOW)[0] for _ in range(2))
    other.prepare(5)
    one.opening_over()
    other.opening_over()
    assert [one.next_message() for _ in range(9)] == [other.next_message() for _ in range(9)]
    assert (one.made_on_the_fly, other.made_on_the_fly) == (9, 4)


def test_nobody_listens():
    with tiny_operator() as gone:
        pass
    with pytest.raises(OperatorSilent, match=r"12 of 12 registers could not open .* connect_refused"):
        fleet_run(order(gone))


def test_a_host_nobody_knows():
    with tiny_operator() as operator, pytest.raises(OperatorSilent, match=r"nowhere\.invalid is not known"):
        fleet_run(order(operator, host="nowhere.invalid"))


@pytest.mark.parametrize("wrong", [{"registers": 0}, {"seconds": 0}, {"processes": 13}, {"processes": 0}])
def test_orders_that_cannot_be(wrong):
    with tiny_operator() as operator, pytest.raises(ValueError):
        order(operator, **wrong)
