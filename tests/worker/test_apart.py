import threading
import time

import pytest

from chekhov.worker.apart import Apart
from waiting import until


def until_told(apart):
    told = []
    until(lambda: told.append(apart()) or told[-1])
    return told[-1]


@pytest.mark.django_db(transaction=True)
def test_the_loop_does_not_wait_and_is_told_the_outcome():
    go, runs = threading.Event(), []

    def run():
        runs.append(1)
        assert go.wait(60)
        return 7

    apart = Apart(run, lambda: not runs)
    began = time.monotonic()
    assert [apart() for _ in range(3)] == [0, 0, 0]
    assert time.monotonic() - began < 20
    go.set()
    assert until_told(apart) == 7
    assert runs == [1]
    assert apart() == 0


@pytest.mark.django_db(transaction=True)
def test_an_error_is_told_once_and_the_next_run_begins_anew():
    outcomes = [OSError("away"), 3]

    def run():
        outcome = outcomes.pop(0)
        if isinstance(outcome, OSError):
            raise outcome
        return outcome

    apart = Apart(run, lambda: bool(outcomes))
    assert apart() == 0
    apart.wait(60)
    with pytest.raises(OSError, match="away"):
        apart()
    assert until_told(apart) == 3


def test_nothing_due_is_nothing_run():
    apart = Apart(lambda: pytest.fail("ran"), lambda: False)
    assert apart() == apart() == 0
