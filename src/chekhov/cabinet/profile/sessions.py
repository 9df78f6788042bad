"""«Сеансы и пароль»: where the person is logged in, ending one or all. For staff and partners as well."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from chekhov import clock
from chekhov.accounts.selectors import sessions_of
from chekhov.accounts.services import session_end, sessions_end_all
from chekhov.cabinet.access import address_of, person_of, person_page
from chekhov.cabinet.profile.section import section_context
from chekhov.face.navigation import Crumb
from chekhov.face.pages import page


@person_page()
def sessions(request: HttpRequest) -> HttpResponse:
    """The list; this one first."""
    person = person_of(request)
    lines = sessions_of(person, now=clock.now(), current_key=request.session.session_key)
    context = {**section_context(person, "sessions", Crumb("Сеансы и пароль")), "lines": lines}
    return page(request, "cabinet/profile/sessions.html", context)


@person_page("POST")
def end(request: HttpRequest) -> HttpResponse:
    """End one session of one's own."""
    person = person_of(request)
    session_end(
        user=person,
        handle=request.POST.get("handle", ""),
        by=person,
        now=clock.now(),
        address=address_of(request),
    )
    messages.success(request, "Сеанс завершён.", extra_tags="fine")
    return redirect("sessions")


@person_page("POST")
def end_all(request: HttpRequest) -> HttpResponse:
    """«Выйти везде»: this session too."""
    person = person_of(request)
    sessions_end_all(user=person, by=person, now=clock.now(), address=address_of(request))
    logout(request)
    messages.success(request, "Все сеансы завершены.", extra_tags="fine")
    return redirect("login")
