from __future__ import annotations

import threading
import time
from itertools import pairwise

import psycopg
import pytest
from django.db import OperationalError, connection

from chekhov.db.heartbeat import beats
from chekhov.fiscal import projector
from chekhov.fiscal.errors import ProjectorBusy
from chekhov.fiscal.models import DriveState
from chekhov.worker import loop, schedule
from chekhov.worker.loop import Worker
from chekhov.worker.schedule import SCHEDULE, Deed
from fiscal.journalling import journal_write
from fiscal.messages import receipt
from waiting import until


@pytest.fixture
def working():
    """Run a worker on a thread until the test is over."""
    started = []

    def start(deeds=SCHEDULE):
        worker = Worker(deeds)

        def main():
            try:
                worker.run()
            finally:
                connection.close()

        thread = threading.Thread(target=main)
        thread.start()
        started.append((worker, thread))
        return worker

    yield start
    for worker, thread in started:
        worker.stop()
        thread.join(30)
        assert not thread.is_alive()


def test_new_documents_are_projected_soon(test_database_url, working):
    working()
    for fd in (1, 2):
        journal_write(test_database_url, [receipt(fd=fd)])
        until(lambda: DriveState.objects.filter(documents=fd).exists())  # noqa: B023


def test_it_gives_signs_of_life_and_takes_its_own_away(test_database_url, working):
    worker = working()
    until(lambda: [beat for beat in beats() if beat.kind == "worker" and beat.alive])
    worker.stop()
    until(lambda: not [beat for beat in beats() if beat.kind == "worker"])


def test_it_survives_its_connection_being_cut(test_database_url, working, monkeypatch):
    monkeypatch.setattr(loop, "FAILURE_PAUSE_SECONDS", 0.05)
    working()
    journal_write(test_database_url, [receipt(fd=1)])
    until(lambda: DriveState.objects.filter(documents=1).exists())
    with psycopg.connect(test_database_url, autocommit=True) as killer:
        killer.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND pid <> %s",
            [connection.connection.info.backend_pid],
        )
    journal_write(test_database_url, [receipt(fd=2)])
    until(lambda: DriveState.objects.filter(documents=2).exists())


def test_deed_that_fails_is_told_in_the_sign_of_life_and_spares_the_others(
    test_database_url, working, monkeypatch
):
    monkeypatch.setattr(loop, "FAILURE_PAUSE_SECONDS", 0.02)
    done = []
    failing = [True]

    def fail():
        if failing[0]:
            raise OperationalError("away")
        return 0

    worker = working(
        [Deed("fails", fail, 0.01, 0.02), Deed("works", lambda: done.append(1) or 0, 0.01, 0.02)]
    )
    until(lambda: len(done) > 5)
    assert worker.details()["trouble"] == ["fails: OperationalError"]
    failing[0] = False
    until(lambda: "trouble" not in worker.details())


def test_idle_deed_is_asked_ever_more_seldom(test_database_url, working):
    asked = []
    working([Deed("idle", lambda: asked.append(time.monotonic()) or 0, 0.01, 0.2)])
    until(lambda: len(asked) >= 7)
    pauses = [later - earlier for earlier, later in pairwise(asked)]
    assert pauses[-1] >= 0.19 > min(pauses)


def test_busy_projector_is_no_failure(monkeypatch):
    def busy(**_):
        raise ProjectorBusy

    monkeypatch.setattr(projector, "step", busy)
    assert schedule.journal_project() == 0
