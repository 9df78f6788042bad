"""`chekhov kkt` from a new register to a closed drive, over a real connection."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from chekhov.cli.kkt_options import AddressType
from chekhov.cli.main import cli
from chekhov.ffd.documents import document_decode
from chekhov.simulator import delivery
from chekhov.simulator.folder import RegisterFolder
from simulator.tiny_operator import tiny_operator

CLOCK = "2026-11-20 10:00"


@pytest.fixture
def operator():
    with tiny_operator() as operator:
        yield operator


@pytest.fixture(params=["1.2", "1.05"])
def till(request, tmp_path):
    """A registered till with an open shift."""
    path = tmp_path / "till"
    ok("new", path, "--ffd", request.param, "--serial", "9999540000000042")
    ok("register", path, "--clock", "2026-11-20 09:00")
    ok("open", path, "--clock", "2026-11-20 09:30")
    return path


def kkt(*arguments, **settings):
    return CliRunner().invoke(cli, ["kkt", *map(str, arguments)], **settings)


def ok(*arguments, **settings):
    result = kkt(*arguments, **settings)
    assert result.exit_code == 0, result.output
    return result.stdout


def status(path, *arguments):
    return json.loads(ok("status", path, "--json", *arguments))


def document(path, fd):
    with RegisterFolder.open(path) as folder:
        return document_decode(folder.message(fd)[62:])


def test_a_life_of_a_register(till, operator):
    assert "document 3  Кассовый чек" in ok("sell", till, "--demo", "--clock", CLOCK)
    ok("sell", till, "--demo", "--count", 30, "--clock", CLOCK)
    assert "Кассовый чек коррекции" in ok("correct", till, "--demo", "--clock", CLOCK)
    assert "35 unsent, this one included" in ok("report", till, "--clock", CLOCK)
    assert "shift 1 is closed, 32 receipts" in ok("close", till, "--clock", "2026-11-20 21:00")
    text = ok("send", till, "--to", operator.address)
    assert "36 confirmed, 0 unsent" in text
    ok("reregister", till, "--place", "Новая касса", "--clock", "2026-11-21 08:00")
    ok("close-drive", till, "--clock", "2026-11-21 09:00")
    text = ok("send", till, "--to", operator.address)
    assert "document 38  Отчёт о закрытии фискального накопителя: confirmed" in text
    data = status(till, "--clock", "2026-11-21 10:00")
    assert (data["phase"], data["unsent"], data["last_fd"], data["shift"]) == (15, 0, 38, None)
    assert (
        data["receipts"]["sale"]["count"] + data["receipts"].get("sale_return", {"count": 0})["count"] == 31
    )
    assert data["corrections"]["sale"]["count"] == 1
    assert operator.numbers_of("9999540000000042") == list(range(1, 39))
    assert "nothing is unsent" in ok("send", till, "--to", operator.address)


def test_status_for_people(till):
    ok("sell", till, "--demo", "--clock", CLOCK)
    text = ok("status", till, "--clock", CLOCK)
    for words in (
        "9999540000000042, 15 months",
        "fiscal mode (3)",
        'ООО "Вишневый сад", ИНН 7799000005',
        "open since 2026-11-20 09:30:00, to close by 2026-11-21 09:30:00; 1 receipts",
        "3 from document 1, since 2026-11-20 09:00:00; work stops at 2026-12-20 09:00:00",
        "470 days (until 2028-03-04), 249997 documents",
    ):
        assert words in text


def test_status_of_a_new_register(tmp_path):
    ok("new", tmp_path / "k")
    data = status(tmp_path / "k")
    assert (data["phase"], data["registration"], data["days_left"]) == (1, None, 470)
    assert data["fn_serial"].startswith("999954")
    assert "ready for fiscalisation" in ok("status", tmp_path / "k")


def test_a_receipt_of_ones_own(till, tmp_path):
    order = {
        "items": [{"name": "Чай", "price": 189.9, "vat": "22%", "quantity": 2}],
        "payments": {"card": "379.80"},
        "buyer": {"contact": "anna@example.ru"},
    }
    (tmp_path / "order.json").write_text(json.dumps(order))
    assert "379,80 ₽" in ok("sell", till, tmp_path / "order.json", "--clock", CLOCK)
    ok("sell", till, "-", "--clock", CLOCK, input=json.dumps(order | {"operation": "sale_return"}))
    first, second = document(till, 3), document(till, 4)
    assert (first.operation, first.total_kopecks, first.get(1081), first.get(1008)) == (
        1,
        37980,
        37980,
        "anna@example.ru",
    )
    assert second.operation == 2
    fix = {"items": order["items"], "correction": {"date": "2026-11-18", "order_number": "15-07/1"}}
    ok("correct", till, "-", "--clock", CLOCK, input=json.dumps(fix))
    assert (document(till, 5).code, document(till, 5).get(1173)) == (31, 1)


def test_registration_takes_what_it_is_told(tmp_path):
    path = tmp_path / "k"
    ok("new", path, "--model", "36", "--kkt-serial", "00106900000001")
    ok(
        *(
            "register",
            path,
            "--inn",
            "7707083893",
            "--name",
            "ООО «Ромашка» — север",
            "--rnm",
            "0000000042009571",
        ),
        *(
            "--tax",
            "osn",
            "--tax",
            "patent",
            "--address",
            "Адрес",
            "--place",
            "Место",
            "--operator-inn",
            "7704211201",
        ),
        *("--operator-name", "ОФД", "--cashier", "Иванов", "--services", "--clock", CLOCK),
    )
    report = document(path, 1)
    assert report.get(1048) == 'ООО "Ромашка" - север'
    assert (report.get(1062), report.inn, report.rnm) == (33, "7707083893", "0000000042009571")
    data = status(path, "--clock", CLOCK)
    assert (data["days_left"], data["registration"]["tax_systems"]) == (1110, 33)


def refused(*arguments, code=1, **settings):
    result = kkt(*arguments, **settings)
    assert (result.exit_code, result.stdout) == (code, ""), result.output
    assert result.stderr.count("\n") == 1, result.stderr
    return result.stderr


def test_what_the_drive_refuses_is_one_line_with_its_code(till, operator):
    assert "the drive refused, result 0x02: " in refused("open", till, "--clock", CLOCK)
    assert "result 0x07" in refused("sell", till, "--demo", "--clock", "2026-11-19 10:00")
    assert "result 0x16" in refused("sell", till, "--demo", "--clock", "2026-11-21 10:00")
    ok("close", till, "--clock", "2026-11-21 10:00")
    assert "result 0x15" in refused("open", till, "--clock", "2026-12-25 10:00")
    ok("send", till, "--to", operator.address)
    assert "result 0x05" in refused("open", till, "--clock", "2028-03-06 10:00")
    ok("open", till, "--clock", "2026-12-25 10:00")


def test_a_wrong_registration_number_is_refused(tmp_path):
    ok("new", tmp_path / "k")
    assert "result 0x09" in refused("register", tmp_path / "k", "--rnm", "0000000042009571", "--clock", CLOCK)
    assert status(tmp_path / "k")["phase"] == 1


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("open", "{}/nowhere"), 1, "there is no register in"),
        (("new", "{}/k"), 2, "there is a register in"),
        (("new", "{}/other", "--serial", "7284440700000001"), 1, "реальные накопители"),
        (("new", "{}/other", "--serial", "99995"), 2, "16 digits"),
        (("register", "{}/k", "--inn", "7799000006"), 2, "ИНН"),
        (("register", "{}/k", "--rnm", "5"), 2, "РНМ"),
    ],
)
def test_what_is_wrong_is_one_line(tmp_path, arguments, code, message):
    ok("new", tmp_path / "k")
    assert message in refused(*(each.format(tmp_path) for each in arguments), code=code)


def test_a_broken_order_is_one_line_with_its_path(till):
    assert "items[0].vat" in refused(
        "sell", till, "-", code=2, input='{"items": [{"name": "x", "price": 1}]}'
    )
    assert status(till)["last_fd"] == 2


@pytest.mark.parametrize(
    "arguments", [("sell", "{}"), ("sell", "{}", "-", "--demo"), ("correct", "{}"), ("reregister", "{}")]
)
def test_usage_errors(till, arguments):
    result = kkt(*(each.format(till) for each in arguments), input="{}")
    assert result.exit_code == 2
    assert "Usage:" in result.stderr


def test_two_at_a_time_are_refused(till):
    with RegisterFolder.open(till):
        assert "another process works" in refused("sell", till, "--demo", code=2)


def test_sending_tells_what_fails(till, operator, monkeypatch):
    monkeypatch.setattr(delivery.Patience, "__init__", _impatient(delivery.Patience.__init__))
    operator.closes_without_answer = 1
    result = kkt("send", till, "--to", operator.address)
    assert result.exit_code == 0
    assert result.stderr.startswith("document 1, attempt 1: ")
    ok("sell", till, "--demo", "--clock", CLOCK)
    operator.closes_without_answer = 100
    result = kkt("send", till, "--to", operator.address)
    assert result.exit_code == 1
    assert result.stderr.splitlines()[-1].startswith("chekhov: document 3 was not confirmed in 3 attempts")


def _impatient(real):
    def init(self, **settings):
        real(self, retries_max=2, pause_seconds=0.0, **settings)

    return init


def test_the_operators_remarks_are_shown(tmp_path, operator):
    ok("new", tmp_path / "k")
    ok("register", tmp_path / "k")
    operator.message_bits = 2
    assert "1206 = 2: ошибка ФЛК документа" in ok("send", tmp_path / "k", "--to", operator.address)


def test_the_address_comes_from_the_environment(till, operator):
    assert "2 confirmed" in ok("send", till, env={"CHEKHOV_OFD": operator.address})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("127.0.0.1:7777", ("127.0.0.1", 7777)),
        ("7123", ("127.0.0.1", 7123)),
        (":7123", ("127.0.0.1", 7123)),
        ("ofd.example.ru", ("ofd.example.ru", 7777)),
        ("[::1]:99", ("::1", 99)),
        ("::1", ("::1", 7777)),
        ("0.0.0.0:7123", ("127.0.0.1", 7123)),
        ("[::]:7123", ("::1", 7123)),
    ],
)
def test_addresses(text, expected):
    assert AddressType().convert(text, None, None) == expected


@pytest.mark.parametrize("text", ["host:port", "host:0", "host:65536", "host:-1", "[::1]:x"])
def test_no_addresses(till, text):
    result = kkt("send", till, "--to", text)
    assert result.exit_code == 2
    assert "is not host:port" in result.stderr


def test_help_reads_well():
    text = ok("--help")
    commands = ["new", "register", "open", "sell", "correct", "report", "close", "send", "status"]
    places = [text.index(f"\n  {name} ") for name in commands]
    assert places == sorted(places)
    assert "..." not in text.partition("Commands:")[2]
    assert '"items": [' in ok("order-format")
    for name in commands:
        assert ok(name, "--help").startswith(f"Usage: cli kkt {name}")


def test_as_a_process(till):
    def run(*arguments):
        return subprocess.run(
            [sys.executable, "-m", "chekhov.cli", "kkt", *map(str, arguments)],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    assert run("sell", till, "--demo", "--clock", CLOCK).returncode == 0
    done = run("open", till, "--clock", CLOCK)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "chekhov: the drive refused, result 0x02: смена 1 уже открыта\n"
