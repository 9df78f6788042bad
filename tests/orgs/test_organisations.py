import pytest

import factories
from cabinets import NOW, acts, acts_as_staff, cabinets_make, requisites_make
from chekhov.accounts.models import StaffRole
from chekhov.audit.models import AuditEntry
from chekhov.orgs.actor import deed_record
from chekhov.orgs.errors import ChangedMeanwhile, NotMember, OrganisationNotFound, OrganisationThere
from chekhov.orgs.models import Organisation
from chekhov.orgs.requisites import Requisites
from chekhov.orgs.selectors import account_of, organisations_of_account
from chekhov.orgs.services import (
    manager_assign,
    organisation_enter,
    organisation_hand_over,
    organisation_requisites_set,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return cabinets_make()


def test_one_account_holds_several_companies_and_two_accounts_the_same_one(world):
    same = requisites_make()
    for account in (world.account, world.other_account):
        organisation_enter(actor=acts(world.owner), account_id=account.pk, requisites=same, now=NOW)
    organisation_enter(
        actor=acts(world.owner), account_id=world.account.pk, requisites=requisites_make(), now=NOW
    )
    assert organisations_of_account(account_id=world.account.pk).count() == 3
    assert Organisation.objects.filter(inn=same.inn).count() == 2


def test_entering_again_updates(world):
    first = requisites_make()
    entered = {"actor": acts(world.owner), "account_id": world.account.pk, "now": NOW}
    organisation = organisation_enter(requisites=first, **entered)
    entries = AuditEntry.objects.count()
    assert organisation_enter(requisites=first, **entered).version == 1
    assert AuditEntry.objects.count() == entries, "nothing happened"
    second = Requisites.from_data({**first.as_data(), "head_name": "Анна"})
    assert organisation_enter(requisites=second, source="local", **entered) == organisation
    organisation.refresh_from_db()
    assert (organisation.head_full_name, organisation.version, organisation.source) == (
        "Раневская Анна Андреевна",
        2,
        "local",
    )


def test_requisites_are_set_once_for_a_version(world):
    deed = {
        "actor": acts_as_staff(world.manager),
        "organisation_id": world.organisation.pk,
        "requisites": requisites_make(inn=world.organisation.inn, kpp="770102002"),
        "now": NOW,
    }
    assert organisation_requisites_set(expected_version=1, **deed).kpp == "770102002"
    with pytest.raises(ChangedMeanwhile):
        organisation_requisites_set(expected_version=1, **deed)
    with pytest.raises(OrganisationNotFound):
        organisation_requisites_set(expected_version=1, **deed | {"organisation_id": 0})
    changed = set(AuditEntry.objects.latest("id").facts["changed"])
    assert {"kpp", "legal_address"} <= changed
    assert "inn" not in changed


def test_two_branches_never_become_one(world):
    factories.organisation_make(account=world.account, inn=world.organisation.inn, kpp="770102002")
    with pytest.raises(OrganisationThere):
        organisation_requisites_set(
            actor=acts_as_staff(world.manager),
            organisation_id=world.organisation.pk,
            requisites=requisites_make(inn=world.organisation.inn, kpp="770102002"),
            expected_version=1,
            now=NOW,
        )


def test_hand_over(world):
    kkt = factories.kkt_make()
    handed = organisation_hand_over(
        actor=acts_as_staff(world.manager),
        organisation_id=kkt.organisation_id,
        account_id=world.account.pk,
        reason="Доверенность № 1",
        now=NOW,
    )
    assert handed.account == world.account
    again = {"actor": acts_as_staff(world.manager), "reason": "Доверенность", "now": NOW}
    with pytest.raises(OrganisationNotFound):
        organisation_hand_over(
            organisation_id=kkt.organisation_id, account_id=world.other_account.pk, **again
        )
    with pytest.raises(OrganisationNotFound):
        organisation_hand_over(
            organisation_id=factories.organisation_make().pk, account_id=world.account.pk + 10_000, **again
        )
    same = factories.organisation_make(inn=handed.inn, kpp=handed.kpp)
    with pytest.raises(OrganisationThere):
        organisation_hand_over(organisation_id=same.pk, account_id=world.account.pk, **again)


def test_manager(world):
    manager = world.manager

    def assign(manager_id, account=world.account):
        manager_assign(actor=acts_as_staff(manager), account_id=account.pk, manager_id=manager_id, now=NOW)
        return account_of(account_id=account.pk).manager

    assert assign(manager.pk) == manager
    entries = AuditEntry.objects.count()
    assert assign(manager.pk) == manager
    assert AuditEntry.objects.count() == entries
    for person in (world.owner, world.staff[StaffRole.ENGINEER]):
        with pytest.raises(NotMember):
            assign(person.pk)
    assert assign(None) is None
    with pytest.raises(NotMember):
        manager_assign(actor=acts_as_staff(manager), account_id=0, manager_id=None, now=NOW)


def test_on_behalf_is_shown_to_the_customer(world):
    def record(actor):
        deed_record(
            actor,
            "orgs.requisites_changed",
            now=NOW,
            object_kind="organisation",
            object_id=world.organisation.pk,
            organisation=world.organisation,
        )
        return AuditEntry.objects.latest("id")

    entry = record(acts_as_staff(world.manager, reason="Письмо клиента", address="192.0.2.7"))
    assert (entry.on_behalf_id, entry.reason, entry.account_id) == (
        world.organisation.pk,
        "Письмо клиента",
        world.account.pk,
    )
    assert entry.address == "192.0.2.7"
    assert record(acts_as_staff(world.manager)).on_behalf_id is None
