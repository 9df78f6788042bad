"""«Состояние и история»: what the account and a company have, and which registers are served until when.

Selling has no ledger yet, so nobody has codes of activation or paid places, and the page says so.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.db.models import Count, Min, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from chekhov import clock
from chekhov.cabinet.access import customer_page, person_of
from chekhov.cabinet.contact import contact_of
from chekhov.face.cells import Column, Empty, Table
from chekhov.face.forms import HouseForm
from chekhov.face.navigation import Crumb
from chekhov.face.pages import page
from chekhov.kkt.access import kkts_for_user
from chekhov.kkt.models import Kkt
from chekhov.kkt.tariffs import TARIFFS, tariff_name
from chekhov.orgs.access import organisation_for_user, organisations_for_user, require_section
from chekhov.orgs.errors import OrganisationNotFound
from chekhov.orgs.models import Organisation
from chekhov.orgs.sections import Section

COLUMNS = (
    Column("tariff", "Тариф", title=True),
    Column("served", "Обслуживается касс", end=True),
    Column("nearest", "Ближайшее окончание"),
    Column("over", "Срок закончился", end=True),
)
NUMBER_DIGITS_MAX = 18


def organisation_words(organisation: Organisation) -> str:
    """«ООО «Вишнёвый сад», ИНН 7701000017»; with its КПП, since branches share an ИНН."""
    parts = (
        organisation.name,
        f"ИНН {organisation.inn}",
        f"КПП {organisation.kpp}" if organisation.kpp else "",
    )
    return ", ".join(filter(None, parts))


class CompanyField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A company by its name and numbers."""

    def label_from_instance(self, obj: Organisation) -> str:
        """As the list writes it."""
        return organisation_words(obj)


class CompanyForm(HouseForm):
    """The company whose balance is shown."""

    organisation = CompanyField(Organisation.objects.none(), label="Компания", empty_label=None)

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        """Only the companies of the cabinet."""
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        assert isinstance(field, CompanyField)
        field.queryset = organisations


@customer_page()
def state(request: HttpRequest) -> HttpResponse:
    """The account's block, and that of the company chosen from the list."""
    place = require_section(user=request.user, section=Section.BALANCE)
    now = clock.now()
    person = person_of(request)
    organisations = organisations_for_user(user=person, section=Section.BALANCE, now=now)
    chosen = _chosen(request, organisations, now)
    context = {
        "section": "balance",
        "crumbs": [Crumb("Личный кабинет", reverse("cabinet")), Crumb("Состояние и история")],
        "email": person.email,
        "sold": [tariff for tariff in TARIFFS.values() if tariff.is_sold],
        "form": CompanyForm(initial={"organisation": chosen}, organisations=organisations),
        "several": len(organisations) > 1,
        "organisation": chosen,
        "company": organisation_words(chosen) if chosen else "",
        "table": registers_table(kkts_for_user(user=person, now=now, section=Section.BALANCE), chosen, now),
        "contact": contact_of(account_id=place.account_id),
        "may_order": Section.PRICES in place.open_sections,
    }
    return page(request, "cabinet/balance/state.html", context)


def registers_table(rows: QuerySet[Kkt], organisation: Organisation | None, now: dt.datetime) -> Table:
    """The company's registers by tariff, of those the person sees. Registers out of service are not counted."""
    over = Q(served_until__lte=now)
    found = (
        rows.filter(organisation=organisation, stopped_at=None)
        .order_by()
        .values("tariff")
        .annotate(
            served=Count("id", filter=~over | Q(served_until=None)),
            over=Count("id", filter=over),
            nearest=Min("served_until", filter=~over),
        )
    )
    order = {code: number for number, code in enumerate(TARIFFS)}
    lines = [
        {
            "tariff": tariff_name(row["tariff"]) if row["tariff"] else "Без срока: поставлены оператором",
            "served": row["served"],
            "nearest": row["nearest"],
            "over": row["over"],
        }
        for row in sorted(found, key=lambda row: (order.get(row["tariff"], len(order)), row["tariff"]))
    ]
    empty = Empty("Касс у компании пока нет", "Когда касса появится, здесь будет её тариф и срок.", "receipt")
    return Table("Кассы по тарифам", COLUMNS, lines, empty)


def _chosen(
    request: HttpRequest, organisations: QuerySet[Organisation], now: dt.datetime
) -> Organisation | None:
    """The company asked for, or the first. Raises: OrganisationNotFound."""
    asked = request.GET.get("organisation", "")
    if not asked:
        return organisations.first()
    if not (asked.isascii() and asked.isdecimal()) or len(asked) > NUMBER_DIGITS_MAX:
        raise OrganisationNotFound("Такой организации нет")
    return organisation_for_user(
        user=person_of(request), organisation_id=int(asked), section=Section.BALANCE, now=now
    )
