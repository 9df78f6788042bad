import pytest

from cabinets import NOW, acts, cabinets_make, offer_ensure, requisites_make
from chekhov.accounts.models import StaffRole
from chekhov.contracts.selectors import customers_search, managers_all
from chekhov.contracts.services import JoiningForm, contract_join

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    offer_ensure()
    return cabinets_make()


@pytest.fixture
def contract(world):
    return contract_join(
        actor=acts(world.owner),
        account_id=world.account.pk,
        form=JoiningForm(
            sole_trader=False,
            requisites=requisites_make(name="ООО «Три сестры»", full_name="Общество «Три сестры»"),
            accepted=True,
            offer_number=1,
        ),
        now=NOW,
    )


def test_customers_are_found_by_what_staff_know_of_them(world, contract):
    inn = contract.organisation.inn
    for text in (
        inn,
        f" {inn[:8]} ",
        "три СЕСТРЫ",
        f"№ {contract.number}",
        str(contract.number),
        world.owner.email.upper(),
        contract.organisation.ogrn,
        "invited@example.test",
    ):
        assert world.account in customers_search(text=text), text


@pytest.mark.parametrize(
    "text", ["", " ", "%", "_", "т", "Дядя Ваня", "999999999999", "№ 77", "77", "\0", "а\0б"]
)
def test_who_is_not_meant_is_not_found(contract, text):
    assert list(customers_search(text=text)) == []


def test_each_cabinet_once(world, contract):
    contract_join(
        actor=acts(world.owner),
        account_id=world.account.pk,
        form=JoiningForm(
            sole_trader=False,
            requisites=requisites_make(name="ООО «Три сестры»"),
            accepted=True,
            offer_number=1,
        ),
        now=NOW,
    )
    assert list(customers_search(text="три сестры")) == [world.account]


def test_managers(world):
    assert set(managers_all()) == {world.staff[StaffRole.MANAGER], world.staff[StaffRole.ADMINISTRATOR]}
