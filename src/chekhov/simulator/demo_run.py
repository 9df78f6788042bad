"""Filling an installation by the plan: every register in a thread of its own, document by document, by wire.

What is done is noted in a small file for each register after some days of trade. After an interruption it
goes on from there; documents that were confirmed but not noted are sent again, and the operator gives
the stored answers.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import threading
from collections.abc import Callable
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from time import sleep
from typing import Any, Final

from chekhov.errors import Malformed, Unavailable
from chekhov.fn.commands import AcceptConfirmation, Command
from chekhov.fn.drive import apply
from chekhov.fn.issue import IssuedDocument, message_bytes
from chekhov.fn.sign import DriveSigner
from chekhov.fn.state import FnState, new_drive, state_from_json, state_to_json
from chekhov.links.ofd import OfdLink
from chekhov.ofdwire.confirmation import Confirmation
from chekhov.ofdwire.container import Container
from chekhov.ofdwire.limits import RETRY_PAUSE_SECONDS
from chekhov.ofdwire.sealing import TestSealer
from chekhov.simulator.demo_odd import foreign_signer, retold
from chekhov.simulator.demo_plan import REGISTERS, DemoPlan, DemoRegister, Oddity
from chekhov.simulator.errors import ConfirmationRefused, OperatorSilent

NOTED_DAYS: Final = 5
"""Days of trade between two notes."""
ATTEMPTS_MAX: Final = 5
ANSWER_SECONDS: Final = 30.0


@dataclass(frozen=True, slots=True)
class Place:
    """How far a register has come: days of trade done, and its drive then."""

    days_done: int
    drive: FnState


class Notes:
    """The files in which it is noted how far each register has come."""

    def __init__(self, folder: Path) -> None:
        """`folder` is made when the first note is written."""
        self.folder = folder

    def read(self, plan: DemoPlan, register: DemoRegister) -> Place | None:
        """The note of a register; None when there is none, or it is of another plan or unreadable."""
        try:
            value: Any = json.loads(self._path(plan, register).read_bytes())
            return Place(int(value["days_done"]), state_from_json(value["drive"]))
        except (OSError, ValueError, KeyError, TypeError, Malformed):
            return None

    def write(self, plan: DemoPlan, register: DemoRegister, place: Place) -> None:
        """Replace the note of a register, at once and as a whole."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self._path(plan, register)
        unfinished = path.with_suffix(".tmp")
        text = json.dumps(
            {"days_done": place.days_done, "drive": state_to_json(place.drive)}, ensure_ascii=False
        )
        with unfinished.open("w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)

    def _path(self, plan: DemoPlan, register: DemoRegister) -> Path:
        return self.folder / f"{plan.fn_serial(register)}.json"


def documents_planned(plan: DemoPlan) -> int:
    """How many documents the plan has, about: corrections and state reports are not counted."""
    return sum(
        1 + sum(plan.receipts_on(register, index) + 2 for index in range(plan.days)) for register in REGISTERS
    )


def filled(plan: DemoPlan, notes: Notes) -> bool:
    """Every register has gone through all its days."""
    places = [notes.read(plan, register) for register in REGISTERS]
    return all(place is not None and place.days_done >= plan.days for place in places)


def fill(
    plan: DemoPlan, notes: Notes, *, host: str, port: int, on_document: Callable[[int], None] | None = None
) -> int:
    """Send what is not sent yet; give the number of documents sent.

    `on_document` is told how many documents a register is further, from threads, those noted before too.
    Raises: OperatorSilent, ConfirmationRefused, RuleBroken of a drive.
    """
    stop = threading.Event()
    fillers = [Filler(plan, register, notes, on_document) for register in REGISTERS]
    with ThreadPoolExecutor(len(fillers), thread_name_prefix="demo") as pool:
        futures = [pool.submit(filler.run, host, port, stop) for filler in fillers]
        try:
            wait(futures, return_when=FIRST_EXCEPTION)
        finally:
            stop.set()  # after the first error, or Ctrl-C, the others end with their document
        return sum(future.result() for future in futures)


class Filler:
    """One register of the plan."""

    def __init__(
        self,
        plan: DemoPlan,
        register: DemoRegister,
        notes: Notes,
        on_document: Callable[[int], None] | None = None,
    ) -> None:
        """Nothing is sent yet."""
        self.plan = plan
        self.register = register
        self._notes = notes
        self._told = on_document or (lambda _: None)
        serial = plan.fn_serial(register)
        self._operator = TestSealer()
        self._signer: DriveSigner = foreign_signer(serial) if register.foreign else self._operator
        fresh = new_drive(serial, model=register.model, ffd=register.ffd)
        self._place = notes.read(plan, register) or Place(0, fresh)
        self._sent = 0

    def run(self, host: str, port: int, stop: threading.Event) -> int:
        """All days that are left; the number of documents sent."""
        self._told(self._place.drive.last_fd)
        with OfdLink(host, port, answer_timeout_seconds=ANSWER_SECONDS) as link:
            for index in range(self._place.days_done, self.plan.days):
                state = self._place.drive
                odd = self.plan.odd_on(self.register, index)
                commands = self.plan.commands(self.register, index)
                for number, (moment, command) in enumerate(commands, 1):
                    if stop.is_set():
                        return self._sent
                    state = self._document(link, state, moment, command, odd.get(number))
                self._place = Place(index + 1, state)
                if (index + 1) % NOTED_DAYS == 0 or index + 1 == self.plan.days:
                    self._notes.write(self.plan, self.register, self._place)
        return self._sent

    def _document(
        self, link: OfdLink, state: FnState, moment: dt.datetime, command: Command, oddity: Oddity | None
    ) -> FnState:
        """Issue a document, have it confirmed, tell the drive."""
        outcome = apply(state, command, moment, self._signer)
        document = outcome.document
        assert document is not None
        state = outcome.state
        container = document.container
        if oddity is Oddity.FAULTY:
            container = retold(document, self._signer, state.serial)
        if oddity is Oddity.GAP:
            answer = self._confirmed_elsewhere(state, document)
        else:
            answer = self._delivered(link, message_bytes(state, container))
        accepted = apply(state, AcceptConfirmation(answer, document.raw), moment, self._signer)
        assert accepted.result is not None
        if accepted.result.refusal is not None:
            reason = int(accepted.result.refusal)
            raise ConfirmationRefused(
                f"drive {state.serial} refused the answer to document {document.fd_number}, reason {reason}",
                fd_number=document.fd_number,
                reason=reason,
            )
        if oddity is Oddity.CONFLICT:
            other = retold(document, self._signer, state.serial)
            self._conflicting(link, message_bytes(state, other))
        self._sent += 1
        self._told(1)
        return accepted.state

    def _delivered(self, link: OfdLink, message: bytes) -> bytes:
        for attempt in range(1, ATTEMPTS_MAX + 1):
            try:
                return link.deliver(message)
            except Unavailable as error:
                if attempt == ATTEMPTS_MAX:
                    raise OperatorSilent(
                        f"{self.plan.fn_serial(self.register)}: {attempt} attempts: {error.message}"
                    ) from error
                sleep(RETRY_PAUSE_SECONDS)
        raise AssertionError("unreachable")

    @staticmethod
    def _conflicting(link: OfdLink, message: bytes) -> None:
        """The operator must refuse this one, and does so by closing the connection."""
        try:
            link.deliver(message)
        except Unavailable:
            return
        raise Malformed("the operator confirmed other contents under a number he had stored")

    def _confirmed_elsewhere(self, state: FnState, document: IssuedDocument) -> bytes:
        """An answer as another operator would have given it, so that the drive goes on."""
        confirmation = Confirmation(
            int(state.ffd), self.plan.operator_inn, state.serial, document.fd_number, document.issued_at
        )
        return self._operator.seal_confirmation(Container.parse(document.container), confirmation)
