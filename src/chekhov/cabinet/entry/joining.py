"""«Присоединение к договору»: the page, and the form it shares with «+Добавить организацию»."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from chekhov import clock
from chekhov.cabinet.access import (
    address_of,
    customer_page,
    device_of,
    landing_url,
    person_of,
    place_of,
    public_page,
)
from chekhov.cabinet.formerrors import error_place
from chekhov.cabinet.sections import must_join
from chekhov.contracts.errors import CompanyLiquidated, ContractThere, OfferMoved, OfferNotAccepted
from chekhov.contracts.models import Contract
from chekhov.contracts.selectors import offer_by_number, offer_current
from chekhov.contracts.services import JoiningForm as JoiningSent
from chekhov.contracts.services import contract_join
from chekhov.contracts.sheets import offer_paper
from chekhov.errors import ChekhovError
from chekhov.face.forms import HouseForm
from chekhov.face.pages import page
from chekhov.links.directory import CouldNotAsk, Found
from chekhov.links.directory_reading import STATE_WORDS, CompanyState
from chekhov.orgs.access import actor_owner
from chekhov.orgs.errors import FieldsWrong, LookupTooOften
from chekhov.orgs.lookup import company_lookup
from chekhov.orgs.requisites import CHARACTERS_MAX, FIELD_WORDS, Requisites, requisites_clean
from chekhov.orgs.selectors import operator_card
from chekhov.values.errors import BadRequisite

COMPANY, TRADER = "company", "trader"
INN_DIGITS = {COMPANY: 10, TRADER: 12}
ERROR_FIELDS: dict[type[ChekhovError], str] = {
    OfferNotAccepted: "accepted",
    OfferMoved: "accepted",
    CompanyLiquidated: "inn",
    ContractThere: "inn",
}
DETAILS = (
    *("full_name", "name", "kpp", "ogrn", "legal_address"),
    *("head_surname", "head_name", "head_patronymic", "head_position"),
)
"""Fields behind «Если данные указаны неверно, измените их»."""
SHOWN_FACTS = ("full_name", "kpp", "ogrn", "legal_address")


class JoiningForm(HouseForm):
    """Applicant, requisites, correspondence, acceptance. What is right is decided by the service."""

    kind = forms.ChoiceField(
        label=_("Тип заявителя"),
        choices=[(COMPANY, _("Юридическое лицо")), (TRADER, _("Индивидуальный предприниматель"))],
        initial=COMPANY,
        widget=forms.RadioSelect,
    )
    inn = forms.CharField(
        label=_("ИНН организации"),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("ИНН и тип нужны, чтобы составить договор и выставить счёт."),
    )
    same_address = forms.BooleanField(
        label=_("Адрес корреспонденции совпадает с юридическим"), required=False, initial=True
    )
    postal_address = forms.CharField(
        label=_("Адрес корреспонденции"), max_length=CHARACTERS_MAX["postal_address"], required=False
    )
    accepted = forms.BooleanField(
        label=_(
            "Подтверждаю корректность предоставленных данных и согласен с условиями "
            "Договора-оферты на обработку фискальных данных"
        ),
        required=False,
    )
    offer_number = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Add the fields of requisites by their words."""
        super().__init__(*args, **kwargs)
        for name in DETAILS:
            field = forms.CharField(
                label=FIELD_WORDS[name], required=False, max_length=CHARACTERS_MAX.get(name, 40)
            )
            field.widget.attrs["class"] = "form-control"
            self.fields[name] = field
        self.fields["name"].help_text = _("Как в чеках. Можно не заполнять.")

    @property
    def details(self) -> list[forms.BoundField]:
        """The fields to correct by hand."""
        return [self[name] for name in DETAILS]

    @property
    def details_wrong(self) -> bool:
        """Whether one of them has an error, and must be seen."""
        return self.is_bound and any(name in self.errors for name in DETAILS)

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What is known of the company, to look through."""
        known = [(FIELD_WORDS[name], str(self[name].value() or "")) for name in SHOWN_FACTS]
        head = " ".join(
            filter(
                None, (str(self[f"head_{part}"].value() or "") for part in ("surname", "name", "patronymic"))
            )
        )
        return [(word, value) for word, value in (*known, ("Руководитель", head)) if value]

    @property
    def inn_digits(self) -> int:
        """How many digits the chosen type has."""
        return INN_DIGITS.get(str(self["kind"].value()), 10)

    def clean(self) -> dict[str, Any]:
        """Tell all that is wrong at once; the service looks again."""
        data = super().clean() or self.cleaned_data
        if not data.get("accepted"):
            self.add_error("accepted", _("Подтвердите согласие с условиями договора."))
        if {"kind", "inn", "postal_address", *DETAILS} <= data.keys():
            try:
                requisites_clean(self.requisites(), sole_trader=data["kind"] == TRADER)
            except FieldsWrong as error:
                error_place(self, error)
        return data

    def requisites(self) -> Requisites:
        """As typed, without what the applicant's type does not have."""
        data = self.cleaned_data
        texts = {name: data[name] for name in DETAILS}
        if data["kind"] == TRADER:
            texts |= {"kpp": "", "head_position": ""}
        postal = "" if data.get("same_address") else data["postal_address"]
        return Requisites(inn=data["inn"], postal_address=postal, **texts)

    def sent(self) -> JoiningSent:
        """For the service; only of a valid form."""
        data = self.cleaned_data
        return JoiningSent(
            sole_trader=data["kind"] == TRADER,
            requisites=self.requisites(),
            accepted=data["accepted"],
            offer_number=data["offer_number"],
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """How asking the directory went: tone and words for the person, and what was found."""

    tone: str
    text: str
    found: Found | None = None


@customer_page("GET", "HEAD", "POST", joined=False)
def joining(request: HttpRequest) -> HttpResponse:
    """The owner's last step of registration; done, it leads to «Управление»."""
    place = place_of(request)
    if not must_join(place):
        return redirect(landing_url(request.user))
    return joining_answer(request, "cabinet/entry/joining.html", {}, done_url="management")


def joining_answer(
    request: HttpRequest, template: str, context: dict[str, Any], *, done_url: str
) -> HttpResponse:
    """The form shown, filled from the directory, or sent."""
    actor_owner(user=request.user)
    offer_now = offer_current()
    asked: Asked | None = None
    form = JoiningForm(request.POST or None, initial={"offer_number": offer_now.number if offer_now else 0})
    if request.method == "POST":
        # Sent without requisites at all: they are looked up first and shown, nothing is concluded unseen.
        blank = not any(request.POST.get(name, "").strip() for name in ("full_name", "legal_address"))
        if "find" in request.POST or (blank and request.POST.get("inn", "").strip()):
            asked = company_ask(request)
            form = form_filled(request.POST, asked)
        elif form.is_valid():
            contract = _joined(request, form)
            if contract is not None:
                messages.success(request, f"Договор № {contract.number} заключён.", extra_tags="fine")
                return redirect(done_url)
    seen = {"form": form, "asked": asked, "offer": offer_now, "digits": INN_DIGITS, **context}
    return page(
        request,
        template,
        seen,
        fragments={"requisites": "cabinet/entry/requisites.html"},
        status=422 if form.errors else 200,
    )


def company_ask(request: HttpRequest) -> Asked:
    """Ask the directory for the typed ИНН; with any answer the form goes on."""
    inn = "".join(request.POST.get("inn", "").split())
    digits = INN_DIGITS.get(request.POST.get("kind", ""), 10)
    if inn.isascii() and inn.isdigit() and len(inn) != digits:
        return Asked("attention", f"В ИНН этого типа заявителя {digits} цифр, а введено {len(inn)}.")
    try:
        answer = company_lookup(user=person_of(request), inn=inn, now=clock.now())
    except BadRequisite:
        return Asked("attention", "Такого ИНН не бывает: контрольное число не сходится. Проверьте цифры.")
    except LookupTooOften as error:
        return Asked("attention", error.message)
    if isinstance(answer, CouldNotAsk):
        return Asked(
            "quiet", "Справочник сейчас не отвечает. Заполните данные вручную, договор можно заключить и так."
        )
    if not isinstance(answer, Found):
        return Asked("attention", "В реестре нет такого ИНН. Проверьте его или заполните данные вручную.")
    if answer.card.state not in {CompanyState.ACTIVE, CompanyState.UNKNOWN}:
        return Asked(
            "attention", f"Данные загружены. Состояние по реестру: {STATE_WORDS[answer.card.state]}.", answer
        )
    return Asked("fine", "Данные загружены из реестра. Проверьте их.", answer)


def form_filled(sent: QueryDict, asked: Asked) -> JoiningForm:
    """The form as it was typed, with what the directory told."""
    initial: dict[str, Any] = sent.dict()
    initial["same_address"] = "same_address" in sent
    initial["accepted"] = "accepted" in sent
    if asked.found is not None:
        told = Requisites.of_card(asked.found.card).as_data()
        initial |= {name: told[name] for name in DETAILS}
    return JoiningForm(initial=initial)


def _joined(request: HttpRequest, form: JoiningForm) -> Contract | None:
    """The contract, or None when the form says what is wrong."""
    actor = actor_owner(user=request.user, address=address_of(request))
    assert actor.membership is not None
    try:
        return contract_join(
            actor=actor,
            account_id=actor.membership.account_id,
            form=form.sent(),
            found=company_ask(request).found,
            now=clock.now(),
            device=device_of(request),
        )
    except (FieldsWrong, OfferNotAccepted, OfferMoved, CompanyLiquidated, ContractThere) as error:
        error_place(form, error, ERROR_FIELDS)
        return None


@public_page()
def offer(request: HttpRequest) -> HttpResponse:
    """The text of the contract-offer as PDF: the version in force, or `?version=`."""
    asked = request.GET.get("version", "")
    found = offer_by_number(number=int(asked)) if asked.isdecimal() and len(asked) < 9 else offer_current()
    if found is None:
        raise Http404
    response = HttpResponse(_offer_pdf(found.number, operator_card().version), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="offer-{found.number}.pdf"'
    return response


@lru_cache(maxsize=4)
def _offer_pdf(number: int, operator_version: int) -> bytes:  # noqa: ARG001  # a new card makes a new paper
    """Setting a paper costs more than keeping it, and anybody may ask."""
    found = offer_by_number(number=number)
    assert found is not None
    return offer_paper(offer=found)
