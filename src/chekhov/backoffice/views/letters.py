"""Letters: those that were given up; and in a sandbox, the maildir where a person reads them."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from chekhov import clock
from chekhov.backoffice.access import staff_page
from chekhov.backoffice.desk import ROWS, before_of, letters_tabs
from chekhov.backoffice.section import first_url, paged_url
from chekhov.errors import ChekhovError, Conflict, RuleBroken
from chekhov.face.cells import Column, Empty, Link, Table
from chekhov.face.errors import error_answer
from chekhov.face.navigation import Crumb
from chekhov.face.pages import page
from chekhov.notify.maildir import MaildirLetter
from chekhov.notify.models import LetterState
from chekhov.notify.selectors import letter_in_maildir, letters_counted, letters_dead, letters_in_maildir
from chekhov.notify.services import letter_retry
from chekhov.orgs.sections import StaffDeed

LETTER_POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
)


@staff_page(deed=StaffDeed.CUSTOMERS_SEE)
def unsent(request: HttpRequest) -> HttpResponse:
    """Letters that were given up, with what stood in the way."""
    rows = letters_dead()
    before = before_of(request)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: ROWS + 1])
    counts = letters_counted()
    context = {
        "section": "letters",
        "tab": "unsent",
        "tabs": letters_tabs(counts[LetterState.DEAD], sandbox=_is_sandbox()),
        "letters": found[:ROWS],
        "waiting": counts[LetterState.WAITING] + counts[LetterState.SENDING],
        "older_url": paged_url(request.path, request.GET, found[ROWS - 1].pk if len(found) > ROWS else None),
        "first_url": first_url(request.path, request.GET),
        "empty": Empty(
            "Всё отправлено", "Здесь появятся письма, которые не удалось отправить.", "circle-check"
        ),
    }
    return page(request, "backoffice/letters.html", context)


@require_POST
@staff_page("POST", deed=StaffDeed.CUSTOMERS_SEE)
def retry(request: HttpRequest, letter_id: int) -> HttpResponse:
    """Put a letter into the queue anew."""
    try:
        letter_retry(letter_id=letter_id, now=clock.now())
    except (Conflict, RuleBroken) as error:
        messages.error(request, error.message, extra_tags="danger")
    else:
        messages.success(request, "Письмо снова в очереди.", extra_tags="fine")
    return redirect("letters_unsent")


@require_safe
def sandbox_letters(request: HttpRequest) -> HttpResponse:
    """Every letter of a sandbox, for whoever tries it: registering needs a letter before a log-in."""
    _sandbox_only()
    columns = (
        Column("subject", "Письмо", title=True),
        Column("recipient", "Кому"),
        Column("at", "Отправлено"),
    )
    rows: list[dict[str, object]] = [
        {
            "subject": Link(reverse("sandbox_letter", args=(letter.key,)), letter.subject or "без темы"),
            "recipient": letter.recipient,
            "at": letter.at,
        }
        for letter in letters_in_maildir()
    ]
    empty = Empty("Писем ещё нет", "Письма этой песочницы никуда не уходят: они появятся здесь.", "mail")
    context = {"section": "letters", "table": Table("Письма", columns, rows, empty)}
    return page(request, "backoffice/sandbox_letters.html", context)


@require_safe
def sandbox_letter(request: HttpRequest, key: str) -> HttpResponse:
    """One letter of a sandbox: its text, and how it looks."""
    try:
        letter = _letter(key)
    except ChekhovError as error:
        return error_answer(request, error)
    context = {
        "section": "letters",
        "crumbs": [Crumb("Письма", reverse("sandbox_letters")), Crumb(letter.subject or "без темы")],
        "letter": letter,
        "facts": [("Кому", letter.recipient), ("От кого", letter.sender), ("Отправлено", letter.at)],
    }
    return page(request, "backoffice/sandbox_letter.html", context)


@require_safe
def sandbox_letter_html(request: HttpRequest, key: str) -> HttpResponse:
    """The letter's HTML by itself, where nothing in it can run."""
    try:
        letter = _letter(key)
    except ChekhovError as error:
        return error_answer(request, error)
    response = HttpResponse(letter.html)
    response["Content-Security-Policy"] = LETTER_POLICY
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Cache-Control"] = "no-store"
    return response


def _letter(key: str) -> MaildirLetter:
    _sandbox_only()
    return letter_in_maildir(key)


def _sandbox_only() -> None:
    if not _is_sandbox():
        raise Http404


def _is_sandbox() -> bool:
    return bool(settings.SANDBOX)
