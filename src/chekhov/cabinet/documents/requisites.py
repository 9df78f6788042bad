"""«Изменение реквизитов»: step 1 «Заявка на изменение реквизитов», step 2 «Проверьте указанные данные»."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from chekhov import clock
from chekhov.accounts.models import User
from chekhov.cabinet.access import customer_page, person_of
from chekhov.cabinet.documents.section import (
    actor_upon,
    application_title,
    contract_crumb,
    section_context,
)
from chekhov.cabinet.formerrors import error_place
from chekhov.contracts.access import application_for_user, contract_for_user
from chekhov.contracts.errors import ApplicationStateWrong, ContractEnded
from chekhov.contracts.models import Application, ApplicationKind, ApplicationState, Contract, ContractState
from chekhov.contracts.selectors import application_open, requisites_lines
from chekhov.contracts.services import requisites_change_draft, requisites_change_send
from chekhov.errors import Conflict, Malformed, RuleBroken
from chekhov.face.forms import HouseForm, lines_add
from chekhov.face.navigation import Crumb
from chekhov.face.pages import page, sent_of
from chekhov.links.directory import Found
from chekhov.links.directory_reading import CompanyCard
from chekhov.orgs.errors import FieldsWrong, LookupTooOften
from chekhov.orgs.lookup import company_lookup
from chekhov.orgs.models import Organisation
from chekhov.orgs.requisites import Requisites, form_lines, locked_fields, requisites_clean


class RequisitesForm(HouseForm):
    """«Заявка на изменение реквизитов». `locked`: what the directory told and nobody edits."""

    organisation_version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    draft_version = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, organisation: Organisation, locked: frozenset[str], **kwargs: Any) -> None:
        """Locked fields are shown and cannot be edited."""
        super().__init__(*args, **kwargs)
        self.sole_trader = organisation.is_sole_trader
        self.locked = locked
        lines = form_lines(sole_trader=self.sole_trader)
        lines_add(self, lines)
        self._names = [line.name for line in lines]
        for name in locked & self.fields.keys():
            self.fields[name].widget.attrs["readonly"] = True

    @property
    def given(self) -> Requisites:
        """What stands in the fields."""
        return Requisites.from_data({name: str(self[name].value() or "") for name in self._names})

    @property
    def lines(self) -> list[tuple[forms.BoundField, bool, bool]]:
        """Each field, whether it is locked, and whether something stands in it and holds."""
        wrong: set[str] = set(self.errors) if self.is_bound else set()
        try:
            requisites_clean(self.given, sole_trader=self.sole_trader)
        except FieldsWrong as error:
            wrong |= error.fields.keys()
        return [
            (self[name], name in self.locked, name not in wrong and bool(self[name].value()))
            for name in self._names
        ]


@customer_page("GET", "HEAD", "POST")
def change(request: HttpRequest, contract_id: int) -> HttpResponse:
    """Step 1: the fields, some of them from the register of companies."""
    now = clock.now()
    row = contract_for_user(user=person_of(request), contract_id=contract_id, now=now)
    there = _open_application(row)
    if there is not None and there.state != ApplicationState.DRAFT:
        messages.info(request, "Заявка на изменение реквизитов уже на рассмотрении.", extra_tags="quiet")
        return redirect("contract_application", application_id=there.pk)
    card = _card(person_of(request), row.organisation, now)
    form = _form(request, row.organisation, there, card)
    if request.method == "POST" and form.is_valid():
        draft = _drafted(request, row, form, card, now)
        if draft is not None:
            return redirect("requisites_check", application_id=draft.pk)
    context = {
        **section_context("contracts", contract_crumb(row), Crumb("Изменение реквизитов")),
        "row": row,
        "form": form,
        "told": card is not None,
    }
    return page(request, "cabinet/documents/requisites.html", context, status=422 if form.errors else 200)


@customer_page("GET", "HEAD", "POST")
def check(request: HttpRequest, application_id: int) -> HttpResponse:
    """Step 2: everything that will be sent, each change with the old value."""
    now = clock.now()
    draft = application_for_user(user=person_of(request), application_id=application_id, now=now)
    if draft.kind != ApplicationKind.REQUISITES:
        raise ApplicationStateWrong("Это не заявка на изменение реквизитов")
    if draft.state != ApplicationState.DRAFT:
        return redirect("contract_application", application_id=draft.pk)
    trouble = ""
    if request.method == "POST":
        try:
            requisites_change_send(
                actor=actor_upon(request, draft.contract, now),
                application_id=draft.pk,
                expected_version=_version(request),
                now=now,
            )
        except (Conflict, RuleBroken) as error:
            trouble = error.message
        else:
            messages.success(request, "Заявка отправлена менеджеру на рассмотрение.", extra_tags="fine")
            return redirect("contract_application", application_id=draft.pk)
    context = {
        **section_context("contracts", contract_crumb(draft.contract), Crumb(application_title(draft))),
        "draft": draft,
        "lines": requisites_lines(application=draft),
        "trouble": trouble,
        "back": reverse("requisites_change", args=(draft.contract_id,)),
    }
    return page(request, "cabinet/documents/requisites_check.html", context, status=422 if trouble else 200)


def _open_application(row: Contract) -> Application | None:
    if row.state != ContractState.ACTIVE:
        raise ContractEnded("Договор расторгнут")
    return application_open(contract_id=row.pk, kind=ApplicationKind.REQUISITES)


def _card(user: User, organisation: Organisation, now: dt.datetime) -> CompanyCard | None:
    """What the register of companies tells; None if it knows nothing or cannot be asked: all is typed then."""
    try:
        answer = company_lookup(user=user, inn=organisation.inn, now=now)
    except (LookupTooOften, Malformed):
        return None
    return answer.card if isinstance(answer, Found) else None


def _form(
    request: HttpRequest, organisation: Organisation, draft: Application | None, card: CompanyCard | None
) -> RequisitesForm:
    known = Requisites.of_organisation(organisation) if draft is None else Requisites.from_data(draft.new)
    locked = locked_fields(card)
    told = {} if card is None else Requisites.of_card(card).as_data()
    initial: dict[str, object] = {
        **known.as_data(),
        **{name: told[name] for name in locked if name in told},
        "inn": organisation.inn,
        "organisation_version": organisation.version,
        "draft_version": None if draft is None else draft.version,
    }
    return RequisitesForm(sent_of(request), initial=initial, organisation=organisation, locked=locked)


def _drafted(
    request: HttpRequest, row: Contract, form: RequisitesForm, card: CompanyCard | None, now: dt.datetime
) -> Application | None:
    try:
        return requisites_change_draft(
            actor=actor_upon(request, row, now),
            contract_id=row.pk,
            requisites=form.given,
            organisation_version=form.cleaned_data["organisation_version"],
            card=card,
            expected_version=form.cleaned_data["draft_version"],
            now=now,
        )
    except (Conflict, RuleBroken, Malformed) as error:
        error_place(form, error)
        return None


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else 0
