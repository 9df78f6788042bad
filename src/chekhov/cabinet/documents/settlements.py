"""Tabs «Счета» and «Акты». They fill when orders can be paid for; until then there is nothing to list."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from chekhov.cabinet.access import customer_page
from chekhov.cabinet.documents.section import section_context
from chekhov.face.cells import Empty
from chekhov.face.pages import page
from chekhov.orgs.access import require_section
from chekhov.orgs.sections import Section

INVOICES = Empty("Счетов пока нет", "Счёт появится здесь, когда вы оформите заказ.", "receipt")
ACTS = Empty("Актов пока нет", "Акт появится здесь после оплаченного заказа.", "file-text")


@customer_page()
def invoices(request: HttpRequest) -> HttpResponse:
    """«Счета»."""
    require_section(user=request.user, section=Section.DOCUMENTS)
    context = {**section_context("invoices"), "heading": "Счета", "empty": INVOICES, "notice": ""}
    return page(request, "cabinet/documents/settlements.html", context)


@customer_page()
def acts(request: HttpRequest) -> HttpResponse:
    """«Акты»."""
    require_section(user=request.user, section=Section.DOCUMENTS)
    notice = "Акт формируется согласно условиям вашего договора."
    context = {**section_context("acts"), "heading": "Акты", "empty": ACTS, "notice": notice}
    return page(request, "cabinet/documents/settlements.html", context)
