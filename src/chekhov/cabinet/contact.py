"""Whom a customer asks: his responsible manager, or the operator himself."""

from __future__ import annotations

from dataclasses import dataclass

from chekhov.accounts.personal import phone_shown
from chekhov.orgs.selectors import account_of, operator_card


@dataclass(frozen=True, slots=True)
class Contact:
    """For `cabinet/contact.html`. manager: whether this is the responsible manager; any word may be empty."""

    name: str
    email: str
    phone: str
    manager: bool = False


def contact_of(*, account_id: int) -> Contact:
    """The cabinet's responsible manager; while there is none, the operator as he calls himself."""
    account = account_of(account_id=account_id)
    if account is not None and account.manager is not None:
        person = account.manager
        return Contact(person.get_full_name(), person.email, phone_shown(person.phone), manager=True)
    card = operator_card()
    return Contact(card.name, card.email, phone_shown(card.phone) if card.phone else "")
