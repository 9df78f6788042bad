"""Who may enter the partner's own cabinet: read anew at every request, so access that is taken is gone at once."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, cast

from django.http import HttpRequest, HttpResponse

from chekhov.accounts.models import User
from chekhov.cabinet.access import person_page
from chekhov.face.navigation import Section, section_add
from chekhov.orgs.access import partner_or_none, require_partner
from chekhov.orgs.models import Partner

if TYPE_CHECKING:
    from chekhov.face.navigation import Person

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
KEPT = "_partner_works"


def is_partner(person: Person) -> bool:
    """Whether the person works for a partner; asked once a request, for each request has its own person."""
    if not isinstance(person, User) or person.is_staff:
        return False
    kept: bool | None = person.__dict__.get(KEPT)
    if kept is None:
        kept = person.__dict__[KEPT] = partner_or_none(user=person) is not None
    return kept


def partner_page() -> Callable[[View[P]], View[P]]:
    """A page of the partner's cabinet, to be read: to others it is not there."""

    def wrap(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            require_partner(user=request.user)
            return view(request, *args, **kwargs)

        return cast("View[P]", person_page()(guarded))

    return wrap


def partner_of(request: HttpRequest) -> Partner:
    """The partner the asker works for; only inside a `partner_page`."""
    return require_partner(user=request.user)


def partner_sections_register() -> None:
    """Put the partner's sections into the top bar; called when the app is ready."""
    section_add(Section("partner_customers", "Клиенты", "partner_customers", "users", is_partner, order=10))
    section_add(Section("partner_kkts", "ККТ клиентов", "partner_kkts", "receipt", is_partner, order=20))
