"""Sending: strict order, retries, answers judged by the drive, nothing lost in between."""

from __future__ import annotations

import datetime as dt

import pytest

from chekhov.errors import Unavailable
from chekhov.fn.state import unsent
from chekhov.links.ofd import OfdLink
from chekhov.simulator.delivery import Patience, deliver_unsent
from chekhov.simulator.errors import ConfirmationRefused, OperatorSilent
from chekhov.simulator.register import SimulatedRegister
from simulator.tiny_operator import tiny_operator

NOW = dt.datetime(2026, 11, 20, 10, 0)  # noqa: DTZ001
QUICK = Patience(retries_max=3, pause_seconds=0)


def sent(till, operator, **settings):
    pauses = []
    failures = []
    with OfdLink(operator.host, operator.port, answer_timeout_seconds=5) as link:
        done = list(
            deliver_unsent(
                till,
                link,
                patience=settings.pop("patience", QUICK),
                on_failure=lambda *failure: failures.append(failure),
                sleep=pauses.append,
                **settings,
            )
        )
    return done, failures, pauses


def test_all_in_order_over_one_connection(till, operator):
    list(till.sell(till.demo_orders(5, NOW), NOW))
    till.shift_close(NOW)
    done, failures, _ = sent(till, operator)
    assert operator.numbers_of(till.state.serial) == list(range(1, 9)) == [each.fd_number for each in done]
    assert [each.code for each in done] == [1, 2, 3, 3, 3, 3, 3, 5]
    assert (failures, operator.connections) == ([], 1)
    assert till.state.unsent_count == 0
    assert all(till.folder.answer(fd) == operator.stored[till.state.serial, fd][1][30:] for fd in range(1, 9))


def test_a_second_time_there_is_nothing_to_send(till, operator):
    sent(till, operator)
    assert sent(till, operator) == ([], [], [])
    path = till.folder.path
    till.folder.close()
    with SimulatedRegister.open(path) as again:
        assert not unsent(again.state)


def test_closing_after_each_answer_is_no_failure(till):
    with tiny_operator(close_after_each=True) as operator:
        list(till.sell(till.demo_orders(3, NOW), NOW))
        done, _, _ = sent(till, operator)
        assert len(done) == 5
        assert operator.conflicts == []


def test_a_lost_answer_is_asked_for_again(till, operator):
    operator.closes_without_answer = 2
    done, failures, pauses = sent(till, operator)
    assert [each.attempts for each in done] == [3, 1]
    assert [failure[:2] for failure in failures] == [(1, 1), (1, 2)]
    assert len(pauses) == 2
    assert operator.numbers_of(till.state.serial) == [1, 1, 1, 2]


def test_after_all_retries_it_is_given_up_and_the_rest_waits(till, operator):
    sent(till, operator)
    list(till.sell(till.demo_orders(2, NOW), NOW))
    operator.closes_without_answer = 10**6
    with pytest.raises(OperatorSilent, match="document 3 was not confirmed in 4 attempts"):
        sent(till, operator)
    assert list(unsent(till.state)) == [3, 4]
    operator.closes_without_answer = 0
    assert len(sent(till, operator)[0]) == 2


def test_keep_going_rests_and_begins_anew(till, operator):
    operator.closes_without_answer = 9
    patience = Patience(retries_max=3, pause_seconds=0.5, keep_going=True, rest_seconds=60)
    done, failures, pauses = sent(till, operator, patience=patience)
    assert len(done) == 2
    assert len(failures) == 9
    assert pauses == [0.5, 0.5, 0.5, 60, 0.5, 0.5, 0.5, 60, 0.5]


def test_nobody_listens(till):
    with tiny_operator() as gone:
        address = gone
    with pytest.raises(OperatorSilent) as caught:
        sent(till, address)
    assert isinstance(caught.value, Unavailable)
    assert till.state.unsent_count == 2


def test_a_forged_answer_is_refused_by_the_drive(till, operator):
    operator.spoils_answers = 10**6
    with pytest.raises(ConfirmationRefused, match="0x20, reason 5") as caught:
        sent(till, operator)
    assert (caught.value.fd_number, caught.value.reason) == (1, 5)
    assert list(unsent(till.state)) == [1, 2]


def test_one_forged_answer_among_good_ones_is_got_over(till, operator):
    operator.spoils_answers = 1
    done, failures, _ = sent(till, operator)
    assert [each.attempts for each in done] == [2, 1]
    assert "reason 5" in failures[0][2]


def test_what_was_confirmed_before_an_interruption_is_kept(till, operator):
    list(till.sell(till.demo_orders(4, NOW), NOW))
    path = till.folder.path
    with OfdLink(operator.host, operator.port) as link:
        delivering = deliver_unsent(till, link, patience=QUICK)
        assert [next(delivering).fd_number for _ in range(3)] == [1, 2, 3]
        delivering.close()
    till.folder.close()
    with SimulatedRegister.open(path) as again:
        assert list(unsent(again.state)) == [4, 5, 6]
        done, _, _ = sent(again, operator)
        assert [each.fd_number for each in done] == [4, 5, 6]
    assert operator.conflicts == []


def test_a_kill_before_the_answers_are_written_costs_only_a_repeat(till, operator):
    """The folder as it was before sending, as a kill would leave it: everything is sent again."""
    before = (till.folder.path / "state.json").read_bytes()
    sent(till, operator)
    path = till.folder.path
    till.folder.close()
    (path / "state.json").write_bytes(before)
    with SimulatedRegister.open(path) as again:
        assert list(unsent(again.state)) == [1, 2]
        sent(again, operator)
        assert not unsent(again.state)
    assert operator.numbers_of(again.state.serial) == [1, 2, 1, 2]
    assert operator.conflicts == []


def test_what_the_operator_says_is_kept_and_repeated(till, operator):
    operator.message_bits = 4
    done, _, _ = sent(till, operator)
    bits = 4 if till.state.ffd.label == "1.2" else 0
    assert [each.result.message_bits for each in done] == [bits, bits]
    assert till.state.operator_message == bits
