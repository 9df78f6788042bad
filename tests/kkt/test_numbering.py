"""Setting the РНМ of a register that has none, or a wrong one."""

from __future__ import annotations

import pytest

import factories
from cabinets import NOW, Cabinets, acts, cabinets_make, together
from chekhov.audit.models import AuditEntry
from chekhov.kkt.errors import KktNotFound, KktStopped, RnmDoesNotMatch, RnmSettled, RnmTaken
from chekhov.kkt.models import Kkt
from chekhov.kkt.selectors_lists import kkt_line
from chekhov.kkt.services import kkt_number_set, kkt_stop, rnm_open
from chekhov.kkt.stages import Stage
from chekhov.orgs.errors import ChangedMeanwhile, FieldsWrong, SectionClosed
from kkt.registers import rnm_of, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Cabinets:
    return cabinets_make()


@pytest.fixture
def kkt(world) -> Kkt:
    return factories.kkt_make(organisation=world.organisation, rnm=None, serial="", name="Касса у входа")


def put(world, kkt, rnm, serial="", *, user=None, version=None) -> Kkt:
    return kkt_number_set(
        actor=acts(user or world.owner), kkt=kkt, rnm=rnm, serial=serial, now=NOW,
        version=kkt.version if version is None else version,
    )  # fmt: skip


def test_a_register_without_a_number_gets_one_and_its_documents(world, kkt):
    number = rnm_of(world.organisation, 7, "00000007")
    told(Kkt(rnm=number, organisation=world.organisation, serial="00000007"))
    assert kkt_line(kkt, NOW).stage == Stage.NO_RNM
    held = put(world, kkt, f"{number[:4]} {number[4:8]} {number[8:12]} {number[12:]}", "00000007")
    assert (held.rnm, held.serial, held.version, held.name) == (number, "00000007", 2, "Касса у входа")
    assert kkt_line(held, NOW).stage == Stage.REGISTERED, "what had come before attaches"
    entry = AuditEntry.objects.get(action="kkt.numbered")
    assert (entry.facts["before"], entry.facts["rnm"]) == (None, number)


def test_a_mistyped_number_is_put_right_while_nothing_came(world):
    wrong, right = rnm_of(world.organisation, 1), rnm_of(world.organisation, 2)
    kkt = factories.kkt_make(organisation=world.organisation, rnm=wrong, serial="", name=f"Касса №{wrong}")
    told(kkt, inn="7799999999")
    assert kkt_line(kkt, NOW).stage == Stage.MISMATCH
    held = put(world, kkt, right)
    assert (held.rnm, held.name) == (right, f"Касса №{right}"), "a name made of the number goes with it"
    assert kkt_line(held, NOW).stage == Stage.AWAITING
    again = put(world, held, right, version=1)
    assert again.version == held.version, "the same again changes nothing"
    assert AuditEntry.objects.filter(action="kkt.numbered").count() == 1


def test_not_after_its_own_documents_came(world):
    kkt = factories.kkt_make(organisation=world.organisation)
    told(kkt)
    assert not rnm_open(kkt, NOW)
    with pytest.raises(RnmSettled):
        put(world, kkt, rnm_of(world.organisation, 2))


def test_not_after_it_was_stopped(world, kkt):
    held = kkt_stop(actor=acts(world.owner), kkt=kkt, now=NOW)
    assert not rnm_open(held, NOW)
    with pytest.raises(KktStopped):
        put(world, held, rnm_of(world.organisation, 2))


def test_what_is_wrong_is_told(world, kkt):
    number = rnm_of(world.organisation, 7, "00000007")
    with pytest.raises(FieldsWrong) as caught:
        put(world, kkt, "123", "\x00")
    assert set(caught.value.fields) == {"rnm", "serial"}
    with pytest.raises(RnmDoesNotMatch):
        put(world, kkt, number, "00000008")
    with pytest.raises(ChangedMeanwhile):
        put(world, kkt, number, version=9)
    kkt.refresh_from_db()
    assert (kkt.rnm, kkt.version) == (None, 1)


def test_a_number_somebody_has(world, kkt):
    own = factories.kkt_make(organisation=world.organisation, name="Соседняя")
    foreign = factories.kkt_make(name="Чужая тайна")
    with pytest.raises(RnmTaken) as caught:
        put(world, kkt, own.rnm)
    assert "Соседняя" in caught.value.message
    with pytest.raises(RnmTaken) as caught:
        put(world, kkt, foreign.rnm)
    assert "тайна" not in caught.value.message
    assert "в другом личном кабинете" in caught.value.message


def test_strangers_and_colleagues_without_the_section(world, kkt):
    with pytest.raises(KktNotFound):
        put(world, kkt, rnm_of(world.organisation, 2), user=world.stranger)
    with pytest.raises((KktNotFound, SectionClosed)):
        put(world, kkt, rnm_of(world.organisation, 2), user=world.clerk_of_documents)


@pytest.mark.django_db(transaction=True)
def test_two_registers_want_one_number_at_once():
    world = cabinets_make()
    first, second = (
        factories.kkt_make(organisation=world.organisation, rnm=None, serial="") for _ in range(2)
    )
    number = rnm_of(world.organisation, 3)
    results = together(lambda: put(world, first, number), lambda: put(world, second, number))
    assert {type(one) for one in results} == {Kkt, RnmTaken}
    assert Kkt.objects.filter(rnm=number).count() == 1


def test_who_only_reads_registers_does_not(world, kkt):
    with pytest.raises((KktNotFound, SectionClosed)):
        put(world, kkt, rnm_of(world.organisation, 2), user=world.clerk)
    kkt.refresh_from_db()
    assert kkt.rnm is None
