import datetime as dt

import pytest

import factories
from cabinets import NOW, cabinets_make
from chekhov.kkt.models import Kkt, Standing
from chekhov.kkt.selectors_lists import KktsWanted, kkt_line, kkts_counts, kkts_page
from chekhov.kkt.stages import PRECEDENCE, STAGES, Stage, stage_next, stage_word
from kkt.registers import LOCAL, told

pytestmark = pytest.mark.django_db

SOON, PAST = NOW + dt.timedelta(days=1), NOW - dt.timedelta(days=1)
LONG_AGO = LOCAL - dt.timedelta(days=400)


@pytest.fixture
def organisation():
    return cabinets_make().organisation


def stage_of(kkt):
    return kkt_line(kkt, NOW).stage


def make(organisation, **fields):
    return factories.kkt_make(organisation=organisation, created_at=NOW, served_until=SOON, **fields)


def test_nothing_came(organisation):
    assert stage_of(make(organisation)) == Stage.AWAITING


def test_report_came(organisation):
    kkt = make(organisation)
    told(kkt)
    assert stage_of(kkt) == Stage.REGISTERED


def test_other_documents_are_no_report(organisation):
    kkt = make(organisation)
    told(kkt, fn=None, registered_at=None, registered_fd=None, registered_code=None)
    assert stage_of(kkt) == Stage.AWAITING


def test_report_of_another(organisation):
    kkt = make(organisation)
    told(kkt, inn="7700000009")
    assert stage_of(kkt) == Stage.MISMATCH
    told(kkt)
    assert stage_of(kkt) == Stage.REGISTERED


def test_documents_of_another_without_a_report_tell_nothing(organisation):
    kkt = make(organisation)
    told(kkt, inn="7700000009", fn=None)
    assert stage_of(kkt) == Stage.AWAITING


@pytest.mark.parametrize(
    ("facts", "stage"),
    [
        ({"registered_at": LONG_AGO}, Stage.AWAITING),
        ({"registered_at": LOCAL, "registered_code": 1}, Stage.AWAITING),
        ({"registered_at": LOCAL + dt.timedelta(days=1)}, Stage.REGISTERED),
        ({"registered_at": LONG_AGO, "registered_code": 11, "reregistered_at": LONG_AGO}, Stage.REGISTERED),
    ],
)
def test_reregistration_waits_for_its_own_report(organisation, facts, stage):
    kkt = make(organisation, application_kind="reregistration")
    told(kkt, **facts)
    assert stage_of(kkt) == stage


def test_closed_drive_and_the_next_one(organisation):
    kkt = make(organisation)
    row = told(kkt, closed_at=LOCAL)
    Standing.objects.filter(rnm=row.rnm).update(closed_fn=row.fn)
    assert stage_of(kkt) == Stage.DRIVE_CLOSED
    Standing.objects.filter(rnm=row.rnm).update(fn="9999540000009999")
    assert stage_of(kkt) == Stage.REGISTERED


def test_close_of_a_drive_whose_registration_was_elsewhere(organisation):
    kkt = make(organisation)
    told(kkt, fn=None, closed_at=LOCAL, closed_fn="9999540000009999")
    assert stage_of(kkt) == Stage.DRIVE_CLOSED


def test_tariff_to_the_moment(organisation):
    kkt = make(organisation)
    told(kkt)
    Kkt.objects.update(served_until=NOW)
    assert stage_of(kkt) == Stage.TARIFF_OVER
    Kkt.objects.update(served_until=NOW + dt.timedelta(microseconds=1))
    assert stage_of(kkt) == Stage.REGISTERED
    Kkt.objects.update(served_until=None)
    assert stage_of(kkt) == Stage.REGISTERED


def test_stop_that_lies_ahead(organisation):
    kkt = make(organisation, stopped_at=SOON)
    assert stage_of(kkt) == Stage.AWAITING
    Kkt.objects.update(stopped_at=NOW)
    assert stage_of(kkt) == Stage.STOPPED


def every_condition_at_once(organisation):
    """Registers of which several could be said; the first of PRECEDENCE wins."""
    past = {"served_until": PAST}
    all_of_it = make(organisation, rnm=None, stopped_at=PAST)
    no_rnm = make(organisation, rnm=None)
    closed = make(organisation)
    told(closed, closed_at=LOCAL, closed_fn="9999540000009998", fn="9999540000009998")
    told(closed, inn="7700000009")
    mismatch = make(organisation)
    told(mismatch, inn="7700000009")
    over = make(organisation)
    awaiting = make(organisation)
    fine = make(organisation)
    told(fine)
    Kkt.objects.exclude(pk__in=[awaiting.pk, fine.pk]).update(**past)
    return {
        Stage.STOPPED: all_of_it, Stage.NO_RNM: no_rnm, Stage.DRIVE_CLOSED: closed, Stage.MISMATCH: mismatch,
        Stage.TARIFF_OVER: over, Stage.AWAITING: awaiting, Stage.REGISTERED: fine,
    }  # fmt: skip


def test_precedence_filters_and_counts_agree(organisation):
    of_stage = every_condition_at_once(organisation)
    rows = Kkt.objects.filter(organisation=organisation)
    for stage, kkt in of_stage.items():
        assert stage_of(kkt) == stage
        found = kkts_page(rows, KktsWanted(stage=stage), NOW).rows
        assert [line.kkt for line in found] == [kkt], stage
    assert tuple(kkts_counts(rows, NOW)) == (1, 7)


def test_every_stage_has_its_words():
    assert set(PRECEDENCE) == set(Stage) == set(STAGES)
    assert all(words.next_ru for words in STAGES.values())
    assert stage_word(Stage.AWAITING, "registration") == "Ожидается отчет о регистрации"
    assert stage_word(Stage.AWAITING, "reregistration").startswith("Ожидается отчет об изменении параметров")
    assert stage_next(Stage.AWAITING, "registration") != stage_next(Stage.AWAITING, "reregistration")
    assert stage_word(Stage.REGISTERED, "reregistration") == "ККТ зарегистрирована"
