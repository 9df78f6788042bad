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
from chekhov.face.keeping import form_keep, form_kept
from chekhov.orgs.access import require_staff
from chekhov.orgs.actor import Actor
from chekhov.orgs.sections import StaffDeed, staff_may

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def is_staff(person: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether the person works for the operator and may log in."""
    return isinstance(person, User) and person.is_active and person.is_staff


def person_may(deed: StaffDeed) -> Callable[[AbstractBaseUser | AnonymousUser], bool]:
    """Whether a person's role includes the deed; to show a section by."""

    def may(person: AbstractBaseUser | AnonymousUser) -> bool:
        return is_staff(person) and isinstance(person, User) and staff_may(person.staff_role, deed)

    return may


def staff_page(*methods: str, deed: StaffDeed | None = None) -> Callable[[View[P]], View[P]]:
    """A page for staff: strangers log in first, customers are told there is no access, our errors become pages.

    deed: what the person's role must include; None: any member of staff. A fragment asked for after the session
    ended gets 401, upon which the page reloads itself; a form sent then is kept and offered again.
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
            if not is_staff(request.user) or (deed is not None and not person_may(deed)(request.user)):
                return error_response(request, 403)
            try:
                return form_kept(request) or view(request, *args, **kwargs)
            except ChekhovError as error:
                return error_answer(request, error)

        allowed = require_http_methods(methods or ("GET", "HEAD"))(guarded)
        return cast("View[P]", allowed)

    return wrap


def staff_of(request: HttpRequest) -> User:
    """The member of staff who asks; only inside a `staff_page`."""
    assert isinstance(request.user, User)
    return request.user


def address_of(request: HttpRequest) -> str | None:
    """From where the person asks, as far as it is known."""
    return getattr(request, "client_address", None)


def actor_of(request: HttpRequest, deed: StaffDeed) -> Actor:
    """The member of staff about to do the deed. Raises: NotMember, DeedNotAllowed."""
    return require_staff(user=staff_of(request), deed=deed, address=address_of(request))
