"""What pages of receipts share: who may see them, whose register a document is of, words of documents."""

from __future__ import annotations

from django.http import HttpRequest

from chekhov import clock
from chekhov.cabinet.kkts.section import Visitor, visitor_of
from chekhov.ffd.printing import title_of
from chekhov.ffd.versions import RECEIPTS
from chekhov.fiscal.access import document_and_kkt_for_user
from chekhov.fiscal.models import FiscalDocument
from chekhov.kkt.access import kkt_for_user
from chekhov.kkt.models import Kkt
from chekhov.orgs.sections import Section

RECEIPT_TITLE = "Печать чека"


def register_of(request: HttpRequest, kkt_id: int) -> tuple[Visitor, Kkt]:
    """Who asks, and the register whose receipts he may see. Raises: NotMember, KktNotFound, SectionClosed."""
    visitor = visitor_of(request)
    return visitor, kkt_for_user(user=visitor.person, kkt_id=kkt_id, now=clock.now(), section=Section.KKT)


def document_of(request: HttpRequest, fn: str, fd: int) -> tuple[Visitor, FiscalDocument, Kkt]:
    """Who asks, the document, and the register through which he sees it.

    Raises: NotMember, DocumentNotFound, SectionClosed.
    """
    visitor = visitor_of(request)
    row, kkt = document_and_kkt_for_user(
        user=visitor.person, fn=fn, fd=fd, now=clock.now(), section=Section.KKT
    )
    return visitor, row, kkt


def window_title(row: FiscalDocument) -> str:
    """«Печать чека», or the name of another document."""
    return RECEIPT_TITLE if row.code in RECEIPTS else title_of(row.code)
