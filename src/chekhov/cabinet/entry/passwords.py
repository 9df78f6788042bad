"""«Восстановление пароля», and changing one's password, the forced first change included."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from chekhov import clock
from chekhov.accounts.errors import BadEmail, LogInLocked, TooOften, WeakPassword, WrongPassword
from chekhov.accounts.models import LinkPurpose
from chekhov.accounts.services import password_change, recovery_ask
from chekhov.accounts.services.links import LINK_HOURS
from chekhov.cabinet.access import address_of, landing_url, person_of, person_page, public_page
from chekhov.cabinet.entry.forms import PasswordChangeForm, RecoveryForm
from chekhov.cabinet.formerrors import error_place
from chekhov.face.pages import page

ERROR_FIELDS = {WrongPassword: "old_password", WeakPassword: "new_password", BadEmail: "email"}


@public_page("GET", "HEAD", "POST")
def recovery(request: HttpRequest) -> HttpResponse:
    """Ask for the letter. The answer is the same for known and unknown e-mails."""
    form = RecoveryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            recovery_ask(email=form.cleaned_data["email"], now=clock.now(), address=address_of(request))
        except (BadEmail, TooOften) as error:
            error_place(form, error, ERROR_FIELDS)
        else:
            return redirect("recovery_sent")
    return page(request, "cabinet/entry/recovery.html", {"form": form}, status=422 if form.errors else 200)


@public_page()
def recovery_sent(request: HttpRequest) -> HttpResponse:
    """What to do now."""
    return page(request, "cabinet/entry/recovery_sent.html", {"hours": LINK_HOURS[LinkPurpose.RECOVERY]})


@person_page("GET", "HEAD", "POST")
def change(request: HttpRequest) -> HttpResponse:
    """Change the password; a person with a generated one sees no other page before."""
    person = person_of(request)
    forced = person.must_change_password
    form = PasswordChangeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            changed = password_change(
                user=person,
                old_password=form.cleaned_data["old_password"],
                new_password=form.cleaned_data["new_password"],
                now=clock.now(),
                keep_session_key=request.session.session_key,
                address=address_of(request),
            )
        except (WrongPassword, WeakPassword, LogInLocked) as error:
            error_place(form, error, ERROR_FIELDS)
        else:
            update_session_auth_hash(request, changed)
            messages.success(request, "Пароль изменён. Остальные сеансы завершены.", extra_tags="fine")
            return redirect(landing_url(changed) if forced else "sessions")
    context = {"form": form, "forced": forced}
    return page(request, "cabinet/entry/password_change.html", context, status=422 if form.errors else 200)
