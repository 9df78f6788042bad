import datetime as dt

import pytest
from django.contrib.sessions.backends.base import UpdateError

import factories
from accounts.conftest import NOW
from accounts.post import last_token, letters, secrets_of, token_of
from chekhov.accounts import services
from chekhov.accounts.errors import (
    BadEmail,
    LinkExpired,
    LinkUsed,
    LogInLocked,
    TooOften,
    WeakPassword,
    WrongPassword,
)
from chekhov.accounts.models import RecoveryRequest, Session
from chekhov.audit.models import AuditEntry

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
EMAIL = "anton@example.test"
OLD, NEW = "вишнёвый-сад-1903", "три-сестры-1900"


@pytest.fixture
def user():
    return factories.user_make(email=EMAIL, password=OLD, full_name="Чехов Антон")


def recover(email=EMAIL, now=NOW, **fields):
    services.recovery_ask(email=email, now=now, **fields)
    services.letters_prepare(now=now)


# ── recovery ─────────────────────────────────────────────────────────────────────────────────────────


def test_the_old_password_is_good_until_the_link_is_followed(user, client):
    recover(email=" ANTON@example.test ")
    assert client.login(username=EMAIL, password=OLD)
    services.recovery_confirm(token=last_token("password_link"), now=NOW)
    assert not client.login(username=EMAIL, password=OLD)
    user.refresh_from_db()
    (letter,) = letters("new_password")
    assert client.login(username=EMAIL, password=secrets_of(letter)["password"])
    assert user.must_change_password
    services.password_set_by_link(token=last_token("new_password"), new_password=NEW, now=NOW)
    assert client.login(username=EMAIL, password=NEW)


def test_known_and_unknown_addresses_are_answered_alike(user, django_assert_num_queries):
    factories.user_make(email="shut@example.test", password="x", is_active=False)
    factories.user_make(email="invited@example.test")
    for email in (EMAIL, "nobody@example.test", "shut@example.test", "invited@example.test"):
        with django_assert_num_queries(11):
            assert services.recovery_ask(email=email, now=NOW) is None
    assert letters() == []  # the page has written none: the worker does
    assert services.letters_prepare(now=NOW) == 4
    assert [letter.recipient for letter in letters()] == [EMAIL]
    assert services.letters_prepare(now=NOW) == 0


def test_following_the_link_ends_every_session_and_other_links(user, client):
    client.login(username=EMAIL, password=OLD)
    recover()
    recover()
    one, other = letters("password_link")
    services.recovery_confirm(token=token_of(one), now=NOW)
    assert not Session.objects.exists()
    with pytest.raises(LinkExpired):
        services.recovery_confirm(token=token_of(other), now=NOW)
    with pytest.raises(LinkUsed):
        services.recovery_confirm(token=token_of(one), now=NOW)
    assert len(letters("new_password")) == 1


def test_a_link_of_recovery_works_for_a_day(user):
    recover()
    with pytest.raises(LinkExpired):
        services.recovery_confirm(token=last_token("password_link"), now=NOW + 24 * HOUR)


def test_a_link_of_one_removed_meanwhile(user):
    recover()
    token = last_token("password_link")
    user.is_active = False
    user.save()
    with pytest.raises(LinkExpired):
        services.recovery_confirm(token=token, now=NOW)


def test_requests_are_limited_alike(user):
    for email in (EMAIL, "nobody@example.test"):
        for _ in range(3):
            services.recovery_ask(email=email, now=NOW)
        with pytest.raises(TooOften):
            services.recovery_ask(email=email.upper(), now=NOW)
    for number in range(20):
        services.recovery_ask(email=f"a{number}@example.test", now=NOW, address="10.0.0.1")
    with pytest.raises(TooOften):
        services.recovery_ask(email="more@example.test", now=NOW, address="10.0.0.1")


def test_what_is_no_address_is_refused():
    with pytest.raises(BadEmail):
        services.recovery_ask(email="anton", now=NOW)
    assert not RecoveryRequest.objects.exists()


def test_recovery_opens_a_closed_log_in(user, client):
    for _ in range(5):
        client.login(username=EMAIL, password="wrong")
    assert not client.login(username=EMAIL, password=OLD)
    recover()
    services.recovery_confirm(token=last_token("password_link"), now=NOW)
    assert client.login(username=EMAIL, password=secrets_of(letters("new_password")[0])["password"])


# ── changing ─────────────────────────────────────────────────────────────────────────────────────────


def change(user, **fields):
    return services.password_change(
        **{"user": user, "old_password": OLD, "new_password": NEW, "now": NOW} | fields
    )


def test_changing_ends_other_sessions_and_tells(user, client):
    client.login(username=EMAIL, password=OLD)
    mine = client.session
    client.cookies.clear()
    client.login(username=EMAIL, password=OLD)
    other = client.session
    assert other["_auth_user_id"] == str(user.pk)  # as by a request that is under way
    user.must_change_password = True
    user.save()
    changed = change(user, keep_session_key=mine.session_key)
    assert not changed.must_change_password
    assert [row.session_key for row in Session.objects.all()] == [mine.session_key]
    assert len(letters("password_changed")) == 1
    assert AuditEntry.objects.filter(action="accounts.password_changed").count() == 1
    other["x"] = 1
    with pytest.raises(UpdateError):  # an ended session is not brought back by a request under way
        other.save()


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"old_password": "wrong"}, WrongPassword),
        ({"new_password": OLD}, WeakPassword),
        ({"new_password": "короткий"}, WeakPassword),
        ({"new_password": "password123"}, WeakPassword),
        ({"new_password": EMAIL}, WeakPassword),
        ({"new_password": "я" * 129}, WeakPassword),
        ({"new_password": "три-сестры\0-1900"}, WeakPassword),
    ],
)
def test_a_bad_change_is_refused(user, fields, error):
    with pytest.raises(error):
        change(user, **fields)
    user.refresh_from_db()
    assert user.check_password(OLD)


def test_the_old_password_cannot_be_guessed_in_an_open_session(user):
    for _ in range(5):
        with pytest.raises(WrongPassword):
            change(user, old_password="wrong")
    with pytest.raises(LogInLocked):
        change(user)


def test_of_two_changes_at_once_the_second_is_told(user):
    stale = type(user).objects.get(pk=user.pk)
    change(user)
    with pytest.raises(WrongPassword, match="в другом сеансе"):
        change(stale, new_password="другой-пароль-1904")


def test_a_link_to_set_a_password_is_void_after_any_change(user):
    recover()
    services.recovery_confirm(token=last_token("password_link"), now=NOW)
    user.refresh_from_db()
    password = secrets_of(letters("new_password")[0])["password"]
    change(user, old_password=password)
    with pytest.raises(LinkExpired):
        services.password_set_by_link(
            token=last_token("new_password"), new_password="другой-пароль-1904", now=NOW
        )


def test_a_weak_password_does_not_use_the_link_up(user):
    recover()
    services.recovery_confirm(token=last_token("password_link"), now=NOW)
    token = last_token("new_password")
    with pytest.raises(WeakPassword):
        services.password_set_by_link(token=token, new_password="123", now=NOW)
    services.password_set_by_link(token=token, new_password=NEW, now=NOW)
