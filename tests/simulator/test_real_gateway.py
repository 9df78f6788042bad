"""The simulator against the real gateway and a real database: what it meant to send is what is stored."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest

from chekhov.ffd.versions import FfdVersion
from chekhov.fiscal.verdicts import SignMark, Verdict
from chekhov.links.ofd import OfdLink
from chekhov.simulator.delivery import deliver_unsent
from chekhov.simulator.demo_plan import REGISTERS, DemoPlan
from chekhov.simulator.demo_run import Notes, fill
from chekhov.simulator.fleet import FleetOrder, fleet_run
from gateway.conftest import gateway, quarantine, query, stored  # noqa: F401 — fixtures

NOW = dt.datetime(2026, 11, 20, 10, 0)  # noqa: DTZ001


def test_a_till_is_stored_byte_for_byte(till, gateway, stored):  # noqa: F811
    port = gateway().port
    list(till.sell(till.demo_orders(12, NOW), NOW))
    till.correct(till.demo_correction(NOW), NOW)
    till.state_report(NOW)
    till.shift_close(NOW + dt.timedelta(hours=2))
    till.drive_close(NOW + dt.timedelta(hours=3))
    with OfdLink("127.0.0.1", port) as link:
        done = list(deliver_unsent(till, link))
    assert [each.result.response_code for each in done] == [0] * len(done)
    assert [each.result.message_bits for each in done] == [0] * len(done)
    rows = stored()
    assert [row[1] for row in rows] == list(range(1, till.state.last_fd + 1))
    for _, fd, container, answer in rows:
        assert container == till.folder.message(fd)[30:]
        assert answer[30:] == till.folder.answer(fd)


@pytest.mark.parametrize("ffd", [FfdVersion.V1_2, FfdVersion.V1_05])
@pytest.mark.parametrize("one_each", [False, True])
def test_a_fleet_has_no_errors_and_all_is_stored(gateway, query, ffd, one_each):  # noqa: F811
    order = FleetOrder(
        host="127.0.0.1",
        port=gateway().port,
        started_at=NOW,
        seed=3,
        registers=30,
        seconds=1,
        ffd=ffd,
        one_connection_per_document=one_each,
    )
    tally = fleet_run(order)
    assert not tally.errors
    assert tally.verified == tally.documents + tally.documents_late + 60
    ((documents, drives, verdicts, signs),) = query(
        "SELECT count(*), count(DISTINCT fn), max(verdict), max(sign_state) FROM fiscal_document"
    )
    assert (documents, drives) == (tally.verified, 30)
    assert (verdicts, signs) == (Verdict.CLEAN, SignMark.VERIFIED)


def test_the_demo_is_as_odd_as_it_means_to_be(gateway, query, quarantine, tmp_path):  # noqa: F811
    plan = DemoPlan(dt.date(2026, 11, 19), 1, operator_inn="9999999998", operator_name="Оператор")
    sent = fill(plan, Notes(tmp_path), host="127.0.0.1", port=gateway().port)
    rows = query("SELECT fn, fd, verdict, sign_state FROM fiscal_document")
    assert len(rows) == sent - 1  # one number was never sent
    by_serial = {plan.fn_serial(register): register.number for register in REGISTERS}
    faulty = Counter(by_serial[fn] for fn, _, verdict, _ in rows if verdict != Verdict.CLEAN)
    assert faulty == {4: 1}
    unverified = {by_serial[fn] for fn, _, _, sign in rows if sign == SignMark.UNVERIFIED}
    assert unverified == {8}
    (refused,) = quarantine(1)
    assert (refused[0], refused[1], by_serial[refused[2]]) == ("key_conflict", True, 1)
