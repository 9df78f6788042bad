"""Questions about offers, contracts and applications. Who may ask is `access`'s business."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from chekhov.accounts.models import Account, User
from chekhov.contracts.models import (
    OPEN_STATES,
    Application,
    ApplicationKind,
    ApplicationState,
    Contract,
    ContractState,
    OfferVersion,
)
from chekhov.db.reading import answered
from chekhov.orgs.models import Membership, Organisation
from chekhov.orgs.requisites import FIELD_WORDS, Requisites

EMPTY_SHOWN = "—"
SEARCH_CHARACTERS_MIN = 2
CONTRACT_DIGITS_MAX = 9
INN_DIGITS_MIN = 5  # of its beginning: the first four tell only the tax office


def offer_current() -> OfferVersion | None:
    """The version that is joined today."""
    return OfferVersion.objects.order_by("-number").first()


def offer_by_number(*, number: int) -> OfferVersion | None:
    """One version."""
    return OfferVersion.objects.filter(number=number).first()


def offers_all() -> QuerySet[OfferVersion]:
    """Every version, the newest first."""
    return OfferVersion.objects.select_related("published_by").order_by("-number")


def contracts_of_account(*, account_id: int) -> QuerySet[Contract]:
    """«Договоры» of a cabinet, the newest first."""
    return (
        Contract.objects.filter(organisation__account_id=account_id)
        .select_related("organisation", "offer")
        .order_by("-number")
    )


def account_has_contract(*, account_id: int) -> bool:
    """Whether the cabinet has ever joined the contract; without, it is led to «Присоединение к договору»."""
    return answered(
        "contract",
        account_id,
        lambda: Contract.objects.filter(organisation__account_id=account_id).exists(),
    )


def contract_active(*, organisation_id: int) -> Contract | None:
    """The contract in force with this organisation."""
    return (
        Contract.objects.select_related("organisation", "offer")
        .filter(organisation_id=organisation_id, state=ContractState.ACTIVE)
        .first()
    )


def organisation_served(*, organisation_id: int, day: dt.date) -> bool:
    """Whether registers of the organisation may be served on that day (the operator's day).

    Only a terminated contract stops the service: an organisation that staff have entered has none yet.
    """
    ended = Contract.objects.filter(organisation_id=organisation_id)
    return not ended.exists() or ended.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day
    ).exists()  # fmt: skip


def applications_of_account(*, account_id: int) -> QuerySet[Application]:
    """The customer's applications, the newest first."""
    return (
        Application.objects.filter(contract__organisation__account_id=account_id)
        .select_related("contract__organisation")
        .order_by("-id")
    )


def application_open(*, contract_id: int, kind: str) -> Application | None:
    """The application of this kind that is not decided yet."""
    return (
        Application.objects.select_related("contract__organisation")
        .filter(
            contract_id=contract_id,
            kind=kind,
            state__in=OPEN_STATES,
        )
        .first()
    )


def stop_application_last(*, kkt_id: int) -> Application | None:
    """The last application to stop serving this register, decided or not. Who asks has the register already."""
    return (
        Application.objects.select_related("contract__organisation")
        .filter(kkt_id=kkt_id, kind=ApplicationKind.STOP_SERVICE)
        .order_by("-id")
        .first()
    )


def applications_to_decide(*, kind: str = "", manager_id: int | None = None) -> QuerySet[Application]:
    """Staff's work list: what waits for a decision, the oldest first. manager_id: of his customers only."""
    return _of_staff(kind, manager_id).filter(state=ApplicationState.SENT).order_by("sent_at", "id")


def applications_awaiting_paper(*, kind: str = "", manager_id: int | None = None) -> QuerySet[Application]:
    """Applications whose signed original has not come yet, the oldest first."""
    return _of_staff(kind, manager_id).filter(state=ApplicationState.PAPER_AWAITED).order_by("id")


def applications_decided(*, kind: str = "", manager_id: int | None = None) -> QuerySet[Application]:
    """What was approved, refused or taken back, the newest first."""
    decided = (ApplicationState.APPROVED, ApplicationState.REFUSED, ApplicationState.WITHDRAWN)
    return _of_staff(kind, manager_id).filter(state__in=decided).order_by("-id")


def applications_counts() -> dict[str, int]:
    """How many wait, by state, for the tabs of the work list."""
    waiting = (ApplicationState.SENT, ApplicationState.PAPER_AWAITED)
    rows = Application.objects.filter(state__in=waiting).values_list("state").annotate(Count("id"))
    return {str(state): 0 for state in waiting} | {str(state): count for state, count in rows}


def _of_staff(kind: str, manager_id: int | None) -> QuerySet[Application]:
    rows = Application.objects.select_related(
        "contract__organisation__account__manager", "created_by", "decided_by"
    )
    if kind:
        rows = rows.filter(kind=kind)
    if manager_id is not None:
        rows = rows.filter(contract__organisation__account__manager_id=manager_id)
    return rows


@dataclass(frozen=True, slots=True)
class RequisiteLine:
    """A line of «Проверьте указанные данные»: the word, the value asked for, the old one if it differs."""

    field: str
    word: str
    value: str
    old: str
    changed: bool

    @property
    def old_shown(self) -> str:
        """«(Старое значение: Тест)»; empty for what did not change."""
        return f"(Старое значение: {self.old})" if self.changed else ""


def requisites_lines(*, application: Application) -> list[RequisiteLine]:
    """Step 2 of the change of requisites: all values, the head in one line, each changed with its old one."""
    old, new = Requisites.from_data(application.old), Requisites.from_data(application.new)
    heads = ("head_name", "head_patronymic", "head_surname")
    lines = []
    for name, word in FIELD_WORDS.items():
        if name in heads:
            continue
        lines.append(_line(name, word, getattr(old, name), getattr(new, name)))
        if name == "postal_address":
            head_old, head_new = (
                " ".join(filter(None, (getattr(side, part) for part in heads))) for side in (old, new)
            )
            lines.append(_line("head", "Руководитель", head_old, head_new))
    return lines


def _line(field: str, word: str, old: str, new: str) -> RequisiteLine:
    return RequisiteLine(field, word, new or EMPTY_SHOWN, old or EMPTY_SHOWN, old != new)


def customers_search(*, text: str) -> QuerySet[Account]:
    """Staff's search: cabinets by ИНН, name of the company, number of the contract, e-mail or name of a person.

    Too short a text finds nothing, so that the whole list is not read by accident.
    """
    text = " ".join(text.split())
    accounts = Account.objects.select_related("manager", "opened_by").order_by("-id")
    number = text.lstrip("№ ")
    if not text.isprintable() or (len(text) < SEARCH_CHARACTERS_MIN and not number.isdecimal()):
        return accounts.none()
    companies = Organisation.objects.filter(account_id=OuterRef("pk"))
    people = Membership.objects.filter(account_id=OuterRef("pk"))
    if number.isascii() and number.isdecimal():
        matches = Q(pk__in=[])
        if len(number) <= CONTRACT_DIGITS_MAX:  # an ИНН is no number of a contract
            matches |= Q(Exists(companies.filter(contracts__number=int(number))))
        if len(number) >= INN_DIGITS_MIN and number == text:
            matches |= Q(Exists(companies.filter(Q(inn__startswith=number) | Q(ogrn=number))))
    else:
        matches = Q(Exists(companies.filter(Q(name__icontains=text) | Q(full_name__icontains=text)))) | Q(
            Exists(people.filter(Q(email__icontains=text) | Q(full_name__icontains=text)))
        )
    return accounts.filter(matches)


def managers_all() -> QuerySet[User]:
    """Who may be named a customer's responsible manager."""
    return User.objects.filter(is_active=True, staff_role__in=["manager", "administrator"]).order_by(
        "full_name", "id"
    )
