import datetime as dt

import pytest

from chekhov.notify import services

NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
LINK = "https://ofd.example/entry/confirm/t0ken-t0ken/"


@pytest.fixture
def home(settings, tmp_path):
    settings.HOME = tmp_path
    settings.SMTP = None
    return tmp_path


@pytest.fixture
def write():
    """Put a letter of registration into the queue."""

    def make(**fields):
        return services.letter_send(
            **{
                "template": "registration",
                "recipient": "anton@example.test",
                "context": {"name": "Антон", "hours": 48},
                "secrets": {"link": LINK},
                "now": NOW,
            }
            | fields
        )

    return make
