"""Deeds on the offer: publishing versions. The first one, in our words, comes with the installation."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from django.db import transaction

from chekhov.contracts.errors import BadOfferText, OfferMoved
from chekhov.contracts.models import OfferVersion
from chekhov.db.locks import transaction_lock
from chekhov.orgs.actor import Actor, deed_record
from chekhov.papers.offer import offer_blocks

FIRST_OFFER_FILE = Path(__file__).parent.parent / "templates" / "contracts" / "offer_first.txt"
"""Our text, published by the first migration; the operator publishes his own over it."""

OFFER_TITLE = "Договор-оферта на обработку фискальных данных"
TEXT_CHARACTERS_MAX = 200_000
TITLE_CHARACTERS_MAX = 200


@transaction.atomic
def offer_publish(
    *, actor: Actor, text: str, expected_number: int, now: dt.datetime, title: str = OFFER_TITLE
) -> OfferVersion:
    """Publish a new version; whoever joins from now on joins it. Contracts keep theirs.

    expected_number: the version the editor began from. Raises: BadOfferText, OfferMoved.
    """
    text = text.replace("\r\n", "\n").strip() + "\n"
    title = " ".join(title.split())
    printable = all(char.isprintable() or char == "\n" for char in text) and title.isprintable()
    if not offer_blocks(text) or len(text) > TEXT_CHARACTERS_MAX or not printable:
        raise BadOfferText(f"Текст оферты — до {TEXT_CHARACTERS_MAX} печатных знаков, не пустой")
    if not 0 < len(title) <= TITLE_CHARACTERS_MAX:
        raise BadOfferText(f"Название оферты — до {TITLE_CHARACTERS_MAX} знаков, не пустое")
    transaction_lock("offer")
    last = OfferVersion.objects.order_by("-number").first()
    if (0 if last is None else last.number) != expected_number:
        raise OfferMoved("Пока вы правили текст, опубликована другая редакция")
    offer = OfferVersion.objects.create(
        number=expected_number + 1,
        title=title,
        text=text,
        published_at=now,
        published_by=actor.user,
    )
    deed_record(
        actor,
        "contracts.offer_published",
        now=now,
        object_kind="offer",
        object_id=offer.pk,
        facts={"number": offer.number},
    )
    return offer
