"""One document taken apart for its page: bytes, values, findings, confirmation, the way it went."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from chekhov.backoffice.words import SIGN_STATES, TEST_DRIVE, VERDICT_STATES
from chekhov.errors import ChekhovError
from chekhov.face.cells import State
from chekhov.face.figures import size_text
from chekhov.face.paper import Paper, TreeNode, document_in, json_text, paper_of, tree_nodes
from chekhov.face.steps import Step
from chekhov.ffd.checks import Finding, check
from chekhov.ffd.documents import Document, document_decode
from chekhov.fiscal.models import FiscalDocument
from chekhov.fiscal.verdicts import Verdict
from chekhov.kkt.models import Kkt
from chekhov.ofdwire.limits import SESSION_HEADER_BYTES

HEXDUMP_BYTES_MAX = 65_536
HEXDUMP_WIDTH = 16
RESPONSE_WORDS: dict[object, str] = {0: "принят", 11: "не распознан", 14: "есть ошибки ФЛК"}
"""Codes of tag 1022."""


@dataclass(frozen=True, slots=True)
class DocumentCard:
    """The document and what is told of it; `document` None: its content could not be read, `trouble` says why."""

    document: Document | None
    trouble: str
    paper: Paper | None
    nodes: list[TreeNode]
    findings: list[Finding]
    json_text: str
    confirmation: Document | None
    confirmation_nodes: list[TreeNode]


def card_of(row: FiscalDocument) -> DocumentCard:
    """Take a journal's row apart. Never raises for what the journal holds: what cannot be read is said so."""
    document, trouble = document_in(bytes(row.container))
    confirmation = _decoded(bytes(row.answer)[SESSION_HEADER_BYTES:][32:])
    return DocumentCard(
        document=document,
        trouble=trouble,
        paper=None if document is None else paper_of(document),
        nodes=[] if document is None else tree_nodes(document),
        findings=[] if document is None else check(document),
        json_text="" if document is None else json_text(document),
        confirmation=confirmation,
        confirmation_nodes=[] if confirmation is None else tree_nodes(confirmation),
    )


def steps_of(row: FiscalDocument, card: DocumentCard, *, projected: bool, kkt: Kkt | None) -> list[Step]:
    """Where the document stands: received, checked, confirmed, counted, known to a cabinet."""
    done, waiting = State("fine", "сделано"), State("quiet", "предстоит", "hourglass")
    verdict = VERDICT_STATES[row.verdict]
    errors = sum(finding.severity == "error" for finding in card.findings)
    checked = {
        Verdict.CLEAN: "Ошибок нет",
        Verdict.FINDINGS: f"Найдено ошибок: {errors}",
        Verdict.UNRECOGNISED: f"Содержимое не прочитано: {card.trouble}",
    }[Verdict(row.verdict)]
    confirmed_at = card.confirmation.issued_at if card.confirmation is not None else None
    return [
        Step(
            "Получен",
            row.received_at,
            f"{size_text(len(row.container))}, адрес {row.peer or 'не известен'}",
            done,
        ),
        Step("Подпись", row.received_at, SIGN_STATES[row.sign_state].word, SIGN_STATES[row.sign_state]),
        Step("Форматный контроль", row.received_at, checked, State(verdict.tone, verdict.word)),
        Step("Подтверждён кассе", confirmed_at, _confirmation_words(card.confirmation), done),
        Step(
            "Учтён в сменах и состоянии кассы",
            None,
            "Проектор прочитал документ" if projected else "Проектор ещё не дошёл до документа",
            done if projected else waiting,
        ),
        Step(
            "Виден в личном кабинете",
            None,
            f"{kkt.organisation.name}, {kkt.name}"
            if kkt
            else "Касса не опознана: её нет ни в одном кабинете",
            done if kkt else State("attention", "неопознанная", "help-circle"),
        ),
    ]


def drive_state_of(document: FiscalDocument) -> State | None:
    """The mark of a test drive."""
    return TEST_DRIVE if document.fn.startswith("9999") else None


def hexdump(data: bytes) -> Iterator[tuple[str, str, str]]:
    """Lines of sixteen bytes: offset, hex, characters of the registers' code page (cp866)."""
    for at in range(0, min(len(data), HEXDUMP_BYTES_MAX), HEXDUMP_WIDTH):
        part = data[at : at + HEXDUMP_WIDTH]
        letters = "".join(char if char.isprintable() else "·" for char in part.decode("cp866"))
        yield f"{at:05x}", part.hex(" ").ljust(HEXDUMP_WIDTH * 3 - 1), letters


def _confirmation_words(confirmation: Document | None) -> str:
    if confirmation is None:
        return "Ответ не читается"
    details = confirmation.get(1068)
    if details:
        code = next((node.value for node in details if node.tag == 1022), None)
        return f"Код ответа {code}: {RESPONSE_WORDS.get(code, 'код оператора')}"
    bits = confirmation.get(1206)
    return f"Сообщение оператора: {bits}" if bits else "Без замечаний"


def _decoded(payload: bytes) -> Document | None:
    try:
        return document_decode(payload)
    except ChekhovError:
        return None
