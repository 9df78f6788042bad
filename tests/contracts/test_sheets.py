import dataclasses

import pytest

from cabinets import NOW, acts, acts_as_staff, cabinets_make, offer_ensure, requisites_make
from chekhov.contracts import sheets
from chekhov.contracts.models import SigningMethod
from chekhov.contracts.services import JoiningForm, contract_join, offer_publish, termination_ask
from chekhov.orgs.services import OperatorForm, operator_change, organisation_requisites_set
from chekhov.papers.contract_card import RegisterLine

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


def operator_make(world):
    operator_change(
        actor=acts_as_staff(world.manager),
        form=OperatorForm(name="ООО «Оператор»", inn="7700000009", postal_address="614045, г. Пермь, а/я 5"),
        expected_version=0,
        now=NOW,
    )


def test_contract_stays_as_it_was_accepted(world, contract):
    accepted = sheets.contract_paper(contract=contract)
    assert accepted.startswith(b"%PDF-")
    offered = sheets.offer_paper(offer=contract.offer)
    operator_make(world)
    offer_publish(actor=acts_as_staff(world.manager), text="Новое", expected_number=1, now=NOW)
    organisation = organisation_requisites_set(
        actor=acts_as_staff(world.manager),
        organisation_id=contract.organisation_id,
        requisites=dataclasses.replace(requisites_make(), inn=contract.organisation.inn, name="Другое"),
        expected_version=1,
        now=NOW,
    )
    contract.refresh_from_db()
    assert contract.organisation == organisation
    assert sheets.contract_paper(contract=contract) == accepted
    assert sheets.offer_paper(offer=contract.offer) != offered, "the offer names the operator of today"


def test_application_tells_where_to_send_it(world, contract, monkeypatch):
    operator_make(world)
    assert sheets.paper_address() == "ООО «Оператор», 614045, г. Пермь, а/я 5"
    application = termination_ask(
        actor=acts(world.owner), contract_id=contract.pk, method=SigningMethod.PAPER, now=NOW
    )
    made = []
    monkeypatch.setattr(sheets, "termination_pdf", lambda sheet, **_: made.append(sheet) or b"")
    sheets.termination_paper(application=application)
    (sheet,) = made
    assert (sheet.application_number, sheet.contract_number) == (application.pk, contract.number)
    assert sheet.send_to == sheets.paper_address()
    assert sheet.customer.inn == contract.organisation.inn


def test_papers_are_set(world, contract):
    application = termination_ask(
        actor=acts(world.owner), contract_id=contract.pk, method=SigningMethod.PAPER, now=NOW
    )
    card = sheets.contract_card_paper(contract=contract, registers=[RegisterLine(name="Касса")], now=NOW)
    for made in (sheets.termination_paper(application=application), card):
        assert made.startswith(b"%PDF-")
