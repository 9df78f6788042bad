"""What a drive can be told."""

from __future__ import annotations

from dataclasses import dataclass

from chekhov.fn.orders import CorrectionOrder, ReceiptOrder
from chekhov.fn.registration import Registration


@dataclass(frozen=True, slots=True)
class Register:
    """Отчет о регистрации (document 1)."""

    registration: Registration


@dataclass(frozen=True, slots=True)
class Reregister:
    """Отчет об изменении параметров регистрации (document 11).

    `reasons`: bits of `registration.ChangeReason`; FFD 1.05 writes the nearest codes of 1101. On a new drive
    the reason must be its replacement, and the report begins the drive's life.
    """

    registration: Registration
    reasons: int


@dataclass(frozen=True, slots=True)
class OpenShift:
    """Отчет об открытии смены (document 2). Empty: the cashier of the registration."""

    cashier: str = ""
    cashier_inn: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """Кассовый чек or БСО (documents 3, 4)."""

    order: ReceiptOrder


@dataclass(frozen=True, slots=True)
class Correction:
    """Чек коррекции or БСО коррекции (documents 31, 41)."""

    order: CorrectionOrder


@dataclass(frozen=True, slots=True)
class StateReport:
    """Отчет о текущем состоянии расчетов (document 21)."""


@dataclass(frozen=True, slots=True)
class CloseShift:
    """Отчет о закрытии смены (document 5)."""

    cashier: str = ""
    cashier_inn: str = ""


@dataclass(frozen=True, slots=True)
class CloseDrive:
    """Отчет о закрытии фискального накопителя (document 6)."""

    cashier: str = ""
    cashier_inn: str = ""


@dataclass(frozen=True, slots=True)
class AcceptConfirmation:
    """The operator's answer to the first unsent document.

    `container`: the answer's container as received. Documents are stored by the caller, so it gives back
    the two the drive must look at: `document`, the one that is being confirmed (as issued, the trailer may
    follow), and `following`, the next unsent one, None when there is none.
    """

    container: bytes
    document: bytes
    following: bytes | None = None


Command = (
    Register
    | Reregister
    | OpenShift
    | Receipt
    | Correction
    | StateReport
    | CloseShift
    | CloseDrive
    | AcceptConfirmation
)
