"""The state of a drive: small whatever it has issued, because documents are stored by the caller.

Of unsent documents («непереданные») it keeps the numbers, `unsent_from` to `last_fd`, the date of the first
and their sums; thousands of them cost nothing.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from chekhov.errors import Malformed
from chekhov.ffd.versions import FfdVersion
from chekhov.fn.limits import KEY_RESOURCE_DAYS_MAX, MODELS, DriveModel
from chekhov.fn.registration import Registration
from chekhov.fn.totals import FOUR, Totals, Turnover
from chekhov.ofdwire.header import P_VERSION_BY_FFD
from chekhov.ofdwire.sealing import OWN_PREFIX, require_test_drive
from chekhov.values import FnSerial

STATE_FORMAT = 1
"""Version of the JSON form."""

FFD_ISSUED = (FfdVersion.V1_05, FfdVersion.V1_2)
SEQUENCE_DIGITS = 10


class StateMalformed(Malformed):
    """JSON that is no state of a drive, or one of a later program."""

    code = "drive_state_malformed"


class Phase(IntEnum):
    """Phases of life (docs/formats/wire.md section 10)."""

    READY = 1
    FISCAL = 3
    CLOSED_SENDING = 7
    CLOSED_SENT = 15


@dataclass(frozen=True, slots=True)
class Shift:
    """An open shift. `receipts`: number of the last receipt (1042). `documents`: all so far (1111)."""

    number: int
    opened_at: dt.datetime
    receipts: int = 0
    documents: int = 1
    turnover: Turnover = dataclasses.field(default_factory=Turnover)


@dataclass(frozen=True, slots=True)
class FnState:
    """All that a drive remembers. Moments are local clock time without zone.

    `registered_at`: of the first report; the term of the keys runs from it. `last_shift`: number of the
    last opened shift. `unsent`: sums of unsent receipts and corrections together, by tag 1054.
    `operator_message`: bits of 1206 to repeat in reports. `response_code`: of the last confirmation (1022).
    """

    serial: str
    model: str
    ffd: FfdVersion
    phase: Phase = Phase.READY
    registration: Registration | None = None
    registered_at: dt.datetime | None = None
    last_fd: int = 0
    last_at: dt.datetime | None = None
    last_shift: int = 0
    shift: Shift | None = None
    turnover: Turnover = dataclasses.field(default_factory=Turnover)
    unsent_from: int = 1
    unsent_at: dt.datetime | None = None
    unsent: tuple[Totals, ...] = FOUR
    operator_message: int = 0
    response_code: int = 0
    confirmed_at: dt.datetime | None = None

    @property
    def drive_model(self) -> DriveModel:
        """The model's row in the table."""
        return MODELS[self.model]

    @property
    def p_version(self) -> bytes:
        """Version of the application protocol in its messages."""
        return P_VERSION_BY_FFD[self.ffd]

    @property
    def unsent_count(self) -> int:
        """How many documents wait for their confirmation."""
        return self.last_fd + 1 - self.unsent_from

    @property
    def expires_on(self) -> dt.date | None:
        """The last day of the keys; None before registration."""
        if self.registered_at is None:
            return None
        return self.registered_at.date() + dt.timedelta(days=self.drive_model.days)

    def days_left(self, now: dt.datetime) -> int:
        """Days of the keys' term that are left (tag 1213), 0 when it is over."""
        expires_on = self.expires_on
        if expires_on is None:
            return self.drive_model.days
        return min(max((expires_on - now.date()).days, 0), KEY_RESOURCE_DAYS_MAX)

    @property
    def documents_left(self) -> int:
        """How many more documents fit, the closing ones included."""
        return max(self.drive_model.documents_max - self.last_fd, 0)


def serial_compose(sequence: int) -> str:
    """Number of an emulated drive of ours: 999954 and ten digits.

    Raises: StateMalformed when the sequence has more.
    """
    if not 0 <= sequence < 10**SEQUENCE_DIGITS:
        raise StateMalformed("порядковый номер эмулируемого ФН — до десяти цифр")
    return f"{OWN_PREFIX}{sequence:0{SEQUENCE_DIGITS}}"


def new_drive(serial: str, *, model: str = "15", ffd: FfdVersion = FfdVersion.V1_2) -> FnState:
    """A drive as it leaves the factory.

    Raises: BadRequisite for a number that is none, RealDriveRefused outside the test range 9999…,
    StateMalformed for an unknown model or a version that is not issued.
    """
    FnSerial(serial)
    require_test_drive(serial)
    if model not in MODELS:
        raise StateMalformed(f"модель ФН — одна из {', '.join(MODELS)}", model=model)
    if ffd not in FFD_ISSUED:
        raise StateMalformed("эмулятор выпускает документы ФФД 1.05 и 1.2", ffd=int(ffd))
    return FnState(serial, model, ffd)


def unsent(state: FnState) -> range:
    """Numbers of the documents that wait for confirmation, in the order in which they must be sent."""
    return range(state.unsent_from, state.last_fd + 1)


def state_to_json(state: FnState) -> dict[str, Any]:
    """Plain values for JSON; `state_from_json` gives exactly the same state."""
    shift = state.shift
    return {
        "format": STATE_FORMAT,
        "serial": state.serial,
        "model": state.model,
        "ffd": state.ffd.label,
        "phase": int(state.phase),
        "registration": dataclasses.asdict(state.registration) if state.registration else None,
        "registered_at": _moment_out(state.registered_at),
        "last_fd": state.last_fd,
        "last_at": _moment_out(state.last_at),
        "last_shift": state.last_shift,
        "shift": shift
        and {
            "number": shift.number,
            "opened_at": _moment_out(shift.opened_at),
            "receipts": shift.receipts,
            "documents": shift.documents,
            "turnover": _turnover_out(shift.turnover),
        },
        "turnover": _turnover_out(state.turnover),
        "unsent_from": state.unsent_from,
        "unsent_at": _moment_out(state.unsent_at),
        "unsent": [list(each) for each in state.unsent],
        "operator_message": state.operator_message,
        "response_code": state.response_code,
        "confirmed_at": _moment_out(state.confirmed_at),
    }


def state_from_json(value: dict[str, Any]) -> FnState:
    """The state that `state_to_json` wrote. Raises: StateMalformed."""
    try:
        if value["format"] != STATE_FORMAT:
            raise StateMalformed(f"состояние ФН формата {value['format']}, нужен {STATE_FORMAT}")
        shift = value["shift"]
        state = FnState(
            serial=FnSerial(value["serial"]),
            model=value["model"],
            ffd=FfdVersion.of_label(value["ffd"]),
            phase=Phase(value["phase"]),
            registration=Registration(**owner) if (owner := value["registration"]) is not None else None,
            registered_at=_moment_in(value["registered_at"]),
            last_fd=int(value["last_fd"]),
            last_at=_moment_in(value["last_at"]),
            last_shift=int(value["last_shift"]),
            shift=Shift(
                int(shift["number"]),
                dt.datetime.fromisoformat(shift["opened_at"]),
                int(shift["receipts"]),
                int(shift["documents"]),
                _turnover_in(shift["turnover"]),
            )
            if shift is not None
            else None,
            turnover=_turnover_in(value["turnover"]),
            unsent_from=int(value["unsent_from"]),
            unsent_at=_moment_in(value["unsent_at"]),
            unsent=_four_in(value["unsent"]),
            operator_message=int(value["operator_message"]),
            response_code=int(value["response_code"]),
            confirmed_at=_moment_in(value["confirmed_at"]),
        )
    except (KeyError, TypeError, ValueError, Malformed) as error:
        raise StateMalformed(f"это не состояние ФН: {error}") from error
    if state.model not in MODELS or not 1 <= state.unsent_from <= state.last_fd + 1:
        raise StateMalformed("это не состояние ФН: неизвестная модель или номера документов")
    return state


def _moment_out(moment: dt.datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _moment_in(text: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None


def _turnover_out(turnover: Turnover) -> dict[str, list[list[int]]]:
    return {
        "receipts": [list(each) for each in turnover.receipts],
        "corrections": [list(each) for each in turnover.corrections],
    }


def _turnover_in(value: dict[str, list[list[int]]]) -> Turnover:
    return Turnover(_four_in(value["receipts"]), _four_in(value["corrections"]))


def _four_in(value: list[list[int]]) -> tuple[Totals, ...]:
    first, second, third, fourth = (Totals(*map(int, each)) for each in value)
    return first, second, third, fourth
