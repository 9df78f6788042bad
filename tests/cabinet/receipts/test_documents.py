"""The window of a document: paper, tags, JSON, file, letter."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pypdf
import pytest

from backoffice.journal import store
from cabinet.receipts.conftest import DAY, Shop
from chekhov.ffd.documents import document_decode
from chekhov.fiscal import receipt_letters
from chekhov.fiscal.models import FiscalDocument
from chekhov.notify.models import Letter
from chekhov.ofdwire.container import Container

BUYER = "anna@example.test"
QUERIES_MAX = 8
INSIDE = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "document-mail"}


def page(shop: Shop, fd: int, **query: str) -> str:
    answer = shop.browser().get(shop.document_url(fd), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_window_of_a_receipt(shop: Shop) -> None:
    text = page(shop, 3)
    assert ">Печать чека</h1>" in text
    assert "data-modal-body" in text
    row = FiscalDocument.objects.get(fn=shop.register.fn, fd=3)
    document = document_decode(Container.parse(shop.register.containers[2]).payload)
    for word in ("Кассир", "Чек №", "Смена №", "ИТОГ", "ФН №", "ФД №", "РН ККТ", "ЗН ККТ", "СНО"):
        assert f"<span>{word}</span>" in text
    assert f"{row.fpd:010}" in text
    assert document.get(1021) in text
    assert 'class="qr"' in text
    assert "<span>Сайт ОФД</span>" in text
    for word in ("Распечатать", "Скачать", "Отправить по электронной почте", "Email:"):
        assert word in text


def test_the_window_asks_the_database_a_few_questions(
    shop: Shop, django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    browser = shop.browser()
    browser.get(shop.document_url(3))
    with django_assert_max_num_queries(QUERIES_MAX):
        browser.get(shop.document_url(3))


def test_reports_have_their_own_name_and_no_operator_under_them(shop: Shop) -> None:
    text = page(shop, 6)
    assert ">Отчёт о закрытии смены</h1>" in text
    assert "Сайт ОФД" not in text


def test_tags_and_json_are_tabs_with_addresses(shop: Shop) -> None:
    tags = page(shop, 3, view="tags")
    for tag in (1041, 1037, 1059, 1030, 1077):
        assert f'class="tree-tag">{tag}<' in tags
    assert 'class="paper"' not in tags
    shown = page(shop, 3, view="json")
    assert "fiscalDriveNumber" in shown
    assert page(shop, 3, view="???").count('class="paper"') == 1
    part = (
        shop.browser()
        .get(shop.document_url(3), {"view": "tags"}, HTTP_HX_REQUEST="true", HTTP_HX_TARGET="document-view")
        .content.decode()
    )
    assert part.lstrip().startswith('<div id="document-view"')
    assert "<html" not in part


def test_files(shop: Shop) -> None:
    browser = shop.browser()
    answer = browser.get(shop.document_url(3, "document.pdf"))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="{shop.register.fn}-3.pdf"'
    assert answer["Cache-Control"] == "no-store"
    text = "".join(one.extract_text() for one in pypdf.PdfReader(io.BytesIO(answer.content)).pages)
    assert shop.register.fn in text
    assert browser.get(shop.document_url(3, "document.pdf")).content == answer.content
    told = json.loads(browser.get(shop.document_url(3, "document.json")).content)
    assert shop.register.fn in json.dumps(told)


def test_a_document_is_sent_once_however_often_the_button_is_pressed(shop: Shop) -> None:
    browser = shop.browser()
    for _ in range(2):
        answer = browser.post(shop.document_url(3, "send/"), {"email": f" {BUYER} "}, follow=True)
        assert answer.redirect_chain == [(shop.document_url(3), 302)]
        assert f"Документ отправлен на {BUYER}." in answer.content.decode()
    letter = Letter.objects.get()
    assert (letter.recipient, letter.template) == (BUYER, "receipt")
    assert letter.account_id == shop.people.account.pk


def test_from_inside_a_window_only_its_part_answers(shop: Shop) -> None:
    answer = shop.browser().post(shop.document_url(3, "send/"), {"email": BUYER}, **INSIDE)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert text.lstrip().startswith('<form id="document-mail"')
    assert f"Документ отправлен на {BUYER}." in text
    assert f'value="{BUYER}"' not in text
    wrong = shop.browser().post(shop.document_url(3, "send/"), {"email": "anna"}, **INSIDE)
    assert wrong.status_code == 200, "htmx shows no other"
    assert "Это не адрес электронной почты" in wrong.content.decode()
    assert 'value="anna"' in wrong.content.decode()


@pytest.mark.parametrize(
    ("email", "words"),
    [
        ("", "Напишите адрес"),
        ("anna", "Это не адрес электронной почты"),
        ("a@b.test\r\nBcc: x@y.test", "не адрес"),
    ],
)
def test_what_is_no_address_is_said_beside_the_field(shop: Shop, email: str, words: str) -> None:
    answer = shop.browser().post(shop.document_url(3, "send/"), {"email": email})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert 'class="paper"' in answer.content.decode(), "the document is still there"
    assert not Letter.objects.exists()


def test_too_many_letters_are_refused_in_words(shop: Shop, monkeypatch) -> None:
    monkeypatch.setattr(receipt_letters, "LETTERS_AN_HOUR_PER_USER_MAX", 1)
    browser = shop.browser()
    browser.post(shop.document_url(3, "send/"), {"email": BUYER})
    answer = browser.post(shop.document_url(4, "send/"), {"email": BUYER})
    assert answer.status_code == 422
    assert "Вы отправили уже много документов" in answer.content.decode()


def test_content_that_cannot_be_read_is_said_so(shop: Shop) -> None:
    """The container's header names the register by nothing; only what the intake knew of it is in the row."""
    import datetime as dt  # noqa: PLC0415

    fn, at = "9999078900000012", dt.datetime.combine(DAY, dt.time(9))
    store(
        Container.build(
            document_code=3, fn_serial=fn, fd_number=1, payload=bytes.fromhex("0300ff00") + b"\x01" * 255
        ),
        fn=fn,
        received_at=at,
    )
    assert shop.browser().get(f"/cabinet/documents/{fn}/1/").status_code == 404, "it names no register"


@pytest.mark.parametrize(
    "path",
    [
        "9999540000000001/999/",
        "9999540000000001/999999999999999999/",
        "9999540000000001/9999999999999999999999/",
        "123/1/",
        "٩٩٩٩٥٤٠٠٠٠٠٠٠٠٠١/1/",
    ],
)
def test_what_is_not_there_is_a_404_of_the_house(shop: Shop, path: str) -> None:
    answer = shop.browser().get(f"/cabinet/documents/{path}")
    assert answer.status_code == 404
    assert "На главную" in answer.content.decode()


def test_a_foreign_document_and_one_that_is_not_there_look_alike(shop: Shop) -> None:
    browser = shop.browser(shop.people.other_owner)
    foreign = browser.get(shop.document_url(3))
    missing = browser.get(shop.document_url(999))
    assert foreign.status_code == missing.status_code == 404
    bare = [
        re.sub(r"[0-9a-f-]{8,}|[A-Za-z0-9]{64}", "", answer.content.decode()) for answer in (foreign, missing)
    ]
    assert bare[0] == bare[1]
