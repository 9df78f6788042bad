import datetime as dt

import pytest

import factories
from accounts.conftest import NOW
from accounts.post import last_token
from chekhov.accounts import services
from chekhov.accounts.errors import LinkExpired, LogInRefused
from chekhov.accounts.models import EmailLink, LogInGuard, RecoveryRequest, Registration, Session, User

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def start(email):
    services.registration_start(
        email=email, last_name="Ч", first_name="А", phone="9123456789", consent_version=1, now=NOW
    )


def test_what_nobody_confirmed_is_forgotten_and_what_was_confirmed_stays():
    start("a@example.test")
    services.registration_confirm(token=last_token("registration"), now=NOW)
    start("b@example.test")
    token = last_token("registration")
    services.accounts_tidy(now=NOW + 31 * DAY)
    with pytest.raises(LinkExpired):  # for a while whoever comes late is told that it is too late
        services.registration_confirm(token=token, now=NOW + 31 * DAY)
    services.accounts_tidy(now=NOW + 33 * DAY)
    assert [row.email for row in Registration.objects.all()] == ["a@example.test"]
    assert [link.purpose for link in EmailLink.objects.all()] == ["registration"]
    assert User.objects.count() == 1


def test_counters_and_requests_are_forgotten_but_not_closed_log_ins():
    for _ in range(5):
        with pytest.raises(LogInRefused):
            services.log_in_check(email="a@example.test", password="x", now=NOW)
    LogInGuard.objects.update(locked_until=NOW + 5 * DAY)
    with pytest.raises(LogInRefused):
        services.log_in_check(email="b@example.test", password="x", now=NOW)
    services.recovery_ask(email="a@example.test", now=NOW)
    services.recovery_ask(email="b@example.test", now=NOW)
    services.letters_prepare(now=NOW)
    services.recovery_ask(email="c@example.test", now=NOW)
    services.accounts_tidy(now=NOW + 3 * DAY)
    assert [guard.key for guard in LogInGuard.objects.all()] == ["a@example.test"]
    assert [row.email for row in RecoveryRequest.objects.all()] == ["c@example.test"]


def test_sessions_that_ended_are_removed(client):
    client.force_login(factories.user_make())
    now = dt.datetime.now(tz=dt.UTC)
    assert services.accounts_tidy(now=now) == 0
    assert services.accounts_tidy(now=now + 15 * DAY) == 1
    assert not Session.objects.exists()
