"""What can be wrong with the bytes, the JSON or the QR text of a fiscal document."""

from __future__ import annotations

from chekhov.errors import Malformed
from chekhov.tlv import Structure


class MalformedDocument(Malformed):
    """Bytes that are no fiscal document. `offset`: of the broken element; `path`: its enclosing groups.

    `trouble`: what is wrong; `printing.trouble_words` says it in Russian.
    """

    code = "malformed_document"

    def __init__(self, message: str, *, offset: int, path: tuple[int, ...] = (), trouble: Structure) -> None:
        """Keep the place beside the message."""
        super().__init__(message, offset=offset, path=path)
        self.offset = offset
        self.path = path
        self.trouble = trouble


class UnwritableDocument(Malformed):
    """Fields that make no document: too long as a whole, or of no known code."""

    code = "unwritable_document"


class MalformedDocumentJson(Malformed):
    """JSON that is no document in the tax service's form. `path` is like `receipt.items[2].quantity`."""

    code = "malformed_document_json"

    def __init__(self, message: str, *, path: str = "") -> None:
        """Put the path before the message."""
        super().__init__(f"{path}: {message}" if path else message, path=path)
        self.path = path


class MalformedQr(Malformed):
    """Text that is not that of a receipt's QR code."""

    code = "malformed_qr"
