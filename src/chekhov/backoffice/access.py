"""Who may enter staff pages, and the one way every page of this door is wrapped."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from chekhov.accounts.models import User
from chekhov.errors import ChekhovError
from chekhov.face.errors import error_answer, error_response

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def is_staff(person: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether the person works for the operator and may log in."""
    return isinstance(person, User) and person.is_active and person.is_staff


def staff_page(*methods: str) -> Callable[[View[P]], View[P]]:
    """A page for staff: strangers log in first, customers are told there is no access, our errors become pages.

    A fragment asked for after the session ended gets 401, upon which the page reloads itself.
    """

    def wrap(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not request.user.is_authenticated:
                if request.headers.get("HX-Request") == "true":
                    return HttpResponse(status=401)
                return redirect_to_login(request.get_full_path())
            if not is_staff(request.user):
                return error_response(request, 403)
            try:
                return view(request, *args, **kwargs)
            except ChekhovError as error:
                return error_answer(request, error)

        allowed = require_http_methods(methods or ("GET", "HEAD"))(guarded)
        return cast("View[P]", allowed)

    return wrap


def staff_of(request: HttpRequest) -> User:
    """The member of staff who asks; only inside a `staff_page`."""
    assert isinstance(request.user, User)
    return request.user
