"""The link to a mail server: one message to one recipient by SMTP, each outcome told apart.

What the server's own trade is (signing, queues to other domains, reports of non-delivery) stays with it.
Source: RFC 5321 (SMTP), RFC 3207 (STARTTLS), RFC 8314 (TLS from the first byte).
"""

from __future__ import annotations

import contextlib
import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Final, Literal

from chekhov.db.guards import outside_transaction
from chekhov.errors import RuleBroken, Unavailable
from chekhov.links.errors import LinkBroken, LinkRefused, LinkTimeout

CONNECT_SECONDS_MAX: Final = 10.0
ANSWER_SECONDS_MAX: Final = 30.0
ANSWER_CHARACTERS_MAX: Final = 200
FINAL_CODE_MIN: Final = 500

Security = Literal["tls", "starttls", "plain"]


class MailRefused(RuleBroken):
    """The server will never take this message for this recipient (answer 5xx)."""

    code = "mail_refused"


class MailNotTaken(Unavailable):
    """The server did not take the message now: busy, full, or our own log-in or sender does not suit it."""

    code = "mail_not_taken"


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where letters are handed over. `plain` is for a server on the same machine or in the same closed net."""

    host: str
    port: int
    security: Security = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)
    connect_timeout_seconds: float = CONNECT_SECONDS_MAX
    answer_timeout_seconds: float = ANSWER_SECONDS_MAX


def mail_send(server: SmtpServer, message: EmailMessage, *, sender: str, recipient: str) -> None:
    """Hand one message over. `sender` and `recipient`: bare addresses of the envelope.

    Raises: LinkRefused, LinkTimeout, MailNotTaken (not sent, later may do); MailRefused (never); LinkBroken
    (the connection went after the message was begun: whether it was taken is not known).
    """
    outside_transaction()
    data = message.as_bytes()
    begun = False
    try:
        smtp = _connected(server)
        try:
            _accepted(smtp.mail(ascii_address(sender)), never_final=True)
            _accepted(smtp.rcpt(ascii_address(recipient)))
            begun = True
            _accepted(smtp.data(data))
        finally:
            _goodbye(smtp)
    except smtplib.SMTPServerDisconnected as error:
        if begun:
            raise LinkBroken(_where(server, "broke the connection while taking the message")) from error
        if isinstance(error.__context__, TimeoutError):  # the library tells silence and end alike
            raise LinkTimeout(_where(server, "did not answer in time")) from error
        raise LinkRefused(_where(server, "broke the connection")) from error
    except smtplib.SMTPDataError as error:
        _accepted((max(error.smtp_code, 400), _bytes(error.smtp_error)))
        raise
    except smtplib.SMTPResponseException as error:
        raise MailNotTaken(_answer(error.smtp_code, _bytes(error.smtp_error))) from error
    except smtplib.SMTPException as error:  # log-in or TLS that the server does not offer
        raise MailNotTaken(_where(server, f"cannot be used as configured: {error}")) from error
    except TimeoutError as error:
        if begun:
            raise LinkBroken(_where(server, "did not answer after the message")) from error
        raise LinkTimeout(_where(server, "did not answer in time")) from error
    except OSError as error:
        if begun:
            raise LinkBroken(_where(server, f"broke the connection: {error}")) from error
        raise LinkRefused(_where(server, f"cannot be reached: {error}")) from error


def ascii_address(address: str) -> str:
    """The address with its domain as the net writes it. Raises: MailRefused if it cannot be written so."""
    local, _, domain = address.rpartition("@")
    try:
        local.encode("ascii")
        return f"{local}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError as error:
        raise MailRefused("the address cannot be written in ASCII") from error


def _connected(server: SmtpServer) -> smtplib.SMTP:
    """A connection, greeted, protected and logged in; the caller closes it."""
    context = ssl.create_default_context()
    smtp: smtplib.SMTP = (
        smtplib.SMTP_SSL(server.host, server.port, timeout=server.connect_timeout_seconds, context=context)
        if server.security == "tls"
        else smtplib.SMTP(server.host, server.port, timeout=server.connect_timeout_seconds)
    )
    try:
        assert smtp.sock is not None
        smtp.sock.settimeout(server.answer_timeout_seconds)
        if server.security == "starttls":
            smtp.starttls(context=context)
        smtp.ehlo_or_helo_if_needed()
        if server.user:
            smtp.login(server.user, server.password)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _goodbye(smtp: smtplib.SMTP) -> None:
    """End politely; what goes wrong now changes nothing of what was taken."""
    with contextlib.suppress(smtplib.SMTPException, OSError):
        smtp.quit()
    smtp.close()


def _accepted(answer: tuple[int, bytes], *, never_final: bool = False) -> None:
    code, text = answer
    if code < 400:
        return
    if code >= FINAL_CODE_MIN and not never_final:
        raise MailRefused(_answer(code, text))
    raise MailNotTaken(_answer(code, text))


def _answer(code: int, text: bytes) -> str:
    words = " ".join(text.decode("utf-8", "replace").split())
    return f"{code} {words}"[:ANSWER_CHARACTERS_MAX]


def _bytes(text: bytes | str) -> bytes:
    return text.encode() if isinstance(text, str) else text


def _where(server: SmtpServer, what: str) -> str:
    return f"{server.host}:{server.port} {what}"[:ANSWER_CHARACTERS_MAX]
