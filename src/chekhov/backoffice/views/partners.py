"""Partners of the operator: who they are, who works there, whom they serve."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from chekhov import clock
from chekhov.accounts.models import LinkPurpose
from chekhov.accounts.personal import phone_shown
from chekhov.accounts.selectors import users_with_link
from chekhov.backoffice.access import actor_of, staff_of, staff_page
from chekhov.backoffice.desk import desk_context
from chekhov.backoffice.forms_desk import PartnerForm, PartnerPersonForm, ReasonForm
from chekhov.backoffice.windows import Window, deed_done, window_page
from chekhov.face.cells import Column, Empty, Link, State, Table, Two
from chekhov.face.forms import HouseForm
from chekhov.face.navigation import Crumb
from chekhov.face.pages import page, sent_of
from chekhov.orgs.errors import EmployeeNotFound, PartnerNotFound, PartnerThere, PersonTaken
from chekhov.orgs.models import Partner, PartnerUser
from chekhov.orgs.sections import StaffDeed, staff_may
from chekhov.orgs.selectors import accesses_of_partner, partners_all, people_of_partner
from chekhov.orgs.services import PartnerForm as PartnerValues
from chekhov.orgs.services import partner_add, partner_change, partner_close
from chekhov.orgs.services.invitations import (
    partner_user_dismiss,
    partner_user_invite,
    partner_user_invite_again,
)

FIELDS = ("name", "inn", "kpp", "ogrn", "legal_address", "phone", "email")
EMPTY = Empty("Партнёров ещё нет", "Партнёр обслуживает кассы клиентов, которые открыли ему доступ.", "users")


@staff_page(deed=StaffDeed.CUSTOMERS_SEE)
def partners(request: HttpRequest) -> HttpResponse:
    """Every partner."""
    columns = (
        Column("name", "Партнёр", title=True),
        Column("contacts", "Контакты"),
        Column("customers", "Организаций", end=True),
        Column("state", "Состояние"),
    )
    now = clock.now()
    rows: list[dict[str, object]] = [
        {
            "name": Two(Link(_url(row), row.name), f"ИНН {row.inn}"),
            "contacts": ", ".join(filter(None, (phone_shown(row.phone), row.email))),
            "customers": accesses_of_partner(partner=row, now=now).count(),
            "state": State("quiet", "Закрыт") if row.closed_at else State("fine", "Работает"),
        }
        for row in partners_all()
    ]
    keeps = staff_may(staff_of(request).staff_role, StaffDeed.PARTNERS_KEEP)
    context = {
        **desk_context("staff_partners"),
        "keeps": keeps,
        "table": Table("Партнёры", columns, rows, EMPTY),
    }
    return page(request, "backoffice/partners.html", context)


@staff_page(deed=StaffDeed.CUSTOMERS_SEE)
def partner(request: HttpRequest, partner_id: int) -> HttpResponse:
    """A partner's card: requisites, people, customers who let him in."""
    row = _partner(partner_id)
    keeps = staff_may(staff_of(request).staff_role, StaffDeed.PARTNERS_KEEP) and row.closed_at is None
    context = {
        **_context(row),
        "row": row,
        "keeps": keeps,
        "facts": _facts(row),
        "people": _people(row, keeps=keeps),
        "customers": _customers(row),
    }
    return page(request, "backoffice/partner.html", context)


@staff_page("GET", "HEAD", "POST", deed=StaffDeed.PARTNERS_KEEP)
def add(request: HttpRequest) -> HttpResponse:
    """Add a partner."""
    form = PartnerForm(sent_of(request))
    made: list[Partner] = []
    done = deed_done(
        form,
        lambda values: made.append(
            partner_add(
                actor=actor_of(request, StaffDeed.PARTNERS_KEEP), form=_values(values), now=clock.now()
            )
        ),
    )
    if done:
        messages.success(request, "Партнёр добавлен. Теперь добавьте его сотрудников.", extra_tags="fine")
        return redirect("staff_partner", partner_id=made[0].pk)
    window = Window(
        title="Добавить партнёра",
        mark_optional=False,
        button="Добавить",
        icon="plus",
        back_url=reverse("staff_partners"),
    )
    return window_page(request, form, window, desk_context("staff_partners", Crumb("Новый партнёр")))


@staff_page("GET", "HEAD", "POST", deed=StaffDeed.PARTNERS_KEEP)
def change(request: HttpRequest, partner_id: int) -> HttpResponse:
    """Change a partner's requisites and contacts."""
    row = _partner(partner_id)
    initial = {name: getattr(row, name) for name in (*FIELDS, "version")}
    form = PartnerForm(sent_of(request), initial=initial)
    done = deed_done(
        form,
        lambda values: partner_change(
            actor=actor_of(request, StaffDeed.PARTNERS_KEEP),
            partner_id=row.pk,
            form=_values(values),
            expected_version=values["version"] or 0,
            now=clock.now(),
        ),
    )
    if done:
        messages.success(request, "Данные партнёра сохранены.", extra_tags="fine")
        return redirect("staff_partner", partner_id=row.pk)
    window = Window(
        title="Изменить данные партнёра", mark_optional=False, button="Сохранить", back_url=_url(row)
    )
    return window_page(request, form, window, _context(row, "Изменить"))


@staff_page("GET", "HEAD", "POST", deed=StaffDeed.PARTNERS_KEEP)
def close(request: HttpRequest, partner_id: int) -> HttpResponse:
    """End the work with a partner."""
    row = _partner(partner_id)
    form = ReasonForm(sent_of(request))
    done = deed_done(
        form,
        lambda values: partner_close(
            actor=actor_of(request, StaffDeed.PARTNERS_KEEP),
            partner_id=row.pk,
            reason=values["reason"],
            now=clock.now(),
        ),
    )
    if done:
        messages.success(request, "Работа с партнёром прекращена, доступ к кассам закрыт.", extra_tags="fine")
        return redirect("staff_partner", partner_id=row.pk)
    window = Window(
        title="Прекратить работу с партнёром",
        lead="Его сотрудники сразу потеряют доступ ко всем клиентам. Вернуть партнёра нельзя.",
        button="Прекратить работу",
        danger=True,
        back_url=_url(row),
        facts=[("Партнёр", row.name)],
    )
    return window_page(request, form, window, _context(row, "Закрыть"))


@staff_page("GET", "HEAD", "POST", deed=StaffDeed.PARTNERS_KEEP)
def person_add(request: HttpRequest, partner_id: int) -> HttpResponse:
    """Add a person of a partner; a letter goes to him."""
    row = _partner(partner_id)
    form = PartnerPersonForm(sent_of(request))
    done = deed_done(
        form,
        lambda values: partner_user_invite(
            actor=actor_of(request, StaffDeed.PARTNERS_KEEP),
            partner_id=row.pk,
            email=values["email"],
            full_name=values["full_name"],
            now=clock.now(),
        ),
        {PartnerThere: "email", PersonTaken: "email"},
    )
    if done:
        messages.success(request, "Письмо со ссылкой отправлено.", extra_tags="fine")
        return redirect("staff_partner", partner_id=row.pk)
    window = Window(
        title="Добавить сотрудника партнёра",
        button="Отправить приглашение",
        icon="user-plus",
        back_url=_url(row),
    )
    return window_page(request, form, window, _context(row, "Новый сотрудник"))


@staff_page("GET", "HEAD", "POST", deed=StaffDeed.PARTNERS_KEEP)
def person_invite(request: HttpRequest, partner_id: int, person_id: int) -> HttpResponse:
    """«Отправить ещё раз»: a new link for a person who has not set his password."""
    row = _partner(partner_id)
    person = _person(row, person_id)
    form = HouseForm(sent_of(request))
    done = deed_done(
        form,
        lambda _values: partner_user_invite_again(
            actor=actor_of(request, StaffDeed.PARTNERS_KEEP), partner_user_id=person.pk, now=clock.now()
        ),
    )
    if done:
        messages.success(request, f"{person.full_name}: письмо отправлено ещё раз.", extra_tags="fine")
        return redirect("staff_partner", partner_id=row.pk)
    window = Window(
        title="Отправить приглашение ещё раз",
        lead="Прежняя ссылка перестанет действовать.",
        button="Отправить ещё раз",
        icon="mail",
        back_url=_url(row),
        facts=[("Сотрудник", person.full_name), ("E-mail", person.email)],
    )
    return window_page(request, form, window, _context(row, "Отправить ещё раз"))


@staff_page("GET", "HEAD", "POST", deed=StaffDeed.PARTNERS_KEEP)
def person_remove(request: HttpRequest, partner_id: int, person_id: int) -> HttpResponse:
    """Take a person of a partner away."""
    row = _partner(partner_id)
    person = _person(row, person_id)
    if request.method == "POST":
        partner_user_dismiss(
            actor=actor_of(request, StaffDeed.PARTNERS_KEEP), partner_user_id=person.pk, now=clock.now()
        )
        messages.success(request, "Сотрудник партнёра удалён.", extra_tags="fine")
        return redirect("staff_partner", partner_id=row.pk)
    window = Window(
        title="Удалить сотрудника партнёра",
        lead="Он сразу перестанет видеть кассы клиентов.",
        button="Удалить сотрудника",
        icon="trash",
        danger=True,
        back_url=_url(row),
        facts=[("Сотрудник", person.full_name), ("E-mail", person.email)],
    )
    return window_page(request, HouseForm(), window, _context(row, "Удалить сотрудника"))


def _partner(partner_id: int) -> Partner:
    row = partners_all().filter(pk=partner_id).first()
    if row is None:
        raise PartnerNotFound("Такого партнёра нет", partner_id=partner_id)
    return row


def _person(row: Partner, person_id: int) -> PartnerUser:
    person = people_of_partner(partner_id=row.pk).filter(pk=person_id).first()
    if person is None:
        raise EmployeeNotFound("Такого сотрудника нет", partner_user_id=person_id)
    return person


def _values(values: Mapping[str, Any]) -> PartnerValues:
    return PartnerValues(**{name: values[name] for name in FIELDS})


def _url(row: Partner) -> str:
    return reverse("staff_partner", args=(row.pk,))


def _context(row: Partner, deed: str = "") -> dict[str, Any]:
    crumbs = [Crumb(row.name, _url(row)), Crumb(deed)] if deed else [Crumb(row.name)]
    return desk_context("staff_partners", *crumbs)


def _facts(row: Partner) -> list[tuple[str, object]]:
    return [
        ("ИНН / КПП", " / ".join(filter(None, (row.inn, row.kpp)))),
        ("ОГРН", row.ogrn),
        ("Юридический адрес", row.legal_address),
        ("Телефон", phone_shown(row.phone)),
        ("E-mail", row.email),
        ("Добавлен", row.created_at),
        *([("Закрыт", row.closed_at)] if row.closed_at else []),
    ]


def _people(row: Partner, *, keeps: bool) -> Table:
    columns = (
        Column("name", "Сотрудник", title=True),
        Column("email", "E-mail"),
        Column("state", "Состояние"),
        *((Column("deed", "Действие", end=True),) if keeps else ()),
    )
    people = list(people_of_partner(partner_id=row.pk))
    invited = users_with_link(
        user_ids={person.user_id for person in people if person.user_id is not None},
        purpose=LinkPurpose.PASSWORD_SET,
        now=clock.now(),
    )
    rows: list[dict[str, object]] = [
        {
            "name": person.full_name,
            "email": person.email,
            "state": _person_state(person, invited),
            "deed": _person_deeds(row, person),
        }
        for person in people
    ]
    return Table(
        "Сотрудники партнёра",
        columns,
        rows,
        Empty("Сотрудников нет", "Добавьте того, кто будет входить.", "users"),
    )


def _person_state(person: PartnerUser, invited: set[int]) -> State:
    if person.user is not None and person.user.has_usable_password():
        return State("fine", "Работает")
    if person.user_id in invited:
        return State("attention", "Ждёт подтверждения", "hourglass")
    return State("danger", "Ссылка устарела")


def _person_deeds(row: Partner, person: PartnerUser) -> object:
    remove = Link(
        reverse("staff_partner_person_remove", args=(row.pk, person.pk)),
        "Удалить",
        f"Удалить: {person.full_name}",
        modal=True,
    )
    if person.user is not None and person.user.has_usable_password():
        return remove
    invite = reverse("staff_partner_person_invite", args=(row.pk, person.pk))
    return Two(
        Link(invite, "Отправить ещё раз", f"Отправить ещё раз: {person.full_name}", modal=True), remove
    )


def _customers(row: Partner) -> Table:
    columns = (
        Column("organisation", "Организация", title=True),
        Column("at", "Доступ с"),
        Column("until", "До"),
    )
    rows: list[dict[str, object]] = [
        {
            "organisation": Link(
                reverse("staff_organisation", args=(access.organisation_id,)), access.organisation.name
            ),
            "at": access.granted_at,
            "until": access.until,
        }
        for access in accesses_of_partner(partner=row, now=clock.now())
    ]
    empty = Empty("Никто не открыл доступ", "Доступ открывает клиент в своём кабинете, в разделе «Партнеры».")
    return Table("Клиенты партнёра", columns, rows, empty)
