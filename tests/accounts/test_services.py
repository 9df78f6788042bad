import pytest

from chekhov.accounts.errors import BadEmail, BadFullName, EmailTaken
from chekhov.accounts.models import StaffRole, User
from chekhov.accounts.sandbox import SANDBOX_PASSWORD, SANDBOX_STAFF
from chekhov.accounts.services import sandbox_staff_ensure, user_add

pytestmark = pytest.mark.django_db


def test_user_is_added():
    user = user_add(email=" anton@example.test ", password="secret-word", full_name=" Чехов А. П. ")
    assert (user.email, user.full_name, user.is_staff) == ("anton@example.test", "Чехов А. П.", False)
    assert user.check_password("secret-word")


@pytest.mark.parametrize("email", ["anton@example.test", "ANTON@EXAMPLE.TEST", " Anton@Example.test"])
def test_email_is_taken_once_and_nothing_breaks(email):
    user_add(email="anton@example.test", password=None)
    with pytest.raises(EmailTaken):
        user_add(email=email, password=None)
    assert User.objects.count() == 1


@pytest.mark.parametrize("email", ["", "anton", "anton@", "a b@example.test", "a" * 250 + "@example.test"])
def test_what_is_no_email_is_refused(email):
    with pytest.raises(BadEmail):
        user_add(email=email, password=None)


@pytest.mark.parametrize("full_name", ["а" * 201, "а\0"])
def test_what_is_no_name_is_refused(full_name):
    with pytest.raises(BadFullName):
        user_add(email="anton@example.test", password=None, full_name=full_name)


def test_sandbox_staff_can_log_in_after_any_number_of_starts(client):
    for _ in range(2):
        ready = sandbox_staff_ensure()
    assert User.objects.count() == len(SANDBOX_STAFF) == len(ready)
    for user, password in ready:
        assert user.is_staff
        assert client.login(username=user.email, password=password)


def test_sandbox_staff_gets_the_printed_password_back_and_keeps_the_rest():
    sandbox_staff_ensure()
    user = User.objects.get(email=SANDBOX_STAFF[0].email)
    user.set_password("forgotten")
    user.full_name, user.staff_role = "Другой", StaffRole.MANAGER
    user.save()
    sandbox_staff_ensure()
    user.refresh_from_db()
    assert user.check_password(SANDBOX_PASSWORD)
    assert (user.full_name, user.staff_role) == ("Другой", StaffRole.MANAGER)


def test_every_role_of_staff_has_a_demo_log_in():
    assert {login.staff_role for login in SANDBOX_STAFF} == {role.value for role in StaffRole if role}
