"""Tab «Чеки»: what is listed, how it is narrowed and paged, what the file says; who sees it."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.test import Client

import factories
from backoffice.conftest import project
from cabinet.receipts.conftest import DAY, Shop
from chekhov.cabinet.receipts import lists
from chekhov.cabinet.receipts.forms import ReceiptsFilterForm
from chekhov.fiscal.models import FiscalDocument
from chekhov.fn import commands as cmd
from chekhov.orgs.models import Organisation

QUERIES_MAX = 8


def text_of(client: Client, url: str, **query: str) -> str:
    answer = client.get(url, query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_asks_as_often_whatever_its_length(
    shop: Shop, django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    browser = shop.browser()
    with django_assert_max_num_queries(QUERIES_MAX):
        few = numbers(text_of(browser, shop.list_url))
    close = dt.datetime.combine(DAY + dt.timedelta(days=1), dt.time(20))
    shop.register.do(cmd.CloseShift(), close)
    shop.register.day(DAY + dt.timedelta(days=2), 20)
    project()
    with django_assert_max_num_queries(QUERIES_MAX):
        assert len(numbers(text_of(browser, shop.list_url))) == len(few) + 23


def numbers(text: str) -> list[int]:
    """Numbers of the listed documents, in their order."""
    return [int(fd) for fd in re.findall(r'data-label="№ документа"[^>]*>(\d+)<', text)]


def table_of(client: Client, shop: Shop, **query: str) -> list[list[str]]:
    answer = client.get(f"{shop.list_url}receipts.csv", query)
    assert answer.status_code == 200
    data = b"".join(answer.streaming_content).decode("utf-8")
    assert data.startswith("\ufeff")
    return list(csv.reader(io.StringIO(data.removeprefix("\ufeff")), delimiter=";"))


def test_every_document_is_listed_the_newest_first(shop: Shop) -> None:
    text = text_of(shop.browser(), shop.list_url)
    assert numbers(text) == [9, 8, 7, 6, 5, 4, 3, 2, 1]
    for word in ("№ документа", "Дата документа", "Документ", "№ смены", "Сумма"):
        assert f">{word}" in text
    assert 'rel="next"' not in text
    for kind in ("Кассовый чек", "Отчёт о закрытии смены", "Отчёт об открытии смены", "Отчёт о регистрации"):
        assert f">{kind}<" in text
    opened = FiscalDocument.objects.get(fn=shop.register.fn, fd=2)
    assert f"{opened.issued_at:%d.%m.%Y %H:%M:%S}" in text
    assert f'href="{shop.document_url(3)}"' in text
    assert f'href="{shop.shift_url(1)}"' in text


def test_reports_show_a_sum_of_nothing(shop: Shop) -> None:
    text = text_of(shop.browser(), shop.list_url, kind="shifts")
    assert numbers(text) == [7, 6, 2]
    assert text.count("0,00") == 3


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"kind": "receipts"}, [9, 8, 5, 4, 3]),
        ({"kind": "registrations"}, [1]),
        ({"kind": "corrections"}, []),
        ({"since": "2026-11-17"}, [9, 8, 7]),
        ({"until": "16.11.2026", "kind": "receipts"}, [5, 4, 3]),
        ({"since": "2026-11-16", "until": "2026-11-16"}, [6, 5, 4, 3, 2]),
        ({"fd": "4"}, [4]),
        ({"kind": "receipts", "sum_from": "0", "sum_to": "99 999 999,00"}, [9, 8, 5, 4, 3]),
        ({"sum_from": "99999999"}, []),
    ],
)
def test_filters(shop: Shop, query: dict[str, str], found: list[int]) -> None:
    text = text_of(shop.browser(), shop.list_url, **query)
    assert numbers(text) == found
    if not found:
        assert "Ничего не нашлось" in text
        assert "Показать все документы" in text


def test_filters_by_what_a_receipt_says(shop: Shop) -> None:
    row = FiscalDocument.objects.get(fn=shop.register.fn, fd=4)
    browser = shop.browser()
    assert numbers(text_of(browser, shop.list_url, fpd=f"{row.fpd:010}")) == [4]
    exact = f"{row.total_kopecks / 100:.2f}"
    assert 4 in numbers(text_of(browser, shop.list_url, sum_from=exact, sum_to=exact.replace(".", ",")))
    sales = numbers(text_of(browser, shop.list_url, operation=str(row.operation)))
    assert 4 in sales
    assert not {1, 2, 6, 7} & set(sales)


def test_a_mistyped_condition_is_told_and_narrows_nothing(shop: Shop) -> None:
    text = text_of(shop.browser(), shop.list_url, sum_from="сто рублей", fpd="12ab", since="вчера", kind="x")
    assert "Напишите сумму в рублях" in text
    assert "только цифры" in text
    assert "Напишите день так" in text
    assert len(numbers(text)) == 9
    assert '<details class="reveal" open>' in text


@pytest.mark.parametrize(
    ("text", "kopecks"),
    [("1 234,5", 123_450), ("1234.50 ₽", 123_450), ("0", 0), ("", None), ("7\u00a0000,01", 700_001)],
)
def test_sums_in_any_spelling(text: str, kopecks: int | None) -> None:
    assert ReceiptsFilterForm({"sum_from": text}).wanted().sum_from == kopecks


@pytest.mark.parametrize("text", ["-1", "1,234", "1e9", "٣", "1" * 20])
def test_what_is_no_sum(text: str) -> None:
    form = ReceiptsFilterForm({"sum_from": text})
    assert form.wanted().sum_from is None
    assert form.errors["sum_from"]


def test_a_span_ends_after_it_begins() -> None:
    form = ReceiptsFilterForm({"since": "2026-11-17", "until": "2026-11-16", "sum_from": "2", "sum_to": "1"})
    wanted = form.wanted()
    assert set(form.errors) == {"until", "sum_to"}
    assert (wanted.until, wanted.sum_to) == (None, None)


def test_pages_follow_each_other_without_loss_or_repeat(shop: Shop, monkeypatch) -> None:
    monkeypatch.setattr(lists, "ROWS", 4)
    browser, seen = shop.browser(), []
    url = shop.list_url
    while url:
        text = browser.get(url).content.decode()
        seen += numbers(text)
        further = re.search(r'href="([^"]+)" rel="next"', text)
        url = further[1].replace("&amp;", "&") if further else ""
        assert ("К началу" in text) == (seen[-1] < 6)
    assert seen == [9, 8, 7, 6, 5, 4, 3, 2, 1]


def test_a_broken_key_of_a_page_is_not_understood(shop: Shop) -> None:
    assert shop.browser().get(shop.list_url, {"before": "'; DROP"}).status_code == 400


def test_the_file_has_what_the_list_shows(shop: Shop, monkeypatch) -> None:
    monkeypatch.setattr(lists, "EXPORT_PAGE_ROWS", 2)
    head, *rows = table_of(shop.browser(), shop, kind="receipts")
    assert head == list(lists.EXPORT_HEAD)
    assert [row[0] for row in rows] == ["9", "8", "5", "4", "3"]
    stored = FiscalDocument.objects.get(fn=shop.register.fn, fd=3)
    assert rows[-1][5] == f"{stored.total_kopecks // 100},{stored.total_kopecks % 100:02}"
    assert rows[-1][6] == f'="{shop.register.fn}"', (
        "sixteen digits are more than a spreadsheet's number keeps"
    )
    assert rows[-1][7].strip('="') == f"{stored.fpd:010}"
    assert f'href="{shop.list_url}receipts.csv?kind=receipts"' in text_of(
        shop.browser(), shop.list_url, kind="receipts"
    )


def test_the_file_ends_somewhere_and_says_so(shop: Shop, monkeypatch) -> None:
    monkeypatch.setattr(lists, "EXPORT_ROWS_MAX", 4)
    monkeypatch.setattr(lists, "EXPORT_PAGE_ROWS", 2)
    rows = table_of(shop.browser(), shop)
    assert [row[0] for row in rows[1:5]] == ["9", "8", "7", "6"]
    assert "сузьте период" in rows[-1][0]
    assert len(rows) == 6


def test_a_register_without_documents_tells_what_is_next(shop: Shop) -> None:
    silent = factories.kkt_make(organisation=shop.people.organisation, name="Новая")
    nameless = factories.kkt_make(organisation=shop.people.organisation, name="Без номера", rnm=None)
    browser = shop.browser()
    assert "Касса ещё ничего не передала" in text_of(browser, f"/cabinet/kkt/{silent.pk}/receipts/")
    assert "не указан регистрационный номер" in text_of(browser, f"/cabinet/kkt/{nameless.pk}/receipts/")


def test_who_enters_a_foreign_number_gets_no_document_by_it(shop: Shop) -> None:
    """The РНМ alone opens nothing: the documents are of another ИНН."""
    rnm = shop.kkt.rnm
    type(shop.kkt).objects.filter(pk=shop.kkt.pk).update(rnm=None)
    people = shop.people
    theirs = factories.kkt_make(organisation=people.other_organisation, name="Прикарманенная", rnm=rnm)
    thief = shop.browser(people.other_owner)
    assert numbers(text_of(thief, f"/cabinet/kkt/{theirs.pk}/receipts/")) == []
    for url in (
        shop.document_url(3),
        shop.document_url(3, "document.pdf"),
        shop.document_url(3, "document.json"),
    ):
        assert thief.get(url).status_code == 404
    assert thief.get(f"/cabinet/kkt/{theirs.pk}/shifts/{shop.register.fn}/1/").status_code == 404
    assert thief.post(shop.document_url(3, "send/"), {"email": "a@example.test"}).status_code == 404


def test_a_restricted_colleague_sees_his_group_only(shop: Shop) -> None:
    restricted = shop.browser(shop.people.clerk_of_no_group)
    urls = [shop.list_url, f"{shop.list_url}receipts.csv", shop.shift_url(1)]
    urls += [shop.document_url(3, tail) for tail in ("", "document.pdf", "document.json")]
    assert {restricted.get(url).status_code for url in urls} == {404}
    assert {shop.browser(shop.people.clerk).get(url).status_code for url in urls} == {200}


def test_documents_of_a_former_owner_stay_his(shop: Shop) -> None:
    """The company changes hands: what was issued under the old ИНН is not the new one's."""
    Organisation.objects.filter(pk=shop.people.organisation.pk).update(inn=str(factories.inn_make(999)))
    assert numbers(text_of(shop.browser(), shop.list_url)) == []
    assert shop.browser().get(shop.document_url(3)).status_code == 404


def test_a_return_is_named_beside_its_sum(shop: Shop) -> None:
    from fn.world import order  # noqa: PLC0415

    at = dt.datetime.combine(DAY + dt.timedelta(days=1), dt.time(18))
    shop.register.do(cmd.Receipt(order(operation=2)), at)
    project()
    assert "Возврат прихода" in text_of(shop.browser(), shop.list_url, fd="10")
