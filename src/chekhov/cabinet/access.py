"""Who may enter the customer's pages, and the one way every page of this door is wrapped."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from chekhov.accounts.models import User
from chekhov.cabinet.sections import first_section_url, landing_url, must_join
from chekhov.db.reading import read_once
from chekhov.errors import ChekhovError
from chekhov.face.errors import error_answer
from chekhov.face.keeping import form_keep, form_kept
from chekhov.orgs.access import member
from chekhov.orgs.models import Membership

__all__ = [
    "address_of",
    "customer_page",
    "device_of",
    "first_section_url",
    "landing_url",
    "person_of",
    "person_page",
    "place_of",
    "public_page",
]

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
LOOKING = ("GET", "HEAD")


def public_page(*methods: str) -> Callable[[View[P]], View[P]]:
    """A page for everybody: our errors become pages."""

    def wrap(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            try:
                return view(request, *args, **kwargs)
            except ChekhovError as error:
                return error_answer(request, error)

        return cast("View[P]", require_http_methods(methods or LOOKING)(guarded))

    return wrap


def person_page(*methods: str) -> Callable[[View[P]], View[P]]:
    """A page for anybody with a log-in: strangers log in first.

    A fragment asked for after the session ended gets 401, upon which the page reloads itself; a form sent then
    is kept and offered again.
    """

    def wrap(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not request.user.is_authenticated:
                if request.headers.get("HX-Request") == "true":
                    return HttpResponse(status=401)
                if request.method == "POST":
                    form_keep(request)
                return redirect_to_login(request.get_full_path())
            # What only looks changes no rights: who looks is asked once for the whole page.
            with read_once() if request.method in LOOKING else nullcontext():
                return form_kept(request) or view(request, *args, **kwargs)

        return public_page(*methods)(cast("View[P]", guarded))

    return wrap


def customer_page(*methods: str, joined: bool = True) -> Callable[[View[P]], View[P]]:
    """A page for people of a cabinet: to others it is not there.

    joined: an owner whose cabinet has joined no contract is led to «Присоединение к договору».
    """

    def wrap(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            place = member(user=request.user)
            if joined and must_join(place):
                return HttpResponseRedirect(reverse("joining"))
            return view(request, *args, **kwargs)

        return person_page(*methods)(cast("View[P]", guarded))

    return wrap


def person_of(request: HttpRequest) -> User:
    """Who asks; only inside a `person_page`."""
    assert isinstance(request.user, User)
    return request.user


def place_of(request: HttpRequest) -> Membership:
    """The asker's place in his cabinet; only inside a `customer_page`."""
    return member(user=request.user)


def address_of(request: HttpRequest) -> str | None:
    """From where the request came, past our balancers."""
    found: str | None = getattr(request, "client_address", None)
    return found


def device_of(request: HttpRequest) -> str:
    """What the browser says of itself."""
    return request.headers.get("User-Agent", "")
