"""`chekhov kkt fleet` on the command line."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from chekhov.cli.main import cli
from simulator.tiny_operator import tiny_operator


def fleet(*arguments):
    return CliRunner().invoke(cli, ["kkt", "fleet", *map(str, arguments)])


def test_figures_for_people_and_programs():
    with tiny_operator() as operator:
        common = ("--registers", 5, "--seconds", 0.4, "--to", operator.address)
        result = fleet(*common, "--seed", 1)
        assert result.exit_code == 0, result.output
        for words in ("5 registers, connected, ФФД 1.2", "documents/s", "p50", "p99", "errors       none"):
            assert words in result.stdout
        result = fleet(*common, "--seed", 2, "--json", "--ffd", "1.05", "--one-connection-per-document")
        assert result.exit_code == 0, result.output
        data = json.loads(result.stdout)
        assert (data["registers"], data["ffd"], data["seed"], data["errors"]) == (5, "1.05", 2, {})
        assert data["documents"] > 5
        assert data["connections"] == data["documents"] + data["documents_late"] + 10
        assert data["answers_verified"] == data["connections"]
        assert 0 < data["ack_p50_ms"] <= data["ack_p95_ms"] <= data["ack_p99_ms"] <= data["ack_max_ms"]


def test_fleets_are_different_unless_told_otherwise():
    with tiny_operator() as operator:
        for _ in range(2):
            assert fleet("--registers", 2, "--seconds", 0.1, "--to", operator.address).exit_code == 0
        assert len({fn for fn, _ in operator.received}) == 4
        assert operator.conflicts == []


def test_errors_are_shown_and_the_exit_code_tells():
    with tiny_operator() as operator:
        operator.message_bits = 2
        result = fleet("--registers", 2, "--seconds", 0.2, "--to", operator.address)
    assert result.exit_code == 1
    assert "document_found_faulty" in result.stdout


@pytest.mark.parametrize(
    "arguments", [("--registers", 0), ("--seconds", 0), ("--processes", 0), ("--ffd", "1.1")]
)
def test_usage(arguments):
    assert fleet(*arguments).exit_code == 2


def test_nobody_there():
    with tiny_operator() as gone:
        pass
    result = fleet("--registers", 3, "--seconds", 1, "--to", gone.address)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("chekhov: 3 of 3 registers could not open at")
    assert result.stderr.count("\n") == 1
