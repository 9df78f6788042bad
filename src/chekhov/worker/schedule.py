"""What the worker runs, and when: one table.

A deed takes nothing and returns how much it did. When it did something it runs again at once; when there was
nothing to do, its pause grows from the least to the greatest.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from chekhov import clock
from chekhov.accounts.services import accounts_tidy, letters_prepare
from chekhov.fiscal import projector
from chekhov.fiscal.digest import digests_send
from chekhov.fiscal.errors import ProjectorBusy
from chekhov.kkt.services import batches_step, batches_tidy
from chekhov.notify.sending import letters_due, letters_send
from chekhov.notify.services import letters_tidy
from chekhov.worker.apart import Apart


@dataclass(frozen=True, slots=True)
class Deed:
    """A row of the table. Pauses in seconds."""

    name: str
    run: Callable[[], int]
    pause_least_seconds: float
    pause_greatest_seconds: float


def journal_project() -> int:
    """Derive from the next range of the journal; nothing while another worker does."""
    try:
        return projector.step()
    except ProjectorBusy:
        return 0


def tidy() -> int:
    """Remove what was kept for a term only. Told as nothing done, so that it does not run again at once."""
    letters_tidy(now=clock.now())
    accounts_tidy(now=clock.now())
    batches_tidy(clock.now())
    return 0


SCHEDULE: tuple[Deed, ...] = (
    # The least pause is what a page waits for a new document, the greatest what an idle system costs.
    Deed("journal_project", journal_project, 0.05, 0.5),
    Deed("letters_prepare", lambda: letters_prepare(now=clock.now()), 0.2, 2),
    Deed(
        "letters_send",
        Apart(lambda: letters_send(now=clock.now), lambda: letters_due(now=clock.now())),
        0.2,
        2,
    ),
    Deed("batches_step", lambda: batches_step(clock.now()), 0.2, 2),
    Deed("digests_send", lambda: digests_send(now=clock.now()), 0.2, 60),
    Deed("tidy", tidy, 600, 3600),
)
