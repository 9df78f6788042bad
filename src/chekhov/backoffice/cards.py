"""One document taken apart for its page: bytes, values, findings, confirmation, the way it went."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

import segno
from django.utils.safestring import SafeString, mark_safe

from chekhov.backoffice.words import SIGN_STATES, TEST_DRIVE, VERDICT_STATES
from chekhov.errors import ChekhovError
from chekhov.face.cells import State
from chekhov.face.figures import size_text
from chekhov.face.steps import Step
from chekhov.ffd.checks import Finding, check
from chekhov.ffd.documents import Document, document_decode
from chekhov.ffd.json import document_to_json
from chekhov.ffd.printing import PrintedLine, Sheet, TreeRow, printed, tree
from chekhov.fiscal.models import FiscalDocument
from chekhov.fiscal.verdicts import Verdict
from chekhov.kkt.models import Kkt
from chekhov.ofdwire.container import Container
from chekhov.ofdwire.limits import SESSION_HEADER_BYTES

HEXDUMP_BYTES_MAX = 65_536
HEXDUMP_WIDTH = 16
RESPONSE_WORDS: dict[object, str] = {0: "принят", 11: "не распознан", 14: "есть ошибки ФЛК"}
"""Codes of tag 1022."""


@dataclass(frozen=True, slots=True)
class TreeNode:
    """A requisite with what stands inside it, for `components/tree.html`."""

    tag: int
    name: str
    key: str
    value: str
    raw: bytes
    offset: int
    length: int
    defects: tuple[str, ...]
    children: list[TreeNode]


@dataclass(frozen=True, slots=True)
class DocumentCard:
    """The document and what is told of it; `document` None: its content could not be read, `trouble` says why."""

    container: Container
    document: Document | None
    trouble: str
    sheet: Sheet | None
    nodes: list[TreeNode]
    findings: list[Finding]
    json_text: str
    confirmation: Document | None
    confirmation_nodes: list[TreeNode]


def card_of(row: FiscalDocument) -> DocumentCard:
    """Take a journal's row apart. Never raises for what the journal holds: what cannot be read is said so."""
    container = Container.parse(bytes(row.container))
    document, trouble = _decoded(container.payload)
    confirmation, _ = _decoded(bytes(row.answer)[SESSION_HEADER_BYTES:][32:])
    return DocumentCard(
        container=container,
        document=document,
        trouble=trouble,
        sheet=None if document is None else printed(document),
        nodes=[] if document is None else tree_nodes(document),
        findings=[] if document is None else check(document),
        json_text="" if document is None else json_text(document),
        confirmation=confirmation,
        confirmation_nodes=[] if confirmation is None else tree_nodes(confirmation),
    )


def tree_nodes(document: Document) -> list[TreeNode]:
    """The rows of the tag tree, nested."""
    top: list[TreeNode] = []
    open_levels: list[list[TreeNode]] = [top]
    for row in tree(document):
        node = _node(row)
        del open_levels[row.depth + 1 :]
        open_levels[-1].append(node)
        open_levels.append(node.children)
    return top


def json_text(document: Document) -> str:
    """The document in the tax service's form, as text; why not, if it cannot be written so."""
    try:
        return json.dumps(document_to_json(document), ensure_ascii=False, indent=2)
    except ChekhovError as error:
        return f"// {error.message}"


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


def qr_svg(line: PrintedLine) -> SafeString:
    """The QR code of a receipt; drawn with attributes only, so that the strict policy of styles lets it pass."""
    drawn = segno.make(line.value, error="m", micro=False).svg_inline(
        border=2, omitsize=True, title="QR-код чека", svgclass="qr", lineclass=None
    )
    return mark_safe(drawn)  # noqa: S308  # segno draws it from modules, the text is not in it


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


def _decoded(payload: bytes) -> tuple[Document | None, str]:
    try:
        return document_decode(payload), ""
    except ChekhovError as error:
        return None, error.message


def _node(row: TreeRow) -> TreeNode:
    return TreeNode(
        tag=row.tag,
        name=row.name,
        key=row.key,
        value=row.value,
        raw=bytes.fromhex(row.raw),
        offset=row.offset,
        length=row.length,
        defects=row.defects,
        children=[],
    )
