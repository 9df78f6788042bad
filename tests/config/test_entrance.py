import pytest

import factories

pytestmark = pytest.mark.django_db
EMAIL, PASSWORD = "anton@example.test", "вишнёвый-сад-1903"


@pytest.fixture(autouse=True)
def _quick_hashing(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def user():
    return factories.user_make(email=EMAIL, password=PASSWORD)


def post(client, password=PASSWORD, **fields):
    return client.post("/login/", {"username": EMAIL, "password": password}, **fields)


def test_the_page_of_logging_in_is_guarded(client, user):
    for _ in range(5):
        assert post(client, "wrong").status_code == 200
    response = post(client)
    assert response.status_code == 200
    assert "_auth_user_id" not in client.session
    assert "Слишком много неудачных попыток" in response.wsgi_request.log_in_trouble


def test_the_right_password_opens(client, user):
    assert post(client).status_code == 302
    assert client.session["_auth_user_id"] == str(user.pk)


def test_the_address_is_guarded_as_the_web_sees_it(client, user):
    for number in range(20):
        client.post(
            "/login/", {"username": f"a{number}@example.test", "password": "x"}, REMOTE_ADDR="203.0.113.7"
        )
    assert post(client, REMOTE_ADDR="203.0.113.7").status_code == 200
    assert post(client, REMOTE_ADDR="203.0.113.8").status_code == 302


@pytest.mark.parametrize("credentials", [{}, {"username": EMAIL}, {"username": None, "password": None}])
def test_nothing_is_not_enough(client, user, credentials):
    assert not client.login(**credentials)
