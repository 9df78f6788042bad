import os
import re
import signal
import sys
import time
from pathlib import Path

import pytest

from chekhov.cli import parts
from chekhov.cli.parts import LINE_BYTES_MAX, Part, PartEnded, StopAsked, Yard
from waiting import until


@pytest.fixture
def yard(capsys, monkeypatch):
    monkeypatch.setattr(parts, "RESTART_PAUSE_SECONDS", 0.05)
    with Yard(coloured=False) as yard:
        yield yard
        yard.stop(5)


@pytest.fixture
def lines(capsys):
    """All lines printed so far."""
    seen = []

    def read():
        seen.extend(capsys.readouterr().out.splitlines())
        return seen

    return read


def python(name, program):
    part = Part(name, [sys.executable, "-c", program])
    part.pause_seconds = 0.05
    return part


def lives(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def turn_until(yard, what, seconds=60):
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it did not happen"
        yard.turn(0.02)


def test_lines_have_the_name_before_them(yard, lines):
    yard.run_once(python("migrate", "import sys; print('one'); print('два', file=sys.stderr)"))
    assert sorted(lines()) == ["migrate   one", "migrate   два"]


def test_end_without_a_newline_and_broken_letters(yard, lines):
    yard.run_once(python("web", "import os; os.write(1, b'a\\n\\n\\xff tail')"))
    turn_until(yard, lambda: len(lines()) == 2)
    assert lines() == ["web       a", "web       \ufffd tail"]


def test_endless_line_is_cut(yard, lines):
    yard.run_once(python("web", f"print('x' * {LINE_BYTES_MAX * 5})"))
    turn_until(yard, lambda: sum(line.count("x") for line in lines()) == LINE_BYTES_MAX * 5)
    assert len(lines()) > 1


def test_run_once_that_fails(yard):
    with pytest.raises(PartEnded, match="migrate failed with code 3"):
        yard.run_once(python("migrate", "raise SystemExit(3)"))


@pytest.mark.parametrize(
    ("program", "how"),
    [
        ("raise SystemExit(3)", "worker ended with code 3"),
        ("import os; os.kill(os.getpid(), 9)", "worker killed by SIGKILL"),
    ],
)
def test_a_part_that_dies_is_started_again_ever_later(yard, lines, program, how):
    yard.start(python("worker", program))
    turn_until(yard, lambda: sum(how in line for line in lines()) == 3)
    pauses = [float(match) for match in re.findall(r"again in ([0-9.]+) s", "\n".join(lines()))]
    assert pauses == [0.05, 0.1, 0.2]


def test_a_part_that_lived_long_is_started_again_soon(yard, lines, monkeypatch):
    monkeypatch.setattr(parts, "SETTLED_SECONDS", 0.0)
    part = python("worker", "raise SystemExit(3)")
    part.pause_seconds = 30
    yard.start(part)
    turn_until(yard, lambda: sum("again in 0.05 s" in line for line in lines()) == 2)


def test_stop_ends_all_politely(yard, lines):
    program = (
        "import signal, sys, time\n"
        "signal.signal(signal.SIGTERM, lambda *_: (print('bye'), sys.exit()))\n"
        "print('ready', flush=True)\ntime.sleep(60)"
    )
    for name in ("web", "worker"):
        yard.start(python(name, program))
    turn_until(yard, lambda: sum("ready" in line for line in lines()) == 2)
    yard.stop(10)
    assert sorted(line for line in lines() if "bye" in line) == ["web       bye", "worker    bye"]
    assert not any("killed" in line for line in lines())


def test_stop_does_not_wait_for_the_deaf_and_their_children(yard, lines):
    program = (
        "import signal, subprocess, sys, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "print('child', child.pid, flush=True)\ntime.sleep(60)"
    )
    yard.start(python("web", program))
    turn_until(yard, lambda: any("child" in line for line in lines()))
    child = int(next(line for line in lines() if "child" in line).split()[-1])
    began = time.monotonic()
    yard.stop(0.3)
    assert time.monotonic() - began < 20
    assert any("web did not stop in time; killed" in line for line in lines())
    until(lambda: not lives(child))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signals_ask_to_stop(yard, number):
    os.kill(os.getpid(), number)
    with pytest.raises(StopAsked):
        yard.turn(0)


def test_a_signal_ends_what_is_run_once(yard):
    part = python("migrate", "import os, signal, time; os.kill(os.getppid(), signal.SIGTERM); time.sleep(60)")
    with pytest.raises(StopAsked):
        yard.run_once(part)
    assert part.process.poll() is not None


def test_handlers_are_put_back():
    before = signal.getsignal(signal.SIGTERM)
    with Yard(coloured=False):
        assert signal.getsignal(signal.SIGTERM) != before
    assert signal.getsignal(signal.SIGTERM) == before


def test_no_descriptor_is_left():
    before = len(list(Path("/proc/self/fd").iterdir()))
    with Yard(coloured=False) as yard:
        yard.run_once(python("web", "print(1)"))
        with yard.log_pipe("postgres"):
            pass
    assert len(list(Path("/proc/self/fd").iterdir())) == before
