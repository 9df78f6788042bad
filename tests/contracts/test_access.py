import pytest
from django.contrib.auth.models import AnonymousUser

from cabinets import NOW, acts, cabinets_make, offer_ensure, partner_access_make, requisites_make
from chekhov.accounts.models import StaffRole
from chekhov.contracts.access import application_for_user, contract_for_user, contracts_for_user
from chekhov.contracts.errors import ApplicationNotFound, ContractNotFound
from chekhov.contracts.models import SigningMethod
from chekhov.contracts.services import JoiningForm, contract_join, termination_ask
from chekhov.orgs.errors import SectionClosed

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
        form=JoiningForm(sole_trader=False, requisites=requisites_make(), accepted=True, offer_number=1),
        now=NOW,
    )


@pytest.fixture
def application(world, contract):
    return termination_ask(
        actor=acts(world.owner), contract_id=contract.pk, method=SigningMethod.PAPER, now=NOW
    )


@pytest.mark.parametrize("who", ["owner", "clerk_of_documents", "manager"])
def test_who_sees(world, contract, application, who):
    user = getattr(world, who)
    assert contract_for_user(user=user, contract_id=contract.pk, now=NOW) == contract
    assert application_for_user(user=user, application_id=application.pk, now=NOW) == application
    assert contract in contracts_for_user(user=user, now=NOW)


@pytest.mark.parametrize("who", ["administrator", "clerk", "clerk_of_no_group"])
def test_colleagues_without_the_section(world, contract, application, who):
    user = getattr(world, who)
    with pytest.raises(SectionClosed):
        contract_for_user(user=user, contract_id=contract.pk, now=NOW)
    with pytest.raises(SectionClosed):
        application_for_user(user=user, application_id=application.pk, now=NOW)
    assert not contracts_for_user(user=user, now=NOW).exists()


@pytest.mark.parametrize(
    "who", ["stranger", "dismissed", "shut_out", "other_owner", "partner_user", "nobody"]
)
def test_strangers_learn_nothing(world, contract, application, who):
    partner_access_make(partner=world.partner, organisation=contract.organisation)
    user = AnonymousUser() if who == "nobody" else getattr(world, who)
    for number in (contract.pk, 0):
        with pytest.raises(ContractNotFound, match=r"^Такого договора нет$"):
            contract_for_user(user=user, contract_id=number, now=NOW)
    for number in (application.pk, 0):
        with pytest.raises(ApplicationNotFound, match=r"^Такой заявки нет$"):
            application_for_user(user=user, application_id=number, now=NOW)
    assert not contracts_for_user(user=user, now=NOW).exists()


def test_dismissed_staff(world, contract):
    fired = world.staff[StaffRole.MANAGER]
    fired.is_active = False
    with pytest.raises(ContractNotFound):
        contract_for_user(user=fired, contract_id=contract.pk, now=NOW)
