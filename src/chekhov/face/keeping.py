"""A form that was sent after its session had ended: kept, and offered again after the log-in.

Nothing is done with it until the person, logged in again, presses the button. It is kept in the session of the
browser it came from, for a short time; passwords are never kept. Both doors wrap their pages with it.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django.http import HttpRequest, HttpResponse

from chekhov import clock
from chekhov.face.pages import page

KEPT: Final = "kept_form"
KEPT_FOR: Final = dt.timedelta(minutes=30)
CHARACTERS_MAX: Final = 400_000
"""Holds the longest text people write here, an offer, twice."""
NEVER: Final = ("csrfmiddlewaretoken", "password")


def form_keep(request: HttpRequest) -> None:
    """Keep what a stranger sent to this address; its token has been checked already, so this browser's person did.

    The session of a stranger lives no longer than the form is kept.
    """
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if not any(word in name for word in NEVER) and isinstance(value, str)
    ]
    if not fields or sum(len(name) + len(value) for name, value in fields) > CHARACTERS_MAX:
        return
    request.session[KEPT] = {
        "path": request.path,
        "url": request.get_full_path(),
        "fields": fields,
        "at": clock.now().isoformat(),
    }
    request.session.set_expiry(int(KEPT_FOR.total_seconds()))


def form_kept(request: HttpRequest) -> HttpResponse | None:
    """The page that offers the kept form of this address again, once; None if there is none.

    To be asked at every page of a person who has logged in: his session lives as long as anybody's from then on.
    """
    kept: dict[str, Any] | None = request.session.get(KEPT)
    if kept is None:
        return None
    request.session.set_expiry(None)
    if clock.now() - dt.datetime.fromisoformat(kept["at"]) > KEPT_FOR:
        del request.session[KEPT]
        return None
    if kept["path"] != request.path or request.method != "GET":
        return None
    del request.session[KEPT]
    return page(request, "face/kept_form.html", {"fields": kept["fields"], "url": kept["url"]})
