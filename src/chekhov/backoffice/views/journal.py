"""The journal of deeds, for staff."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest, HttpResponse

from chekhov.audit.selectors import JournalFilter, journal_for_staff
from chekhov.backoffice.access import staff_page
from chekhov.backoffice.desk import JOURNAL_COLUMNS, ROWS, before_of, day_begin, journal_rows
from chekhov.backoffice.forms_desk import JournalFilterForm
from chekhov.backoffice.section import filtered, first_url, paged_url
from chekhov.face.cells import Empty, Table
from chekhov.face.pages import page
from chekhov.orgs.sections import StaffDeed

EMPTY = Empty(
    "Журнал пуст", "Здесь видно, кто, что и когда сделал. Записи не меняются и не удаляются.", "history"
)
NOT_FOUND = Empty("Ничего не нашлось", "Под такие условия не подходит ни одна запись.", "search")


@staff_page(deed=StaffDeed.CUSTOMERS_SEE)
def journal(request: HttpRequest) -> HttpResponse:
    """Every deed, the newest first, with filters and paging by key."""
    form = JournalFilterForm(request.GET)
    form.is_valid()
    given = form.cleaned_data
    until: dt.date | None = given.get("until")
    narrow = JournalFilter(
        actions=(given["action"],) if given.get("action") else (),
        actor_kind=given.get("kind") or "",
        since=day_begin(given.get("since")),
        until=day_begin(until and until + dt.timedelta(days=1)),
    )
    found = journal_for_staff(
        narrow=narrow, account_id=given.get("account"), before=before_of(request), limit=ROWS
    )
    table = Table(
        "Журнал действий",
        JOURNAL_COLUMNS,
        journal_rows(found.lines),
        NOT_FOUND if filtered(request.GET) else EMPTY,
        older_url=paged_url(request.path, request.GET, found.next_before),
        first_url=first_url(request.path, request.GET),
    )
    context = {"section": "staff_journal", "form": form, "table": table, "narrowed": filtered(request.GET)}
    return page(request, "backoffice/journal.html", context)
