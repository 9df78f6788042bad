import csv
import datetime as dt
import io

import pytest
from django.db import connection

import factories
from cabinets import NOW, acts, cabinets_make, membership_make, offer_ensure, partner_access_make, together
from chekhov.audit.models import ActorKind, AuditEntry
from chekhov.contracts.models import Contract, ContractState
from chekhov.kkt.batch_checks import rows_read
from chekhov.kkt.batch_table import Cell, TableRow
from chekhov.kkt.errors import BatchNotFound, OrganisationNotServed, TableRefused
from chekhov.kkt.models import Batch, BatchRow, Group, Kkt
from chekhov.kkt.selectors_batches import batch_counts, batch_rows_page, batch_rows_refused
from chekhov.kkt.services import batch_start, batch_take, batches, batches_step, batches_tidy, kkt_connect
from chekhov.orgs.actor import Actor
from chekhov.orgs.errors import FieldsWrong, OrganisationNotFound, SectionClosed
from chekhov.values import RegistrationNumber
from kkt.registers import administrator_of, group_make

INN = "7700000006"


def table(*rows):
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows([("РНМ", "Название", "ЗН", "ФН", "Действие"), *rows])
    return out.getvalue().encode()


# ── rows by themselves ───────────────────────────────────────────────────────────────────────────────


def read(*rows, inn=INN):
    cells = [[Cell(one) if isinstance(one, str) else one for one in row] for row in rows]
    return list(rows_read([TableRow(number, *row) for number, row in enumerate(cells, 2)], inn))


def rnm(number, serial="00000001", inn=INN):
    return str(RegistrationNumber.compose(number, inn, serial))


FINE = (rnm(1), "Касса", "00000001", "9999078900007432", "1")


@pytest.mark.parametrize(
    ("place", "cell", "words"),
    [
        (0, "", "Укажите РНМ"),
        (0, "12a4", "только цифры"),
        (0, "0" * 17, "16 цифр, а указано 17"),
        (0, "123", "16 цифр, а указано 3"),
        (0, rnm(1).lstrip("0").rjust(12, "9"), "отбросила нули"),
        (0, Cell("1.23E+15", spoilt=True), "РНМ испорчен табличной программой («1.23E+15»)"),
        (0, Cell(rnm(1), spoilt=True), "испорчен"),
        (0, rnm(1, "00000002"), "не подходит к заводскому номеру"),
        (1, "а" * 129, "до 128 знаков"),
        (1, "а\u0007б", "нельзя напечатать"),
        (2, "1" * 21, "до 20 печатных"),
        (2, Cell("1", spoilt=True), "Заводской номер кассы испорчен"),
        (3, "99990789", "16 цифр, а указано 8"),
        (3, "ФН", "16 цифр|только цифры"),
        (3, "9999078900007z32", "только цифры"),
        (3, Cell("9.99E+15", spoilt=True), "фискального накопителя испорчен"),
        (4, "", "Укажите действие"),
        (4, "3", "Укажите действие"),
        (4, "12", "Укажите действие"),
    ],
)
def test_what_is_wrong_is_told(place, cell, words):
    row = list(FINE)
    row[place] = cell
    [found] = read(row)
    if cell == "ФН":  # a word before a number, and no number
        assert found.errors == ()
        return
    assert len(found.errors) == 1
    assert any(word in found.errors[0] for word in words.split("|"))


def test_all_errors_of_a_row_are_told():
    [found] = read(("1", "а" * 129, "1" * 21, "2", "3"))
    assert len(found.errors) == 5


def test_fine_rows():
    first, second, third = read(
        FINE,
        (f" {rnm(2)[:8]} {rnm(2)[8:]} ", "", "", "", "2 - Перерегистрация"),
        (rnm(3), "5", "", "", Cell("1", spoilt=True)),
    )
    assert [one.errors for one in (first, second, third)] == [(), (), ()]
    assert (second.rnm, second.kind, third.kind) == (rnm(2), "reregistration", "registration")


def test_repeated_number_names_the_first_row():
    rows = read(FINE, (rnm(2), "", "", "", "1"), (*FINE[:1], "", "", "", "1"), FINE)
    assert [len(row.errors) for row in rows] == [0, 0, 1, 1]
    assert all("строке 2" in row.errors[0] for row in rows[2:])


# ── drafts ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def world(db):
    return cabinets_make()


def mine(world, number):
    return rnm(number, inn=str(world.organisation.inn))


def take(world, *rows, actor=None, content=None, **fields):
    return batch_take(
        actor=actor or acts(world.owner),
        organisation=world.organisation,
        name=r"C:\Документы\кассы.csv",
        content=content or table(*rows),
        now=NOW,
        **fields,
    )


def good(world, count, start=1):
    return [
        (mine(world, number), f"Касса {number}", "", "", "12"[number % 2])
        for number in range(start, start + count)
    ]


def apply(world, batch, actor=None):
    batch_start(actor=actor or acts(world.owner), batch=batch, now=NOW)
    while batches_step(NOW):
        pass
    batch.refresh_from_db()


def errors_of(batch):
    return {row.number: row.errors for row in batch.rows.all() if row.errors}


def test_draft_connects_nothing(world):
    batch = take(world, *good(world, 3), ("1", "", "", "", "1"))
    assert (batch.state, batch.total, batch.refused, batch.done, batch.file_name) == (
        "draft",
        4,
        1,
        1,
        "кассы.csv",
    )
    assert not Kkt.objects.exists()
    assert not batches_step(NOW)
    counts = batch_counts(batch)
    assert {kind: (one.total, one.refused) for kind, one in counts.items()} == {
        "registration": (2, 1), "reregistration": (2, 0),
    }  # fmt: skip


def test_applied(world):
    batch = take(world, *good(world, 3), ("1", "", "", "", "1"))
    apply(world, batch)
    assert (batch.state, batch.total, batch.done, batch.added, batch.refused) == ("done", 4, 4, 3, 1)
    kkts = Kkt.objects.order_by("rnm")
    assert [kkt.name for kkt in kkts] == ["Касса 1", "Касса 2", "Касса 3"]
    assert [kkt.application_kind for kkt in kkts] == ["reregistration", "registration", "reregistration"]
    assert {(kkt.tariff, kkt.organisation, kkt.created_by, kkt.version) for kkt in kkts} == {
        ("test", world.organisation, world.owner, 1)
    }
    assert AuditEntry.objects.filter(action="kkt.connected", account_id=world.account.pk).count() == 3


def test_register_of_a_table_is_as_one_connected_alone(world):
    batch = take(world, (mine(world, 1), "", "00000001", "9999078900007432", "1"))
    apply(world, batch)
    alone = kkt_connect(
        actor=acts(world.owner), organisation=world.organisation, name="", rnm=rnm(2, "00000002", str(world.organisation.inn)),
        serial="00000002", drive_serial="9999078900007432", kind="registration", now=NOW,
    )  # fmt: skip
    together_ = Kkt.objects.exclude(pk=alone.pk).get()
    differing = {"id", "rnm", "serial", "name", "search"}
    fields = [field.attname for field in Kkt._meta.concrete_fields if field.attname not in differing]
    alone.refresh_from_db()
    assert [getattr(together_, name) for name in fields] == [getattr(alone, name) for name in fields]
    assert together_.name == f"Касса №{together_.rnm}"


def test_taken_numbers_are_told_by_whose_they_are(world):
    hers = factories.kkt_make(organisation=world.organisation, name="Старая")
    foreign = factories.kkt_make(organisation=world.other_organisation, name="Тайная")
    stopped = factories.kkt_make(organisation=world.organisation, name="Снятая", stopped_at=NOW)
    batch = take(world, *((one.rnm, "", "", "", "1") for one in (hers, foreign, stopped)))
    errors = errors_of(batch)
    assert "«Старая»" in errors[2][0]
    assert "в другом личном кабинете" in errors[3][0]
    assert "Тайная" not in errors[3][0]
    assert 4 not in errors
    apply(world, batch)
    stopped.refresh_from_db()
    assert (batch.added, stopped.stopped_at) == (1, None)


def test_same_file_twice_adds_nothing(world):
    rows = good(world, 3)
    first, second = take(world, *rows), take(world, *rows)
    apply(world, first)
    apply(world, second)
    assert (first.added, second.added, second.refused) == (3, 0, 3)
    assert all("Касса с этим РНМ уже подключена: «Касса" in texts[0] for texts in errors_of(second).values())
    third = take(world, *rows)
    assert third.refused == 3
    apply(world, third)
    assert Kkt.objects.count() == 3
    assert third.state == Batch.State.DONE


def test_failing_row_leaves_the_others(world):
    batch = take(world, *good(world, 4))
    Kkt.objects.create(organisation=world.other_organisation, name="Быстрее", rnm=mine(world, 2))
    apply(world, batch)
    assert (batch.added, batch.refused) == (3, 1)
    assert list(errors_of(batch)) == [3]


def test_goes_on_after_a_kill(world, monkeypatch):
    batch = take(world, *good(world, 5))
    batch_start(actor=acts(world.owner), batch=batch, now=NOW)
    write, calls = batches._write, []

    def killed(kkt, row):
        calls.append(row.number)
        number = write(kkt, row)
        if len(calls) == 3:
            raise SystemExit
        return number

    monkeypatch.setattr(batches, "_write", killed)
    with pytest.raises(SystemExit):
        batches_step(NOW)
    assert Kkt.objects.count() == BatchRow.objects.filter(done=True).count() == 2, (
        "the third is as if it never was"
    )
    monkeypatch.setattr(batches, "_write", write)
    while batches_step(NOW):
        pass
    batch.refresh_from_db()
    assert (batch.state, batch.done, batch.added, Kkt.objects.count()) == ("done", 5, 5, 5)
    assert AuditEntry.objects.filter(action="kkt.connected").count() == 5


def test_steps_are_small_and_tables_take_turns(world):
    first, second = take(world, *good(world, 5)), take(world, *good(world, 2, start=100))
    for batch in (first, second):
        batch_start(actor=acts(world.owner), batch=batch, now=NOW)
    assert batches_step(NOW, rows_max=2) == 2
    first.refresh_from_db()
    assert (first.done, first.added, first.state) == (2, 2, "running")
    assert batches_step(NOW, rows_max=2) == 2
    second.refresh_from_db()
    assert second.state == "done"
    assert [batches_step(NOW, rows_max=2) for _ in range(3)] == [2, 1, 0]


def test_who_may_take_and_start(world):
    for who in ("clerk", "clerk_of_documents", "stranger", "other_owner", "dismissed"):
        with pytest.raises(SectionClosed):
            take(world, *good(world, 1), actor=acts(getattr(world, who)))
    batch = take(world, *good(world, 1))
    with pytest.raises(SectionClosed):
        batch_start(actor=acts(world.clerk), batch=batch, now=NOW)
    partner = Actor(user=world.partner_user, kind=ActorKind.PARTNER, partner=world.partner)
    with pytest.raises(OrganisationNotFound):
        take(world, *good(world, 1), actor=partner)
    access = partner_access_make(partner=world.partner, organisation=world.organisation)
    of_partner = take(world, *good(world, 2), actor=partner)
    access.revoked_at = NOW
    access.save()
    with pytest.raises(OrganisationNotFound):
        batch_start(actor=partner, batch=of_partner, now=NOW)
    access.revoked_at = None
    access.save()
    apply(world, of_partner, actor=partner)
    assert of_partner.added == 2
    entries = AuditEntry.objects.filter(action="kkt.connected")
    assert {(one.actor_kind, one.partner_id) for one in entries} == {("partner", world.partner.pk)}


def test_employee_of_a_group_gets_them_into_it(world):
    group = group_make(world.account)
    actor = administrator_of(world.account, group)
    batch = take(world, *good(world, 2), actor=actor)
    apply(world, batch, actor=actor)
    assert Kkt.objects.filter(group=group).count() == 2
    with pytest.raises(FieldsWrong):
        take(world, *good(world, 1), actor=administrator_of(world.account, group, group_make(world.account)))


def test_group_that_goes_meanwhile(world):
    group = group_make(world.account)
    batch = take(world, *good(world, 1), group_id=group.pk)
    batch_start(actor=acts(world.owner), batch=batch, now=NOW)
    Group.objects.all().delete()
    assert batches_step(NOW) == 1
    assert Kkt.objects.get().group is None


def test_contract_that_ends_meanwhile(world):
    batch = take(world, *good(world, 2))
    batch_start(actor=acts(world.owner), batch=batch, now=NOW)
    Contract.objects.create(
        organisation=world.organisation, number=1, offer=offer_ensure(), state=ContractState.TERMINATED,
        signed_on=dt.date(2026, 1, 1), starts_on=dt.date(2026, 1, 1), ends_on=dt.date(2026, 11, 20),
        created_at=NOW, terminated_at=NOW,
    )  # fmt: skip
    while batches_step(NOW):
        pass
    batch.refresh_from_db()
    assert (batch.state, batch.added, batch.refused) == ("done", 0, 2)
    with pytest.raises(OrganisationNotServed):
        take(world, *good(world, 1))
    assert Batch.objects.count() == 1


def test_person_who_leaves_after_saying_so(world):
    batch = take(world, *good(world, 1))
    place = membership_make(account=world.account, role="administrator")
    batch_start(actor=acts(place.user), batch=batch, now=NOW)
    place.removed_at = NOW
    place.save()
    assert batches_step(NOW) == 1
    assert Kkt.objects.get().created_by == place.user


def test_bad_file_leaves_no_draft(world):
    with pytest.raises(TableRefused):
        take(world, content=b"PK broken")
    assert not Batch.objects.exists()


def test_hostile_cells_are_kept_as_far_as_they_can_be(world):
    batch = take(world, ("9" * 500, "я" * 500, "\u0001" * 30, "8" * 400, "7" * 90))
    row = batch.rows.get()
    assert (len(row.rnm), len(row.name), batch.refused) == (64, 256, 1)


def test_drafts_go_after_a_day_and_tables_after_a_month(world):
    draft, started, done = (take(world, *good(world, 1, start)) for start in (1, 2, 3))
    apply(world, done)
    batch_start(actor=acts(world.owner), batch=started, now=NOW)
    day, month = dt.timedelta(days=1), dt.timedelta(days=30)
    assert batches_tidy(NOW + day - dt.timedelta(seconds=1)) == 0
    assert batches_tidy(NOW + day) == 1
    with pytest.raises(BatchNotFound):
        batch_start(actor=acts(world.owner), batch=draft, now=NOW + day)
    assert batches_tidy(NOW + month) == 1
    assert list(Batch.objects.all()) == [started]
    assert Kkt.objects.count() == 1


def test_only_the_last_drafts_of_a_person_are_kept(world):
    made = [take(world, *good(world, 1)) for _ in range(7)]
    other = take(world, *good(world, 1), actor=acts(world.administrator))
    kept = set(Batch.objects.values_list("pk", flat=True))
    assert kept == {batch.pk for batch in made[2:]} | {other.pk}


def test_rows_in_pages(world):
    batch = take(world, *good(world, 5), ("1", "", "", "", "1"))
    page = batch_rows_page(batch, kind="reregistration", limit=2)
    assert ([row.number for row in page.rows], page.next_number) == ([2, 4], 4)
    rest = batch_rows_page(batch, kind="reregistration", after=4, limit=2)
    assert ([row.number for row in rest.rows], rest.next_number) == ([6], None)
    assert [row.number for row in batch_rows_page(batch, kind="registration", only_refused=True).rows] == [7]
    assert not batch_rows_page(batch, kind="reregistration", only_refused=True).rows
    assert [row.number for row in batch_rows_refused(batch)] == [7]


@pytest.mark.django_db(transaction=True)
def test_two_people_apply_at_once(world):
    batch = take(world, *good(world, 3))
    together(
        lambda: batch_start(actor=acts(world.owner), batch=batch, now=NOW),
        lambda: batch_start(actor=acts(world.administrator), batch=batch, now=NOW),
    )
    assert AuditEntry.objects.filter(action="kkt.batch_started").count() == 1
    while batches_step(NOW):
        pass
    assert Kkt.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once(world):
    """And neither asks the database to wait less carefully when it is done."""
    rows = good(world, 30)
    batches_ = [take(world, *rows), take(world, *rows)]
    for batch in batches_:
        batch_start(actor=acts(world.owner), batch=batch, now=NOW)

    def work():
        while batches_step(NOW, rows_max=7):
            pass
        with connection.cursor() as cursor:
            cursor.execute("SHOW synchronous_commit")
            return cursor.fetchone()[0]

    results = together(work, work)
    while batches_step(NOW):  # one may have left while the other held the last table
        pass
    with connection.cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        usual = cursor.fetchone()[0]
    assert results == [usual, usual]
    for batch in batches_:
        batch.refresh_from_db()
    assert sum(batch.added for batch in batches_) == sum(batch.refused for batch in batches_) == 30
    assert {batch.state for batch in batches_} == {"done"}
    assert Kkt.objects.count() == AuditEntry.objects.filter(action="kkt.connected").count() == 30
