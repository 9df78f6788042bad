from __future__ import annotations

import datetime as dt

import pytest

from chekhov.accounts.models import User
from chekhov.fiscal import projector, selectors
from chekhov.fiscal.errors import (
    DocumentNotFound,
    QuarantinedNotFound,
    QuarantinedResolved,
    ShiftNotFound,
)
from chekhov.fiscal.models import IntakeMinute, Quarantined
from chekhov.fiscal.selectors import Gap
from chekhov.fiscal.selectors_pages import drives_page
from chekhov.fiscal.services import quarantine_resolve
from chekhov.kkt.models import Kkt
from chekhov.orgs.models import Organisation
from fiscal.journalling import journal_write
from fiscal.messages import FN, RNM, receipt

NOW = dt.datetime(2026, 11, 20, 10, 0, 15, tzinfo=dt.UTC)


def project():
    while projector.step():
        pass


def test_register_added_later_takes_its_documents_with_it(test_database_url):
    journal_write(test_database_url, [receipt(fd=1)])
    project()
    assert [drive.fn for drive in drives_page(unidentified=True).drives] == [FN]
    Kkt.objects.create(
        organisation=Organisation.objects.create(name="ООО «Ромашка»", inn="7702203276"),
        name="Касса",
        rnm=RNM,
    )
    assert drives_page(unidentified=True).drives == []


def test_gaps_of_a_drive(test_database_url):
    journal_write(test_database_url, [receipt(fd=fd) for fd in (3, 4, 8, 10)])
    project()
    assert selectors.drive_gaps(fn=FN) == [Gap(1, 2), Gap(5, 7), Gap(9, 9)]
    assert [gap.documents for gap in selectors.drive_gaps(fn=FN)] == [2, 3, 1]
    assert selectors.drive_gaps(fn="unknown") == []


def test_lag_grows_with_the_journal_and_vanishes(test_database_url):
    assert selectors.projector_lag(now=NOW).rows == 0
    journal_write(
        test_database_url, [(receipt(fd=1), NOW.timestamp() - 30), (receipt(fd=2), NOW.timestamp() - 3)]
    )
    lag = selectors.projector_lag(now=NOW)
    assert (lag.rows, lag.rows_are_more, lag.seconds) == (2, False, 30)
    assert not selectors.is_projected(selectors.document_get(fn=FN, fd=1))
    project()
    assert selectors.projector_lag(now=NOW).rows == 0
    assert selectors.is_projected(selectors.document_get(fn=FN, fd=1))


@pytest.mark.django_db
def test_rate_is_the_running_minute_and_the_share_of_the_one_before():
    running = NOW.replace(second=0)
    for minutes, documents in ((0, 10), (1, 100), (5, 7)):
        IntakeMinute.objects.create(
            minute_at=running - dt.timedelta(minutes=minutes), documents=documents, findings=0, unrecognised=0
        )
    rate = selectors.intake_rate(now=NOW, minutes=6)
    assert rate.last_minute == 10 + 75
    assert [count for _, count in rate.minutes] == [7, 0, 0, 0, 100, 10]


def test_shift_card(test_database_url):
    journal_write(test_database_url, [receipt(fd=1, total=1100), receipt(fd=2, operation=2, total=300)])
    project()
    card = selectors.shift_card(fn=FN, number=1)
    assert [(one.operation, one.total_kopecks) for one in card.totals] == [(1, 1100), (2, 300)]
    assert [(one.operation, one.rate, one.amount_kopecks) for one in card.vat] == [(1, 2, 100), (2, 2, 27)]
    with pytest.raises(ShiftNotFound):
        selectors.shift_card(fn=FN, number=2)


@pytest.mark.django_db
def test_document_that_is_not_there():
    with pytest.raises(DocumentNotFound):
        selectors.document_get(fn=FN, fd=1)


@pytest.fixture
def quarantined(db):
    return [
        Quarantined.objects.create(received_at=NOW, reason=reason, raw=b"abc", raw_size=3)
        for reason in ("unreadable", "key_conflict", "unreadable")
    ]


def test_quarantine_pages_counts_and_resolution(quarantined):
    first, second, third = quarantined
    page = selectors.quarantine_latest(limit=2)
    assert [row.pk for row in page.rows] == [third.pk, second.pk]
    assert [row.pk for row in selectors.quarantine_latest(before=page.next_cursor).rows] == [first.pk]
    assert selectors.quarantine_counts() == {"unreadable": 2, "key_conflict": 1}
    assert [row.pk for row in selectors.quarantine_latest(reason="key_conflict").rows] == [second.pk]
    user = User.objects.create_user("engineer@chekhov.test")
    quarantine_resolve(quarantined_id=third.pk, by=user, note=" разобрано ", now=NOW)
    row = selectors.quarantine_get(quarantined_id=third.pk)
    assert (row.resolved_at, row.resolved_by, row.resolution, bytes(row.raw)) == (
        NOW,
        user,
        "разобрано",
        b"abc",
    )
    assert selectors.quarantine_counts() == {"unreadable": 1, "key_conflict": 1}
    assert [row.pk for row in selectors.quarantine_latest(resolved=True).rows] == [third.pk]
    assert len(selectors.quarantine_latest(resolved=None).rows) == 3
    with pytest.raises(QuarantinedResolved):
        quarantine_resolve(quarantined_id=third.pk, by=user, note="", now=NOW)
    with pytest.raises(QuarantinedNotFound):
        quarantine_resolve(quarantined_id=third.pk + 1, by=user, note="", now=NOW)
    with pytest.raises(QuarantinedNotFound):
        selectors.quarantine_get(quarantined_id=third.pk + 1)
