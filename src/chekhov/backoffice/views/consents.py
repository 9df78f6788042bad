"""Versions of the consent to the processing of personal data, and who gave which."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from chekhov import clock
from chekhov.accounts.errors import BadConsentText, ConsentTextNotFound
from chekhov.accounts.models import Consent
from chekhov.accounts.selectors import (
    ConsentVersion,
    consent_filled,
    consent_versions,
    consents_to,
)
from chekhov.accounts.services import consent_publish
from chekhov.backoffice.access import address_of, staff_of, staff_page
from chekhov.backoffice.desk import ROWS, before_of, refused_answer
from chekhov.backoffice.forms_desk import ConsentForm, ConsentSearchForm
from chekhov.backoffice.section import first_url, paged_url
from chekhov.backoffice.views.operator import operator_context
from chekhov.backoffice.windows import deed_done
from chekhov.face.cells import Column, Empty, Link, State, Table, Two
from chekhov.face.navigation import Crumb
from chekhov.face.pages import page, sent_of
from chekhov.orgs.sections import StaffDeed

VERSION_COLUMNS = (
    Column("version", "Редакция", title=True),
    Column("at", "Опубликована"),
    Column("who", "Кем"),
    Column("state", "Состояние"),
    Column("given", "Согласились", end=True),
)
PEOPLE_COLUMNS = (
    Column("who", "Кто", title=True),
    Column("at", "Когда"),
    Column("operator", "Оператор в тексте"),
    Column("address", "Адрес в сети"),
)
NOBODY = Empty(
    "На эту редакцию ещё никто не согласился", "Согласие дают при регистрации личного кабинета.", "users"
)
NOT_FOUND = Empty("Никого не нашлось", "Ищут по части имени или почты.", "search")


@staff_page(deed=StaffDeed.CONSENT_PUBLISH)
def consents(request: HttpRequest) -> HttpResponse:
    """Every version of the text, and how many people gave it."""
    rows: list[dict[str, object]] = [
        {
            "version": Link(reverse("consent_version", args=(row.version,)), f"Редакция {row.version}"),
            "at": row.published_at,
            "who": row.published_by or "с системой",
            "state": State("fine", "Действует") if row.in_force else State("quiet", "Прежняя"),
            "given": row.given,
        }
        for row in consent_versions()
    ]
    empty = Empty("Текста согласия нет", "Без него нельзя зарегистрироваться.", "file-text")
    context = {
        **operator_context("consents", Crumb("Согласие")),
        "table": Table("Редакции согласия", VERSION_COLUMNS, rows, empty),
    }
    return page(request, "backoffice/consents.html", context)


@staff_page(deed=StaffDeed.CONSENT_PUBLISH)
def consent_version(request: HttpRequest, number: int) -> HttpResponse:
    """The text of a version as people read it, and those who consented to it."""
    row = _version(number)
    form = ConsentSearchForm(request.GET)
    form.is_valid()
    text: str = form.cleaned_data.get("text") or ""
    found = consents_to(version=row.version, text=text, before=before_of(request), limit=ROWS + 1)
    older = found[ROWS - 1].pk if len(found) > ROWS else None
    title, *paragraphs = [part for part in consent_filled(row.source).split("\n\n") if part.strip()]
    context = {
        **operator_context("consents", Crumb("Согласие", reverse("consents")), Crumb(f"Редакция {number}")),
        "row": row,
        "text_title": title,
        "paragraphs": paragraphs,
        "form": form,
        "narrowed": bool(text),
        "table": Table(
            "Кто согласился",
            PEOPLE_COLUMNS,
            [_person(consent) for consent in found[:ROWS]],
            NOT_FOUND if text else NOBODY,
            older_url=paged_url(request.path, request.GET, older),
            first_url=first_url(request.path, request.GET),
        ),
    }
    return page(request, "backoffice/consent.html", context)


@staff_page("GET", "HEAD", "POST", deed=StaffDeed.CONSENT_PUBLISH)
def consent_new(request: HttpRequest) -> HttpResponse:
    """Publish a new version, beginning from the text of the last one."""
    last = consent_versions()[0]
    form = ConsentForm(sent_of(request), initial={"version": last.version, "text": last.source})
    done = deed_done(
        form,
        lambda values: consent_publish(
            text=values["text"],
            expected_version=values["version"],
            by=staff_of(request),
            now=clock.now(),
            address=address_of(request),
        ),
        {BadConsentText: "text"},
    )
    if done:
        messages.success(
            request,
            "Новая редакция опубликована. Согласия, данные раньше, относятся к прежним.",
            extra_tags="fine",
        )
        return redirect("consents")
    crumbs = (Crumb("Согласие", reverse("consents")), Crumb("Новая редакция"))
    context = {**operator_context("consents", *crumbs), "form": form}
    return page(request, "backoffice/consent_new.html", context, status=refused_answer(form))


def _version(number: int) -> ConsentVersion:
    row = next((row for row in consent_versions() if row.version == number), None)
    if row is None:
        raise ConsentTextNotFound("Такой редакции нет", number=number)
    return row


def _person(consent: Consent) -> dict[str, object]:
    user = consent.user
    return {
        "who": Two(user.get_full_name(), user.email),
        "at": consent.given_at,
        "operator": consent.operator_name,
        "address": consent.address,
    }
