import datetime as dt
import threading

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

import factories
from accounts.conftest import NOW
from accounts.post import last_token, letters, secrets_of, token_of
from chekhov.accounts import selectors, services
from chekhov.accounts.errors import (
    BadEmail,
    BadFullName,
    BadPhone,
    ConsentChanged,
    ConsentMissing,
    EmailTaken,
    LinkExpired,
    LinkUnknown,
    LinkUsed,
    TooOften,
)
from chekhov.accounts.models import (
    Account,
    Consent,
    EmailLink,
    LinkPurpose,
    Registration,
    StaffRole,
    User,
)
from chekhov.audit.models import AuditEntry
from chekhov.notify.models import Letter

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
EMAIL = "Anton@Example.test"


def start(**fields):
    services.registration_start(
        **{
            "email": EMAIL,
            "last_name": "Чехов",
            "first_name": "Антон",
            "phone": "912 345-67-89",
            "consent_version": 1,
            "now": NOW,
            "address": "10.0.0.1",
        }
        | fields
    )


def confirm(token=None, now=NOW):
    return services.registration_confirm(
        token=token or last_token("registration"), now=now, address="10.0.0.2"
    )


def test_from_the_form_to_the_first_log_in(client):
    start()
    assert not User.objects.exists()
    registered = confirm()
    user = User.objects.get()
    assert registered.user == user
    assert (user.email, user.full_name, user.phone) == (EMAIL, "Чехов Антон", "+79123456789")
    assert (user.bar_name, user.must_change_password, user.email_confirmed_at) == ("Антон Ч.", True, NOW)
    assert registered.account == Account.objects.get(opened_by=user)
    assert user.check_password(registered.password)
    assert client.login(username=EMAIL.lower(), password=registered.password)
    assert registered.password not in repr(registered)


def test_the_letter_says_what_the_page_shows_and_offers_a_link_instead():
    start()
    registered = confirm()
    (letter,) = letters("credentials")
    secrets = secrets_of(letter)
    assert secrets["password"] == registered.password
    assert letter.context["login"] == EMAIL
    assert registered.password not in str(Letter.objects.values())
    services.password_set_by_link(token=token_of(letter), new_password="три-сестры-1900", now=NOW)
    user = User.objects.get()
    assert user.email_confirmed_at == NOW
    assert user.check_password("три-сестры-1900")
    assert not user.must_change_password


def test_the_token_is_kept_nowhere_open():
    start()
    token = last_token("registration")
    rows = [*EmailLink.objects.values(), *Registration.objects.values(), *Letter.objects.values()]
    assert token not in str(rows)


def test_consent_is_kept_with_its_version_moment_and_place(settings):
    start()
    settings.OPERATOR_NAME = "Другой оператор"
    confirm(now=NOW + HOUR)
    consent = Consent.objects.get()
    assert (consent.consent_text.version, consent.given_at, consent.address) == (1, NOW, "10.0.0.1")
    assert consent.operator_name != "Другой оператор"
    assert list(selectors.consents_of(User.objects.get())) == [consent]
    for deed in (consent.delete, lambda: Consent.objects.update(given_at=NOW)):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            deed()


def test_it_is_in_the_journal_without_personal_data():
    start()
    registered = confirm()
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.account_id) == ("accounts.registered", registered.account.pk)
    assert (entry.address, entry.facts) == ("10.0.0.2", {"consent_version": 1})


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"email": "anton"}, BadEmail),
        ({"last_name": " "}, BadFullName),
        ({"first_name": "а\0"}, BadFullName),
        ({"phone": "12"}, BadPhone),
        ({"consent_version": None}, ConsentMissing),
        ({"consent_version": 2}, ConsentChanged),
    ],
)
def test_bad_forms_are_refused_and_nothing_is_kept(fields, error):
    with pytest.raises(error):
        start(**fields)
    assert not Registration.objects.exists()
    assert not Letter.objects.exists()


def test_a_changed_text_must_be_read_again():
    admin = factories.staff_make(StaffRole.ADMINISTRATOR)
    shown = selectors.consent_in_force()
    services.consent_publish(text="Новое согласие, {operator}", expected_version=1, by=admin, now=NOW)
    with pytest.raises(ConsentChanged):
        start(consent_version=shown.version)
    start(consent_version=selectors.consent_in_force().version)


# ── links ────────────────────────────────────────────────────────────────────────────────────────────


def test_a_link_works_once():
    start()
    token = last_token("registration")
    assert selectors.link_look(token=token, purpose=LinkPurpose.REGISTRATION, now=NOW)
    confirm(token)
    for ask in (confirm, lambda t: selectors.link_look(token=t, purpose=LinkPurpose.REGISTRATION, now=NOW)):
        with pytest.raises(LinkUsed):
            ask(token)
    assert User.objects.count() == Account.objects.count() == 1


def test_a_link_works_for_48_hours():
    start()
    token = last_token("registration")
    with pytest.raises(LinkExpired):
        confirm(token, now=NOW + 48 * HOUR)
    confirm(token, now=NOW + 48 * HOUR - dt.timedelta(seconds=1))


@pytest.mark.parametrize("token", ["", "x", "é" * 43, "\0", "x" * 10_000])
def test_a_link_that_is_none(token):
    start()
    with pytest.raises(LinkUnknown):
        services.registration_confirm(token=token, now=NOW)


def test_a_link_of_another_kind_does_not_do():
    start()
    token = last_token("registration")
    for deed in (services.invitation_accept, services.recovery_confirm):
        with pytest.raises(LinkUnknown):
            deed(token=token, now=NOW)


def test_of_two_registrations_the_first_that_is_confirmed_counts():
    start()
    start(first_name="Павел")
    one, other = (token_of(letter) for letter in letters("registration"))
    confirm(other)
    assert User.objects.get().first_name == "Павел"
    with pytest.raises(LinkExpired):
        confirm(one)


# ── who is here already ──────────────────────────────────────────────────────────────────────────────


def rows_written():
    return (
        Registration.objects.count(),
        EmailLink.objects.count(),
        Letter.objects.count(),
        Letter.objects.filter(secret__isnull=False).count(),
    )


def statements_of(deed):
    with CaptureQueriesContext(connection) as asked:
        deed()
    return [
        query["sql"].split("VALUES")[0].split("=")[0].split("lock(")[0]
        for query in asked
        if "SAVEPOINT" not in query["sql"]
    ]


def test_a_taken_address_gets_the_same_answer_and_another_letter():
    factories.user_make(email="anton@example.test", password="x")
    start()
    assert rows_written() == (1, 1, 1, 1)
    (letter,) = letters()
    assert letter.template == "registration_again"
    assert "link" not in secrets_of(letter)
    unknown = statements_of(lambda: start(email="nobody@example.test"))
    assert len(unknown) > 8
    assert statements_of(start) == unknown
    assert not User.objects.filter(full_name="Чехов Антон").exists()


def test_an_address_taken_meanwhile():
    start()
    factories.user_make(email="anton@example.test", password="x")
    with pytest.raises(EmailTaken):
        confirm()
    assert EmailLink.objects.get().used_at is None
    assert not Account.objects.exists()


def test_a_dismissed_member_of_staff_does_not_come_back_by_himself():
    factories.staff_make(email="anton@example.test", is_active=False)
    start()
    assert [letter.template for letter in letters()] == ["registration_again"]


def test_a_removed_person_can_register_again():
    start()
    registered = confirm()
    services.user_remove(user=registered.user, by=registered.user, now=NOW)
    start(now=NOW + HOUR, first_name="Павел")
    again = confirm(now=NOW + HOUR)
    assert again.user == registered.user
    assert again.account != registered.account
    user = User.objects.get()
    assert (user.first_name, user.is_active, user.removed_at) == ("Павел", True, None)


# ── limits ───────────────────────────────────────────────────────────────────────────────────────────


def test_letters_to_an_address_are_limited_whether_it_is_known_or_not():
    factories.user_make(email="anton@example.test", password="x")
    for email in (EMAIL, "nobody@example.test"):
        for _ in range(3):
            start(email=email)
        with pytest.raises(TooOften):
            start(email=email.upper())
        start(email=email, now=NOW + HOUR)


def test_requests_from_a_place_are_limited():
    for number in range(20):
        start(email=f"a{number}@example.test")
    with pytest.raises(TooOften):
        start(email="more@example.test")
    start(email="more@example.test", address="10.0.0.9")


# ── at once ──────────────────────────────────────────────────────────────────────────────────────────


def together(*deeds):
    outcomes, barrier = [], threading.Barrier(len(deeds))

    def do(deed):
        try:
            barrier.wait()
            outcomes.append(deed())
        except Exception as error:  # noqa: BLE001
            outcomes.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=do, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.mark.django_db(transaction=True)
def test_one_link_followed_twice_at_once_makes_one_person():
    start()
    token = last_token("registration")
    outcomes = together(*[lambda: confirm(token)] * 4)
    assert sorted(type(one).__name__ for one in outcomes) == ["LinkUsed"] * 3 + ["Registered"]
    assert User.objects.count() == Account.objects.count() == 1
    assert len(letters("credentials")) == 1


@pytest.mark.django_db(transaction=True)
def test_two_links_of_one_address_followed_at_once_make_one_person():
    start()
    start()
    tokens = [token_of(letter) for letter in letters("registration")]
    outcomes = together(*[lambda token=token: confirm(token) for token in tokens])
    assert sum(isinstance(one, services.Registered) for one in outcomes) == 1
    assert all(isinstance(one, services.Registered | EmailTaken | LinkExpired) for one in outcomes), outcomes
    assert User.objects.count() == Account.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_limit_holds_at_once():
    outcomes = together(*[start] * 6)
    assert sum(one is None for one in outcomes) == 3
    assert sum(isinstance(one, TooOften) for one in outcomes) == 3
