"""The window «Указать РНМ»: the number a register lacks, or has wrong."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from chekhov import clock
from chekhov.cabinet.formerrors import error_place
from chekhov.cabinet.kkts.forms import NumberForm
from chekhov.cabinet.kkts.section import actor_upon, kkt_of, register_context, registers_page, visitor_of
from chekhov.errors import Conflict, Malformed, RuleBroken
from chekhov.face.pages import page, sent_of
from chekhov.kkt.services import kkt_number_set, rnm_open


@registers_page("GET", "HEAD", "POST", deed="connects")
def number(request: HttpRequest, kkt_id: int) -> HttpResponse:
    """The form; when nothing may be changed any more, why."""
    visitor, kkt, now = visitor_of(request), kkt_of(request, kkt_id), clock.now()
    initial = {"rnm": kkt.rnm or "", "serial": kkt.serial, "version": kkt.version}
    form = NumberForm(sent_of(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            kkt_number_set(
                actor=actor_upon(request, kkt.organisation_id), kkt=kkt, now=now, **form.cleaned_data
            )
        except (Conflict, Malformed, RuleBroken) as error:
            error_place(form, error, {type(error): "rnm"})
        else:
            messages.success(request, "РНМ сохранён. Теперь сформируйте на кассе отчет.", extra_tags="fine")
            return redirect("kkt_connect", kkt_id=kkt.pk)
    context = {
        **register_context(visitor, kkt, "info"),
        "form": form,
        "title": "Исправить РНМ" if kkt.rnm else "Указать РНМ",
        "may": rnm_open(kkt, now),
    }
    return page(request, "cabinet/kkts/number.html", context, status=422 if form.errors else 200)
