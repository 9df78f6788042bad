import datetime as dt
import io

import pypdf
import pytest

import factories
from backoffice.conftest import project
from backoffice.journal import Register, faulty_receipt, store
from cabinets import account_make, acts, together
from chekhov.audit.models import AuditEntry
from chekhov.ffd.documents import document_decode
from chekhov.fiscal import receipt_letters
from chekhov.fiscal.models import FiscalDocument
from chekhov.fiscal.receipt_letters import (
    DocumentUnreadable,
    LettersTooOften,
    address_masked,
    document_letter_send,
    document_pdf,
)
from chekhov.notify.errors import BadRecipient
from chekhov.notify.models import Letter
from chekhov.notify.rendering import letter_message
from chekhov.ofdwire.container import Container

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)
DAY = dt.date(2026, 11, 16)
BUYER = "anna.sergeevna@example.test"


@pytest.fixture
def shop(transactional_db):
    """A register with a receipt, in the cabinet of its owner; and what sends its documents."""
    register = Register(1)
    register.register(DAY)
    register.day(DAY, 2)
    project()
    account = account_make()
    return register, account.opened_by, factories.organisation_make(account=account)


def send(shop, *, fd=3, to=BUYER, now=NOW, user=None):
    register, owner, organisation = shop
    row = FiscalDocument.objects.get(fn=register.fn, fd=fd)
    return document_letter_send(
        actor=acts(user or owner), organisation=organisation, row=row, recipient=to, now=now
    )


def test_the_letter_has_the_receipt_in_it_and_as_a_file(shop) -> None:
    assert send(shop) is True
    letter = Letter.objects.get()
    register = shop[0]
    document = document_decode(Container.parse(register.containers[2]).payload)
    assert letter.subject.startswith("Кассовый чек от 16.11.2026 на сумму ")
    assert letter.context["seller"] == 'ООО "Вишнёвый сад"'
    message = letter_message(letter, {}, now=NOW)
    text = message.get_body(("plain",)).get_content()
    page = message.get_body(("html",)).get_content()
    (file,) = message.iter_attachments()
    pdf = pypdf.PdfReader(io.BytesIO(file.get_content())).pages[0].extract_text()
    total = f"{document.total_kopecks // 100:,}".replace(",", " ") + f",{document.total_kopecks % 100:02}"
    for shown in (text, page, pdf):
        assert "ИТОГ" in shown
        assert "ЗН ККТ" in shown
        assert register.serial in shown
        assert total in shown
        assert register.fn in shown
    assert file.get_filename() == f"{register.fn}-3.pdf"
    assert file.get_content() == document_pdf(FiscalDocument.objects.get(fn=register.fn, fd=3))
    assert f"fn={register.fn}&i=3" in text
    assert "cid:receipt-qr" in page
    assert all(len(line) <= 78 for line in text.splitlines() if line.startswith(("-", "  ")))


def test_the_deed_is_in_the_journal_and_the_address_is_not(shop) -> None:
    send(shop)
    entry = AuditEntry.objects.get(action=receipt_letters.ACTION)
    assert entry.facts == {"to": "a…a, example.test"}
    assert entry.object_id == f"{shop[0].fn}-3"
    assert entry.account_id == shop[2].account_id
    assert BUYER not in str(AuditEntry.objects.values().get(pk=entry.pk))


def test_a_second_click_sends_once(shop) -> None:
    assert send(shop) is True
    assert send(shop, to=BUYER.upper(), now=NOW + dt.timedelta(seconds=90)) is False
    assert send(shop, fd=4) is True
    assert send(shop, now=NOW + dt.timedelta(minutes=3)) is True
    assert Letter.objects.count() == AuditEntry.objects.filter(action=receipt_letters.ACTION).count() == 3


def test_two_clicks_at_the_same_moment_send_once(shop) -> None:
    assert sorted(together(*[lambda: send(shop)] * 4), key=str) == [False, False, False, True]
    assert Letter.objects.count() == 1


def test_an_address_gets_no_more_than_so_many(shop, monkeypatch) -> None:
    monkeypatch.setattr(receipt_letters, "LETTERS_AN_HOUR_PER_RECIPIENT_MAX", 2)
    send(shop, fd=3)
    send(shop, fd=4, user=factories.user_make())
    with pytest.raises(LettersTooOften):
        send(shop, fd=5)
    assert send(shop, fd=5, to="other@example.test") is True
    assert send(shop, fd=5, now=NOW + dt.timedelta(hours=1, seconds=1)) is True


def test_a_day_has_its_own_measure(shop, monkeypatch) -> None:
    monkeypatch.setattr(receipt_letters, "LETTERS_A_DAY_PER_RECIPIENT_MAX", 2)
    for hours in (0, 2):
        send(shop, now=NOW + dt.timedelta(hours=hours))
    with pytest.raises(LettersTooOften):
        send(shop, now=NOW + dt.timedelta(hours=23))
    assert send(shop, now=NOW + dt.timedelta(hours=25)) is True


def test_a_person_sends_no_more_than_so_many(shop, monkeypatch) -> None:
    monkeypatch.setattr(receipt_letters, "LETTERS_AN_HOUR_PER_USER_MAX", 3)
    for number in range(3):
        send(shop, to=f"buyer{number}@example.test")
    with pytest.raises(LettersTooOften):
        send(shop, to="buyer4@example.test")
    assert send(shop, to="buyer4@example.test", user=factories.user_make()) is True


def test_people_at_once_do_not_slip_past_the_count(shop, monkeypatch) -> None:
    monkeypatch.setattr(receipt_letters, "LETTERS_AN_HOUR_PER_USER_MAX", 2)
    found = together(*[lambda number=number: send(shop, to=f"b{number}@example.test") for number in range(5)])
    assert [str(one) for one in found].count("True") == 2
    assert sum(isinstance(one, LettersTooOften) for one in found) == 3


@pytest.mark.parametrize("to", ["", "anna", "anna@", "a@b.test\nBcc: c@d.test", "x" * 250 + "@example.test"])
def test_what_is_no_address_is_refused(shop, to) -> None:
    with pytest.raises(BadRecipient):
        send(shop, to=to)
    assert not Letter.objects.exists()


def test_a_report_has_no_sum_in_its_subject(shop) -> None:
    send(shop, fd=1)
    assert Letter.objects.get().subject == "Отчёт о регистрации от 16.11.2026"
    assert letter_message(Letter.objects.get(), {}, now=NOW)["Subject"] == "Отчёт о регистрации от 16.11.2026"


def test_what_cannot_be_read_is_not_sent(shop) -> None:
    fn, at = "9999078900000012", dt.datetime.combine(DAY, dt.time(9))
    store(
        Container.build(
            document_code=3, fn_serial=fn, fd_number=1, payload=bytes.fromhex("0300ff00") + b"\x01" * 255
        ),
        fn=fn,
        received_at=at,
    )
    row = FiscalDocument.objects.get(fn=fn, fd=1)
    with pytest.raises(DocumentUnreadable):
        document_letter_send(actor=acts(shop[1]), organisation=shop[2], row=row, recipient=BUYER, now=NOW)
    with pytest.raises(DocumentUnreadable):
        document_pdf(row)


def test_foreign_words_are_only_words(shop) -> None:
    fn, at = "9999078900000013", dt.datetime.combine(DAY, dt.time(9))
    store(faulty_receipt(fn, at), fn=fn, received_at=at)
    row = FiscalDocument.objects.get(fn=fn, fd=1)
    document_letter_send(actor=acts(shop[1]), organisation=shop[2], row=row, recipient=BUYER, now=NOW)
    page = letter_message(Letter.objects.get(), {}, now=NOW).get_body(("html",)).get_content()
    assert "<i>Артист</i>" not in page
    assert "&lt;i&gt;Артист" in page


def test_masks() -> None:
    assert address_masked("anna@example.test") == "a…a, example.test"
    assert address_masked("ab@example.test") == "…, example.test"
