"""Sides of a contract as papers take them, made of rows."""

from __future__ import annotations

from chekhov.orgs.models import Organisation
from chekhov.orgs.requisites import Requisites
from chekhov.orgs.selectors import operator_card
from chekhov.papers.party import Party


def operator_party() -> Party:
    """The operator as he is today."""
    card = operator_card()
    return Party(
        name=card.name,
        full_name=card.full_name,
        inn=card.inn,
        kpp=card.kpp,
        ogrn=card.ogrn,
        legal_address=card.legal_address,
        postal_address=card.postal_address,
        head=card.head,
        head_position=card.head_position,
        phone=card.phone,
        email=card.email,
        bank=card.bank,
    )


def organisation_party(organisation: Organisation) -> Party:
    """The customer as he is today."""
    return requisites_party(Requisites.of_organisation(organisation))


def requisites_party(requisites: Requisites) -> Party:
    """The customer by requisites of any day."""
    head = (requisites.head_surname, requisites.head_name, requisites.head_patronymic)
    return Party(
        name=requisites.name,
        full_name=requisites.full_name,
        inn=requisites.inn,
        kpp=requisites.kpp,
        ogrn=requisites.ogrn,
        legal_address=requisites.legal_address,
        postal_address=requisites.postal_address or requisites.legal_address,
        head=" ".join(filter(None, head)),
        head_position=requisites.head_position,
    )
