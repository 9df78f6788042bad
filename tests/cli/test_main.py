import importlib
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from chekhov.cli import main
from chekhov.cli.main import COMMANDS, cli, exit_code_of
from chekhov.errors import AccessDenied, ChekhovError, Conflict, Malformed, NotFound, RuleBroken, Unavailable


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_of_the_table_is_there_and_has_help(name):
    result = CliRunner().invoke(cli, [name, "--help"])
    assert result.exit_code == 0, result.output
    assert result.output.startswith("Usage:")


@pytest.mark.parametrize("name", COMMANDS)
def test_commands_are_called_as_the_table_says(name):
    module, attribute, text = COMMANDS[name]
    assert isinstance(getattr(importlib.import_module(module), attribute), click.Command)
    assert text.endswith(".")


def test_list_of_commands():
    result = CliRunner().invoke(cli, ["--help"])
    assert result.exit_code == 0
    positions = [result.output.index(f"\n  {name} ") for name in COMMANDS]
    assert positions == sorted(positions)


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["decode", "--help"]])
def test_light_commands_load_no_django(arguments):
    program = (
        "import sys; from chekhov.cli.main import cli\n"
        f"try: cli({arguments!r}, prog_name='chekhov')\n"
        "except SystemExit: pass\n"
        "sys.exit('django' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, check=False).returncode == 0


def test_unknown_command():
    result = CliRunner().invoke(cli, ["nonsense"])
    assert result.exit_code == 2
    assert "nonsense" in result.output


@pytest.mark.parametrize(
    ("family", "code"),
    [(Malformed, 2), (Conflict, 2), (RuleBroken, 1), (NotFound, 1), (AccessDenied, 1), (Unavailable, 1)],
)
def test_error_is_one_line_and_a_code(family, code, monkeypatch):
    @click.command()
    def broken():
        raise family("what went wrong")

    monkeypatch.setattr(main.Commands, "get_command", lambda *_: broken)
    result = CliRunner().invoke(cli, ["broken"])
    assert result.stderr == "chekhov: what went wrong\n"
    assert result.stdout == ""
    assert result.exit_code == exit_code_of(family("x")) == code


def test_every_family_has_a_code():
    assert {family for family, _code in main.EXIT_CODES} == set(ChekhovError.__subclasses__()) | set()


def test_script_gives_the_code_to_the_shell():
    environment = {"PATH": "/bin", "CHEKHOV_HTTP": "nonsense"}
    done = subprocess.run(
        [sys.executable, "-m", "chekhov.cli", "healthz"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("chekhov: CHEKHOV_HTTP:")
    assert done.stderr.count("\n") == 1


def test_health_of_nothing():
    environment = {"PATH": "/bin", "CHEKHOV_HTTP": "127.0.0.1:1", "HTTP_PROXY": "http://127.0.0.1:2"}
    done = subprocess.run(
        [sys.executable, "-m", "chekhov.cli", "healthz"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "http://127.0.0.1:1/healthz does not answer" in done.stderr
