"""Versions of the format of fiscal documents (ФФД) and codes of the documents."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple


class FfdVersion(IntEnum):
    """Version of the format; the number is the value of tag 1209."""

    V1_0 = 1
    V1_05 = 2
    V1_1 = 3
    V1_2 = 4

    @property
    def label(self) -> str:
        """As people and tables write it: 1.05."""
        return _LABELS[self]

    @classmethod
    def of_label(cls, label: str) -> FfdVersion:
        """The version that is written so. Raises ValueError."""
        for version, text in _LABELS.items():
            if text == label:
                return version
        raise ValueError(f"no version of the format is called {label!r}")


_LABELS = {FfdVersion.V1_0: "1.0", FfdVersion.V1_05: "1.05", FfdVersion.V1_1: "1.1", FfdVersion.V1_2: "1.2"}


class DocumentCode(IntEnum):
    """Code of the form of a fiscal document; also the tag of the document's own element."""

    REGISTRATION = 1
    REREGISTRATION = 11
    SHIFT_OPEN = 2
    STATE_REPORT = 21
    RECEIPT = 3
    RECEIPT_CORRECTION = 31
    BSO = 4
    BSO_CORRECTION = 41
    SHIFT_CLOSE = 5
    DRIVE_CLOSE = 6
    OPERATOR_ACK = 7
    MARK_REQUEST = 81
    MARK_NOTICE = 82
    MARK_ANSWER = 83
    MARK_TICKET = 84


# Plain numbers: codes of documents are looked up by the million, and the hash of an enum's member is a call.
SETTLEMENTS = frozenset({3, 4})
"""Receipt and БСО."""
CORRECTIONS = frozenset({31, 41})
"""Receipt and БСО of correction."""
RECEIPTS = SETTLEMENTS | CORRECTIONS
"""All documents of settlements: what a buyer may be given."""


class DocumentKind(NamedTuple):
    """What is known of a form as a whole. `bytes_max`: of the document's data. `json_name`: root in JSON."""

    code: DocumentCode
    name_ru: str
    json_name: str | None
    bytes_max: int
    direction: str


_D = DocumentCode

# fmt: off
DOCUMENT_KINDS: dict[int, DocumentKind] = {kind.code: kind for kind in (
    DocumentKind(_D.REGISTRATION, "отчет о регистрации", "fiscalReport", 6144, "ФН->ОФД"),
    DocumentKind(_D.REREGISTRATION, "отчет об изменении параметров регистрации", "fiscalReportCorrection", 6144, "ФН->ОФД"),
    DocumentKind(_D.SHIFT_OPEN, "отчет об открытии смены", "openShift", 4096, "ФН->ОФД"),
    DocumentKind(_D.STATE_REPORT, "отчет о текущем состоянии расчетов", "currentStateReport", 32768, "ФН->ОФД"),
    DocumentKind(_D.RECEIPT, "кассовый чек", "receipt", 32768, "ФН->ОФД"),
    DocumentKind(_D.RECEIPT_CORRECTION, "кассовый чек коррекции", "receiptCorrection", 32768, "ФН->ОФД"),
    DocumentKind(_D.BSO, "бланк строгой отчетности", "bso", 32768, "ФН->ОФД"),
    DocumentKind(_D.BSO_CORRECTION, "БСО коррекции", "bsoCorrection", 32768, "ФН->ОФД"),
    DocumentKind(_D.SHIFT_CLOSE, "отчет о закрытии смены", "closeShift", 4096, "ФН->ОФД"),
    DocumentKind(_D.DRIVE_CLOSE, "отчет о закрытии фискального накопителя", "closeArchive", 4096, "ФН->ОФД"),
    DocumentKind(_D.OPERATOR_ACK, "подтверждение оператора", "operatorAck", 512, "ОФД->ФН"),
    DocumentKind(_D.MARK_REQUEST, "запрос о коде маркировки", None, 4096, "ФН->ОИСМ"),
    DocumentKind(_D.MARK_NOTICE, "уведомление о реализации маркированного товара", None, 32768, "ФН->ОФД/ОИСМ"),
    DocumentKind(_D.MARK_ANSWER, "ответ на запрос", None, 512, "ОИСМ->ФН"),
    DocumentKind(_D.MARK_TICKET, "квитанция на уведомление", None, 512, "ОИСМ->ФН"),
)}
# fmt: on
"""Source: tables of data limits of the order ЕД-7-20/662@; operatorAck is a name used between programs."""
