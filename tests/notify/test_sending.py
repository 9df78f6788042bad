import datetime as dt
import os
import signal
import subprocess
import sys
import textwrap
import threading

import pytest
from django.db import connection

from chekhov.links.errors import LinkBroken, LinkRefused
from chekhov.links.mail import MailNotTaken, MailRefused
from chekhov.notify import sending
from chekhov.notify.models import Letter, LetterSecret, LetterState
from chekhov.notify.selectors import letters_in_maildir
from chekhov.notify.sending import CLAIM_LIFE, RETRY_PAUSES, letters_due, letters_send
from chekhov.notify.services import letter_retry
from notify.conftest import LINK, NOW

SECOND = dt.timedelta(seconds=1)


class Postman:
    """Takes messages; `fails` are errors for the first ones."""

    def __init__(self, *fails):
        self.fails = list(fails)
        self.taken = []

    def __call__(self, message, recipient):
        if self.fails:
            error = self.fails.pop(0)
            if error is not None:
                raise error
        self.taken.append((recipient, message))


def send(postman, now=NOW):
    return letters_send(now=lambda: now, deliver=postman)


@pytest.mark.django_db
def test_a_letter_goes_and_its_secret_is_gone(write):
    write(recipient="anton@example.test")
    postman = Postman()
    assert letters_due(now=NOW)
    assert send(postman) == 1
    ((recipient, message),) = postman.taken
    assert recipient == "anton@example.test"
    assert LINK in message.get_body(("plain",)).get_content()
    letter = Letter.objects.get()
    assert (letter.state, letter.sent_at, letter.attempts) == ("sent", NOW, 1)
    assert not LetterSecret.objects.exists()
    assert not letters_due(now=NOW)
    assert send(postman) == 0


@pytest.mark.django_db
def test_by_default_it_goes_into_the_maildir(write, home):
    write()
    assert letters_send(now=lambda: NOW) == 1
    (letter,) = letters_in_maildir()
    assert LINK in letter.text


@pytest.mark.django_db
def test_a_maildir_that_cannot_be_written_is_a_trouble_of_the_server(write, home):
    (home / "mail").write_text("a file stands here")
    write()
    letters_send(now=lambda: NOW)
    letter = Letter.objects.get()
    assert (letter.state, letter.due_at) == ("waiting", NOW + RETRY_PAUSES[0])


@pytest.mark.django_db
def test_what_is_not_due_waits(write):
    write(now=NOW + SECOND)
    assert send(Postman()) == 0
    assert not letters_due(now=NOW)


@pytest.mark.django_db
def test_pauses_grow_and_then_it_is_given_up(write, caplog):
    letter = write()
    now, pauses = NOW, []
    while True:
        assert send(Postman(MailNotTaken("451 later")), now) == 1
        letter.refresh_from_db()
        if letter.state == LetterState.DEAD:
            break
        pauses.append(letter.due_at - now)
        assert send(Postman(), letter.due_at - SECOND) == 0
        now = letter.due_at
    assert tuple(pauses) == RETRY_PAUSES
    assert letter.trouble == "451 later"
    assert "anton@" not in caplog.text
    letter_retry(letter_id=letter.pk, now=now)
    postman = Postman()
    assert send(postman, now) == 1
    assert len(postman.taken) == 1


@pytest.mark.django_db
def test_a_refused_letter_is_given_up_at_once_and_the_next_goes(write):
    write()
    write(recipient="olga@example.test")
    postman = Postman(MailRefused("550 no such user"))
    assert send(postman) == 2
    assert [letter.state for letter in Letter.objects.order_by("id")] == ["dead", "sent"]


@pytest.mark.django_db
def test_a_server_in_trouble_is_not_asked_for_each_letter(write):
    for _ in range(3):
        write()
    postman = Postman(LinkRefused("nobody listens"))
    assert send(postman) == 1
    assert postman.taken == []
    assert send(postman) == 2


@pytest.mark.django_db
def test_a_letter_that_cannot_be_made_does_not_hold_up_the_others(write, caplog):
    broken = write()
    LetterSecret.objects.update(sealed=b"\x01" * 80)
    write(recipient="olga@example.test")
    postman = Postman()
    assert send(postman) == 2
    assert [recipient for recipient, _ in postman.taken] == ["olga@example.test"]
    broken.refresh_from_db()
    assert broken.state == LetterState.DEAD
    assert LINK not in caplog.text


@pytest.mark.django_db
def test_a_letter_in_somebodys_hands_is_left_to_him(write):
    write()
    taken = sending._claim(NOW)
    assert send(Postman(), NOW + CLAIM_LIFE - SECOND) == 0
    sending._finish(taken, lambda row: sending._sent(row, NOW))
    assert Letter.objects.get().state == LetterState.SENT


@pytest.mark.django_db
def test_who_comes_back_too_late_changes_nothing(write):
    write()
    late = sending._claim(NOW)
    send(Postman(), NOW + CLAIM_LIFE)
    sending._finish(late, lambda row: sending._put_off(row, "late", NOW, lost=False))
    letter = Letter.objects.get()
    assert (letter.state, letter.trouble) == ("sent", "")


@pytest.mark.django_db
def test_a_letter_lost_twice_is_not_sent_a_third_time(write):
    letter = write()
    sending._claim(NOW)
    sending._claim(NOW + CLAIM_LIFE)
    postman = Postman()
    assert send(postman, NOW + 2 * CLAIM_LIFE) == 0
    letter.refresh_from_db()
    assert (postman.taken, letter.state, letter.trouble) == ([], "dead", sending.LOST_TROUBLE)


@pytest.mark.django_db
def test_a_connection_that_broke_on_the_way_counts_as_lost(write):
    letter = write()
    assert send(Postman(LinkBroken("gone"))) == 1
    letter.refresh_from_db()
    assert (letter.state, letter.lost_claims) == ("waiting", 1)
    assert send(Postman(LinkBroken("gone")), letter.due_at) == 1
    letter.refresh_from_db()
    assert letter.state == LetterState.DEAD


@pytest.mark.django_db(transaction=True)
def test_many_senders_send_each_letter_once(write):
    for _ in range(12):
        write()
    taken, lock = [], threading.Lock()

    def deliver(message, recipient):
        with lock:
            taken.append(message["Message-ID"])

    def work():
        try:
            while letters_send(now=lambda: NOW, deliver=deliver):
                pass
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == len(set(taken)) == 12
    assert not Letter.objects.exclude(state=LetterState.SENT).exists()


DYING = """
import datetime as dt, os, signal, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "chekhov.config.settings"
import django
django.setup()
from chekhov.notify import sending
now = dt.datetime.fromisoformat(sys.argv[1])
def deliver(message, recipient):
    if sys.argv[2] == "after":
        sending.maildir_deliver(message)
    os.kill(os.getpid(), signal.SIGKILL)
sending.letters_send(now=lambda: now, deliver=deliver)
"""


@pytest.mark.parametrize("moment", ["before", "after"])
def test_killed_with_a_letter_in_hands(test_database_url, write, settings, tmp_path, moment):
    settings.HOME, settings.SMTP = tmp_path, None
    write()
    environment = {
        **os.environ,
        "DATABASE_URL": test_database_url,
        "CHEKHOV_HOME": str(tmp_path),
        "CHEKHOV_SECRET_KEY": settings.SECRET_KEY,
    }
    died = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(DYING), NOW.isoformat(), moment], env=environment, check=False
    )
    assert died.returncode == -signal.SIGKILL
    assert len(letters_in_maildir()) == (moment == "after")
    postman = Postman()
    assert send(postman, NOW + CLAIM_LIFE - SECOND) == 0
    assert send(postman, NOW + CLAIM_LIFE) == 1
    assert len(postman.taken) == 1  # after the letter had gone this is the one repeat
    assert send(postman, NOW + 10 * CLAIM_LIFE) == 0
