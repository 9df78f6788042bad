"""A fiscal document as a file: the same words in the same order as on its page, a strip 80 mm wide."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import segno

from chekhov.ffd.printing import PrintedLine, Sheet
from chekhov.papers import typeset

TEST_MARK: Final = "ТЕСТОВЫЙ НАКОПИТЕЛЬ"
STRIP_LINES_MAX: Final = 120
"""Up to here a document is one strip; a longer one would be a page no printer or reader takes."""

QR_BORDER_MODULES: Final = 2


@dataclass(frozen=True, slots=True)
class ReceiptSheet:
    """The printed document and words of ours under it, as (word, value)."""

    sheet: Sheet
    footer: Sequence[tuple[str, str]] = ()

    def as_data(self) -> dict[str, object]:
        """What the template gets."""
        lines = [_line(line) for line in self.sheet.lines]
        if self.footer:
            lines.append(_line(PrintedLine("rule")))
            lines.extend(_line(PrintedLine("pair", word, value)) for word, value in self.footer)
        return {
            "title": self.sheet.title,
            "mark": TEST_MARK if self.sheet.is_test else "",
            "long": len(lines) > STRIP_LINES_MAX,
            "lines": lines,
        }


def receipt_pdf(sheet: ReceiptSheet, *, made_at: dt.datetime) -> bytes:
    """The document as PDF. The same sheet and `made_at` (aware) give the same bytes. Raises: PaperNotSet."""
    return typeset.pdf("receipt", sheet.as_data(), made_at=made_at)


def receipt_qr_png(text: str, *, module_pixels: int = 6) -> bytes:
    """The QR code as a picture, for letters: mail programs draw no other."""
    picture = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        picture, kind="png", scale=module_pixels, border=QR_BORDER_MODULES
    )
    return picture.getvalue()


def _line(line: PrintedLine) -> dict[str, object]:
    return {
        "kind": line.kind,
        "text": line.text,
        "value": _qr_svg(line.value) if line.kind == "qr" else line.value,
        "weight": line.weight,
        "depth": line.depth,
    }


def _qr_svg(text: str) -> str:
    drawn: str = segno.make(text, error="m", micro=False).svg_inline(border=QR_BORDER_MODULES, scale=4)
    # An inline drawing names no language of its own; the typesetter reads only one that does.
    return drawn.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
