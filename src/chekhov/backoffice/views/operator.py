"""«Оператор»: his own requisites and addresses, and versions of the offer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from chekhov import clock
from chekhov.backoffice.access import actor_of, staff_page
from chekhov.backoffice.desk import desk_context, refused_answer
from chekhov.backoffice.forms_desk import OfferForm, OperatorCardForm
from chekhov.backoffice.windows import deed_done
from chekhov.contracts.errors import BadOfferText, OfferNotFound
from chekhov.contracts.selectors import offer_by_number, offer_current, offers_all
from chekhov.contracts.services import OFFER_TITLE, offer_publish
from chekhov.contracts.sheets import offer_paper
from chekhov.face.cells import Column, Empty, Link, State, Table
from chekhov.face.navigation import Crumb, Tab
from chekhov.face.pages import page, sent_of
from chekhov.orgs.sections import StaffDeed
from chekhov.orgs.selectors import operator_card
from chekhov.orgs.services import OperatorForm, operator_change
from chekhov.orgs.services.operator import WORDS


@staff_page("GET", "HEAD", "POST", deed=StaffDeed.OPERATOR_CHANGE)
def operator(request: HttpRequest) -> HttpResponse:
    """The operator's card: what papers, applications and letters say of him."""
    card = operator_card()
    initial = {name: getattr(card, name) for name in (*WORDS, "version")}
    form = OperatorCardForm(sent_of(request), initial=initial)

    def change(values: Any) -> None:
        operator_change(
            actor=actor_of(request, StaffDeed.OPERATOR_CHANGE),
            form=OperatorForm(**{name: values[name] for name in WORDS}),
            expected_version=values["version"],
            now=clock.now(),
        )

    if deed_done(form, change):
        messages.success(request, "Данные оператора сохранены.", extra_tags="fine")
        return redirect("operator")
    context = {**operator_context("card"), "form": form, "card": card}
    return page(request, "backoffice/operator.html", context, status=refused_answer(form))


@staff_page(deed=StaffDeed.OFFER_PUBLISH)
def offers(request: HttpRequest) -> HttpResponse:
    """Every version of the offer."""
    columns = (
        Column("number", "Редакция", title=True),
        Column("title", "Название"),
        Column("at", "Опубликована"),
        Column("who", "Кем"),
        Column("state", "Состояние"),
        Column("pdf", "Текст", end=True),
    )
    current = offer_current()
    rows: list[dict[str, object]] = [
        {
            "number": f"Редакция {row.number}",
            "title": row.title,
            "at": row.published_at,
            "who": row.published_by.get_full_name() if row.published_by else "с системой",
            "state": State("fine", "Действует")
            if current and row.pk == current.pk
            else State("quiet", "Прежняя"),
            "pdf": Link(reverse("offer_pdf_staff", args=(row.number,)), "PDF", f"PDF: редакция {row.number}"),
        }
        for row in offers_all()
    ]
    empty = Empty("Оферты нет", "Без неё клиенты не могут присоединиться к договору.", "file-text")
    context = {
        **operator_context("offers", Crumb("Оферта")),
        "table": Table("Редакции оферты", columns, rows, empty),
    }
    return page(request, "backoffice/offers.html", context)


@staff_page("GET", "HEAD", "POST", deed=StaffDeed.OFFER_PUBLISH)
def offer_new(request: HttpRequest) -> HttpResponse:
    """Publish a new version, beginning from the text of the last one."""
    last = offer_current()
    initial = {
        "version": last.number if last else 0,
        "title": last.title if last else OFFER_TITLE,
        "text": last.text if last else "",
    }
    form = OfferForm(sent_of(request), initial=initial)
    done = deed_done(
        form,
        lambda values: offer_publish(
            actor=actor_of(request, StaffDeed.OFFER_PUBLISH),
            text=values["text"],
            title=values["title"],
            expected_number=values["version"],
            now=clock.now(),
        ),
        {BadOfferText: "text"},
    )
    if done:
        messages.success(
            request, "Новая редакция опубликована. Прежние договоры её не меняют.", extra_tags="fine"
        )
        return redirect("offers")
    crumbs = (Crumb("Оферта", reverse("offers")), Crumb("Новая редакция"))
    context = {**operator_context("offers", *crumbs), "form": form, "last": last}
    return page(request, "backoffice/offer_new.html", context, status=refused_answer(form))


@staff_page(deed=StaffDeed.OFFER_PUBLISH)
def offer_pdf(request: HttpRequest, number: int) -> HttpResponse:  # noqa: ARG001
    """A version as PDF."""
    row = offer_by_number(number=number)
    if row is None:
        raise OfferNotFound("Такой редакции нет", number=number)
    response = HttpResponse(offer_paper(offer=row), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="offer-{row.number}.pdf"'
    response["Cache-Control"] = "no-store"
    return response


def operator_context(tab: str, *crumbs: Crumb) -> dict[str, Any]:
    """Section, tabs and crumbs of a page of «Оператор»."""
    return {
        **desk_context("operator", *crumbs),
        "tab": tab,
        "tabs": [
            Tab("card", "Данные оператора", reverse("operator")),
            Tab("offers", "Оферта", reverse("offers")),
            Tab("consents", "Согласие", reverse("consents")),
        ],
    }
