"""A fiscal document by e-mail: asked for from its page, made when the letter is sent, with the document as PDF."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Final

from django.conf import settings
from django.db import transaction

from chekhov.audit.actions import actions_register
from chekhov.audit.models import AuditEntry
from chekhov.db.locks import transaction_lock
from chekhov.errors import NotFound, RuleBroken
from chekhov.face.figures import sum_text
from chekhov.face.paper import document_in
from chekhov.ffd.documents import Document
from chekhov.ffd.printing import PrintedLine, Sheet, printed
from chekhov.ffd.versions import RECEIPTS
from chekhov.fiscal.models import FiscalDocument
from chekhov.fiscal.selectors import document_get
from chekhov.kkt.selectors import registration_current
from chekhov.notify.enclosures import Attachment, Enclosed, enclosures_register
from chekhov.notify.models import Letter
from chekhov.notify.selectors import letters_recent
from chekhov.notify.services import letter_send, recipient_parse
from chekhov.orgs.actor import Actor, deed_record
from chekhov.orgs.models import Organisation
from chekhov.papers.receipt import ReceiptSheet, receipt_pdf, receipt_qr_png

TEMPLATE: Final = "receipt"
ACTION: Final = "fiscal.document_mailed"
QR_CONTENT_ID: Final = "receipt-qr"
HOUR: Final = dt.timedelta(hours=1)
DAY: Final = dt.timedelta(days=1)
LETTERS_AN_HOUR_PER_RECIPIENT_MAX: Final = 10
LETTERS_A_DAY_PER_RECIPIENT_MAX: Final = 40
LETTERS_AN_HOUR_PER_USER_MAX: Final = 60
LETTERS_A_DAY_PER_USER_MAX: Final = 300
REPEAT: Final = dt.timedelta(minutes=2)
"""The same document to the same address within this time is a second click, not a second wish."""

TEXT_COLUMNS: Final = 48
NAME_TAGS: Final = (1048, 1187)
INDENT_PIXELS: Final = 14

actions_register({ACTION: "Документ отправлен по электронной почте"})


class DocumentUnreadable(NotFound):
    """The document's content could not be read, so there is nothing to show or to send."""

    code: ClassVar[str] = "fiscal_document_unreadable"


class LettersTooOften(RuleBroken):
    """Too many documents were sent to this address, or by this person, of late."""

    code: ClassVar[str] = "fiscal_letters_too_often"


def footer_of(row: FiscalDocument) -> tuple[tuple[str, str], ...]:
    """Words of ours under a receipt: the register's factory number, which receipts lack, and who keeps them."""
    if row.code not in RECEIPTS:
        return ()
    registered = registration_current(fn=row.fn)
    serial = registered.serial if registered is not None else None
    return (
        *((("ЗН ККТ", serial),) if serial else ()),
        ("ОФД", settings.OPERATOR_NAME),
        ("Сайт ОФД", settings.PUBLIC_URL),
    )


def document_readable(row: FiscalDocument) -> Document:
    """The document of a journal's row. Raises: DocumentUnreadable."""
    document, _ = document_in(bytes(row.container))
    if document is None:
        raise DocumentUnreadable("Содержимое документа не прочитано")
    return document


def document_pdf(row: FiscalDocument) -> bytes:
    """The document as PDF. Raises: DocumentUnreadable, PaperNotSet."""
    sheet = ReceiptSheet(printed(document_readable(row)), footer_of(row))
    return receipt_pdf(sheet, made_at=row.received_at)


@transaction.atomic
def document_letter_send(
    *, actor: Actor, organisation: Organisation, row: FiscalDocument, recipient: str, now: dt.datetime
) -> bool:
    """Put a letter with the document into the queue; False if the same one was asked for a moment ago.

    `row`: a document that `access` gave to this person, of a register of `organisation`.
    Raises: DocumentUnreadable, BadRecipient, LettersTooOften.
    """
    address = recipient_parse(recipient)
    document = document_readable(row)
    # Whoever sends to the same address, and the same person, waits his turn: none slips past the count.
    transaction_lock(f"fiscal.letters:to:{address.lower()}", f"fiscal.letters:by:{actor.user.pk}")
    if _repeated(row, address, now):
        return False
    _allow(actor, address, now)
    letter_send(
        template=TEMPLATE,
        recipient=address,
        context={
            "fn": row.fn,
            "fd": row.fd,
            "what": _what(document),
            "seller": _seller(document),
        },
        account=organisation.account_id,
        now=now,
    )
    deed_record(
        actor,
        ACTION,
        now=now,
        object_kind="document",
        object_id=f"{row.fn}-{row.fd}",
        organisation=organisation,
        facts={"to": address_masked(address)},
    )
    return True


def address_masked(address: str) -> str:
    """«r…a, example.test»: enough for its owner to know it again, and no address."""
    local, _, domain = address.rpartition("@")
    hidden = f"{local[0]}…{local[-1]}" if len(local) > 2 else "…"
    return f"{hidden}, {domain}"


def document_enclosed(context: Mapping[str, Any]) -> Enclosed:
    """The paper for the letter's text and HTML, the QR code as a picture, the PDF.

    Raises: DocumentNotFound, DocumentUnreadable, PaperNotSet.
    """
    row = document_get(fn=str(context["fn"]), fd=int(context["fd"]))
    sheet = printed(document_readable(row))
    code = next((line.value for line in sheet.lines if line.kind == "qr"), "")
    pdf = Attachment(name=f"{row.fn}-{row.fd}.pdf", media_type="application/pdf", data=document_pdf(row))
    picture = Attachment(
        name="qr.png", media_type="image/png", data=receipt_qr_png(code), content_id=QR_CONTENT_ID
    ) if code else None  # fmt: skip
    lines = _with_footer(sheet, footer_of(row))
    return Enclosed(
        context={"lines": list(_text_lines(lines)), "rows": _rows(lines), "qr_text": code},
        attachments=(pdf,) if picture is None else (picture, pdf),
    )


enclosures_register(TEMPLATE, document_enclosed)


def _repeated(row: FiscalDocument, address: str, now: dt.datetime) -> bool:
    return Letter.objects.filter(
        recipient__iexact=address,
        template=TEMPLATE,
        created_at__gt=now - REPEAT,
        context__fn=row.fn,
        context__fd=row.fd,
    ).exists()


def _allow(actor: Actor, address: str, now: dt.datetime) -> None:
    for since, most in ((HOUR, LETTERS_AN_HOUR_PER_RECIPIENT_MAX), (DAY, LETTERS_A_DAY_PER_RECIPIENT_MAX)):
        if letters_recent(recipient=address, template=TEMPLATE, since=now - since) >= most:
            raise LettersTooOften("На этот адрес уже отправлено много документов. Повторите позже")
    done = AuditEntry.objects.filter(actor=actor.user, action=ACTION)
    for since, most in ((HOUR, LETTERS_AN_HOUR_PER_USER_MAX), (DAY, LETTERS_A_DAY_PER_USER_MAX)):
        if done.filter(at__gte=now - since).count() >= most:
            raise LettersTooOften("Вы отправили уже много документов. Повторите позже")


def _what(document: Document) -> str:
    """«Кассовый чек от 15.11.2026 на сумму 1 234,56 ₽»."""
    words = printed(document).title
    if document.issued_at is not None:
        words = f"{words} от {document.issued_at:%d.%m.%Y}"
    if document.total_kopecks is not None:
        words = f"{words} на сумму {sum_text(document.total_kopecks)}"
    return words


def _seller(document: Document) -> str:
    for tag in NAME_TAGS:
        text = document.get(tag)
        if isinstance(text, str) and text.strip():
            return " ".join("".join(one if one.isprintable() else " " for one in text).split())
    return ""


def _with_footer(sheet: Sheet, footer: Iterable[tuple[str, str]]) -> list[PrintedLine]:
    ours = [PrintedLine("pair", word, value) for word, value in footer]
    return [*sheet.lines, PrintedLine("rule"), *ours] if ours else list(sheet.lines)


def _text_lines(lines: Iterable[PrintedLine]) -> Iterable[str]:
    """The paper for a letter without HTML, in columns of a narrow strip."""
    for line in lines:
        if line.kind == "qr":
            continue
        if line.kind == "rule":
            yield "-" * TEXT_COLUMNS
        elif line.kind in {"heading", "notice"}:
            words = f"{line.text} {line.value}".strip()
            yield from (part.center(TEXT_COLUMNS).rstrip() for part in textwrap.wrap(words, TEXT_COLUMNS))
        else:
            yield from _text_pair(line)


def _text_pair(line: PrintedLine) -> Iterable[str]:
    indent = "  " * line.depth
    room = TEXT_COLUMNS - len(indent)
    dots = room - len(line.text) - len(line.value) - 2
    if line.text and line.value and dots > 0:
        yield f"{indent}{line.text} {'.' * dots} {line.value}"
        return
    yield from (indent + part for part in textwrap.wrap(line.text, max(room, 10)))
    yield from (part.rjust(TEXT_COLUMNS) for part in textwrap.wrap(line.value, max(room, 10)))


def _rows(lines: Iterable[PrintedLine]) -> list[dict[str, object]]:
    return [
        {
            "kind": line.kind,
            "text": line.text,
            "value": "" if line.kind == "qr" else line.value,
            "strong": line.weight == "strong" or line.kind in {"item", "total"},
            "indent": INDENT_PIXELS * (1 + line.depth),
        }
        for line in lines
    ]
