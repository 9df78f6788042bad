"""What is found for a person, group by group: only what he may see where he may see it.

Every group asks for one more than it shows, and none of them costs more than a page of a list does.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse

from chekhov.cabinet.kkts.section import Visitor
from chekhov.cabinet.profile.companies import companies_seen
from chekhov.cabinet.search.asked import Asked
from chekhov.cabinet.words import requisites_short
from chekhov.contracts.access import contracts_for_user
from chekhov.face.figures import blocks_text, moment_text, sum_text
from chekhov.ffd.printing import title_of
from chekhov.fiscal.access import document_for_user, scope_for_user
from chekhov.fiscal.errors import DocumentNotFound
from chekhov.fiscal.models import FiscalDocument
from chekhov.fiscal.scope import Scope
from chekhov.fiscal.search import ReceiptsWanted, receipts_page
from chekhov.kkt.selectors_lists import KktsWanted, kkts_page
from chekhov.orgs.access import organisations_for_user
from chekhov.orgs.errors import SectionClosed
from chekhov.orgs.models import Organisation
from chekhov.orgs.sections import Section

SHOWN: Final = 5
PAGE_ROWS: Final = 50
CONTRACT_DIGITS_MAX: Final = 9


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found: its name, a line that tells it from its like, where it stands."""

    title: str
    under: str
    url: str
    sum_shown: str = ""


@dataclass(frozen=True, slots=True)
class Hits:
    """A group of things found; `more_url`: where the rest is, empty if all are here."""

    name: str
    icon: str
    hits: list[Hit]
    more_url: str = ""


def found_for(visitor: Visitor, asked: Asked, now: dt.datetime, *, shown: int = SHOWN) -> list[Hits]:
    """Groups with something in them, in the order of a shop's day: receipts by number, registers, companies."""
    if not asked.text:
        return []
    groups = [
        _receipts(visitor, asked, now, shown),
        *([] if asked.is_exact else [
            _registers(visitor, asked, now, shown),
            _companies(visitor, asked, now, shown),
            _contracts(visitor, asked, now, shown),
        ]),
    ]  # fmt: skip
    return [group for group in groups if group.hits]


def _registers(visitor: Visitor, asked: Asked, now: dt.datetime, shown: int) -> Hits:
    hits = Hits("Кассы", "receipt", [])
    if not (visitor.reads or visitor.manages):
        return hits
    found = kkts_page(visitor.kkts(now), KktsWanted(text=asked.text), now, limit=shown)
    for line in found.rows:
        numbers = f"РНМ {blocks_text(line.kkt.rnm)}" if line.kkt.rnm else "РНМ не указан"
        under = ", ".join(filter(None, (line.kkt.organisation.name, line.address, numbers)))
        hits.hits.append(Hit(line.kkt.name, under, reverse("kkt", args=(line.kkt.pk,))))
    more = ""
    if found.next_cursor is not None:
        name = "partner_kkts" if visitor.partner else "cabinet_kkts" if visitor.reads else "management"
        more = f"{reverse(name)}?{urlencode({'q': asked.text})}"
    return Hits(hits.name, hits.icon, hits.hits, more)


def _receipts(visitor: Visitor, asked: Asked, now: dt.datetime, shown: int) -> Hits:
    hits = Hits("Чеки и документы", "file-text", [])
    if not visitor.reads:
        return hits
    documents: list[FiscalDocument] = []
    drive, fd = (asked.qr.fn_serial, asked.qr.fd_number) if asked.qr else (asked.drive, asked.fd)
    if drive is not None and fd is not None:
        documents = _exact(visitor, asked, drive, fd, now)
    else:
        questions = _wanted(asked)
        # A word asks nothing of receipts, and this runs at every pause in typing.
        scope = scope_for_user(user=visitor.person, now=now) if questions else Scope.of()
        for wanted in questions:
            known = {(row.fn, row.fd) for row in documents}
            rows = receipts_page(scope, wanted, limit=shown + 1).documents
            documents += [row for row in rows if (row.fn, row.fd) not in known]
    return Hits(
        hits.name,
        hits.icon,
        [_document(row) for row in documents[:shown]],
        _receipts_more(asked, documents, shown),
    )


def _receipts_more(asked: Asked, documents: list[FiscalDocument], shown: int) -> str:
    if len(documents) <= shown or shown >= PAGE_ROWS:
        return ""
    return f"{reverse('search')}?{urlencode({'q': asked.text, 'all': 1})}"


def _exact(visitor: Visitor, asked: Asked, drive: str, fd: int, now: dt.datetime) -> list[FiscalDocument]:
    """The document of a QR code is shown only if its fiscal sign agrees: the code may be of somebody's forgery."""
    try:
        row = document_for_user(user=visitor.person, fn=drive, fd=fd, now=now)
    except (DocumentNotFound, SectionClosed):
        return []
    return [] if asked.qr is not None and asked.qr.fiscal_sign != row.fpd else [row]


def _wanted(asked: Asked) -> list[ReceiptsWanted]:
    """What to look for, the surest first."""
    wanted = []
    if asked.fpd is not None:
        wanted.append(ReceiptsWanted(fpd=asked.fpd))
    if asked.fd is not None:
        wanted.append(ReceiptsWanted(fd=asked.fd))
    if asked.sum_on_day is not None:
        kopecks, day = asked.sum_on_day.kopecks, asked.sum_on_day.day
        wanted.append(ReceiptsWanted(since=day, until=day, sum_from=kopecks, sum_to=kopecks))
    return wanted


def _document(row: FiscalDocument) -> Hit:
    at = "" if row.issued_at is None else moment_text(row.issued_at)
    under = ", ".join(
        filter(None, (at, f"ФН {blocks_text(row.fn)}", "" if row.fpd is None else f"ФПД {row.fpd:010}"))
    )
    return Hit(
        f"{title_of(row.code)} № {row.fd}",
        under,
        reverse("kkt_document", args=(row.fn, row.fd)),
        "" if row.total_kopecks is None else sum_text(row.total_kopecks),
    )


def _companies(visitor: Visitor, asked: Asked, now: dt.datetime, shown: int) -> Hits:
    rows = Organisation.objects.none()
    if visitor.partner is not None:
        rows = organisations_for_user(user=visitor.person, section=Section.KKT, now=now)
    elif visitor.place is not None and companies_seen(visitor.place):
        section = Section.MANAGEMENT if visitor.manages else Section.DOCUMENTS
        rows = organisations_for_user(user=visitor.person, section=section, now=now)
    rows = rows.filter(
        Q(name__icontains=asked.text)
        | Q(full_name__icontains=asked.text)
        | Q(inn__startswith=asked.text.replace(" ", ""))
        | Q(ogrn=asked.text.replace(" ", ""))
    )
    url = "company" if visitor.partner is None else "partner_customer"
    found = list(rows[: shown + 1])
    hits = [Hit(row.name, requisites_short(row), reverse(url, args=(row.pk,))) for row in found[:shown]]
    more = (
        reverse("profile" if visitor.partner is None else "partner_customers") if len(found) > shown else ""
    )
    return Hits("Компании", "building-store", hits, more)


def _contracts(visitor: Visitor, asked: Asked, now: dt.datetime, shown: int) -> Hits:
    number = asked.text.lstrip("№ ")
    if visitor.place is None or not (
        number.isascii() and number.isdigit() and len(number) <= CONTRACT_DIGITS_MAX
    ):
        return Hits("Договоры", "file-text", [])
    rows = contracts_for_user(user=visitor.person, now=now).filter(number=int(number))[:shown]
    hits = [
        Hit(
            f"Договор № {row.number} от {row.signed_on:%d.%m.%Y}",
            row.organisation.name,
            reverse("contract", args=(row.pk,)),
        )
        for row in rows
    ]
    return Hits("Договоры", "file-text", hits)
