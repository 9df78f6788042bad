"""How contracts and companies are written in tables of the cabinet."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse

from chekhov.contracts.models import Contract, ContractState
from chekhov.face.cells import Link, State
from chekhov.orgs.models import Membership, Organisation
from chekhov.orgs.sections import Section


def requisites_short(organisation: Organisation) -> str:
    """«ИНН 7700000010, КПП 770001001»."""
    parts = [f"ИНН {organisation.inn}", f"КПП {organisation.kpp}" if organisation.kpp else ""]
    return ", ".join(filter(None, parts))


def contract_words(contract: Contract) -> str:
    """«№ 249 от 01.11.2017»."""
    return f"№ {contract.number} от {contract.signed_on:%d.%m.%Y}"


def contract_link(contract: Contract, place: Membership) -> object:
    """The number and day, leading to the card for those to whom «Документы» are open."""
    if Section.DOCUMENTS not in place.open_sections:
        return contract_words(contract)
    try:
        return Link(reverse("contract", args=(contract.pk,)), contract_words(contract))
    except NoReverseMatch:
        return contract_words(contract)


def contract_state(contract: Contract) -> State:
    """«Заключен» or «Расторгнут»."""
    if contract.state == ContractState.ACTIVE:
        return State("fine", "Заключен")
    return State("quiet", "Расторгнут", "ban")
