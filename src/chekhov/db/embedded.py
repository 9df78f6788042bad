"""The embedded PostgreSQL: one owner process starts it, watches it and stops it.

The owner holds a lock on `home`/postgres.lock for as long as he lives. The server is his child and is told by
the kernel when he dies (a fast shutdown), so nothing is left running. After a `kill -9` of anything the next
start ends what is left, removes what lies (a stale `postmaster.pid`), and the server recovers from its log.

Standard library only; any `bin` folder of PostgreSQL 15 or newer will do (`binaries`).
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from chekhov.db.binaries import SERVER_ENVIRONMENT, Account, account_choose, binaries_find
from chekhov.db.cluster import (
    FLEETING_SETTINGS,
    SOCKET_NAME,
    alias_ensure,
    cluster_make,
    configuration_write,
    data_argument,
    data_folder,
    embedded_database,
    embedded_url,
    major_of_data,
)
from chekhov.db.errors import EmbeddedBusy, EmbeddedUnusable

__all__ = ["EmbeddedPostgres", "database_running", "embedded_database", "embedded_url"]

READY_SECONDS_MAX = 300.0  # recovery after a crash replays up to max_wal_size
STOP_SECONDS_MAX = 60.0
LEFTOVERS_SECONDS_MAX = 30.0
# A dead server's shared memory stays in use until its last child is reaped.
START_PAUSES_SECONDS = (0.3, 0.6, 1.2, 2.4, 4.8)
LOG_BYTES_MAX = 10 * 1024 * 1024
PR_SET_PDEATHSIG = 1


class EmbeddedPostgres:
    """The server whose data are in `home`/postgres. Start it from a thread that lives as long as it should.

    `durable=False` is for unit tests: faster, and nothing survives a crash of the machine.
    """

    def __init__(
        self,
        home: Path,
        *,
        durable: bool = True,
        options: Mapping[str, str] | None = None,
        bin_folder: str | None = None,
        account_name: str | None = None,
    ) -> None:
        """Nothing is touched yet. `options`: further settings of the server, over ours."""
        self.home = home.absolute()
        self.data = data_folder(self.home)
        self.durable = durable
        self.options = {**({} if durable else FLEETING_SETTINGS), **(options or {})}
        self.bin_folder = bin_folder
        self.account_name = account_name
        self.process: subprocess.Popen[bytes] | None = None
        self._lock: IO[str] | None = None

    @property
    def url(self) -> str:
        """The address of our database in it."""
        return embedded_url(self.home)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self, *, log: int | None = None, waiting: Callable[[], None] | None = None) -> None:
        """Become the owner and bring the server up, making its data if there are none.

        `log`: a descriptor for the server's messages; else they go to `home`/log/postgres.log.
        `waiting` is called again and again until the server answers; what it raises ends the wait.
        Raises: EmbeddedBusy, EmbeddedUnusable.
        """
        assert self.process is None or self.process.poll() is not None
        self._own()
        try:
            self._start(log, waiting or _do_nothing)
        except BaseException:
            self.stop()
            raise

    def poll(self) -> int | None:
        """The server's exit code, or None while it runs."""
        return None if self.process is None else self.process.poll()

    def stop(self, *, timeout_seconds: float = STOP_SECONDS_MAX) -> None:
        """End the server, politely at first, and cease to own it. Harmless if it does not run."""
        process, self.process = self.process, None
        if process is not None:
            for sign, seconds in ((signal.SIGINT, timeout_seconds), (signal.SIGQUIT, 10.0)):
                if process.poll() is None:
                    process.send_signal(sign)
                    with contextlib.suppress(subprocess.TimeoutExpired):
                        process.wait(seconds)
            if process.poll() is None:
                process.kill()
                process.wait()
                self._leftovers_end()
        self._disown()

    def _own(self) -> None:
        if self._lock is not None:
            return
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = (self.home / "postgres.lock").open("a+", encoding="ascii")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            owner = file.read(20).strip()
            file.close()
            raise EmbeddedBusy(
                f"the database in {self.home} is owned by process {owner or '?'} already", owner=owner
            ) from error
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        self._lock = file

    def _disown(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _start(self, log: int | None, waiting: Callable[[], None]) -> None:
        account = account_choose(self.data, wanted=self.account_name)
        binaries = binaries_find(account=account, folder=self.bin_folder, major=major_of_data(self.data))
        if major_of_data(self.data) is None:
            if self.data.exists() and any(self.data.iterdir()):
                raise EmbeddedUnusable(f"{self.data}: not empty, and not data of PostgreSQL")
            cluster_make(self.home, binaries, account, durable=self.durable)
        alias_ensure(self.home)
        deadline = time.monotonic() + READY_SECONDS_MAX
        command = [binaries.program("postgres"), "-D", data_argument(self.data, account)]
        for pause in (*START_PAUSES_SECONDS, None):
            self._leftovers_end()
            configuration_write(self.data, account, self.options)
            self.process = self._spawn(command, account, log)
            if self._ready_wait(self.process, deadline, waiting):
                return
            if pause is not None:
                time.sleep(pause)
        raise EmbeddedUnusable(f"PostgreSQL did not start: {self._log_tail() or 'see its messages above'}")

    def _spawn(self, command: list[str], account: Account, log: int | None) -> subprocess.Popen[bytes]:
        with contextlib.ExitStack() as stack:
            output = log if log is not None else stack.enter_context(self._log_open())
            return subprocess.Popen(  # noqa: S603
                command,
                cwd=self.data,
                env=SERVER_ENVIRONMENT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                umask=0o077,
                start_new_session=True,  # Ctrl-C at the terminal is the owner's business
                preexec_fn=_mortality(os.getpid()),  # noqa: PLW1509  # see the comment there
                **account.popen_options(),
            )

    def _ready_wait(
        self, process: subprocess.Popen[bytes], deadline: float, waiting: Callable[[], None]
    ) -> bool:
        """Whether the server came up; False if it ended. Raises: EmbeddedUnusable at the deadline."""
        while process.poll() is None:
            if _pid_file_status(self.data) == (process.pid, "ready"):
                return True
            if time.monotonic() > deadline:
                process.send_signal(signal.SIGQUIT)
                process.wait()
                raise EmbeddedUnusable(f"PostgreSQL was not ready in {READY_SECONDS_MAX:.0f} s")
            waiting()
            time.sleep(0.02)
        return False

    def _leftovers_end(self) -> None:
        """End servers of a dead owner and remove the files that would keep a new one from starting.

        We hold the owner's lock, so whatever still works in this folder belongs to nobody.
        """
        deadline = time.monotonic() + LEFTOVERS_SECONDS_MAX
        sign = signal.SIGINT
        while pids := _servers_in(self.data):
            late = time.monotonic() > deadline
            for pid in pids:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL if late else sign)
            if late and time.monotonic() > deadline + LEFTOVERS_SECONDS_MAX:
                raise EmbeddedUnusable(f"the old PostgreSQL does not end (processes {pids})")
            # Only the postmaster takes SIGINT for «shut down»; backends end their statement by it.
            sign = signal.SIGTERM if sign is signal.SIGINT else signal.SIGINT
            time.sleep(0.3)
        # Their numbers may belong to other programs by now, which would make a new server refuse to start.
        for name in ("postmaster.pid", f"{SOCKET_NAME}.lock", SOCKET_NAME):
            (self.data / name).unlink(missing_ok=True)

    def _log_open(self) -> IO[bytes]:
        path = self.home / "log" / "postgres.log"
        path.parent.mkdir(mode=0o700, exist_ok=True)
        if path.exists() and path.stat().st_size > LOG_BYTES_MAX:
            path.replace(path.with_suffix(".log.old"))
        return path.open("ab")

    def _log_tail(self) -> str:
        try:
            lines = (self.home / "log" / "postgres.log").read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return ""
        return "\n".join(lines.splitlines()[-10:])


@contextlib.contextmanager
def database_running(server: EmbeddedPostgres) -> Iterator[None]:
    """Have the database running for a while: join the one that runs, or own one until the end.

    Raises: EmbeddedUnusable, also if the present owner does not get it ready.
    """
    try:
        server.start()
    except EmbeddedBusy:
        deadline = time.monotonic() + READY_SECONDS_MAX
        while _pid_file_status(server.data)[1] != "ready":
            if time.monotonic() > deadline:
                raise EmbeddedUnusable("another process owns the database, and it does not answer") from None
            time.sleep(0.1)
        yield
        return
    try:
        yield
    finally:
        server.stop()


def die_with_parent(sign: signal.Signals) -> None:
    """Ask the kernel to signal this process when the thread that started it ends. Linux; else nothing."""
    if _prctl is not None:
        _prctl(PR_SET_PDEATHSIG, int(sign), 0, 0, 0)


def _do_nothing() -> None:
    """The wait of those who only wait."""


def _prctl_find() -> Callable[..., int] | None:
    if not sys.platform.startswith("linux"):
        return None
    function = ctypes.CDLL(None, use_errno=True).prctl
    function.argtypes = [ctypes.c_int, *[ctypes.c_ulong] * 4]
    return function


_prctl = _prctl_find()


def _mortality(owner_pid: int) -> Callable[[], None]:
    """What the child does before it becomes the server: it asks to be ended when its owner dies.

    It must be done in the child after it dropped root (which clears the wish), so there is no way around
    `preexec_fn`; the function only makes two system calls.
    """

    def ask() -> None:
        die_with_parent(signal.SIGINT)
        if os.getppid() != owner_pid:
            os._exit(1)  # the owner died before we asked

    return ask


def _pid_file_status(data: Path) -> tuple[int, str]:
    """Process id and state («starting», «ready», «stopping») from `postmaster.pid`; (0, "") without one."""
    try:
        lines = (data / "postmaster.pid").read_text(encoding="utf-8", errors="replace").splitlines()
        return int(lines[0]), lines[7].strip() if len(lines) > 7 else ""
    except (OSError, ValueError, IndexError):
        return 0, ""


def _servers_in(data: Path) -> list[int]:
    """Processes of PostgreSQL that stand in this data folder, told by folder and name, not by number."""
    try:
        folder = data.stat()
    except FileNotFoundError:
        return []
    found = []
    for entry in Path("/proc").glob("[0-9]*") if Path("/proc/self/cwd").exists() else ():
        with contextlib.suppress(OSError):
            place = (entry / "cwd").stat()
            if (place.st_dev, place.st_ino) != (folder.st_dev, folder.st_ino):
                continue
            if (entry / "comm").read_text(encoding="ascii", errors="replace").strip() == "postgres":
                found.append(int(entry.name))
    return sorted(found)
