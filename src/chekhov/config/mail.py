"""How letters leave, as the environment tells it: by which server, or as files; and from whom."""

from __future__ import annotations

import urllib.parse
from collections.abc import Mapping

from chekhov.config.errors import BadSetting


def mail_server(env: Mapping[str, str], *, production: bool) -> dict[str, object] | None:
    """The mail server; None if letters become files, which production must ask for in so many words.

    Raises: BadSetting.
    """
    way, server = (env.get("CHEKHOV_MAIL") or "").strip(), env.get("CHEKHOV_SMTP") or ""
    if way not in {"", "maildir"}:
        raise BadSetting(f"CHEKHOV_MAIL: expected maildir or nothing, got “{way}”", name="CHEKHOV_MAIL")
    if way and server:
        raise BadSetting("CHEKHOV_MAIL: maildir, yet CHEKHOV_SMTP names a server", name="CHEKHOV_MAIL")
    if not way and not server and production:
        raise BadSetting(
            "CHEKHOV_SMTP: production needs a mail server, else nobody can register or recover a password; "
            "CHEKHOV_MAIL=maildir if letters are to stay files in CHEKHOV_HOME/mail",
            name="CHEKHOV_SMTP",
        )
    return smtp_settings(server) if server else None


def mail_from(env: Mapping[str, str], public_url: str) -> str:
    """The sender of letters: as said, or no-reply at the host of the pages. Raises: BadSetting."""
    address = (env.get("CHEKHOV_MAIL_FROM") or "").strip()
    if not address:
        host = urllib.parse.urlsplit(public_url).hostname or ""
        named = not host.replace(".", "").isdigit() and ":" not in host and "." in host
        return f"no-reply@{host if named else 'chekhov.invalid'}"
    local, at, domain = address.rpartition("@")
    if not (local and at and domain) or not local.isascii() or not address.isprintable() or " " in address:
        raise BadSetting(
            f"CHEKHOV_MAIL_FROM: expected an e-mail address, got “{address}”", name="CHEKHOV_MAIL_FROM"
        )
    return address


def smtp_settings(url: str) -> dict[str, object]:
    """What `links.mail.SmtpServer` is made of, from `smtp://user:password@host:port`.

    `smtp` speaks STARTTLS (port 587), `smtps` TLS from the first byte (465), `smtp+plain` no TLS (25): for a
    server on the same machine. Raises: BadSetting; the message never repeats the password.
    """
    parts = urllib.parse.urlsplit(url.strip())
    kinds = {"smtp": ("starttls", 587), "smtps": ("tls", 465), "smtp+plain": ("plain", 25)}
    if parts.scheme not in kinds or not parts.hostname or parts.path not in {"", "/"} or parts.query:
        raise BadSetting(
            "CHEKHOV_SMTP: expected smtp://user:password@host:587, smtps://… or smtp+plain://…",
            name="CHEKHOV_SMTP",
        )
    security, default_port = kinds[parts.scheme]
    try:
        port = parts.port or default_port
    except ValueError as error:
        raise BadSetting("CHEKHOV_SMTP: the port must be 1 to 65535", name="CHEKHOV_SMTP") from error
    return {
        "host": parts.hostname,
        "port": port,
        "security": security,
        "user": urllib.parse.unquote(parts.username or ""),
        "password": urllib.parse.unquote(parts.password or ""),
    }
