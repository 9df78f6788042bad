"""The folder a simulated register lives in: its state in one file, its documents in a file each.

    DIR/
      state.json                 the drive's state, the register's settings; one atomic file
      documents/000001.bin       the message of document 1 as it goes over the wire
      documents/000001.ok.bin    the operator's answer that the drive accepted
      lock                       held while a process works here

The state is the truth. Documents and answers are written and flushed *before* the state that knows of
them, so a process killed at any line leaves either the old state (and perhaps a file nobody knows of,
which the next one removes: such a document never left the folder) or the new state with all its files.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from chekhov.simulator.errors import FolderBroken, FolderBusy, FolderMissing, FolderTaken

FORMAT: Final = 1
"""Version of the folder's layout, kept in `state.json`."""

STATE_NAME: Final = "state.json"
LOCK_NAME: Final = "lock"
DOCUMENTS_NAME: Final = "documents"
UNFINISHED: Final = ".tmp"
STATE_BYTES_MAX: Final = 4 * 1024 * 1024
"""Ours: a state is a few kilobytes; what is larger was not written here."""

State = dict[str, Any]


class RegisterFolder:
    """An opened and locked folder. Use as a context manager; `state` is what was last written."""

    def __init__(self, path: Path, lock_fd: int, state: State) -> None:
        """Not for callers: `create` and `open` make one."""
        self.path = path
        self.state = state
        self._lock_fd = lock_fd

    @classmethod
    def create(cls, path: Path, state: Mapping[str, Any]) -> Self:
        """Make the folder (or use an empty one) and write the first state.

        Raises: FolderTaken; FolderBusy; OSError of the file system.
        """
        path.mkdir(parents=True, exist_ok=True)
        strangers = {entry.name for entry in path.iterdir()} - {
            LOCK_NAME,
            DOCUMENTS_NAME,
            STATE_NAME + UNFINISHED,
        }
        if STATE_NAME in strangers:
            raise FolderTaken(f"there is a register in {path} already", path=str(path))
        if strangers:
            raise FolderTaken(f"{path} is not empty", path=str(path))
        lock_fd = _lock(path)
        folder = cls(path, lock_fd, {})
        try:
            (path / DOCUMENTS_NAME).mkdir(exist_ok=True)
            folder.commit(state)
        except BaseException:
            folder.close()
            raise
        return folder

    @classmethod
    def open(cls, path: Path) -> Self:
        """Lock the folder, read its state, clear what an interrupted process left behind.

        Raises: FolderMissing; FolderBusy; FolderBroken.
        """
        if not (path / STATE_NAME).is_file():
            raise FolderMissing(
                f"there is no register in {path}; make one with `chekhov kkt new`", path=str(path)
            )
        lock_fd = _lock(path)
        try:
            folder = cls(path, lock_fd, _state_read(path / STATE_NAME))
            folder._sweep()
        except BaseException:
            os.close(lock_fd)
            raise
        return folder

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the lock go."""
        if self._lock_fd >= 0:
            os.close(self._lock_fd)
            self._lock_fd = -1

    def commit(
        self,
        state: Mapping[str, Any],
        *,
        documents: Iterable[tuple[int, bytes]] = (),
        answers: Iterable[tuple[int, bytes]] = (),
    ) -> None:
        """Write new documents and answers, then the state that knows of them. All or nothing.

        `state` must hold `last_fd`, the number of its last document.
        """
        if self._lock_fd < 0:
            raise AssertionError("the folder is closed")
        inside = self.path / DOCUMENTS_NAME
        wrote = False
        for fd_number, message in documents:
            _write_whole(inside / document_name(fd_number), message)
            wrote = True
        for fd_number, answer in answers:
            _write_whole(inside / answer_name(fd_number), answer)
            wrote = True
        if wrote:
            _flush_folder(inside)
        written = {"format": FORMAT, **state}
        text = json.dumps(written, ensure_ascii=False, indent=1, sort_keys=True)
        _write_whole(self.path / STATE_NAME, text.encode() + b"\n")
        _flush_folder(self.path)
        self.state = written

    def message(self, fd_number: int) -> bytes:
        """The message of a document that the state knows of.

        Raises: FolderBroken when the file is gone.
        """
        try:
            return (self.path / DOCUMENTS_NAME / document_name(fd_number)).read_bytes()
        except OSError as error:
            raise FolderBroken(
                f"document {fd_number} is not in {self.path / DOCUMENTS_NAME}", fd_number=fd_number
            ) from error

    def answer(self, fd_number: int) -> bytes | None:
        """The accepted answer to a document, if there is one."""
        try:
            return (self.path / DOCUMENTS_NAME / answer_name(fd_number)).read_bytes()
        except FileNotFoundError:
            return None

    def _sweep(self) -> None:
        """Remove what the state does not know of: half-written files and documents never issued."""
        last_fd = int(self.state.get("last_fd", 0))
        for leftover in self.path.glob("*" + UNFINISHED):
            leftover.unlink()
        inside = self.path / DOCUMENTS_NAME
        if not inside.is_dir():
            raise FolderBroken(f"{inside} is gone", path=str(self.path))
        for entry in list(inside.iterdir()):
            number = entry.name.partition(".")[0]
            if entry.name.endswith(UNFINISHED) or (number.isdigit() and int(number) > last_fd):
                entry.unlink()


def document_name(fd_number: int) -> str:
    """Name of a document's file: sorts by number for the life of a drive."""
    return f"{fd_number:06d}.bin"


def answer_name(fd_number: int) -> str:
    """Name of the file with the answer to a document."""
    return f"{fd_number:06d}.ok.bin"


def _lock(path: Path) -> int:
    lock_fd = os.open(path / LOCK_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(lock_fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(lock_fd)
        raise FolderBusy(f"another process works with the register in {path}", path=str(path)) from error
    return lock_fd


def _state_read(path: Path) -> State:
    data = path.read_bytes() if path.stat().st_size <= STATE_BYTES_MAX else b""
    try:
        state = json.loads(data)
    except ValueError as error:
        raise FolderBroken(f"{path} is not the state of a register: {error}", path=str(path)) from error
    if not isinstance(state, dict):
        raise FolderBroken(f"{path} is not the state of a register", path=str(path))
    if state.get("format") != FORMAT:
        raise FolderBroken(
            f"{path} has the layout {state.get('format')!r}, this program knows {FORMAT}", path=str(path)
        )
    return state


def _write_whole(path: Path, data: bytes) -> None:
    """Put `data` under this name so that either all of it is there or none."""
    unfinished = path.with_name(path.name + UNFINISHED)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o644)
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(descriptor, view) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    unfinished.replace(path)


def _flush_folder(path: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
