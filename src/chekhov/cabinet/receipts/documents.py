"""One document in a window with an address of its own: paper, tags, JSON; as a file; by e-mail."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from chekhov import clock
from chekhov.cabinet.access import address_of
from chekhov.cabinet.formerrors import error_place
from chekhov.cabinet.kkts.section import register_context, registers_page
from chekhov.cabinet.receipts.forms import LetterForm
from chekhov.cabinet.receipts.section import document_of, window_title
from chekhov.errors import Malformed, RuleBroken
from chekhov.face.navigation import Crumb, Tab
from chekhov.face.pages import page
from chekhov.face.paper import document_in, json_text, paper_of, tree_nodes
from chekhov.ffd.documents import Document
from chekhov.ffd.printing import title_of
from chekhov.ffd.versions import RECEIPTS
from chekhov.fiscal.models import FiscalDocument
from chekhov.fiscal.receipt_letters import (
    document_letter_send,
    document_pdf,
    document_readable,
    footer_of,
)
from chekhov.kkt.models import Kkt
from chekhov.notify.errors import BadRecipient
from chekhov.orgs.access import actor_for_organisation
from chekhov.orgs.sections import Section

VIEWS = ("paper", "tags", "json")
FRAGMENTS = {
    "document-view": "cabinet/receipts/view.html",
    "document-mail": "cabinet/receipts/mail.html",
}
SENT = "Документ отправлен на {email}."


@registers_page()
def document(request: HttpRequest, fn: str, fd: int) -> HttpResponse:
    """The window. «view» in the address chooses the tab."""
    visitor, row, kkt = document_of(request, fn, fd)
    context = {**register_context(visitor, kkt, "receipts", *_crumbs(row, kkt)), **_window(request, row)}
    return page(
        request, "cabinet/receipts/document.html", {**context, "form": LetterForm()}, fragments=FRAGMENTS
    )


@registers_page("POST")
def document_send(request: HttpRequest, fn: str, fd: int) -> HttpResponse:
    """Send the document; the answer is the same window, or its part when the page asked by itself."""
    visitor, row, kkt = document_of(request, fn, fd)
    form = LetterForm(request.POST)
    sent_to = _sent(request, form, row, kkt) if form.is_valid() else ""
    inside = request.headers.get("HX-Target") == "document-mail"
    if sent_to and not inside:
        messages.success(request, SENT.format(email=sent_to), extra_tags="fine")
        return HttpResponseRedirect(reverse("kkt_document", args=(fn, fd)))
    context = {
        **register_context(visitor, kkt, "receipts", *_crumbs(row, kkt)),
        **_window(request, row),
        "form": LetterForm() if sent_to else form,
        "sent": SENT.format(email=sent_to) if sent_to else "",
    }
    status = 200 if inside or sent_to else 422
    return page(request, "cabinet/receipts/document.html", context, fragments=FRAGMENTS, status=status)


@registers_page()
def document_file(request: HttpRequest, fn: str, fd: int) -> HttpResponse:
    """The document as PDF."""
    _visitor, row, _kkt = document_of(request, fn, fd)
    return _file(document_pdf(row), f"{fn}-{fd}.pdf", "application/pdf")


@registers_page()
def document_as_json(request: HttpRequest, fn: str, fd: int) -> HttpResponse:
    """The document in the tax service's JSON form."""
    _visitor, row, _kkt = document_of(request, fn, fd)
    text = json_text(document_readable(row))
    return _file(text.encode(), f"{fn}-{fd}.json", "application/json; charset=utf-8")


def _sent(request: HttpRequest, form: LetterForm, row: FiscalDocument, kkt: Kkt) -> str:
    """The address the document was sent to; empty if it was not, and the form says why."""
    now, email = clock.now(), form.cleaned_data["email"]
    actor, organisation = actor_for_organisation(
        user=request.user,
        organisation_id=kkt.organisation_id,
        section=Section.KKT,
        now=now,
        address=address_of(request),
    )
    try:
        document_letter_send(actor=actor, organisation=organisation, row=row, recipient=email, now=now)
    except (Malformed, RuleBroken) as error:
        error_place(form, error, {BadRecipient: "email"})
        return ""
    return str(email)


def _window(request: HttpRequest, row: FiscalDocument) -> dict[str, Any]:
    view = request.GET.get("view", "")
    if view not in VIEWS:
        view = "paper"
    found, trouble = document_in(bytes(row.container))
    here = reverse("kkt_document", args=(row.fn, row.fd))
    first = "Чек" if row.code in RECEIPTS else "Документ"
    return {
        "row": row,
        "title": window_title(row),
        "readable": found is not None,
        "trouble": trouble,
        "view": view,
        "views": [
            Tab("paper", first, here), Tab("tags", "Теги", f"{here}?view=tags"), Tab("json", "JSON", f"{here}?view=json"),
        ],
        **({} if found is None else _content(view, found, row)),
    }  # fmt: skip


def _content(view: str, found: Document, row: FiscalDocument) -> dict[str, Any]:
    """What the chosen tab shows; the others are made when they are chosen."""
    if view == "tags":
        return {"nodes": tree_nodes(found)}
    if view == "json":
        return {"json_text": json_text(found)}
    return {"paper": paper_of(found, footer=footer_of(row))}


def _crumbs(row: FiscalDocument, kkt: Kkt) -> tuple[Crumb, ...]:
    return (
        Crumb("Чеки", reverse("kkt_receipts", args=(kkt.pk,))),
        Crumb(f"{title_of(row.code)} № {row.fd}"),
    )


def _file(data: bytes, name: str, content_type: str) -> HttpResponse:
    response = HttpResponse(data, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
