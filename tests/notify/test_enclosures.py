import datetime as dt

import pytest

from chekhov.errors import Unavailable
from chekhov.notify import enclosures
from chekhov.notify.enclosures import Attachment, Enclosed, enclosed, enclosures_register
from chekhov.notify.errors import BadLetter, UnknownLetter
from chekhov.notify.kinds import KINDS, LetterKind, letter_register
from chekhov.notify.maildir import letters_in_maildir
from chekhov.notify.models import LetterState
from chekhov.notify.rendering import letter_message
from chekhov.notify.sending import letters_send
from notify.conftest import NOW

pytestmark = pytest.mark.django_db
PDF = Attachment(name="чек-1.pdf", media_type="application/pdf", data=b"%PDF-1.7 \x00\xff")
QR = Attachment(name="qr.png", media_type="image/png", data=b"\x89PNG", content_id="receipt-qr")
CONTEXT = {"fn": "9999540000000001", "fd": 3, "what": "Кассовый чек", "seller": "ООО «Сад»"}


@pytest.fixture
def makes(monkeypatch):
    """Let the maker of receipts be another one."""

    def put(maker):
        monkeypatch.setitem(enclosures.MAKERS, "receipt", maker)

    return put


def receipt(write, **fields):
    return write(template="receipt", context=CONTEXT, secrets=None, **fields)


def test_files_go_with_the_letter_and_pictures_beside_its_page(write, makes) -> None:
    asked = []

    def maker(context):
        asked.append(dict(context))
        rows = [{"kind": "qr", "text": "", "value": "", "strong": False, "indent": 14}]
        return Enclosed(
            context={"lines": ["ИТОГ 1,00"], "rows": rows, "qr_text": "t=1"}, attachments=(QR, PDF)
        )

    makes(maker)
    message = letter_message(receipt(write), {}, now=NOW)
    assert asked == [CONTEXT]
    assert message["Subject"] == "Кассовый чек"
    assert message.get_content_type() == "multipart/mixed"
    (file,) = message.iter_attachments()
    assert (file.get_filename(), file.get_content_type(), file.get_content()) == (
        "чек-1.pdf",
        "application/pdf",
        PDF.data,
    )
    page = message.get_body(("html",))
    assert 'src="cid:receipt-qr"' in page.get_content()
    related = message.get_body(("related",))
    assert [part["Content-ID"] for part in related.iter_attachments()] == ["<receipt-qr>"]
    assert "ИТОГ 1,00" in message.get_body(("plain",)).get_content()
    assert max(map(len, message.as_bytes().splitlines())) <= 998


def test_a_letter_without_files_stays_as_it_was(write) -> None:
    assert letter_message(write(), {"link": "x"}, now=NOW).get_content_type() == "multipart/alternative"
    assert enclosed("registration", {}) == Enclosed()


def test_the_maildir_reads_a_letter_with_files(write, makes, home) -> None:
    makes(lambda _context: Enclosed(context={"lines": ["строка"], "rows": []}, attachments=(QR, PDF)))
    receipt(write)
    assert letters_send(now=lambda: NOW) == 1
    (letter,) = letters_in_maildir()
    assert "строка" in letter.text
    assert "<table" in letter.html


def test_what_cannot_be_made_now_is_tried_again_and_holds_nobody_up(write, makes, home) -> None:
    troubles = [Unavailable("typesetter"), None]

    def maker(_context):
        trouble = troubles.pop(0)
        if trouble:
            raise trouble
        return Enclosed(context={"lines": [], "rows": []}, attachments=(PDF,))

    makes(maker)
    letter, other = receipt(write), write()
    assert letters_send(now=lambda: NOW) == 2
    letter.refresh_from_db()
    other.refresh_from_db()
    assert (letter.state, letter.trouble, other.state) == (
        LetterState.WAITING,
        "typesetter",
        LetterState.SENT,
    )
    assert letters_send(now=lambda: NOW + dt.timedelta(minutes=1)) == 1
    letter.refresh_from_db()
    assert letter.state == LetterState.SENT


def test_a_letter_whose_files_can_never_be_made_is_given_up(write, makes, home) -> None:
    def maker(_context):
        raise BadLetter("нет такого")

    makes(maker)
    letter = receipt(write)
    letters_send(now=lambda: NOW)
    letter.refresh_from_db()
    assert letter.state == LetterState.DEAD
    assert "нет такого" not in letter.trouble


def test_makers_are_for_kinds_that_enclose(monkeypatch) -> None:
    monkeypatch.setattr("chekhov.notify.kinds.KINDS", dict(KINDS))
    with pytest.raises(UnknownLetter):
        enclosures_register("greetings", lambda _context: Enclosed())
    with pytest.raises(BadLetter):
        enclosures_register("registration", lambda _context: Enclosed())
    with pytest.raises(BadLetter):
        enclosures_register("receipt", lambda _context: Enclosed())
    letter_register(LetterKind(name="made_by_nobody", subject="x", encloses=True))
    with pytest.raises(BadLetter):
        enclosed("made_by_nobody", {})
