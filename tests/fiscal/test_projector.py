from __future__ import annotations

import datetime as dt
import random
import threading
import time

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chekhov.fiscal import projector
from chekhov.fiscal.errors import ClusterChanged, ProjectorBusy
from chekhov.fiscal.models import (
    DayCashier,
    DayItem,
    DayTotal,
    DayVat,
    DocumentRun,
    DriveState,
    FiscalDocument,
    HourTotal,
    IntakeMinute,
    ItemName,
    MonthItem,
    ProjectorCursor,
    Shift,
    ShiftTotal,
    ShiftVat,
)
from chekhov.fiscal.services import projections_rebuild
from chekhov.kkt.models import Registration, Standing
from fiscal.journalling import journal_write
from fiscal.messages import FN, FOREIGN_FN, MOMENT, RNM, message, receipt, sealed

DERIVED = (
    DriveState, DocumentRun, Shift, ShiftTotal, ShiftVat, IntakeMinute, Registration, Standing,
    DayTotal, HourTotal, DayVat, DayCashier, DayItem, MonthItem, ItemName,
)  # fmt: skip


def project(rows_max=projector.STEP_ROWS_MAX):
    total = 0
    while count := projector.step(rows_max=rows_max):
        total += count
    return total


def snapshot():
    """Everything derived, comparable."""
    return {model.__name__: sorted(map(repr, model.objects.values_list())) for model in DERIVED}


def life(fn=FN, shifts=3):
    """A drive's life: registration, shifts with receipts of both kinds, closing."""
    fd = 1
    registration = [
        (1013, "00000000000001"), (1188, "1.0"), (1009, "Москва, Садовая 1"), (1187, "Касса 1"), (1062, 1),
        (1048, "ООО Ромашка"), (1017, "9999999998  "), (1046, "Оператор"), (1001, 0), (1002, 0), (1108, 1), (1056, 0),
    ]  # fmt: skip
    yield message(1, fn, fd, registration)
    for number in range(1, shifts + 1):
        fd += 1
        yield message(2, fn, fd, [(1021, "Кассир")], shift=number, at=MOMENT + dt.timedelta(days=number))
        for index in range(4):
            fd += 1
            at = MOMENT + dt.timedelta(days=number, minutes=index)
            yield receipt(
                fn, fd, code=31 if index == 3 else 3, shift=number, operation=1 + index % 2, total=1000 + fd, at=at,
                cash=500,
            )  # fmt: skip
        fd += 1
        yield message(
            5, fn, fd, [(1118, 4), (1111, 6)], shift=number, at=MOMENT + dt.timedelta(days=number, hours=8)
        )
    yield message(6, fn, fd + 1, [(1021, "Кассир")])


def test_life_of_a_drive(test_database_url):
    journal_write(test_database_url, list(life()))
    assert project() == 1 + 3 * 6 + 1
    drive = DriveState.objects.get(fn=FN)
    assert (drive.rnm, drive.documents, drive.first_fd, drive.last_fd) == (RNM, 20, 1, 20)
    assert (drive.registered_fd, drive.closed_fd, drive.last_shift, drive.is_closed) == (1, 20, 3, True)
    assert list(DocumentRun.objects.values_list("first_fd", "last_fd")) == [(1, 20)]
    shift = Shift.objects.get(fn=FN, number=2)
    assert (shift.open_fd, shift.close_fd, shift.receipts, shift.corrections, shift.documents) == (
        8,
        13,
        3,
        1,
        6,
    )
    assert (shift.opened_at, shift.closed_at) == (
        MOMENT + dt.timedelta(days=2),
        MOMENT + dt.timedelta(days=2, hours=8),
    )
    sales = ShiftTotal.objects.get(fn=FN, number=2, operation=1, correction=False)
    assert (sales.receipts, sales.total_kopecks, sales.cash_kopecks) == (2, 1009 + 1011, 1000)
    registration = Registration.objects.get(fn=FN, fd=1)
    assert (registration.rnm, registration.user_name, registration.address) == (
        RNM,
        "ООО Ромашка",
        "Москва, Садовая 1",
    )
    assert (registration.tax_systems, registration.modes, registration.ofd_inn) == (1, [1108], "9999999998")
    assert Registration.objects.filter(fn=FN, fd=20, code=6).exists()


@pytest.mark.parametrize("seed", range(4))
def test_any_order_any_cutting_any_step_gives_the_same(test_database_url, seed):
    messages = [
        (whole, 1_795_000_000.0 + index) for index, whole in enumerate([*life(), *life(FOREIGN_FN, 2)])
    ]
    rng = random.Random(seed)
    rng.shuffle(messages)
    batches = []
    while messages:
        size = rng.randrange(1, 9)
        batches.append(messages[:size])
        messages = messages[size:]
    journal_write(test_database_url, *batches)
    project(rows_max=rng.choice([1, 3, 50]))
    assert snapshot() == expected_snapshot(test_database_url)


def expected_snapshot(url):
    """What projecting the whole journal in one go gives."""
    with connection.cursor() as sql:
        sql.execute(
            f"TRUNCATE {', '.join(model._meta.db_table for model in DERIVED)}, fiscal_projector_cursor"
        )
    assert snapshot() == {model.__name__: [] for model in DERIVED}
    assert project() == FiscalDocument.objects.count()
    return snapshot()


def test_rebuild_gives_what_there_was(test_database_url):
    whole = list(life())
    journal_write(test_database_url, whole[5:], [sealed(b"\x03\x00", FOREIGN_FN, 5, 3, trailer=b"")])
    project()
    journal_write(test_database_url, whole[:3])
    project()
    before = snapshot()
    assert before["DriveState"]
    told = []
    assert projections_rebuild(progress=told.append) == 19
    assert told[-1] == 19
    assert snapshot() == before
    assert project() == 0


def test_gaps_close_when_late_documents_come(test_database_url):
    for fds in ([1, 2, 5], [9, 10], [7], [3, 4], [6, 8]):
        journal_write(test_database_url, [receipt(fd=fd) for fd in fds])
        project()
    assert list(DocumentRun.objects.values_list("first_fd", "last_fd")) == [(1, 10)]


def test_rows_of_a_transaction_still_open_hold_back_only_what_began_later(test_database_url):
    journal_write(test_database_url, [receipt(fd=1)])
    with psycopg.connect(test_database_url) as other:
        other.execute("SELECT pg_current_xact_id()")
        journal_write(test_database_url, [receipt(fd=2)])
        assert project() == 1  # the second began after the open one, which may yet write a lower number
        other.rollback()
    assert project() == 1


def test_killed_between_deriving_and_commit_loses_and_doubles_nothing(test_database_url, monkeypatch):
    journal_write(test_database_url, list(life()))
    kill = RuntimeError("killed")

    def record(**_):
        raise kill

    with monkeypatch.context() as patched:
        patched.setattr(projector, "registrations_record", record)
        with pytest.raises(RuntimeError):
            projector.step()
    assert not DriveState.objects.exists()
    project()
    assert DriveState.objects.get().documents == 20
    assert snapshot() == expected_snapshot(test_database_url)


def test_two_projectors_at_once_derive_once(test_database_url):
    journal_write(test_database_url, *[[receipt(fd=fd)] for fd in range(1, 40)])
    counts = []

    def work():
        done = 0
        ends_at = time.monotonic() + 60
        try:
            while time.monotonic() < ends_at:
                try:
                    done += projector.step(rows_max=3)
                except ProjectorBusy:
                    time.sleep(0.001)
                if DriveState.objects.filter(documents__gte=39).exists():
                    break
        finally:
            connection.close()
        counts.append(done)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts) == 39
    assert DriveState.objects.get().documents == 39
    assert ShiftTotal.objects.get().receipts == 39


def test_one_transaction_of_more_rows_than_a_step_is_taken_whole(test_database_url):
    journal_write(test_database_url, [receipt(fd=fd) for fd in range(1, 12)], [receipt(fd=12)])
    assert projector.step(rows_max=5) == 11
    assert projector.step(rows_max=5) == 1


def test_data_of_another_cluster_are_refused_until_rebuilt(test_database_url):
    journal_write(test_database_url, [receipt(fd=1)], [receipt(fd=2)])
    project()
    before = snapshot()
    ProjectorCursor.objects.update(system_identifier=42)
    journal_write(test_database_url, [receipt(fd=3)])
    with pytest.raises(ClusterChanged, match="chekhov rebuild"):
        projector.step()
    stamps = dict(FiscalDocument.objects.values_list("fd", "xid"))
    assert projections_rebuild() == 3
    renewed = dict(FiscalDocument.objects.values_list("fd", "xid"))
    assert all(renewed[fd] > stamp for fd, stamp in stamps.items())
    assert snapshot() != before
    journal_write(test_database_url, [receipt(fd=4)])
    assert project() == 1
    assert DriveState.objects.get().documents == 4


def test_restored_journal_without_a_cursor_is_noticed(test_database_url):
    journal_write(test_database_url, [receipt(fd=1)])
    with connection.cursor() as sql:
        sql.execute("SET chekhov.restamp = 'on'")
        sql.execute("UPDATE fiscal_document SET xid = '9000000000'")
        sql.execute("RESET chekhov.restamp")
    with pytest.raises(ClusterChanged):
        projector.step()
    assert projections_rebuild() == 1


def test_speed_is_ample(test_database_url):
    journal_write(
        test_database_url, *[[receipt(fd=fd + part * 500) for fd in range(1, 501)] for part in range(4)]
    )
    began = time.process_time()
    with CaptureQueriesContext(connection) as asked:
        assert project() == 2000
    assert len(asked) < 50, "as many statements for a thousand documents as for one"
    assert time.process_time() - began < 2  # of our own work, whatever else the machine does; the goal is 0.4


def test_a_backlog_is_read_by_the_index(test_database_url):
    """Sorting all that waits at every step would take hours after a restore."""
    with connection.cursor() as sql:
        sql.execute("SET enable_seqscan = off")
        sql.execute("SET enable_bitmapscan = off")
        sql.execute(f"EXPLAIN {projector.READ_SQL}", ["0", 10])
        plan = "\n".join(row[0] for row in sql.fetchall())
        sql.execute("RESET ALL")
    assert "fiscal_document_xid" in plan
    assert "Sort" not in plan


def test_sums_that_no_register_has_stop_growing(test_database_url):
    """However much a malicious register adds, the projector is not stopped by it."""
    huge = 0xFFFF_FFFF_FFFF
    journal_write(test_database_url, [receipt(fd=fd, total=huge, cash=huge, vat=huge) for fd in (1, 2)])
    project()
    brink = 9_000_000_000_000_000_000
    DayTotal.objects.update(total_kopecks=brink, cash_kopecks=brink)
    DayItem.objects.update(total_kopecks=-brink)
    ShiftTotal.objects.update(total_kopecks=brink)
    ShiftVat.objects.update(amount_kopecks=brink)
    journal_write(test_database_url, [receipt(fd=3, total=huge, cash=huge, vat=huge)])
    assert project() == 1
    total = DayTotal.objects.get()
    assert (total.receipts, total.total_kopecks, total.ecash_kopecks) == (3, brink, 0)
    assert DayItem.objects.get().lines == 3
    assert ShiftVat.objects.get().amount_kopecks == brink


def test_names_with_every_character_are_kept_and_found_once(test_database_url):
    name = "Сок \"Сад\" \\ {1,2}, 'x' NULL 50% №7"
    journal_write(test_database_url, [receipt(fd=1, name=name, cashier=name[:40]), receipt(fd=2, name=name)])
    journal_write(test_database_url, [receipt(fd=3, name=f"  {name} ")])
    project(rows_max=2)
    assert ItemName.objects.get().name == name
    assert DayItem.objects.get().lines == 3
    assert set(DayCashier.objects.values_list("cashier", flat=True)) == {name[:40].rstrip(), "Кассир"}
