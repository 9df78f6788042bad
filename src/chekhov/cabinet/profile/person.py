"""«Личные данные»: who you are, your manager, your companies, your employees."""

from __future__ import annotations

from dataclasses import asdict

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from chekhov import clock
from chekhov.accounts.errors import BadFullName
from chekhov.accounts.models import User
from chekhov.accounts.personal import names_split, phone_shown
from chekhov.accounts.services import names_change
from chekhov.cabinet.access import address_of, customer_page, person_of, place_of
from chekhov.cabinet.profile.companies import companies_seen, companies_table
from chekhov.cabinet.profile.employees import employees_table
from chekhov.cabinet.profile.forms import NamesForm
from chekhov.cabinet.profile.section import section_context
from chekhov.face.navigation import Crumb
from chekhov.face.pages import page
from chekhov.orgs.sections import Role, Section
from chekhov.orgs.selectors import account_of

NAME_FIELDS = {"Фамилия": "last_name", "Имя": "first_name", "Отчество": "middle_name"}


@customer_page(joined=False)
def profile(request: HttpRequest) -> HttpResponse:
    """Everything of the person on one page; companies and employees by his rights."""
    place, person = place_of(request), person_of(request)
    account = account_of(account_id=place.account_id)
    names = _names(person)
    facts = [
        *((word, names[name]) for word, name in NAME_FIELDS.items()),
        ("E-mail", person.email),
        ("Телефон", phone_shown(person.phone)),
        ("Роль", place.get_role_display()),
    ]
    context = {
        **section_context(person, "person"),
        "facts": facts,
        "manager": None if account is None else account.manager,
        "manager_phone": phone_shown(account.manager.phone) if account and account.manager else "",
        "companies": companies_table(place) if companies_seen(place) else None,
        "is_owner": place.role == Role.OWNER,
        "employees": employees_table(place) if Section.EMPLOYEES in place.open_sections else None,
    }
    return page(request, "cabinet/profile/profile.html", context)


@customer_page("GET", "HEAD", "POST", joined=False)
def edit(request: HttpRequest) -> HttpResponse:
    """«Изменить данные»: names only. The e-mail never, the telephone only in the office."""
    place, person = place_of(request), person_of(request)
    names = _names(person)
    form = NamesForm(request.POST or None, initial=names)
    if request.method == "POST" and form.is_valid():
        try:
            names_change(
                user=person,
                by=person,
                now=clock.now(),
                address=address_of(request),
                account=place.account,
                **form.cleaned_data,
            )
        except BadFullName as error:
            form.add_error(NAME_FIELDS.get(error.message.split(":")[0], "last_name"), error.message)
        else:
            messages.success(request, "Данные сохранены.", extra_tags="fine")
            return redirect("profile")
    context = {
        **section_context(person, "person", Crumb("Изменить данные")),
        "form": form,
        "email": person.email,
        "phone": phone_shown(person.phone),
        "back": reverse("profile"),
    }
    return page(request, "cabinet/profile/edit.html", context, status=422 if form.errors else 200)


def _names(person: User) -> dict[str, str]:
    """The person's names by field; of whom only the whole name is known, its words in their usual order."""
    known = {name: getattr(person, name) for name in NAME_FIELDS.values()}
    return known if any(known.values()) else asdict(names_split(person.full_name))
