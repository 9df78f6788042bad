import datetime as dt

import pytest
from django.test import Client

import factories
from accounts.conftest import NOW
from chekhov.accounts import selectors, services
from chekhov.accounts.errors import SessionNotFound
from chekhov.accounts.models import Session
from chekhov.accounts.selectors import device_words
from chekhov.accounts.sessions import SessionStore

pytestmark = pytest.mark.django_db
EMAIL, PASSWORD = "anton@example.test", "вишнёвый-сад-1903"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36"


@pytest.fixture
def user():
    return factories.user_make(email=EMAIL, password=PASSWORD)


def log_in(device=FIREFOX):
    client = Client(headers={"user-agent": device})
    client.post("/login/", {"username": EMAIL, "password": PASSWORD})
    return client


def lines(user, client=None):
    now = dt.datetime.now(tz=dt.UTC)
    return selectors.sessions_of(user, now=now, current_key=client.session.session_key if client else None)


def is_in(client):
    client.get("/")
    return "_auth_user_id" in client.session


def test_each_session_is_listed_with_its_device(user):
    desk = log_in()
    phone = log_in(PHONE)
    listed = lines(user, desk)
    assert [(line.device, line.current) for line in listed] == [
        ("Firefox, Windows", True),
        ("Chrome, Android", False),
    ]
    assert {line.address for line in listed} == {"127.0.0.1"}
    assert lines(user, phone)[0].device == "Chrome, Android"
    assert desk.session.session_key not in str(listed)


def test_ending_one_leaves_the_others(user):
    desk, phone = log_in(), log_in(PHONE)
    (other,) = [line for line in lines(user, desk) if not line.current]
    services.session_end(user=user, handle=str(other.handle), by=user, now=NOW)
    assert is_in(desk)
    assert not is_in(phone)
    with pytest.raises(SessionNotFound):
        services.session_end(user=user, handle=other.handle, by=user, now=NOW)


def test_log_out_everywhere(user):
    desk, phone = log_in(), log_in(PHONE)
    ended = services.sessions_end_all(user=user, by=user, now=NOW, keep_key=desk.session.session_key)
    assert ended == 1
    assert is_in(desk)
    assert not is_in(phone)
    services.sessions_end_all(user=user, by=user, now=NOW)
    assert not is_in(desk)


def test_anothers_session_cannot_be_ended(user):
    client = log_in()
    stranger = factories.user_make()
    for handle in (lines(user)[0].handle, "x", ""):
        with pytest.raises(SessionNotFound):
            services.session_end(user=stranger, handle=handle, by=stranger, now=NOW)
    assert is_in(client)


def test_a_removed_person_is_out_at_once(user):
    client = log_in()
    services.user_remove(user=user, by=user, now=NOW)
    assert not is_in(client)
    assert not Session.objects.exists()


def test_visitors_have_no_rows(client):
    client.get("/")
    assert not Session.objects.exists()


def test_handle_and_opening_stay_while_the_session_is_used(user):
    client = log_in()
    before = Session.objects.get()
    session = client.session
    session["typed"] = "x"
    session.save()
    is_in(client)
    after = Session.objects.get()
    assert (after.handle, after.opened_at, after.user_id) == (before.handle, before.opened_at, user.pk)


def opened(user):
    store = SessionStore()
    store["_auth_user_id"] = str(user.pk)
    store.save()
    return SessionStore(store.session_key)


def test_the_moment_is_kept_now_and_then_only(user, django_assert_num_queries):
    store = opened(user)
    store.seen(address="10.0.0.1", device="a\0b" + "x" * 400, now=NOW)
    row = Session.objects.get()
    assert (row.user_id, row.opened_at, row.seen_at, len(row.device)) == (user.pk, NOW, NOW, 300)
    later = NOW + dt.timedelta(minutes=4)
    store = SessionStore(store.session_key)
    with django_assert_num_queries(1):  # the session itself
        store.seen(address="10.0.0.1", device="other", now=later)
    store.seen(address="10.0.0.2", device="other", now=later)
    assert Session.objects.get().address == "10.0.0.2"
    store.seen(address="10.0.0.2", device="other", now=later + dt.timedelta(minutes=5))
    after = Session.objects.get()
    assert after.seen_at == later + dt.timedelta(minutes=5)
    assert (after.handle, after.opened_at) == (row.handle, row.opened_at)


def test_a_note_overwrites_nothing_of_another_request(user):
    store = opened(user)
    assert "_auth_user_id" in store
    other = SessionStore(store.session_key)
    other["typed"] = "x"
    other.save()
    store.seen(address=None, device="", now=NOW)
    assert SessionStore(store.session_key)["typed"] == "x"


def test_a_note_does_not_bring_an_ended_session_back(user):
    store = opened(user)
    assert "_auth_user_id" in store
    services.sessions_end_all(user=user, by=user, now=NOW)
    store.seen(address=None, device="", now=NOW)
    assert not Session.objects.exists()


def test_a_renewed_session_is_listed_anew(user):
    log_in()
    before = Session.objects.get()
    store = SessionStore(before.session_key)
    assert "_auth_user_id" in store
    store.cycle_key()  # as a changed password does
    store.save()
    after = Session.objects.get()
    assert after.session_key != before.session_key
    assert (after.user_id, after.handle) == (user.pk, None)


def test_a_stranger_leaves_no_trace(user):
    store = SessionStore()
    store["typed"] = "x"
    store.save()
    store.seen(address="10.0.0.1", device="", now=NOW)
    assert Session.objects.get().handle is None


@pytest.mark.parametrize(
    ("agent", "shown"),
    [
        (FIREFOX, "Firefox, Windows"),
        (PHONE, "Chrome, Android"),
        (
            "Mozilla/5.0 (X11; Linux x86_64) Chrome/130.0 YaBrowser/24.1 Safari/537.36",
            "Яндекс Браузер, Linux",
        ),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14_0) Version/17.0 Safari/605.1.15", "Safari, macOS"),
        ("curl/8.0", "Неизвестное устройство"),
        ("", "Неизвестное устройство"),
    ],
)
def test_devices(agent, shown):
    assert device_words(agent) == shown
