"""Deeds on applications: what a customer asks for, and what a manager decides.

Every deed locks the application's row and compares `version` with the one the doer was shown: of two people
who edit or decide one thing the second is told.
"""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils import timezone

from chekhov.audit.models import ActorKind
from chekhov.contracts.errors import (
    ApplicationNotFound,
    ApplicationStateWrong,
    ApplicationThere,
    ContractEnded,
    ContractNotFound,
    EndsTooEarly,
    NothingChanged,
    ReasonMissing,
    SigningNotReady,
)
from chekhov.contracts.hooks import termination_hooks_run
from chekhov.contracts.models import (
    OPEN_STATES,
    Application,
    ApplicationKind,
    ApplicationState,
    ApplicationStep,
    Contract,
    ContractState,
    SigningMethod,
)
from chekhov.contracts.transitions import transition_check
from chekhov.links.directory_reading import CompanyCard
from chekhov.orgs.actor import Actor, deed_record
from chekhov.orgs.errors import ChangedMeanwhile, FieldsWrong
from chekhov.orgs.models import Organisation
from chekhov.orgs.requisites import Requisites, line_clean, locked_fields, requisites_clean
from chekhov.orgs.services import organisation_requisites_set

REASON_CHARACTERS_MAX = 2000
ENDS_AHEAD_MAX = dt.timedelta(days=366)


@transaction.atomic
def requisites_change_draft(
    *,
    actor: Actor,
    contract_id: int,
    requisites: Requisites,
    organisation_version: int,
    now: dt.datetime,
    card: CompanyCard | None = None,
    expected_version: int | None = None,
) -> Application:
    """Step 1 of «Заявка на изменение реквизитов»: keep what was typed, ready to be looked through.

    organisation_version: of the requisites the form was filled with. card: what the directory told just now;
    its fields are taken from it, whatever was sent. expected_version: of the draft that was shown, None if
    there was none. Raises: ContractNotFound, ContractEnded, FieldsWrong, NothingChanged, ApplicationThere,
    ChangedMeanwhile.
    """
    contract = _contract(contract_id)
    organisation = Organisation.objects.select_for_update(no_key=True).get(pk=contract.organisation_id)
    if organisation.version != organisation_version:
        raise ChangedMeanwhile("Реквизиты изменились, пока вы заполняли заявку: откройте её заново")
    before = Requisites.of_organisation(organisation)
    after = requisites_clean(_locked(requisites, before, card), sole_trader=organisation.is_sole_trader)
    if after == before:
        raise NothingChanged("В заявке нет изменений")
    draft = _open(contract, ApplicationKind.REQUISITES)
    if draft is not None and draft.state != ApplicationState.DRAFT:
        raise ApplicationThere("Заявка на изменение реквизитов уже на рассмотрении")
    if (None if draft is None else draft.version) != expected_version:
        raise ChangedMeanwhile("Черновик заявки уже изменил кто-то другой: откройте его заново")
    if draft is None:
        draft = Application(
            kind=ApplicationKind.REQUISITES,
            contract=contract,
            created_by=actor.user,
            created_at=now,
            version=0,
        )
    state_before = draft.state
    draft.old, draft.new = before.as_data(), after.as_data()
    draft.organisation_version = organisation.version
    _step(actor, draft, ApplicationState.DRAFT, now=now, state_before=state_before)
    _record(actor, "contracts.requisites_drafted", draft, now)
    return draft


@transaction.atomic
def requisites_change_send(
    *, actor: Actor, application_id: int, expected_version: int, now: dt.datetime
) -> Application:
    """Step 2: send the draft that was looked through to the manager.

    Raises: ApplicationNotFound, ApplicationStateWrong, ChangedMeanwhile, ContractEnded.
    """
    application = _application(application_id, expected_version)
    if application.kind != ApplicationKind.REQUISITES:
        raise ApplicationStateWrong("Это не заявка на изменение реквизитов")
    transition_check(application.kind, application.state, ApplicationState.SENT)
    contract = _contract(application.contract_id)
    if contract.organisation.version != application.organisation_version:
        raise ChangedMeanwhile("Реквизиты изменились, пока вы заполняли заявку: откройте её заново")
    application.sent_at = now
    _step(actor, application, ApplicationState.SENT, now=now)
    _record(actor, "contracts.requisites_asked", application, now)
    return application


@transaction.atomic
def termination_ask(
    *, actor: Actor, contract_id: int, method: SigningMethod, now: dt.datetime
) -> Application:
    """«Расторжение договора»: prepare the application to be signed on paper and sent by post.

    Asking again gives the same application. Raises: SigningNotReady for «ЭЦП», ContractNotFound, ContractEnded.
    """
    if method != SigningMethod.PAPER:
        raise SigningNotReady(
            "Подписание электронной подписью пока не подключено. Выберите бумажное заявление."
        )
    contract = _contract(contract_id)
    there = _open(contract, ApplicationKind.TERMINATION)
    if there is not None:
        return there
    application = Application(
        kind=ApplicationKind.TERMINATION,
        method=method,
        contract=contract,
        created_by=actor.user,
        created_at=now,
        version=0,
    )
    _step(actor, application, ApplicationState.PAPER_AWAITED, now=now, state_before="")
    _record(actor, "contracts.termination_asked", application, now)
    return application


@transaction.atomic
def application_withdraw(
    *, actor: Actor, application_id: int, expected_version: int, now: dt.datetime
) -> Application:
    """The customer takes his application back, while it is his to take.

    Raises: ApplicationNotFound, ApplicationStateWrong, ChangedMeanwhile.
    """
    application = _application(application_id, expected_version)
    transition_check(application.kind, application.state, ApplicationState.WITHDRAWN)
    _step(actor, application, ApplicationState.WITHDRAWN, now=now)
    _record(actor, "contracts.application_withdrawn", application, now)
    return application


@transaction.atomic
def paper_arrive(
    *,
    actor: Actor,
    application_id: int,
    expected_version: int,
    arrived_on: dt.date,
    now: dt.datetime,
    note: str = "",
) -> Application:
    """Staff: the signed original is here; from now on the application waits for a decision.

    Raises: ApplicationNotFound, ApplicationStateWrong, ChangedMeanwhile, FieldsWrong.
    """
    application = _application(application_id, expected_version)
    if application.state != ApplicationState.PAPER_AWAITED:
        raise ApplicationStateWrong("Оригинал по этой заявке не ожидается")
    transition_check(application.kind, application.state, ApplicationState.SENT)
    first, today = timezone.localdate(application.created_at), timezone.localdate(now)
    if not first <= arrived_on <= today:
        raise FieldsWrong({"arrived_on": f"Дата получения — с {first:%d.%m.%Y} по {today:%d.%m.%Y}"})
    application.paper_arrived_on, application.sent_at = arrived_on, now
    _step(actor, application, ApplicationState.SENT, now=now, note=note)
    _record(actor, "contracts.paper_arrived", application, now, facts={"arrived_on": arrived_on.isoformat()})
    return application


@transaction.atomic
def application_approve(
    *,
    actor: Actor,
    application_id: int,
    expected_version: int,
    now: dt.datetime,
    ends_on: dt.date | None = None,
    note: str = "",
) -> Application:
    """Staff: approve, and do what was asked, in one transaction.

    ends_on: for a termination, the last day of service; today by default.
    Raises: ApplicationNotFound, ApplicationStateWrong, ChangedMeanwhile (also when the requisites have changed
    since), OrganisationThere, ContractEnded, EndsTooEarly.
    """
    application = _application(application_id, expected_version)
    transition_check(application.kind, application.state, ApplicationState.APPROVED)
    contract = _contract(application.contract_id)
    if application.kind == ApplicationKind.REQUISITES:
        wanted = requisites_clean(
            Requisites.from_data(application.new), sole_trader=contract.organisation.is_sole_trader
        )
        organisation_requisites_set(
            actor=actor,
            organisation_id=contract.organisation_id,
            requisites=wanted,
            expected_version=application.organisation_version,
            now=now,
        )
    _decide(actor, application, ApplicationState.APPROVED, now=now, note=note)
    _record(actor, "contracts.application_approved", application, now)
    if application.kind == ApplicationKind.TERMINATION:
        _terminate(actor, contract, ends_on or timezone.localdate(now), now)
    return application


@transaction.atomic
def application_refuse(
    *, actor: Actor, application_id: int, expected_version: int, reason: str, now: dt.datetime
) -> Application:
    """Staff: refuse, with a reason the customer reads.

    Raises: ApplicationNotFound, ApplicationStateWrong, ChangedMeanwhile, ReasonMissing, FieldsWrong.
    """
    reason = line_clean(reason)
    if not reason:
        raise ReasonMissing("Укажите причину отказа: её увидит клиент")
    application = _application(application_id, expected_version)
    transition_check(application.kind, application.state, ApplicationState.REFUSED)
    application.reason = reason
    _decide(actor, application, ApplicationState.REFUSED, now=now, note=reason)
    _record(actor, "contracts.application_refused", application, now, reason=reason)
    return application


def _terminate(actor: Actor, contract: Contract, ends_on: dt.date, now: dt.datetime) -> None:
    today = timezone.localdate(now)
    if not max(today, contract.starts_on) <= ends_on <= today + ENDS_AHEAD_MAX:
        raise EndsTooEarly("Договор заканчивается не раньше сегодняшнего дня и не позже чем через год")
    contract.state, contract.ends_on, contract.terminated_at = ContractState.TERMINATED, ends_on, now
    contract.save(update_fields=["state", "ends_on", "terminated_at"])
    # What else was asked of the contract has no meaning any more.
    for other in Application.objects.select_for_update().filter(contract=contract, state__in=OPEN_STATES):
        other.reason = "Договор расторгнут"
        _decide(actor, other, ApplicationState.REFUSED, now=now, note=other.reason)
        _record(actor, "contracts.application_refused", other, now, reason=other.reason)
    deed_record(
        actor,
        "contracts.terminated",
        now=now,
        object_kind="contract",
        object_id=contract.pk,
        organisation=contract.organisation,
        facts={"number": contract.number, "ends_on": ends_on.isoformat()},
    )
    termination_hooks_run(contract=contract, now=now)


def _locked(given: Requisites, before: Requisites, card: CompanyCard | None) -> Requisites:
    """What was sent, but for the fields that cannot be edited: these are the directory's or as they were."""
    values = given.as_data()
    told = None if card is None or card.inn != before.inn else Requisites.of_card(card).as_data()
    for name in locked_fields(None if told is None else card):
        values[name] = before.inn if name == "inn" or told is None else told[name]
    return Requisites.from_data(values)


def _contract(contract_id: int) -> Contract:
    """The active contract, held until the deed is done."""
    contract = (
        Contract.objects.select_for_update(of=("self",), no_key=True)
        .select_related("organisation")
        .filter(pk=contract_id)
        .first()
    )
    if contract is None:
        raise ContractNotFound("Такого договора нет", contract_id=contract_id)
    if contract.state != ContractState.ACTIVE:
        raise ContractEnded("Договор расторгнут")
    return contract


def _application(application_id: int, expected_version: int) -> Application:
    # The contract first, in the order of every other deed, so that two never wait for each other.
    contract_id = Application.objects.filter(pk=application_id).values_list("contract_id", flat=True).first()
    if contract_id is None:
        raise ApplicationNotFound("Такой заявки нет", application_id=application_id)
    Contract.objects.select_for_update(no_key=True).get(pk=contract_id)
    application = (
        Application.objects.select_for_update(of=("self",))
        .select_related("contract__organisation")
        .get(pk=application_id)
    )
    if application.version != expected_version:
        raise ChangedMeanwhile("Заявку уже изменил кто-то другой: откройте её заново")
    return application


def _open(contract: Contract, kind: ApplicationKind) -> Application | None:
    return (
        Application.objects.select_for_update()
        .filter(contract=contract, kind=kind, state__in=OPEN_STATES)
        .first()
    )


def _decide(
    actor: Actor, application: Application, state: ApplicationState, *, now: dt.datetime, note: str
) -> None:
    application.decided_by, application.decided_at = actor.user, now
    _step(actor, application, state, now=now, note=note)


def _step(
    actor: Actor,
    application: Application,
    state: ApplicationState,
    *,
    now: dt.datetime,
    note: str = "",
    state_before: str | None = None,
) -> None:
    """Move the application and write its history."""
    note = line_clean(note)
    if len(note) > REASON_CHARACTERS_MAX or not note.isprintable():
        raise FieldsWrong({"note": f"Примечание — до {REASON_CHARACTERS_MAX} печатных знаков"})
    before = application.state if state_before is None else state_before
    application.state = state
    application.version += 1
    try:
        with transaction.atomic():
            application.save()
    except IntegrityError as error:
        raise ApplicationThere("Такая заявка уже есть") from error
    ApplicationStep.objects.create(
        application=application,
        at=now,
        user=actor.user,
        by_staff=actor.kind == ActorKind.STAFF,
        state_before=before,
        state_after=state,
        note=note,
    )


def _record(
    actor: Actor,
    action: str,
    application: Application,
    now: dt.datetime,
    *,
    reason: str = "",
    facts: dict[str, object] | None = None,
) -> None:
    deed_record(
        actor,
        action,
        now=now,
        object_kind="application",
        object_id=application.pk,
        organisation=application.contract.organisation,
        reason=reason,
        facts={"kind": str(application.kind), "contract": application.contract.number, **(facts or {})},
    )
