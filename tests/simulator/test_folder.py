"""The folder of a register: every death leaves either the old state or the new one, whole."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from itertools import count

import pytest

from chekhov.simulator import folder as folder_module
from chekhov.simulator.errors import FolderBroken, FolderBusy, FolderMissing, FolderTaken
from chekhov.simulator.folder import RegisterFolder, answer_name, document_name


class Died(BaseException):
    """The process ends here: nothing after this line is done."""


def names(path):
    return sorted(entry.name for entry in path.iterdir())


def new(path, last_fd=0):
    RegisterFolder.create(path, {"last_fd": last_fd, "drive": "pristine"}).close()


def test_state_and_documents_come_back(tmp_path):
    new(tmp_path / "k")
    with RegisterFolder.open(tmp_path / "k") as folder:
        folder.commit({"last_fd": 2}, documents=[(1, b"one"), (2, b"two")])
        folder.commit({"last_fd": 2, "confirmed": 1}, answers=[(1, b"yes")])
    with RegisterFolder.open(tmp_path / "k") as folder:
        assert folder.state == {"format": 1, "last_fd": 2, "confirmed": 1}
        assert (folder.message(1), folder.message(2)) == (b"one", b"two")
        assert (folder.answer(1), folder.answer(2)) == (b"yes", None)


def test_a_folder_with_a_register_or_with_strangers_is_not_taken(tmp_path):
    new(tmp_path / "k")
    with pytest.raises(FolderTaken, match="already"):
        RegisterFolder.create(tmp_path / "k", {})
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("text")
    with pytest.raises(FolderTaken, match="not empty"):
        RegisterFolder.create(tmp_path / "mine", {})
    assert names(tmp_path / "mine") == ["thesis.txt"]


def test_missing_busy_and_broken_are_told_apart(tmp_path):
    with pytest.raises(FolderMissing, match="kkt new"):
        RegisterFolder.open(tmp_path / "nowhere")
    new(tmp_path / "k")
    with RegisterFolder.open(tmp_path / "k"), pytest.raises(FolderBusy):
        RegisterFolder.open(tmp_path / "k")
    RegisterFolder.open(tmp_path / "k").close()


@pytest.mark.parametrize("text", ["", "[]", "{", '{"format": 99}', "null", "\xff\xfe"])
def test_a_strange_state_is_refused_and_left_alone(tmp_path, text):
    new(tmp_path / "k")
    state = tmp_path / "k" / "state.json"
    state.write_bytes(text.encode("latin-1"))
    with pytest.raises(FolderBroken):
        RegisterFolder.open(tmp_path / "k")
    assert state.read_bytes() == text.encode("latin-1")


def test_a_document_that_vanished_is_named(tmp_path):
    new(tmp_path / "k")
    with RegisterFolder.open(tmp_path / "k") as folder:
        folder.commit({"last_fd": 1}, documents=[(1, b"one")])
        (tmp_path / "k" / "documents" / document_name(1)).unlink()
        with pytest.raises(FolderBroken, match="document 1"):
            folder.message(1)


def test_death_at_every_step_keeps_the_old_state_or_gives_the_new_one(tmp_path, monkeypatch):
    """Each call that changes the disk is, in turn, the last one."""
    steps_seen = 0
    for step in count(1):
        path = tmp_path / str(step)
        new(path)
        with RegisterFolder.open(path) as folder:
            folder.commit({"last_fd": 1}, documents=[(1, b"one")])
        with monkeypatch.context() as patch:
            died = _die_at(patch, step)
            folder = RegisterFolder.open(path)
            try:
                folder.commit({"last_fd": 3}, documents=[(2, b"two"), (3, b"three")], answers=[(1, b"yes")])
            except Died:
                pass
            finally:
                folder.close()
        with RegisterFolder.open(path) as folder:
            last_fd = folder.state["last_fd"]
            expected = {1: b"one", 2: b"two", 3: b"three"}
            assert last_fd in {1, 3}
            assert {fd: folder.message(fd) for fd in range(1, last_fd + 1)} == {
                fd: expected[fd] for fd in range(1, last_fd + 1)
            }
            found = set(names(path / "documents")) - {answer_name(1)}
            assert found == {document_name(fd) for fd in range(1, last_fd + 1)}
            assert not list(path.glob("*.tmp"))
        if not died:
            assert last_fd == 3
            break
        steps_seen += 1
    assert steps_seen > 10


def _die_at(patch, step):
    """Let the process die before the disk operation number `step`; the list fills when it does."""
    died = []
    left = [step]

    def dying(real):
        def call(*args, **settings):
            left[0] -= 1
            if left[0] == 0:
                died.append(True)
            if left[0] <= 0:
                raise Died
            return real(*args, **settings)

        return call

    patch.setattr(folder_module.os, "write", dying(os.write))
    patch.setattr(folder_module.os, "fsync", dying(os.fsync))
    patch.setattr(folder_module.os, "replace", dying(os.replace))
    return died


def test_a_half_written_file_is_not_taken_for_a_document(tmp_path, monkeypatch):
    new(tmp_path / "k")
    real = os.write

    def torn(descriptor, data):
        real(descriptor, bytes(data)[:2])
        raise Died

    with monkeypatch.context() as patch:
        patch.setattr(folder_module.os, "write", torn)
        with RegisterFolder.open(tmp_path / "k") as folder, pytest.raises(Died):
            folder.commit({"last_fd": 1}, documents=[(1, b"a long document")])
    with RegisterFolder.open(tmp_path / "k") as folder:
        assert folder.state["last_fd"] == 0
        assert names(tmp_path / "k" / "documents") == []


WRITER = textwrap.dedent("""
    import sys
    from pathlib import Path
    from chekhov.simulator.folder import RegisterFolder
    with RegisterFolder.open(Path(sys.argv[1])) as folder:
        fd = folder.state["last_fd"]
        while True:
            batch = [(fd + 1, b"%d" % (fd + 1) * 500), (fd + 2, b"%d" % (fd + 2) * 500)]
            fd += 2
            folder.commit({"last_fd": fd}, documents=batch, answers=[(fd, b"ok%d" % fd)])
            print(fd, flush=True)
""")


def test_kill_minus_nine_loses_nothing_that_was_reported(tmp_path):
    path = tmp_path / "k"
    new(path)
    reported = 0
    for round_number in range(5):
        process = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE)
        process.stdout.readline()
        time.sleep(0.01 + 0.013 * round_number)
        process.send_signal(signal.SIGKILL)
        lines = process.stdout.read().split(b"\n")
        process.wait()
        process.stdout.close()
        whole = [int(line) for line in lines[:-1] if line]
        reported = max([reported, *whole])
        with RegisterFolder.open(path) as folder:
            last_fd = folder.state["last_fd"]
            assert last_fd >= reported
            for fd in range(1, last_fd + 1):
                assert folder.message(fd) == b"%d" % fd * 500
            assert len(list((path / "documents").glob("*.bin"))) == last_fd + last_fd // 2
    assert reported > 0


def test_the_state_is_readable_json(tmp_path):
    new(tmp_path / "k", last_fd=0)
    assert json.loads((tmp_path / "k" / "state.json").read_text())["drive"] == "pristine"
