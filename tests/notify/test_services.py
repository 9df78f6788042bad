import datetime as dt

import pytest
from django.db import transaction

from chekhov.notify.errors import (
    BadLetter,
    BadRecipient,
    LetterNotDead,
    LetterNotFound,
    LetterSecretGone,
    UnknownLetter,
)
from chekhov.notify.kinds import KINDS, LetterKind, letter_register
from chekhov.notify.models import Letter, LetterSecret, LetterState
from chekhov.notify.sealing import unseal
from chekhov.notify.selectors import letters_counted, letters_dead, letters_of_account, letters_recent
from chekhov.notify.services import BLOTTED_RECIPIENT, letter_retry, letters_tidy
from notify.conftest import LINK, NOW

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def test_the_row_holds_no_secret(write):
    letter = write(account=3)
    row = Letter.objects.values().get()
    assert LINK not in str(row)
    assert (row["state"], row["due_at"], row["account_id"]) == ("waiting", NOW, 3)
    sealed = LetterSecret.objects.get().sealed
    assert unseal(bytes(sealed), name=str(letter.message_id)) == {"link": LINK}
    assert list(letters_of_account(3)) == [letter]


def test_it_is_one_with_the_deed(write):
    with transaction.atomic():
        write()
        transaction.set_rollback(True)
    assert not Letter.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"context": {"name": "Антон"}},
        {"context": {"name": "Антон", "hours": 48, "password": "x"}},
        {"secrets": None},
        {"secrets": {"link": LINK, "password": "x"}},
        {"context": {"name": NOW, "hours": 48}},
        {"context": {"name": "a\0", "hours": 48}},
        {"context": {"name": "x" * 40_000, "hours": 48}},
    ],
)
def test_a_letter_is_filled_with_what_it_takes(write, fields):
    with pytest.raises(BadLetter):
        write(**fields)


def test_an_unknown_letter_is_refused(write):
    with pytest.raises(UnknownLetter):
        write(template="greetings")


@pytest.mark.parametrize(
    "recipient",
    ["", "anton", "a@b.test\nBcc: c@d.test", "антон@example.test", "a@b@c.test", "a" * 250 + "@b.test"],
)
def test_what_is_no_address_is_refused(write, recipient):
    with pytest.raises(BadRecipient):
        write(recipient=recipient)


def test_a_subject_is_one_line(write):
    letter = write(
        template="employee_invitation",
        context={"name": "А", "account": "ООО\r\nBcc: x@y.test\u2028" + "я" * 300, "hours": 48},
    )
    assert letter.subject.startswith("Приглашение в личный кабинет «ООО Bcc: x@y.test я")
    assert len(letter.subject) == 250
    assert letter.subject.isprintable()


def test_a_kind_is_registered_once(monkeypatch):
    monkeypatch.setitem(KINDS, "tests_done", LetterKind(name="tests_done", subject="Готово"))
    letter_register(LetterKind(name="tests_done", subject="Готово"))
    with pytest.raises(BadLetter):
        letter_register(LetterKind(name="tests_done", subject="Не готово"))
    with pytest.raises(BadLetter):
        letter_register(LetterKind(name="../etc", subject="x"))


# ── given up, and sent anew ──────────────────────────────────────────────────────────────────────────


def test_a_dead_letter_can_be_sent_anew(write):
    letter = write()
    Letter.objects.update(state=LetterState.DEAD, attempts=6, lost_claims=2, trouble="x")
    assert list(letters_dead()) == [letter]
    later = NOW + DAY
    letter_retry(letter_id=letter.pk, now=later)
    letter.refresh_from_db()
    assert (letter.state, letter.due_at, letter.attempts, letter.lost_claims) == ("waiting", later, 0, 0)


def test_only_a_dead_letter_can_be_sent_anew(write):
    letter = write()
    with pytest.raises(LetterNotDead):
        letter_retry(letter_id=letter.pk, now=NOW)
    with pytest.raises(LetterNotFound):
        letter_retry(letter_id=letter.pk + 1, now=NOW)


def test_secrets_are_not_kept_for_long(write):
    waiting, dead, fresh = write(), write(), write(now=NOW + 3 * DAY)
    Letter.objects.filter(pk=dead.pk).update(state=LetterState.DEAD)
    letters_tidy(now=NOW + 3 * DAY + dt.timedelta(seconds=1))
    assert [secret.letter_id for secret in LetterSecret.objects.all()] == [fresh.pk]
    waiting.refresh_from_db()
    assert waiting.state == LetterState.DEAD
    with pytest.raises(LetterSecretGone):
        letter_retry(letter_id=dead.pk, now=NOW)


def test_whom_it_went_to_is_forgotten_after_a_term(write):
    letter = write()
    LetterSecret.objects.all().delete()
    Letter.objects.update(state=LetterState.SENT, sent_at=NOW)
    letters_tidy(now=NOW + 90 * DAY)
    letter.refresh_from_db()
    assert letter.recipient == "anton@example.test"
    assert letters_tidy(now=NOW + 91 * DAY) == 1
    letter.refresh_from_db()
    assert (letter.recipient, letter.context) == (BLOTTED_RECIPIENT, {})
    assert letters_tidy(now=NOW + 91 * DAY) == 0


def test_counting(write):
    write()
    write(recipient="ANTON@example.test")
    Letter.objects.filter(pk=write().pk).update(state=LetterState.DEAD)
    assert letters_counted() == {"waiting": 2, "sending": 0, "dead": 1}
    assert letters_recent(recipient="Anton@example.test", template="registration", since=NOW) == 3
    assert letters_recent(recipient="anton@example.test", template="registration", since=NOW + DAY) == 0
