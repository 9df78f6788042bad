"""From a person and a key to a document or a shift, or NotFound: the only way for pages of a cabinet.

A document is his to see if its РНМ is that of a register he may see and its ИНН (1018) is that of the register's
organisation. A stranger does not learn whether the document is there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.contrib.auth.models import AnonymousUser

from chekhov.accounts.models import User
from chekhov.fiscal.errors import DocumentNotFound, ShiftNotFound
from chekhov.fiscal.models import FiscalDocument, Shift
from chekhov.fiscal.scope import Scope
from chekhov.fiscal.selectors import ShiftCard, shift_card
from chekhov.kkt.access import kkt_for_user, kkts_for_user, subtree_of
from chekhov.kkt.errors import KktNotFound
from chekhov.kkt.models import Kkt
from chekhov.orgs.sections import Section

__all__ = [
    "Scope",
    "document_and_kkt_for_user",
    "document_for_user",
    "scope_for_user",
    "scope_of_kkt",
    "shift_and_kkt_for_user",
    "shift_for_user",
]

Person = User | AnonymousUser


def scope_for_user(
    *,
    user: Person,
    now: dt.datetime,
    section: Section = Section.KKT,
    kkt_ids: Collection[int] | None = None,
    organisation_id: int | None = None,
    group_id: int | None = None,
) -> Scope:
    """The registers the person sees through a section, narrowed to those asked for.

    `group_id`: with its subgroups. What he may not see is simply not among them.
    """
    rows = kkts_for_user(user=user, now=now, section=section)
    if kkt_ids is not None:
        rows = rows.filter(pk__in=list(kkt_ids))
    if organisation_id is not None:
        rows = rows.filter(organisation_id=organisation_id)
    if group_id is not None:
        rows = rows.filter(group_id__in=subtree_of([group_id]))
    return Scope.of_rows(rows)


def scope_of_kkt(kkt: Kkt) -> Scope:
    """One register which the caller got through `kkt.access`; nothing while its РНМ is not known."""
    return Scope.of() if kkt.rnm is None else Scope.of((kkt.rnm, kkt.organisation.inn))


def document_for_user(
    *, user: Person, fn: str, fd: int, now: dt.datetime, section: Section = Section.KKT
) -> FiscalDocument:
    """The journal's row with its bytes.

    Raises: DocumentNotFound to strangers, SectionClosed to colleagues without the section.
    """
    return document_and_kkt_for_user(user=user, fn=fn, fd=fd, now=now, section=section)[0]


def document_and_kkt_for_user(
    *, user: Person, fn: str, fd: int, now: dt.datetime, section: Section = Section.KKT
) -> tuple[FiscalDocument, Kkt]:
    """The same, and the register through which he sees it."""
    row = FiscalDocument.objects.filter(fn=fn, fd=fd).first()
    kkt = None if row is None else _kkt_seen(user, row.rnm, row.inn, now, section)
    if row is None or kkt is None:
        raise DocumentNotFound(fn, fd)
    return row, kkt


def shift_for_user(
    *, user: Person, fn: str, number: int, now: dt.datetime, section: Section = Section.KKT
) -> ShiftCard:
    """A shift with its sums.

    Raises: ShiftNotFound to strangers, SectionClosed to colleagues without the section.
    """
    return shift_and_kkt_for_user(user=user, fn=fn, number=number, now=now, section=section)[0]


def shift_and_kkt_for_user(
    *, user: Person, fn: str, number: int, now: dt.datetime, section: Section = Section.KKT
) -> tuple[ShiftCard, Kkt]:
    """The same, and the register through which he sees it."""
    row = Shift.objects.filter(fn=fn, number=number).first()
    kkt = None if row is None else _kkt_seen(user, row.rnm, row.inn, now, section)
    if row is None or kkt is None:
        raise ShiftNotFound(fn, number)
    return shift_card(fn=fn, number=number), kkt


def _kkt_seen(
    user: Person, rnm: str | None, inn: str | None, now: dt.datetime, section: Section
) -> Kkt | None:
    """The register that both numbers name, if the person may see it. Raises: SectionClosed."""
    if not rnm or not inn:
        return None
    seen = kkts_for_user(user=user, now=now, section=section).select_related("organisation", "group")
    kkt = seen.filter(rnm=rnm, inn=inn).first()
    if kkt is not None:
        return kkt
    kkt_id = Kkt.objects.filter(rnm=rnm, inn=inn).values_list("pk", flat=True).first()
    if kkt_id is None:
        return None
    try:  # a colleague without the section is told that it is closed
        return kkt_for_user(user=user, kkt_id=kkt_id, now=now, section=section)
    except KktNotFound:
        return None
