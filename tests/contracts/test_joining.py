import dataclasses
import datetime as dt

import pytest
from django.db import DatabaseError, IntegrityError, transaction

import factories
from cabinets import (
    NOW,
    account_make,
    acts,
    acts_as_staff,
    cabinets_make,
    offer_ensure,
    requisites_make,
    together,
)
from chekhov.audit.models import AuditEntry
from chekhov.contracts.errors import CompanyLiquidated, ContractThere, OfferMoved, OfferNotAccepted
from chekhov.contracts.models import Acceptance, Contract, ContractState
from chekhov.contracts.selectors import (
    account_has_contract,
    contract_active,
    contracts_of_account,
    organisation_served,
)
from chekhov.contracts.services import JoiningForm, contract_join, offer_publish
from chekhov.links.directory import Found
from chekhov.links.directory_reading import CompanyCard, CompanyState
from chekhov.orgs.errors import FieldsWrong, OwnerOnly
from chekhov.orgs.models import Organisation
from chekhov.values.requisites import Inn

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    offer_ensure()
    return cabinets_make()


def form(requisites=None, **fields):
    requisites = requisites or requisites_make()
    defaults = {"sole_trader": len(requisites.inn) == 12, "accepted": True, "offer_number": 1}
    return JoiningForm(requisites=requisites, **(defaults | fields))


def join(world, joining=None, *, by=None, account=None, **fields):
    return contract_join(
        actor=fields.pop("actor", None) or acts(by or world.owner, address="192.0.2.7"),
        account_id=(account or world.account).pk,
        form=joining or form(),
        now=fields.pop("now", NOW),
        **fields,
    )


def found(requisites, state=CompanyState.ACTIVE):
    return Found(CompanyCard(inn=Inn(requisites.inn), name="А", state=state), "local", NOW)


def test_joining_makes_a_contract_in_force(world):
    requisites = requisites_make(postal_address="101000, г. Москва, а/я 5")
    assert not account_has_contract(account_id=world.account.pk)
    contract = join(world, form(requisites), found=found(requisites), device="Firefox\0")
    assert (str(contract.get_state_display()), contract.number) == ("Заключен", 1)
    assert (contract.signed_on, contract.ends_on) == (dt.date(2026, 11, 21), None)
    organisation = contract.organisation
    assert (organisation.account, organisation.inn, organisation.source) == (
        world.account,
        requisites.inn,
        "local",
    )
    assert organisation.correspondence_address == "101000, г. Москва, а/я 5"
    acceptance = Acceptance.objects.get(contract=contract)
    assert (acceptance.user, acceptance.offer.number, acceptance.accepted_at) == (world.owner, 1, NOW)
    assert (acceptance.address, acceptance.device) == ("192.0.2.7", "Firefox")
    assert acceptance.requisites["legal_address"] == requisites.legal_address
    assert account_has_contract(account_id=world.account.pk)
    assert contract_active(organisation_id=organisation.pk) == contract
    entry = AuditEntry.objects.latest("id")
    assert (entry.action, entry.account_id, entry.facts) == (
        "contracts.joined",
        world.account.pk,
        {"number": 1, "offer": 1},
    )


def test_day_of_the_contract_is_the_operators(world):
    """Late evening in Greenwich is tomorrow in Moscow."""
    contract = join(world, now=dt.datetime(2026, 11, 21, 21, 30, tzinfo=dt.UTC))
    assert contract.signed_on == dt.date(2026, 11, 22)


def test_numbers_go_on_without_gaps_over_refusals(world):
    first = form()
    join(world, first)
    for bad in (form(accepted=False), form(offer_number=9), form(requisites_make(inn="1")), first):
        with pytest.raises((OfferNotAccepted, OfferMoved, FieldsWrong, ContractThere)):
            join(world, bad)
    join(world, by=world.other_owner, account=world.other_account)
    assert sorted(Contract.objects.values_list("number", flat=True)) == [1, 2]


def test_refusal_leaves_nothing(world):
    organisations = Organisation.objects.count()
    entries = AuditEntry.objects.count()
    for joining, error in (
        (form(accepted=False), OfferNotAccepted),
        (form(offer_number=0), OfferMoved),
        (form(requisites_make(head_name="")), FieldsWrong),
        (form(sole_trader=True), FieldsWrong),
    ):
        with pytest.raises(error), transaction.atomic():
            join(world, joining)
    assert Organisation.objects.count() == organisations
    assert AuditEntry.objects.count() == entries
    assert not Contract.objects.exists()


def test_one_active_contract_per_inn_and_kpp_of_a_cabinet(world):
    requisites = requisites_make()
    join(world, form(requisites))
    with pytest.raises(ContractThere):
        join(world, form(dataclasses.replace(requisites, name="Другое имя")))
    assert Organisation.objects.get(inn=requisites.inn).name == requisites.name, "nothing was overwritten"
    branch = join(world, form(dataclasses.replace(requisites, kpp="590201002")))
    elsewhere = join(world, form(requisites), by=world.other_owner, account=world.other_account)
    assert {branch, elsewhere} <= set(Contract.objects.filter(organisation__inn=requisites.inn))
    assert contracts_of_account(account_id=world.account.pk).count() == 2


def test_after_termination_one_may_join_again(world):
    requisites = requisites_make()
    old = join(world, form(requisites))
    Contract.objects.filter(pk=old.pk).update(
        state=ContractState.TERMINATED, ends_on=old.signed_on, terminated_at=NOW
    )
    assert organisation_served(organisation_id=old.organisation_id, day=old.signed_on)
    assert not organisation_served(
        organisation_id=old.organisation_id, day=old.signed_on + dt.timedelta(days=1)
    )
    new = join(world, form(dataclasses.replace(requisites, head_name="Анна")), now=NOW + dt.timedelta(days=5))
    assert (new.organisation, new.number) == (old.organisation, 2)
    new.organisation.refresh_from_db()
    assert new.organisation.head_name == "Анна"
    assert organisation_served(organisation_id=old.organisation_id, day=new.signed_on)
    assert not organisation_served(
        organisation_id=old.organisation_id, day=new.signed_on - dt.timedelta(days=1)
    )


def test_an_organisation_without_any_contract_is_served():
    organisation = factories.organisation_make()
    assert organisation_served(organisation_id=organisation.pk, day=NOW.date())


def test_company_in_the_register(world):
    requisites = requisites_make()
    with pytest.raises(CompanyLiquidated):
        join(world, form(requisites), found=found(requisites, CompanyState.LIQUIDATED))
    join(world, form(requisites), found=found(requisites, CompanyState.LIQUIDATING))


def test_a_card_of_somebody_else_counts_for_nothing(world):
    other = requisites_make()
    contract = join(world, found=found(other, CompanyState.LIQUIDATED))
    assert contract.organisation.source == ""


@pytest.mark.parametrize(
    "who", ["administrator", "clerk", "other_owner", "partner_user", "stranger", "dismissed"]
)
def test_only_an_owner_binds_the_cabinet(world, who):
    with pytest.raises(OwnerOnly):
        join(world, by=getattr(world, who))


def test_staff_never_accept_for_a_customer(world):
    with pytest.raises(OwnerOnly):
        join(world, actor=acts_as_staff(world.manager, reason="Клиент попросил по телефону"))


def test_a_registers_organisation_is_not_taken_by_typing_its_inn(world):
    """Staff hand it over; who types an ИНН gets a company of his own without anybody's registers."""
    kkt = factories.kkt_make()
    requisites = requisites_make(inn=kkt.organisation.inn)
    contract = join(world, form(requisites))
    assert contract.organisation != kkt.organisation
    assert not contract.organisation.kkts.exists()


def test_offer_that_moved_must_be_read_anew(world):
    shown = form()
    offer_publish(actor=acts_as_staff(world.manager), text="# 1\n\n1.1. Новое.", expected_number=1, now=NOW)
    with pytest.raises(OfferMoved):
        join(world, shown)
    assert join(world, form(offer_number=2)).offer.number == 2


def test_database_keeps_what_was_accepted(world):
    contract = join(world)
    for deed in (
        lambda: Acceptance.objects.update(user_name="Другой"),
        lambda: Acceptance.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            deed()
    for change in ({"state": "terminated"}, {"ends_on": contract.signed_on}, {"number": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Contract.objects.filter(pk=contract.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Contract.objects.create(
            number=77,
            signed_on=contract.signed_on,
            organisation=contract.organisation,
            offer=contract.offer,
            starts_on=contract.signed_on,
            created_at=NOW,
        )


@pytest.mark.django_db(transaction=True)
def test_a_button_pressed_twice_makes_one_contract():
    offer_ensure()
    account = account_make()
    joining = form()
    results = together(
        *[lambda: contract_join(actor=acts(account.opened_by), account_id=account.pk, form=joining, now=NOW)]
        * 4
    )
    assert sorted(type(result).__name__ for result in results) == ["Contract", *["ContractThere"] * 3]
    assert list(Contract.objects.values_list("number", flat=True)) == [1]


@pytest.mark.django_db(transaction=True)
def test_many_customers_at_once_get_numbers_without_gaps():
    offer_ensure()
    accounts = [account_make() for _ in range(6)]

    def joins(account):
        return lambda: contract_join(
            actor=acts(account.opened_by), account_id=account.pk, form=form(), now=NOW
        )

    results = together(*map(joins, accounts))
    assert sorted(contract.number for contract in results) == [1, 2, 3, 4, 5, 6]
