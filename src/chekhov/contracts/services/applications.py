"""Deeds on applications: what a customer asks for, and what a manager decides.

Every deed locks the application's row and compares `version` with the one the doer was shown: of two people
who edit or decide one thing the second is told.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from chekhov.contracts.errors import (
    ApplicationStateWrong,
    ApplicationThere,
    EndsTooEarly,
    NothingChanged,
    ReasonMissing,
    SigningNotReady,
)
from chekhov.contracts.hooks import stop_service_hooks_run, termination_hooks_run
from chekhov.contracts.models import (
    OPEN_STATES,
    Application,
    ApplicationKind,
    ApplicationState,
    Contract,
    ContractState,
    SigningMethod,
)
from chekhov.contracts.registers import RegisterFacts
from chekhov.contracts.services.steps import (
    application_held,
    application_open_held,
    contract_held,
    decide,
    record,
    step,
)
from chekhov.contracts.transitions import transition_check
from chekhov.links.directory_reading import CompanyCard
from chekhov.orgs.actor import Actor, deed_record
from chekhov.orgs.errors import ChangedMeanwhile, FieldsWrong
from chekhov.orgs.models import Organisation
from chekhov.orgs.requisites import Requisites, line_clean, locked_fields, requisites_clean
from chekhov.orgs.services import organisation_requisites_set

SIGNING_LATER = "Подписание электронной подписью пока не подключено. Выберите бумажное заявление."
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
    contract = contract_held(contract_id)
    organisation = Organisation.objects.select_for_update(no_key=True).get(pk=contract.organisation_id)
    if organisation.version != organisation_version:
        raise ChangedMeanwhile("Реквизиты изменились, пока вы заполняли заявку: откройте её заново")
    before = Requisites.of_organisation(organisation)
    after = requisites_clean(_locked(requisites, before, card), sole_trader=organisation.is_sole_trader)
    if after == before:
        raise NothingChanged("В заявке нет изменений")
    draft = application_open_held(contract, ApplicationKind.REQUISITES)
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
    step(actor, draft, ApplicationState.DRAFT, now=now, state_before=state_before)
    record(actor, "contracts.requisites_drafted", draft, now)
    return draft


@transaction.atomic
def requisites_change_send(
    *, actor: Actor, application_id: int, expected_version: int, now: dt.datetime
) -> Application:
    """Step 2: send the draft that was looked through to the manager.

    Raises: ApplicationNotFound, ApplicationStateWrong, ChangedMeanwhile, ContractEnded.
    """
    application = application_held(application_id, expected_version)
    if application.kind != ApplicationKind.REQUISITES:
        raise ApplicationStateWrong("Это не заявка на изменение реквизитов")
    transition_check(application.kind, application.state, ApplicationState.SENT)
    contract = contract_held(application.contract_id)
    if contract.organisation.version != application.organisation_version:
        raise ChangedMeanwhile("Реквизиты изменились, пока вы заполняли заявку: откройте её заново")
    application.sent_at = now
    step(actor, application, ApplicationState.SENT, now=now)
    record(actor, "contracts.requisites_asked", application, now)
    return application


@transaction.atomic
def termination_ask(
    *, actor: Actor, contract_id: int, method: SigningMethod, now: dt.datetime
) -> Application:
    """«Расторжение договора»: prepare the application to be signed on paper and sent by post.

    Asking again gives the same application. Raises: SigningNotReady for «ЭЦП», ContractNotFound, ContractEnded.
    """
    if method != SigningMethod.PAPER:
        raise SigningNotReady(SIGNING_LATER)
    contract = contract_held(contract_id)
    there = application_open_held(contract, ApplicationKind.TERMINATION)
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
    step(actor, application, ApplicationState.PAPER_AWAITED, now=now, state_before="")
    record(actor, "contracts.termination_asked", application, now)
    return application


@transaction.atomic
def stop_service_ask(
    *,
    actor: Actor,
    contract_id: int,
    kkt_id: int,
    register: RegisterFacts,
    method: SigningMethod,
    now: dt.datetime,
) -> Application:
    """«Прекратить обслуживание ККТ»: prepare the application to be signed on paper and sent by post.

    The register is the caller's to check: `kkt.services` does, under the contract's lock that is held here.
    Asking again gives the same application. Raises: SigningNotReady for «ЭЦП», ContractNotFound, ContractEnded,
    ApplicationThere if another contract has an open one for the register.
    """
    if method != SigningMethod.PAPER:
        raise SigningNotReady(SIGNING_LATER)
    contract = contract_held(contract_id)
    there = application_open_held(contract, ApplicationKind.STOP_SERVICE, kkt_id=kkt_id)
    if there is not None:
        return there
    application = Application(
        kind=ApplicationKind.STOP_SERVICE,
        method=method,
        contract=contract,
        kkt_id=kkt_id,
        register=register.as_data(),
        created_by=actor.user,
        created_at=now,
        version=0,
    )
    step(actor, application, ApplicationState.PAPER_AWAITED, now=now, state_before="")
    record(actor, "contracts.stop_service_asked", application, now)
    return application


@transaction.atomic
def application_withdraw(
    *, actor: Actor, application_id: int, expected_version: int, now: dt.datetime
) -> Application:
    """The customer takes his application back, while it is his to take.

    Raises: ApplicationNotFound, ApplicationStateWrong, ChangedMeanwhile.
    """
    application = application_held(application_id, expected_version)
    transition_check(application.kind, application.state, ApplicationState.WITHDRAWN)
    step(actor, application, ApplicationState.WITHDRAWN, now=now)
    record(actor, "contracts.application_withdrawn", application, now)
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
    application = application_held(application_id, expected_version)
    if application.state != ApplicationState.PAPER_AWAITED:
        raise ApplicationStateWrong("Оригинал по этой заявке не ожидается")
    transition_check(application.kind, application.state, ApplicationState.SENT)
    first, today = timezone.localdate(application.created_at), timezone.localdate(now)
    if not first <= arrived_on <= today:
        raise FieldsWrong({"arrived_on": f"Дата получения — с {first:%d.%m.%Y} по {today:%d.%m.%Y}"})
    application.paper_arrived_on, application.sent_at = arrived_on, now
    step(actor, application, ApplicationState.SENT, now=now, note=note)
    record(actor, "contracts.paper_arrived", application, now, facts={"arrived_on": arrived_on.isoformat()})
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
    application = application_held(application_id, expected_version)
    transition_check(application.kind, application.state, ApplicationState.APPROVED)
    contract = contract_held(application.contract_id)
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
    decide(actor, application, ApplicationState.APPROVED, now=now, note=note)
    record(actor, "contracts.application_approved", application, now)
    if application.kind == ApplicationKind.TERMINATION:
        _terminate(actor, contract, ends_on or timezone.localdate(now), now)
    elif application.kind == ApplicationKind.STOP_SERVICE:
        stop_service_hooks_run(application=application, actor=actor, now=now)
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
    application = application_held(application_id, expected_version)
    transition_check(application.kind, application.state, ApplicationState.REFUSED)
    application.reason = reason
    decide(actor, application, ApplicationState.REFUSED, now=now, note=reason)
    record(actor, "contracts.application_refused", application, now, reason=reason)
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
        decide(actor, other, ApplicationState.REFUSED, now=now, note=other.reason)
        record(actor, "contracts.application_refused", other, now, reason=other.reason)
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
