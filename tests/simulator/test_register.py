"""A register in a folder: what it reports is on the disk, and the disk is what it is."""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from dataclasses import replace
from itertools import count

import pytest

from chekhov.ffd.checks import check
from chekhov.ffd.documents import document_decode
from chekhov.ffd.versions import FfdVersion
from chekhov.fn.errors import ClockWrong, ParameterWrong, WrongState
from chekhov.fn.state import state_from_json
from chekhov.ofdwire.container import Container
from chekhov.ofdwire.errors import RealDriveRefused
from chekhov.ofdwire.sealing import SignState, TestSealer
from chekhov.simulator import folder as folder_module
from chekhov.simulator.errors import FolderTaken
from chekhov.simulator.register import COMMIT_DOCUMENTS, SimulatedRegister

NOW = dt.datetime(2026, 11, 20, 10, 0)  # noqa: DTZ001


def documents_of(till):
    """All documents of the folder, decoded, in order."""
    return [document_decode(till.folder.message(fd)[62:]) for fd in range(1, till.state.last_fd + 1)]


def test_a_day_at_the_till(till):
    sold = list(till.sell(till.demo_orders(3, NOW), NOW))
    till.correct(till.demo_correction(NOW), NOW)
    till.state_report(NOW)
    till.shift_close(NOW + dt.timedelta(hours=9))
    till.drive_close(NOW + dt.timedelta(hours=10))
    documents = documents_of(till)
    assert [each.code for each in documents] == [1, 2, 3, 3, 3, 31, 21, 5, 6]
    assert [each.fd_number for each in documents] == list(range(1, 10))
    assert [each.raw for each in documents[2:5]] == [each.raw for each in sold]
    assert documents[7].get(1118) == 4
    for document in documents:
        assert [finding for finding in check(document) if finding.severity == "error"] == []


def test_every_message_is_signed_and_whole(till):
    for fd in (1, 2):
        container = Container.parse(till.folder.message(fd)[30:])
        assert TestSealer().unseal(container).sign_state is SignState.VERIFIED
        assert container.fd_number == fd


def test_the_state_survives_closing_the_folder(till):
    list(till.sell(till.demo_orders(2, NOW), NOW))
    state, path = till.state, till.folder.path
    till.folder.close()
    with SimulatedRegister.open(path) as again:
        assert again.state == state
        assert again.kkt_serial == till.kkt_serial
        list(again.sell(again.demo_orders(1, NOW), NOW))
        assert again.state.last_fd == state.last_fd + 1


def test_demo_receipts_follow_from_the_drive_alone(till):
    orders = list(till.demo_orders(4, NOW))
    assert orders == list(till.demo_orders(4, NOW))
    list(till.sell(orders[:1], NOW))
    assert orders != list(till.demo_orders(4, NOW))


def test_a_refusal_keeps_what_was_sold_before_it(till):
    orders = list(till.demo_orders(3, NOW))
    orders[2] = replace(orders[2], cash_kopecks=orders[2].cash_kopecks + 1)
    made = []
    with pytest.raises(ParameterWrong):
        made.extend(till.sell(iter(orders), NOW))
    assert till.state.last_fd == 4
    assert len(documents_of(till)) == 4
    assert state_from_json(till.folder.state["drive"]) == till.state


def test_more_receipts_than_one_write_takes(till):
    number = 2 * COMMIT_DOCUMENTS + 3
    assert len(list(till.sell(till.demo_orders(number, NOW), NOW))) == number
    assert [each.fd_number for each in documents_of(till)] == list(range(1, number + 3))


def test_a_refused_deed_leaves_no_trace(till):
    before = (till.folder.path / "state.json").read_bytes()
    files = sorted((till.folder.path / "documents").iterdir())
    with pytest.raises(ClockWrong):
        till.state_report(NOW - dt.timedelta(seconds=1))
    with pytest.raises(WrongState):
        till.shift_open(NOW)
    assert (till.folder.path / "state.json").read_bytes() == before
    assert sorted((till.folder.path / "documents").iterdir()) == files


def test_reregistration_changes_what_it_names(till):
    till.shift_close(NOW)
    till.reregister({"place": "Новое место"}, 8, NOW)
    assert till.state.registration.place == "Новое место"
    document = documents_of(till)[-1]
    assert (document.code, document.get(1187)) == (11, "Новое место")


def test_only_test_drives_and_empty_folders(tmp_path):
    make = {"model": "15", "ffd": FfdVersion.V1_2, "kkt_serial": "1"}
    with pytest.raises(RealDriveRefused):
        SimulatedRegister.create(tmp_path / "a", serial="7284440700000001", **make)
    assert not (tmp_path / "a").exists()
    SimulatedRegister.create(tmp_path / "b", serial="9999540000000001", **make).folder.close()
    with pytest.raises(FolderTaken):
        SimulatedRegister.create(tmp_path / "b", serial="9999540000000002", **make)


class Died(BaseException):
    """The process ends here."""


def test_death_at_every_step_of_a_sale_never_doubles_or_loses_a_number(tmp_path, registration, monkeypatch):
    for step in count(1):
        path = tmp_path / str(step)
        with SimulatedRegister.create(
            path,
            serial="9999540000000042",
            model="15",
            ffd=FfdVersion.V1_2,
            kkt_serial=registration.kkt_serial,
        ) as till:
            till.register(registration, NOW)
            till.shift_open(NOW)
        reported = []
        died = False
        with monkeypatch.context() as patch:
            left = [step]
            for name in ("write", "fsync", "replace"):
                patch.setattr(folder_module.os, name, _dying(getattr(os, name), left))
            with SimulatedRegister.open(path) as till:
                try:
                    for _ in range(2):
                        reported += [each.raw for each in till.sell(till.demo_orders(1, NOW), NOW)]
                except Died:
                    died = True
        with SimulatedRegister.open(path) as till:
            list(till.sell(till.demo_orders(1, NOW), NOW))
            documents = documents_of(till)
            assert [each.fd_number for each in documents] == list(range(1, till.state.last_fd + 1))
            kept = [each.raw for each in documents[2:]]
            assert kept[: len(reported)] == reported
            assert [document_decode(raw).get(1042) for raw in kept] == list(range(1, len(kept) + 1))
            till.shift_close(NOW)
            assert documents_of(till)[-1].get(1118) == len(kept)
        if not died:
            break
    assert step > 10


def _dying(real, left):
    def call(*args, **settings):
        left[0] -= 1
        if left[0] <= 0:
            raise Died
        return real(*args, **settings)

    return call


SELLER = textwrap.dedent("""
    import sys, datetime as dt
    from pathlib import Path
    from chekhov.simulator.register import SimulatedRegister
    now = dt.datetime(2026, 11, 20, 10, 0)
    with SimulatedRegister.open(Path(sys.argv[1])) as till:
        print("ready", flush=True)
        while True:
            for document in till.sell(till.demo_orders(1, now), now):
                print(document.fd_number, document.raw.hex(), flush=True)
""")


def test_kill_minus_nine_while_selling(till):
    path = till.folder.path
    till.folder.close()
    reported = {}
    for round_number in range(4):
        seller = subprocess.Popen(
            [sys.executable, "-c", SELLER, str(path)], stdout=subprocess.PIPE, text=True
        )
        assert seller.stdout.readline() == "ready\n"
        time.sleep(0.05 + 0.017 * round_number)
        seller.send_signal(signal.SIGKILL)
        text = seller.stdout.read()
        seller.stdout.close()
        seller.wait()
        for line in text.splitlines(keepends=True):
            if line.endswith("\n"):
                number, raw = line.split()
                assert int(number) not in reported
                reported[int(number)] = raw
    with SimulatedRegister.open(path) as again:
        documents = documents_of(again)
        assert [each.fd_number for each in documents] == list(range(1, again.state.last_fd + 1))
        for number, raw in reported.items():
            assert documents[number - 1].raw.hex() == raw
    assert len(reported) > 4


def test_the_folder_is_plain_files(till):
    value = json.loads((till.folder.path / "state.json").read_text())
    assert (value["format"], value["last_fd"], value["drive"]["serial"]) == (1, 2, "9999540000000042")
