"""What reading found wrong with a document, in Russian: for the paper, the tree of tags, staff's pages."""

from __future__ import annotations

from typing import Final

from chekhov.ffd.errors import MalformedDocument
from chekhov.ffd.tags import TAGS
from chekhov.tlv import Structure
from chekhov.tlv.spec import SIZES

STRUCTURE_WORDS: Final = {
    Structure.TOO_BIG: "документ больше, чем допускает формат",
    Structure.CUT_HEADER: "данные обрываются на заголовке реквизита",
    Structure.OVERRUN: "заявленная длина больше, чем данных на самом деле",
    Structure.TOO_DEEP: "реквизиты вложены друг в друга слишком глубоко",
    Structure.TRAILING: "после документа стоят лишние байты",
}


def trouble_words(error: MalformedDocument) -> str:
    """«заявленная длина больше, чем данных на самом деле (байт 61, внутри реквизита 1059)»."""
    inside = ", внутри реквизита " + " → ".join(map(str, error.path)) if error.path else ""
    return f"{STRUCTURE_WORDS[error.trouble]} (байт {error.offset}{inside})"


def defect_words(code: str, *, tag: int, length: int) -> str:
    """What is wrong with a value that is there. code: of the `Defect`; length: its bytes."""
    if code == "bad_number":
        return "Байты не читаются как число"
    known = TAGS.get(tag)
    size = None if known is None else SIZES.get(known.kind) or known.max_len
    told = f"Длина значения в байтах — {length}"
    if size is None or size == length or code not in {"wrong_length", "too_long"}:
        return f"{told}: формат такой не допускает"
    at_most = code == "too_long" or (known is not None and not known.fixed and known.kind not in SIZES)
    return f"{told}, а должна быть {'не больше ' if at_most else ''}{size}"
