import pytest
from django.db import IntegrityError, transaction

from chekhov.orgs.errors import KppMisplaced, OrganisationNameless, OrganisationThere
from chekhov.orgs.models import Organisation
from chekhov.orgs.selectors import organisation_by_requisites, organisations_all
from chekhov.orgs.services import organisation_add
from chekhov.values import BadRequisite

pytestmark = pytest.mark.django_db

COMPANY = {"name": "ООО «Чайка»", "inn": "7700000009", "kpp": "770001001", "ogrn": "1027700132195"}


def test_company_is_added_and_found():
    company = organisation_add(**COMPANY)
    assert not company.is_sole_trader
    assert organisation_by_requisites(inn="7700000009", kpp="770001001") == company
    assert organisation_by_requisites(inn="7700000009") is None


def test_sole_trader_is_added():
    trader = organisation_add(name="ИП Чехов А. П.", inn="500100732259")
    assert trader.is_sole_trader
    assert trader.kpp == ""


def test_branches_share_the_inn():
    organisation_add(**COMPANY)
    organisation_add(**COMPANY | {"kpp": "500102001"})
    assert Organisation.objects.count() == 2


def test_the_same_again_is_a_conflict():
    organisation_add(**COMPANY)
    with pytest.raises(OrganisationThere):
        organisation_add(**COMPANY | {"name": "Другое имя", "inn": " 7700000009 "})
    assert Organisation.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"inn": "7700000008"}, BadRequisite),
        ({"inn": ""}, BadRequisite),
        ({"kpp": "77"}, BadRequisite),
        ({"ogrn": "1027700132194"}, BadRequisite),
        ({"name": " \t"}, OrganisationNameless),
        ({"name": "а" * 257}, OrganisationNameless),
        ({"name": "а\0"}, OrganisationNameless),
        ({"inn": "500100732259"}, KppMisplaced),
    ],
)
def test_wrong_requisites(change, error):
    with pytest.raises(error):
        organisation_add(**COMPANY | change)
    assert not Organisation.objects.exists()


@pytest.mark.parametrize("change", [{"inn": "77"}, {"kpp": "x"}, {"name": ""}])
def test_database_refuses_what_services_should_have(change):
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.create(**COMPANY | change)


def test_all_by_name():
    for name, inn in (("Я", "7700000009"), ("А", "9999999998")):
        organisation_add(name=name, inn=inn)
    assert [organisation.name for organisation in organisations_all()] == ["А", "Я"]
