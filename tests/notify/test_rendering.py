import re
from pathlib import Path

import pytest

import chekhov
from chekhov.notify.kinds import KINDS
from chekhov.notify.rendering import letter_message
from notify.conftest import LINK, NOW

pytestmark = pytest.mark.django_db
HOUSE_KINDS = [
    kind
    for kind in KINDS.values()
    if kind.name
    in {
        "registration",
        "registration_again",
        "credentials",
        "password_link",
        "new_password",
        "employee_invitation",
        "locked_out",
        "password_changed",
    }
]
EVIL = "<script>alert(1)</script>"


def filled(keys, text):
    return {key: f"{key}:{text}" for key in keys}


@pytest.mark.parametrize("kind", HOUSE_KINDS, ids=lambda kind: kind.name)
def test_every_letter_says_all_it_is_filled_with(write, kind, settings):
    settings.OPERATOR_NAME = "АО «Оператор & Ко»"
    letter = write(template=kind.name, context=filled(kind.context, EVIL), secrets=filled(kind.secrets, EVIL))
    message = letter_message(letter, filled(kind.secrets, EVIL), now=NOW)
    text = message.get_body(("plain",)).get_content()
    page = message.get_body(("html",)).get_content()
    for key in (kind.context | kind.secrets) - {"filler"}:
        assert f"{key}:{EVIL}" in text
        assert f"{key}:" in page
    assert "<script" not in page
    assert "АО «Оператор & Ко»" in text
    assert "АО «Оператор &amp; Ко»" in page
    assert "{{" not in text + page
    assert "{%" not in text + page


def test_headers_answer_for_themselves(write, settings):
    settings.OPERATOR_NAME, settings.MAIL_FROM = "АО «Оператор»", "no-reply@касса.рф"
    letter = write(recipient="anton@почта.рф")
    message = letter_message(letter, {"link": LINK}, now=NOW)
    again = letter_message(letter, {"link": LINK}, now=NOW)
    assert message["Message-ID"] == again["Message-ID"] == f"<{letter.message_id}@xn--80aa2a3aa.xn--p1ai>"
    assert message["To"] == "anton@xn--80a1acny.xn--p1ai"
    assert message["From"].addresses[0].display_name == "АО «Оператор»"
    assert message["Auto-Submitted"] == "auto-generated"
    raw = message.as_bytes()
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


def test_a_link_is_whole_in_both_parts(write):
    message = letter_message(write(), {"link": LINK + "?a=1&b=2"}, now=NOW)
    assert LINK + "?a=1&b=2" in message.get_body(("plain",)).get_content()
    page = message.get_body(("html",)).get_content()
    assert re.search(r'href="([^"]+)"[^>]*>Подтвердить адрес', page)[1] == LINK + "?a=1&amp;b=2"


TEMPLATES = sorted(Path(chekhov.__file__).parent.glob("*/templates/letters/*"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_load_and_run_nothing(path):
    source = path.read_text(encoding="utf-8")
    assert not re.search(r"<(link|script|iframe|style|form)\b", source)
    assert not re.search(r"<img (?!src=\"cid:[a-z-]+\")", source), "a picture goes with the letter"
    assert not re.search(r"\son[a-z]+\s*=|https?://|\|safe", source)
    assert ("autoescape off" in source) == (path.name == "base.txt")


def test_every_kind_has_both_parts():
    names = {path.name for path in TEMPLATES}
    assert names >= {f"{kind}.{part}" for kind in KINDS for part in ("txt", "html")}
