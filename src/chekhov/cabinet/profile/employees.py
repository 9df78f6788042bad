"""«Сотрудники»: the table, adding, editing, inviting anew, deleting."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from chekhov import clock
from chekhov.accounts.errors import BadFullName, BadPhone, TooOften
from chekhov.cabinet.access import address_of, customer_page, person_of
from chekhov.cabinet.formerrors import error_place
from chekhov.cabinet.profile.employee_groups import access_words
from chekhov.cabinet.profile.forms import EmployeeForm
from chekhov.cabinet.profile.section import section_context
from chekhov.errors import ChekhovError
from chekhov.face.cells import Column, Empty, Link, State, Table, Two
from chekhov.face.navigation import Crumb
from chekhov.face.pages import page
from chekhov.orgs.access import actor_member, employee_for_user
from chekhov.orgs.errors import BeyondOwnRights, ChangedMeanwhile, EmployeeThere, FieldsWrong, LastOwner
from chekhov.orgs.models import Membership
from chekhov.orgs.sections import Role, Section
from chekhov.orgs.selectors import employees_of_account
from chekhov.orgs.services import employee_change, employee_dismiss, employee_invite, employee_invite_again

COLUMNS = (
    Column("name", "Сотрудник", title=True),
    Column("email", "E-mail"),
    Column("role", "Роль"),
    Column("sections", "Разделы"),
    Column("state", "Состояние"),
)
EMPTY = Empty("Сотрудников пока нет", "Добавьте первого: на его почту придёт приглашение.", "users")
ERROR_FIELDS: dict[type[ChekhovError], str] = {
    EmployeeThere: "email",
    BadFullName: "full_name",
    BadPhone: "phone",
    LastOwner: "role",
    BeyondOwnRights: "role",
}
TROUBLES: tuple[type[ChekhovError], ...] = (FieldsWrong, TooOften, ChangedMeanwhile, *ERROR_FIELDS)


def employees_table(place: Membership) -> Table:
    """The people of the cabinet, owners first."""
    rows = [
        {
            "name": Two(
                Link(reverse("employee", args=(one.pk,)), one.full_name, f"Изменить: {one.full_name}"),
                one.position,
            )
            if one.position
            else Link(reverse("employee", args=(one.pk,)), one.full_name, f"Изменить: {one.full_name}"),
            "email": one.email,
            "role": one.get_role_display(),
            "sections": _sections_words(one),
            "state": State("fine", "Работает")
            if one.confirmed_at
            else State("attention", "Не подтвердил почту", "mail"),
        }
        for one in sorted(employees_of_account(account_id=place.account_id), key=_rank)
    ]
    return Table("Сотрудники", COLUMNS, rows, EMPTY)


def _rank(place: Membership) -> tuple[int, str]:
    return list(Role).index(Role(place.role)), place.full_name.casefold()


def _sections_words(place: Membership) -> str:
    if place.role == Role.OWNER:
        return "Все"
    return ", ".join(str(section.label) for section in Section if section in place.open_sections)


@customer_page()
def employees(request: HttpRequest) -> HttpResponse:
    """The list."""
    actor = actor_member(user=request.user, section=Section.EMPLOYEES)
    assert actor.membership is not None
    context = {
        **section_context(person_of(request), "employees", Crumb("Сотрудники")),
        "table": employees_table(actor.membership),
    }
    return page(request, "cabinet/profile/employees.html", context)


@customer_page("GET", "HEAD", "POST")
def add(request: HttpRequest) -> HttpResponse:
    """«+Добавить сотрудника»: the row, and the letter with the invitation."""
    actor = actor_member(user=request.user, section=Section.EMPLOYEES, address=address_of(request))
    assert actor.membership is not None
    form = EmployeeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            place = employee_invite(
                actor=actor,
                account_id=actor.membership.account_id,
                email=form.cleaned_data["email"],
                form=form.sent(),
                now=clock.now(),
            )
        except TROUBLES as error:
            error_place(form, error, ERROR_FIELDS)
        else:
            messages.success(request, f"{place.full_name}: приглашение отправлено.", extra_tags="fine")
            return redirect("employees") if place.all_groups else redirect("employee_groups", place.pk)
    return _form_page(request, form, None)


@customer_page("GET", "HEAD", "POST")
def edit(request: HttpRequest, membership_id: int) -> HttpResponse:
    """Change everything but the e-mail."""
    place = employee_for_user(user=request.user, membership_id=membership_id)
    actor = actor_member(user=request.user, section=Section.EMPLOYEES, address=address_of(request))
    form = EmployeeForm(request.POST or None, known=place)
    if request.method == "POST" and form.is_valid():
        try:
            place = employee_change(
                actor=actor,
                account_id=place.account_id,
                membership_id=place.pk,
                form=form.sent(),
                expected_version=form.cleaned_data["version"] or 0,
                now=clock.now(),
            )
        except TROUBLES as error:
            error_place(form, error, ERROR_FIELDS)
        else:
            messages.success(request, f"Сохранено. Роль: {place.get_role_display()}.", extra_tags="fine")
            blind = not place.all_groups and not place.group_accesses.exists()
            return redirect("employee_groups", place.pk) if blind else redirect("employees")
    return _form_page(request, form, place)


@customer_page("POST")
def invite(request: HttpRequest, membership_id: int) -> HttpResponse:
    """Send the letter with the invitation anew."""
    place = employee_for_user(user=request.user, membership_id=membership_id)
    actor = actor_member(user=request.user, section=Section.EMPLOYEES, address=address_of(request))
    employee_invite_again(actor=actor, account_id=place.account_id, membership_id=place.pk, now=clock.now())
    messages.success(request, f"{place.full_name}: приглашение отправлено ещё раз.", extra_tags="fine")
    return redirect("employees")


@customer_page("GET", "HEAD", "POST")
def remove(request: HttpRequest, membership_id: int) -> HttpResponse:
    """«Удалить сотрудника»: asked once; his sessions end."""
    place = employee_for_user(user=request.user, membership_id=membership_id)
    if request.method == "POST":
        actor = actor_member(user=request.user, section=Section.EMPLOYEES, address=address_of(request))
        try:
            employee_dismiss(
                actor=actor, account_id=place.account_id, membership_id=place.pk, now=clock.now()
            )
        except (LastOwner, BeyondOwnRights) as error:
            messages.error(request, error.message, extra_tags="danger")
        else:
            messages.success(request, f"{place.full_name} больше не сотрудник кабинета.", extra_tags="fine")
        return redirect("employees")
    context = {
        **section_context(
            person_of(request), "employees", Crumb("Сотрудники", reverse("employees")), Crumb("Удалить")
        ),
        "employee": place,
    }
    return page(request, "cabinet/profile/employee_remove.html", context)


def _form_page(request: HttpRequest, form: EmployeeForm, place: Membership | None) -> HttpResponse:
    title = "Добавить сотрудника" if place is None else place.full_name
    context = {
        **section_context(
            person_of(request), "employees", Crumb("Сотрудники", reverse("employees")), Crumb(title)
        ),
        "form": form,
        "employee": place,
        "groups_words": "" if place is None else access_words(place),
        "title": title,
    }
    return page(request, "cabinet/profile/employee.html", context, status=422 if form.errors else 200)
