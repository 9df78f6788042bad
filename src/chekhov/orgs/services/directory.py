"""Deeds on the list of companies, and bringing a company's requisites up to date from a directory."""

from __future__ import annotations

import datetime as dt
import itertools
import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Final

from django.db import IntegrityError, connection, transaction

from chekhov.links.directory_reading import CompanyCard
from chekhov.orgs.actor import Actor, deed_record
from chekhov.orgs.errors import ChangedMeanwhile, OrganisationNotFound, OrganisationThere
from chekhov.orgs.models import Organisation
from chekhov.orgs.requisites import FIELD_WORDS, Requisites

CARDS_AT_ONCE: Final = 1000
UPSERT: Final = (
    "INSERT INTO orgs_directoryentry AS kept (inn, card, as_of)"
    " SELECT * FROM unnest(%s::text[], %s::jsonb[], %s::timestamptz[])"
    " ON CONFLICT (inn) DO UPDATE SET card = excluded.card, as_of = excluded.as_of"
    " WHERE kept.as_of <= excluded.as_of"
)


@transaction.atomic
def directory_import(*, cards: Iterable[CompanyCard], as_of: dt.datetime) -> int:
    """Put cards into the list, all or none; one that is there and newer stays. Gives how many were written.

    Of one ИНН twice the later card is taken. as_of: when the cards were true.
    """
    written = 0
    rows = iter(cards)
    with connection.cursor() as cursor:
        while batch := {str(card.inn): card for card in itertools.islice(rows, CARDS_AT_ONCE)}:
            inns = sorted(batch)  # one order, so that two imports never wait for each other in a ring
            texts = [json.dumps(_row(batch[inn]), ensure_ascii=False) for inn in inns]
            cursor.execute(UPSERT, [inns, texts, [as_of] * len(inns)])
            written += cursor.rowcount
    return written


@transaction.atomic
def organisation_refresh(
    *,
    actor: Actor,
    organisation_id: int,
    requisites: Requisites,
    source: str,
    source_at: dt.datetime,
    expected_version: int,
    now: dt.datetime,
) -> Organisation:
    """Write what a directory tells of a company, and that it was asked.

    requisites: cleaned. If nothing differs only `source` and `source_at` are kept, and the version stays.
    Raises: OrganisationNotFound, ChangedMeanwhile, OrganisationThere.
    """
    organisation = Organisation.objects.select_for_update(no_key=True).filter(pk=organisation_id).first()
    if organisation is None:
        raise OrganisationNotFound("Такой организации нет", organisation_id=organisation_id)
    if organisation.version != expected_version:
        raise ChangedMeanwhile("Реквизиты уже изменил кто-то другой: откройте их заново")
    before, after = Requisites.of_organisation(organisation).as_data(), requisites.as_data()
    changed = [name for name in FIELD_WORDS if before[name] != after[name]]
    for name in changed:
        setattr(organisation, name, after[name])
    organisation.source, organisation.source_at = source, source_at
    organisation.version += 1 if changed else 0
    try:
        with transaction.atomic():
            organisation.save(update_fields=[*changed, "source", "source_at", "version"])
    except IntegrityError as error:
        raise OrganisationThere("В кабинете уже есть организация с такими ИНН и КПП") from error
    deed_record(
        actor,
        "orgs.requisites_refreshed",
        now=now,
        object_kind="organisation",
        object_id=organisation.pk,
        organisation=organisation,
        facts={"source": source, "changed": changed},
    )
    return organisation


def _row(card: CompanyCard) -> dict[str, str]:
    """The card as it is kept: texts only, nothing empty."""
    return {name: str(value) for name, value in asdict(card).items() if value and name != "registered_on"}
