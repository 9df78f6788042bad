import datetime as dt
import threading

import pytest
from django.db import connection

import factories
from accounts.conftest import NOW
from accounts.post import letters
from chekhov.accounts import selectors, services
from chekhov.accounts.errors import GuardNotFound, LogInLocked, LogInRefused, StaffOnly
from chekhov.accounts.models import LogInGuard, StaffRole
from chekhov.accounts.services import entrance
from chekhov.audit.models import AuditEntry

pytestmark = pytest.mark.django_db
EMAIL, PASSWORD = "anton@example.test", "вишнёвый-сад-1903"
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def user():
    return factories.user_make(email=EMAIL, password=PASSWORD)


def enter(email=EMAIL, password=PASSWORD, now=NOW, address="10.0.0.1"):
    return services.log_in_check(email=email, password=password, now=now, address=address)


def fail(times, **fields):
    for _ in range(times):
        with pytest.raises(LogInRefused):
            enter(**{"password": "wrong"} | fields)


def test_the_right_password_is_in_the_journal(user):
    assert enter(email=" ANTON@example.test ") == user
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor, entry.address) == ("accounts.logged_in", user, "10.0.0.1")


@pytest.mark.parametrize("email", [EMAIL, "nobody@example.test", "не почта", "", "a\0b", "x" * 1000])
def test_five_failures_close_for_a_quarter_of_an_hour_whoever_it_is(user, email):
    fail(5, email=email)
    with pytest.raises(LogInLocked) as caught:
        enter(email=email.upper())
    assert caught.value.message == "Слишком много неудачных попыток входа. Повторите через 15 мин."
    assert caught.value.details["until"] == NOW + 15 * MINUTE


def test_it_opens_by_itself(user):
    fail(5)
    with pytest.raises(LogInLocked, match="через 1 мин"):
        enter(now=NOW + 14 * MINUTE + dt.timedelta(seconds=30))
    assert enter(now=NOW + 15 * MINUTE) == user
    fail(4, now=NOW + 15 * MINUTE)
    assert enter(now=NOW + 15 * MINUTE) == user


def test_failures_of_long_ago_are_forgotten(user):
    fail(4)
    fail(4, now=NOW + 15 * MINUTE)
    assert enter(now=NOW + 15 * MINUTE) == user


def test_the_right_password_begins_anew(user):
    for _ in range(3):
        fail(4)
        enter()


def test_others_are_not_closed_out(user):
    other = factories.user_make(email="olga@example.test", password=PASSWORD)
    fail(5)
    assert enter(email=other.email) == other


def test_an_address_of_the_net_is_closed_after_twenty(user):
    for number in range(20):
        fail(1, email=f"a{number}@example.test")
    with pytest.raises(LogInLocked):
        enter()
    assert enter(address="10.0.0.2") == user


def test_ones_own_log_ins_do_not_open_the_address(user):
    for number in range(19):
        fail(1, email=f"a{number}@example.test")
        enter()
    fail(1, email="last@example.test")
    with pytest.raises(LogInLocked):
        enter()


def test_one_subscriber_of_ipv6_is_one(user):
    for number in range(20):
        fail(1, email=f"a{number}@example.test", address=f"2001:db8::{number:x}")
    with pytest.raises(LogInLocked):
        enter(address="2001:db8::ffff")
    assert enter(address="2001:db8:0:1::1") == user


def test_an_address_that_is_none_stops_nobody(user):
    assert enter(address="somewhere") == enter(address=None) == user


@pytest.mark.parametrize("fields", [{"is_active": False}, {"password": None}])
def test_who_may_not_enter_is_answered_like_a_stranger(fields):
    factories.user_make(**{"email": EMAIL, "password": PASSWORD} | fields)
    with pytest.raises(LogInRefused) as caught:
        enter()
    with pytest.raises(LogInRefused) as stranger:
        enter(email="nobody@example.test")
    assert caught.value.message == stranger.value.message


def test_a_stranger_takes_as_long(user, monkeypatch):
    hashed = []
    monkeypatch.setattr(
        "django.contrib.auth.hashers.MD5PasswordHasher.encode",
        lambda _, password, _salt: hashed.append(password) or "md5$salt$x",
    )
    fail(1)
    fail(1, email="nobody@example.test")
    assert hashed == ["wrong", "wrong"]


def test_a_very_long_password_is_not_hashed(user, monkeypatch):
    hashed = []
    monkeypatch.setattr(type(user), "check_password", lambda _, password: hashed.append(password))
    fail(1, password="x" * 1_000_000)
    assert hashed == [""]


# ── what is told of it ───────────────────────────────────────────────────────────────────────────────


def test_the_owner_gets_one_letter(user):
    fail(5)
    fail(5, email="nobody@example.test")
    assert services.letters_prepare(now=NOW + MINUTE) == 2
    assert services.letters_prepare(now=NOW + MINUTE) == 0
    (letter,) = letters()
    assert (letter.template, letter.recipient, letter.context["minutes"]) == ("locked_out", EMAIL, 14)
    fail(5, now=NOW + 15 * MINUTE)
    services.letters_prepare(now=NOW + 16 * MINUTE)
    assert len(letters()) == 2


def test_staff_see_it_and_can_open(user):
    staff = factories.staff_make(StaffRole.MANAGER)
    fail(5)
    (guard,) = selectors.locks_now(now=NOW)
    assert guard.key == EMAIL
    assert AuditEntry.objects.get().action == "accounts.locked_out"
    with pytest.raises(StaffOnly):
        services.lock_lift(guard_id=guard.pk, by=user, now=NOW, reason="Прошу")
    services.lock_lift(guard_id=guard.pk, by=staff, now=NOW, reason="Звонок клиента")
    assert enter() == user
    assert not selectors.locks_now(now=NOW).exists()
    with pytest.raises(GuardNotFound):
        services.lock_lift(guard_id=guard.pk, by=staff, now=NOW, reason="Ещё раз")


def test_nothing_personal_in_logs(user, caplog):
    caplog.set_level("DEBUG")
    fail(5)
    services.letters_prepare(now=NOW)
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("chekhov")]
    assert EMAIL not in str(ours)


@pytest.mark.django_db(transaction=True)
def test_attempts_at_once_have_no_more_tries_than_one_after_another(user, monkeypatch):
    looked, barrier = [], threading.Barrier(12)
    monkeypatch.setattr(entrance, "_right", lambda _, password: looked.append(password) or False)

    def attempt():
        try:
            barrier.wait()
            enter(password="wrong")
        except (LogInRefused, LogInLocked):
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(looked) == 5
    assert LogInGuard.objects.get(kind="email").failures == 5
