"""«Проверить чек»: whoever holds the paper sees it; nobody else learns anything."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from backoffice.conftest import register  # noqa: F401  # a fixture
from backoffice.journal import Register
from chekhov.accounts.models import AskKind
from chekhov.accounts.services.asking import ASKED_MAX
from chekhov.ffd.qr import QrFields, qr_text_of
from chekhov.fiscal.models import FiscalDocument
from chekhov.fiscal.printed import receipt_printed

URL = "/check/"
HAVE, HAVE_NOT = "Чек есть у оператора", "Такого чека у оператора нет"


@pytest.fixture
def receipt(register: Register) -> FiscalDocument:  # noqa: F811
    return FiscalDocument.objects.filter(fn=register.fn, code=3).order_by("fd")[0]


def numbers(receipt: FiscalDocument, **changed: object) -> dict[str, object]:
    return {"fn": receipt.fn, "fd": receipt.fd, "fpd": receipt.fpd} | changed


def bare(html: str) -> str:
    """The page without what differs at every request: the token, the request's number, what was typed."""
    return re.sub(r' value="[^"]*"|<span class="digits">[0-9a-f]{12}</span>', "", html)


def test_whoever_names_all_three_sees_the_paper(client: Client, receipt: FiscalDocument) -> None:
    answer = client.post(URL, numbers(receipt))
    text = answer.content.decode()
    assert answer.status_code == 200
    assert HAVE in text
    assert 'class="paper"' in text
    assert str(receipt.fpd) in text.split('class="paper"')[1]
    assert answer["Cache-Control"] == "no-store"


def test_digits_may_be_pasted_with_spaces(client: Client, receipt: FiscalDocument) -> None:
    spaced = " ".join(re.findall("....", receipt.fn))
    assert receipt.fpd is not None
    sent = numbers(receipt, fn=f" {spaced} ", fpd=f"{receipt.fpd:,}".replace(",", " "))
    assert HAVE in client.post(URL, sent).content.decode()


def test_the_text_of_the_qr_code_is_enough(client: Client, receipt: FiscalDocument) -> None:
    fields = QrFields(
        receipt.issued_at, receipt.total_kopecks, receipt.fn, receipt.fd, receipt.fpd, receipt.operation
    )
    text = qr_text_of(fields)
    assert HAVE in client.post(URL, {"qr": text}).content.decode()
    other = qr_text_of(fields._replace(total_kopecks=fields.total_kopecks + 1))
    assert HAVE_NOT in client.post(URL, {"qr": other}).content.decode()


def test_the_sum_is_compared_when_it_is_told(client: Client, receipt: FiscalDocument) -> None:
    assert receipt.total_kopecks is not None
    roubles, kopecks = divmod(receipt.total_kopecks, 100)
    assert HAVE in client.post(URL, numbers(receipt, total=f"{roubles},{kopecks:02}")).content.decode()
    assert HAVE_NOT in client.post(URL, numbers(receipt, total=roubles + 1)).content.decode()


def test_unknown_and_wrong_are_answered_alike(client: Client, receipt: FiscalDocument) -> None:
    assert receipt.fpd is not None
    answers = {
        bare(client.post(URL, sent).content.decode())
        for sent in (
            numbers(receipt, fpd=receipt.fpd % (2**32 - 2) + 1),
            numbers(receipt, fd=99_999),
            numbers(receipt, fn="9999078900000099"),
            numbers(receipt, total="0,01"),
        )
    }
    assert len(answers) == 1
    assert HAVE_NOT in answers.pop()


def test_only_receipts_are_shown(client: Client, receipt: FiscalDocument) -> None:
    """A report of registration tells the register's numbers: its paper is not handed out to strangers."""
    report = FiscalDocument.objects.get(fn=receipt.fn, fd=1)
    assert report.fpd
    assert receipt_printed(fn=report.fn, fd=1, fiscal_sign=report.fpd) is None
    assert HAVE_NOT in client.post(URL, numbers(report)).content.decode()


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "fn"),
        ({"fn": "12"}, "fn"),
        ({"fn": "9999078900000012", "fd": "1"}, "fpd"),
        ({"fn": "9999078900000012", "fd": "-1", "fpd": "1"}, "fd"),
        ({"fn": "9999078900000012", "fd": "²", "fpd": "1"}, "fd"),
        ({"fn": "9999078900000012", "fd": "1", "fpd": "4294967296"}, "fpd"),
        ({"fn": "9999078900000012", "fd": "1", "fpd": "9" * 19}, "fpd"),
        ({"fn": "9999078900000012", "fd": "1", "fpd": "1", "total": "сто"}, "total"),
        ({"qr": "https://example.test/"}, "qr"),
        ({"qr": "t=20240917T1801&s=1.00"}, "qr"),
        ({"fn": "\0", "fd": "1", "fpd": "1"}, "fn"),
    ],
)
@pytest.mark.django_db
def test_what_is_amiss_is_told_beside_its_field(client: Client, sent: dict[str, str], field: str) -> None:
    answer = client.post(URL, sent)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert HAVE_NOT not in answer.content.decode()


@pytest.mark.django_db
def test_huge_numbers_in_a_qr_code_are_only_unknown(client: Client) -> None:
    huge = "9" * 20
    text = f"t=20240917T1801&s=999999999999999.99&fn={huge}&i={huge}&fp={huge}&n=1"
    assert HAVE_NOT in client.post(URL, {"qr": text}).content.decode()


def test_questions_are_counted_whatever_the_answer(client: Client, receipt: FiscalDocument) -> None:
    for _ in range(ASKED_MAX[AskKind.RECEIPT]):
        client.post(URL, {"fn": receipt.fn, "fd": "1", "fpd": "1"})
    answer = client.post(URL, numbers(receipt))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Слишком много запросов" in text
    assert HAVE not in text
    assert 'class="paper"' not in text
    assert f'value="{receipt.fpd}"' in text, "what was typed stays"


@pytest.mark.django_db
def test_the_start_page_has_prices_and_the_form(client: Client) -> None:
    text = client.get("/").content.decode()
    assert "2\u202f500\u00a0₽" in text
    assert 'action="/check/"' in text
    assert "csrfmiddlewaretoken" in text
