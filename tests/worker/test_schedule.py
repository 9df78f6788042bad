import pytest

from chekhov import clock
from chekhov.notify.selectors import letters_in_maildir
from chekhov.notify.services import letter_send
from chekhov.worker.schedule import SCHEDULE
from waiting import until

DEEDS = {deed.name: deed.run for deed in SCHEDULE}


@pytest.mark.django_db(transaction=True)
def test_a_letter_is_on_its_way_soon(settings, tmp_path):
    settings.HOME, settings.SMTP = tmp_path, None
    letter_send(
        template="password_changed",
        recipient="anton@example.test",
        context={"recovery_url": "x"},
        now=clock.now(),
    )
    until(DEEDS["letters_send"])
    assert [letter.recipient for letter in letters_in_maildir()] == ["anton@example.test"]
    assert DEEDS["letters_send"]() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["letters_prepare", "tidy"])
def test_nothing_to_do_is_told_as_nothing(name):
    assert DEEDS[name]() == 0


def test_names_are_told_apart():
    assert len(DEEDS) == len(SCHEDULE)
