"""What a register's row copies of its organisation and of what documents told: always as a join would give it."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from cabinets import account_make
from chekhov.kkt.models import Kkt, Standing
from chekhov.kkt.standings import RegisteredTold, StandingFact, standings_forget, standings_record
from chekhov.orgs.models import Organisation
from factories import kkt_make, organisation_make

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)
FN = "9960440300000001"
FOREIGN_INN = "7799999999"

# What the copies must be, by the definition of each.
AMISS = """
SELECT k.id FROM kkt_kkt k JOIN orgs_organisation o ON o.id = k.organisation_id
LEFT JOIN kkt_standing s ON s.rnm = k.rnm AND s.inn = o.inn
WHERE (k.account_id, k.inn, k.told_fn, k.told_registered_at, k.told_reregistered_at, k.told_model, k.told_serial,
       k.told_address, k.told_drive_until, k.told_closed, k.told_elsewhere)
    IS DISTINCT FROM
      (o.account_id, o.inn, s.fn, s.registered_at, s.reregistered_at, s.model, s.serial, s.address, s.drive_until,
       coalesce(s.closed_at IS NOT NULL AND (s.fn IS NULL OR s.closed_fn = s.fn), false),
       EXISTS (SELECT FROM kkt_standing f WHERE f.rnm = k.rnm AND f.inn <> o.inn AND f.fn IS NOT NULL))
"""


def amiss() -> list[int]:
    with connection.cursor() as sql:
        sql.execute(AMISS)
        return [number for (number,) in sql.fetchall()]


def report(rnm: str, inn: str, *, fn: str = FN, hour: int = 0, address: str = "г. Пермь") -> StandingFact:
    registered_at = dt.datetime(2026, 1, 5, hour)  # noqa: DTZ001 - a register's clock
    told = RegisteredTold(registered_at, fn, 1, 1, model="Модель-1Ф", serial="0001", address=address)
    return StandingFact(rnm, inn, documents=1, last_received_at=NOW, registered=told)


@pytest.mark.django_db
class TestCopies:
    def test_a_register_entered_after_its_report_has_it(self):
        organisation = organisation_make()
        Standing.objects.create(rnm="0000000001012345", inn=organisation.inn, address="г. Пермь, ул. Чехова")
        kkt = kkt_make(organisation=organisation, rnm="0000000001012345")
        kkt.refresh_from_db()
        assert kkt.told_address == "г. Пермь, ул. Чехова"
        assert kkt.inn == organisation.inn
        assert not amiss()

    def test_a_report_after_the_entry_reaches_the_register(self):
        kkt = kkt_make()
        standings_record(facts=[report(kkt.rnm, kkt.organisation.inn)])
        kkt.refresh_from_db()
        assert (kkt.told_fn, kkt.told_model, kkt.told_elsewhere) == (FN, "Модель-1Ф", False)
        assert "чехов" not in kkt.search
        standings_record(facts=[report(kkt.rnm, kkt.organisation.inn, hour=1, address="ул. Чехова")])
        kkt.refresh_from_db()
        assert "ул. чехова" in kkt.search
        assert not amiss()

    def test_a_report_under_another_inn_is_known_as_such_and_tells_nothing(self):
        kkt = kkt_make()
        standings_record(facts=[report(kkt.rnm, FOREIGN_INN, address="чужой адрес")])
        kkt.refresh_from_db()
        assert (kkt.told_fn, kkt.told_address, kkt.told_elsewhere) == (None, None, True)
        assert "чужой" not in kkt.search
        assert not amiss()

    def test_an_object_read_before_the_report_does_not_write_it_away(self):
        kkt = kkt_make()
        standings_record(facts=[report(kkt.rnm, kkt.organisation.inn)])
        kkt.name = "Другое имя"
        kkt.save()
        kkt.refresh_from_db()
        assert (kkt.name, kkt.told_fn) == ("Другое имя", FN)
        assert not amiss()

    def test_another_number_brings_what_is_told_of_it(self):
        kkt = kkt_make()
        standings_record(facts=[report(kkt.rnm, kkt.organisation.inn)])
        Kkt.objects.filter(pk=kkt.pk).update(rnm="0000000009012345")
        kkt.refresh_from_db()
        assert kkt.told_fn is None
        Kkt.objects.filter(pk=kkt.pk).update(rnm=None)
        assert not amiss()

    def test_the_organisation_changes_its_inn_and_its_cabinet(self):
        kkt = kkt_make()
        standings_record(facts=[report(kkt.rnm, kkt.organisation.inn), report(kkt.rnm, "7707083893", hour=3)])
        account = account_make()
        Organisation.objects.filter(pk=kkt.organisation_id).update(inn="7707083893", account=account)
        kkt.refresh_from_db()
        assert (kkt.account_id, kkt.inn, kkt.told_elsewhere) == (account.pk, "7707083893", True)
        assert kkt.told_registered_at.hour == 3
        assert not amiss()

    def test_what_is_forgotten_before_a_rebuild_is_forgotten_here_too(self):
        kkt = kkt_make()
        standings_record(facts=[report(kkt.rnm, kkt.organisation.inn)])
        standings_forget()
        kkt.refresh_from_db()
        assert (kkt.told_fn, kkt.told_address) == (None, None)
        assert not amiss()

    def test_a_very_long_address_is_searched_by_its_beginning(self):
        kkt = kkt_make()
        standings_record(facts=[report(kkt.rnm, kkt.organisation.inn, address="Пермь " + "ё" * 20_000)])
        kkt.refresh_from_db()
        assert "пермь" in kkt.search
        assert len(kkt.search) < 1000


RNMS = [f"{number:010}012345" for number in range(3)]
INNS = ["7707083893", "7736050003"]
MOVES = st.lists(
    st.one_of(
        st.tuples(st.just("report"), st.sampled_from(RNMS), st.sampled_from([*INNS, FOREIGN_INN]), st.integers(0, 5)),
        st.tuples(st.just("close"), st.sampled_from(RNMS), st.sampled_from(INNS), st.integers(0, 5)),
        st.tuples(st.just("enter"), st.sampled_from(RNMS), st.sampled_from(INNS), st.just(0)),
        st.tuples(st.just("number"), st.sampled_from(RNMS), st.sampled_from(RNMS), st.just(0)),
        st.tuples(st.just("inn"), st.sampled_from(INNS), st.just("7710140679"), st.just(0)),
        st.tuples(st.just("remove"), st.sampled_from(RNMS), st.sampled_from(INNS), st.just(0)),
        st.tuples(st.just("forget"), st.just(""), st.just(""), st.just(0)),
    ),
    max_size=12,
)  # fmt: skip


class TestAnyOrder(TestCase):
    """Whatever comes first."""

    @settings(max_examples=60, deadline=None)
    @given(MOVES)
    def test_copies_are_what_a_join_gives(self, moves):
        for inn in INNS:
            organisation_make(inn=inn, kpp="")
        for move in moves:
            self.make(*move)
            assert not amiss(), move

    def make(self, word: str, one: str, other: str, hour: int) -> None:
        match word:
            case "report":
                standings_record(facts=[report(one, other, hour=hour, fn=f"996044030000000{hour}")])
            case "close":
                Standing.objects.filter(rnm=one, inn=other).update(
                    closed_at=dt.datetime(2026, 2, 1), closed_fn=f"996044030000000{hour}"  # noqa: DTZ001
                )  # fmt: skip
            case "enter":
                organisation = Organisation.objects.filter(inn=other).first()
                if organisation and not Kkt.objects.filter(rnm=one).exists():
                    kkt_make(organisation=organisation, rnm=one)
            case "number":
                if not Kkt.objects.filter(rnm=other).exists():
                    Kkt.objects.filter(rnm=one).update(rnm=other)
            case "inn":
                if not Organisation.objects.filter(inn=other).exists():
                    Organisation.objects.filter(inn=one).update(inn=other)
            case "remove":
                Standing.objects.filter(rnm=one, inn=other).delete()
            case "forget":
                standings_forget()


@pytest.mark.django_db(transaction=True)
class TestTogether:
    """The first report and the entry at the same moment: whoever is first, the register ends with its report."""

    def waits(self, first, second) -> None:
        """`second`, in another connection, waits until the transaction of `first` has ended."""
        done = threading.Event()

        def other() -> None:
            try:
                second()
                done.set()
            finally:
                connection.close()

        thread = threading.Thread(target=other)
        with transaction.atomic():
            first()
            thread.start()
            assert not done.wait(0.3)
        thread.join(20)
        assert done.is_set()
        assert not amiss()

    def test_an_entry_waits_for_the_report_that_is_being_stored(self):
        organisation = organisation_make()
        rnm = "0000000001012345"
        self.waits(
            lambda: standings_record(facts=[report(rnm, organisation.inn)]),
            lambda: kkt_make(organisation=organisation, rnm=rnm),
        )
        assert Kkt.objects.get().told_fn == FN

    def test_a_report_waits_for_the_entry(self):
        organisation = organisation_make()
        rnm = "0000000001012345"
        self.waits(
            lambda: kkt_make(organisation=organisation, rnm=rnm),
            lambda: standings_record(facts=[report(rnm, organisation.inn)]),
        )
        assert Kkt.objects.get().told_fn == FN

    def test_an_entry_waits_for_the_change_of_the_inn(self):
        organisation = organisation_make()
        self.waits(
            lambda: Organisation.objects.filter(pk=organisation.pk).update(inn="7710140679"),
            lambda: kkt_make(organisation=organisation, rnm="0000000001012345"),
        )
        assert Kkt.objects.get().inn == "7710140679"

    def test_reports_of_two_registers_do_not_wait_for_each_other(self):
        organisation = organisation_make()
        kkts = [kkt_make(organisation=organisation, rnm=rnm) for rnm in RNMS[:2]]
        done = threading.Event()

        def other() -> None:
            try:
                standings_record(facts=[report(kkts[1].rnm, organisation.inn)])
                done.set()
            finally:
                connection.close()

        with transaction.atomic():
            standings_record(facts=[report(kkts[0].rnm, organisation.inn)])
            thread = threading.Thread(target=other)
            thread.start()
            thread.join(20)
            assert done.is_set()
        assert not amiss()
