"""A simulated register: the emulated drive, and a folder in which its state and documents live.

Every deed is: read the state, tell the drive, write the document, write the state. A deed that was reported
is on the disk; one that was interrupted did not happen.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Any, Final, Self

from chekhov.errors import ChekhovError
from chekhov.ffd.versions import FfdVersion
from chekhov.fn.commands import (
    CloseDrive,
    CloseShift,
    Command,
    Correction,
    OpenShift,
    Receipt,
    Register,
    Reregister,
    StateReport,
)
from chekhov.fn.drive import apply
from chekhov.fn.errors import WrongState
from chekhov.fn.issue import IssuedDocument, message_bytes
from chekhov.fn.orders import CorrectionOrder, ReceiptOrder
from chekhov.fn.registration import Registration
from chekhov.fn.sign import DriveSigner
from chekhov.fn.state import FnState, new_drive, state_from_json, state_to_json
from chekhov.ofdwire.sealing import TestSealer
from chekhov.simulator.folder import RegisterFolder
from chekhov.simulator.shop import Shop, correction, receipt
from chekhov.values import KktSerial

COMMIT_DOCUMENTS: Final = 50
"""Ours: so many receipts of one `sell --count` are written together; an interruption loses no more."""


class SimulatedRegister:
    """A register in an opened folder. Use as a context manager."""

    def __init__(self, folder: RegisterFolder, signer: DriveSigner | None = None) -> None:
        """Raises: StateMalformed when the folder's state is none."""
        self.folder = folder
        self.state: FnState = state_from_json(folder.state.get("drive", {}))
        self.kkt_serial = str(folder.state.get("kkt_serial", ""))
        self._signer = signer or TestSealer()

    @classmethod
    def create(cls, path: Path, *, serial: str, model: str, ffd: FfdVersion, kkt_serial: str) -> Self:
        """A new register with a drive fresh from the factory.

        Raises: FolderTaken, BadRequisite, RealDriveRefused, StateMalformed.
        """
        state = new_drive(serial, model=model, ffd=ffd)
        return cls(RegisterFolder.create(path, written(state, KktSerial.parse(kkt_serial))))

    @classmethod
    def open(cls, path: Path) -> Self:
        """The register in this folder. Raises: FolderMissing, FolderBusy, FolderBroken, StateMalformed."""
        folder = RegisterFolder.open(path)
        try:
            return cls(folder)
        except BaseException:
            folder.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.folder.close()

    def register(self, registration: Registration, now: dt.datetime) -> IssuedDocument:
        """Отчёт о регистрации. Raises: DriveRefused, as all deeds do."""
        return self._do(Register(registration), now)

    def reregister(self, changes: Mapping[str, Any], reasons: int, now: dt.datetime) -> IssuedDocument:
        """Отчёт об изменении параметров регистрации. `changes`: fields of `Registration`."""
        if self.state.registration is None:
            raise WrongState("ФН не фискализирован")
        return self._do(Reregister(dataclasses.replace(self.state.registration, **changes), reasons), now)

    def shift_open(self, now: dt.datetime, *, cashier: str = "", cashier_inn: str = "") -> IssuedDocument:
        """Отчёт об открытии смены."""
        return self._do(OpenShift(cashier, cashier_inn), now)

    def shift_close(self, now: dt.datetime, *, cashier: str = "", cashier_inn: str = "") -> IssuedDocument:
        """Отчёт о закрытии смены."""
        return self._do(CloseShift(cashier, cashier_inn), now)

    def drive_close(self, now: dt.datetime, *, cashier: str = "", cashier_inn: str = "") -> IssuedDocument:
        """Отчёт о закрытии фискального накопителя."""
        return self._do(CloseDrive(cashier, cashier_inn), now)

    def state_report(self, now: dt.datetime) -> IssuedDocument:
        """Отчёт о текущем состоянии расчётов."""
        return self._do(StateReport(), now)

    def correct(self, order: CorrectionOrder, now: dt.datetime) -> IssuedDocument:
        """Чек коррекции or БСО коррекции."""
        return self._do(Correction(order), now)

    def sell(self, orders: Iterable[ReceiptOrder], now: dt.datetime) -> Iterator[IssuedDocument]:
        """Receipts, each given back after it is on the disk; they are written in groups.

        A refusal is raised after those before it were written and given back.
        """
        state = self.state
        made: list[IssuedDocument] = []
        refusal: ChekhovError | None = None
        for order in orders:
            try:
                outcome = apply(state, Receipt(order), now, self._signer)
            except ChekhovError as error:
                refusal = error
                break
            assert outcome.document is not None
            state = outcome.state
            made.append(outcome.document)
            if len(made) == COMMIT_DOCUMENTS:
                yield from self._commit(state, made)
                made = []
        if made:
            yield from self._commit(state, made)
        if refusal is not None:
            raise refusal

    def demo_orders(self, count: int, now: dt.datetime) -> Iterator[ReceiptOrder]:
        """Believable receipts that follow from the drive's number and its last document alone."""
        rng = Random(f"{self.state.serial}:{self.state.last_fd}")  # noqa: S311
        return (self._taxed(receipt(DEMO_SHOP, now, rng)) for _ in range(count))

    def demo_correction(self, now: dt.datetime) -> CorrectionOrder:
        """A believable correction."""
        rng = Random(f"{self.state.serial}:{self.state.last_fd}")  # noqa: S311
        order = correction(DEMO_SHOP, now, rng)
        return dataclasses.replace(order, receipt=self._taxed(order.receipt))

    def _taxed(self, order: ReceiptOrder) -> ReceiptOrder:
        """With the first of the registered tax systems, when there are several."""
        systems = self.state.registration.tax_systems if self.state.registration else 0
        return dataclasses.replace(order, tax_system=systems & -systems or None)

    def _do(self, command: Command, now: dt.datetime) -> IssuedDocument:
        outcome = apply(self.state, command, now, self._signer)
        assert outcome.document is not None
        return next(self._commit(outcome.state, [outcome.document]))

    def _commit(self, state: FnState, documents: list[IssuedDocument]) -> Iterator[IssuedDocument]:
        messages = [(each.fd_number, message_bytes(state, each.container)) for each in documents]
        self.folder.commit(written(state, self.kkt_serial), documents=messages)
        self.state = state
        return iter(documents)

    def confirmed(self, state: FnState, answers: Iterable[tuple[int, bytes]]) -> None:
        """Write answers the drive accepted and the state in which it has; see `delivery`."""
        self.folder.commit(written(state, self.kkt_serial), answers=answers)
        self.state = state

    @property
    def signer(self) -> DriveSigner:
        """Who signs for the drive."""
        return self._signer


DEMO_SHOP: Final = Shop("grocery")


def written(state: FnState, kkt_serial: str) -> dict[str, Any]:
    """What the folder keeps of a register. `last_fd` is what the folder's sweep goes by."""
    return {"last_fd": state.last_fd, "kkt_serial": kkt_serial, "drive": state_to_json(state)}
