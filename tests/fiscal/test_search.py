"""Lists of documents: every row that fits once, in order, whatever they are narrowed to and however little is done at a call."""

from __future__ import annotations

import datetime as dt

import pytest

import factories
from chekhov.fiscal import projector, search, search_inside
from chekhov.fiscal import scope as scopes
from chekhov.fiscal.errors import CursorMalformed
from chekhov.fiscal.models import FiscalDocument
from chekhov.fiscal.payments import Payment
from chekhov.fiscal.scope import Scope
from chekhov.fiscal.search import ReceiptsWanted, receipts_page
from chekhov.kkt.models import Kkt
from fiscal.selling import Register, entries_make, entries_write

MINE = [
    Register("9999540000000011", "0000000001005209", "7702203276"),
    Register("9999540000000012", "0000000001057222", "7702203276"),
    Register("9999540000000013", "0000000001005209", "7702203276"),  # the same register, another drive
]
FOREIGN = Register("9999540000000014", "0000000001057222", "7704358518")  # my number, another company
SCOPE = Scope.of(*(register.pair for register in MINE))
ONE = Scope.of(MINE[1].pair)


@pytest.fixture
def entries(test_database_url):
    """Documents of four drives of which three are mine; gives mine, newest first."""
    made = entries_make([*MINE, FOREIGN], 60, seed=1)
    entries_write(test_database_url, made)
    while projector.step():
        pass
    return sorted((entry for entry in made if entry.register != FOREIGN), key=lambda entry: entry.order)


def walked(scope, wanted=None, limit=7, calls_max=400):
    found, before = [], None
    for _ in range(calls_max):
        page = receipts_page(scope, wanted, before, limit)
        assert len(page.documents) <= limit
        assert page.is_cut or len(page.documents) == limit or page.next_cursor is None
        found += [(row.fn, row.fd) for row in page.documents]
        before = page.next_cursor
        if before is None:
            return found
    raise AssertionError("there is no end")


SETTLED = {3, 4, 31, 41}
WANTED = [
    (ReceiptsWanted(), lambda _: True),
    (ReceiptsWanted(codes=frozenset({2, 5})), lambda one: one.code in {2, 5}),
    (ReceiptsWanted(operation=2), lambda one: one.operation == 2),
    (ReceiptsWanted(sum_from=5_000, sum_to=9_000), lambda one: one.code in SETTLED and 5_000 <= one.total <= 9_000),
    (ReceiptsWanted(shift=2), lambda one: one.shift == 2),
    (ReceiptsWanted(fd=17), lambda one: one.fd == 17),
    (ReceiptsWanted(fd=17, operation=1), lambda one: one.fd == 17 and one.operation == 1),
    (
        ReceiptsWanted(since=dt.date(2026, 11, 19), until=dt.date(2026, 11, 20)),
        lambda one: dt.date(2026, 11, 19) <= one.at.date() <= dt.date(2026, 11, 20),
    ),
    (
        ReceiptsWanted(since=dt.date(2026, 11, 19), until=dt.date(2026, 11, 19), sum_from=4_000, sum_to=4_000),
        lambda one: one.at.date() == dt.date(2026, 11, 19) and one.total == 4_000,
    ),
    (ReceiptsWanted(cashier="ранев"), lambda one: one.code in SETTLED and one.cashier.startswith("Ран")),
    (ReceiptsWanted(item="моло"), lambda one: one.item.startswith("Моло")),
    (ReceiptsWanted(item="МОЛОКО лугов"), lambda one: one.item == "Молоко луговое"),
    (ReceiptsWanted(item="черный"), lambda one: one.item == "Чай чёрный"),
    (ReceiptsWanted(payment=Payment.CASH), lambda one: one.cash > 0),
    (
        ReceiptsWanted(payment=Payment.ELECTRONIC, item="хлеб", cashier="гаев", operation=1),
        lambda one: one.total > one.cash and one.item == "Хлеб ржаной" and one.cashier[:4] == "Гаев" and one.operation == 1,
    ),
    (
        ReceiptsWanted(item="сыр", since=dt.date(2026, 11, 20), codes=frozenset({3, 2})),
        lambda one: one.item == "Сыр, вес" and one.at.date() >= dt.date(2026, 11, 20) and one.code == 3,
    ),
    (ReceiptsWanted(item="молоко", fd=9), lambda one: one.item == "Молоко луговое" and one.fd == 9),
    (ReceiptsWanted(item="нет такого"), lambda _: False),
    (ReceiptsWanted(payment=Payment.CREDIT), lambda _: False),
    (ReceiptsWanted(codes=frozenset({2}), payment=Payment.CASH), lambda _: False),
    (ReceiptsWanted(since=dt.date(2026, 11, 20), until=dt.date(2026, 11, 19)), lambda _: False),
    (ReceiptsWanted(fpd=1 << 70), lambda _: False),
    (ReceiptsWanted(sum_from=-5), lambda _: False),
]  # fmt: skip


def test_every_row_that_fits_once_and_in_order(entries):
    for wanted, fits in WANTED:
        expected = [entry.key for entry in entries if fits(entry)]
        assert walked(SCOPE, wanted) == expected, wanted
        assert walked(ONE, wanted, limit=50) == [key for key in expected if key[0] == MINE[1].fn], wanted
    assert sum(bool([entry for entry in entries if fits(entry)]) for _, fits in WANTED) > 12


def test_however_little_is_done_at_a_call(entries, monkeypatch):
    monkeypatch.setattr(search, "LOOKED_ROWS_MAX", 8)
    monkeypatch.setattr(search, "ROUNDS_MAX", 2)
    monkeypatch.setattr(search_inside, "PIECE_ROWS", 3)
    monkeypatch.setattr(search_inside, "READ_MAX", 5)
    monkeypatch.setattr(search_inside, "WINDOWS_MAX", 1)
    monkeypatch.setattr(search_inside, "WINDOW_REGISTER_DAYS", 2)
    for wanted, fits in WANTED:
        assert walked(SCOPE, wanted) == [entry.key for entry in entries if fits(entry)], wanted


def test_a_page_that_is_cut_tells_how_far_it_looked(entries, monkeypatch):
    whole = receipts_page(ONE, ReceiptsWanted(sum_from=10**9))
    assert (whole.documents, whole.is_cut, whole.looked_until, whole.next_cursor) == ([], False, None, None)
    monkeypatch.setattr(search, "LOOKED_ROWS_MAX", 8)
    monkeypatch.setattr(search, "ROUNDS_MAX", 1)
    page = receipts_page(ONE, ReceiptsWanted(sum_from=10**9))
    assert (page.documents, page.is_cut) == ([], True)
    looked = [entry for entry in entries if entry.register == MINE[1]][:8]
    assert page.looked_until == looked[-1].at


def test_by_the_fiscal_sign_only_my_own(entries):
    for row in FiscalDocument.objects.all()[:40]:
        found = walked(SCOPE, ReceiptsWanted(fpd=row.fpd))
        assert ((row.fn, row.fd) in found) == (row.fn != FOREIGN.fn)
    assert walked(ONE, ReceiptsWanted(fpd=FiscalDocument.objects.filter(fn=MINE[0].fn).first().fpd)) == []


def test_rows_come_whole_but_without_their_bytes(entries, django_assert_num_queries):
    page = receipts_page(SCOPE, limit=1)
    (row,) = page.documents
    stored = FiscalDocument.objects.get(fn=row.fn, fd=row.fd)
    assert {"container", "answer"} == row.get_deferred_fields()
    names = [name for name in search.NAMES if name != "peer"]
    assert [getattr(row, name) for name in names] == [getattr(stored, name) for name in names]
    with django_assert_num_queries(1):
        assert bytes(row.container) == bytes(stored.container)


def test_nothing_of_nobody(entries):
    assert walked(Scope.of()) == []
    assert walked(Scope.of((MINE[0].rnm, FOREIGN.inn))) == []
    assert walked(Scope.of((MINE[0].rnm, FOREIGN.inn)), ReceiptsWanted(item="молоко")) == []


def test_documents_without_a_moment_stand_first(test_database_url, entries):
    for fd in (901, 902):
        copy = FiscalDocument.objects.get(fn=MINE[1].fn, fd=5)
        copy.fd, copy.issued_at, copy._state.adding = fd, None, True
        copy.save(force_insert=True)
    assert walked(ONE, limit=1)[:3] == [
        (MINE[1].fn, 901),
        (MINE[1].fn, 902),
        next(entry.key for entry in entries if entry.register == MINE[1]),
    ]
    assert len(set(walked(SCOPE, limit=3))) == len(entries) + 2
    page = receipts_page(ONE, limit=1)
    assert walked_from(page.next_cursor) == walked(ONE, ReceiptsWanted(item="моло"))


def walked_from(cursor):
    """Inside documents a place among those without a moment is the beginning."""
    return [
        (row.fn, row.fd) for row in receipts_page(ONE, ReceiptsWanted(item="моло"), cursor, 100).documents
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    ["", "1-2", "x-1-2", "1-2-3-4", "1-٣-2", "-1-1-1", f"{'9' * 20}-1-1", f"1-1-{'9' * 19}", "n-1", "1-1-x"],
)
def test_a_key_that_no_page_gave_is_refused(text):
    with pytest.raises(CursorMalformed):
        receipts_page(SCOPE, before=text)


@pytest.mark.django_db
def test_a_scope_of_thousands_stays_a_query(monkeypatch, entries):
    organisation = factories.organisation_make(inn=MINE[0].inn)
    for rnm in sorted({register.rnm for register in MINE}):
        factories.kkt_make(organisation=organisation, rnm=rnm)
    factories.kkt_make(organisation=organisation, rnm=None)
    monkeypatch.setattr(scopes, "PAIRS_MAX", 1)
    scope = Scope.of_rows(Kkt.objects.order_by("name"))
    assert (scope.pairs, scope.size) == (None, 2)
    assert walked(scope) == [entry.key for entry in entries]
    assert walked(scope, ReceiptsWanted(item="чай")) == [
        entry.key for entry in entries if entry.item == "Чай чёрный"
    ]


def test_what_is_rare_is_not_looked_for_among_sales(entries, monkeypatch):
    """The work allowed does for what is no sale, and not for all."""
    mine = [one for one in entries if one.register == MINE[1]]
    rare = [one for one in mine if one.code != 3 or one.operation != 1]
    assert len(rare) + 1 < len(mine)
    monkeypatch.setattr(search, "LOOKED_ROWS_MAX", len(rare) + 1)
    monkeypatch.setattr(search, "ROUNDS_MAX", 1)
    for wanted, fits in (
        (ReceiptsWanted(operation=2), lambda one: one.operation == 2),
        (ReceiptsWanted(codes=frozenset({5})), lambda one: one.code == 5),
    ):
        page = receipts_page(ONE, wanted, limit=len(mine))
        found = [(row.fn, row.fd) for row in page.documents]
        assert (found, page.is_cut) == ([one.key for one in rare if fits(one)], False)
        assert found
