"""Pages behind the links of letters.

A link is followed by a button: programs that look through letters open links too, and must not use them up.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from chekhov import clock
from chekhov.accounts.errors import LinkExpired, LinkUnknown, LinkUsed, WeakPassword
from chekhov.accounts.models import LinkPurpose
from chekhov.accounts.selectors import link_look
from chekhov.accounts.services import password_set_by_link, recovery_confirm
from chekhov.cabinet.access import address_of, public_page
from chekhov.cabinet.entry.forms import NewPasswordForm
from chekhov.cabinet.formerrors import error_place
from chekhov.face.pages import page
from chekhov.orgs.services import employee_accept, registration_complete

DEAD = (LinkUnknown, LinkUsed, LinkExpired)
DEAD_STATUS = 410


@public_page("GET", "HEAD", "POST")
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm the e-mail of a registration; then the login and the password, shown once."""
    now = clock.now()
    try:
        if request.method != "POST":
            link = link_look(token=token, purpose=LinkPurpose.REGISTRATION, now=now)
            return page(request, "cabinet/entry/confirm.html", {"email": link.email})
        made = registration_complete(token=token, now=now, address=address_of(request))
    except DEAD as error:
        return dead_link(request, error, LinkPurpose.REGISTRATION)
    return page(
        request, "cabinet/entry/credentials.html", {"login": made.user.email, "password": made.password}
    )


@public_page("GET", "HEAD", "POST")
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm the e-mail of an invited employee."""
    now = clock.now()
    try:
        if request.method != "POST":
            link = link_look(token=token, purpose=LinkPurpose.INVITATION, now=now)
            return page(request, "cabinet/entry/confirm.html", {"email": link.email, "invited": True})
        made = employee_accept(token=token, now=now, address=address_of(request))
    except DEAD as error:
        return dead_link(request, error, LinkPurpose.INVITATION)
    if made.password is None:
        messages.success(request, "Приглашение принято. Войдите со своим паролем.", extra_tags="fine")
        return redirect("login")
    return page(
        request, "cabinet/entry/credentials.html", {"login": made.user.email, "password": made.password}
    )


@public_page("GET", "HEAD", "POST")
def recovery(request: HttpRequest, token: str) -> HttpResponse:
    """Generate a new password and mail it; until then the old one holds."""
    now = clock.now()
    try:
        if request.method != "POST":
            link = link_look(token=token, purpose=LinkPurpose.RECOVERY, now=now)
            return page(request, "cabinet/entry/recovery_confirm.html", {"email": link.email})
        recovery_confirm(token=token, now=now, address=address_of(request))
    except DEAD as error:
        return dead_link(request, error, LinkPurpose.RECOVERY)
    messages.success(request, "Новый пароль отправлен на вашу почту. Войдите с ним.", extra_tags="fine")
    return redirect("login")


@public_page("GET", "HEAD", "POST")
def password(request: HttpRequest, token: str) -> HttpResponse:
    """Set one's own password by the link of the letter with a generated one."""
    now = clock.now()
    form = NewPasswordForm(request.POST or None)
    try:
        link = link_look(token=token, purpose=LinkPurpose.PASSWORD_SET, now=now)
        if request.method == "POST" and form.is_valid():
            chosen = form.cleaned_data["new_password"]
            password_set_by_link(token=token, new_password=chosen, now=now, address=address_of(request))
            messages.success(request, "Пароль задан. Войдите с ним.", extra_tags="fine")
            return redirect("login")
    except WeakPassword as error:
        error_place(form, error, {WeakPassword: "new_password"})
    except DEAD as error:
        return dead_link(request, error, LinkPurpose.PASSWORD_SET)
    context = {"form": form, "email": link.email}
    return page(request, "cabinet/entry/password_set.html", context, status=422 if form.errors else 200)


def dead_link(
    request: HttpRequest, error: LinkUnknown | LinkUsed | LinkExpired, purpose: LinkPurpose
) -> HttpResponse:
    """What is wrong with the link, and what to do."""
    status = 404 if isinstance(error, LinkUnknown) else DEAD_STATUS
    context = {"error": error.message, "purpose": str(purpose)}
    return page(request, "cabinet/entry/dead_link.html", context, status=status)
