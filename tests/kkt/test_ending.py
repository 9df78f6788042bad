import datetime as dt

import pytest

import factories
from cabinets import NOW, acts, acts_as_staff, cabinets_make, offer_ensure, together
from chekhov.accounts.models import StaffRole
from chekhov.audit.models import AuditEntry
from chekhov.contracts.errors import SigningNotReady
from chekhov.contracts.models import Application, Contract, ContractState, SigningMethod
from chekhov.contracts.services import application_approve, paper_arrive, termination_ask
from chekhov.kkt.errors import KktNotFound, KktStopped, OrganisationNotServed, RnmTaken
from chekhov.kkt.models import Kkt
from chekhov.kkt.selectors_lists import kkt_line
from chekhov.kkt.services import kkt_connect, kkt_stop, kkt_stop_ask
from chekhov.kkt.stages import Stage
from chekhov.orgs.errors import SectionClosed
from kkt.registers import rnm_of, told

pytestmark = pytest.mark.django_db
PAPER = SigningMethod.PAPER


@pytest.fixture
def world():
    return cabinets_make()


@pytest.fixture
def contract(world):
    return Contract.objects.create(
        organisation=world.organisation, number=213, offer=offer_ensure(), state=ContractState.ACTIVE,
        signed_on=dt.date(2026, 1, 1), starts_on=dt.date(2026, 1, 1), created_at=NOW,
    )  # fmt: skip


@pytest.fixture
def kkt(world):
    return factories.kkt_make(organisation=world.organisation, renewal=True, tariff_next="micro")


def staff(world):
    return acts_as_staff(world.staff[StaffRole.MANAGER])


def approve(world, application, **fields):
    paper = paper_arrive(
        actor=staff(world), application_id=application.pk, arrived_on=dt.date(2026, 11, 21),
        expected_version=application.version, now=NOW,
    )  # fmt: skip
    return application_approve(
        actor=staff(world), application_id=paper.pk, expected_version=paper.version, now=NOW, **fields
    )


def terminate(world, contract, ends_on):
    application = termination_ask(actor=acts(world.owner), contract_id=contract.pk, method=PAPER, now=NOW)
    return approve(world, application, ends_on=ends_on)


def test_contract_that_ends_stops_its_registers_at_the_end_of_its_last_day(world, contract, kkt):
    soon = factories.kkt_make(organisation=world.organisation, stopped_at=NOW)
    foreign = factories.kkt_make(organisation=world.other_organisation)
    terminate(world, contract, dt.date(2026, 11, 30))
    midnight = dt.datetime(2026, 11, 30, 21, tzinfo=dt.UTC)  # 24:00 in Moscow
    stopped = {one.pk: one.stopped_at for one in Kkt.objects.all()}
    assert stopped == {kkt.pk: midnight, soon.pk: NOW, foreign.pk: None}
    kkt.refresh_from_db()
    assert (kkt.renewal, kkt.version) == (False, 2)
    assert kkt_line(kkt, midnight - dt.timedelta(seconds=1)).stage != Stage.STOPPED
    assert kkt_line(kkt, midnight).stage == Stage.STOPPED
    assert AuditEntry.objects.get(action="kkt.stopped_with_contract").facts["kkts"] == 1


def test_new_contract_does_not_bring_them_back_but_connecting_does(world, contract, kkt):
    terminate(world, contract, dt.date(2026, 11, 21))
    request = {
        "actor": acts(world.owner), "organisation": world.organisation, "name": "Снова", "rnm": kkt.rnm,
        "kind": "registration",
    }  # fmt: skip
    later = NOW + dt.timedelta(days=3)
    with pytest.raises(OrganisationNotServed):
        kkt_connect(now=later, **request)
    Contract.objects.create(
        organisation=world.organisation, number=214, offer=offer_ensure(), signed_on=dt.date(2026, 11, 22),
        starts_on=dt.date(2026, 11, 22), created_at=NOW,
    )  # fmt: skip
    assert kkt_line(kkt, later).stage == Stage.STOPPED
    assert kkt_connect(now=later, **request).pk == kkt.pk
    assert kkt_line(kkt, later).stage == Stage.AWAITING


def test_application_names_the_register_as_it_stands(world, contract, kkt):
    told(kkt, serial="77", fn="9999078900001111", address="офис")
    application = kkt_stop_ask(actor=acts(world.owner), kkt=kkt, method=PAPER, now=NOW)
    assert application.register == {
        "name": kkt.name, "rnm": kkt.rnm, "serial": "77", "drive_serial": "9999078900001111", "address": "офис",
        "user_name": world.organisation.name, "user_inn": world.organisation.inn,
    }  # fmt: skip
    assert kkt_stop_ask(actor=acts(world.owner), kkt=kkt, method=PAPER, now=NOW) == application
    kkt.refresh_from_db()
    assert kkt.stopped_at is None, "nothing is stopped until staff decide"
    approve(world, application)
    kkt.refresh_from_db()
    assert kkt.stopped_at == NOW
    with pytest.raises(KktStopped):
        kkt_stop_ask(actor=acts(world.owner), kkt=kkt, method=PAPER, now=NOW)


def test_application_without_a_contract_or_with_a_signature(world, kkt):
    with pytest.raises(OrganisationNotServed):
        kkt_stop_ask(actor=acts(world.owner), kkt=kkt, method=PAPER, now=NOW)
    Contract.objects.create(
        organisation=world.organisation, number=1, offer=offer_ensure(), signed_on=dt.date(2026, 1, 1),
        starts_on=dt.date(2026, 1, 1), created_at=NOW,
    )  # fmt: skip
    with pytest.raises(SigningNotReady):
        kkt_stop_ask(
            actor=acts(world.owner),
            kkt=kkt,
            method=next(one for one in SigningMethod if one != PAPER),
            now=NOW,
        )


@pytest.mark.parametrize("who", ["clerk", "other_owner", "stranger"])
def test_strangers_ask_for_nothing(world, contract, kkt, who):
    with pytest.raises((KktNotFound, SectionClosed)):
        kkt_stop_ask(actor=acts(getattr(world, who)), kkt=kkt, method=PAPER, now=NOW)
    assert not Application.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_register_connected_while_the_contract_ends(world, contract):
    """Either it is refused, or it is stopped with the others: never served without end."""
    application = termination_ask(actor=acts(world.owner), contract_id=contract.pk, method=PAPER, now=NOW)
    later = NOW + dt.timedelta(days=2)

    def connect():
        return kkt_connect(
            actor=acts(world.owner), organisation=world.organisation, name="К", rnm=rnm_of(world.organisation, 5),
            kind="registration", now=later,
        )  # fmt: skip

    connected, _ = together(connect, lambda: approve(world, application, ends_on=dt.date(2026, 11, 21)))
    if isinstance(connected, Kkt):
        connected.refresh_from_db()
        assert connected.stopped_at is not None
    else:
        assert isinstance(connected, OrganisationNotServed)


@pytest.mark.django_db(transaction=True)
def test_stop_and_connect_at_once(world, kkt):
    stopped, connected = together(
        lambda: kkt_stop(actor=acts(world.owner), kkt=kkt, now=NOW),
        lambda: kkt_connect(
            actor=acts(world.owner), organisation=world.organisation, name="Снова", rnm=kkt.rnm, kind="registration",
            now=NOW,
        ),
    )  # fmt: skip
    assert stopped == kkt
    kkt.refresh_from_db()
    if isinstance(connected, RnmTaken):
        assert kkt.stopped_at == NOW
    else:
        assert (connected, kkt.stopped_at, kkt.name) == (kkt, None, "Снова")
