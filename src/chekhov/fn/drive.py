"""The emulated fiscal drive («эмулятор ФН»): a state, a command and a moment in; a new state out.

Nothing is kept here and nothing is changed: a refused command leaves the caller with the state he had.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import Any, NamedTuple

from chekhov.ffd.versions import DocumentCode, FfdVersion
from chekhov.fn import commands as cmd
from chekhov.fn import limits
from chekhov.fn.confirmations import ConfirmationResult, confirmation_accept
from chekhov.fn.errors import (
    ArchiveFull,
    ClockWrong,
    ConfirmationWaitOver,
    LifetimeOver,
    ParameterWrong,
    ShiftTooLong,
    WrongState,
)
from chekhov.fn.issue import IssuedDocument, Pairs, issue, registered
from chekhov.fn.orders import CorrectionOrder, ReceiptOrder, correction_check, order_check, receipt_sums
from chekhov.fn.receipts import receipt_code, receipt_fields
from chekhov.fn.registration import (
    REASONS_ALL,
    ChangeReason,
    Registration,
    change_check,
    registration_check,
)
from chekhov.fn.reports import (
    drive_close_fields,
    registration_fields,
    shift_close_fields,
    shift_open_fields,
    state_report_fields,
)
from chekhov.fn.sign import DriveSigner
from chekhov.fn.state import FnState, Phase, Shift
from chekhov.fn.totals import FOUR, Totals


class Outcome(NamedTuple):
    """What a command did. `document`: what was issued, to be stored by the caller before `state` is.

    `result`: of `AcceptConfirmation`, accepted or refused; None for the other commands.
    """

    state: FnState
    document: IssuedDocument | None = None
    result: ConfirmationResult | None = None


def apply(state: FnState, command: cmd.Command, now: dt.datetime, signer: DriveSigner) -> Outcome:
    """Do one command. `now`: local clock time without zone; whole seconds count.

    Raises: DriveRefused (each with its `result` code), StoredDocumentWrong; the state is as it was then.
    """
    now = _moment(state, now, command)
    if isinstance(command, cmd.AcceptConfirmation):
        return Outcome(*_confirmation(state, command, signer))
    do: Callable[..., Outcome] = DEEDS[type(command)]
    return do(state, command, now, signer)


def _confirmation(
    state: FnState, command: cmd.AcceptConfirmation, signer: DriveSigner
) -> tuple[FnState, None, ConfirmationResult]:
    state, result = confirmation_accept(state, command, signer)
    return state, None, result


def _moment(state: FnState, now: dt.datetime, command: cmd.Command) -> dt.datetime:
    """Whole seconds of a moment the drive can take. Raises: ClockWrong."""
    if now.tzinfo is not None or not limits.MOMENT_FIRST <= now <= limits.MOMENT_LAST:
        raise ClockWrong(f"{now} — не местное время, которое ФН может записать")
    now = now.replace(microsecond=0)
    # An answer may be taken at any hour: only documents are in order of time.
    if state.last_at is not None and now < state.last_at and not isinstance(command, cmd.AcceptConfirmation):
        raise ClockWrong(f"время {now} раньше последнего документа ({state.last_at})", last_at=state.last_at)
    return now


def _fiscal(state: FnState) -> Registration:
    """The registration of a drive in the fiscal mode. Raises: WrongState."""
    if state.phase is Phase.READY:
        raise WrongState("ФН не фискализирован", phase=int(state.phase))
    if state.phase is not Phase.FISCAL:
        raise WrongState("архив ФН закрыт", phase=int(state.phase))
    return registered(state)


def _may_work(state: FnState, now: dt.datetime) -> None:
    """Terms and places that forbid new settlements, but not closing reports."""
    expires_on = state.expires_on
    if expires_on is not None and now.date() > expires_on:
        raise LifetimeOver(f"срок ключей ФН истёк {expires_on:%d.%m.%Y}", expires_on=expires_on)
    if state.unsent_at is not None and now - state.unsent_at > limits.UNCONFIRMED_MAX:
        raise ConfirmationWaitOver(
            f"документ {state.unsent_from} не подтверждён оператором больше 30 дней", since=state.unsent_at
        )
    _place(state, limits.CLOSING_RESERVE)


def _place(state: FnState, reserve: int) -> None:
    """Raise ArchiveFull unless a document fits and `reserve` more after it."""
    if state.documents_left <= reserve:
        raise ArchiveFull(f"в ФН нет места: выпущено документов {state.last_fd}", last_fd=state.last_fd)


def _issued(
    state: FnState,
    code: DocumentCode,
    fields: Pairs,
    now: dt.datetime,
    signer: DriveSigner,
    *,
    owner: Registration | None = None,
    sums: tuple[int, Totals] | None = None,
    **changes: Any,
) -> Outcome:
    """Issue a document and take it into the state. `sums`: operation and totals of a receipt."""
    owner = owner or registered(state)
    document = issue(state, code, fields, now=now, signer=signer, owner=owner)
    last_fd = document.fd_number
    unsent = state.unsent
    if owner.offline:
        unsent_from, unsent_at, unsent = last_fd + 1, None, FOUR
    else:
        unsent_from, unsent_at = state.unsent_from, state.unsent_at or now
        if sums is not None:
            at = sums[0] - 1
            plain = Totals(*sums[1][:7])
            unsent = (*unsent[:at], unsent[at].plus(plain), *unsent[at + 1 :])
    following = dataclasses.replace(
        state,
        last_fd=last_fd,
        last_at=now,
        unsent_from=unsent_from,
        unsent_at=unsent_at,
        unsent=unsent,
        **changes,
    )
    return Outcome(following, document)


def _in_shift(shift: Shift | None) -> dict[str, Any]:
    """A document that is no receipt still counts in 1111 of an open shift."""
    if shift is None:
        return {}
    return {"shift": dataclasses.replace(shift, documents=shift.documents + 1)}


def _register(state: FnState, command: cmd.Register, now: dt.datetime, signer: DriveSigner) -> Outcome:
    if state.phase is not Phase.READY:
        raise WrongState("ФН уже фискализирован", phase=int(state.phase))
    registration = command.registration
    registration_check(registration)
    return _issued(
        state,
        DocumentCode.REGISTRATION,
        registration_fields(state, registration, now),
        now,
        signer,
        owner=registration,
        phase=Phase.FISCAL,
        registration=registration,
        registered_at=now,
    )


def _reregister(state: FnState, command: cmd.Reregister, now: dt.datetime, signer: DriveSigner) -> Outcome:
    registration, reasons = command.registration, int(command.reasons)
    if reasons <= 0 or reasons & ~REASONS_ALL:
        raise ParameterWrong("причины изменения сведений: биты 1205", reasons=reasons)
    replaced = bool(reasons & ChangeReason.DRIVE_REPLACED)
    if state.phase is Phase.READY:
        if not replaced:
            raise WrongState("новый ФН начинают регистрацией или отчётом о замене ФН")
    else:
        before = _fiscal(state)
        if replaced:
            raise WrongState("замена ФН записывается в новый ФН")
        if state.shift is not None:
            raise WrongState("смена открыта: сначала отчёт о закрытии")
        change_check(before, registration)
        if registration.offline and not before.offline and state.unsent_count:
            raise WrongState("перед автономным режимом передайте документы", unsent=state.unsent_count)
        _may_work(state, now)
    registration_check(registration)
    return _issued(
        state,
        DocumentCode.REREGISTRATION,
        registration_fields(state, registration, now, reasons=reasons),
        now,
        signer,
        owner=registration,
        phase=Phase.FISCAL,
        registration=registration,
        registered_at=state.registered_at or now,
    )


def _open_shift(state: FnState, command: cmd.OpenShift, now: dt.datetime, signer: DriveSigner) -> Outcome:
    _fiscal(state)
    if state.shift is not None:
        raise WrongState(f"смена {state.shift.number} уже открыта", shift=state.shift.number)
    _may_work(state, now)
    number = state.last_shift + 1
    fields = shift_open_fields(
        state, now, shift_number=number, cashier=command.cashier, cashier_inn=command.cashier_inn
    )
    return _issued(
        state,
        DocumentCode.SHIFT_OPEN,
        fields,
        now,
        signer,
        last_shift=number,
        shift=Shift(number, now),
    )


def _receipt(state: FnState, command: cmd.Receipt, now: dt.datetime, signer: DriveSigner) -> Outcome:
    return _settlement(state, command.order, None, now, signer)


def _correction(state: FnState, command: cmd.Correction, now: dt.datetime, signer: DriveSigner) -> Outcome:
    return _settlement(state, command.order.receipt, command.order, now, signer)


def _settlement(
    state: FnState,
    order: ReceiptOrder,
    correction: CorrectionOrder | None,
    now: dt.datetime,
    signer: DriveSigner,
) -> Outcome:
    owner = _fiscal(state)
    shift = state.shift
    if shift is None:
        raise WrongState("смена закрыта")
    if now - shift.opened_at > limits.SHIFT_MAX:
        raise ShiftTooLong(f"смена открыта {shift.opened_at}: больше 24 часов", opened_at=shift.opened_at)
    _may_work(state, now)
    tax_system = order_check(order, owner.tax_systems)
    whole_vat = None
    if correction is not None:
        correction_check(correction, now, items_needed=state.ffd >= FfdVersion.V1_2)
        whole_vat = correction.whole_vat
    elif not order.items:
        raise ParameterWrong("в чеке нет предметов расчёта")
    sums = receipt_sums(order, now, whole_vat)
    totals = sums.totals(order)
    fields = receipt_fields(state, shift, order, sums, now, tax_system=tax_system, correction=correction)
    is_correction = correction is not None
    return _issued(
        state,
        receipt_code(order, correction=is_correction),
        fields,
        now,
        signer,
        sums=(order.operation, totals),
        shift=Shift(
            shift.number,
            shift.opened_at,
            shift.receipts + 1,
            shift.documents + 1,
            shift.turnover.plus(order.operation, totals, correction=is_correction),
        ),
        turnover=state.turnover.plus(order.operation, totals, correction=is_correction),
    )


def _state_report(state: FnState, _: cmd.StateReport, now: dt.datetime, signer: DriveSigner) -> Outcome:
    _fiscal(state)
    _place(state, limits.CLOSING_RESERVE)
    return _issued(
        state,
        DocumentCode.STATE_REPORT,
        state_report_fields(state, now),
        now,
        signer,
        **_in_shift(state.shift),
    )


def _close_shift(state: FnState, command: cmd.CloseShift, now: dt.datetime, signer: DriveSigner) -> Outcome:
    _fiscal(state)
    if state.shift is None:
        raise WrongState("смена уже закрыта")
    _place(state, limits.CLOSING_RESERVE - 1)
    fields = shift_close_fields(state, now, cashier=command.cashier, cashier_inn=command.cashier_inn)
    return _issued(state, DocumentCode.SHIFT_CLOSE, fields, now, signer, shift=None, operator_message=0)


def _close_drive(state: FnState, command: cmd.CloseDrive, now: dt.datetime, signer: DriveSigner) -> Outcome:
    owner = _fiscal(state)
    if state.shift is not None:
        raise WrongState("смена открыта: сначала отчёт о закрытии")
    _place(state, 0)
    fields = drive_close_fields(state, cashier=command.cashier, cashier_inn=command.cashier_inn)
    phase = Phase.CLOSED_SENT if owner.offline else Phase.CLOSED_SENDING
    return _issued(state, DocumentCode.DRIVE_CLOSE, fields, now, signer, phase=phase)


DEEDS: dict[type, Callable[..., Outcome]] = {
    cmd.Register: _register,
    cmd.Reregister: _reregister,
    cmd.OpenShift: _open_shift,
    cmd.Receipt: _receipt,
    cmd.Correction: _correction,
    cmd.StateReport: _state_report,
    cmd.CloseShift: _close_shift,
    cmd.CloseDrive: _close_drive,
}
