"""«Прайс-лист»: the tariffs, and how one is ordered today."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from chekhov.cabinet.access import customer_page
from chekhov.cabinet.contact import contact_of
from chekhov.cabinet.shop.cards import price_cards
from chekhov.face.navigation import Crumb
from chekhov.face.pages import page
from chekhov.kkt.tariffs import TRIAL_DAYS
from chekhov.orgs.access import require_section
from chekhov.orgs.sections import Section


@customer_page()
def prices(request: HttpRequest) -> HttpResponse:
    """«Выберите тариф»."""
    place = require_section(user=request.user, section=Section.PRICES)
    context = {
        "section": "prices",
        "crumbs": [Crumb("Личный кабинет", reverse("cabinet")), Crumb("Прайс-лист")],
        "cards": price_cards(),
        "contact": contact_of(account_id=place.account_id),
        "trial_days": TRIAL_DAYS,
        "may_connect": Section.MANAGEMENT in place.open_sections,
    }
    return page(request, "cabinet/shop/prices.html", context)
