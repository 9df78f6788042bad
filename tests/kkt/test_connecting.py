import datetime as dt
from zoneinfo import ZoneInfo

import pytest

import factories
from cabinets import (
    NOW,
    acts,
    acts_as_staff,
    cabinets_make,
    membership_make,
    offer_ensure,
    partner_access_make,
    together,
)
from chekhov.accounts.models import StaffRole
from chekhov.audit.models import ActorKind, AuditEntry
from chekhov.contracts.models import Contract, ContractState
from chekhov.contracts.selectors import organisation_served
from chekhov.kkt.errors import KktNotFound, OrganisationNotServed, RnmDoesNotMatch, RnmTaken
from chekhov.kkt.models import Kkt
from chekhov.kkt.services import kkt_connect, kkt_rename, kkt_stop
from chekhov.kkt.services.connecting import served_check
from chekhov.orgs.actor import Actor
from chekhov.orgs.errors import (
    ChangedMeanwhile,
    FieldsWrong,
    OrganisationNotFound,
    SectionClosed,
)
from chekhov.orgs.sections import Section
from kkt.registers import administrator_of, group_make, rnm_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return cabinets_make()


def connect(world, actor=None, **fields):
    defaults = {
        "actor": actor or acts(world.owner),
        "organisation": world.organisation,
        "name": "Касса у входа",
        "rnm": rnm_of(world.organisation, 77),
        "kind": "registration",
        "now": NOW,
    }
    return kkt_connect(**defaults | fields)


def wrong_fields(world, **fields):
    with pytest.raises(FieldsWrong) as error:
        connect(world, **fields)
    assert not Kkt.objects.exists()
    return set(error.value.fields)


def test_register_is_connected_on_the_free_tariff(world):
    kkt = connect(
        world, name="  Касса   у входа ", serial="00000077", drive_serial="9999 0789 0000 7432", model="Модель",
        tariff_next="standard", renewal=True,
    )  # fmt: skip
    kkt.refresh_from_db()
    assert (kkt.name, kkt.serial, kkt.drive_serial) == ("Касса у входа", "00000077", "9999078900007432")
    assert (kkt.tariff, kkt.tariff_next, kkt.renewal) == ("test", "standard", True)
    moscow = ZoneInfo("Europe/Moscow")
    assert kkt.served_until == dt.datetime(2026, 11, 27, tzinfo=moscow), (
        "24:00 of the fifth day after the 21st"
    )
    assert (kkt.created_by, kkt.created_at, kkt.group) == (world.owner, NOW, None)
    entry = AuditEntry.objects.get(action="kkt.connected")
    assert (entry.object_id, entry.account_id) == (str(kkt.pk), world.account.pk)
    assert entry.facts == {"name": "Касса у входа", "rnm": kkt.rnm}


def test_term_follows_the_operators_day_not_greenwich(world):
    late = dt.datetime(2026, 11, 21, 22, 30, tzinfo=dt.UTC)  # the 22nd in Moscow
    assert connect(world, now=late).served_until == dt.datetime(2026, 11, 27, 21, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "spelling",
    [
        "{0} {1} {2} {3}",
        " {0}-{1}-{2}-{3} ",
        "РНМ: {0}\u00a0{1}\u2009{2} {3}",
        "\ufeff{0}{1}\u200b{2}\u2011{3}",
        "РН ККТ №{0}{1}{2}{3}",
    ],
)
def test_number_in_any_spelling(world, spelling):
    rnm = rnm_of(world.organisation, 77)
    parts = [rnm[place : place + 4] for place in range(0, 16, 4)]
    assert connect(world, rnm=spelling.format(*parts)).rnm == rnm


def test_register_without_a_name_is_called_by_its_number(world):
    kkt = connect(world, name="  ")
    assert kkt.name == f"Касса №{kkt.rnm}"


def test_all_troubles_are_told_at_once(world):
    assert wrong_fields(
        world, rnm="123", name="а" * 129, serial="9" * 21, drive_serial="12", model="а\0"
    ) == {"rnm", "name", "serial", "drive_serial", "model"}


@pytest.mark.parametrize("rnm", ["", "  ", "1", "x" * 16, "0" * 17, "١" * 16, "0" * 15 + "²"])
def test_number_of_another_form(world, rnm):
    assert wrong_fields(world, rnm=rnm) == {"rnm"}


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "x"}, {"tariff_next": "test"}, {"tariff_next": "нет"}, {"renewal": True},
    ],
)  # fmt: skip
def test_terms_that_do_not_hold(world, fields):
    assert len(wrong_fields(world, **fields)) == 1


def test_check_digits_when_the_serial_is_known(world):
    with pytest.raises(RnmDoesNotMatch):
        connect(world, serial="00000078")
    assert connect(world, rnm="0000000077000001").serial == "", "without it nothing can be checked"


def test_number_that_is_taken_here_tells_where(world):
    group = group_make(world.account, "Пермь")
    kkt = factories.kkt_make(organisation=world.organisation, name="Старая", group=group)
    with pytest.raises(RnmTaken, match=r"«Старая», .*группа «Пермь»") as error:
        connect(world, rnm=kkt.rnm)
    assert error.value.details["kkt_id"] == kkt.pk


def test_number_that_is_taken_elsewhere_tells_nothing(world):
    kkt = factories.kkt_make(organisation=world.other_organisation, name="Тайная касса")
    with pytest.raises(RnmTaken, match="в другом личном кабинете") as error:
        connect(world, rnm=kkt.rnm)
    assert "kkt_id" not in error.value.details
    assert not {"Тайная", world.other_organisation.name, world.other_organisation.inn} & set(
        error.value.message.split()
    )


def test_number_in_a_closed_group_of_the_same_cabinet(world):
    group = group_make(world.account)
    kkt = factories.kkt_make(organisation=world.organisation, name="Тайная", group=group)
    with pytest.raises(RnmTaken, match="вам не открыта") as error:
        connect(world, administrator_of(world.account, group_make(world.account)), rnm=kkt.rnm)
    assert "Тайная" not in error.value.message


def test_form_sent_twice(world):
    first = connect(world)
    assert connect(world, now=NOW + dt.timedelta(minutes=9)) == first
    assert Kkt.objects.count() == AuditEntry.objects.filter(action="kkt.connected").count() == 1
    for other in ({"name": "Другая"}, {"kind": "reregistration"}, {"now": NOW + dt.timedelta(minutes=11)}):
        with pytest.raises(RnmTaken):
            connect(world, **other)


@pytest.mark.parametrize(
    "who",
    ["clerk", "clerk_of_documents", "clerk_of_no_group", "dismissed", "shut_out", "stranger", "other_owner"],
)
def test_who_may_not(world, who):
    with pytest.raises(SectionClosed):
        connect(world, acts(getattr(world, who)))
    assert not Kkt.objects.exists()


def test_partner_while_he_is_let_in(world):
    actor = Actor(user=world.partner_user, kind=ActorKind.PARTNER, partner=world.partner)
    with pytest.raises(OrganisationNotFound):
        connect(world, actor)
    partner_access_make(partner=world.partner, organisation=world.organisation)
    with pytest.raises(FieldsWrong):
        connect(world, actor, group_id=group_make(world.account).pk)
    kkt = connect(world, actor)
    entry = AuditEntry.objects.get(action="kkt.connected")
    assert (entry.partner_id, entry.account_id) == (world.partner.pk, world.account.pk)
    with pytest.raises(RnmTaken, match=kkt.name):
        connect(world, acts(world.owner))


def test_partner_learns_nothing_of_organisations_closed_to_him(world):
    partner_access_make(partner=world.partner, organisation=world.organisation)
    actor = Actor(user=world.partner_user, kind=ActorKind.PARTNER, partner=world.partner)
    hidden = factories.organisation_make(account=world.account)
    kkt = factories.kkt_make(organisation=hidden)
    with pytest.raises(RnmTaken, match="в другом личном кабинете"):
        connect(world, actor, rnm=kkt.rnm)


def test_employee_of_one_group_connects_into_it(world):
    group = group_make(world.account)
    inner = group_make(world.account, parent=group)
    actor = administrator_of(world.account, group)
    assert connect(world, actor).group == group
    assert connect(world, actor, rnm=rnm_of(world.organisation, 78), group_id=inner.pk).group == inner


def test_employee_of_several_groups_chooses(world):
    actor = administrator_of(world.account, group_make(world.account), group_make(world.account))
    assert wrong_fields(world, actor=actor) == {"group"}


def test_employee_of_no_group_connects_nothing(world):
    place = membership_make(account=world.account, sections=[Section.MANAGEMENT], all_groups=False)
    assert wrong_fields(world, actor=acts(place.user)) == {"group"}


# ── contracts ────────────────────────────────────────────────────────────────────────────────────────


def contract_make(world, ends_on=None):
    ended = (
        {}
        if ends_on is None
        else {"state": ContractState.TERMINATED, "ends_on": ends_on, "terminated_at": NOW}
    )
    return Contract.objects.create(
        organisation=world.organisation, number=Contract.objects.count() + 1, offer=offer_ensure(),
        signed_on=dt.date(2026, 1, 1), starts_on=dt.date(2026, 1, 1), created_at=NOW, **ended,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("ends", "served"),
    [
        ([], True),
        ([None], True),
        ([dt.date(2026, 11, 20)], False),
        ([dt.date(2026, 11, 21)], True),
        ([dt.date(2026, 11, 1), None], True),
    ],
)
def test_served_is_what_contracts_say(world, ends, served):
    for day in ends:
        contract_make(world, day)
    assert organisation_served(organisation_id=world.organisation.pk, day=dt.date(2026, 11, 21)) is served
    if served:
        served_check(world.organisation, NOW)
        assert connect(world).pk
    else:
        with pytest.raises(OrganisationNotServed):
            connect(world)


# ── names and the end ────────────────────────────────────────────────────────────────────────────────


def test_rename(world):
    kkt = connect(world)
    kkt_rename(actor=acts(world.owner), kkt=kkt, name=" Павильон  12 ", version=1, now=NOW)
    kkt.refresh_from_db()
    assert (kkt.name, kkt.version) == ("Павильон 12", 2)
    assert AuditEntry.objects.get(action="kkt.renamed").facts["before"] == "Касса у входа"
    with pytest.raises(ChangedMeanwhile):
        kkt_rename(actor=acts(world.owner), kkt=kkt, name="Вторая", version=1, now=NOW)
    kkt_rename(actor=acts(world.owner), kkt=kkt, name="Павильон 12", version=2, now=NOW)
    with pytest.raises(FieldsWrong):
        kkt_rename(actor=acts(world.owner), kkt=kkt, name="а" * 129, version=2, now=NOW)
    kkt.refresh_from_db()
    assert (kkt.name, kkt.version) == ("Павильон 12", 2)


@pytest.mark.parametrize("who", ["clerk", "other_owner", "stranger", "dismissed", "clerk_of_no_group"])
def test_strangers_neither_rename_nor_stop(world, who):
    kkt = connect(world)
    for deed, fields in ((kkt_rename, {"name": "Моя", "version": 1}), (kkt_stop, {})):
        with pytest.raises((KktNotFound, SectionClosed)):
            deed(actor=acts(getattr(world, who)), kkt=kkt, now=NOW, **fields)
    kkt.refresh_from_db()
    assert (kkt.name, kkt.stopped_at) == ("Касса у входа", None)


def test_stop_once(world):
    kkt = connect(world, tariff_next="micro", renewal=True)
    kkt_stop(actor=acts(world.owner), kkt=kkt, now=NOW)
    kkt_stop(actor=acts_as_staff(world.staff[StaffRole.MANAGER]), kkt=kkt, now=NOW + dt.timedelta(days=1))
    kkt.refresh_from_db()
    assert (kkt.stopped_at, kkt.renewal) == (NOW, False)
    assert AuditEntry.objects.filter(action="kkt.stopped").count() == 1


def test_stopped_register_comes_back_with_the_term_it_had(world):
    kkt = connect(world)
    until = kkt.served_until
    kkt_stop(actor=acts(world.owner), kkt=kkt, now=NOW)
    later = NOW + dt.timedelta(days=30)
    again = connect(world, name="Снова", tariff_next="micro", now=later)
    assert again.pk == kkt.pk
    again.refresh_from_db()
    assert (again.name, again.stopped_at, again.served_until) == ("Снова", None, until), (
        "the free term is given once"
    )
    assert AuditEntry.objects.filter(action="kkt.resumed").count() == 1


def test_stopped_register_of_another_does_not_come_to_us(world):
    kkt = factories.kkt_make(organisation=world.other_organisation, stopped_at=NOW)
    sister = factories.kkt_make(
        organisation=factories.organisation_make(account=world.account), stopped_at=NOW
    )
    for one in (kkt, sister):
        with pytest.raises(RnmTaken):
            connect(world, rnm=one.rnm)


@pytest.mark.django_db(transaction=True)
def test_two_people_with_one_number(world):
    rnm = rnm_of(world.organisation, 77)
    results = together(
        lambda: connect(world, rnm=rnm),
        lambda: connect(world, acts(world.other_owner), rnm=rnm, organisation=world.other_organisation),
    )
    assert sorted(type(one).__name__ for one in results) == ["Kkt", "RnmTaken"]
    assert Kkt.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_person_clicks_twice_at_once(world):
    first, second = together(lambda: connect(world), lambda: connect(world))
    assert first == second
    assert Kkt.objects.count() == AuditEntry.objects.filter(action="kkt.connected").count() == 1
