import datetime as dt

import pytest

import factories
from chekhov.accounts.models import StaffRole
from chekhov.audit.actions import ACTIONS
from chekhov.audit.selectors import (
    STAFF_SHOWN,
    JournalFilter,
    journal_for_staff,
    journal_of_account,
    journal_of_object,
    journal_of_organisations,
)
from chekhov.audit.services import audit_record

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _words(monkeypatch):
    monkeypatch.setitem(ACTIONS, "tests.done", "Сделано")
    monkeypatch.setitem(ACTIONS, "tests.undone", "Отменено")


def record(number, **fields):
    return audit_record(
        **{
            "action": "tests.done",
            "now": NOW + dt.timedelta(minutes=number),
            "actor_kind": "system",
            "object_kind": "thing",
            "object_id": number,
        }
        | fields
    )


def test_pages_follow_each_other_without_gap_or_repeat():
    for number in range(7):
        record(number, account=1)
    seen, before = [], None
    while True:
        page = journal_of_account(1, before=before, limit=3)
        seen += [line.object_id for line in page.lines]
        before = page.next_before
        if before is None:
            break
        record(99, account=1)  # what comes meanwhile does not move the pages
    assert seen == ["6", "5", "4", "3", "2", "1", "0"]


def test_a_customer_sees_his_own_account_only():
    record(1, account=1)
    record(2, account=2)
    record(3)
    assert [line.object_id for line in journal_of_account(1).lines] == ["1"]
    assert len(journal_for_staff().lines) == 3
    assert [line.object_id for line in journal_for_staff(account_id=2).lines] == ["2"]


def test_a_partner_sees_some_organisations_only():
    record(1, organisation_id=5)
    record(2, organisation_id=6)
    assert [line.object_id for line in journal_of_organisations([6, 7]).lines] == ["2"]
    assert journal_of_organisations([]).lines == ()


def test_names_and_addresses_of_staff_are_not_the_customers():
    staff = factories.staff_make(StaffRole.MANAGER, full_name="Менеджерова Ольга")
    record(1, actor=staff, actor_kind="staff", account=1, on_behalf=4, reason="Звонок", address="10.0.0.1")
    (line,) = journal_of_account(1).lines
    assert (line.actor_shown, line.address, line.reason, line.wording) == (
        STAFF_SHOWN,
        None,
        "Звонок",
        "Сделано",
    )
    (line,) = journal_for_staff().lines
    assert (line.actor_shown, line.address, line.on_behalf_id) == ("Менеджерова Ольга", "10.0.0.1", 4)


@pytest.mark.parametrize(
    ("narrow", "found"),
    [
        (JournalFilter(actions=["tests.undone"]), ["2"]),
        (JournalFilter(actor_kind="customer"), ["3"]),
        (JournalFilter(organisation_id=8), ["4"]),
        (JournalFilter(object_kind="thing", object_id="1"), ["1"]),
        (JournalFilter(since=NOW + dt.timedelta(minutes=3)), ["4", "3"]),
        (JournalFilter(until=NOW + dt.timedelta(minutes=2)), ["1"]),
        (JournalFilter(), ["4", "3", "2", "1"]),
    ],
)
def test_each_field_narrows(narrow, found):
    record(1)
    record(2, action="tests.undone")
    record(3, actor=factories.user_make(), actor_kind="customer")
    record(4, organisation_id=8)
    assert [line.object_id for line in journal_for_staff(narrow=narrow).lines] == found


def test_history_of_a_thing():
    record(1)
    record(2)
    (line,) = journal_of_object("thing", 2, for_staff=True).lines
    assert line.object_id == "2"
