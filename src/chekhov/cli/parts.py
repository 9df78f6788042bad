"""Child processes of the supervisor: their messages, prefixed; their deaths; their end.

All in one thread around one selector, so that starting a process never meets a lock of another thread.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import FrameType, TracebackType
from typing import ClassVar, Final, Self

import click

from chekhov.errors import Unavailable

TURN_SECONDS: Final = 0.2
READ_BYTES: Final = 64 * 1024
LINE_BYTES_MAX: Final = 16 * 1024
RESTART_PAUSE_SECONDS: Final = 0.5
RESTART_PAUSE_SECONDS_MAX: Final = 30.0
SETTLED_SECONDS: Final = 30.0
NAME_WIDTH: Final = 9
COLOURS: Final = ("cyan", "green", "magenta", "yellow", "blue", "bright_cyan", "bright_green")


class StopAsked(Exception):  # noqa: N818  # not an error: somebody wants us to stop
    """Ctrl-C or SIGTERM came."""


class PartEnded(Unavailable):
    """A part that had to do its work and end well did not."""

    code: ClassVar[str] = "part_ended"


@dataclass(slots=True)
class Part:
    """A process to keep alive: its name and command, and how its life goes."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0  # by the monotonic clock
    restart_at: float = 0.0
    pause_seconds: float = RESTART_PAUSE_SECONDS


@dataclass(slots=True)
class Stream:
    """One pipe of messages and the beginning of its unfinished line."""

    name: str
    rest: bytearray = field(default_factory=bytearray)


class Yard:
    """The parts and their messages. Inside `with`, SIGINT and SIGTERM make `turn` raise StopAsked."""

    def __init__(self, *, coloured: bool) -> None:
        """`coloured`: whether prefixes have colours."""
        self.parts: list[Part] = []
        self._coloured = coloured
        self._colours: dict[str, str] = {}
        self._selector = selectors.DefaultSelector()
        self._signals = 0
        self._handlers: dict[int, object] = {}

    def __enter__(self) -> Self:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            self._handlers[number] = signal.signal(number, self._signalled)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._handlers.items():
            signal.signal(number, handler)  # type: ignore[arg-type]
        for key in list(self._selector.get_map().values()):
            self._close(key.fd)
        self._selector.close()

    def say(self, text: str) -> None:
        """A message of the supervisor itself."""
        self._print("up", text)

    def start(self, part: Part) -> None:
        """Start a part and keep it alive from now on."""
        self.parts.append(part)
        self._spawn(part)

    def run_once(self, part: Part) -> None:
        """Run a part to its end. Raises: PartEnded if that is not a good one; StopAsked."""
        self._spawn(part)
        assert part.process is not None
        try:
            while part.process.poll() is None:
                self.turn()
        except StopAsked:
            part.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                part.process.wait(5)
            part.process.kill()
            raise
        self._pump(0)
        if part.process.returncode != 0:
            raise PartEnded(f"{part.name} failed with code {part.process.returncode}; see above")

    @contextlib.contextmanager
    def log_pipe(self, name: str) -> Iterator[int]:
        """The writing end of a pipe whose lines are shown under `name`; closed here after it was handed on."""
        reading, writing = os.pipe()
        self._watch(reading, name)
        try:
            yield writing
        finally:
            os.close(writing)

    def turn(self, pause_seconds: float = TURN_SECONDS) -> None:
        """Show what came within the pause, bury the dead, start them again. Raises: StopAsked."""
        self._stop_check()
        self._pump(pause_seconds)
        now = time.monotonic()
        for part in self.parts:
            if part.process is not None and part.process.poll() is not None:
                self._mourn(part, part.process.returncode, now)
            if part.process is None and now >= part.restart_at:
                self._spawn(part)
        self._stop_check()

    def turn_without_pause(self) -> None:
        """The same, for those who wait for something else as well."""
        self.turn(0)

    def stop(self, timeout_seconds: float) -> None:
        """End every part: SIGTERM, and after the time, or at a second Ctrl-C, SIGKILL."""
        living = [part for part in self.parts if part.process is not None and part.process.poll() is None]
        for part in living:
            assert part.process is not None
            part.process.terminate()
        deadline = time.monotonic() + timeout_seconds
        asked = self._signals
        while living and time.monotonic() < deadline and self._signals <= max(asked, 1):
            self._pump(TURN_SECONDS / 2)
            living = [part for part in living if part.process is not None and part.process.poll() is None]
        for part in living:
            assert part.process is not None
            self.say(f"{part.name} did not stop in time; killed")
            with contextlib.suppress(ProcessLookupError):
                os.killpg(part.process.pid, signal.SIGKILL)  # its own children too
            part.process.wait()
        self._pump(0)
        self.parts.clear()

    def _signalled(self, _number: int, _frame: FrameType | None) -> None:
        self._signals += 1

    def _stop_check(self) -> None:
        if self._signals:
            raise StopAsked

    def _spawn(self, part: Part) -> None:
        with self.log_pipe(part.name) as log:
            part.process = subprocess.Popen(  # noqa: S603
                part.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
                start_new_session=True,  # Ctrl-C at the terminal comes to us alone; we stop them in order
            )
        part.started_at = time.monotonic()

    def _mourn(self, part: Part, code: int, now: float) -> None:
        how = f"killed by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"
        if now - part.started_at >= SETTLED_SECONDS:
            part.pause_seconds = RESTART_PAUSE_SECONDS
        self.say(f"{part.name} {how}; starting it again in {part.pause_seconds:g} s")
        part.process = None
        part.restart_at = now + part.pause_seconds
        part.pause_seconds = min(part.pause_seconds * 2, RESTART_PAUSE_SECONDS_MAX)

    def _watch(self, descriptor: int, name: str) -> None:
        os.set_blocking(descriptor, False)
        self._selector.register(descriptor, selectors.EVENT_READ, Stream(name))

    def _pump(self, pause_seconds: float) -> None:
        if not self._selector.get_map():
            time.sleep(pause_seconds)
            return
        for key, _events in self._selector.select(pause_seconds):
            stream: Stream = key.data
            try:
                data = os.read(key.fd, READ_BYTES)
            except BlockingIOError:
                continue
            stream.rest += data
            *lines, rest = stream.rest.split(b"\n")
            if not data or len(rest) > LINE_BYTES_MAX:
                lines, rest = [*lines, rest], bytearray()
            stream.rest = bytearray(rest)
            for line in lines:
                if line:
                    self._print(stream.name, line.decode("utf-8", "replace").rstrip())
            if not data:
                self._close(key.fd)

    def _close(self, descriptor: int) -> None:
        self._selector.unregister(descriptor)
        os.close(descriptor)

    def _print(self, name: str, text: str) -> None:
        prefix = f"{name:<{NAME_WIDTH}}"
        if self._coloured:
            colour = self._colours.setdefault(name, COLOURS[len(self._colours) % len(COLOURS)])
            prefix = click.style(prefix, fg=colour, bold=name == "up")
        # A closed terminal or pipe must not stop the installation.
        with contextlib.suppress(OSError):
            sys.stdout.write(f"{prefix} {text}\n")
            sys.stdout.flush()
