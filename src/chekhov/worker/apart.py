"""A deed that waits for far parties gets a thread of its own, so that the others are not late because of it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from django.db import connection


class Apart:
    """A row of the schedule whose deed runs beside the loop, one run at a time.

    Called by the loop, it starts a run when `due` says so, and tells the outcome of a run when that has ended:
    how much was done, or the error. Between the two it answers 0.
    """

    def __init__(self, run: Callable[[], int], due: Callable[[], bool]) -> None:
        """`due` is asked on the loop's thread and must be cheap; `run` may wait."""
        self._run = run
        self._due = due
        self._threads = ThreadPoolExecutor(max_workers=1, thread_name_prefix="apart")
        self._running: Future[int] | None = None

    def __call__(self) -> int:
        """Begin, wait, or tell the outcome. Raises: what the run raised."""
        if self._running is not None:
            if not self._running.done():
                return 0
            ended, self._running = self._running, None
            return ended.result()
        if self._due():
            self._running = self._threads.submit(self._do)
        return 0

    def wait(self, timeout_seconds: float) -> None:
        """Wait for the run that is under way, if there is one."""
        if self._running is not None:
            self._running.exception(timeout_seconds)

    def _do(self) -> int:
        try:
            return self._run()
        finally:
            connection.close()  # this thread's own; the next run opens another
