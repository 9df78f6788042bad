import os
import stat

import pytest

from chekhov.notify.errors import LetterNotFound
from chekhov.notify.maildir import letter_in_maildir, letters_in_maildir, maildir_deliver
from chekhov.notify.rendering import letter_message
from notify.conftest import LINK, NOW

pytestmark = pytest.mark.django_db


def delivered(write, **fields):
    return maildir_deliver(letter_message(write(**fields), {"link": LINK}, now=NOW))


def test_a_letter_is_read_back(write, home):
    path = delivered(write)
    (letter,) = letters_in_maildir()
    assert (letter.key, letter.recipient, letter.at) == (path.name, "anton@example.test", NOW)
    assert letter.subject == "Подтвердите адрес электронной почты"
    assert LINK in letter.text
    assert LINK in letter.html
    assert letter_in_maildir(letter.key) == letter


def test_the_same_letter_twice_is_one_file(write, home):
    letter = write()
    for _ in range(2):
        maildir_deliver(letter_message(letter, {"link": LINK}, now=NOW))
    assert len(letters_in_maildir()) == 1
    assert not list((home / "mail" / "tmp").iterdir())


def test_letters_are_the_owners_only(write, home):
    path = delivered(write)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_the_newest_comes_first(write, home):
    paths = [delivered(write) for _ in range(3)]
    for age, path in enumerate(paths):
        os.utime(path, (1_000_000 - age, 1_000_000 - age))
    assert [letter.key for letter in letters_in_maildir()] == [path.name for path in paths]
    assert [letter.key for letter in letters_in_maildir(limit=1)] == [paths[0].name]


@pytest.mark.parametrize(
    "key", ["", "..", "../../secret.key", "x", "00000000-0000-0000-0000-000000000000", "a" * 36]
)
def test_other_files_are_not_letters(home, key):
    (home / "secret.key").write_text("secret")
    (home / "mail" / "new").mkdir(parents=True)
    (home / "mail" / "new" / "x").write_text("x")
    with pytest.raises(LetterNotFound):
        letter_in_maildir(key)
    assert letters_in_maildir() == []


def test_no_maildir_is_no_letters(home):
    assert letters_in_maildir() == []
