"""«Партнеры» of a customer's cabinet: the table, and the window with «Партнерский доступ»."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from chekhov import clock
from chekhov.accounts.personal import phone_shown
from chekhov.cabinet.access import address_of, customer_page, person_of, place_of
from chekhov.cabinet.formerrors import error_place
from chekhov.cabinet.management.tabs import management_context
from chekhov.cabinet.partners.services import AccessWanted, partner_accesses_set
from chekhov.errors import Conflict, RuleBroken
from chekhov.face.cells import Column, Digits, Empty, Link, State, Table
from chekhov.face.forms import HouseForm, widgets_dress
from chekhov.face.navigation import Crumb
from chekhov.face.pages import page, sent_of
from chekhov.kkt.access import kkts_for_user
from chekhov.orgs.access import Person, actor_member, require_section
from chekhov.orgs.errors import PartnerNotFound
from chekhov.orgs.models import Membership, Organisation
from chekhov.orgs.sections import Section
from chekhov.orgs.selectors import (
    AccessState,
    PartnerLine,
    organisations_of_account,
    partners_for_account,
)

COLUMNS = (
    Column("name", "Название", title=True),
    Column("requisites", "Реквизиты"),
    Column("card", "Карточка"),
    Column("kkts", "ККТ на обслуживании", end=True),
    Column("state", "Права доступа"),
)
STATES = {
    AccessState.FULL: State("fine", "Полный доступ"),
    AccessState.NONE: State("quiet", "Нет доступа", "lock"),
    AccessState.ENDED: State("attention", "Срок доступа истёк", "clock"),
}
EMPTY = Empty(
    "Партнёров пока нет", "Партнёр, с которым работает оператор, появится здесь.", "heart-handshake"
)


class DayInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"


class AccessForm(HouseForm):
    """A box and an end date for each company of the cabinet."""

    def __init__(
        self, *args: Any, organisations: Iterable[Organisation], line: PartnerLine, **kwargs: Any
    ) -> None:
        """What holds now is filled in."""
        super().__init__(*args, **kwargs)
        self.organisations = list(organisations)
        held = {access.organisation_id: access for access in line.accesses}
        for row in self.organisations:
            access = held.get(row.pk)
            self.fields[f"allowed_{row.pk}"] = forms.BooleanField(
                label="Партнерский доступ", required=False, initial=access is not None
            )
            self.fields[f"until_{row.pk}"] = forms.DateField(
                label="Последний день доступа",
                required=False,
                initial=last_day(access.until) if access else None,
                widget=DayInput(format="%Y-%m-%d"),
                help_text="Пусто: пока вы не закроете доступ.",
            )
        widgets_dress(self)

    @property
    def rows(self) -> list[tuple[Organisation, forms.BoundField, forms.BoundField]]:
        """Each company with its two fields."""
        return [(row, self[f"allowed_{row.pk}"], self[f"until_{row.pk}"]) for row in self.organisations]

    def wanted(self) -> list[AccessWanted]:
        """For the service; only of a valid form."""
        data = self.cleaned_data
        return [
            AccessWanted(row, data[f"allowed_{row.pk}"], _day_end(data[f"until_{row.pk}"]))
            for row in self.organisations
        ]

    def clean(self) -> dict[str, Any] | None:
        """An end date in the past opens nothing: it is told beside its field."""
        data = super().clean()
        today = timezone.localdate(clock.now())
        for row in self.organisations:
            day = self.cleaned_data.get(f"until_{row.pk}")
            if self.cleaned_data.get(f"allowed_{row.pk}") and day and day < today:
                self.add_error(
                    f"until_{row.pk}", "Этот день уже прошёл. Укажите сегодняшний или более поздний."
                )
        return data


@customer_page()
def partners(request: HttpRequest) -> HttpResponse:
    """Every partner the operator works with, and how far he is let in."""
    place = require_section(user=request.user, section=Section.MANAGEMENT)
    lines = partners_for_account(account_id=place.account_id, now=clock.now())
    table = Table("Партнеры", COLUMNS, _rows(lines, _counts(person_of(request))), EMPTY)
    return page(request, "cabinet/partners/partners.html", {**_context(), "table": table})


@customer_page()
def requisites(request: HttpRequest, partner_id: int) -> HttpResponse:
    """The window with the partner's requisites alone."""
    place = require_section(user=request.user, section=Section.MANAGEMENT)
    line = _line(place, partner_id, clock.now())
    crumbs = (Crumb(line.partner.name, reverse("partner", args=(partner_id,))), Crumb("Реквизиты"))
    context = {**_context(*crumbs), "partner": line.partner, "facts": _facts(line)}
    return page(request, "cabinet/partners/requisites.html", context)


@customer_page("GET", "HEAD", "POST")
def partner(request: HttpRequest, partner_id: int) -> HttpResponse:
    """The window: the partner's requisites and «Партнерский доступ»."""
    now = clock.now()
    actor = actor_member(user=person_of(request), section=Section.MANAGEMENT, address=address_of(request))
    place = place_of(request)
    line = _line(place, partner_id, now)
    organisations = organisations_of_account(account_id=place.account_id)
    form = AccessForm(sent_of(request), organisations=organisations, line=line)
    if request.method == "POST" and form.is_valid():
        try:
            partner_accesses_set(actor=actor, partner_id=partner_id, wanted=form.wanted(), now=now)
        except (Conflict, RuleBroken) as error:
            error_place(form, error)
        else:
            messages.success(request, "Доступ партнёра сохранён. Он действует сразу.", extra_tags="fine")
            return redirect("partners")
    context = {**_context(Crumb(line.partner.name)), "line": line, "facts": _facts(line), "form": form}
    return page(request, "cabinet/partners/partner.html", context, status=422 if form.errors else 200)


def last_day(until: dt.datetime | None) -> dt.date | None:
    """The last whole day of an access that ends at this moment."""
    return None if until is None else timezone.localdate(until - dt.timedelta(microseconds=1))


def _day_end(day: dt.date | None) -> dt.datetime | None:
    """The first moment after the operator's day."""
    if day is None:
        return None
    return timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time()))


def _line(place: Membership, partner_id: int, now: dt.datetime) -> PartnerLine:
    for line in partners_for_account(account_id=place.account_id, now=now):
        if line.partner.pk == partner_id:
            return line
    raise PartnerNotFound("Такого партнёра нет", partner_id=partner_id)


def _context(*crumbs: Crumb) -> dict[str, Any]:
    here = Crumb("Партнеры", reverse("partners") if crumbs else "")
    return management_context("partners", here, *crumbs)


def _counts(person: Person) -> dict[int, int]:
    found = (
        kkts_for_user(user=person, now=clock.now(), section=Section.MANAGEMENT)
        .order_by()
        .values_list("organisation_id")
        .annotate(Count("id"))
    )
    return dict(found)


def _rows(lines: Iterable[PartnerLine], counts: dict[int, int]) -> list[dict[str, object]]:
    return [
        {
            "name": Link(reverse("partner", args=(line.partner.pk,)), line.partner.name, modal=True),
            "requisites": ", ".join(
                f"{word} {value}"
                for word, value in (
                    ("ИНН", line.partner.inn),
                    ("КПП", line.partner.kpp),
                    ("ОГРН", line.partner.ogrn),
                )
                if value
            ),
            "card": Link(
                reverse("partner_requisites", args=(line.partner.pk,)),
                "Реквизиты",
                f"Реквизиты: {line.partner.name}",
                modal=True,
                icon="id",
            ),
            "kkts": sum(counts.get(number, 0) for number in line.organisation_ids),
            "state": STATES[line.state],
        }
        for line in lines
    ]


def _facts(line: PartnerLine) -> list[tuple[str, object]]:
    partner = line.partner
    facts: list[tuple[str, object]] = [
        ("ИНН", Digits(partner.inn, copy=True) if partner.inn else ""),
        ("КПП", Digits(partner.kpp, copy=True) if partner.kpp else ""),
        ("ОГРН", Digits(partner.ogrn, copy=True) if partner.ogrn else ""),
        ("Юридический адрес", partner.legal_address),
        ("Телефон", phone_shown(partner.phone) if partner.phone else ""),
        ("E-mail", partner.email),
    ]
    return [(word, value) for word, value in facts if value]
