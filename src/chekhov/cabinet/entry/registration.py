"""«Регистрация клиента ОФД»: the form, the letter on its way, the text of the consent."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from chekhov import clock
from chekhov.accounts.errors import BadEmail, BadFullName, BadPhone, ConsentChanged, ConsentMissing, TooOften
from chekhov.accounts.models import LinkPurpose
from chekhov.accounts.selectors import consent_in_force
from chekhov.accounts.services import registration_start
from chekhov.accounts.services.links import LINK_HOURS
from chekhov.cabinet.access import address_of, landing_url, public_page
from chekhov.cabinet.entry.forms import RegistrationForm
from chekhov.cabinet.formerrors import error_place
from chekhov.errors import ChekhovError
from chekhov.face.pages import page

SENT_TO = "registration_sent_to"
ERROR_FIELDS: dict[type[ChekhovError], str] = {
    BadEmail: "email",
    BadPhone: "phone",
    ConsentMissing: "consent",
    ConsentChanged: "consent",
}
NAME_FIELDS = {"Фамилия": "last_name", "Имя": "first_name"}


@public_page("GET", "HEAD", "POST")
def registration(request: HttpRequest) -> HttpResponse:
    """The form. Whether the e-mail is taken is told by the letter only."""
    if request.user.is_authenticated:
        return redirect(landing_url(request.user))
    consent_now = consent_in_force()
    form = RegistrationForm(request.POST or None, initial={"consent_version": consent_now.version})
    if request.method == "POST" and form.is_valid() and _started(request, form):
        request.session[SENT_TO] = form.cleaned_data["email"]
        return redirect("registration_sent")
    context = {"form": form, "consent_version": consent_now.version}
    return page(request, "cabinet/entry/registration.html", context, status=422 if form.errors else 200)


def _started(request: HttpRequest, form: RegistrationForm) -> bool:
    """Whether the letter is on its way; if not, the form says why."""
    data = form.cleaned_data
    try:
        registration_start(
            email=data["email"],
            last_name=data["last_name"],
            first_name=data["first_name"],
            phone=data["phone"],
            consent_version=data["consent_version"] if data["consent"] else None,
            now=clock.now(),
            address=address_of(request),
        )
    except BadFullName as error:
        form.add_error(NAME_FIELDS.get(error.message.split(":")[0], "last_name"), error.message)
    except (BadEmail, BadPhone, ConsentMissing, ConsentChanged, TooOften) as error:
        error_place(form, error, ERROR_FIELDS)
    return not form.errors


@public_page()
def sent(request: HttpRequest) -> HttpResponse:
    """What to do now: read the letter. The same for every address."""
    email = request.session.get(SENT_TO, "")
    if not email:
        return redirect("registration")
    context = {"email": email, "hours": LINK_HOURS[LinkPurpose.REGISTRATION]}
    return page(request, "cabinet/entry/registration_sent.html", context)


@public_page()
def consent(request: HttpRequest) -> HttpResponse:
    """The text under the box."""
    found = consent_in_force()
    title, *paragraphs = [part.strip() for part in found.text.split("\n\n") if part.strip()]
    context = {"consent": found, "consent_title": title, "paragraphs": paragraphs}
    return page(request, "cabinet/entry/consent.html", context)
