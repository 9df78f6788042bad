import pytest
from django.db import IntegrityError, transaction

from chekhov.accounts.models import StaffRole, User

pytestmark = pytest.mark.django_db


def test_email_is_one_whatever_the_case():
    User.objects.create_user("Anton@Example.test", "x")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("anton@example.TEST", "x")


def test_log_in_whatever_the_case(client):
    user = User.objects.create_user("Anton@Example.test", "secret-word")
    assert client.login(username=" anton@example.TEST", password="secret-word")
    assert int(client.session["_auth_user_id"]) == user.pk
    assert not client.login(username="anton@example.test", password="wrong")


def test_nobody_logs_in_without_a_password(client):
    User.objects.create_user("anton@example.test")
    assert not client.login(username="anton@example.test", password="")


@pytest.mark.parametrize("role", [role for role in StaffRole if role])
def test_staff_by_role(role):
    assert User(email="a@b.test", staff_role=role).is_staff


def test_customer_is_no_staff():
    assert not User(email="a@b.test").is_staff


def test_unknown_role_is_refused_by_the_database():
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="a@b.test", staff_role="tsar")


@pytest.mark.parametrize(
    ("full_name", "shown"),
    [("Чехов Антон Павлович", "Чехов А. П."), ("Чехов", "Чехов"), ("", "a@b.test"), ("  ", "a@b.test")],
)
def test_short_name(full_name, shown):
    assert User(email="a@b.test", full_name=full_name).short_name == shown


def test_superuser_is_an_administrator():
    user = User.objects.create_superuser("root@example.test", "x")
    assert user.is_superuser
    assert user.staff_role == StaffRole.ADMINISTRATOR
