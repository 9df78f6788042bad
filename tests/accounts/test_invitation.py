import datetime as dt

import pytest

import factories
from accounts.conftest import NOW
from accounts.post import last_token, letters, secrets_of
from chekhov.accounts import selectors, services
from chekhov.accounts.errors import BadEmail, BadFullName, BadPhone, LinkExpired, LinkUsed, TooOften
from chekhov.accounts.models import Account, User
from chekhov.accounts.services import limits
from chekhov.audit.selectors import journal_of_account

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
EMAIL = "olga@example.test"


@pytest.fixture
def owner():
    return factories.user_make(email="owner@example.test", password="x", full_name="Владелец Иван")


@pytest.fixture
def account(owner):
    return Account.objects.create(opened_by=owner)


@pytest.fixture
def invite(account, owner):
    def make(**fields):
        return services.invitation_send(
            **{
                "email": EMAIL,
                "last_name": "Книппер",
                "first_name": "Ольга",
                "middle_name": "Леонардовна",
                "phone": "9123456789",
                "account": account,
                "account_shown": "ООО «Чайка»",
                "by": owner,
                "now": NOW,
            }
            | fields
        )

    return make


def accept(token=None, now=NOW):
    return services.invitation_accept(token=token or last_token("employee_invitation"), now=now)


def test_a_new_employee_gets_in(invite, account, client):
    invited = invite()
    assert not invited.user.has_usable_password()
    assert not client.login(username=EMAIL, password="")
    assert list(selectors.invitations_open(account, now=NOW)) == [invited.invitation]
    (letter,) = letters()
    assert letter.subject == "Приглашение в личный кабинет «ООО «Чайка»»"
    accepted = accept()
    assert accepted.user == invited.user
    assert accepted.password is not None
    assert secrets_of(letters("credentials")[0])["password"] == accepted.password
    user = User.objects.get(email=EMAIL)
    assert (user.full_name, user.must_change_password) == ("Книппер Ольга Леонардовна", True)
    assert client.login(username=EMAIL, password=accepted.password)
    assert not selectors.invitations_open(account, now=NOW).exists()
    assert [line.action for line in journal_of_account(account.pk).lines] == [
        "accounts.invitation_accepted",
        "accounts.invited",
    ]


def test_one_who_is_here_already_keeps_his_name_and_password(invite):
    there = factories.user_make(email="Olga@Example.test", password="её-пароль", full_name="Иначе")
    assert invite().user == there
    accepted = accept()
    assert accepted.password is None
    there.refresh_from_db()
    assert there.full_name == "Иначе"
    assert there.check_password("её-пароль")
    assert letters("credentials") == []
    assert there.email_confirmed_at == NOW


def test_a_removed_employee_comes_back_by_a_new_invitation(invite, owner, client):
    invite()
    first = accept()
    services.user_remove(user=first.user, by=owner, now=NOW)
    assert not client.login(username=EMAIL, password=first.password)
    invite(first_name="Мария", now=NOW + HOUR)
    again = accept(now=NOW + HOUR)
    assert again.user == first.user
    user = User.objects.get(email=EMAIL)
    assert (user.first_name, user.is_active) == ("Мария", True)
    assert not user.check_password(first.password)
    assert user.check_password(again.password)


def test_removing_makes_the_invitation_void(invite, owner):
    invited = invite()
    services.user_remove(user=invited.user, by=owner, now=NOW)
    with pytest.raises(LinkExpired):
        accept()


def test_one_shut_out_by_staff_does_not_come_in_this_way(invite):
    factories.user_make(email=EMAIL, password="x", is_active=False)
    invite()
    with pytest.raises(LinkExpired):
        accept()


def test_sent_anew_the_old_link_is_void(invite):
    invite()
    old = last_token("employee_invitation")
    invite()
    with pytest.raises(LinkExpired):
        accept(old)
    accept()
    with pytest.raises(LinkUsed):
        accept()


def test_an_invitation_waits_48_hours(invite):
    invite()
    with pytest.raises(LinkExpired):
        accept(now=NOW + 48 * HOUR)


def test_invitations_of_two_cabinets_do_not_touch_each_other(invite, owner):
    invite()
    mine = last_token("employee_invitation")
    invite(account=Account.objects.create(opened_by=owner))
    accept(mine)
    assert accept().password is None


def test_who_registers_himself_while_invited(invite):
    invite()
    services.registration_start(
        email=EMAIL,
        last_name="Книппер",
        first_name="Ольга",
        phone="9123456789",
        consent_version=1,
        now=NOW,
    )
    registered = services.registration_confirm(token=last_token("registration"), now=NOW)
    assert accept().password is None
    assert User.objects.get(email=EMAIL).check_password(registered.password)


@pytest.mark.parametrize(
    ("fields", "error"),
    [({"email": "olga"}, BadEmail), ({"first_name": ""}, BadFullName), ({"phone": "12"}, BadPhone)],
)
def test_bad_forms_are_refused(invite, fields, error):
    with pytest.raises(error):
        invite(**fields)
    assert letters() == []


def test_letters_are_limited(invite, monkeypatch):
    for _ in range(3):
        invite()
    with pytest.raises(TooOften):
        invite()
    monkeypatch.setattr(limits, "INVITATIONS_A_DAY_PER_ACCOUNT_MAX", 4)
    invite(email="a@example.test")
    with pytest.raises(TooOften):
        invite(email="b@example.test")
