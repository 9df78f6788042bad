"""Rows of the journal and of drives as rows of tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.urls import reverse

from chekhov.backoffice.words import (
    TEST_DRIVE,
    UNIDENTIFIED,
    VERDICT_STATES,
    document_name,
    reason_state,
    version_name,
)
from chekhov.face.cells import Column, Digits, Link, Money, State, Two
from chekhov.face.figures import size_text
from chekhov.face.shifts import OPERATIONS
from chekhov.fiscal.models import DriveState, FiscalDocument, Quarantined
from chekhov.kkt.models import Kkt, Registration

DOCUMENT_COLUMNS = (
    Column("document", "Документ", title=True),
    Column("issued_at", "Дата по кассе"),
    Column("kkt", "Касса"),
    Column("fn", "ФН"),
    Column("state", "Состояние"),
    Column("received_at", "Принят"),
    Column("total", "Сумма", end=True),
)

DRIVE_COLUMNS = (
    Column("fn", "Накопитель", title=True),
    Column("owner", "Касса"),
    Column("rnm", "РНМ"),
    Column("last", "Последний документ"),
    Column("documents", "Документов", end=True),
    Column("state", "Состояние"),
)

QUARANTINE_COLUMNS = (
    Column("message", "Сообщение", title=True),
    Column("reason", "Причина"),
    Column("received_at", "Получено"),
    Column("fn", "ФН"),
    Column("fd", "ФД", end=True),
    Column("peer", "Адрес"),
    Column("size", "Размер", end=True),
    Column("state", "Состояние"),
)


def document_rows(documents: Iterable[FiscalDocument], kkts: Mapping[str, Kkt]) -> list[dict[str, object]]:
    """Documents for `DOCUMENT_COLUMNS`."""
    return [
        {
            "document": Two(
                Link(reverse("document", args=(row.fn, row.fd)), document_name(row.code)), f"ФД {row.fd}"
            ),
            "issued_at": row.issued_at,
            "kkt": _kkt_cell(row.rnm, kkts),
            "fn": Digits(row.fn),
            "state": VERDICT_STATES[row.verdict],
            "received_at": row.received_at,
            "total": Two(Money(row.total_kopecks), OPERATIONS.get(row.operation or 0, ""))
            if row.total_kopecks is not None
            else None,
        }
        for row in documents
    ]


def drive_rows(
    drives: Iterable[DriveState], registrations: Mapping[str, Registration], kkts: Mapping[str, Kkt]
) -> list[dict[str, object]]:
    """Drives for `DRIVE_COLUMNS`."""
    return [
        {
            "fn": Link(reverse("drive", args=(row.fn,)), Digits(row.fn)),
            "owner": _kkt_cell(row.rnm, kkts, registrations.get(row.fn)),
            "rnm": Digits(row.rnm, copy=True) if row.rnm else None,
            "last": Two(row.last_received_at, f"ФД {row.last_fd}, ФФД {version_name(row.ffd)}"),
            "documents": row.documents,
            "state": drive_states(row, known=bool(row.rnm and row.rnm in kkts)),
        }
        for row in drives
    ]


def drive_states(row: DriveState, *, known: bool) -> list[State]:
    """What there is to say of a drive in a list."""
    states = []
    if row.is_closed:
        states.append(State("quiet", "ФН закрыт", "minus"))
    if not known:
        states.append(UNIDENTIFIED)
    if row.unrecognised:
        states.append(State("danger", f"Не распознано: {row.unrecognised}"))
    elif row.findings:
        states.append(State("attention", f"С ошибками ФЛК: {row.findings}"))
    if row.fn.startswith("9999"):
        states.append(TEST_DRIVE)
    return states


def quarantine_rows(rows: Iterable[Quarantined]) -> list[dict[str, object]]:
    """Quarantined messages for `QUARANTINE_COLUMNS`."""
    return [
        {
            "message": Link(reverse("quarantined", args=(row.pk,)), f"№ {row.pk}"),
            "reason": reason_state(row.reason),
            "received_at": row.received_at,
            "fn": Digits(row.fn) if row.fn else None,
            "fd": row.fd,
            "peer": row.peer,
            "size": size_text(row.raw_size),
            "state": State("fine", "Разобрано")
            if row.resolved_at
            else State("attention", "Ждёт разбора", "hourglass"),
        }
        for row in rows
    ]


def _kkt_cell(rnm: str | None, kkts: Mapping[str, Kkt], registration: Registration | None = None) -> object:
    kkt = kkts.get(rnm or "")
    if kkt is not None:
        return Two(kkt.name, kkt.organisation.name)
    if registration is not None and registration.user_name:
        return Two(registration.user_name, registration.place or registration.address or "")
    return UNIDENTIFIED if registration is None else None
