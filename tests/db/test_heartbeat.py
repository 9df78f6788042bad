import pytest
from django.db import connection

from chekhov.db.heartbeat import STALE_SECONDS, beat, beats, leave, process_name

pytestmark = pytest.mark.django_db


def age(process, seconds):
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE db_heartbeat SET beaten_at = clock_timestamp() - make_interval(secs => %s) WHERE process = %s",
            [seconds, process],
        )


def test_beat_is_seen():
    beat("worker", {"lag": 3, "слово": "чек"})
    (sign,) = beats()
    assert (sign.kind, sign.process) == ("worker", process_name("worker"))
    assert sign.details == {"lag": 3, "слово": "чек"}
    assert sign.alive
    assert 0 <= sign.age_seconds < STALE_SECONDS


def test_next_beat_replaces_the_last():
    beat("worker", {"n": 1})
    age(process_name("worker"), STALE_SECONDS + 1)
    beat("worker", {"n": 2})
    (sign,) = beats()
    assert sign.alive
    assert sign.details == {"n": 2}


def test_silence_means_down():
    beat("worker")
    age(process_name("worker"), STALE_SECONDS + 0.5)
    (sign,) = beats()
    assert not sign.alive


def test_who_leaves_on_purpose_is_not_missed():
    beat("worker")
    beat("gateway")
    leave("worker")
    assert [sign.kind for sign in beats()] == ["gateway"]


def test_rows_of_the_long_gone_are_forgotten():
    beat("worker")
    age(process_name("worker"), 25 * 3600)
    beat("gateway")
    assert [sign.kind for sign in beats()] == ["gateway"]
