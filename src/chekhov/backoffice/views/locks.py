"""Log-ins that are closed after failures, and opening one before its time."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from chekhov import clock
from chekhov.accounts.errors import GuardNotFound
from chekhov.accounts.selectors import locks_now
from chekhov.accounts.services import lock_lift
from chekhov.backoffice.access import address_of, staff_of, staff_page
from chekhov.backoffice.desk import ROWS, desk_context
from chekhov.backoffice.forms_desk import ReasonForm
from chekhov.backoffice.views.customers import customers_tabs
from chekhov.backoffice.windows import Window, deed_done, window_page
from chekhov.face.cells import Column, Empty, Link, Table
from chekhov.face.navigation import Crumb
from chekhov.face.pages import page, sent_of
from chekhov.orgs.sections import StaffDeed

COLUMNS = (
    Column("key", "Кому закрыт вход", title=True),
    Column("kind", "По чему"),
    Column("failures", "Неудач", end=True),
    Column("until", "Закрыт до"),
    Column("deed", "Действие", end=True),
)
EMPTY = Empty(
    "Закрытых входов нет", "После нескольких неудач подряд вход закрывается сам, на время.", "circle-check"
)


@staff_page(deed=StaffDeed.ON_BEHALF)
def locks(request: HttpRequest) -> HttpResponse:
    """Log-ins that are closed just now."""
    rows: list[dict[str, object]] = [
        {
            "key": row.key,
            "kind": row.get_kind_display(),
            "failures": row.failures,
            "until": row.locked_until,
            "deed": Link(
                reverse("lock_lift", args=(row.pk,)), "Открыть вход", f"Открыть вход: {row.key}", modal=True
            ),
        }
        for row in locks_now(now=clock.now())[:ROWS]
    ]
    context = {
        **desk_context("customers", Crumb("Закрытые входы")),
        "tabs": customers_tabs(staff_of(request)),
        "tab": "locks",
        "heading": "Закрытые входы",
        "lead": "Вход закрыт после неудачных попыток. Он откроется сам; раньше срока его открывают, "
        "только убедившись, что просит хозяин.",
        "table": Table("Закрытые входы", COLUMNS, rows, EMPTY),
    }
    return page(request, "backoffice/customers.html", context)


@staff_page("GET", "HEAD", "POST", deed=StaffDeed.ON_BEHALF)
def lift(request: HttpRequest, guard_id: int) -> HttpResponse:
    """Open a log-in before its time, with a reason."""
    now = clock.now()
    row = locks_now(now=now).filter(pk=guard_id).first()
    if row is None:
        raise GuardNotFound("Этот вход уже открыт")
    form = ReasonForm(sent_of(request))
    done = deed_done(
        form,
        lambda values: lock_lift(
            guard_id=row.pk,
            by=staff_of(request),
            now=now,
            reason=values["reason"],
            address=address_of(request),
        ),
    )
    if done:
        messages.success(request, "Вход открыт.", extra_tags="fine")
        return redirect("locks")
    window = Window(
        title="Открыть вход",
        button="Открыть вход",
        back_url=reverse("locks"),
        facts=[(row.get_kind_display(), row.key), ("Неудач", row.failures), ("Закрыт до", row.locked_until)],
    )
    crumbs = (Crumb("Закрытые входы", reverse("locks")), Crumb("Открыть вход"))
    return window_page(request, form, window, desk_context("customers", *crumbs))
