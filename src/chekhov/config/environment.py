"""The one place that reads the process's environment: typed, validated, with messages a person can act on.

Everything is optional: with nothing set the installation is a sandbox in `./var` on loopback addresses.
"""

from __future__ import annotations

import ipaddress
import os
import secrets
import tempfile
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast

from chekhov.config.errors import BadSetting
from chekhov.config.mail import mail_from, mail_server

Mode = Literal["sandbox", "production"]

DEMO_OPERATOR_NAME = "Демо-оператор «Чехов»"
# Shaped to look like nobody's: a valid check digit, and a number the tax service has not given out.
DEMO_OPERATOR_INN = "9999999998"
SECRET_KEY_CHARACTERS_MIN = 32
SECRET_FILE = "secret.key"  # noqa: S105  # a file's name
GATEWAY_PREFIX = "CHEKHOV_GATEWAY_"
GATEWAY_PROCESSES_DEFAULT = min(2, os.cpu_count() or 1)  # one is bound to one core, see docs/adr/0006
KNOWN_NAMES = frozenset(
    {
        "CHEKHOV_BRAND_COLOR",
        "CHEKHOV_DADATA_KEY",
        "CHEKHOV_HOME",
        "CHEKHOV_HOSTS",
        "CHEKHOV_HTTP",
        "CHEKHOV_LOG_LEVEL",
        "CHEKHOV_MAIL",
        "CHEKHOV_MAIL_FROM",
        "CHEKHOV_MODE",
        "CHEKHOV_OFD",
        "CHEKHOV_OFD_PUBLIC",
        "CHEKHOV_OPERATOR_INN",
        "CHEKHOV_OPERATOR_NAME",
        "CHEKHOV_POSTGRES_BIN",
        "CHEKHOV_POSTGRES_USER",
        "CHEKHOV_PROXIES",
        "CHEKHOV_PUBLIC_URL",
        "CHEKHOV_SECRET_KEY",
        "CHEKHOV_SMTP",
        "CHEKHOV_TIME_ZONE",
        "CHEKHOV_TLS",
        "CHEKHOV_WEB_PROCESSES",
        "CHEKHOV_WEB_THREADS",
    },
)


@dataclass(frozen=True, slots=True)
class Address:
    """Host and TCP port to listen on, written `host:port` or `[v6]:port`; port 0 lets the system choose."""

    host: str
    port: int

    @classmethod
    def parse(cls, text: str, *, name: str) -> Address:
        """Read `host:port`. Raises: BadSetting, naming the variable `name`."""
        host, colon, port = text.strip().rpartition(":")
        host = host.removeprefix("[").removesuffix("]")
        if not colon or not host:
            raise BadSetting(f"{name}: expected host:port, got “{text}”", name=name)
        if not port.isascii() or not port.isdigit() or int(port) > 65535:
            raise BadSetting(f"{name}: the port must be 0 to 65535, got “{port}”", name=name)
        return cls(host, int(port))

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Environment:
    """What the environment says. Paths are absolute; `gateway` holds what stands after CHEKHOV_GATEWAY_."""

    home: Path
    http: Address
    ofd: Address
    ofd_public: Address
    database_url: str | None
    mode: Mode
    secret_key: str | None
    operator_name: str
    operator_inn: str
    brand_color: str
    hosts: tuple[str, ...]
    tls: bool
    time_zone: str
    log_level: str
    web_processes: int
    web_threads: int
    gateway_processes: int
    public_url: str
    smtp: Mapping[str, object] | None
    mail_from: str
    proxies: tuple[str, ...] = ()
    postgres_bin: str | None = None
    postgres_user: str | None = None
    dadata_key: str = field(default="", repr=False)
    gateway: Mapping[str, str] = field(default_factory=dict)

    @property
    def sandbox(self) -> bool:
        """Whether emulated parties and demo log-ins are allowed here."""
        return self.mode == "sandbox"


def environment_read(variables: Mapping[str, str] | None = None) -> Environment:
    """Read and validate the environment (`os.environ`, if none is given).

    Raises: BadSetting for the first variable that makes no sense, a misspelt CHEKHOV_ name included.
    """
    env = os.environ if variables is None else variables
    _names_check(env)
    mode = env.get("CHEKHOV_MODE", "") or "sandbox"
    http = Address.parse(env.get("CHEKHOV_HTTP") or "127.0.0.1:8000", name="CHEKHOV_HTTP")
    ofd = Address.parse(env.get("CHEKHOV_OFD") or "127.0.0.1:7777", name="CHEKHOV_OFD")
    public_url = _public_url(env, http)
    if mode not in {"sandbox", "production"}:
        raise BadSetting(f"CHEKHOV_MODE: expected sandbox or production, got “{mode}”", name="CHEKHOV_MODE")
    return Environment(
        home=Path(env.get("CHEKHOV_HOME") or "./var").expanduser().absolute(),
        http=http,
        ofd=ofd,
        ofd_public=_ofd_public(env, ofd, public_url),
        database_url=env.get("DATABASE_URL") or None,
        mode=cast("Mode", mode),
        secret_key=_secret_key(env, mode),
        operator_name=(env.get("CHEKHOV_OPERATOR_NAME") or DEMO_OPERATOR_NAME).strip(),
        operator_inn=_operator_inn(env, mode),
        brand_color=_brand_color(env),
        hosts=tuple(host for host in env.get("CHEKHOV_HOSTS", "").replace(",", " ").split() if host),
        tls=_flag(env, "CHEKHOV_TLS"),
        time_zone=env.get("CHEKHOV_TIME_ZONE") or "Europe/Moscow",
        log_level=_log_level(env),
        web_processes=_whole(env, "CHEKHOV_WEB_PROCESSES", 1, 1, 64),
        web_threads=_whole(env, "CHEKHOV_WEB_THREADS", 8, 1, 256),
        gateway_processes=_whole(env, "CHEKHOV_GATEWAY_PROCESSES", GATEWAY_PROCESSES_DEFAULT, 1, 64),
        public_url=public_url,
        smtp=mail_server(env, production=mode == "production"),
        mail_from=mail_from(env, public_url),
        proxies=_proxies(env),
        postgres_bin=env.get("CHEKHOV_POSTGRES_BIN") or None,
        postgres_user=env.get("CHEKHOV_POSTGRES_USER") or None,
        dadata_key=_dadata_key(env),
        gateway={
            name.removeprefix(GATEWAY_PREFIX).lower(): value
            for name, value in sorted(env.items())
            if name.startswith(GATEWAY_PREFIX) and name != "CHEKHOV_GATEWAY_PROCESSES"
        },
    )


def secret_key_ensure(home: Path) -> str:
    """The installation's secret, kept in `home`/secret.key (mode 600); made once if it is not there.

    Two processes that start together end with the same key: the file appears whole or not at all.
    """
    path = home / SECRET_FILE
    key = secret_key_stored(home)
    if key is not None:
        return key
    home.mkdir(parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=home, prefix=f".{SECRET_FILE}.")  # mode 600
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48) + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # fails if somebody was first; a rename would replace his
    except FileExistsError:
        pass
    finally:
        Path(draft).unlink()
    stored = secret_key_stored(home)
    assert stored is not None
    return stored


def secret_key_stored(home: Path) -> str | None:
    """The secret kept in `home`, or None if there is none yet. Raises: BadSetting if it is too short."""
    path = home / SECRET_FILE
    try:
        key = path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise BadSetting(f"{path}: the key cannot be read ({error})", name="CHEKHOV_SECRET_KEY") from error
    if len(key) < SECRET_KEY_CHARACTERS_MIN:
        raise BadSetting(
            f"{path}: the key is shorter than {SECRET_KEY_CHARACTERS_MIN} characters",
            name="CHEKHOV_SECRET_KEY",
        )
    return key


def database_settings(url: str) -> dict[str, object]:
    """Django's settings of the database that `postgresql://user:password@host:port/name?option=…` names.

    A host that is a folder of a Unix socket is written percent-encoded, or as `?host=/folder`.
    Raises: BadSetting; the message never repeats the password.
    """
    parts = urllib.parse.urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise BadSetting(
            "DATABASE_URL: expected postgresql://user:password@host:port/database",
            name="DATABASE_URL",
        )
    try:
        port = parts.port
    except ValueError as error:
        raise BadSetting("DATABASE_URL: the port must be 0 to 65535", name="DATABASE_URL") from error
    options: dict[str, object] = dict(urllib.parse.parse_qsl(parts.query))
    name = urllib.parse.unquote(parts.path.removeprefix("/"))
    if not name or "/" in name:
        raise BadSetting("DATABASE_URL: no database is named after the host", name="DATABASE_URL")
    return {
        "NAME": name,
        "USER": urllib.parse.unquote(parts.username or ""),
        "PASSWORD": urllib.parse.unquote(parts.password or ""),
        "HOST": str(options.pop("host", "")) or urllib.parse.unquote(parts.hostname or ""),
        "PORT": str(options.pop("port", "") or port or ""),
        "OPTIONS": options,
    }


def _public_url(env: Mapping[str, str], http: Address) -> str:
    """The address under which people reach the web, for links in letters; without a slash at the end."""
    text = (env.get("CHEKHOV_PUBLIC_URL") or "").strip().rstrip("/")
    if not text:
        hosts = env.get("CHEKHOV_HOSTS", "").replace(",", " ").split()
        if hosts:
            return f"{'https' if _flag(env, 'CHEKHOV_TLS') else 'http'}://{hosts[0].lstrip('.')}"
        unspecified = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104
        return f"http://{Address(unspecified.get(http.host, http.host), http.port)}"
    try:
        parts = urllib.parse.urlsplit(text)
        right = parts.scheme in {"http", "https"} and parts.hostname and (parts.port or 1) > 0
    except ValueError:
        right = False
    if not right or any((parts.path, parts.query, parts.fragment, parts.username)):
        raise BadSetting(
            f"CHEKHOV_PUBLIC_URL: expected https://host or http://host:port, got “{text}”",
            name="CHEKHOV_PUBLIC_URL",
        )
    return text


def _ofd_public(env: Mapping[str, str], ofd: Address, public_url: str) -> Address:
    """What is entered into registers: as set, or what is listened on; for what listens everywhere, the web's host."""
    text = env.get("CHEKHOV_OFD_PUBLIC") or ""
    if text.strip():
        return Address.parse(text, name="CHEKHOV_OFD_PUBLIC")
    if ofd.host not in {"0.0.0.0", "::"}:  # noqa: S104
        return ofd
    return Address(urllib.parse.urlsplit(public_url).hostname or ofd.host, ofd.port)


def _proxies(env: Mapping[str, str]) -> tuple[str, ...]:
    """Networks of balancers whose X-Forwarded-For is believed."""
    networks = []
    for text in env.get("CHEKHOV_PROXIES", "").replace(",", " ").split():
        try:
            networks.append(str(ipaddress.ip_network(text)))
        except ValueError as error:
            raise BadSetting(
                f"CHEKHOV_PROXIES: expected addresses or networks, got “{text}”", name="CHEKHOV_PROXIES"
            ) from error
    return tuple(networks)


def _names_check(env: Mapping[str, str]) -> None:
    for name in sorted(env):
        if name.startswith("CHEKHOV_") and not name.startswith(GATEWAY_PREFIX) and name not in KNOWN_NAMES:
            raise BadSetting(
                f"{name}: there is no such setting; there are: {', '.join(sorted(KNOWN_NAMES))}", name=name
            )


def _secret_key(env: Mapping[str, str], mode: str) -> str | None:
    key = env.get("CHEKHOV_SECRET_KEY") or None
    if key is not None and mode == "production" and len(key) < SECRET_KEY_CHARACTERS_MIN:
        raise BadSetting(
            f"CHEKHOV_SECRET_KEY: shorter than {SECRET_KEY_CHARACTERS_MIN} characters",
            name="CHEKHOV_SECRET_KEY",
        )
    return key


def _operator_inn(env: Mapping[str, str], mode: str) -> str:
    text = (env.get("CHEKHOV_OPERATOR_INN") or "").strip()
    if not text:
        if mode == "production":
            raise BadSetting(
                "CHEKHOV_OPERATOR_INN: production needs the operator's ИНН", name="CHEKHOV_OPERATOR_INN"
            )
        return DEMO_OPERATOR_INN
    from chekhov.values.errors import BadRequisite  # noqa: PLC0415  # cheap commands do without it
    from chekhov.values.requisites import Inn  # noqa: PLC0415

    try:
        return str(Inn.parse(text))
    except BadRequisite as error:
        raise BadSetting(f"CHEKHOV_OPERATOR_INN: {error.message}", name="CHEKHOV_OPERATOR_INN") from error


def _brand_color(env: Mapping[str, str]) -> str:
    color = (env.get("CHEKHOV_BRAND_COLOR") or "#2b7a4b").lower()
    if len(color) != 7 or color[0] != "#" or set(color[1:]) - set("0123456789abcdef"):
        raise BadSetting(f"CHEKHOV_BRAND_COLOR: expected #rrggbb, got “{color}”", name="CHEKHOV_BRAND_COLOR")
    return color


def _log_level(env: Mapping[str, str]) -> str:
    level = (env.get("CHEKHOV_LOG_LEVEL") or "INFO").upper()
    if level not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise BadSetting(
            f"CHEKHOV_LOG_LEVEL: expected DEBUG, INFO, WARNING or ERROR, got “{level}”",
            name="CHEKHOV_LOG_LEVEL",
        )
    return level


def _dadata_key(env: Mapping[str, str]) -> str:
    key = (env.get("CHEKHOV_DADATA_KEY") or "").strip()
    if not key.isascii() or not key.isprintable():
        raise BadSetting("CHEKHOV_DADATA_KEY: expected printable ASCII", name="CHEKHOV_DADATA_KEY")
    return key


def _flag(env: Mapping[str, str], name: str) -> bool:
    value = (env.get(name) or "0").lower()
    if value in {"1", "yes", "true", "on"}:
        return True
    if value in {"0", "no", "false", "off"}:
        return False
    raise BadSetting(f"{name}: expected 1 or 0, got “{value}”", name=name)


def _whole(env: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = env.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise BadSetting(f"{name}: expected a whole number {least} to {most}, got “{text}”", name=name)
    return int(text)
