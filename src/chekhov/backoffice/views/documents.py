"""One document: paper, requisites, findings, confirmation, the way it went; its bytes to take away."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from chekhov.backoffice.access import staff_page
from chekhov.backoffice.cards import card_of, drive_state_of, hexdump, steps_of
from chekhov.backoffice.section import section_context
from chekhov.backoffice.words import (
    SEVERITY_STATES,
    SIGN_STATES,
    VERDICT_STATES,
    document_name,
    version_name,
)
from chekhov.errors import NotFound
from chekhov.face.cells import Digits, Link, Money
from chekhov.face.navigation import Crumb
from chekhov.face.pages import page
from chekhov.face.shifts import OPERATIONS
from chekhov.fiscal.models import FiscalDocument
from chekhov.fiscal.selectors import document_get, is_projected
from chekhov.fiscal.selectors_pages import kkts_by_rnm, shift_of_document


class DocumentUnreadable(NotFound):
    """The document's content could not be read, so it has no JSON form."""

    code = "backoffice_document_unreadable"


@staff_page()
def document(request: HttpRequest, fn: str, fd: int) -> HttpResponse:
    """The page of one document."""
    row = document_get(fn=fn, fd=fd)
    card = card_of(row)
    kkt = kkts_by_rnm(rnms=[row.rnm]).get(row.rnm or "")
    context = {
        **section_context(
            "documents", Crumb("Накопитель " + fn, reverse("drive", args=(fn,))), Crumb(f"ФД {fd}")
        ),
        "row": row,
        "title": document_name(row.code),
        "states": [
            state
            for state in (VERDICT_STATES[row.verdict], SIGN_STATES[row.sign_state], drive_state_of(row))
            if state is not None
        ],
        "card": card,
        "facts": _facts(row),
        "findings": [(SEVERITY_STATES[finding.severity], finding) for finding in card.findings],
        "steps": steps_of(row, card, projected=is_projected(row), kkt=kkt),
        "container_dump": list(hexdump(bytes(row.container))),
        "answer_dump": list(hexdump(bytes(row.answer))),
    }
    return page(request, "backoffice/document.html", context)


@staff_page()
def container(request: HttpRequest, fn: str, fd: int) -> HttpResponse:  # noqa: ARG001
    """The container as it was received."""
    return _file(bytes(document_get(fn=fn, fd=fd).container), f"{fn}-{fd}-container.bin")


@staff_page()
def answer(request: HttpRequest, fn: str, fd: int) -> HttpResponse:  # noqa: ARG001
    """The whole answer as it was sent, session header included."""
    return _file(bytes(document_get(fn=fn, fd=fd).answer), f"{fn}-{fd}-answer.bin")


@staff_page()
def as_json(request: HttpRequest, fn: str, fd: int) -> HttpResponse:  # noqa: ARG001
    """The document in the tax service's JSON form."""
    card = card_of(document_get(fn=fn, fd=fd))
    if card.document is None:
        raise DocumentUnreadable(f"Содержимое документа не прочитано: {card.trouble}")
    return _file(card.json_text.encode(), f"{fn}-{fd}.json", "application/json; charset=utf-8")


def _file(data: bytes, name: str, content_type: str = "application/octet-stream") -> HttpResponse:
    response = HttpResponse(data, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def _facts(row: FiscalDocument) -> list[tuple[str, object]]:
    shift = shift_of_document(fn=row.fn, number=row.shift)
    return [
        ("Накопитель (ФН)", Digits(row.fn, copy=True)),
        ("Номер документа (ФД)", Digits(str(row.fd), copy=True)),
        ("Фискальный признак (ФПД)", Digits(f"{row.fpd:010}", copy=True) if row.fpd is not None else None),
        ("Регистрационный номер (РНМ)", Digits(row.rnm, copy=True) if row.rnm else None),
        ("ИНН пользователя", Digits(row.inn, copy=True) if row.inn else None),
        ("Дата по часам кассы", row.issued_at),
        ("Признак расчёта", OPERATIONS.get(row.operation or 0)),
        ("Сумма", Money(row.total_kopecks)),
        (
            "Смена",
            Link(reverse("shift", args=(row.fn, shift.number)), str(shift.number)) if shift else row.shift,
        ),
        ("Версия ФФД", version_name(row.ffd)),
        ("Версия протокола", f"{row.p_version:04x}"),
        ("Адрес отправителя", row.peer),
    ]
