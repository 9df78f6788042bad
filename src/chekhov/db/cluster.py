"""Folders and files of an embedded PostgreSQL: where its data and socket are, its configuration, its making.

The server always stands in its data folder, and its socket lies there too, named relatively: so neither the
length of the path nor closed parents matter to it. Run as another account it is told `/proc/self/cwd` for its
data folder, which the kernel resolves without walking through the parents.

Standard library only.
"""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import tempfile
import urllib.parse
from collections.abc import Mapping
from pathlib import Path

from chekhov.db.binaries import PROGRAM_SECONDS_MAX, SERVER_ENVIRONMENT, Account, Binaries
from chekhov.db.errors import EmbeddedUnusable

ROLE = "chekhov"
DATABASE = "chekhov"
DRAFT_PREFIX = "postgres.new-"
PORT = 5432  # no TCP port: only a part of the socket's name
SOCKET_NAME = f".s.PGSQL.{PORT}"
SOCKET_PATH_BYTES_MAX = 103  # sockaddr_un: 108 with the final zero on Linux, 104 elsewhere
SHARED_BUFFERS_BYTES_MAX = 256 * 1024 * 1024

ACCESS_RULES = "# Written at every start. The folder's mode is the guard: only its owner and root come in.\n"
ACCESS_RULES += "local all all trust\n"

SETTINGS: Mapping[str, str] = {
    "listen_addresses": "''",
    "unix_socket_directories": "'.'",
    "unix_socket_permissions": "0700",
    "port": str(PORT),
    "max_connections": "60",
    "superuser_reserved_connections": "3",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "max_wal_size": "4GB",
    "min_wal_size": "512MB",
    "checkpoint_timeout": "10min",
    "random_page_cost": "1.1",
    "jit": "off",
    "idle_in_transaction_session_timeout": "10min",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "log_line_prefix": "'%m '",
    "log_checkpoints": "off",
    "log_lock_waits": "on",
    "lc_messages": "'C'",
}
# For unit tests only: nothing that is said of durability is said of this.
FLEETING_SETTINGS: Mapping[str, str] = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}


def data_folder(home: Path) -> Path:
    """Where the data of this installation's embedded database are."""
    return home / "postgres"


def socket_folder(home: Path) -> Path:
    """The folder a client names as its host: the data folder, or its short alias if the path is too long."""
    data = data_folder(home)
    if _fits(data):
        return data
    try:
        return Path(_alias_note(home).read_text(encoding="utf-8").strip()) / "pg"
    except FileNotFoundError:
        return data


def alias_ensure(home: Path) -> None:
    """Make a short way to the socket where the data folder's own path is too long for one.

    It is a link in a folder of our own under /tmp that nobody else can write, so nobody can redirect it.
    """
    data = data_folder(home)
    if _fits(data):
        return
    note = _alias_note(home)
    if note.exists() and _alias_sound(Path(note.read_text(encoding="utf-8").strip()), data):
        return
    for parent in (tempfile.gettempdir(), "/tmp", "/var/tmp"):  # noqa: S108  # mkdtemp makes it safe
        if _fits(Path(parent, "chekhov-xxxxxxxx", "pg")):
            folder = Path(tempfile.mkdtemp(prefix="chekhov-", dir=parent))
            (folder / "pg").symlink_to(data)
            _write(note, f"{folder}\n", Account(), 0o600)
            return
    raise EmbeddedUnusable(f"{data}: too long a path for a socket; choose a shorter CHEKHOV_HOME")


def embedded_database(home: Path) -> dict[str, object]:
    """Django's settings of this installation's embedded database, running or not."""
    return {"NAME": DATABASE, "USER": ROLE, "HOST": str(socket_folder(home)), "PORT": str(PORT)}


def embedded_url(home: Path) -> str:
    """The same as an address, for programs and for DATABASE_URL."""
    host = urllib.parse.quote(str(socket_folder(home)), safe="/")
    return f"postgresql://{ROLE}@/{DATABASE}?host={host}&port={PORT}"


def major_of_data(data: Path) -> int | None:
    """The major version that made the data; None if there are none."""
    try:
        return int((data / "PG_VERSION").read_text(encoding="ascii"))
    except FileNotFoundError:
        return None


def data_argument(folder: Path, account: Account) -> str:
    """What the server is told its data folder is; it stands in the folder already."""
    return "/proc/self/cwd" if account.is_other else str(folder)


def cluster_make(home: Path, binaries: Binaries, account: Account, *, durable: bool) -> None:
    """Make an empty cluster with our role and database; it appears whole or not at all."""
    for leftover in home.glob(f"{DRAFT_PREFIX}*"):
        shutil.rmtree(leftover, ignore_errors=True)  # the programs of a killed start may still write there
    draft = Path(tempfile.mkdtemp(prefix=DRAFT_PREFIX, dir=home))  # mode 700
    if account.uid is not None and account.gid is not None:
        os.chown(draft, account.uid, account.gid)
    where = data_argument(draft, account)
    locale = (
        ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        if binaries.major >= 17
        else ["--locale=C.UTF-8"]
    )
    _run(
        [
            binaries.program("initdb"),
            f"--pgdata={where}",
            f"--username={ROLE}",
            "--auth=trust",
            "--encoding=UTF8",
            "--data-checksums",
            "--no-instructions",
            *locale,
            *([] if durable else ["--no-sync"]),
        ],
        draft,
        account,
    )
    # A server with no port and no others: the only way to make a database before anyone can connect.
    single = [binaries.program("postgres"), "--single", "-D", where, "postgres"]
    _run(single, draft, account, f"CREATE DATABASE {DATABASE} TEMPLATE template0\n")
    draft.rename(data_folder(home))
    folder = os.open(home, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def configuration_write(data: Path, account: Account, options: Mapping[str, str]) -> None:
    """Write the server's configuration and access rules; `local.conf` beside them is the installation's own."""
    lines = ["# Written at every start; put your own settings into local.conf beside this file."]
    lines += [f"{name} = {value}" for name, value in {**SETTINGS, **_memory(), **options}.items()]
    if (data / "local.conf").exists():
        lines.append("include = 'local.conf'")
    _write(data / "postgresql.conf", "\n".join([*lines, ""]), account, 0o600)
    _write(data / "pg_hba.conf", ACCESS_RULES, account, 0o600)


def _memory() -> dict[str, str]:
    total = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "shared_buffers": f"{min(SHARED_BUFFERS_BYTES_MAX, max(total // 8, 16 << 20)) >> 20}MB",
        "effective_cache_size": f"{max(total // 2, 64 << 20) >> 20}MB",
    }


def _run(command: list[str], folder: Path, account: Account, script: str = "") -> None:
    try:
        answer = subprocess.run(  # noqa: S603
            command,
            cwd=folder,
            env=SERVER_ENVIRONMENT,
            input=script,
            capture_output=True,
            text=True,
            check=False,
            timeout=PROGRAM_SECONDS_MAX,
            umask=0o077,
            start_new_session=True,  # Ctrl-C at the terminal is the caller's business
            **account.popen_options(),
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise EmbeddedUnusable(f"{command[0]}: {error}") from error
    # The single-user server ends with 0 even if the statement failed, so its words are read too.
    if answer.returncode != 0 or "ERROR:" in answer.stderr:
        raise EmbeddedUnusable(f"{command[0]} failed: {answer.stderr.strip() or answer.stdout.strip()}")


def _write(path: Path, text: str, account: Account, mode: int) -> None:
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        os.fchmod(descriptor, mode)
        if account.uid is not None and account.gid is not None:
            os.fchown(descriptor, account.uid, account.gid)
    Path(draft).replace(path)


def _alias_note(home: Path) -> Path:
    return home / "postgres.socket"


def _alias_sound(folder: Path, data: Path) -> bool:
    try:
        status = folder.lstat()
        ours = stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid() and not status.st_mode & 0o077
        return ours and (folder / "pg").readlink() == data
    except OSError:
        return False


def _fits(folder: Path) -> bool:
    return len(os.fsencode(folder / SOCKET_NAME)) <= SOCKET_PATH_BYTES_MAX
