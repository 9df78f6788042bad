"""Contents of the reports: registration, shift, state of settlements, close of the drive.

Each function gives the requisites that follow the six common ones of `issue`: first those a drive adds,
then those of the register. Tables: docs/formats/documents.md sections 1, 2, 3, 6, 7 and 9.
"""

from __future__ import annotations

import datetime as dt

from chekhov.ffd.versions import FfdVersion
from chekhov.fn.errors import ParameterWrong
from chekhov.fn.issue import Pairs, registered
from chekhov.fn.limits import (
    EXHAUSTION_WARNING_DAYS,
    MEMORY_WARNING_PERCENT,
    REPLACEMENT_WARNING_DAYS,
    UNCONFIRMED_WARNING,
)
from chekhov.fn.registration import ChangeReason, Condition, Registration
from chekhov.fn.state import FnState
from chekhov.fn.totals import correction_fields

SINGLE_CONDITIONS = (
    (1109, Condition.SERVICES_ONLY),
    (1110, Condition.BSO),
    (1108, Condition.INTERNET_ONLY),
    (1193, Condition.GAMBLING),
    (1126, Condition.LOTTERY),
)
"""Tags of FFD 1.05 that a drive writes itself in place of the bit field 1290."""

REASON_DRIVE, REASON_OPERATOR, REASON_REQUISITES, REASON_SETTINGS = 1, 2, 3, 4
"""Tag 1101 of FFD 1.05."""

REASONS_OF_REQUISITES = ChangeReason.USER_NAME | ChangeReason.ADDRESS


def registration_fields(
    state: FnState, registration: Registration, now: dt.datetime, *, reasons: int = 0
) -> Pairs:
    """Documents 1 and, with `reasons`, 11."""
    with_bits = state.ffd >= FfdVersion.V1_2
    fields: Pairs = [
        (1056, 0),
        (1002, int(registration.offline)),
        (1001, int(registration.automatic)),
    ]
    if with_bits:
        fields.append((1290, registration.conditions))
    else:
        fields += [(tag, int(registration.has(condition))) for tag, condition in SINGLE_CONDITIONS]
    fields.append((1062, registration.tax_systems))
    if reasons and with_bits:
        fields.append((1205, reasons))
    elif reasons:
        fields += [(1101, reason) for reason in single_reasons(reasons)]
    fields.append((1213, state.days_left(now)))
    fields.append((1190, int(state.ffd)))
    if reasons and with_bits:
        fields.append((1157, state.turnover.fields()))
    fields += [
        (1013, registration.kkt_serial),
        (1048, registration.user_name),
        (1009, registration.address),
        *_if(1017, "" if registration.offline else registration.operator_inn),
        *_if(1060, registration.fns_site),
        *_if(1117, registration.sender_email),
        *_if(1021, registration.cashier),
        *_if(1046, "" if registration.offline else registration.operator_name),
        (1189, int(state.ffd)),
        (1209, int(state.ffd)),
        (1188, registration.kkt_version),
        (1187, registration.place),
        *_if(1203, registration.cashier_inn),
        *_if(1036, registration.machine_number if registration.automatic else ""),
    ]
    if not with_bits:
        fields.append((1221, int(registration.has(Condition.PRINTER_IN_MACHINE))))
        fields.append((1207, int(registration.has(Condition.EXCISE))))
        if registration.agent:
            fields.append((1057, registration.agent))
    return fields


def single_reasons(reasons: int) -> list[int]:
    """Codes of 1101 for bits of 1205: one code stands for many bits, each is written once."""
    codes = []
    if reasons & ChangeReason.DRIVE_REPLACED:
        codes.append(REASON_DRIVE)
    if reasons & ChangeReason.OPERATOR_REPLACED:
        codes.append(REASON_OPERATOR)
    if reasons & REASONS_OF_REQUISITES:
        codes.append(REASON_REQUISITES)
    known = ChangeReason.DRIVE_REPLACED | ChangeReason.OPERATOR_REPLACED | REASONS_OF_REQUISITES
    if reasons & ~known:
        codes.append(REASON_SETTINGS)
    return codes


def shift_open_fields(
    state: FnState, now: dt.datetime, *, shift_number: int, cashier: str, cashier_inn: str
) -> Pairs:
    """Document 2."""
    return [
        (1038, shift_number),
        *_warnings(state, now),
        *_message(state),
        *_register_fields(state, cashier, cashier_inn),
        (1188, registered(state).kkt_version),
        (1189, int(state.ffd)),
    ]


def shift_close_fields(state: FnState, now: dt.datetime, *, cashier: str, cashier_inn: str) -> Pairs:
    """Document 5. 1111 counts this report too; 1097 counts what was unsent before it."""
    shift = state.shift
    if shift is None:
        raise AssertionError("a shift is open")
    fields: Pairs = [
        (1038, shift.number),
        (1118, shift.receipts),
        (1111, shift.documents + 1),
        *_unsent(state),
        *_warnings(state, now),
        (1213, state.days_left(now)),
        *_message(state),
    ]
    if state.ffd >= FfdVersion.V1_2:
        fields.append((1194, shift.turnover.fields()))
        fields.append((1157, state.turnover.fields()))
    return fields + _register_fields(state, cashier, cashier_inn)


def state_report_fields(state: FnState, now: dt.datetime) -> Pairs:
    """Document 21."""
    owner = registered(state)
    fields: Pairs = []
    if state.last_shift:
        fields.append((1038, state.last_shift))
    if owner.offline:
        fields.append((1002, 1))
    elif state.unsent_count:
        fields.append((1116, state.unsent_from))
    fields += _unsent(state)
    if state.ffd >= FfdVersion.V1_2:
        fields.append((1213, state.days_left(now)))
        fields.append((1157, state.turnover.fields()))
        if state.unsent_count:
            fields.append((1158, correction_fields(state.unsent)))
    fields += [
        (1209, int(state.ffd)),
        (1048, owner.user_name),
        (1009, owner.address),
        (1187, owner.place),
    ]
    return fields


def drive_close_fields(state: FnState, *, cashier: str, cashier_inn: str) -> Pairs:
    """Document 6."""
    fields: Pairs = [(1038, state.last_shift)]
    if state.ffd >= FfdVersion.V1_2:
        fields.append((1157, state.turnover.fields()))
    return fields + _register_fields(state, cashier, cashier_inn)


def cashier_of(owner: Registration, cashier: str, cashier_inn: str) -> tuple[str, str]:
    """Name and ИНН to write: those given, else those of the registration.

    Raises: ParameterWrong when there is no name and the device is not automatic.
    """
    if not cashier.strip():
        cashier, cashier_inn = owner.cashier, owner.cashier_inn
    if not cashier.strip() and not owner.automatic:
        raise ParameterWrong("не указан кассир", tag=1021)
    return cashier, cashier_inn


def _register_fields(state: FnState, cashier: str, cashier_inn: str) -> Pairs:
    """What the register adds to reports of shifts and of the drive's close."""
    owner = registered(state)
    name, inn = cashier_of(owner, cashier, cashier_inn)
    return [
        (1209, int(state.ffd)),
        (1048, owner.user_name),
        *_if(1021, name),
        *_if(1203, inn),
        (1009, owner.address),
        (1187, owner.place),
    ]


def _unsent(state: FnState) -> Pairs:
    if not state.unsent_count:
        return []
    return [(1097, state.unsent_count), (1098, state.unsent_at)]


def _warnings(state: FnState, now: dt.datetime) -> Pairs:
    """1053, 1051, 1052, 1050: only when set (docs/formats/documents.md section 2)."""
    days_left = state.days_left(now)
    used_percent = 100 * state.last_fd / state.drive_model.documents_max
    flags = (
        (1053, state.unsent_at is not None and now - state.unsent_at > UNCONFIRMED_WARNING),
        (1051, days_left < REPLACEMENT_WARNING_DAYS),
        (1052, used_percent > MEMORY_WARNING_PERCENT),
        (1050, days_left < EXHAUSTION_WARNING_DAYS),
    )
    return [(tag, 1) for tag, is_set in flags if is_set]


def _message(state: FnState) -> Pairs:
    if state.ffd >= FfdVersion.V1_2 and state.operator_message:
        return [(1206, state.operator_message)]
    return []


def _if(tag: int, text: str) -> Pairs:
    return [(tag, text)] if text else []
