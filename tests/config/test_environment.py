import threading
from pathlib import Path

import pytest

from chekhov.config.environment import (
    DEMO_OPERATOR_INN,
    Address,
    database_settings,
    environment_read,
    secret_key_ensure,
    secret_key_stored,
)
from chekhov.config.errors import BadSetting
from chekhov.config.mail import smtp_settings
from chekhov.values import Inn

LONG_KEY = "k" * 40


def test_nothing_set_is_a_sandbox_on_loopback():
    environment = environment_read({})
    assert environment.home == Path("var").absolute()
    assert str(environment.http) == "127.0.0.1:8000"
    assert str(environment.ofd) == "127.0.0.1:7777"
    assert environment.database_url is None
    assert environment.sandbox
    assert environment.secret_key is None
    assert environment.gateway == {}


def test_demo_operators_inn_is_valid():
    assert Inn(DEMO_OPERATOR_INN) == environment_read({}).operator_inn


@pytest.mark.parametrize(
    ("variables", "shown"),
    [
        ({}, "127.0.0.1:7777"),
        ({"CHEKHOV_OFD": "10.0.0.5:21101"}, "10.0.0.5:21101"),
        ({"CHEKHOV_OFD": "0.0.0.0:7777", "CHEKHOV_HOSTS": "ofd.example"}, "ofd.example:7777"),
        ({"CHEKHOV_OFD": "[::]:7777", "CHEKHOV_PUBLIC_URL": "https://ofd.example"}, "ofd.example:7777"),
        ({"CHEKHOV_OFD": "0.0.0.0:7777", "CHEKHOV_OFD_PUBLIC": "gate.example:21101"}, "gate.example:21101"),
    ],
)
def test_what_is_entered_into_registers(variables: dict[str, str], shown: str) -> None:
    assert str(environment_read(variables).ofd_public) == shown


def test_empty_is_as_good_as_not_set():
    names = ["CHEKHOV_HOME", "CHEKHOV_HTTP", "CHEKHOV_OFD", "DATABASE_URL", "CHEKHOV_MODE", "CHEKHOV_TLS"]
    names += ["CHEKHOV_OPERATOR_INN", "CHEKHOV_WEB_THREADS", "CHEKHOV_LOG_LEVEL", "CHEKHOV_BRAND_COLOR"]
    assert environment_read(dict.fromkeys(names, "")) == environment_read({})


def test_everything_set():
    environment = environment_read(
        {
            "CHEKHOV_HOME": "/data/chekhov",
            "CHEKHOV_HTTP": "0.0.0.0:80",
            "CHEKHOV_OFD": "[::]:7778",
            "CHEKHOV_MODE": "production",
            "CHEKHOV_SECRET_KEY": LONG_KEY,
            "CHEKHOV_OPERATOR_INN": " 7700000009 ",
            "CHEKHOV_OPERATOR_NAME": "АО «Оператор»",
            "CHEKHOV_SMTP": "smtp://relay.example",
            "CHEKHOV_HOSTS": "a.example, b.example",
            "CHEKHOV_TLS": "1",
            "CHEKHOV_GATEWAY_PROCESSES": "2",
            "CHEKHOV_GATEWAY_IDLE_SECONDS": "60",
            "PATH": "/bin",
        }
    )
    assert environment.home == Path("/data/chekhov")
    assert (environment.http.host, environment.http.port) == ("0.0.0.0", 80)
    assert (environment.ofd.host, environment.ofd.port, str(environment.ofd)) == ("::", 7778, "[::]:7778")
    assert not environment.sandbox
    assert environment.operator_inn == "7700000009"
    assert environment.hosts == ("a.example", "b.example")
    assert environment.tls
    assert environment.gateway_processes == 2
    assert environment.gateway == {"idle_seconds": "60"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CHEKHOV_HTTP", "8000"),
        ("CHEKHOV_HTTP", ":8000"),
        ("CHEKHOV_HTTP", "localhost:http"),
        ("CHEKHOV_OFD", "127.0.0.1:65536"),
        ("CHEKHOV_OFD", "127.0.0.1:-1"),
        ("CHEKHOV_OFD", "127.0.0.1:٣"),
        ("CHEKHOV_MODE", "prod"),
        ("CHEKHOV_OPERATOR_INN", "7700000008"),
        ("CHEKHOV_TLS", "maybe"),
        ("CHEKHOV_WEB_PROCESSES", "0"),
        ("CHEKHOV_WEB_THREADS", "1e3"),
        ("CHEKHOV_GATEWAY_PROCESSES", "65"),
        ("CHEKHOV_LOG_LEVEL", "LOUD"),
        ("CHEKHOV_BRAND_COLOR", "green"),
        ("CHEKHOV_BRAND_COLOR", "#12345g"),
        ("CHEKHOV_OFD_PORT", "7777"),
        ("CHEKHOV_PUBLIC_URL", "ofd.example"),
        ("CHEKHOV_PUBLIC_URL", "ftp://ofd.example"),
        ("CHEKHOV_PUBLIC_URL", "https://ofd.example/path"),
        ("CHEKHOV_PUBLIC_URL", "https://ofd.example:port"),
        ("CHEKHOV_PUBLIC_URL", "https://"),
        ("CHEKHOV_MAIL_FROM", "no-reply"),
        ("CHEKHOV_MAIL_FROM", "no reply@ofd.example"),
        ("CHEKHOV_PROXIES", "10.0.0.1/8"),
        ("CHEKHOV_PROXIES", "balancer"),
        ("CHEKHOV_SMTP", "mail.example"),
        ("CHEKHOV_MAIL", "smtp"),
    ],
)
def test_what_makes_no_sense_is_named(name, value):
    with pytest.raises(BadSetting) as caught:
        environment_read({name: value})
    assert caught.value.message.startswith(f"{name}:")
    assert caught.value.details["name"] == name


@pytest.mark.parametrize(
    ("variables", "name"),
    [
        ({"CHEKHOV_SECRET_KEY": LONG_KEY}, "CHEKHOV_OPERATOR_INN"),
        ({"CHEKHOV_SECRET_KEY": "short", "CHEKHOV_OPERATOR_INN": "7700000009"}, "CHEKHOV_SECRET_KEY"),
        ({"CHEKHOV_SECRET_KEY": LONG_KEY, "CHEKHOV_OPERATOR_INN": "7700000009"}, "CHEKHOV_SMTP"),
    ],
)
def test_production_is_stricter(variables, name):
    with pytest.raises(BadSetting, match=name):
        environment_read({"CHEKHOV_MODE": "production", **variables})


@pytest.mark.parametrize("text", ["127.0.0.1:7777", "[::1]:0", "ofd.example:65535"])
def test_address_is_written_as_it_is_read(text):
    assert str(Address.parse(text, name="X")) == text


# ── the database's address ───────────────────────────────────────────────────────────────────────────


def test_whole_address_of_a_database():
    assert database_settings("postgresql://us%40er:p%2Fw@db.example:5433/che%20khov?sslmode=require") == {
        "NAME": "che khov",
        "USER": "us@er",
        "PASSWORD": "p/w",
        "HOST": "db.example",
        "PORT": "5433",
        "OPTIONS": {"sslmode": "require"},
    }


@pytest.mark.parametrize("url", ["postgres://u@%2Frun%2Fpg/d", "postgresql://u@/d?host=/run/pg"])
def test_address_of_a_socket(url):
    settings = database_settings(url)
    assert (settings["HOST"], settings["PORT"], settings["NAME"]) == ("/run/pg", "", "d")


@pytest.mark.parametrize(
    "url",
    [
        "mysql://u:secret@h/d",
        "postgresql://u:secret@h",
        "postgresql://u:secret@h/",
        "postgresql://u:secret@h/a/b",
        "postgresql://u:secret@h:port/d",
        "/run/secret",
    ],
)
def test_bad_address_of_a_database_is_not_repeated(url):
    with pytest.raises(BadSetting) as caught:
        database_settings(url)
    assert "DATABASE_URL" in caught.value.message
    assert "secret" not in caught.value.message


# ── the secret ───────────────────────────────────────────────────────────────────────────────────────


def test_secret_is_made_once_and_kept_from_others(tmp_path):
    home = tmp_path / "new" / "home"
    assert secret_key_stored(home) is None
    key = secret_key_ensure(home)
    assert len(key) >= 50
    assert secret_key_ensure(home) == secret_key_stored(home) == key
    assert (home / "secret.key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in home.iterdir()] == ["secret.key"]


def test_who_start_together_get_one_secret(tmp_path):
    barrier = threading.Barrier(8)
    keys = []

    def start():
        barrier.wait()
        keys.append(secret_key_ensure(tmp_path))

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 8
    assert set(keys) == {secret_key_stored(tmp_path)}


def test_two_homes_have_two_secrets(tmp_path):
    assert secret_key_ensure(tmp_path / "a") != secret_key_ensure(tmp_path / "b")


@pytest.mark.parametrize("content", [b"", b"short\n", b"\xd0\xba" * 40])
def test_damaged_secret_is_told_and_not_replaced(tmp_path, content):
    path = tmp_path / "secret.key"
    path.write_bytes(content)
    with pytest.raises(BadSetting, match=r"secret\.key"):
        secret_key_ensure(tmp_path)
    assert path.read_bytes() == content


# ── how people reach us, and how letters leave ───────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("variables", "url"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"CHEKHOV_HTTP": "0.0.0.0:80"}, "http://127.0.0.1:80"),
        ({"CHEKHOV_HTTP": "[::]:8000"}, "http://[::1]:8000"),
        ({"CHEKHOV_HOSTS": ".ofd.example b.example", "CHEKHOV_TLS": "1"}, "https://ofd.example"),
        (
            {"CHEKHOV_HOSTS": "a.example", "CHEKHOV_PUBLIC_URL": "https://lk.example:8443/"},
            "https://lk.example:8443",
        ),
    ],
)
def test_address_for_links_in_letters(variables, url):
    assert environment_read(variables).public_url == url


@pytest.mark.parametrize(
    ("variables", "address"),
    [
        ({}, "no-reply@chekhov.invalid"),
        ({"CHEKHOV_PUBLIC_URL": "https://ofd.example"}, "no-reply@ofd.example"),
        ({"CHEKHOV_MAIL_FROM": " касса@ofd.example"}, None),
        ({"CHEKHOV_MAIL_FROM": "mail@касса.рф"}, "mail@касса.рф"),
    ],
)
def test_from_whom_letters_are(variables, address):
    if address is None:
        with pytest.raises(BadSetting, match="CHEKHOV_MAIL_FROM"):
            environment_read(variables)
    else:
        assert environment_read(variables).mail_from == address


LIFE = {"CHEKHOV_MODE": "production", "CHEKHOV_SECRET_KEY": LONG_KEY, "CHEKHOV_OPERATOR_INN": "7700000009"}


def test_production_leaves_letters_as_files_only_when_told_to():
    with pytest.raises(BadSetting, match="CHEKHOV_MAIL=maildir") as caught:
        environment_read(LIFE)
    assert caught.value.details["name"] == "CHEKHOV_SMTP"
    assert environment_read({**LIFE, "CHEKHOV_MAIL": "maildir"}).smtp is None
    server = environment_read({**LIFE, "CHEKHOV_SMTP": "smtps://relay.example"}).smtp
    assert server is not None
    assert (server["host"], server["port"], server["security"]) == ("relay.example", 465, "tls")


@pytest.mark.parametrize("mode", ["sandbox", "production"])
def test_letters_go_one_way(mode):
    both = {"CHEKHOV_MAIL": "maildir", "CHEKHOV_SMTP": "smtp://u:secret@relay.example"}
    with pytest.raises(BadSetting, match="CHEKHOV_MAIL") as caught:
        environment_read({**LIFE, "CHEKHOV_MODE": mode, **both})
    assert "secret" not in caught.value.message


def test_networks_of_balancers():
    assert environment_read({"CHEKHOV_PROXIES": "10.0.0.0/8, ::1"}).proxies == ("10.0.0.0/8", "::1/128")


@pytest.mark.parametrize(
    ("url", "security", "port"),
    [
        ("smtp://us%40er:p%2Fw@mail.example", "starttls", 587),
        ("smtps://us%40er:p%2Fw@mail.example/", "tls", 465),
        ("smtp+plain://us%40er:p%2Fw@mail.example:2525", "plain", 2525),
    ],
)
def test_mail_server(url, security, port):
    assert smtp_settings(url) == {
        "host": "mail.example",
        "port": port,
        "security": security,
        "user": "us@er",
        "password": "p/w",
    }


@pytest.mark.parametrize(
    "url", ["smtp://", "http://u:secret@h", "smtp://u:secret@h:port", "smtp://u:secret@h/x", "u:secret@h"]
)
def test_bad_mail_server_is_not_repeated(url):
    with pytest.raises(BadSetting) as caught:
        smtp_settings(url)
    assert "secret" not in caught.value.message
