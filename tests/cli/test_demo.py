"""`chekhov demo`: cabinets in the database, documents by the wire, and nothing twice."""

from __future__ import annotations

import datetime as dt
import json
import shutil

import pytest
from click.testing import CliRunner
from django.db import OperationalError, connection

from chekhov.cli.demo import cabinets_fill, plan_found
from chekhov.cli.main import cli
from chekhov.config.environment import environment_read
from chekhov.kkt.selectors import kkts_all
from chekhov.orgs.selectors import organisations_all
from chekhov.simulator.demo_plan import REGISTERS, DemoPlan
from simulator.tiny_operator import tiny_operator

LAST_DAY = dt.date(2026, 11, 20)


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An installation's folder, and nothing else in the environment."""
    for name in ("CHEKHOV_OFD", "CHEKHOV_MODE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CHEKHOV_HOME", str(tmp_path))
    return tmp_path


def demo(*arguments):
    return CliRunner().invoke(cli, ["demo", *map(str, arguments)])


@pytest.mark.django_db(transaction=True)
def test_it_fills_and_a_second_time_changes_nothing(home):
    with tiny_operator() as operator:
        result = demo("--months", 1, "--to", operator.address)
        assert result.exit_code == 0, result.output
        assert "documents of 9 registers, 1 months up to " in result.stdout
        assert [organisation.name for organisation in organisations_all()] == [
            "ООО «Вишнёвый сад»",
            "ООО «Чайка»",
        ]
        kkts = list(kkts_all())
        assert len(kkts) == 8
        plan = plan_found(home / "demo", environment_read(), months=5)
        assert plan.months == 1
        serials = {plan.fn_serial(register) for register in REGISTERS}
        assert {fn for fn, _ in operator.stored} == serials
        assert {kkt.rnm for kkt in kkts} == {plan.rnm(register) for register in REGISTERS if register.listed}

        received = len(operator.received)
        again = demo("--months", 3, "--to", operator.address)
        assert again.exit_code == 0
        assert again.stdout.startswith(f"already filled: 1 months up to {plan.last_day}\nlog in at ")
        assert again.stdout.partition("log in at")[2] == result.stdout.partition("log in at")[2]
        assert len(operator.received) == received
        assert list(kkts_all()) == kkts

        shutil.rmtree(home / "demo")
        stored = dict(operator.stored)
        assert demo("--to", operator.address).exit_code == 0
        assert operator.stored == stored
        assert list(kkts_all()) == kkts


@pytest.mark.django_db
def test_a_lost_plan_is_read_from_the_registers(home):
    environment = environment_read()
    plan = DemoPlan(LAST_DAY, 2, environment.operator_inn, 'Демо-оператор "Чехов"')
    cabinets_fill(plan)
    assert plan_found(home / "demo", environment, months=3) == plan
    assert json.loads((home / "demo" / "plan.json").read_text())["last_day"] == "2026-11-20"
    cabinets_fill(plan)
    assert kkts_all().count() == 8


@pytest.mark.django_db
def test_a_new_plan_is_noted_before_it_is_used(home):
    plan = plan_found(home / "demo", environment_read(), months=4)
    assert plan.months == 4
    assert plan.last_day < dt.datetime.now().astimezone().date() + dt.timedelta(days=1)
    assert plan_found(home / "demo", environment_read(), months=7) == plan
    (home / "demo" / "plan.json").write_text("{")
    assert plan_found(home / "demo", environment_read(), months=7).months == 7


def one_line(result):
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.count("\n") == 1
    return result.stderr


def test_without_a_gateway_it_says_so(home):
    with tiny_operator() as gone:
        pass
    text = one_line(demo("--to", gone.address))
    assert text.startswith(
        f"chekhov: the gateway at {gone.address} does not answer; is `chekhov up` running?"
    )
    assert not (home / "demo").exists()


def test_without_a_database_it_says_so(home, monkeypatch):
    def nothing():
        raise OperationalError("connection refused\nIs the server running?")

    monkeypatch.setattr(connection, "ensure_connection", nothing)
    with tiny_operator() as operator:
        text = one_line(demo("--to", operator.address))
    assert "the database of the installation does not answer" in text
    assert "(connection refused)" in text


def test_production_is_not_filled(home, monkeypatch):
    monkeypatch.setenv("CHEKHOV_MODE", "production")
    monkeypatch.setenv("CHEKHOV_OPERATOR_INN", "7704211201")
    monkeypatch.setenv("CHEKHOV_SECRET_KEY", "x" * 50)
    monkeypatch.setenv("CHEKHOV_MAIL", "maildir")
    assert "CHEKHOV_MODE=production" in one_line(demo())
