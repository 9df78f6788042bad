"""From a row and its secrets to a message: plain text first, then HTML; headers that answer for themselves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from chekhov.notify.enclosures import Attachment, enclosed
from chekhov.notify.models import Letter

# Quoted-printable keeps lines short and the source readable.
TRANSFER = "quoted-printable"


def letter_message(letter: Letter, secrets: Mapping[str, Any], *, now: dt.datetime) -> EmailMessage:
    """The message as it goes out. The same letter always has the same Message-ID, so a repeat is known.

    Raises: what the maker of its enclosures raises.
    """
    extra = enclosed(letter.template, letter.context)
    context = {
        **letter.context,
        **extra.context,
        **secrets,
        "subject": letter.subject,
        "operator": settings.OPERATOR_NAME,
        "operator_inn": settings.OPERATOR_INN,
        "brand": settings.OPERATOR_BRAND_COLOR,
        "public_url": settings.PUBLIC_URL,
    }
    message = EmailMessage(policy=SMTP)
    message["Subject"] = letter.subject
    message["From"] = _sender()
    message["To"] = _ascii(letter.recipient)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{letter.message_id}@{sender_domain()}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    text = render_to_string(f"letters/{letter.template}.txt", context).strip() + "\n"
    page = render_to_string(f"letters/{letter.template}.html", context)
    message.set_content(text, cte=TRANSFER)
    message.add_alternative(page, subtype="html", cte=TRANSFER)
    _enclose(message, extra.attachments)
    return message


def sender_domain() -> str:
    """The domain letters are sent from, as the net writes it."""
    return _ascii(settings.MAIL_FROM).rpartition("@")[2]


def _enclose(message: EmailMessage, attachments: Iterable[Attachment]) -> None:
    """Pictures go beside the HTML that shows them, files after the letter."""
    page = message.get_body(("html",))
    assert isinstance(page, EmailMessage)
    files = []
    for one in attachments:
        main, _, sub = one.media_type.partition("/")
        if one.content_id:
            page.add_related(
                one.data, main, sub, cid=f"<{one.content_id}>", filename=one.name, disposition="inline"
            )
        else:
            files.append((one, main, sub))
    for one, main, sub in files:
        message.add_attachment(one.data, main, sub, filename=one.name)


def _sender() -> Address:
    name = "".join(one for one in settings.OPERATOR_NAME if one.isprintable())
    return Address(display_name=name, addr_spec=_ascii(settings.MAIL_FROM))


def _ascii(address: str) -> str:
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain.encode('idna').decode('ascii')}"
