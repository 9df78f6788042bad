"""`chekhov up` as its user sees it: started, asked, killed in every way, stopped."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import psycopg
import pytest

from waiting import port_free

START_SECONDS_MAX = 60
RECOVER_SECONDS_MAX = 45
STOP_SECONDS_MAX = 15

pytestmark = [
    pytest.mark.skipif(not Path("/proc/self/cwd").exists(), reason="needs /proc"),
    pytest.mark.timeout(240),
]


class Installation:
    """One home with two ports, and the `chekhov up` that runs in it."""

    def __init__(self, home):
        self.home = home
        self.http, self.ofd = port_free(), port_free()
        self.log = home.with_suffix(".log")
        self.process = None
        self.extra = {}

    @property
    def environment(self):
        ours = {
            "CHEKHOV_HOME": str(self.home),
            "CHEKHOV_HTTP": f"127.0.0.1:{self.http}",
            "CHEKHOV_OFD": f"127.0.0.1:{self.ofd}",
        }
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("CHEKHOV_", "DJANGO_")) and name != "DATABASE_URL"
        }
        return kept | ours | self.extra

    def start(self):
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "chekhov.cli", "up"],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def run(self, *arguments):
        return subprocess.run(
            [sys.executable, "-m", "chekhov.cli", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def health(self):
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(f"http://127.0.0.1:{self.http}/healthz", timeout=5) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)
        except OSError:
            return None, None

    def wait(self, status, seconds):
        deadline = time.monotonic() + seconds
        while self.health()[0] != status:
            assert time.monotonic() < deadline, f"no {status}: {self.health()}\n{self.log.read_text()}"
            time.sleep(0.2)

    def processes(self):
        """Process ids of everything of this installation, by command, folder or environment."""
        found = {}
        for entry in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                here = str((entry / "cwd").readlink()).startswith(str(self.home))
                ours = f"CHEKHOV_HOME={self.home}\0".encode() in (entry / "environ").read_bytes()
                if command and (here or ours):
                    found[int(entry.name)] = command
        return found

    def part(self, name):
        """Process id of one part: of its first process."""
        named = [pid for pid, command in self.processes().items() if f"chekhov.cli {name} " in command]
        return min(named)

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(STOP_SECONDS_MAX + 5)
        for pid in self.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if self.process is not None:
            self.process.wait()


@pytest.fixture
def installation(tmp_path):
    installation = Installation(tmp_path / "home")
    yield installation
    installation.stop()


@pytest.fixture
def running(installation):
    installation.start()
    installation.wait(200, START_SECONDS_MAX)
    return installation


def test_starts_tells_where_it_is_and_stops_clean(installation):
    installation.start()
    installation.wait(200, START_SECONDS_MAX)
    status, body = installation.health()
    assert status == 200
    assert {name: part["state"] for name, part in body["parts"].items()} == dict.fromkeys(
        ["web", "database", "gateway", "worker"], "up"
    )
    with socket.create_connection(("127.0.0.1", installation.ofd), timeout=5):
        pass

    asked = installation.run("healthz")
    assert asked.returncode == 0
    assert json.loads(asked.stdout)["state"] == "up"

    second = installation.run("up")
    assert second.returncode == 2
    assert second.stderr.count("\n") == 1
    assert f"already (process {installation.process.pid})" in second.stderr
    assert installation.run("migrate").returncode == 0  # joins the database that runs

    began = time.monotonic()
    installation.process.send_signal(signal.SIGINT)
    assert installation.process.wait(STOP_SECONDS_MAX) == 0
    assert time.monotonic() - began < STOP_SECONDS_MAX
    assert installation.processes() == {}
    said = installation.log.read_text()
    assert f"http://127.0.0.1:{installation.http}/" in said
    assert f"127.0.0.1:{installation.ofd}" in said
    assert "engineer@demo.chekhov.test  password: chekhov" in said
    assert "killed" not in said
    assert "Traceback" not in said
    assert (installation.home / "secret.key").stat().st_mode & 0o777 == 0o600


def test_given_database_is_used_and_none_is_embedded(installation, database_url):
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS up_given WITH (FORCE)")
        connection.execute("CREATE DATABASE up_given")
    installation.extra = {
        "DATABASE_URL": urllib.parse.urlsplit(database_url)._replace(path="/up_given").geturl()
    }
    installation.start()
    installation.wait(200, START_SECONDS_MAX)
    assert not (installation.home / "postgres").exists()
    installation.process.terminate()
    assert installation.process.wait(STOP_SECONDS_MAX) == 0


def test_commands_on_a_database_that_does_not_run(installation):
    """They start it for the while and leave nothing."""
    for command, said in (("migrate", "Applying fiscal.0001"), ("rebuild", "rebuilt from 0 documents")):
        done = installation.run(command)
        assert done.returncode == 0, done.stderr
        assert said in done.stdout
        assert installation.processes() == {}


@pytest.mark.parametrize("name", ["CHEKHOV_HTTP", "CHEKHOV_OFD"])
def test_busy_port_is_named_at_once(installation, name):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        if name == "CHEKHOV_HTTP":
            installation.http = port
        else:
            installation.ofd = port
        began = time.monotonic()
        done = installation.run("up")
        assert time.monotonic() - began < START_SECONDS_MAX / 2
    assert done.returncode == 2
    assert done.stderr == (
        f"chekhov: {name}: cannot listen on 127.0.0.1:{port}: another program listens there; "
        f"choose another with {name}\n"
    )
    assert not (installation.home / "postgres").exists()


def test_production_does_not_start_without_a_way_for_letters(installation):
    installation.extra = {
        "CHEKHOV_MODE": "production",
        "CHEKHOV_OPERATOR_INN": "7700000009",
        "CHEKHOV_SECRET_KEY": "k" * 40,
    }
    for part in ("up", "web", "worker"):
        done = installation.run(part)
        assert done.returncode == 2
        assert done.stderr.count("\n") == 1
        assert done.stderr.startswith("chekhov: CHEKHOV_SMTP: production needs a mail server")
    assert not installation.home.exists()


def test_production_says_that_letters_stay(installation):
    installation.extra = {
        "CHEKHOV_MODE": "production",
        "CHEKHOV_OPERATOR_INN": "7700000009",
        "CHEKHOV_SECRET_KEY": "k" * 40,
        "CHEKHOV_MAIL": "maildir",
    }
    installation.start()
    installation.wait(200, START_SECONDS_MAX)
    said = installation.log.read_text()
    assert "letters are not sent" in said
    assert "demo log-in" not in said


def test_unusable_address_is_named(installation):
    done = subprocess.run(
        [sys.executable, "-m", "chekhov.cli", "up"],
        env=installation.environment | {"CHEKHOV_OFD": "203.0.113.1:7777"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 2
    assert "CHEKHOV_OFD: cannot listen on 203.0.113.1:7777" in done.stderr


@pytest.mark.slow
def test_each_part_killed_comes_back(running):
    for name in ("web", "web's child", "gateway", "worker", "postgres"):
        if name == "postgres":
            pid = int((running.home / "postgres" / "postmaster.pid").read_text().splitlines()[0])
        elif name == "web's child":
            web = running.part("web")
            pid = int(Path(f"/proc/{web}/task/{web}/children").read_text().split()[-1])
        else:
            pid = running.part(name)
        os.kill(pid, signal.SIGKILL)
        deadline = time.monotonic() + RECOVER_SECONDS_MAX
        while Path(f"/proc/{pid}").exists():
            assert time.monotonic() < deadline
            time.sleep(0.05)
        running.wait(200, RECOVER_SECONDS_MAX)
    assert running.process.poll() is None
    said = running.log.read_text()
    for name in ("web", "gateway1?", "worker"):
        assert re.search(f"{name} killed by SIGKILL; starting it again", said)
    assert "postgres ended with code -9; starting it again" in said


@pytest.mark.slow
def test_a_part_that_hangs_is_seen_within_ten_seconds(running):
    worker = running.part("worker")
    os.kill(worker, signal.SIGSTOP)
    running.wait(503, 10)
    assert running.health()[1]["down"] == ["worker"]
    os.kill(worker, signal.SIGCONT)
    running.wait(200, 10)


@pytest.mark.slow
def test_a_database_that_hangs_is_seen_within_ten_seconds(running):
    pid = int((running.home / "postgres" / "postmaster.pid").read_text().splitlines()[0])
    os.kill(pid, signal.SIGSTOP)
    running.wait(503, 10)
    assert "database" in running.health()[1]["down"]
    os.kill(pid, signal.SIGCONT)
    running.wait(200, 20)


@pytest.mark.slow
def test_killed_supervisor_leaves_nothing_and_the_next_start_recovers(running):
    running.process.kill()
    running.process.wait()
    deadline = time.monotonic() + STOP_SECONDS_MAX
    while left := running.processes():
        assert time.monotonic() < deadline, left
        time.sleep(0.1)
    running.start()
    running.wait(200, START_SECONDS_MAX)


@pytest.mark.slow
def test_all_killed_at_once_and_started_at_once(running):
    for pid in running.processes():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    running.process.wait()
    running.start()
    running.wait(200, START_SECONDS_MAX)


@pytest.mark.slow
def test_stop_in_the_middle_of_the_start(installation):
    """Whatever is being done when Ctrl-C comes, it ends, and the next start works."""
    for seconds in (0.3, 0.9, 1.5, 2.1):
        installation.start()
        time.sleep(seconds)
        installation.process.send_signal(signal.SIGINT)
        assert installation.process.wait(STOP_SECONDS_MAX) in {0, 1, -signal.SIGINT, 130}
        assert installation.processes() == {}
    installation.start()
    installation.wait(200, START_SECONDS_MAX)
