import datetime as dt

import pytest
from django.db import DatabaseError, IntegrityError, transaction

import factories
from chekhov.accounts.models import StaffRole
from chekhov.audit.actions import ACTIONS, actions_register, wording
from chekhov.audit.errors import BadEntry, ReasonMissing, UnknownAction
from chekhov.audit.models import ActorKind, AuditEntry
from chekhov.audit.services import BLOT, audit_record

NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _words(monkeypatch):
    monkeypatch.setitem(ACTIONS, "tests.done", "Сделано")


def record(**fields):
    return audit_record(
        **{
            "action": "tests.done",
            "now": NOW,
            "actor_kind": ActorKind.SYSTEM,
            "object_kind": "thing",
            "object_id": 7,
        }
        | fields
    )


@pytest.mark.django_db
def test_everything_is_kept():
    actor = factories.staff_make(StaffRole.MANAGER, full_name="Менеджерова Ольга Леонардовна")
    organisation = factories.organisation_make()
    entry = record(
        actor=actor,
        actor_kind="staff",
        account=11,
        organisation_id=organisation.pk,
        on_behalf=organisation,
        partner=5,
        reason="  Звонок\nклиента ",
        facts={"old": "ООО «А»", "sum_kopecks": 100, "rows": [1, {"k": None}]},
        address="::1",
    )
    entry.refresh_from_db()
    assert (entry.at, entry.actor_id, entry.actor_name) == (NOW, actor.pk, "Менеджерова Ольга Леонардовна")
    assert (entry.account_id, entry.partner_id, entry.partner_name) == (11, 5, "")
    assert (entry.on_behalf_id, entry.on_behalf_name) == (organisation.pk, organisation.name)
    assert (entry.object_id, entry.reason, entry.address) == ("7", "Звонок клиента", "::1")
    assert entry.facts == {"old": "ООО «А»", "sum_kopecks": 100, "rows": [1, {"k": None}]}


@pytest.mark.django_db
def test_what_is_written_is_never_changed_or_removed():
    entry = record()
    for deed in (
        lambda: AuditEntry.objects.update(reason="x"),
        entry.delete,
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            deed()
    assert AuditEntry.objects.get().reason == ""


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [
        {"now": NOW.replace(tzinfo=None)},
        {"object_kind": ""},
        {"object_id": "x" * 65},
        {"object_id": "a\0"},
        {"reason": "x" * 2001},
        {"reason": "a\0b"},
        {"facts": {"moment": NOW}},
        {"facts": {"nan": float("nan")}},
        {"facts": {"long": "x" * 9000}},
        {"actor_kind": "staff"},
    ],
)
def test_a_bad_entry_is_refused(fields):
    with pytest.raises(BadEntry):
        record(**fields)


@pytest.mark.django_db
def test_an_unknown_deed_is_refused():
    with pytest.raises(UnknownAction):
        record(action="tests.undone")


@pytest.mark.django_db
def test_nobody_acts_for_the_system():
    with pytest.raises(BadEntry):
        record(actor=factories.user_make())


@pytest.mark.django_db
def test_for_a_customer_only_with_a_reason():
    staff = factories.staff_make()
    with pytest.raises(ReasonMissing):
        record(actor=staff, actor_kind="staff", on_behalf=3, reason=" ")
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditEntry.objects.create(
            at=NOW, action="tests.done", actor_kind="staff", on_behalf_id=3, object_kind="a", object_id="b"
        )


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_it_is_refused():
    with pytest.raises(BadEntry, match="transaction"):
        record()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text", ["пишите anton@example.test", "звоните +7 (912) 345-67-89", "+79123456789", "x\0y@z"]
)
def test_personal_data_are_blotted_out(text):
    facts = record(facts={"note": text, "deep": [{text: text}]}).facts
    assert BLOT in facts["note"]
    assert "anton@" not in str(facts)
    assert "345" not in str(facts)


@pytest.mark.django_db
@pytest.mark.parametrize("address", [None, "", "somewhere", "1.2.3.4:80", "127.0.0.1\n"])
def test_an_address_that_is_none_stops_nothing(address):
    assert record(address=address).address is None


def test_a_name_has_one_meaning():
    actions_register({"tests.done": "Сделано"})
    with pytest.raises(UnknownAction):
        actions_register({"tests.done": "Иначе"})


@pytest.mark.parametrize("name", ["done", "tests.Done", "tests.", "tests." + "a" * 64, "tests.done\n"])
def test_names_have_a_form(name):
    with pytest.raises(UnknownAction):
        actions_register({name: "Слова"})


def test_a_dropped_name_is_still_read():
    assert wording("old.dropped") == "old.dropped"
