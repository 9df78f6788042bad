"""A cabinet whose register issued documents, a colleague who sees no group, and others who must learn nothing."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pytest
from django.test import Client

import factories
from backoffice.conftest import project
from backoffice.journal import SHOP_INN, Register
from cabinet.papers_world import browser_of, contract_make
from cabinets import Cabinets, cabinets_make
from chekhov.accounts.models import User
from chekhov.kkt.models import Kkt
from chekhov.orgs.models import Organisation

DAY = dt.date(2026, 11, 16)


@dataclass
class Shop:
    """`kkt` has issued a registration, a closed shift of three receipts and an open one of two.

    `thief` is a register that the owner of another cabinet entered under a РНМ of his own inventing: `foreign`'s
    documents are of another company.
    """

    people: Cabinets
    register: Register
    kkt: Kkt

    def browser(self, user: User | None = None) -> Client:
        return browser_of(user or self.people.owner)

    @property
    def list_url(self) -> str:
        return f"/cabinet/kkt/{self.kkt.pk}/receipts/"

    def document_url(self, fd: int, tail: str = "") -> str:
        return f"/cabinet/documents/{self.register.fn}/{fd}/{tail}"

    def shift_url(self, number: int) -> str:
        return f"/cabinet/kkt/{self.kkt.pk}/shifts/{self.register.fn}/{number}/"


def shop_make(register: Register | None = None) -> Shop:
    """Store the world; the register's documents are projected."""
    people = cabinets_make()
    Organisation.objects.filter(pk=people.organisation.pk).update(inn=SHOP_INN)
    people.organisation.refresh_from_db()
    contract_make(people.organisation, people.account, 249)
    contract_make(people.other_organisation, people.other_account, 250)
    if register is None:
        register = Register(1)
        register.register(DAY - dt.timedelta(days=1))
        register.day(DAY, 3)
        register.day(DAY + dt.timedelta(days=1), 2, close=False)
    kkt = factories.kkt_make(
        organisation=people.organisation, name="Касса у входа", rnm=register.rnm, serial=register.serial
    )
    project()
    return Shop(people, register, kkt)


@pytest.fixture
def shop(transactional_db: None) -> Shop:
    return shop_make()
