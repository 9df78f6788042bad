"""Letters that were given up, and the maildir of a sandbox."""

from __future__ import annotations

import uuid
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.test import Client

import factories
from chekhov import clock
from chekhov.accounts.models import StaffRole
from chekhov.notify.maildir import maildir_deliver
from chekhov.notify.models import Letter, LetterState

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> Client:
    client = Client()
    client.force_login(factories.staff_make(StaffRole.MANAGER))
    return client


@pytest.fixture
def mailed(settings, tmp_path: Path) -> str:
    """A letter in the maildir of a sandbox; gives its key."""
    settings.HOME, settings.SANDBOX = tmp_path, True
    message = EmailMessage()
    key = str(uuid.uuid4())
    message["Message-ID"] = f"<{key}@chekhov.invalid>"
    message["To"], message["From"], message["Subject"] = "a@example.test", "b@example.test", "<b>Пароль</b>"
    message["Date"] = clock.now()
    message.set_content("Откройте http://127.0.0.1/entry/confirm/abc/\n<script>1</script>")
    message.add_alternative("<p>Вид</p><script>alert(1)</script>", subtype="html")
    maildir_deliver(message)
    return key


def dead_letter(**fields: object) -> Letter:
    return Letter.objects.create(
        **{
            "template": "locked_out",
            "recipient": "a@example.test",
            "subject": "Вход закрыт",
            "context": {"minutes": 15, "recovery_url": "http://127.0.0.1/"},
            "state": LetterState.DEAD,
            "trouble": "Сервер не принял",
            "attempts": 9,
            "due_at": clock.now(),
            "created_at": clock.now(),
        }
        | fields
    )


def test_a_dead_letter_is_seen_and_sent_anew(manager: Client) -> None:
    letter = dead_letter()
    text = manager.get("/staff/letters/").content.decode()
    assert "Сервер не принял" in text
    for _ in range(2):
        assert manager.post(f"/staff/letters/{letter.pk}/retry/").status_code == 302
    letter.refresh_from_db()
    assert (letter.state, letter.attempts) == (LetterState.WAITING, 0)
    assert "не нужно отправлять заново" in manager.get("/staff/letters/").content.decode()
    assert manager.post("/staff/letters/999999/retry/").status_code == 404


def test_a_letter_whose_secret_is_gone_is_not_sent(manager: Client) -> None:
    letter = dead_letter(template="password_link", context={"hours": 48})
    manager.post(f"/staff/letters/{letter.pk}/retry/")
    letter.refresh_from_db()
    assert letter.state == LetterState.DEAD
    assert "больше не хранится" in manager.get("/staff/letters/").content.decode()


def test_a_sandbox_shows_its_letters_to_whoever_tries_it(mailed: str) -> None:
    visitor = Client()
    assert f"/sandbox/letters/{mailed}/" in visitor.get("/sandbox/letters/").content.decode()
    text = visitor.get(f"/sandbox/letters/{mailed}/").content.decode()
    assert 'href="http://127.0.0.1/entry/confirm/abc/"' in text
    assert "<script>1" not in text
    assert "<b>Пароль" not in text


def test_nothing_of_a_letter_can_run(mailed: str) -> None:
    answer = Client().get(f"/sandbox/letters/{mailed}/html/")
    policy = answer["Content-Security-Policy"]
    assert policy.startswith("sandbox; default-src 'none'")
    assert "script-src" not in policy
    assert "allow-scripts" not in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("key", ["../../etc/passwd", "x", "00000000-0000-4000-8000-000000000000"])
def test_a_letter_that_is_not_there(mailed: str, key: str) -> None:
    assert Client().get(f"/sandbox/letters/{key}/").status_code == 404


def test_in_life_nobody_reads_letters(settings, mailed: str, manager: Client) -> None:
    settings.SANDBOX = False
    for url in ("/sandbox/letters/", f"/sandbox/letters/{mailed}/", f"/sandbox/letters/{mailed}/html/"):
        assert manager.get(url).status_code == 404
        assert Client().get(url).status_code == 404
    assert "Песочница" not in manager.get("/staff/letters/").content.decode()
