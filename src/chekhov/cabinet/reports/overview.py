"""«Отчёты»: what can be taken out today; reports over a period come as pages of this section."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from chekhov.cabinet.access import customer_page
from chekhov.face.navigation import Crumb
from chekhov.face.pages import page
from chekhov.orgs.access import require_section
from chekhov.orgs.sections import Role, Section


@customer_page()
def overview(request: HttpRequest) -> HttpResponse:
    """Each kind of file, and where it is taken."""
    place = require_section(user=request.user, section=Section.REPORTS)
    context = {
        "section": "reports",
        "crumbs": [Crumb("Личный кабинет", reverse("cabinet")), Crumb("Отчёты")],
        "sees_kkts": Section.KKT in place.open_sections,
        "sees_documents": Section.DOCUMENTS in place.open_sections,
        "sees_journal": place.role == Role.OWNER,
    }
    return page(request, "cabinet/reports/overview.html", context)
