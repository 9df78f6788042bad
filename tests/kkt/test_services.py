import datetime as dt

import pytest
from django.db import IntegrityError, transaction

import factories
from chekhov.kkt.errors import BadKktModel, KktNameless, RnmDoesNotMatch, RnmTaken
from chekhov.kkt.models import Kkt, Registration
from chekhov.kkt.selectors import (
    kkt_by_rnm,
    kkts_all,
    kkts_of_organisation,
    registration_current,
    registrations_of_rnm,
    rnms_known,
)
from chekhov.kkt.services import RegistrationFact, kkt_add, registrations_forget, registrations_record
from chekhov.values import BadRequisite, RegistrationNumber

pytestmark = pytest.mark.django_db

SERIAL = "00106900000001"


@pytest.fixture
def organisation():
    return factories.organisation_make()


@pytest.fixture
def rnm(organisation):
    return str(RegistrationNumber.compose(1, organisation.inn, SERIAL))


def test_register_is_added_and_found(organisation, rnm):
    spaced = f" {rnm[:4]} {rnm[4:8]} {rnm[8:12]} {rnm[12:]} "
    kkt = kkt_add(organisation=organisation, name=" Касса  у входа ", rnm=spaced, serial=SERIAL)
    assert (kkt.name, kkt.rnm, kkt.serial) == ("Касса у входа", rnm, SERIAL)
    assert kkt_by_rnm(rnm=rnm) == kkt
    assert rnms_known(rnms=[rnm, "0000000000000000"]) == {rnm}
    assert list(kkts_of_organisation(organisation_id=organisation.id)) == list(kkts_all()) == [kkt]


def test_registers_without_a_number_yet(organisation):
    for _ in range(2):
        assert kkt_add(organisation=organisation, name="Новая", rnm="  ").rnm is None


def test_number_of_another_serial_is_refused(organisation, rnm):
    with pytest.raises(RnmDoesNotMatch):
        kkt_add(organisation=organisation, name="Касса", rnm=rnm, serial="00106900000002")
    assert not Kkt.objects.exists()


def test_number_without_a_serial_cannot_be_verified_and_is_taken(organisation):
    assert kkt_add(organisation=organisation, name="Касса", rnm="0000000001000001").rnm == "0000000001000001"


def test_number_is_one_in_all_cabinets(organisation, rnm):
    kkt_add(organisation=organisation, name="Касса", rnm=rnm)
    with pytest.raises(RnmTaken):
        kkt_add(organisation=factories.organisation_make(), name="Чужая", rnm=rnm)
    assert Kkt.objects.count() == 1


@pytest.mark.parametrize("rnm", ["1", "x" * 16, "0" * 17])
def test_number_of_another_form(organisation, rnm):
    with pytest.raises(BadRequisite):
        kkt_add(organisation=organisation, name="Касса", rnm=rnm)


@pytest.mark.parametrize("name", [" ", "", "а" * 129, "а\0"])
def test_nameless(organisation, name):
    with pytest.raises(KktNameless):
        kkt_add(organisation=organisation, name=name)


@pytest.mark.parametrize("model", ["а" * 129, "а\0"])
def test_bad_model(organisation, model):
    with pytest.raises(BadKktModel):
        kkt_add(organisation=organisation, name="Касса", model=model)


@pytest.mark.parametrize("change", [{"rnm": "12"}, {"name": ""}])
def test_database_refuses_what_services_should_have(organisation, change):
    with pytest.raises(IntegrityError), transaction.atomic():
        Kkt.objects.create(**{"organisation": organisation, "name": "Касса"} | change)


# ── registrations ────────────────────────────────────────────────────────────────────────────────────

WHOLE = RegistrationFact(
    fn="9999540000000001",
    fd=1,
    code=1,
    rnm="0000000001012345",
    inn="7700000009",
    user_name="ООО «Чайка»",
    model="БФР-112ФС",
    serial=SERIAL,
    address="Мелихово, 1",
    place="Лавка",
    modes=(1108, 1056),
    tax_systems=3,
    ffd=4,
    ofd_inn="9999999998",
    ofd_name="Оператор",
    registered_at=dt.datetime(2026, 1, 2, 3, 4),  # noqa: DTZ001  # a register's clock has no zone
    reason=None,
    reasons=None,
)


def rows():
    return list(Registration.objects.order_by("fn", "fd").values())


def test_fact_is_stored_as_it_is():
    registrations_record(facts=[WHOLE])
    row = Registration.objects.get(pk=(WHOLE.fn, WHOLE.fd))
    for name in RegistrationFact.__slots__:
        expected = getattr(WHOLE, name)
        assert getattr(row, name) == (list(expected) if name == "modes" else expected), name


def test_repeats_and_order_change_nothing():
    facts = [WHOLE, *(factories.registration_fact() for _ in range(3))]
    registrations_record(facts=facts)
    once = rows()
    registrations_record(facts=[*reversed(facts), WHOLE])
    assert rows() == once
    registrations_forget()
    assert rows() == []
    for fact in reversed(facts):
        registrations_record(facts=[fact])
    assert rows() == once


def test_a_later_reading_of_the_same_report_wins():
    registrations_record(facts=[factories.registration_fact(fn=WHOLE.fn, address="old reading"), WHOLE])
    assert rows()[0]["address"] == WHOLE.address


def test_nothing_is_nothing():
    registrations_record(facts=[])
    assert rows() == []


def test_current_state_is_the_last_report_but_not_the_close():
    def fact(fd, code, place):
        return factories.registration_fact(fn=WHOLE.fn, rnm=WHOLE.rnm, fd=fd, code=code, place=place)

    registrations_record(facts=[fact(90, 6, None), fact(7, 11, "Новая лавка"), fact(1, 1, "Лавка")])
    assert registration_current(fn=WHOLE.fn).place == "Новая лавка"
    assert registration_current(fn="9999540000009999") is None
    assert {row.fd for row in registrations_of_rnm(rnm=WHOLE.rnm)} == {1, 7, 90}


def test_a_zone_on_the_registers_clock_is_our_mistake():
    fact = factories.registration_fact(registered_at=dt.datetime(2026, 1, 2, tzinfo=dt.UTC))
    with pytest.raises(ValueError, match="no zone"):
        registrations_record(facts=[fact])
