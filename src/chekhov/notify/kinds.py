"""Kinds of letters: a table of what each says in its subject and what it must be filled with.

Texts stand in `templates/letters/<name>.txt` and `.html` of the room that registers the kind.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from chekhov.notify.errors import BadLetter, UnknownLetter

NAME_FORM = re.compile(r"[a-z][a-z_]{1,62}\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterKind:
    """A kind of letter.

    subject: may name keys of the context, as in «Приглашение в кабинет {account}», and `operator`.
    context: keys that are kept with the row. secrets: keys that are sealed and gone when the letter is sent.
    encloses: files and more values are made when it is sent, by the maker that `enclosures` knows.
    """

    name: str
    subject: str
    context: frozenset[str] = frozenset()
    secrets: frozenset[str] = frozenset()
    encloses: bool = False


KINDS: dict[str, LetterKind] = {}


def letter_register(*kinds: LetterKind) -> None:
    """Add kinds of letters. Raises: BadLetter for one that is registered otherwise."""
    for kind in kinds:
        if not NAME_FORM.match(kind.name) or kind.context & kind.secrets:
            raise BadLetter(f"not a kind of letter: {kind.name!r}", template=kind.name)
        if KINDS.setdefault(kind.name, kind) != kind:
            raise BadLetter(f"the kind {kind.name} is registered otherwise", template=kind.name)


def kind_of(name: str) -> LetterKind:
    """The kind. Raises: UnknownLetter."""
    try:
        return KINDS[name]
    except KeyError:
        raise UnknownLetter(f"no such kind of letter: {name}", template=name) from None


letter_register(
    LetterKind(
        name="registration",
        subject="Подтвердите адрес электронной почты",
        context=frozenset({"name", "hours"}),
        secrets=frozenset({"link"}),
    ),
    LetterKind(
        name="registration_again",
        subject="Вы уже зарегистрированы",
        context=frozenset({"log_in_url", "recovery_url"}),
        # Filler: the row is like that of a first registration, so that both take the same time.
        secrets=frozenset({"filler"}),
    ),
    LetterKind(
        name="credentials",
        subject="Логин и пароль для входа в личный кабинет",
        context=frozenset({"name", "login", "log_in_url", "hours"}),
        secrets=frozenset({"password", "link"}),
    ),
    LetterKind(
        name="password_link",
        subject="Подтвердите смену пароля",
        context=frozenset({"hours"}),
        secrets=frozenset({"link"}),
    ),
    LetterKind(
        name="new_password",
        subject="Новый пароль для входа в личный кабинет",
        context=frozenset({"login", "log_in_url", "hours"}),
        secrets=frozenset({"password", "link"}),
    ),
    LetterKind(
        name="employee_invitation",
        subject="Приглашение в личный кабинет «{account}»",
        context=frozenset({"name", "account", "hours"}),
        secrets=frozenset({"link"}),
    ),
    LetterKind(
        name="locked_out",
        subject="Вход в личный кабинет временно закрыт",
        context=frozenset({"minutes", "recovery_url"}),
    ),
    LetterKind(
        name="password_changed",
        subject="Пароль изменён",
        context=frozenset({"recovery_url"}),
    ),
    LetterKind(
        name="receipt",
        subject="{what}",
        context=frozenset({"fn", "fd", "what", "seller"}),
        encloses=True,
    ),
)
