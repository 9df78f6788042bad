"""What is done with chosen registers of a list: tariff, group, the way out as a file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from chekhov import clock
from chekhov.accounts.personal import phone_shown
from chekhov.cabinet.access import address_of
from chekhov.cabinet.formerrors import error_place
from chekhov.cabinet.kkts.filters import KktFilterForm
from chekhov.cabinet.kkts.forms import GroupForm
from chekhov.cabinet.kkts.groups import group_wanted_choices
from chekhov.cabinet.kkts.lists import COLUMNS, day_last, filter_form, prices_url
from chekhov.cabinet.kkts.section import Visitor, registers_page, visitor_of
from chekhov.cabinet.management.tabs import management_context
from chekhov.cabinet.spreadsheet import MARK, csv_answer, csv_row
from chekhov.errors import AccessDenied, Conflict, NotFound, RuleBroken
from chekhov.face.figures import count_text, plural
from chekhov.face.navigation import Crumb
from chekhov.face.pages import page, sent_of
from chekhov.face.tables import asked_of
from chekhov.kkt.access import group_for_user
from chekhov.kkt.selectors_lists import LIMIT_MAX, KktLine, KktsWanted, kkt_lines, kkts_page
from chekhov.kkt.services.groups import kkts_assign
from chekhov.orgs.access import actor_member
from chekhov.orgs.sections import Section
from chekhov.orgs.selectors import account_of

CHOSEN_MAX: Final = 1000


@registers_page("GET", "HEAD", deed="manages")
def tariff(request: HttpRequest) -> HttpResponse:
    """«Активировать тариф»: what can be done today, and what comes with payments."""
    visitor, now = visitor_of(request), clock.now()
    ids = ids_chosen(request, visitor, now)
    assert visitor.place is not None
    account = account_of(account_id=visitor.place.account_id)
    manager = None if account is None else account.manager
    context = {
        **management_context("management", Crumb("Активировать тариф")),
        "count": len(ids),
        "manager": manager,
        "manager_phone": phone_shown(manager.phone) if manager else "",
        "prices_url": prices_url(request),
        "back": _back(request.GET),
    }
    return page(request, "cabinet/kkts/tariff.html", context)


@registers_page("GET", "HEAD", "POST", deed="manages")
def group(request: HttpRequest) -> HttpResponse:
    """«Присвоить группу»: one group for all chosen, or none."""
    visitor, now = visitor_of(request), clock.now()
    sent = request.POST if request.method == "POST" else request.GET
    ids = ids_chosen(request, visitor, now)
    form = GroupForm(
        sent_of(request),
        groups=group_wanted_choices(visitor, now),
        initial={"to_group": _group_now(visitor, ids, now)},
    )
    trouble = "" if ids else "Не выбрано ни одной кассы. Отметьте их в списке."
    if request.method == "POST" and ids and form.is_valid():
        try:
            assigned = _assigned(request, visitor, form, ids, now)
        except (AccessDenied, Conflict, NotFound, RuleBroken) as error:
            error_place(form, error, {type(error): "to_group"})
        else:
            messages.success(request, assigned, extra_tags="fine")
            return redirect(_back(sent))
    context = {
        **management_context("management", Crumb("Присвоить группу")),
        "form": form,
        "count": len(ids),
        "trouble": trouble,
        "kept": [(name, value) for name, values in sent.lists() for value in values if name in _CARRIED],
        "back": _back(sent),
    }
    return page(request, "cabinet/kkts/group.html", context, status=422 if form.errors else 200)


@registers_page()
def export(request: HttpRequest) -> StreamingHttpResponse:
    """The chosen registers, or all that the filters find, as CSV in the columns that are shown."""
    visitor, now = visitor_of(request), clock.now()
    asked = asked_of(request, COLUMNS, order="name", remember="kkts")
    columns = [column for column in COLUMNS if asked.shows(column)]
    chosen = _numbers(request.GET)
    if chosen and not request.GET.get("every"):
        seen = set(visitor.kkts(now).filter(pk__in=chosen).order_by().values_list("pk", flat=True))
        lines: Iterable[KktLine] = kkt_lines([number for number in chosen if number in seen], now)
    else:
        lines = lines_all(visitor, filter_form(request, visitor, now).wanted(now), now, asked.order)
    body = _csv([column.label for column in columns], lines, [column.key for column in columns])
    return csv_answer(body, f"kkt-{timezone.localdate(now):%Y-%m-%d}.csv")


def lines_all(visitor: Visitor, wanted: KktsWanted, now: dt.datetime, order: str) -> Iterator[KktLine]:
    """Every line a list finds, page by page, so that memory does not grow with it."""
    before: str | None = None
    while True:
        found = kkts_page(visitor.kkts(now), wanted, now, order=order, before=before, limit=LIMIT_MAX)
        yield from found.rows
        before = found.next_cursor
        if before is None:
            return


def ids_chosen(request: HttpRequest, visitor: Visitor, now: dt.datetime) -> list[int]:
    """The registers a form names, as far as the asker sees them; with `every` all that its filters find."""
    sent = request.POST if request.method == "POST" else request.GET
    if sent.get("every"):
        wanted = filter_form(request, visitor, now).wanted(now)
        return [line.kkt.pk for line in lines_all(visitor, wanted, now, "name")]
    rows = visitor.kkts(now).filter(pk__in=_numbers(sent))
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _group_now(visitor: Visitor, ids: list[int], now: dt.datetime) -> int | None:
    """The group all of them are in already."""
    found = set(
        visitor.kkts(now).filter(pk__in=ids).order_by().values_list("group_id", flat=True).distinct()[:2]
    )
    return found.pop() if len(found) == 1 else None


def _assigned(
    request: HttpRequest, visitor: Visitor, form: GroupForm, ids: list[int], now: dt.datetime
) -> str:
    """Put them there; what to tell."""
    assert visitor.place is not None
    wanted = form.cleaned_data["to_group"]
    chosen = None
    if wanted:
        chosen = group_for_user(
            user=visitor.person, group_id=int(wanted), now=now, section=Section.MANAGEMENT
        )
    kkts_assign(
        actor=actor_member(user=visitor.person, section=Section.MANAGEMENT, address=address_of(request)),
        account_id=visitor.place.account_id,
        group_id=None if chosen is None else chosen.pk,
        kkt_ids=ids,
        now=now,
    )
    words = f"{count_text(len(ids))} {plural(len(ids), 'касса', 'кассы', 'касс')}"
    return f"{words}: группа «{chosen.name}»." if chosen else f"{words}: без группы."


def _csv(heads: list[str], lines: Iterable[KktLine], keys: list[str]) -> Iterator[bytes]:
    yield MARK
    yield csv_row(heads)
    for line in lines:
        cells = exported(line)
        yield csv_row([cells[key] for key in keys])


def exported(line: KktLine) -> dict[str, str]:
    """A register in plain words, by the keys of columns."""
    kkt = line.kkt
    return {
        "name": kkt.name,
        "tariff": line.tariff_name if kkt.tariff else "",
        "address": line.address,
        "rnm": kkt.rnm or "",
        "drive_until": f"{line.drive_until:%d.%m.%Y}" if line.drive_until else "",
        "company": f"{kkt.organisation.name}, ИНН {kkt.organisation.inn}",
        "stage": line.stage_word,
        "group": kkt.group.name if kkt.group else "",
        "model": line.model,
        "serial": line.serial,
        "drive": line.drive_serial,
        "served_until": day_last(kkt.served_until) or "",
        "heard": f"{timezone.localtime(line.last_heard_at):%d.%m.%Y %H:%M}" if line.last_heard_at else "",
    }


def _numbers(sent: QueryDict) -> list[int]:
    found = [text for text in sent.getlist("kkt") if text.isascii() and text.isdigit() and len(text) <= 18]
    return [int(text) for text in dict.fromkeys(found)][:CHOSEN_MAX]


def _back(sent: QueryDict) -> str:
    """Where the chosen came from: the list as it was narrowed, or the card of the one register."""
    numbers = _numbers(sent)
    if sent.get("card") and len(numbers) == 1:
        return reverse("kkt", args=numbers)
    kept = {name: sent[name] for name in KktFilterForm.base_fields if sent.get(name)}
    return reverse("management") + (f"?{urlencode(kept)}" if kept else "")


_CARRIED: Final = frozenset({"kkt", "every", "card", *KktFilterForm.base_fields})
