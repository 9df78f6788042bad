"""`chekhov decode` on the command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from chekhov.cli.main import cli
from chekhov.ffd.documents import document_decode
from chekhov.ffd.json import document_from_json
from chekhov.ffd.printing import tree

NAMES = ["session-doc11-ffd105", "container-doc1-ffd10", "receipt-doc3-ffd105", "operator-ack-constructed"]


def decode(*arguments, **settings):
    return CliRunner().invoke(cli, ["decode", *map(str, arguments)], **settings)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("ending", ["bin", "hex"])
def test_every_requisite_is_shown_with_number_and_name(vectors, name, ending):
    result = decode(vectors / f"{name}.{ending}", env={"COLUMNS": "160"})
    assert result.exit_code == 0
    data = json.loads(decode(vectors / f"{name}.{ending}", "--json").stdout)
    lines = [line.split() for line in result.stdout.splitlines()]
    shown = [int(words[0]) for words in lines if words and words[0].isdigit() and len(words[0]) == 4]
    assert shown == [row["tag"] for row in data["parts"][0]["document"]["tree"]]
    for row in data["parts"][0]["document"]["tree"]:
        assert f"{row['tag']} {row['name'].split()[0]}" in result.stdout


def test_headers_and_values(vectors):
    result = decode(vectors / "session-doc11-ffd105.bin")
    for text in (
        "session message, 466 bytes (binary)",
        "2a08410a  OFD exchange",
        "9999078900005488",
        "0014  container, answer expected, no CRC",
        "7825",
        "a5  from the drive",
        "ФФД 1.05, 394 bytes  offset 62",
        "2853205313",
    ):
        assert text in result.stdout


def test_json_has_the_tax_service_form_and_the_tree(vectors):
    raw = (vectors / "receipt-doc3-ffd105.bin").read_bytes()
    data = json.loads(decode(vectors / "receipt-doc3-ffd105.bin", "--json", "--check").stdout)
    document = document_decode(raw)
    found = data["parts"][0]["document"]
    code, fields = document_from_json(found["json"])
    assert (code, dict(fields)[1020]) == (3, document.total_kopecks)
    assert len(found["tree"]) == len(tree(document))
    for row in found["tree"]:
        if row["bytes"]:
            start = row["offset"] + 4
            assert raw[start : start + row["length"]].hex() == row["bytes"]
    assert found["trailer"] == document.trailer.hex()
    assert {finding["severity"] for finding in found["findings"]} <= {"warning", "notice"}


def test_bytes_are_shown_with_offsets(vectors):
    result = decode(vectors / "receipt-doc3-ffd105.bin", "--bytes")
    assert "@4 length 16: 39 39 39 39" in result.stdout


def test_check_and_print(vectors):
    result = decode(vectors / "receipt-doc3-ffd105.bin", "--check", "--print")
    assert "format control: 1 found" in result.stdout
    assert "inn_check_digits" in result.stdout
    assert "ИТОГ" in result.stdout
    paper = [line for line in result.stdout.splitlines() if line.startswith(("|", "+"))]
    assert len({len(line) for line in paper}) == 1


@pytest.mark.parametrize("columns", [1, 40, 60, 80, 200])
def test_any_width_shows_everything(vectors, columns):
    path = vectors / "receipt-doc3-ffd105.bin"
    result = decode(path, env={"COLUMNS": str(columns)})
    assert result.exit_code == 0
    assert max(map(len, result.stdout.splitlines()[2:])) <= max(columns, 48)
    words = result.stdout.split()
    for row in json.loads(decode(path, "--json").stdout)["parts"][0]["document"]["tree"]:
        assert str(row["tag"]) in words
        assert not set(row["name"].split()) - set(words)
        assert not set(row["value"].split()) - set(words)


def test_standard_input(vectors):
    data = (vectors / "session-doc11-ffd105.bin").read_bytes()
    assert decode("-", input=data).stdout == decode(vectors / "session-doc11-ffd105.bin").stdout


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "chekhov: the input is empty\n"),
        (b"hello, world!", "chekhov: text that is neither hex nor base64\n"),
        (bytes.fromhex("2a08410a81a2"), "chekhov: offset 0: a session header has 30 bytes, 6 are there\n"),
        (
            b"03 00 10 00 11 04 10 00",
            "chekhov: offset 0: document: the document claims 16 bytes, 4 are there\n",
        ),
        (b"03 00 04 00 11 04 10 00", "chekhov: offset 4: document: "),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(data, message):
    result = decode("-", input=data)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(message)
    assert result.stderr.count("\n") == 1


def test_a_wrong_crc_can_be_ignored(vectors, tmp_path):
    data = bytearray((vectors / "session-doc11-ffd105.bin").read_bytes())
    data[-1] ^= 1
    (tmp_path / "bad.bin").write_bytes(data)
    assert decode(tmp_path / "bad.bin").exit_code == 2
    result = decode(tmp_path / "bad.bin", "--ignore-crc")
    assert result.exit_code == 0
    assert "note: container's CRC is 7825" in result.stdout


def test_a_file_that_is_not_there():
    result = decode("/nowhere/at/all")
    assert result.exit_code == 2
    assert "No such file" in result.stderr


def run(*arguments, **settings):
    return subprocess.run(
        [sys.executable, "-m", "chekhov.cli", *arguments],
        capture_output=True,
        timeout=60,
        check=False,
        **settings,
    )


def test_as_a_process(vectors):
    done = run("decode", str(vectors / "receipt-doc3-ffd105.hex"))
    assert (done.returncode, done.stderr) == (0, b"")
    assert "\x1b" not in done.stdout.decode()
    bad = run("decode", "-", input=b"\x00\x01\x02")
    assert (bad.returncode, bad.stdout, bad.stderr.count(b"\n")) == (2, b"", 1)


def test_a_terminal_without_cyrillic_gets_question_marks(vectors):
    environment = os.environ | {"PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"}
    done = run("decode", "--check", str(vectors / "receipt-doc3-ffd105.bin"), env=environment)
    assert done.returncode == 0
    assert b"1041 ????? ??" in done.stdout


def test_neither_django_nor_rich_is_loaded(vectors):
    program = (
        "import sys\nfrom chekhov.cli.main import cli\n"
        f"try: cli(['decode', '--check', '--print', {str(vectors / 'receipt-doc3-ffd105.bin')!r}])\n"
        "except SystemExit: pass\n"
        "loaded = {name.partition('.')[0] for name in sys.modules}\n"
        "sys.exit(sorted(loaded & {'django', 'rich', 'psycopg', 'asyncio', 'granian'}) or 0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_reader_that_leaves_early_is_no_trouble(vectors):
    """`chekhov decode … | head -1`."""
    reading, writing = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-m", "chekhov.cli", "decode", str(vectors / "session-doc11-ffd105.bin")],
        stdout=writing,
        stderr=subprocess.PIPE,
    )
    os.close(reading)
    os.close(writing)
    _, errors = process.communicate(timeout=60)
    assert b"Traceback" not in errors


@pytest.mark.parametrize("name", ["nowhere.bin", "."])
def test_file_that_cannot_be_read_is_one_line(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    result = decode(name)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1
    assert name in result.stderr
