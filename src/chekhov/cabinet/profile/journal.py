"""«Журнал»: who did what in the cabinet, the operator's staff and partners included."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from chekhov.audit.models import ActorKind
from chekhov.audit.selectors import JournalLine, journal_of_account
from chekhov.cabinet.access import customer_page, person_of
from chekhov.cabinet.profile.section import section_context
from chekhov.face.cells import Column, Empty, Table, Two
from chekhov.face.navigation import Crumb
from chekhov.face.pages import page
from chekhov.orgs.access import require_owner
from chekhov.orgs.selectors import organisations_of_account

COLUMNS = (
    Column("at", "Когда"),
    Column("action", "Действие", title=True),
    Column("who", "Кто"),
    Column("organisation", "Организация"),
)
EMPTY = Empty("Записей нет", "Здесь появится каждое действие в вашем кабинете.", "history")
ROWS = 50


@customer_page()
def journal(request: HttpRequest) -> HttpResponse:
    """Owners only: the journal tells of every section."""
    place = require_owner(user=request.user)
    before = request.GET.get("before", "")
    found = journal_of_account(
        place.account_id, before=int(before) if before.isdecimal() and len(before) < 19 else None, limit=ROWS
    )
    names = {one.pk: one.name for one in organisations_of_account(account_id=place.account_id)}
    table = Table(
        "Журнал",
        COLUMNS,
        [journal_row(line, names) for line in found.lines],
        EMPTY,
        older_url=f"{request.path}?before={found.next_before}" if found.next_before else "",
        first_url=request.path if before else "",
    )
    context = {**section_context(person_of(request), "journal", Crumb("Журнал")), "table": table}
    return page(request, "cabinet/profile/journal.html", context)


def journal_row(line: JournalLine, names: dict[int, str]) -> dict[str, object]:
    """A deed as its reader sees it: staff and partners are marked, a reason stands beneath."""
    who: object = line.actor_shown
    if line.actor_kind == ActorKind.PARTNER and line.partner_name:
        who = Two(line.actor_shown, f"Партнёр: {line.partner_name}")
    elif line.on_behalf_name:
        who = Two(line.actor_shown, f"От имени: {line.on_behalf_name}")
    return {
        "at": line.at,
        "action": Two(line.wording, f"Основание: {line.reason}") if line.reason else line.wording,
        "who": who,
        "organisation": names.get(line.organisation_id or 0),
    }
