"""Asking the directory of companies for a person: bounded, so that a form is no free way to the vendor's key."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Final

from django.conf import settings
from django.db import connection, transaction

from chekhov.accounts.models import User
from chekhov.links.directory import Answer, CouldNotAsk, Directory, Found, directory_make
from chekhov.links.directory_reading import card_of_local
from chekhov.orgs.errors import LookupTooOften
from chekhov.orgs.models import DirectoryEntry
from chekhov.values.requisites import Inn

ASKED_A_MINUTE_MAX: Final = 30


class ImportedDirectory:
    """The list the operator has imported (`chekhov directory import`). It is never sure that others do not exist."""

    name = "imported"
    far = False

    def ask(self, inn: Inn, *, now: dt.datetime) -> Answer:  # noqa: ARG002  # an entry knows its own day
        """Look into the table."""
        entry = DirectoryEntry.objects.filter(inn=inn).first()
        if entry is None:
            return CouldNotAsk("imported: not in the list")
        return Found(card_of_local(entry.card), self.name, entry.as_of)


def company_lookup(*, user: User, inn: str, now: dt.datetime, afresh: bool = False) -> Answer:
    """Found, NotFound or CouldNotAsk for a typed ИНН; `afresh`: whatever was answered within the day.

    Not inside a transaction. Raises: BadRequisite for what is no ИНН, before anybody is asked; LookupTooOften.
    """
    number = Inn.parse(inn)
    _count(user, now)
    return directory_of_settings().lookup(number, now=now, afresh=afresh)


def directory_of_settings() -> Directory:
    """The directory this installation has: `COMPANY_DIRECTORIES`, names in the order of asking."""
    names = tuple(getattr(settings, "COMPANY_DIRECTORIES", ("local",)))
    return _directory(names, getattr(settings, "DADATA_KEY", ""))


@lru_cache(maxsize=4)
def _directory(names: tuple[str, ...], dadata_key: str) -> Directory:
    return directory_make(names, dadata_key=dadata_key, own={"imported": ImportedDirectory()})


def _count(user: User, now: dt.datetime) -> None:
    """One more question of this person within this minute."""
    minute = now.replace(second=0, microsecond=0)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO orgs_lookupcount AS kept (user_id, minute_at, asked) VALUES (%s, %s, 1)"
            " ON CONFLICT (user_id) DO UPDATE SET minute_at = excluded.minute_at,"
            " asked = CASE WHEN kept.minute_at = excluded.minute_at THEN kept.asked + 1 ELSE 1 END"
            " RETURNING asked",
            [user.pk, minute],
        )
        asked = cursor.fetchone()[0]
    if asked > ASKED_A_MINUTE_MAX:
        raise LookupTooOften("Слишком много запросов: заполните данные вручную или подождите минуту")
