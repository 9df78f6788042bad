import datetime as dt

import pytest

import factories
from cabinets import NOW, acts, acts_as_staff, cabinets_make, partner_access_make, together
from chekhov.audit.models import ActorKind, AuditEntry
from chekhov.orgs.access import organisations_for_user
from chekhov.orgs.actor import Actor, deed_record
from chekhov.orgs.errors import (
    AccessEndsBefore,
    ChangedMeanwhile,
    EmployeeNotFound,
    FieldsWrong,
    PartnerClosed,
    PartnerNotFound,
    PartnerThere,
    PersonTaken,
)
from chekhov.orgs.models import Partner, PartnerAccess
from chekhov.orgs.sections import Section
from chekhov.orgs.selectors import (
    AccessState,
    accesses_of_organisation,
    accesses_of_partner,
    partners_all,
    partners_for_account,
    people_of_partner,
)
from chekhov.orgs.services import (
    PartnerForm,
    partner_access_set,
    partner_add,
    partner_change,
    partner_close,
    partner_user_add,
    partner_user_confirm,
    partner_user_remove,
)

pytestmark = pytest.mark.django_db
FORM = {"name": "ООО «Сервис»", "inn": "7700000009", "kpp": "770001001", "ogrn": "1027700132195"}


@pytest.fixture
def world():
    return cabinets_make()


def let_in(world, *, allowed=True, until=None, now=NOW, partner=None):
    return partner_access_set(
        actor=acts(world.owner),
        partner_id=(partner or world.partner).pk,
        organisation=world.organisation,
        allowed=allowed,
        until=until,
        now=now,
    )


def customers(world, now=NOW):
    return list(organisations_for_user(user=world.partner_user, section=Section.KKT, now=now))


def test_access_is_granted_and_revoked_at_once(world):
    assert customers(world) == []
    access = let_in(world)
    assert customers(world) == [world.organisation]
    assert let_in(world) == access, "the same again changes nothing"
    assert let_in(world, allowed=False) is None
    assert customers(world) == []
    assert let_in(world, allowed=False) is None
    actions = list(
        AuditEntry.objects.filter(object_kind="partner").order_by("id").values_list("action", "account_id")
    )
    assert actions == [
        ("orgs.partner_access_granted", world.account.pk),
        ("orgs.partner_access_revoked", world.account.pk),
    ]


def test_access_with_an_end(world):
    until = NOW + dt.timedelta(days=30)
    let_in(world, until=until)
    assert customers(world, until - dt.timedelta(seconds=1)) == [world.organisation]
    assert customers(world, until) == []
    longer = let_in(world, until=until + dt.timedelta(days=1))
    assert customers(world, until) == [world.organisation]
    let_in(world, until=None, now=until + dt.timedelta(days=2))
    assert customers(world, until + dt.timedelta(days=9)) == [world.organisation]
    kept = accesses_of_organisation(organisation_id=world.organisation.pk)
    assert kept.count() == 3, "every grant there was is kept"
    assert longer in kept
    with pytest.raises(AccessEndsBefore):
        let_in(world, until=NOW)


def test_list_of_a_cabinet(world):
    ended = partner_access_make(
        partner=Partner.objects.create(name="А", inn="7702203276", created_at=NOW),
        organisation=world.organisation,
        until=NOW - dt.timedelta(hours=1),
    ).partner
    closed = Partner.objects.create(name="Б", inn="9999999998", created_at=NOW, closed_at=NOW)
    let_in(world)
    partner_access_make(partner=ended, organisation=world.other_organisation)
    lines = {line.partner: line for line in partners_for_account(account_id=world.account.pk, now=NOW)}
    assert lines[world.partner].words == "Полный доступ"
    assert lines[world.partner].organisation_ids == (world.organisation.pk,)
    assert (lines[ended].state, lines[ended].organisation_ids) == (AccessState.ENDED, ())
    assert closed not in lines
    others = {line.partner: line for line in partners_for_account(account_id=world.other_account.pk, now=NOW)}
    assert others[world.partner].state == AccessState.NONE, "what others granted is not told"
    assert [access.organisation for access in accesses_of_partner(partner=world.partner, now=NOW)] == [
        world.organisation
    ]


def test_partner_is_added_and_changed(world):
    staff = acts_as_staff(world.manager)
    partner = partner_add(actor=staff, form=PartnerForm(**FORM, phone="8 912 345 67 89"), now=NOW)
    assert partner.phone == "+79123456789"
    with pytest.raises(PartnerThere):
        partner_add(actor=staff, form=PartnerForm(**FORM), now=NOW)
    changed = partner_change(
        actor=staff,
        partner_id=partner.pk,
        form=PartnerForm(**FORM | {"name": "ООО «Другой»"}),
        expected_version=1,
        now=NOW,
    )
    assert (changed.name, changed.version) == ("ООО «Другой»", 2)
    with pytest.raises(ChangedMeanwhile):
        partner_change(
            actor=staff, partner_id=partner.pk, form=PartnerForm(**FORM), expected_version=1, now=NOW
        )
    with pytest.raises(PartnerNotFound):
        partner_change(actor=staff, partner_id=0, form=PartnerForm(**FORM), expected_version=1, now=NOW)
    assert partner in partners_all()


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"name": " "}, "name"),
        ({"name": "а" * 257}, "name"),
        ({"inn": ""}, "inn"),
        ({"inn": "7700000008"}, "inn"),
        ({"kpp": "x"}, "kpp"),
        ({"inn": "500100732259"}, "kpp"),
        ({"ogrn": "1"}, "ogrn"),
        ({"phone": "1"}, "phone"),
        ({"email": "a@"}, "email"),
        ({"legal_address": "а\0"}, "legal_address"),
    ],
)
def test_bad_partner(world, change, wrong):
    with pytest.raises(FieldsWrong) as refused:
        partner_add(actor=acts_as_staff(world.manager), form=PartnerForm(**FORM | change), now=NOW)
    assert set(refused.value.fields) == {wrong}


def test_closed_partner_loses_every_customer(world):
    let_in(world)
    closed = partner_close(
        actor=acts_as_staff(world.manager), partner_id=world.partner.pk, reason="Договор истёк", now=NOW
    )
    assert closed.closed_at == NOW
    assert customers(world) == []
    assert not PartnerAccess.objects.filter(revoked_at=None).exists()
    entry = AuditEntry.objects.latest("id")
    assert (entry.action, entry.account_id) == ("orgs.partner_access_revoked", world.account.pk)
    for deed in (
        lambda: let_in(world),
        lambda: partner_user_add(
            actor=acts_as_staff(world.manager),
            partner_id=world.partner.pk,
            email="a@example.test",
            full_name="А Б",
            now=NOW,
        ),
    ):
        with pytest.raises(PartnerClosed):
            deed()


def test_people_of_a_partner(world):
    let_in(world)
    staff = acts_as_staff(world.manager)
    person = partner_user_add(
        actor=staff,
        partner_id=world.partner.pk,
        email="p@example.test",
        full_name=" Епиходов  Семён ",
        now=NOW,
    )
    with pytest.raises(PartnerThere):
        partner_user_add(
            actor=staff, partner_id=world.partner.pk, email="P@example.test", full_name="А", now=NOW
        )
    user = factories.user_make(email="p@example.test")
    for wrong, error in ((world.owner, EmployeeNotFound), (factories.user_make(), EmployeeNotFound)):
        with pytest.raises(error):
            partner_user_confirm(partner_user_id=person.pk, user=wrong, now=NOW)
    partner_user_confirm(partner_user_id=person.pk, user=user, now=NOW)
    assert list(organisations_for_user(user=user, section=Section.KKT, now=NOW)) == [world.organisation]
    assert person in people_of_partner(partner_id=world.partner.pk)
    partner_user_remove(actor=staff, partner_user_id=person.pk, now=NOW)
    assert not organisations_for_user(user=user, section=Section.KKT, now=NOW).exists()
    with pytest.raises(EmployeeNotFound):
        partner_user_remove(actor=staff, partner_user_id=person.pk, now=NOW)


def test_a_customers_employee_is_no_partner(world):
    person = partner_user_add(
        actor=acts_as_staff(world.manager),
        partner_id=world.partner.pk,
        email=world.owner.email,
        full_name="А Б",
        now=NOW,
    )
    with pytest.raises(PersonTaken):
        partner_user_confirm(partner_user_id=person.pk, user=world.owner, now=NOW)


def test_a_partners_deed_is_marked_in_the_customers_journal(world):
    deed_record(
        Actor(user=world.partner_user, kind=ActorKind.PARTNER, partner=world.partner),
        "orgs.requisites_changed",
        now=NOW,
        object_kind="organisation",
        object_id=world.organisation.pk,
        organisation=world.organisation,
    )
    entry = AuditEntry.objects.latest("id")
    assert (entry.account_id, entry.partner_id, entry.partner_name) == (
        world.account.pk,
        world.partner.pk,
        world.partner.name,
    )


@pytest.mark.django_db(transaction=True)
def test_two_ticks_at_once_are_one_grant():
    world = cabinets_make()
    results = together(*[lambda: let_in(world)] * 4)
    assert len({result.pk for result in results}) == 1
    assert PartnerAccess.objects.count() == 1
