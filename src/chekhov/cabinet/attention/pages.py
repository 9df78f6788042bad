"""The list of what needs a deed lest a register stop, with filters; and what the person wants of the daily letter."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chekhov import clock
from chekhov.cabinet.kkt_tabs import kkt_tabs
from chekhov.cabinet.kkts.section import registers_page, visitor_of
from chekhov.face.cells import Column, Empty, Link, State, Table, Two
from chekhov.face.forms import HouseForm
from chekhov.face.navigation import Crumb
from chekhov.face.pages import page, sent_of
from chekhov.fiscal.attention import Concern, ConcernKind, concerns_counts, concerns_of
from chekhov.fiscal.digest import SEND_AT, SILENCE_HOURS_MAX, digest_of, digest_set

SHOWN: Final = 200
COLUMNS: Final = (
    Column("kkt", "Касса", title=True),
    Column("when", "Когда"),
    Column("kind", "Что"),
    Column("text", "Подробно и что делать", wide=True),
)
NOTHING: Final = Empty("Всё спокойно", "Ни одна касса не остановится в ближайшее время.", "circle-check")
NOTHING_OF_KIND: Final = Empty(
    "Такого сейчас нет", "Посмотрите остальное: выше есть вкладка «Всё».", "circle-check"
)


class DigestForm(HouseForm):
    """What the person wants of the letter."""

    wanted = forms.BooleanField(label=_("Присылать письмо, если есть о чём напомнить"), required=False)
    silence_hours = forms.IntegerField(
        label=_("Считать кассу молчащей через, часов"),
        min_value=1,
        max_value=SILENCE_HOURS_MAX,
        help_text=_("Касса, которая закрыта на выходные, молчит около 60 часов."),
    )


@registers_page()
def attention(request: HttpRequest) -> HttpResponse:
    """All of it, or one kind; the nearest end first."""
    visitor = visitor_of(request)
    hours = digest_of(visitor.person).silence_hours
    now = clock.now()
    found = concerns_of(visitor.kkts(now), now=now, silence_hours=hours)
    counts = concerns_counts(found)
    asked = request.GET.get("kind", "")
    kind = ConcernKind(asked) if asked in set(ConcernKind) else None
    chosen = [concern for concern in found if kind is None or concern.kind == kind]
    rows = [concern_row(concern) for concern in chosen[:SHOWN]]
    context = {
        **_context(request, "Что остановится"),
        "table": Table(
            "Что остановится и когда", COLUMNS, rows, NOTHING if kind is None else NOTHING_OF_KIND
        ),
        "kinds": [
            {
                "url": f"{request.path}?{urlencode({'kind': one.value})}",
                "word": one.word,
                "count": counts[one],
                "chosen": one == kind,
            }
            for one in ConcernKind
            if counts[one] or one == kind
        ],
        "total": len(found),
        "kind": kind,
        "rest": max(0, len(chosen) - SHOWN),
    }
    return page(request, "cabinet/attention/attention.html", context)


@registers_page("GET", "HEAD", "POST")
def digest(request: HttpRequest) -> HttpResponse:
    """«Письмо каждый день»: whether it comes, and when a register counts as silent."""
    person = visitor_of(request).person
    kept = digest_of(person)
    form = DigestForm(sent_of(request), initial={"wanted": kept.wanted, "silence_hours": kept.silence_hours})
    if request.method == "POST" and form.is_valid():
        digest_set(
            user=person, wanted=form.cleaned_data["wanted"], silence_hours=form.cleaned_data["silence_hours"]
        )
        messages.success(request, "Сохранено")
        return redirect("attention")
    context = {
        **_context(request, "Что остановится", Crumb("Письмо каждый день")),
        "form": form,
        "send_at": f"{SEND_AT:%H:%M}",
        "email": person.email,
        "back": reverse("attention"),
    }
    return page(request, "cabinet/attention/digest.html", context)


def concern_row(concern: Concern) -> dict[str, object]:
    """A concern for `COLUMNS`, with the way to the next step."""
    name = "kkt_connect" if concern.to_connect else "kkt"
    return {
        "when": None if concern.ends_on is None else f"{concern.ends_on:%d.%m.%Y}",
        "kkt": Link(reverse(name, args=(concern.kkt_id,)), concern.kkt_name),
        "kind": State(concern.tone, concern.kind.word),
        "text": Two(concern.text_ru, concern.next_ru),
    }


def _context(request: HttpRequest, name: str, *crumbs: Crumb) -> dict[str, Any]:
    visitor = visitor_of(request)
    if visitor.partner is not None:
        root, section = Crumb("ККТ клиентов", reverse("partner_kkts")), "partner_kkts"
    elif visitor.reads:
        root, section = Crumb("ККТ", reverse("cabinet_kkts")), "kkt"
    else:
        root, section = Crumb("Управление", reverse("management")), "management"
    own = Crumb(name, reverse("attention") if crumbs else "")
    return {
        "section": section,
        "crumbs": [Crumb("Личный кабинет", reverse("cabinet")), root, own, *crumbs],
        "tabs": kkt_tabs(visitor),
        "tab": "attention",
    }
