"""Unsent documents of a register to the operator: in order, one at a time, each answer judged by the drive.

Source: docs/formats/wire.md 9.1 (order, pause, when to give up) and 6.4 (what the drive does with an answer).
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Protocol

from chekhov import clock
from chekhov.errors import Malformed, Unavailable
from chekhov.fn.commands import AcceptConfirmation
from chekhov.fn.confirmations import ConfirmationResult
from chekhov.fn.drive import apply
from chekhov.fn.state import FnState, unsent
from chekhov.ofdwire.limits import (
    CONTAINER_HEADER_BYTES,
    IDLE_POLL_SECONDS,
    RETRIES_MAX,
    RETRY_PAUSE_SECONDS,
    SESSION_HEADER_BYTES,
)
from chekhov.simulator.errors import ConfirmationRefused, OperatorSilent
from chekhov.simulator.register import SimulatedRegister

DOCUMENT_AT: Final = SESSION_HEADER_BYTES + CONTAINER_HEADER_BYTES
COMMIT_SECONDS: Final = 0.25
"""Ours: answers that came within this time are written together. After a kill they are asked for again, and
the operator gives the same ones."""
REFUSALS: Final = {
    1: "wrong fiscal sign",
    2: "wrong format",
    3: "wrong document number",
    4: "wrong drive number",
    5: "wrong CRC",
    7: "wrong length",
}


class Link(Protocol):
    """A way to the operator: `links.ofd.OfdLink`."""

    def deliver(self, message: bytes) -> bytes:
        """Send a message, give the container of the answer. Raises: Unavailable or Malformed."""

    def close(self) -> None:
        """End the connection."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """One confirmed document. `attempts`: how often it was sent."""

    fd_number: int
    code: int
    attempts: int
    result: ConfirmationResult
    seconds: float


@dataclass(frozen=True, slots=True)
class Patience:
    """How failures are borne. `keep_going`: after a burst of failures wait and begin anew, for ever."""

    retries_max: int = RETRIES_MAX
    pause_seconds: float = RETRY_PAUSE_SECONDS
    keep_going: bool = False
    rest_seconds: float = IDLE_POLL_SECONDS


def deliver_unsent(
    register: SimulatedRegister,
    link: Link,
    *,
    patience: Patience | None = None,
    on_failure: Callable[[int, int, str], None] | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[Delivered]:
    """Send what is unsent; give each document after its confirmation was accepted.

    The state is written at the latest when the iterator ends, also by an error.
    `on_failure` is told the document's number, the attempt and what went wrong.
    Raises: OperatorSilent when a document could not be delivered after all retries; ConfirmationRefused
    when the drive refused the answers.
    """
    patience = patience or Patience()
    state = register.state
    accepted: list[tuple[int, bytes]] = []
    written_at = time.monotonic()
    try:
        numbers = unsent(state)
        following = register.folder.message(numbers.start) if numbers else b""
        for fd_number in numbers:
            message = following
            following = register.folder.message(fd_number + 1) if fd_number + 1 in numbers else b""
            began_at = time.monotonic()
            attempt = _Attempt(register, link, state, fd_number, message, following)
            answer, state, result = _delivered(attempt, patience, on_failure, sleep)
            accepted.append((fd_number, answer))
            if time.monotonic() - written_at > COMMIT_SECONDS:
                register.confirmed(state, accepted)
                accepted, written_at = [], time.monotonic()
            yield Delivered(
                fd_number, message[DOCUMENT_AT], attempt.number, result, time.monotonic() - began_at
            )
    finally:
        if accepted:
            register.confirmed(state, accepted)


@dataclass(slots=True)
class _Attempt:
    """Sending one document, as often as it takes."""

    register: SimulatedRegister
    link: Link
    state: FnState
    fd_number: int
    message: bytes
    following: bytes
    number: int = 0

    def __call__(self) -> tuple[bytes, FnState, ConfirmationResult]:
        """Once. Raises: Unavailable, Malformed, ConfirmationRefused."""
        self.number += 1
        container = self.link.deliver(self.message)
        following = self.following[DOCUMENT_AT:] or None
        command = AcceptConfirmation(container, self.message[DOCUMENT_AT:], following)
        outcome = apply(self.state, command, local_now(), self.register.signer)
        result = outcome.result
        assert result is not None
        if result.refusal is not None:
            self.link.close()
            reason = int(result.refusal)
            raise ConfirmationRefused(
                f"the drive refused the answer to document {self.fd_number}: result 0x20, "
                f"reason {reason} ({REFUSALS[reason]})",
                fd_number=self.fd_number,
                reason=reason,
            )
        return container, outcome.state, result


def _delivered(
    attempt: _Attempt,
    patience: Patience,
    on_failure: Callable[[int, int, str], None] | None,
    sleep: Callable[[float], None],
) -> tuple[bytes, FnState, ConfirmationResult]:
    failures = 0
    while True:
        try:
            return attempt()
        except (Unavailable, Malformed, ConfirmationRefused) as error:
            failures += 1
            if on_failure is not None:
                on_failure(attempt.fd_number, attempt.number, error.message)
            if failures <= patience.retries_max:
                sleep(patience.pause_seconds)
            elif patience.keep_going:
                failures = 0
                sleep(patience.rest_seconds)
            elif isinstance(error, ConfirmationRefused):
                raise
            else:
                raise OperatorSilent(
                    f"document {attempt.fd_number} was not confirmed in {failures} attempts: {error.message}",
                    fd_number=attempt.fd_number,
                ) from error


def local_now() -> dt.datetime:
    """The clock of this machine as a register sees it: local, without zone, whole seconds."""
    return clock.now().astimezone().replace(tzinfo=None, microsecond=0)
