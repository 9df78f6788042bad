"""What every deed on an application does: hold the rows, move it, write its history and the journal."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction

from chekhov.audit.models import ActorKind
from chekhov.contracts.errors import ApplicationNotFound, ApplicationThere, ContractEnded, ContractNotFound
from chekhov.contracts.models import (
    OPEN_STATES,
    Application,
    ApplicationKind,
    ApplicationState,
    ApplicationStep,
    Contract,
    ContractState,
)
from chekhov.orgs.actor import Actor, deed_record
from chekhov.orgs.errors import ChangedMeanwhile, FieldsWrong
from chekhov.orgs.requisites import line_clean

REASON_CHARACTERS_MAX = 2000


def contract_held(contract_id: int) -> Contract:
    """The active contract, held until the deed is done. Raises: ContractNotFound, ContractEnded."""
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


def application_held(application_id: int, expected_version: int) -> Application:
    """The application, held. Raises: ApplicationNotFound, ChangedMeanwhile."""
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


def application_open_held(
    contract: Contract, kind: ApplicationKind, *, kkt_id: int | None = None
) -> Application | None:
    """The application of this kind, upon this register if one is named, that is not decided yet; held."""
    return (
        Application.objects.select_for_update()
        .filter(contract=contract, kind=kind, kkt_id=kkt_id, state__in=OPEN_STATES)
        .first()
    )


def decide(
    actor: Actor, application: Application, state: ApplicationState, *, now: dt.datetime, note: str
) -> None:
    """Approve or refuse: the same as `step`, and who decided when."""
    application.decided_by, application.decided_at = actor.user, now
    step(actor, application, state, now=now, note=note)


def step(
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


def record(
    actor: Actor,
    action: str,
    application: Application,
    now: dt.datetime,
    *,
    reason: str = "",
    facts: dict[str, object] | None = None,
) -> None:
    """Write the deed to the customer's journal."""
    shown: dict[str, object] = {"kind": str(application.kind), "contract": application.contract.number}
    if application.kkt_id is not None:
        shown["rnm"] = application.register.get("rnm", "")
    deed_record(
        actor,
        action,
        now=now,
        object_kind="application",
        object_id=application.pk,
        organisation=application.contract.organisation,
        reason=reason,
        facts={**shown, **(facts or {})},
    )
