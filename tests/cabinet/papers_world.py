"""A cabinet with a contract, an application of each kind, a register and a partner who is let in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.test import Client

import factories
from cabinets import Cabinets, acts, cabinets_make, offer_ensure, partner_access_make
from chekhov import clock
from chekhov.accounts.models import Account, User
from chekhov.contracts.models import Acceptance, Application, Contract, SigningMethod
from chekhov.contracts.parties import operator_party
from chekhov.contracts.services import requisites_change_draft, requisites_change_send, termination_ask
from chekhov.kkt.models import Kkt
from chekhov.orgs.models import Organisation, PartnerAccess
from chekhov.orgs.requisites import Requisites

INN = "9999100018"  # a company of the local directory
TOLD = Requisites(
    inn=INN,
    kpp="999901001",
    ogrn="1027700132195",
    full_name="Общество «Старое имя»",
    name="ООО «Старое имя»",
    legal_address="101000, г. Москва, ул. Садовая, д. 1",
    head_surname="Раневская",
    head_name="Любовь",
    head_patronymic="Андреевна",
    head_position="Директор",
)


@dataclass
class Papers:
    """The world of `cabinets` with papers in it."""

    people: Cabinets
    contract: Contract
    other_contract: Contract
    kkt: Kkt
    other_kkt: Kkt
    access: PartnerAccess
    now: dt.datetime

    @property
    def organisation(self) -> Organisation:
        return self.contract.organisation

    def change(self, *, send: bool = True, **fields: str) -> Application:
        """An application for a change of requisites."""
        self.organisation.refresh_from_db()
        before = Requisites.of_organisation(self.organisation)
        wanted = Requisites.from_data(before.as_data() | ({"head_position": "Генеральный директор"} | fields))
        draft = requisites_change_draft(
            actor=acts(self.people.owner),
            contract_id=self.contract.pk,
            requisites=wanted,
            organisation_version=self.organisation.version,
            now=self.now,
        )
        if not send:
            return draft
        return requisites_change_send(
            actor=acts(self.people.owner),
            application_id=draft.pk,
            expected_version=draft.version,
            now=self.now,
        )

    def ending(self) -> Application:
        """An application to end the contract, whose paper is awaited."""
        return termination_ask(
            actor=acts(self.people.owner),
            contract_id=self.contract.pk,
            method=SigningMethod.PAPER,
            now=self.now,
        )


def contract_make(organisation: Organisation, account: Account, number: int) -> Contract:
    offer, now = offer_ensure(), clock.now()
    day = now.date() - dt.timedelta(days=30)
    contract = Contract.objects.create(
        number=number, signed_on=day, organisation=organisation, offer=offer, starts_on=day, created_at=now
    )
    Acceptance.objects.create(
        contract=contract,
        offer=offer,
        user=account.opened_by,
        user_name=account.opened_by.get_full_name(),
        accepted_at=now,
        requisites=Requisites.of_organisation(organisation).as_data(),
        operator=operator_party().as_data(),
    )
    return contract


def papers_make() -> Papers:
    people = cabinets_make()
    Organisation.objects.filter(pk=people.organisation.pk).update(**TOLD.as_data())
    people.organisation.refresh_from_db()
    return Papers(
        people=people,
        contract=contract_make(people.organisation, people.account, 249),
        other_contract=contract_make(people.other_organisation, people.other_account, 250),
        kkt=factories.kkt_make(organisation=people.organisation, name="Касса у входа"),
        other_kkt=factories.kkt_make(organisation=people.other_organisation, name="Чужая касса"),
        access=partner_access_make(
            partner=people.partner, organisation=people.organisation, granted_by=people.owner
        ),
        now=clock.now(),
    )


def browser_of(user: User | None) -> Client:
    """A browser in which the person has logged in; None: nobody."""
    client = Client()
    if user is not None:
        client.force_login(user)
    return client
