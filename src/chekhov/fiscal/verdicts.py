"""Numbers the journal keeps about a document, with their Russian words. Plain data, no Django."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Verdict(IntEnum):
    """What format control («ФЛК») said when the document arrived."""

    CLEAN = 0
    FINDINGS = 1
    UNRECOGNISED = 2

    @property
    def label(self) -> str:
        """Russian words for pages."""
        return VERDICT_WORDS[self]


class SignMark(IntEnum):
    """What is known of a document's fiscal signs; the journal's number for `ofdwire.sealing.SignState`."""

    VERIFIED = 1
    UNVERIFIED = 2
    MISMATCH = 3

    @property
    def label(self) -> str:
        """Russian words for pages."""
        return SIGN_WORDS[self]


class Reason(StrEnum):
    """Why bytes lie in the quarantine instead of the journal."""

    UNREADABLE = "unreadable"
    CONTAINER_CRC = "container_crc"
    SESSION_CRC = "session_crc"
    KEY_CONFLICT = "key_conflict"
    SIGN_MISMATCH = "sign_mismatch"
    REAL_DRIVE = "real_drive"
    DRIVE_DISAGREES = "drive_disagrees"
    NUMBER_DISAGREES = "number_disagrees"
    CIPHER_MISSING = "cipher_missing"
    UNEXPECTED_KIND = "unexpected_kind"
    OVERSIZE = "oversize"
    ROW_REFUSED = "row_refused"
    INTERNAL = "internal"

    @property
    def label(self) -> str:
        """Russian words for pages."""
        return REASON_WORDS[self]


VERDICT_WORDS: dict[Verdict, str] = {
    Verdict.CLEAN: "Без замечаний",
    Verdict.FINDINGS: "Ошибки ФЛК",
    Verdict.UNRECOGNISED: "Не распознан",
}

SIGN_WORDS: dict[SignMark, str] = {
    SignMark.VERIFIED: "Подпись проверена тестовым ключом",
    SignMark.UNVERIFIED: "Подпись не проверена",
    SignMark.MISMATCH: "Подпись не сходится",
}

REASON_WORDS: dict[Reason, str] = {
    Reason.UNREADABLE: "Контейнер не читается",
    Reason.CONTAINER_CRC: "Неверная контрольная сумма контейнера",
    Reason.SESSION_CRC: "Неверная контрольная сумма сообщения",
    Reason.KEY_CONFLICT: "Под тем же номером уже принят другой документ",
    Reason.SIGN_MISMATCH: "Фискальный признак не сходится",
    Reason.REAL_DRIVE: "Настоящий накопитель: модуль криптозащиты не подключён",
    Reason.DRIVE_DISAGREES: "Номера накопителя в сообщении не совпадают",
    Reason.NUMBER_DISAGREES: "Номера документа в сообщении не совпадают",
    Reason.CIPHER_MISSING: "Документ зашифрован: модуль криптозащиты не подключён",
    Reason.UNEXPECTED_KIND: "Такие сообщения касса оператору не передаёт",
    Reason.OVERSIZE: "Сообщение длиннее допустимого",
    Reason.ROW_REFUSED: "База данных не приняла запись",
    Reason.INTERNAL: "Внутренняя ошибка при разборе",
}

ALARMS: frozenset[Reason] = frozenset(
    {Reason.KEY_CONFLICT, Reason.SIGN_MISMATCH, Reason.ROW_REFUSED, Reason.INTERNAL}
)
"""Reasons that staff must look at at once; the rest is noise of networks and beginners."""
