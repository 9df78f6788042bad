"""«Помощь»: what each section is for."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from chekhov.cabinet.access import customer_page
from chekhov.face.navigation import Crumb
from chekhov.face.pages import page


@customer_page(joined=False)
def help_page(request: HttpRequest) -> HttpResponse:
    """All sections on one page; «Справка по разделу» leads to its part."""
    context = {"section": "help", "crumbs": [Crumb("Личный кабинет", reverse("cabinet")), Crumb("Помощь")]}
    return page(request, "cabinet/management/help.html", context)
