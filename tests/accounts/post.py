"""What a person finds in his letters: the same that the sending job unseals."""

from __future__ import annotations

from typing import Any

from chekhov.notify.models import Letter
from chekhov.notify.sealing import unseal


def letters(template: str | None = None, *, to: str | None = None) -> list[Letter]:
    """Letters in the order they were written."""
    rows = Letter.objects.order_by("id")
    if template is not None:
        rows = rows.filter(template=template)
    if to is not None:
        rows = rows.filter(recipient__iexact=to)
    return list(rows)


def secrets_of(letter: Letter) -> dict[str, Any]:
    """What is sealed for the letter."""
    return unseal(bytes(letter.secret.sealed), name=str(letter.message_id))


def token_of(letter: Letter) -> str:
    """The token in the letter's link."""
    return str(secrets_of(letter)["link"]).rstrip("/").rpartition("/")[2]


def last_token(template: str, *, to: str | None = None) -> str:
    """The token of the newest letter of a kind."""
    return token_of(letters(template, to=to)[-1])
