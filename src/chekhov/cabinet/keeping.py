"""A form that was sent after its session had ended: kept, and offered again after the log-in.

Nothing is done with it until the person, logged in again, presses the button. It is kept in the session of the
browser it came from, for a short time; passwords are never kept.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django.http import HttpRequest, HttpResponse

from chekhov import clock
from chekhov.face.pages import page

KEPT: Final = "kept_form"
KEPT_FOR: Final = dt.timedelta(minutes=30)
CHARACTERS_MAX: Final = 20_000
NEVER: Final = ("csrfmiddlewaretoken", "password")


def form_keep(request: HttpRequest) -> None:
    """Keep what was sent to this address; its token has been checked already, so this browser's person sent it."""
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if not any(word in name for word in NEVER) and isinstance(value, str)
    ]
    if fields and sum(len(name) + len(value) for name, value in fields) <= CHARACTERS_MAX:
        request.session[KEPT] = {"path": request.path, "fields": fields, "at": clock.now().isoformat()}


def form_kept(request: HttpRequest) -> HttpResponse | None:
    """The page that offers the kept form of this address again, once; None if there is none."""
    kept: dict[str, Any] | None = request.session.get(KEPT)
    if kept is None or kept["path"] != request.path or request.method != "GET":
        return None
    del request.session[KEPT]
    if clock.now() - dt.datetime.fromisoformat(kept["at"]) > KEPT_FOR:
        return None
    return page(request, "cabinet/kept_form.html", {"fields": kept["fields"], "path": request.path})
