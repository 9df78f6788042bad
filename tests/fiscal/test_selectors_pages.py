"""Lists paged by key: every row once, in order, whatever they are narrowed to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import pytest

import factories
from chekhov.fiscal.errors import CursorMalformed
from chekhov.fiscal.models import DriveState, FiscalDocument
from chekhov.fiscal.selectors_pages import (
    DocumentsWanted,
    documents_page,
    drives_page,
    kkts_by_rnm,
    registrations_by_drive,
    unidentified_count,
)
from chekhov.kkt.services import registrations_record

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 11, 16, 12, 0, tzinfo=dt.UTC)
FNS = [f"{9999540000000000 + number}" for number in (1, 2, 3)]
RNM = "0000000001057222"


def document(fn: str, fd: int, *, xid: int, **fields) -> FiscalDocument:
    values = {
        "fn": fn,
        "fd": fd,
        "xid": xid,
        "received_at": NOON,
        "issued_at": NOON.replace(tzinfo=None) + dt.timedelta(minutes=fd),
        "p_version": 0x0120,
        "flags": 20,
        "code": 3,
        "verdict": 0,
        "sign_state": 1,
        "rnm": RNM,
        "container": b"\x00",
        "answer": b"\x00",
    }
    return FiscalDocument.objects.create(**values | fields)


@pytest.fixture
def documents() -> list[FiscalDocument]:
    """Three drives; several documents in one transaction, equal moments, some without a moment."""
    rows = []
    for place, fn in enumerate(FNS):
        for fd in range(1, 8):
            without = fn == FNS[2] and fd in {3, 4}
            rows.append(
                document(
                    fn,
                    fd,
                    xid=100 + fd // 3,
                    code=2 if fd == 1 else 3,
                    verdict=fd % 3 if place else 0,
                    **({"issued_at": None} if without else {}),
                )
            )
    return rows


def keys(rows: Iterable[FiscalDocument]) -> list[tuple[str, int]]:
    return [(row.fn, row.fd) for row in rows]


def walked(wanted: DocumentsWanted, limit: int) -> list[FiscalDocument]:
    found: list[FiscalDocument] = []
    before: str | None = None
    for _ in range(50):
        page = documents_page(wanted=wanted, before=before, limit=limit)
        assert len(page.documents) <= limit
        found += page.documents
        before = page.next_cursor
        if before is None:
            return found
    raise AssertionError("the list has no end")


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 100])
@pytest.mark.parametrize(
    "wanted",
    [
        DocumentsWanted(),
        DocumentsWanted(fn=FNS[0]),
        DocumentsWanted(rnm=RNM),
        DocumentsWanted(code=2),
        DocumentsWanted(verdict=1),
        DocumentsWanted(verdict=0, fn=FNS[1]),
        DocumentsWanted(code=3, rnm=RNM),
    ],
)
def test_every_row_once_whatever_the_page(
    documents: list[FiscalDocument], wanted: DocumentsWanted, limit: int
) -> None:
    expected = {
        (row.fn, row.fd)
        for row in documents
        if (wanted.fn is None or row.fn == wanted.fn)
        and (wanted.code is None or row.code == wanted.code)
        and (wanted.verdict is None or row.verdict == wanted.verdict)
    }
    found = keys(walked(wanted, limit))
    assert len(found) == len(expected)
    assert set(found) == expected
    assert found == keys(walked(wanted, 200)), "the order does not depend on the size of a page"


def test_the_order_of_each_list(documents: list[FiscalDocument]) -> None:
    assert [row.fd for row in walked(DocumentsWanted(fn=FNS[0]), 2)] == [7, 6, 5, 4, 3, 2, 1]
    xids = [row.xid for row in walked(DocumentsWanted(), 4)]
    assert xids == sorted(xids, reverse=True)
    moments = [row.issued_at for row in walked(DocumentsWanted(rnm=RNM), 2)]
    assert moments[:2] == [None, None]
    assert moments[2:] == sorted(moments[2:], reverse=True)


def test_rows_come_without_their_bytes(documents: list[FiscalDocument]) -> None:
    assert documents_page().documents[0].get_deferred_fields() == {"container", "answer"}


@pytest.mark.parametrize(
    "key",
    [
        "",
        "a",
        "d-",
        "d-x",
        "a-1-2",
        "a-n-1-1",
        "d-n",
        "r-n-1",
        "r-1-1-1-1",
        "a-1-1-" + "9" * 19,
        "r-x-1-1",
        "d-1\x00",
    ],
)
@pytest.mark.parametrize("wanted", [DocumentsWanted(), DocumentsWanted(fn=FNS[0]), DocumentsWanted(rnm=RNM)])
def test_a_spoilt_key_is_told(wanted: DocumentsWanted, key: str) -> None:
    with pytest.raises(CursorMalformed):
        documents_page(wanted=wanted, before=key)


def test_a_key_of_another_list_is_told(documents: list[FiscalDocument]) -> None:
    key = documents_page(limit=1).next_cursor
    with pytest.raises(CursorMalformed):
        documents_page(wanted=DocumentsWanted(fn=FNS[0]), before=key)


def test_a_moment_beyond_the_calendar_is_a_spoilt_key() -> None:
    with pytest.raises(CursorMalformed):
        documents_page(wanted=DocumentsWanted(rnm=RNM), before="r-" + "9" * 18 + "-1-1")
    with pytest.raises(CursorMalformed):
        drives_page(before="9" * 40 + "-1")


def drive(fn: str, *, minutes: int = 0, rnm: str | None = None) -> DriveState:
    heard_at = NOON + dt.timedelta(minutes=minutes, microseconds=123_457)
    return DriveState.objects.create(
        fn=fn, rnm=rnm, inn="7707083893", first_fd=1, last_fd=1, documents=1, findings=0, unrecognised=0,
        first_received_at=heard_at, last_received_at=heard_at,
    )  # fmt: skip


@pytest.mark.parametrize("limit", [1, 2, 100])
def test_every_drive_once_last_heard_first(limit: int) -> None:
    for number in range(7):
        drive(f"{9999540000000100 + number}", minutes=number // 2)
    found: list[DriveState] = []
    before = None
    while True:
        page = drives_page(before=before, limit=limit)
        found += page.drives
        before = page.next_cursor
        if before is None:
            break
    assert len({row.fn for row in found}) == len(found) == 7
    assert [row.last_received_at for row in found] == sorted(
        (row.last_received_at for row in found), reverse=True
    )


def test_drives_of_registers_in_no_cabinet() -> None:
    known = factories.kkt_make()
    drive(FNS[0], rnm=known.rnm)
    drive(FNS[1], rnm=RNM)
    drive(FNS[2])
    assert {row.fn for row in drives_page(unidentified=True).drives} == {FNS[1], FNS[2]}
    assert unidentified_count() == 2


def test_drives_by_number() -> None:
    drive(FNS[0], rnm=RNM)
    drive("9999078900000012")
    for number in ("9999540", FNS[0], RNM):
        assert [row.fn for row in drives_page(number=number).drives] == [FNS[0]]
    assert len(drives_page(number="7707083893").drives) == 2
    assert drives_page(number="%").drives == []


def test_the_last_registration_of_each_drive() -> None:
    registrations_record(
        facts=[
            factories.registration_fact(fn=FNS[0], fd=1, code=1, user_name="старое"),
            factories.registration_fact(fn=FNS[0], fd=9, code=11, user_name="новое"),
            factories.registration_fact(fn=FNS[0], fd=20, code=6, user_name="закрытие"),
        ]
    )
    found = registrations_by_drive(fns=[FNS[0], FNS[1]])
    assert {fn: row.user_name for fn, row in found.items()} == {FNS[0]: "новое"}
    assert registrations_by_drive(fns=[]) == {}


def test_registers_by_number() -> None:
    kkt = factories.kkt_make()
    assert kkts_by_rnm(rnms=[kkt.rnm, None, "", RNM]) == {kkt.rnm: kkt}
    assert kkts_by_rnm(rnms=[None]) == {}
